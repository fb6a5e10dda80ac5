package triage_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/fault"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	triagev1 "altis-dxp.com/support/proto/gen/go/altis/support/triage/v1"
)

const (
	applied   = eventv1.Outcome_VERDICT_APPLIED
	duplicate = eventv1.Outcome_VERDICT_DUPLICATE
	retry     = eventv1.Outcome_VERDICT_RETRY
	refused   = eventv1.Outcome_VERDICT_REFUSED
)

func TestAnswersACreatedTicketOnce(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *suite) {
		event := createdEvent(7, nil)
		require.Equal(t, []eventv1.Outcome_Verdict{applied}, s.deliver(event))
		require.Equal(t, []eventv1.Outcome_Verdict{duplicate}, s.deliver(event))

		answer := s.ticket.answers(t, 7, 1)[0]
		require.Equal(t, "triage", answer.GetSource())
		require.Equal(t, "7", answer.GetAggregate())
		require.EqualValues(t, 1, answer.GetSequence())
		got := answer.GetTriage()
		require.EqualValues(t, 1, got.GetTicketSequence())
		require.Equal(t, ticketv1.Priority_PRIORITY_NORMAL, got.GetPriority())
		require.Equal(t, "Normal: no rule raises or lowers it.", got.GetPriorityReason())
		require.Equal(t, "engineering", got.GetTeam())
		require.Equal(t, "premium", got.GetSlaPolicy(), "the directory knows the plan better than the event")
		require.Equal(t, created.Add(8*time.Hour), got.GetFirstResponseDueTime().AsTime())
		require.Equal(t, created.Add(72*time.Hour), got.GetResolutionDueTime().AsTime())
	})
}

func TestPriorityFollowsTheScopeAndTheWindow(t *testing.T) {
	scope := func(environment string) *ticketv1.Scope {
		return &ticketv1.Scope{Targets: []*ticketv1.ScopeTarget{{Application: "shop", Environment: environment}}}
	}
	cases := []struct {
		name   string
		change func(*eventv1.TicketSnapshot)
		want   ticketv1.Priority
	}{
		{name: "staging", change: func(s *eventv1.TicketSnapshot) { s.Scope = scope("try") }, want: ticketv1.Priority_PRIORITY_LOW},
		{name: "production", change: func(s *eventv1.TicketSnapshot) { s.Scope = scope("live") }, want: ticketv1.Priority_PRIORITY_NORMAL},
		{name: "the whole application", change: func(s *eventv1.TicketSnapshot) { s.Scope = scope("") }, want: ticketv1.Priority_PRIORITY_NORMAL},
		{name: "unknown to the directory", change: func(s *eventv1.TicketSnapshot) { s.Scope = scope("new") }, want: ticketv1.Priority_PRIORITY_NORMAL},
		{name: "task due tomorrow", change: func(s *eventv1.TicketSnapshot) {
			s.Type, s.Scope, s.TaskLatestTime = ticketv1.TicketType_TICKET_TYPE_TASK, scope("try"), timestamppb.New(created.Add(24*time.Hour))
		}, want: ticketv1.Priority_PRIORITY_HIGH},
		{name: "security in the text", change: func(s *eventv1.TicketSnapshot) { s.Scope, s.Excerpt = scope("try"), "a security hole" }, want: ticketv1.Priority_PRIORITY_HIGH},
		{name: "staff chose the usual one", change: func(s *eventv1.TicketSnapshot) { s.Scope, s.PrioritySet = scope("try"), true }},
	}
	forEachEngine(t, func(t *testing.T, s *suite) {
		for i, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				number := int64(100 + i)
				s.deliver(createdEvent(number, func(e *eventv1.TicketEvent) { c.change(e.Ticket) }))
				require.Equal(t, c.want, s.ticket.answers(t, number, 1)[0].GetTriage().GetPriority())
			})
		}
	})
}

func TestAnswersAgainWhenAPersonSetsThePriority(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *suite) {
		s.deliver(createdEvent(7, nil))
		s.deliver(
			ticketEvent(7, 2, func(*eventv1.TicketEvent) {}), // a reply changes nothing
			ticketEvent(7, 3, func(e *eventv1.TicketEvent) {
				e.Ticket.Priority, e.Ticket.Team = ticketv1.Priority_PRIORITY_HIGH, "engineering"
				e.Change = &eventv1.TicketEvent_PriorityChanged{PriorityChanged: &eventv1.TicketPriorityChanged{}}
			}))
		got := s.ticket.answers(t, 7, 2)[1].GetTriage()
		require.Equal(t, ticketv1.Priority_PRIORITY_UNSPECIFIED, got.GetPriority(), "people chose it")
		require.Equal(t, created.Add(2*time.Hour), got.GetFirstResponseDueTime().AsTime())
		require.EqualValues(t, 3, got.GetTicketSequence())
		require.Empty(t, got.GetTeam())
	})
}

func TestAnswersAgainWhenThePlanChanges(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *suite) {
		s.deliver(createdEvent(7, nil))
		s.ticket.answers(t, 7, 1)
		s.identity.publish(&eventv1.DirectoryEvent{Version: 90, Entity: &eventv1.DirectoryEvent_Organization{
			Organization: &eventv1.DirectoryOrganization{Id: "acme", Plan: "enterprise"},
		}})
		got := s.ticket.answers(t, 7, 2)[1].GetTriage()
		require.Equal(t, "enterprise", got.GetSlaPolicy())
		require.Equal(t, created.Add(4*time.Hour), got.GetFirstResponseDueTime().AsTime())
	})
}

func TestVerdicts(t *testing.T) {
	cases := []struct {
		name  string
		event *eventv1.Event
		want  eventv1.Outcome_Verdict
	}{
		{name: "its own doing", event: createdEvent(1, func(e *eventv1.TicketEvent) { e.ActorService = "triage" }), want: applied},
		{name: "a change of a newer release", event: ticketEvent(2, 1, func(e *eventv1.TicketEvent) { e.Change = nil }), want: retry},
		{name: "no number", event: createdEvent(3, func(e *eventv1.TicketEvent) { e.Ticket.Number = 0 }), want: refused},
		{name: "no type", event: createdEvent(4, func(e *eventv1.TicketEvent) { e.Ticket.Type = 0 }), want: refused},
		{name: "of no concern", event: &eventv1.Event{
			Id: "p", Source: "ticket", Aggregate: "5", Sequence: 1, Payload: &eventv1.Event_Page{Page: &eventv1.PageEvent{}},
		}, want: refused},
		{name: "a thing of a newer directory", event: &eventv1.Event{
			Id: "d", Source: "ticket", Aggregate: "6", Sequence: 1, Payload: &eventv1.Event_Directory{Directory: &eventv1.DirectoryEvent{Version: 1}},
		}, want: retry},
	}
	forEachEngine(t, func(t *testing.T, s *suite) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				require.Equal(t, []eventv1.Outcome_Verdict{c.want}, s.deliver(c.event))
			})
		}
		s.deliver(createdEvent(7, nil))
		s.ticket.answers(t, 7, 1)
		for number := range int64(7) {
			s.ticket.answers(t, number, 0)
		}
	})
}

func TestCatchesUpWhenTheTicketServiceIsBack(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *suite) {
		s.ticket.setAway(true)
		for number := range int64(20) {
			require.Equal(t, []eventv1.Outcome_Verdict{applied}, s.deliver(createdEvent(number+1, nil)))
		}
		require.Eventually(t, func() bool { return s.ticket.refusals() > 0 }, 20*time.Second, time.Millisecond)
		s.ticket.setAway(false)
		for number := range int64(20) {
			s.ticket.answers(t, number+1, 1)
		}
	})
}

func TestPolicies(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *suite) {
		list := func(ctx context.Context) error {
			_, err := s.triage.ListSlaPolicies(ctx, &triagev1.ListSlaPoliciesRequest{})
			return err
		}
		explain := func(ctx context.Context) error {
			_, err := s.triage.ExplainSla(ctx, &triagev1.ExplainSlaRequest{Ticket: 7})
			return err
		}
		evaluate := func(ctx context.Context) error {
			_, err := s.triage.EvaluateTicket(ctx, &triagev1.EvaluateTicketRequest{
				Organization: "acme", Type: ticketv1.TicketType_TICKET_TYPE_QUESTION,
			})
			return err
		}
		deliver := func(caller string) func(context.Context) error {
			return func(ctx context.Context) error {
				event := createdEvent(7, nil)
				event.Source = caller
				_, err := eventv1.NewEventSinkServiceClient(s.server.InProcess(caller)).Deliver(ctx, &eventv1.DeliverRequest{Events: []*eventv1.Event{event}})
				return err
			}
		}
		s.deliver(createdEvent(7, nil))
		anyone, member, staff := t.Context(), s.member(t.Context()), s.staff(t.Context())
		cases := []struct {
			name string
			call func(context.Context) error
			ctx  context.Context
			want error
		}{
			{name: "anyone lists", call: list, ctx: anyone, want: fault.Unauthenticated},
			{name: "a member lists", call: list, ctx: member, want: fault.Denied},
			{name: "staff list", call: list, ctx: staff},
			{name: "anyone explains", call: explain, ctx: anyone, want: fault.Unauthenticated},
			{name: "a member explains", call: explain, ctx: member, want: fault.Denied},
			{name: "staff explain", call: explain, ctx: staff},
			{name: "anyone evaluates", call: evaluate, ctx: anyone, want: fault.Unauthenticated},
			{name: "a member evaluates", call: evaluate, ctx: member},
			{name: "staff evaluate", call: evaluate, ctx: staff},
			{name: "the gateway delivers", call: deliver("gateway"), ctx: anyone, want: fault.Denied},
			{name: "staff deliver", call: deliver("ticket"), ctx: staff, want: fault.Denied},
		}
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				if err := c.call(c.ctx); c.want != nil {
					require.ErrorIs(t, err, c.want)
				} else {
					require.NoError(t, err)
				}
			})
		}
	})
}
