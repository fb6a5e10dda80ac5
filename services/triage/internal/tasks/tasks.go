// Package tasks is what triage does without being called: it takes in the events of other services, answers those of
// tickets, and plans tickets anew when their organization gets another plan.
package tasks

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/triage/internal/domain"
	"altis-dxp.com/support/services/triage/internal/store"
	"altis-dxp.com/support/services/triage/internal/wire"
)

// source is triage's name as a source of events.
const source = "triage"

// Deps are the parts that the tasks work with.
type Deps struct {
	DB        *sqldb.DB
	Queue     *durable.Queue
	Directory *directory.Model
	Ticket    *events.Relay // to the ticket service
	Teams     domain.Teams
	Logger    *slog.Logger
	Now       func() time.Time
	NewID     func() string

	Instruments Instruments
}

// Tasks applies events and answers them.
type Tasks struct{ Deps }

// New returns the tasks.
func New(deps Deps) *Tasks { return &Tasks{deps} }

// Apply implements events.ApplyFunc.
func (t *Tasks) Apply(ctx context.Context, tx *durable.Tx, event *eventv1.Event) error {
	switch payload := event.GetPayload().(type) {
	case *eventv1.Event_Directory:
		err := directory.Apply(ctx, tx, payload.Directory)
		if errors.Is(err, directory.ErrUnknown) {
			return events.ErrUnknown
		}
		return err
	case *eventv1.Event_Ticket:
		return t.applyTicket(ctx, tx, event, payload.Ticket)
	default:
		return fault.New(fault.Invalid, "NOT_FOR_TRIAGE", "triage takes events of the directory and of tickets")
	}
}

func (t *Tasks) applyTicket(ctx context.Context, tx *durable.Tx, event *eventv1.Event, change *eventv1.TicketEvent) error {
	if change.GetActorService() == source { // triage's own doing: answering it would go on for ever
		return nil
	}
	if change.GetChange() == nil {
		return events.ErrUnknown
	}
	seen, err := read(event, change)
	if err != nil {
		return err
	}
	known, err := store.In(tx).Ticket(ctx, seen.Number)
	if errors.Is(err, fault.NotFound) {
		seen.Production, err = t.production(ctx, tx, change.GetTicket())
	}
	if err != nil {
		return err
	}
	// The directory knows of a new plan before the ticket service does, and what is newer must not be undone by it.
	organization, err := t.Directory.In(tx).Organization(ctx, seen.Organization)
	switch {
	case err == nil:
		seen.Plan = organization.Plan
	case !errors.Is(err, fault.NotFound):
		return err
	}
	ticket, answer := domain.Triage(known, seen, t.Teams)
	return t.save(ctx, tx, ticket, answer)
}

// read returns what an event shows. Faults of kind Invalid: no such event can come of a ticket.
func read(event *eventv1.Event, change *eventv1.TicketEvent) (domain.Seen, error) {
	ticket := change.GetTicket()
	kind, known := wire.Type(ticket.GetType())
	switch {
	case ticket.GetNumber() <= 0 || ticket.GetCreateTime() == nil:
		return domain.Seen{}, fault.New(fault.Invalid, "TICKET_INCOMPLETE", "the event lacks the ticket's number or instant of creation")
	case !known:
		return domain.Seen{}, fault.New(fault.Invalid, "TICKET_TYPE_UNKNOWN", "the event's ticket has no type")
	}
	_, priorityChanged := change.GetChange().(*eventv1.TicketEvent_PriorityChanged)
	return domain.Seen{
		Facts: domain.Facts{
			Type: kind, Subject: ticket.GetSubject(), Text: ticket.GetExcerpt(),
			Created: wire.Time(ticket.GetCreateTime()), LatestTime: wire.Time(ticket.GetTaskLatestTime()),
		},
		Number: ticket.GetNumber(), Sequence: event.GetSequence(),
		Organization: ticket.GetOrganization(), Plan: ticket.GetPlan(),
		Priority: domain.Priority(ticket.GetPriority()), PrioritySet: priorityChanged || ticket.GetPrioritySet(),
		FirstResponse: wire.Time(ticket.GetFirstResponseTime()), Solved: wire.Time(ticket.GetSolveTime()),
		Team: ticket.GetTeam(),
	}, nil
}

func (t *Tasks) production(ctx context.Context, tx *durable.Tx, ticket *eventv1.TicketSnapshot) (bool, error) {
	targets, _, err := t.Directory.In(tx).Scope(ctx, ticket.GetOrganization(), wire.Targets(ticket.GetScope()))
	return wire.Production(targets), err
}

// save keeps the ticket and sends the answer, if there is one.
func (t *Tasks) save(ctx context.Context, tx *durable.Tx, ticket domain.Ticket, answer *domain.Answer) error {
	if err := store.In(tx).Save(ctx, ticket); err != nil || answer == nil {
		return err
	}
	event := events.NewEvent(ctx, source, strconv.FormatInt(answer.Ticket, 10), answer.Sequence, t.NewID(), t.Now())
	event.Payload = &eventv1.Event_Triage{Triage: &eventv1.TriageEvent{
		Ticket: answer.Ticket, TicketSequence: answer.TicketSequence,
		Priority: ticketv1.Priority(answer.Priority), PriorityReason: answer.PriorityReason,
		FirstResponseDueTime: timestamppb.New(answer.Due.FirstResponse), ResolutionDueTime: timestamppb.New(answer.Due.Resolution),
		SlaPolicy: answer.Due.Policy, Team: answer.Team,
	}}
	return tx.Enqueue(ctx, t.Ticket.Spec(durable.LaneNotice, event))
}
