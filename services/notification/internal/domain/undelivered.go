package domain

import (
	"context"
	"time"
)

// Receipt is by what a provider that has taken a message can be asked whether it arrived.
type Receipt struct {
	Page     string
	Delivery string
	Bundle   string // the message, if it was about many pages
	ID       string // the provider's
	Round    int    // how often it was asked before
}

// receiptDelays are when a provider is asked: for ten minutes, after which a page has long gone on by other ways.
var receiptDelays = [...]time.Duration{10 * time.Second, 10 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second, 160 * time.Second, 280 * time.Second}

// Delay is how long to wait before the provider is asked, false when it was asked often enough.
func (r Receipt) Delay() (time.Duration, bool) {
	if r.Round >= len(receiptDelays) {
		return 0, false
	}
	return receiptDelays[r.Round], true
}

// Undelivered records that what a provider had taken did not arrive. While the page waits the person's next contact starts, and
// when nothing of the current position is left alive, the next step. If nobody else was reached the ticket hears that it is not
// delivered any more, and watches again.
func (g Pager) Undelivered(ctx context.Context, tx PageTx, page, delivery string, answer Answer) error {
	p, err := tx.LockPage(ctx, page)
	if err != nil {
		return err
	}
	d, err := tx.Delivery(ctx, delivery)
	if err != nil || d.State != DeliveryAccepted {
		return err
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	d.State, d.LastAnswer = DeliveryFailed, answer
	if err := tx.SaveDelivery(ctx, d); err != nil {
		return err
	}
	matter := Entry{Kind: EntryUndelivered, Person: d.Person.Label(), Channel: d.Contact.Channel, Answer: answer}
	if !p.State.Waiting() || p.Cycle != d.Cycle {
		tx.Log(p.ID, now, matter)
		return nil
	}
	if err := g.unreached(ctx, tx, p, d, now); err != nil {
		return err
	}
	first, err := tx.PassOn(ctx, d.ID)
	if err != nil {
		return err
	}
	if !first { // the next contact was started before the provider took it
		tx.Log(p.ID, now, matter)
		return g.giveUp(ctx, tx, p, d, now)
	}
	started, err := g.startNext(ctx, tx, p, d, now, matter)
	if err != nil || started {
		return err
	}
	return g.giveUp(ctx, tx, p, d, now)
}

// unreached has a page whose only delivery did not arrive be one that reached nobody yet. In a later cycle it stays as it is:
// ticket watches over the first one only, as the emergency mailbox knows no other.
func (g Pager) unreached(ctx context.Context, tx PageTx, p *Page, lost Delivery, now time.Time) error {
	if p.State != StateDelivered || p.Cycle != firstPosition.Cycle {
		return nil
	}
	all, err := tx.Deliveries(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, d := range all {
		if d.ID != lost.ID && d.Cycle == p.Cycle && d.State == DeliveryAccepted {
			return nil
		}
	}
	p.State = StatePaging
	tell(ctx, tx, p, EventUndelivered, now)
	return tx.SavePage(ctx, p)
}
