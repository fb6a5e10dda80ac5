package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// tickets plays all stories at once, in the order of time.
func (f *filler) tickets(ctx context.Context) error {
	numbers := map[*story]int64{}
	for _, a := range plan(stories(), f.now) {
		if err := f.passTime(ctx, a.at); err != nil {
			return err
		}
		if err := f.act(ctx, a, numbers); err != nil {
			return fmt.Errorf("%q, step %d: %w", a.story.subject, a.step+1, err)
		}
		if err := f.Settle(ctx); err != nil {
			return err
		}
	}
	return f.passTime(ctx, f.now)
}

// act lets an action happen; numbers holds the tickets of the stories that have begun.
func (f *filler) act(ctx context.Context, a action, numbers map[*story]int64) (err error) {
	if a.step == opening {
		numbers[a.story], err = f.create(ctx, a.story, a.at)
		return err
	}
	return f.step(ctx, numbers[a.story], a.story.then[a.step])
}

// passTime lets what is due on the way happen about in its time, such as closings
// after days.
func (f *filler) passTime(ctx context.Context, until time.Time) error {
	for now := f.Clock.Now(); until.Sub(now) > 12*time.Hour; now = f.Clock.Now() {
		f.Clock.Set(now.Add(12 * time.Hour))
		if err := f.Settle(ctx); err != nil {
			return err
		}
	}
	if until.After(f.Clock.Now()) {
		f.Clock.Set(until)
	}
	return f.Settle(ctx)
}

func (f *filler) create(ctx context.Context, s *story, at time.Time) (int64, error) {
	as, err := f.as(ctx, s.by)
	if err != nil {
		return 0, err
	}
	t := &ticketv1.Ticket{
		Type: types[s.kind], Priority: priorities[s.urgency],
		Subject: s.subject, Description: s.text, Scope: f.scope(s.scope),
	}
	for _, address := range s.ccs {
		t.Ccs = append(t.Ccs, &ticketv1.Person{Email: address})
	}
	s.detail.fill(t, at)
	created, err := ticketv1.NewTicketServiceClient(f.Conn).CreateTicket(as, &ticketv1.CreateTicketRequest{Ticket: t})
	if err != nil {
		return 0, err
	}
	f.result.Tickets++
	return created.GetNumber(), nil
}

func (f *filler) scope(names []string) *ticketv1.Scope {
	if len(names) == 0 {
		return &ticketv1.Scope{All: true}
	}
	scope := &ticketv1.Scope{}
	for _, name := range names {
		t := f.targets[name]
		scope.Targets = append(scope.Targets, &ticketv1.ScopeTarget{Application: t.application, Environment: t.environment})
	}
	return scope
}

func (f *filler) step(ctx context.Context, number int64, s step) error {
	if s.do == nothing {
		return nil
	}
	as, err := f.as(ctx, s.by)
	if err != nil {
		return err
	}
	client := ticketv1.NewTicketServiceClient(f.Conn)
	switch s.do {
	case reply:
		req := &ticketv1.ReplyToTicketRequest{Ticket: number, Body: s.text}
		if s.by.staff() {
			req.Status = statuses[s.status]
		}
		_, err = client.ReplyToTicket(as, req)
	case note:
		_, err = client.AddNote(as, &ticketv1.AddNoteRequest{Ticket: number, Body: s.text})
	case solve:
		_, err = client.SolveTicket(as, &ticketv1.SolveTicketRequest{Ticket: number})
	case assign:
		_, err = client.AssignTicket(as, &ticketv1.AssignTicketRequest{Ticket: number, Assignee: f.people[s.by]})
	case acknowledge:
		err = f.acknowledge(as, number)
	}
	return err
}

func (f *filler) acknowledge(ctx context.Context, number int64) error {
	client := notificationv1.NewPageServiceClient(f.Conn)
	pages, err := client.ListPages(ctx, &notificationv1.ListPagesRequest{Ticket: number})
	if err != nil {
		return err
	}
	if len(pages.GetPages()) == 0 {
		return errors.New("nobody was paged")
	}
	_, err = client.AcknowledgePage(ctx, &notificationv1.AcknowledgePageRequest{Page: pages.GetPages()[0].GetId()})
	return err
}

func (w who) staff() bool { return w == jonas || w == elif || w == ada || w == diego }

// fill sets the part of the ticket that its type has.
func (d detail) fill(t *ticketv1.Ticket, at time.Time) {
	switch t.GetType() {
	case ticketv1.TicketType_TICKET_TYPE_INCIDENT:
		t.Details = &ticketv1.Ticket_Incident{Incident: &ticketv1.IncidentDetails{
			Impact: d.impact, CallbackNumber: d.callback, SinceTime: timestamppb.New(at.Add(-d.since)),
		}}
	case ticketv1.TicketType_TICKET_TYPE_PROBLEM:
		kind := ticketv1.ProblemDetails_KIND_BUG
		if d.risk {
			kind = ticketv1.ProblemDetails_KIND_RISK
		}
		t.Details = &ticketv1.Ticket_Problem{Problem: &ticketv1.ProblemDetails{
			Kind: kind, Expected: d.expected, Actual: d.actual, Steps: d.steps, Traces: d.traces,
			ReproducedOnFreshInstallation: ticketv1.Reproduced_REPRODUCED_NOT_TRIED,
			ReproducedLocally:             ticketv1.Reproduced_REPRODUCED_NO,
		}}
	case ticketv1.TicketType_TICKET_TYPE_TASK:
		t.Details = &ticketv1.Ticket_Task{Task: &ticketv1.TaskDetails{
			Kind: ticketv1.TaskDetails_KIND_OTHER, Requirements: d.requirements,
			EarliestTime: timestamppb.New(at.Add(d.earliest)), LatestTime: timestamppb.New(at.Add(d.latest)), TimeZone: "UTC",
		}}
	default: // a question has no part of its own
	}
}

var (
	types = map[kind]ticketv1.TicketType{
		incident: ticketv1.TicketType_TICKET_TYPE_INCIDENT,
		problem:  ticketv1.TicketType_TICKET_TYPE_PROBLEM,
		task:     ticketv1.TicketType_TICKET_TYPE_TASK,
		question: ticketv1.TicketType_TICKET_TYPE_QUESTION,
	}
	priorities = map[urgency]ticketv1.Priority{
		unset:  ticketv1.Priority_PRIORITY_UNSPECIFIED,
		low:    ticketv1.Priority_PRIORITY_LOW,
		normal: ticketv1.Priority_PRIORITY_NORMAL,
		high:   ticketv1.Priority_PRIORITY_HIGH,
		urgent: ticketv1.Priority_PRIORITY_URGENT,
	}
	statuses = map[status]ticketv1.TicketStatus{
		pending: ticketv1.TicketStatus_TICKET_STATUS_PENDING,
		open:    ticketv1.TicketStatus_TICKET_STATUS_OPEN,
		onHold:  ticketv1.TicketStatus_TICKET_STATUS_ON_HOLD,
		solved:  ticketv1.TicketStatus_TICKET_STATUS_SOLVED,
	}
)
