package domain

import (
	"context"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

var errNotAcked = fault.New(fault.Precondition, "PAGE_NOT_ACKNOWLEDGED", "the page is not acknowledged")

// lockAcknowledged returns a page that somebody owns. Precondition otherwise.
func lockAcknowledged(ctx context.Context, tx PageTx, page string) (*Page, error) {
	p, err := tx.LockPage(ctx, page)
	switch {
	case err != nil:
		return nil, err
	case p.State == StateResolved:
		return nil, errOver
	case p.State != StateAcknowledged:
		return nil, errNotAcked
	}
	return p, nil
}

// Unacknowledge takes an acknowledgement back: paging begins again, in a new cycle and from the first step on, for a reason
// that the history keeps.
func (g Pager) Unacknowledge(ctx context.Context, tx PageTx, page string, by Person, reason string) (*Page, error) {
	p, err := lockAcknowledged(ctx, tx, page)
	if err != nil {
		return nil, err
	}
	if err := tx.CancelTimers(ctx, p.ID); err != nil {
		return nil, err
	}
	p.Loop, p.Step = firstPosition.Loop, firstPosition.Step
	return p, g.reopen(ctx, tx, p, Entry{Kind: EntryUnacknowledged, Person: by.Label(), Reason: reason})
}

// BeginAgain pages again, in a new cycle and from the first step on, about a page that nobody has acknowledged and of which no
// step is left, because somebody asks for it. Of another page it changes nothing.
func (g Pager) BeginAgain(ctx context.Context, tx PageTx, p *Page, by, reason string) error {
	if p.State != StateExhausted {
		return nil
	}
	if err := g.silence(ctx, tx, p); err != nil {
		return err
	}
	p.Loop, p.Step = firstPosition.Loop, firstPosition.Step
	return g.reopen(ctx, tx, p, Entry{Kind: EntryBegunAgain, Person: by, Reason: reason})
}

// AcknowledgeTimedOut pages again, in a new cycle and from the step that was acknowledged on, when the acknowledgement
// led to nothing: neither an end nor an answer to the customer. A snooze ends whether the customer was answered or not.
func (g Pager) AcknowledgeTimedOut(ctx context.Context, tx PageTx, page string, at Position) (*Page, error) {
	p, err := tx.LockPage(ctx, page)
	if err != nil {
		return nil, err
	}
	snoozed := !p.SnoozedUntil.IsZero()
	if p.State != StateAcknowledged || p.Cycle != at.Cycle || p.Answered && !snoozed {
		return p, nil
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return nil, err
	}
	// It was snoozed while this timer was about to run. The snooze's own runs at its end, give or take what its lock was waited for.
	if left := p.SnoozedUntil.Sub(now); snoozed && left > time.Second {
		tx.Later(Timer{Page: p.ID, Position: p.Position, Kind: TimerAcknowledge, Delay: left})
		return p, nil
	}
	why := Entry{Kind: EntryReopened, Person: p.AcknowledgedBy.Label(), AcknowledgedAt: p.AcknowledgedAt}
	if snoozed {
		why = Entry{Kind: EntrySnoozeEnded, Person: p.AcknowledgedBy.Label()}
	}
	if p.Step > len(p.Policy.Steps)+1 { // it was exhausted: the fallback list once more
		p.Step = len(p.Policy.Steps) + 1
	}
	return p, g.reopen(ctx, tx, p, why)
}

// reopen begins a new cycle at the page's position, because its acknowledgement no longer holds, or there was none. That staff
// had answered the customer no longer counts: whoever owns the page next may forget it.
func (g Pager) reopen(ctx context.Context, tx PageTx, p *Page, why Entry) error {
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	tx.Log(p.ID, now, why)
	p.State, p.AcknowledgedBy, p.AcknowledgedAt, p.SnoozedUntil = StatePaging, Person{}, time.Time{}, time.Time{}
	p.ReopenedAt, p.Answered = now, false
	p.Cycle++
	people, err := g.climb(ctx, tx, p)
	if err != nil {
		return err
	}
	kind := EventReopened
	if p.State == StateExhausted {
		kind = EventExhausted
	}
	tell(ctx, tx, p, kind, now, people...)
	return tx.SavePage(ctx, p)
}
