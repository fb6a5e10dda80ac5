package domain

import (
	"context"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// Hidden says why a ticket is out of the lists. The numbers are stored.
type Hidden int64

// Why a ticket is hidden.
const (
	Shown Hidden = iota
	Spam
	Deleted
)

var hiddenNames = []string{"", "spam", "deleted"}

// String returns the name that queries use, "" of what is shown.
func (h Hidden) String() string { return name(hiddenNames, int64(h)) }

// PurgeAfter is how long what was deleted can be restored.
const PurgeAfter = 30 * 24 * time.Hour

// PurgeTime is when a deleted ticket goes for good, zero for others.
func (t Ticket) PurgeTime() time.Time {
	if t.Hidden != Deleted {
		return time.Time{}
	}
	return t.HiddenTime.Add(PurgeAfter)
}

// MarkSpam hides a ticket as spam, which ends its urgency. Faults: Denied for
// members, NotFound, Conflict, Precondition TICKET_HIDDEN of what was deleted.
func (d *Desk) MarkSpam(ctx context.Context, caller Caller, number int64, etag string) (Ticket, error) {
	return d.hide(ctx, caller, number, etag, EventMarkedSpam, Spam)
}

// Delete hides a ticket from everybody but supervisors and admins, until it is
// purged. Faults as of MarkSpam; spam can be deleted too.
func (d *Desk) Delete(ctx context.Context, caller Caller, number int64, etag string) (Ticket, error) {
	return d.hide(ctx, caller, number, etag, EventDeleted, Deleted)
}

// Restore shows a hidden ticket again. An incident that is still urgent pages
// again. Faults as of MarkSpam.
func (d *Desk) Restore(ctx context.Context, caller Caller, number int64, etag string) (Ticket, error) {
	return d.hide(ctx, caller, number, etag, EventRestored, Shown)
}

func (d *Desk) hide(ctx context.Context, caller Caller, number int64, etag string, kind EventKind, to Hidden) (Ticket, error) {
	actor, _, err := d.staff(ctx, caller, Ask{})
	if err != nil {
		return Ticket{}, err
	}
	return d.edit(ctx, actor, number, etag, false, func(_ context.Context, _ Tx, t Ticket) ([]Change, error) {
		switch {
		case t.Hidden == to:
			return nil, nil
		case to == Spam && t.Hidden == Deleted:
			return nil, checkShown(t)
		}
		after := t
		after.Hidden, after.HiddenTime = to, time.Time{}
		if to != Shown {
			after.HiddenTime = d.Now().UTC().Truncate(time.Microsecond)
		}
		return []Change{d.change(actor, kind, t, after)}, nil
	})
}

// checkShown refuses work on hidden tickets.
func checkShown(t Ticket) error {
	if t.Hidden != Shown {
		return fault.New(fault.Precondition, "TICKET_HIDDEN", "the ticket was marked as spam or deleted: restore it first")
	}
	return nil
}
