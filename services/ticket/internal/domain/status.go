package domain

import (
	"context"
	"time"
)

// Solve marks a visible ticket solved, which ends its urgency. Faults: NotFound,
// Conflict ETAG_MISMATCH, Precondition.
func (d *Desk) Solve(ctx context.Context, caller Caller, number int64, etag string) (Ticket, error) {
	return d.move(ctx, caller, number, etag, solves)
}

// Reopen opens a visible solved ticket again. An incident that is still urgent
// pages again. Faults as of Solve.
func (d *Desk) Reopen(ctx context.Context, caller Caller, number int64, etag string) (Ticket, error) {
	return d.move(ctx, caller, number, etag, reopens)
}

func (d *Desk) move(ctx context.Context, caller Caller, number int64, etag string, a action) (Ticket, error) {
	actor, _, err := d.who(ctx, caller, Ask{})
	if err != nil {
		return Ticket{}, err
	}
	return d.edit(ctx, actor, number, etag, false, func(_ context.Context, _ Tx, t Ticket) ([]Change, error) {
		if err := checkShown(t); err != nil {
			return nil, err
		}
		after := t
		if after.Status, err = next(t.Status, a); err != nil {
			return nil, err
		}
		return []Change{d.change(actor, EventStatusChanged, t, after)}, nil
	})
}

// edit changes one visible ticket by what decide returns, in order; nothing to
// change is fine. It returns the ticket as it is then.
func (d *Desk) edit(ctx context.Context, actor Actor, number int64, etag string, urgent bool,
	decide func(context.Context, Tx, Ticket) ([]Change, error),
) (result Ticket, err error) {
	err = d.Store.Update(ctx, urgent, func(ctx context.Context, tx Tx) error {
		before, err := tx.Ticket(ctx, actor.ID, number)
		if err != nil {
			return err
		}
		result = before
		if err := checkETag(before, etag); err != nil {
			return err
		}
		changes, err := decide(ctx, tx, before)
		if err != nil {
			return err
		}
		for _, c := range changes {
			if err := tx.Save(ctx, c); err != nil {
				return err
			}
			result = c.After
		}
		return nil
	})
	return actor.show(result), err
}

// clockSkew is how far this process's clock may be behind the database's, by
// which the time to close a ticket has come.
const clockSkew = time.Minute

// Close locks a ticket that has been solved for long enough, and returns how long it
// still has to wait otherwise. A ticket that is not solved has nothing to wait for:
// who solves it again starts the time anew. Fault NotFound.
func (d *Desk) Close(ctx context.Context, number int64) (remaining time.Duration, err error) {
	actor := Actor{Service: ServiceTicket}
	_, err = d.edit(ctx, actor, number, "", false, func(_ context.Context, _ Tx, t Ticket) ([]Change, error) {
		remaining = 0
		if t.Status != Solved {
			return nil, nil
		}
		if left := t.SolveTime.Add(d.CloseAfter).Sub(d.Now()); left > clockSkew {
			remaining = left
			return nil, nil
		}
		after := t
		after.Status = Closed
		return []Change{d.change(actor, EventStatusChanged, t, after)}, nil
	})
	return remaining, err
}

// Current returns a ticket with the present names of its people, as other services
// are told of it. It goes ahead of other work. Fault NotFound.
func (d *Desk) Current(ctx context.Context, number int64) (t Ticket, err error) {
	err = d.Store.Update(ctx, true, func(ctx context.Context, tx Tx) error {
		t, err = tx.Ticket(ctx, ServiceViewer, number)
		return err
	})
	return t, err
}

// The services that act on tickets by themselves.
const (
	ServiceTicket       = "ticket"
	ServiceTriage       = "triage"
	ServiceNotification = "notification"
	ServiceEmergency    = "emergency"
)
