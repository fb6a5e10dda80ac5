package domain

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"altis-dxp.com/support/pkg/fault"
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
	Gone     bool // by correspondence: there is no such recipient
	Answer   Answer
	Together int // pages of the message, 0 = of one page alone
	// Receipt is by what the provider can be asked whether an accepted message arrived; "" = it cannot.
	Receipt string
}

// PageAttempt is an attempt of one of a page's deliveries.
type PageAttempt struct {
	Page, Delivery string
	Attempt
}

// Attempted records an attempt. The first acceptance of a cycle is told to the ticket. After a person's first failure on
// a contact the next one starts, while the failed one goes on unless it was refused for good. When nothing of the
// current position is left alive, the next step begins at once.
func (g Pager) Attempted(ctx context.Context, tx PageTx, page, delivery string, a Attempt) error {
	if a.Accepted {
		return g.acceptedAll(ctx, tx, []PageAttempt{{page, delivery, a}})
	}
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
	d.attempted(a, now)
	if err := tx.SaveDelivery(ctx, d); err != nil {
		return err
	}
	switch {
	case !p.State.Waiting() || p.Cycle != d.Cycle: // it was on its way when somebody acknowledged
		return nil
	case first:
		return g.failed(ctx, tx, p, d, now, a)
	case a.Final:
		return g.giveUp(ctx, tx, p, d, now)
	}
	return nil
}

// AttemptedAll is Attempted for several, of one page or of many: what was accepted is recorded by a few statements for all.
func (g Pager) AttemptedAll(ctx context.Context, tx PageTx, attempts []PageAttempt) error {
	// In the order in which everybody locks several pages.
	attempts = slices.SortedStableFunc(slices.Values(attempts), func(a, b PageAttempt) int { return cmp.Compare(a.Page, b.Page) })
	pages := make([]string, len(attempts))
	var accepted, others []PageAttempt
	for i, a := range attempts {
		if pages[i] = a.Page; a.Accepted {
			accepted = append(accepted, a)
		} else {
			others = append(others, a)
		}
	}
	if len(accepted) > 0 && len(others) > 0 {
		if _, err := tx.LockPages(ctx, pages); err != nil {
			return err
		}
	}
	if err := g.acceptedAll(ctx, tx, accepted); err != nil {
		return err
	}
	for _, a := range others {
		if err := g.Attempted(ctx, tx, a.Page, a.Delivery, a.Attempt); err != nil {
			return err
		}
	}
	return nil
}

func (d *Delivery) attempted(a Attempt, now time.Time) {
	d.Attempts = max(d.Attempts, a.Number)
	d.LastAnswer = a.Answer
	switch {
	case a.Accepted:
		d.State, d.AcceptedAt = DeliveryAccepted, now
	case a.Final && d.State == DeliveryQueued:
		d.State = DeliveryFailed
	}
}

// acceptedAll records attempts that were accepted.
func (g Pager) acceptedAll(ctx context.Context, tx PageTx, attempts []PageAttempt) error {
	if len(attempts) == 0 {
		return nil
	}
	var pageIDs, deliveryIDs []string
	for _, a := range attempts {
		pageIDs, deliveryIDs = append(pageIDs, a.Page), append(deliveryIDs, a.Delivery)
	}
	pages, err := tx.LockPages(ctx, pageIDs)
	if err != nil {
		return err
	}
	deliveries, err := tx.DeliveriesByID(ctx, deliveryIDs)
	if err != nil {
		return err
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	var changed []*Page
	for _, a := range attempts {
		p, d := pages[a.Page], deliveries[a.Delivery]
		if p == nil || d.ID == "" {
			return fault.New(fault.NotFound, "DELIVERY_UNKNOWN", "no such delivery")
		}
		d.attempted(a.Attempt, now)
		deliveries[d.ID] = d
		if a.Receipt != "" {
			tx.AskLater(Receipt{Page: p.ID, Delivery: d.ID, Bundle: d.Bundle, ID: a.Receipt})
		}
		delivered, err := g.accepted(ctx, tx, p, d, now, a.Together)
		if err != nil {
			return err
		}
		if delivered {
			changed = append(changed, p)
		}
	}
	if err := tx.SaveDeliveries(ctx, slices.Collect(maps.Values(deliveries))); err != nil || len(changed) == 0 {
		return err
	}
	return tx.SavePages(ctx, changed)
}

// accepted reports that the page is delivered now, which is to be saved.
func (g Pager) accepted(ctx context.Context, tx PageTx, p *Page, d Delivery, now time.Time, together int) (bool, error) {
	entry := Entry{Kind: EntryAccepted, Person: d.Person.Label(), Channel: d.Contact.Channel, Answer: d.LastAnswer}
	if together > 0 {
		entry.Kind, entry.Count = EntryAcceptedTogether, together
	}
	tx.Log(p.ID, now, entry)
	if !p.State.Waiting() { // it was on its way when somebody acknowledged: the alert came after that was told
		return false, tx.CloseAlerts(ctx, p.ID, p.State == StateResolved)
	}
	if p.State != StatePaging || d.Cycle != p.Cycle {
		return false, nil
	}
	p.State = StateDelivered
	tell(ctx, tx, p, EventDelivered, now, d.Person)
	return true, nil
}

// failed starts the person's next contact after the first failure of a delivery.
func (g Pager) failed(ctx context.Context, tx PageTx, p *Page, d Delivery, now time.Time, a Attempt) error {
	found, err := g.passOn(ctx, tx, p, d, now, Entry{Kind: EntryFailed, Answer: a.Answer})
	if err != nil || found || !a.Final {
		return err
	}
	return g.giveUp(ctx, tx, p, d, now)
}

// passOn starts the person's next contact because of a delivery, once; what is the matter with that goes to the history.
// It reports false when no contact is started: there is none, or it was before.
func (g Pager) passOn(ctx context.Context, tx PageTx, p *Page, d Delivery, now time.Time, matter Entry) (bool, error) {
	first, err := tx.PassOn(ctx, d.ID)
	if err != nil || !first {
		return false, err
	}
	return g.startNext(ctx, tx, p, d, now, matter)
}

// startNext is passOn for what is not noted.
func (g Pager) startNext(ctx context.Context, tx PageTx, p *Page, d Delivery, now time.Time, matter Entry) (bool, error) {
	matter.Person, matter.Channel = d.Person.Label(), d.Contact.Channel
	reach, err := tx.Reach(ctx, []string{d.Person.ID})
	if err != nil {
		return false, err
	}
	tried, err := tx.Tried(ctx, d.Page, d.Position, d.Person.ID)
	if err != nil {
		return false, err
	}
	var next Contact
	found := false
	if len(reach) == 1 {
		next, found = reach[0].Chain(p.Incident.loud()).next(d.Contact.ID, tried)
	}
	if !found {
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
	other, err := g.delivery(ctx, tx, &at, now, d.Person, next, d.Why, paged)
	if err != nil {
		return false, err
	}
	tx.InsertDeliveries([]Delivery{other})
	return true, nil
}

// giveUp begins the next step when every delivery of the current one was refused for good. When none is left it tries what
// nobody was called by yet.
func (g Pager) giveUp(ctx context.Context, tx PageTx, p *Page, d Delivery, now time.Time) error {
	if p.Position != d.Position || p.Policy.again(p.Position) {
		return nil // a step that repeats waits for its time: at once it would be refused at once, for ever
	}
	alive, err := tx.Alive(ctx, p.ID, p.Position)
	if err != nil || alive > 0 {
		return err
	}
	if p.State == StateExhausted {
		return g.lastResort(ctx, tx, p, now)
	}
	return g.advance(ctx, tx, p)
}
