package domain

import (
	"context"
	"errors"

	"altis-dxp.com/support/pkg/fault"
)

// Reply is a public message to be added.
type Reply struct {
	Number int64
	Body   string
	Status Status // staff: the status to go to, 0 = pending; members: 0
	ETag   string // "" = whatever the ticket's state
	// Refuse what would go to another ticket.
	OnlyHere bool

	Attachments []string // ids
}

// errFollowUp ends the first attempt of a reply to a closed ticket: the follow-up
// needs a number, which a transaction cannot fetch.
var errFollowUp = errors.New("domain: the ticket is closed")

// Reply adds a public message and returns the ticket that holds it: a new one,
// linked to the other, if that was closed, or the one that it was merged into. A member's reply opens a pending, held
// or solved ticket again. Faults: Invalid, NotFound, Conflict ETAG_MISMATCH,
// Exists REQUEST_ID_REUSED, Precondition TICKET_CLOSED if it must not go elsewhere.
func (d *Desk) Reply(ctx context.Context, caller Caller, r Reply, request Request) (Ticket, Message, error) {
	var done Change
	var shown Ticket
	used, err := d.once(ctx, request, func() error {
		f := &faults{}
		f.text("body", r.Body, 1, MaxBody, false)
		if err := f.err(); err != nil {
			return err
		}
		actor, _, err := d.who(ctx, caller, Ask{})
		if err != nil {
			return err
		}
		if r.Status != 0 {
			if err := chosen(actor, "status", r.Status); err != nil {
				return err
			}
		}
		attachments, err := d.attached(ctx, actor, r.Attachments)
		if err != nil {
			return err
		}
		done, err = d.reply(ctx, actor, r, attachments, request, 0)
		if errors.Is(err, errFollowUp) {
			var number int64
			if number, err = d.Store.NextNumber(ctx); err != nil {
				return err
			}
			done, err = d.reply(ctx, actor, r, attachments, request, number)
		}
		shown = actor.show(done.After)
		return err
	})
	if err != nil {
		return Ticket{}, Message{}, err
	}
	if used != nil {
		return d.replied(ctx, caller, *used)
	}
	return shown, *done.Message, nil
}

// reply runs one transaction. followUp is the number to use if the ticket is closed, 0 = none yet.
func (d *Desk) reply(ctx context.Context, actor Actor, r Reply, attachments []Attachment, request Request, followUp int64) (done Change, err error) {
	err = d.Store.Update(ctx, false, func(ctx context.Context, tx Tx) error {
		before, err := tx.Ticket(ctx, actor.ID, r.Number)
		if err != nil {
			return err
		}
		if err := checkETag(before, r.ETag); err != nil {
			return err
		}
		if err := checkShown(before); err != nil {
			return err
		}
		if before, err = goesOn(ctx, tx, actor.ID, before); err != nil {
			return err
		}
		if r.OnlyHere && (before.Number != r.Number || before.Status == Closed) {
			return fault.New(fault.Precondition, "TICKET_CLOSED", "the ticket was closed: a reply goes to another one")
		}
		switch {
		case before.Status != Closed:
			done, err = d.addReply(actor, before, r)
			if err != nil {
				return err
			}
		case followUp == 0:
			return errFollowUp
		default:
			done = d.change(actor, EventCreated, Ticket{}, d.followUp(actor, before, r, followUp))
		}
		d.say(&done, r.Body, false)
		done.Message.Attachments = attachments
		done.Request = request.orNil()
		return tx.Save(ctx, done)
	})
	return done, err
}

func (d *Desk) addReply(actor Actor, before Ticket, r Reply) (Change, error) {
	after := before
	by := memberReplies
	if actor.Staff {
		by = staffReplies
		if after.FirstResponse.IsZero() {
			after.FirstResponse = d.Now().UTC()
		}
	}
	to, err := next(before.Status, by)
	if err != nil {
		return Change{}, err
	}
	after.Status = to
	if r.Status != 0 {
		after.Status = r.Status
	}
	return d.change(actor, EventReplied, before, after), nil
}

// followUp returns the ticket that goes on where a closed one ended. What was
// urgent then is not urgent now: who needs engineers raises it, as at creation.
func (d *Desk) followUp(actor Actor, closed Ticket, r Reply, number int64) Ticket {
	t := Ticket{
		Number: number, FollowUpOf: closed.Number,
		Organization: closed.Organization, OrganizationName: closed.OrganizationName, Plan: closed.Plan,
		Requester: closed.Requester, CCs: closed.CCs, Assignee: closed.Assignee, Team: closed.Team, Tags: closed.Tags,
		Type: closed.Type, Priority: min(closed.Priority, High), PrioritySet: closed.PrioritySet,
		Subject: closed.Subject, Scope: closed.Scope, ScopeUnverified: closed.ScopeUnverified, Details: closed.Details,
		Status: New, Page: Page{State: PageNone},
	}
	if actor.Staff {
		t.Status, t.FirstResponse = Pending, d.Now().UTC()
		if r.Status != 0 {
			t.Status = r.Status
		}
	}
	return t
}

// replied returns what an earlier attempt of the same request made.
func (d *Desk) replied(ctx context.Context, caller Caller, used UsedRequest) (Ticket, Message, error) {
	t, err := d.Store.Ticket(ctx, caller.ID, used.Number)
	if err != nil {
		return Ticket{}, Message{}, err
	}
	m, err := d.Store.Message(ctx, used.Number, used.Sequence)
	return t, m, err
}

// Note adds a message that only staff can read. attachments are ids. Faults as of
// Reply, Denied for members, Precondition TICKET_CLOSED.
func (d *Desk) Note(ctx context.Context, caller Caller, number int64, body string, request Request, attachments ...string) (Message, error) {
	var done Change
	used, err := d.once(ctx, request, func() error {
		f := &faults{}
		f.text("body", body, 1, MaxBody, false)
		if err := f.err(); err != nil {
			return err
		}
		actor, _, err := d.staff(ctx, caller, Ask{})
		if err != nil {
			return err
		}
		attached, err := d.attached(ctx, actor, attachments)
		if err != nil {
			return err
		}
		return d.Store.Update(ctx, false, func(ctx context.Context, tx Tx) error {
			before, err := tx.Ticket(ctx, actor.ID, number)
			if err != nil {
				return err
			}
			if err := checkOpen(before); err != nil {
				return err
			}
			done = d.change(actor, EventNoteAdded, before, before)
			d.say(&done, body, true)
			done.Message.Attachments = attached
			done.Request = request.orNil()
			return tx.Save(ctx, done)
		})
	})
	if err != nil {
		return Message{}, err
	}
	if used != nil {
		_, m, err := d.replied(ctx, caller, *used)
		return m, err
	}
	return *done.Message, nil
}
