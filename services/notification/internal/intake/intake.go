// Package intake applies the events of other services: pages and mails begin here, in the transaction that records the
// event.
package intake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/fault"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// mailbox is the service that sends the senders of its mails a receipt itself.
const mailbox = "emergency"

// Intake applies events.
type Intake struct {
	Store    *store.Store
	Pager    domain.Pager
	Receipts bool // mail requesters a receipt for the tickets that they open
	// WatchAfter is the age of an event from which on the emergency mailbox may have paged about it; 0 = there is no mailbox.
	WatchAfter time.Duration
}

// Apply is an events.ApplyFunc.
func (i *Intake) Apply(ctx context.Context, tx *durable.Tx, event *eventv1.Event) error {
	switch payload := event.GetPayload().(type) {
	case *eventv1.Event_Directory:
		err := directory.Apply(ctx, tx, payload.Directory)
		if errors.Is(err, directory.ErrUnknown) {
			return fmt.Errorf("%w: %w", events.ErrUnknown, err)
		}
		return err
	case *eventv1.Event_Drill:
		return i.Store.Within(ctx, tx, func(ctx context.Context, tx *store.Tx) error {
			return i.Pager.OpenDrill(ctx, tx, payload.Drill.GetDrill())
		})
	case *eventv1.Event_Ticket:
		return i.Store.Within(ctx, tx, func(ctx context.Context, tx *store.Tx) error {
			return i.ticket(ctx, tx, event, payload.Ticket)
		})
	}
	return fault.New(fault.Invalid, "EVENT_NOT_FOR_NOTIFICATION", "notification takes events of tickets and of the directory")
}

func (i *Intake) ticket(ctx context.Context, tx *store.Tx, event *eventv1.Event, e *eventv1.TicketEvent) error {
	t, sequence := e.GetTicket(), event.GetSequence()
	if t.GetNumber() <= 0 {
		return fault.InvalidField("ticket.ticket.number", "TICKET_INVALID", "must be positive")
	}
	// A change that only a newer release knows is kept for it, with the mail that it may mean. What pages, or ends paging,
	// is understood whatever else changed, and does not wait.
	if e.GetChange() == nil && !e.GetBecameUrgent() && !e.GetEndedUrgency() {
		return events.ErrUnknown
	}
	snapshot, err := protojson.Marshal(t)
	if err != nil {
		return fault.Wrap(fault.Invalid, "TICKET_INVALID", err)
	}
	// What ended by a merge ends with the other ticket's event, which says what becomes of the page.
	ended := (e.GetEndedUrgency() || over(t.GetStatus())) && e.GetMergedInto() == nil
	state := store.TicketState{
		Number: t.GetNumber(), Sequence: sequence, Ended: ended, Hidden: e.GetHidden() != nil || e.GetPurged() != nil,
		Snapshot: string(snapshot), Author: e.GetCreated().GetMessage().GetAuthor().GetId(),
	}
	if e.GetBecameUrgent() {
		state.Page = pageID(sequence, e)
	}
	known, err := tx.TouchTicket(ctx, state)
	if err != nil {
		return err
	}
	if m := e.GetMessageRedacted().GetMessage(); m != nil {
		return tx.Redact(ctx, store.Redaction{Ticket: t.GetNumber(), Message: m.GetId(), Sequence: sequence, Body: m.GetBody(), Excerpt: t.GetExcerpt()})
	}
	if f := e.GetFieldRedacted(); f != nil {
		return tx.RedactField(ctx, store.Redaction{Ticket: t.GetNumber(), Message: f.GetField(), Sequence: sequence, Body: f.GetValue(), Excerpt: t.GetExcerpt()})
	}
	if e.GetPurged() != nil {
		return tx.Purge(ctx, t.GetNumber())
	}
	if h := e.GetHidden(); h != nil {
		why := domain.Answer{Kind: domain.AnswerTicketSpam}
		if h.GetDeleted() {
			why.Kind = domain.AnswerTicketDeleted
		}
		if err := errors.Join(tx.RefuseMails(ctx, t.GetNumber(), why), tx.ForgetNotices(ctx, t.GetNumber())); err != nil {
			return err
		}
	}
	if known.Redacted { // by an event that has overtaken this one
		if err := redact(ctx, tx, sequence, e); err != nil {
			return err
		}
	}
	if err := i.page(ctx, tx, event, e, ended, known.EndedBy); err != nil {
		return err
	}
	c := change(sequence, e)
	c.Receipt = i.Receipts && e.GetCreated() != nil && e.GetActorService() != mailbox
	c.Author = known.Author
	mails := domain.Correspondence(c)
	if sequence < known.HiddenBy { // the staff is told nothing of what was hidden or purged since
		return tx.InsertMails(ctx, mails)
	}
	notice, mail, err := domain.TellStaff(ctx, tx, c)
	if err != nil {
		return err
	}
	if notice != nil {
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		tx.InsertNotice(*notice, now)
		mails = append(mails, *mail)
	}
	return tx.InsertMails(ctx, mails)
}

// redact takes out of an event what was redacted since.
func redact(ctx context.Context, tx *store.Tx, sequence int64, e *eventv1.TicketEvent) error {
	now, excerpt, err := tx.Redactions(ctx, e.GetTicket().GetNumber())
	if err != nil {
		return err
	}
	e.Ticket.Excerpt = excerpt
	redactFields(e.GetTicket(), sequence, now)
	for _, m := range slices.Concat(e.GetCcsChanged().GetConversation(), e.GetRequesterChanged().GetConversation(),
		[]*eventv1.PublicMessage{e.GetCreated().GetMessage(), e.GetReplied().GetMessage()}) {
		if r, ok := now[m.GetId()]; ok {
			m.Body = r.Body
		}
	}
	return nil
}

// redactFields gives the snapshot of an event the values of fields that were redacted since. A newer one has newer values.
func redactFields(t *eventv1.TicketSnapshot, sequence int64, now map[string]store.Redaction) {
	older := func(field string) (string, bool) {
		r, ok := now[field]
		return r.Body, ok && sequence < r.Sequence
	}
	if subject, ok := older(store.FieldSubject); ok {
		t.Subject = subject
	}
	if impact, ok := older(store.FieldImpact); ok && t.GetIncident().GetImpact() != "" {
		t.Incident.Impact = impact
	}
	if callback, ok := older(store.FieldCallback); ok && t.GetIncident().GetCallbackNumber() != "" {
		t.Incident.CallbackNumber = callback
	}
}

// page begins and ends paging.
func (i *Intake) page(ctx context.Context, tx *store.Tx, event *eventv1.Event, e *eventv1.TicketEvent, ended bool, endedBy int64) error {
	number, sequence := e.GetTicket().GetNumber(), event.GetSequence()
	switch {
	case e.GetMergedInto() != nil:
		return nil
	case e.GetMergedFrom() != nil:
		return i.merged(ctx, tx, event, e, ended, endedBy)
	}
	if e.GetBecameUrgent() && e.GetEmergencyPage() != "" && i.WatchAfter > 0 {
		o := Opening(sequence, e)
		if o.EndedBy = endedBy; ended { // the mailbox must hear of that
			o.EndedBy = max(endedBy, e.GetTicket().GetSequence())
		}
		tx.TakeOver(store.TakeOverTask{Opening: o, Certain: true})
		return nil
	}
	if e.GetBecameUrgent() && !ended {
		o := Opening(sequence, e)
		o.EndedBy, o.Recurs = endedBy, e.GetCreated() == nil
		held, err := i.maybeHeld(ctx, tx, event)
		if err != nil {
			return err
		}
		if held {
			tx.TakeOver(store.TakeOverTask{Opening: o})
			return nil
		}
		_, err = i.Pager.Open(ctx, tx, o)
		return err
	}
	answered := e.GetReplied().GetMessage().GetAuthor().GetStaff()
	if !ended && !answered {
		return nil
	}
	p, err := tx.LockOpenPage(ctx, domain.TicketTopic(number))
	if err != nil || p == nil || p.Occurrence >= sequence {
		return err
	}
	if ended {
		return i.Pager.Resolve(ctx, tx, p, ending(e))
	}
	return i.Pager.Answered(ctx, tx, p)
}

// Opening returns the page of an event that made a ticket urgent. One that did as a duplicate was merged goes on with the
// duplicate's page.
func Opening(sequence int64, e *eventv1.TicketEvent) domain.Opening {
	number := e.GetTicket().GetNumber()
	incident := Incident(e.GetTicket())
	incident.Urgent = true
	return domain.Opening{
		ID: pageID(sequence, e), Topic: domain.TicketTopic(number), Ticket: number, Occurrence: sequence, Incident: incident,
	}
}

func pageID(sequence int64, e *eventv1.TicketEvent) string {
	return cmp.Or(e.GetEmergencyPage(), sourcePage(e.GetMergedFrom()), domain.PageID(e.GetTicket().GetNumber(), sequence))
}

// maybeHeld reports that an event comes so late that the emergency mailbox may have paged about it.
func (i *Intake) maybeHeld(ctx context.Context, tx *store.Tx, event *eventv1.Event) (bool, error) {
	if i.WatchAfter == 0 {
		return false, nil
	}
	now, err := tx.Now(ctx)
	return err == nil && now.Sub(instant(event.GetOccurTime())) > i.WatchAfter, err
}

func over(s ticketv1.TicketStatus) bool {
	return s == ticketv1.TicketStatus_TICKET_STATUS_SOLVED || s == ticketv1.TicketStatus_TICKET_STATUS_CLOSED
}

func ending(e *eventv1.TicketEvent) domain.Entry {
	entry := domain.Entry{Kind: domain.EntryNotUrgent, Person: person(e.GetActor()).Label()}
	if over(e.GetTicket().GetStatus()) {
		entry.Kind = domain.EntrySolved
	}
	return entry
}
