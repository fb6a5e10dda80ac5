package domain

import (
	"context"
	"slices"
	"time"
)

// maxRetry bounds the pause between two attempts whatever the provider asks for: this is a page.
const maxRetry = 20 * time.Second

// retryDelays are the pauses after the first, second, ... attempt; the last one repeats.
var retryDelays = [...]time.Duration{time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, maxRetry}

// RetryDelay returns the pause after a number of failed attempts (1 or more), given what the provider asked for (0 =
// nothing).
func RetryDelay(attempts int, asked time.Duration) time.Duration {
	own := retryDelays[min(max(attempts, 1), len(retryDelays))-1]
	return max(own, min(asked, maxRetry))
}

// Attempt is what came of sending a delivery once. One that takes long is recorded as failed for now, and again, under
// the same number, when its outcome is known.
type Attempt struct {
	Number   int // 1 is a delivery's first; of no meaning for correspondence
	Accepted bool
	Final    bool // refused for good: the channel ends
	Answer   Answer
}

// Attempted records an attempt. The first acceptance of a cycle is told to the ticket. After a person's first failure on
// a contact the next one starts, while the failed one goes on unless it was refused for good. When nothing of the
// current position is left alive, the next step begins at once.
func (g Pager) Attempted(ctx context.Context, tx PageTx, page, delivery string, a Attempt) error {
	p, err := tx.LockPage(ctx, page)
	if err != nil {
		return err
	}
	d, err := tx.Delivery(ctx, delivery)
	if err != nil {
		return err
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	first := d.Attempts == 0
	d.Attempts = max(d.Attempts, a.Number)
	d.LastAnswer = a.Answer
	switch {
	case a.Accepted:
		d.State, d.AcceptedAt = DeliveryAccepted, now
	case a.Final && d.State == DeliveryQueued:
		d.State = DeliveryFailed
	}
	if err := tx.SaveDelivery(ctx, d); err != nil {
		return err
	}
	switch {
	case a.Accepted:
		return g.accepted(ctx, tx, p, d, now)
	case !p.State.Waiting():
		return nil
	case first:
		return g.failed(ctx, tx, p, d, now, a)
	case a.Final:
		return g.giveUp(ctx, tx, p, d)
	}
	return nil
}

func (g Pager) accepted(ctx context.Context, tx PageTx, p *Page, d Delivery, now time.Time) error {
	tx.Log(p.ID, now, Entry{Kind: EntryAccepted, Person: d.Person.Label(), Channel: d.Contact.Channel, Answer: d.LastAnswer})
	if !p.State.Waiting() { // it was on its way when somebody acknowledged: the alert came after that was told
		return tx.CloseAlerts(ctx, p.ID, p.State == StateResolved)
	}
	if p.State != StatePaging || d.Cycle != p.Cycle {
		return nil
	}
	p.State = StateDelivered
	tell(ctx, tx, p, EventDelivered, now, d.Person)
	return tx.SavePage(ctx, p)
}

// failed starts the person's next contact after the first failure of a delivery.
func (g Pager) failed(ctx context.Context, tx PageTx, p *Page, d Delivery, now time.Time, a Attempt) error {
	found, err := g.passOn(ctx, tx, p, d, now, Entry{Kind: EntryFailed, Answer: a.Answer})
	if err != nil || found || !a.Final {
		return err
	}
	return g.giveUp(ctx, tx, p, d)
}

// passOn starts the person's next contact because of a delivery, once; what is the matter with that goes to the history.
// It reports false when no contact is started: there is none, or it was before.
func (g Pager) passOn(ctx context.Context, tx PageTx, p *Page, d Delivery, now time.Time, matter Entry) (bool, error) {
	first, err := tx.PassOn(ctx, d.ID)
	if err != nil || !first {
		return false, err
	}
	matter.Person, matter.Channel = d.Person.Label(), d.Contact.Channel
	reach, err := tx.Reach(ctx, []string{d.Person.ID})
	if err != nil {
		return false, err
	}
	next := -1
	if len(reach) == 1 {
		next = slices.IndexFunc(reach[0].Contacts, func(c Contact) bool { return c.Position > d.Contact.Position })
	}
	if next < 0 {
		tx.Log(p.ID, now, matter)
		return false, nil
	}
	matter.NextContact = true
	tx.Log(p.ID, now, matter)
	paged, err := tx.Paged(ctx, p.ID)
	if err != nil {
		return false, err
	}
	// It belongs to the position of the one that failed, though the page may have moved on since.
	at := *p
	at.Position = d.Position
	other, err := g.delivery(ctx, tx, &at, now, d.Person, reach[0].Contacts[next], d.Why, paged)
	if err != nil {
		return false, err
	}
	tx.InsertDeliveries([]Delivery{other})
	return true, nil
}

// giveUp begins the next step when every delivery of the current one was refused for good.
func (g Pager) giveUp(ctx context.Context, tx PageTx, p *Page, d Delivery) error {
	if p.Position != d.Position || p.State == StateExhausted || p.Policy.again(p.Position) {
		return nil // a step that repeats waits for its time: at once it would be refused at once, for ever
	}
	alive, err := tx.Alive(ctx, p.ID, p.Position)
	if err != nil || alive > 0 {
		return err
	}
	return g.advance(ctx, tx, p)
}
