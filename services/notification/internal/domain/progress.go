package domain

import (
	"context"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// Refusals of page operations.
var (
	errOver      = fault.New(fault.Precondition, "PAGE_OVER", "the incident is over")
	errAcked     = fault.New(fault.Precondition, "PAGE_ACKNOWLEDGED", "the page is acknowledged")
	errExhausted = fault.New(fault.Precondition, "PAGE_EXHAUSTED", "no step is left")
)

// StepDue moves on when nobody acknowledged in time. A timer of an earlier position does nothing.
func (g Pager) StepDue(ctx context.Context, tx PageTx, page string, at Position) (*Page, error) {
	p, err := tx.LockPage(ctx, page)
	if err != nil {
		return nil, err
	}
	if p.State != StatePaging && p.State != StateDelivered || p.Position != at {
		return p, nil
	}
	return p, g.advance(ctx, tx, p)
}

// Escalate begins the next step now because a person asks for it.
func (g Pager) Escalate(ctx context.Context, tx PageTx, page string, by Person) (*Page, error) {
	p, err := tx.LockPage(ctx, page)
	if err != nil {
		return nil, err
	}
	switch p.State {
	case StateResolved:
		return nil, errOver
	case StateAcknowledged:
		return nil, errAcked
	case StateExhausted:
		return nil, errExhausted
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return nil, err
	}
	tx.Log(p.ID, now, Entry{Kind: EntryEscalated, Person: by.Label()})
	return p, g.advance(ctx, tx, p)
}

// advance leaves the page's position, which has paged, for the next that reaches somebody.
func (g Pager) advance(ctx context.Context, tx PageTx, p *Page) error {
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	var people []Person
	if next, ok := p.Policy.next(p.Position); ok {
		p.Position = next
		people, err = g.climb(ctx, tx, p)
	} else {
		people, err = g.exhaust(ctx, tx, p, now)
	}
	if err != nil {
		return err
	}
	kind := EventEscalated
	if p.State == StateExhausted {
		kind = EventExhausted
	}
	tell(ctx, tx, p, kind, now, people...)
	return tx.SavePage(ctx, p)
}

// Acknowledge makes a person the owner. Whoever comes second gets the page as it is: AcknowledgedBy says who was first.
// A page that is over cannot be acknowledged (Precondition).
func (g Pager) Acknowledge(ctx context.Context, tx PageTx, page string, by Person) (*Page, error) {
	return g.AcknowledgedAt(ctx, tx, page, by, time.Time{})
}

// AcknowledgedAt is Acknowledge for what happened elsewhere, at an instant that is not in the future; zero is now.
func (g Pager) AcknowledgedAt(ctx context.Context, tx PageTx, page string, by Person, at time.Time) (*Page, error) {
	p, err := tx.LockPage(ctx, page)
	if err != nil {
		return nil, err
	}
	switch p.State {
	case StateResolved:
		return nil, errOver
	case StateAcknowledged:
		return p, nil
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return nil, err
	}
	if at.IsZero() || at.After(now) {
		at = now
	}
	if err := g.silence(ctx, tx, p); err != nil {
		return nil, err
	}
	if err := tx.CloseAlerts(ctx, p.ID, false); err != nil {
		return nil, err
	}
	tx.Log(p.ID, at, Entry{Kind: EntryAcknowledged, Person: by.Label()})
	g.own(ctx, tx, p, by, at, now)
	return p, tx.SavePage(ctx, p)
}

// own makes a person the owner, who must not forget it.
func (g Pager) own(ctx context.Context, tx PageTx, p *Page, by Person, at, now time.Time) {
	p.State, p.AcknowledgedBy, p.AcknowledgedAt, p.NextStepAt = StateAcknowledged, by, at, time.Time{}
	if limit := p.Policy.AcknowledgeTimeout; limit > 0 && !p.Answered {
		tx.Later(Timer{Page: p.ID, Position: p.Position, Kind: TimerAcknowledge, Delay: max(at.Add(limit).Sub(now), 0)})
	}
	tell(ctx, tx, p, EventAcknowledged, at, by)
}

// silence stops all that would page further.
func (g Pager) silence(ctx context.Context, tx PageTx, p *Page) error {
	if err := tx.CancelTimers(ctx, p.ID); err != nil {
		return err
	}
	return tx.CancelDeliveries(ctx, p.ID)
}

// AcknowledgeTimedOut pages again, in a new cycle and from the step that was acknowledged on, when the acknowledgement
// led to nothing: neither an end nor an answer to the customer.
func (g Pager) AcknowledgeTimedOut(ctx context.Context, tx PageTx, page string, at Position) (*Page, error) {
	p, err := tx.LockPage(ctx, page)
	if err != nil {
		return nil, err
	}
	if p.State != StateAcknowledged || p.Cycle != at.Cycle || p.Answered {
		return p, nil
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return nil, err
	}
	tx.Log(p.ID, now, Entry{Kind: EntryReopened, Person: p.AcknowledgedBy.Label(), AcknowledgedAt: p.AcknowledgedAt})
	p.State, p.AcknowledgedBy, p.AcknowledgedAt = StatePaging, Person{}, time.Time{}
	p.Cycle++
	if p.Step > len(p.Policy.Steps)+1 { // it was exhausted: the fallback list once more
		p.Step = len(p.Policy.Steps) + 1
	}
	people, err := g.climb(ctx, tx, p)
	if err != nil {
		return nil, err
	}
	kind := EventReopened
	if p.State == StateExhausted {
		kind = EventExhausted
	}
	tell(ctx, tx, p, kind, now, people...)
	return p, tx.SavePage(ctx, p)
}

// Answered notes that staff wrote to the customer after the page began: its acknowledgement no longer times out.
func (g Pager) Answered(ctx context.Context, tx PageTx, p *Page) error {
	if p.Answered {
		return nil
	}
	p.Answered = true
	return tx.SavePage(ctx, p)
}

// Resolve ends a page; why is what its history says of that.
func (g Pager) Resolve(ctx context.Context, tx PageTx, p *Page, why Entry) error {
	if p.State == StateResolved {
		return nil
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	p.State, p.NextStepAt = StateResolved, time.Time{}
	if err := g.silence(ctx, tx, p); err != nil {
		return err
	}
	if err := tx.CloseAlerts(ctx, p.ID, true); err != nil {
		return err
	}
	tx.Log(p.ID, now, why)
	tell(ctx, tx, p, EventResolved, now)
	return tx.SavePage(ctx, p)
}
