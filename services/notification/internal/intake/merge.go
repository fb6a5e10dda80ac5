package intake

import (
	"context"

	"google.golang.org/protobuf/encoding/protojson"

	"altis-dxp.com/support/pkg/fault"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// merged joins the pages of a ticket and of the duplicate that was merged into it. Whichever event of the two tickets comes
// first, people are called about the duplicate until this one has come, and not any more afterwards.
func (i *Intake) merged(ctx context.Context, tx *store.Tx, event *eventv1.Event, e *eventv1.TicketEvent, ended bool, endedBy int64) error {
	source, sequence := e.GetMergedFrom().GetSource(), event.GetSequence()
	if source.GetNumber() <= 0 {
		return fault.InvalidField("ticket.merged_from.source.number", "TICKET_INVALID", "must be positive")
	}
	snapshot, err := protojson.Marshal(source)
	if err != nil {
		return fault.Wrap(fault.Invalid, "TICKET_INVALID", err)
	}
	if _, err := tx.TouchTicket(ctx, store.TicketState{
		Number: source.GetNumber(), Sequence: source.GetSequence(), Ended: true, Snapshot: string(snapshot),
	}); err != nil {
		return err
	}
	over := ended || endedBy > sequence
	p, err := i.Pager.Merge(ctx, tx, domain.Merging{
		From: source.GetNumber(), Into: e.GetTicket().GetNumber(), Sequence: sequence, Over: over, Raised: e.GetBecameUrgent(),
		By: person(e.GetActor()),
	})
	if err != nil || !e.GetBecameUrgent() || ended {
		return err
	}
	held, err := i.maybeHeld(ctx, tx, event)
	if err != nil {
		return err
	}
	o := Opening(sequence, e)
	o.EndedBy, o.Recurs = endedBy, true
	if p == nil || p.Occurrence < sequence {
		if held {
			o.Mailbox = domain.MailboxAsking
		}
		if p, err = i.begin(ctx, tx, o); err != nil {
			return err
		}
	}
	// The mailbox may have paged about either meanwhile. A page that begins is there before it has answered, as what is late of
	// the duplicate could take its place, but waits for the answer before it calls: nobody is to be called by both.
	if held && (p.Mailbox == domain.MailboxUnasked || p.Mailbox == domain.MailboxAsking) {
		o.ID = p.ID
		tx.TakeOver(store.TakeOverTask{Opening: o})
	}
	return nil
}

// begin opens a page of which nothing has come yet. The duplicate's may be over, against what ticket knows: then it is another.
func (i *Intake) begin(ctx context.Context, tx *store.Tx, o domain.Opening) (*domain.Page, error) {
	there, err := tx.GoingOn(ctx, []string{o.ID}) // a lock would come after that of the other's page, in whatever order
	if err != nil {
		return nil, err
	}
	if _, over := there[o.ID]; over {
		o.ID = domain.PageID(o.Ticket, o.Occurrence)
	}
	return i.Pager.Open(ctx, tx, o)
}

// sourcePage returns the page that a duplicate had, "" = none.
func sourcePage(m *eventv1.TicketMergedFrom) string {
	if m.GetPage() != "" || m.GetOccurrence() == 0 {
		return m.GetPage()
	}
	return domain.PageID(m.GetSource().GetNumber(), m.GetOccurrence())
}
