package domain

import (
	"context"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// Refusals of page operations.
var (
	errOver  = fault.New(fault.Precondition, "PAGE_OVER", "the incident is over")
	errAcked = fault.New(fault.Precondition, "PAGE_ACKNOWLEDGED", "the page is acknowledged")
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

// Escalate begins the next step now because a person asks for it. When none is left paging begins again, for a reason that
// the history keeps if there is one.
func (g Pager) Escalate(ctx context.Context, tx PageTx, page string, by Person, reason string) (*Page, error) {
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
		return p, g.BeginAgain(ctx, tx, p, by.Label(), reason)
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
	if p.folded() { // it lasts: now they are called
		if err := g.call(ctx, tx, p); err != nil {
			return err
		}
		return tx.SavePage(ctx, p)
	}
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
// A page that is over cannot be acknowledged (Precondition); of one whose ticket was merged it is the page that goes on.
func (g Pager) Acknowledge(ctx context.Context, tx PageTx, page string, by Person) (*Page, error) {
	return g.AcknowledgedAt(ctx, tx, page, by, time.Time{})
}

// AcknowledgedAt is Acknowledge for what happened elsewhere, at an instant that is not in the future; zero is now. What
// happened before paging began again changes nothing: that acknowledgement no longer holds.
func (g Pager) AcknowledgedAt(ctx context.Context, tx PageTx, page string, by Person, at time.Time) (*Page, error) {
	p, err := lockGoingOn(ctx, tx, page)
	if err != nil {
		return nil, err
	}
	switch p.State {
	case StateResolved:
		return nil, errOver
	case StateAcknowledged:
		return p, nil
	}
	return p, g.acknowledge(ctx, tx, p, by, at)
}

// acknowledge is AcknowledgedAt for a page that nobody owns and that is not over.
func (g Pager) acknowledge(ctx context.Context, tx PageTx, p *Page, by Person, at time.Time) error {
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	if at.IsZero() || at.After(now) {
		at = now
	}
	if at.Before(p.ReopenedAt) {
		return nil
	}
	if err := g.silence(ctx, tx, p); err != nil {
		return err
	}
	if err := tx.CloseAlerts(ctx, p.ID, false); err != nil {
		return err
	}
	tx.Log(p.ID, at, Entry{Kind: EntryAcknowledged, Person: by.Label()})
	g.own(ctx, tx, p, by, at, now)
	return tx.SavePage(ctx, p)
}

// own makes a person the owner, who must not forget it.
func (g Pager) own(ctx context.Context, tx PageTx, p *Page, by Person, at, now time.Time) {
	p.State, p.AcknowledgedBy, p.AcknowledgedAt, p.NextStepAt = StateAcknowledged, by, at, time.Time{}
	if p.Incident.Drill {
		tx.DrillDue(p.ID, 0)
	} else if limit := p.Policy.AcknowledgeTimeout; limit > 0 && !p.Answered {
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
	now, err := g.end(ctx, tx, p, why)
	if err != nil {
		return err
	}
	tell(ctx, tx, p, EventResolved, now)
	return tx.SavePage(ctx, p)
}

// end is Resolve without telling or saving it.
func (g Pager) end(ctx context.Context, tx PageTx, p *Page, why Entry) (now time.Time, err error) {
	if now, err = tx.Now(ctx); err != nil {
		return now, err
	}
	p.State, p.NextStepAt, p.SnoozedUntil = StateResolved, time.Time{}, time.Time{}
	if err := g.silence(ctx, tx, p); err != nil {
		return now, err
	}
	tx.Log(p.ID, now, why)
	return now, tx.CloseAlerts(ctx, p.ID, true)
}
