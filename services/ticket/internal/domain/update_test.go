package domain_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

func TestPresentPriorityIsPinned(t *testing.T) {
	b := setup(t)
	n := b.create(t, uma, question()).Number
	decide := func(sequence int64, p domain.Priority) {
		require.NoError(t, b.ApplyTriage(t.Context(), inTx{b.store}, domain.Triage{Number: n, Sequence: sequence, Priority: p, PriorityReason: "vip"}))
	}
	decide(1, domain.High)
	before := b.store.tickets[n]
	got, err := b.Update(t.Context(), sam, domain.Update{Number: n, Fields: []string{"priority"}, Values: domain.Ticket{Priority: domain.High}})
	require.NoError(t, err)
	require.True(t, got.PrioritySet)
	require.True(t, b.last().Event.Internal)
	require.Contains(t, b.last().Event.Changes, domain.FieldChange{Field: "priority_set", New: "yes"})
	require.Equal(t, before.UpdateTime, got.UpdateTime)
	decide(2, domain.Low)
	require.Equal(t, domain.High, b.store.tickets[n].Priority)
}

func TestScopeBecomesVerified(t *testing.T) {
	b := setup(t)
	b.town.away = true
	n := incident(domain.Normal)
	n.Scope.Targets = []domain.Target{{Application: "brand-new"}}
	ticket := b.create(t, uma, n)
	require.True(t, ticket.ScopeUnverified)
	b.town.away = false
	b.town.applications["brand-new"] = domain.Application{ID: "brand-new", Organization: "acme", Name: "Brand new"}
	got, err := b.Update(t.Context(), sam, domain.Update{Number: ticket.Number, Fields: []string{"scope"}, Values: domain.Ticket{Scope: n.Scope}})
	require.NoError(t, err)
	require.False(t, got.ScopeUnverified)
	require.Equal(t, "Brand new", got.Scope.Targets[0].ApplicationName)
	require.Equal(t, []domain.FieldChange{{Field: "scope_unverified", Old: "yes"}}, b.last().Event.Changes)
	require.Empty(t, b.last().Event.ForMember().Changes)
}

func TestDetailsHaveOnlyKnownChoices(t *testing.T) {
	problem := func(p domain.ProblemDetails) domain.Details { return domain.Details{Problem: &p} }
	task := func(p domain.TaskDetails) domain.Details { return domain.Details{Task: &p} }
	for _, test := range []struct {
		name    string
		kind    domain.Type
		details domain.Details
		want    []string
	}{
		{"all of a problem", domain.Problem, problem(domain.ProblemDetails{Kind: 2, ReproducedOnFreshInstall: 3, ReproducedLocally: 1}), nil},
		{"problem kind", domain.Problem, problem(domain.ProblemDetails{Kind: 99}), []string{"ticket.problem.kind UNKNOWN_VALUE"}},
		{
			"reproduced", domain.Problem, problem(domain.ProblemDetails{ReproducedOnFreshInstall: -5, ReproducedLocally: 4}),
			[]string{"ticket.problem.reproduced_on_fresh_installation UNKNOWN_VALUE", "ticket.problem.reproduced_locally UNKNOWN_VALUE"},
		},
		{"all of a task", domain.Task, task(domain.TaskDetails{Kind: 3, Zone: "Europe/Berlin"}), nil},
		{"task kind", domain.Task, task(domain.TaskDetails{Kind: 77}), []string{"ticket.task.kind UNKNOWN_VALUE"}},
		{"zone", domain.Task, task(domain.TaskDetails{Zone: "Moon/Tycho"}), []string{"ticket.task.time_zone INVALID_TIME_ZONE"}},
		{"this machine's zone", domain.Task, task(domain.TaskDetails{Zone: "Local"}), []string{"ticket.task.time_zone INVALID_TIME_ZONE"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := setup(t)
			n := question()
			n.Type = test.kind
			ticket := b.create(t, uma, n)
			_, err := b.Update(t.Context(), sam, domain.Update{
				Number: ticket.Number, Fields: []string{test.kind.String()}, Details: func(domain.Details) domain.Details { return test.details },
			})
			require.Equal(t, test.want, fields(err))
			n.Details = test.details
			_, err = b.Create(t.Context(), uma, n, domain.Request{})
			require.Equal(t, test.want, fields(err))
			require.Equal(t, test.want == nil, err == nil)
		})
	}
}

func TestMembersSayWhatEngineersNeedToKnow(t *testing.T) {
	impact := func(domain.Details) domain.Details {
		return domain.Details{Incident: &domain.IncidentDetails{Impact: "no sales", Callback: "+49 30 1"}}
	}
	raise := domain.Update{Fields: []string{"priority", "incident"}, Values: domain.Ticket{Priority: domain.Urgent}, Details: impact}
	tell := domain.Update{Fields: []string{"incident"}, Details: impact}
	for _, test := range []struct {
		name   string
		ticket domain.NewTicket
		status domain.Status
		update domain.Update
		reason string
		kinds  []domain.EventKind
	}{
		{"with the priority", incident(domain.Normal), domain.Open, raise, "", []domain.EventKind{domain.EventFieldsChanged, domain.EventPriorityChanged}},
		{"alone", incident(domain.Normal), domain.Open, tell, "", []domain.EventKind{domain.EventFieldsChanged}},
		{"of a solved incident", incident(domain.Normal), domain.Solved, tell, "TICKET_SOLVED", nil},
		{"of a question", question(), domain.Open, tell, "INVALID_FIELD", nil},
		{"a wrong number", incident(domain.Normal), domain.Open, domain.Update{
			Fields: raise.Fields, Values: raise.Values,
			Details: func(domain.Details) domain.Details {
				return domain.Details{Incident: &domain.IncidentDetails{Callback: "call me"}}
			},
		}, "INVALID_FIELD", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := setup(t)
			before := b.at(t, test.ticket, test.status)
			said := len(b.store.changes)
			test.update.Number = before.Number
			got, err := b.Update(t.Context(), uma, test.update)
			var kinds []domain.EventKind
			for _, change := range b.store.changes[said:] {
				kinds = append(kinds, change.Event.Kind)
				require.False(t, change.Event.Internal)
			}
			require.Equal(t, test.kinds, kinds)
			if test.reason != "" {
				require.Equal(t, test.reason, fault.ReasonOf(err))
				require.Equal(t, before, b.store.tickets[before.Number], "nothing is half changed")
				return
			}
			require.NoError(t, err)
			require.Equal(t, "no sales", got.Details.Incident.Impact)
			require.Equal(t, slices.Contains(test.update.Fields, "priority"), b.last().BecameUrgent())
		})
	}
	b := setup(t)
	n := question()
	n.Type = domain.Problem
	_, err := b.Update(t.Context(), uma, domain.Update{Number: b.create(t, uma, n).Number, Fields: []string{"problem"}, Details: impact})
	require.Equal(t, "STAFF_ONLY", fault.ReasonOf(err))
}

func TestHistoryKeepsLongValuesShort(t *testing.T) {
	b := setup(t)
	n := question()
	n.Type = domain.Problem
	ticket := b.create(t, uma, n)
	_, err := b.Update(t.Context(), sam, domain.Update{Number: ticket.Number, Fields: []string{"problem"}, Details: func(domain.Details) domain.Details {
		return domain.Details{Problem: &domain.ProblemDetails{Traces: strings.Repeat("ä", 65536), Steps: strings.Repeat("ö", 200)}}
	}})
	require.NoError(t, err)
	require.Equal(t, []domain.FieldChange{
		{Field: "problem.steps", New: strings.Repeat("ö", 200)}, {Field: "problem.traces", New: strings.Repeat("ä", 199) + "…"},
	}, b.last().Event.Changes)
	require.Len(t, b.store.tickets[ticket.Number].Details.Problem.Traces, 2*65536)
}
