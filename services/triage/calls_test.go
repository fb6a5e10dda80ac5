package triage_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	triagev1 "altis-dxp.com/support/proto/gen/go/altis/support/triage/v1"
)

func TestEvaluateTicket(t *testing.T) {
	target := func(application, environment string) *ticketv1.Scope {
		return &ticketv1.Scope{Targets: []*ticketv1.ScopeTarget{{Application: application, Environment: environment}}}
	}
	cases := []struct {
		name   string
		staff  bool
		req    *triagev1.EvaluateTicketRequest
		want   *triagev1.EvaluateTicketResponse // without the instants
		within time.Duration                    // first response
		field  string                           // that is at fault
	}{
		{
			name: "a member's urgent incident pages",
			req: &triagev1.EvaluateTicketRequest{
				Type: ticketv1.TicketType_TICKET_TYPE_INCIDENT, Priority: ticketv1.Priority_PRIORITY_URGENT, Scope: &ticketv1.Scope{All: true},
			},
			want:   &triagev1.EvaluateTicketResponse{Priority: ticketv1.Priority_PRIORITY_URGENT, SlaPolicy: "premium", Pages: true},
			within: 30 * time.Minute,
		},
		{
			name: "a member sees no priority of a question, wherever it claims to come from",
			req: &triagev1.EvaluateTicketRequest{
				Organization: "globex", Type: ticketv1.TicketType_TICKET_TYPE_QUESTION, Scope: target("shop", "try"),
			},
			want:   &triagev1.EvaluateTicketResponse{SlaPolicy: "premium"},
			within: 24 * time.Hour,
		},
		{
			name:  "staff see it with its reason",
			staff: true,
			req: &triagev1.EvaluateTicketRequest{
				Organization: "acme", Type: ticketv1.TicketType_TICKET_TYPE_TASK, Scope: target("shop", "try"),
				LatestTime: timestamppb.New(time.Now().Add(time.Hour)),
			},
			want: &triagev1.EvaluateTicketResponse{
				Priority: ticketv1.Priority_PRIORITY_HIGH, PriorityReason: "High: the change must be done within two days.", SlaPolicy: "premium",
			},
			within: 2 * time.Hour,
		},
		{
			name:  "a member may not choose the priority of a problem",
			req:   &triagev1.EvaluateTicketRequest{Type: ticketv1.TicketType_TICKET_TYPE_PROBLEM, Priority: ticketv1.Priority_PRIORITY_HIGH},
			field: "priority",
		},
		{
			name:  "staff name the organization",
			staff: true,
			req:   &triagev1.EvaluateTicketRequest{Type: ticketv1.TicketType_TICKET_TYPE_PROBLEM},
			field: "organization",
		},
		{
			name:  "and one that exists",
			staff: true,
			req:   &triagev1.EvaluateTicketRequest{Organization: "globex", Type: ticketv1.TicketType_TICKET_TYPE_PROBLEM},
			field: "organization",
		},
		{
			name: "an application of somebody else",
			req: &triagev1.EvaluateTicketRequest{Type: ticketv1.TicketType_TICKET_TYPE_PROBLEM, Scope: &ticketv1.Scope{
				Targets: []*ticketv1.ScopeTarget{{Application: "shop"}, {Application: "theirs"}},
			}},
			field: "scope.targets[1]",
		},
		{
			name:  "no type",
			req:   &triagev1.EvaluateTicketRequest{},
			field: "type",
		},
	}
	forEachEngine(t, func(t *testing.T, s *suite) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				ctx := s.member(t.Context())
				if c.staff {
					ctx = s.staff(t.Context())
				}
				got, err := s.triage.EvaluateTicket(ctx, c.req)
				if c.field != "" {
					var f *fault.Error
					require.ErrorAs(t, err, &f)
					require.Equal(t, fault.Invalid, f.Kind)
					require.Equal(t, c.field, f.Fields[0].Path)
					return
				}
				require.NoError(t, err)
				require.Equal(t, s.now.Add(c.within), got.GetFirstResponseDueTime().AsTime())
				require.True(t, got.GetResolutionDueTime().AsTime().After(got.GetFirstResponseDueTime().AsTime()))
				got.FirstResponseDueTime, got.ResolutionDueTime = nil, nil
				require.Equal(t, c.want.String(), got.String())
			})
		}
		t.Run("an organization that has not come here yet", func(t *testing.T) {
			ctx := s.as(t.Context(), auth.User{ID: "new", Organization: "newcomer", Role: auth.RoleUser})
			_, err := s.triage.EvaluateTicket(ctx, &triagev1.EvaluateTicketRequest{Type: ticketv1.TicketType_TICKET_TYPE_QUESTION})
			require.ErrorIs(t, err, fault.Unavailable)
			require.Equal(t, "ORGANIZATION_NOT_YET_KNOWN", fault.ReasonOf(err))
		})
	})
}

func TestListSlaPolicies(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *suite) {
		got, err := s.triage.ListSlaPolicies(s.staff(t.Context()), &triagev1.ListSlaPoliciesRequest{})
		require.NoError(t, err)
		var names []string
		for _, policy := range got.GetSlaPolicies() {
			names = append(names, policy.GetName())
			require.Len(t, policy.GetTargets(), 4)
		}
		require.Equal(t, []string{"standard", "premium", "enterprise"}, names)
		require.Empty(t, got.GetNextPageToken())
		urgent := got.GetSlaPolicies()[2].GetTargets()[3]
		require.Equal(t, ticketv1.Priority_PRIORITY_URGENT, urgent.GetPriority())
		require.Equal(t, 15*time.Minute, urgent.GetFirstResponse().AsDuration())
		require.Equal(t, 2*time.Hour, urgent.GetResolution().AsDuration())

		first, err := s.triage.ListSlaPolicies(s.staff(t.Context()), &triagev1.ListSlaPoliciesRequest{PageSize: 2})
		require.NoError(t, err)
		require.Len(t, first.GetSlaPolicies(), 2)
		rest, err := s.triage.ListSlaPolicies(s.staff(t.Context()), &triagev1.ListSlaPoliciesRequest{PageSize: 2, PageToken: first.GetNextPageToken()})
		require.NoError(t, err)
		require.Len(t, rest.GetSlaPolicies(), 1)
		require.Equal(t, "enterprise", rest.GetSlaPolicies()[0].GetName())
		require.Empty(t, rest.GetNextPageToken())
		_, err = s.triage.ListSlaPolicies(s.staff(t.Context()), &triagev1.ListSlaPoliciesRequest{PageToken: "x"})
		require.Equal(t, "PAGE_TOKEN_INVALID", fault.ReasonOf(err))
	})
}

func TestExplainSla(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s *suite) {
		explain := func(ctx context.Context, ticket int64) (*triagev1.ExplainSlaResponse, error) {
			return s.triage.ExplainSla(ctx, &triagev1.ExplainSlaRequest{Ticket: ticket})
		}
		_, err := explain(s.staff(t.Context()), 7)
		require.ErrorIs(t, err, fault.NotFound)
		require.Equal(t, "TICKET_UNKNOWN", fault.ReasonOf(err))

		s.deliver(createdEvent(7, nil))
		got, err := explain(s.staff(t.Context()), 7)
		require.NoError(t, err)
		require.Equal(t, "premium", got.GetSlaPolicy())
		require.Equal(t, ticketv1.Priority_PRIORITY_NORMAL, got.GetPriority())
		require.Equal(t, created.Add(8*time.Hour), got.GetFirstResponseDueTime().AsTime())
		require.Equal(t, created.Add(72*time.Hour), got.GetResolutionDueTime().AsTime())
		require.Len(t, got.GetSteps(), 6)
		for i, step := range got.GetReasoning() {
			require.Equal(t, got.GetSteps()[i], step.GetText())
		}
		require.Len(t, got.GetReasoning(), 6)
	})
}
