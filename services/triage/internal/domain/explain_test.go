package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/triage/internal/domain"
)

func TestExplain(t *testing.T) {
	problem, _ := domain.Triage(domain.Ticket{}, seen(1, nil), teams)
	incident, _ := domain.Triage(domain.Ticket{}, seen(1, func(s *domain.Seen) {
		s.Type, s.Priority, s.Plan = domain.Incident, domain.Urgent, "gold"
		s.FirstResponse, s.Solved = created.Add(10*time.Minute), created.Add(33*time.Hour+time.Minute)
	}), teams)
	cases := []struct {
		name   string
		ticket domain.Ticket
		want   []string
	}{
		{name: "open problem", ticket: problem, want: []string{
			"The organization's support plan is premium, so the SLA policy premium applies.",
			"Triage chose the priority. High: the text mentions security.",
			"It allows 2 hours for the first response and 1 day for the solution.",
			"Time runs around the clock since the ticket was created, 1 March 2026 12:00 UTC.",
			"The first response is due 1 March 2026 14:00 UTC.",
			"The solution is due 2 March 2026 12:00 UTC.",
		}},
		{name: "solved incident of an unknown plan", ticket: incident, want: []string{
			`The organization's support plan "gold" has no SLA policy of its own, so standard applies.`,
			"The priority of the incident is urgent, as people set it.",
			"It allows 1 hour for the first response and 8 hours for the solution.",
			"Time runs around the clock since the ticket was created, 1 March 2026 12:00 UTC.",
			"The first response was due 1 March 2026 13:00 UTC and was given in time, 1 March 2026 12:10 UTC.",
			"The solution was due 1 March 2026 20:00 UTC and was reached 1 day 1 hour 1 minute late.",
		}},
		{name: "question that nobody gave a priority", ticket: domain.Ticket{
			Type: domain.Question, Plan: "premium", Created: created, Due: domain.PolicyOf("premium").Due(0, created),
		}, want: []string{
			"The organization's support plan is premium, so the SLA policy premium applies.",
			"The question has no priority and counts as normal.",
			"It allows 8 hours for the first response and 3 days for the solution.",
			"Time runs around the clock since the ticket was created, 1 March 2026 12:00 UTC.",
			"The first response is due 1 March 2026 20:00 UTC.",
			"The solution is due 4 March 2026 12:00 UTC.",
		}},
	}
	seen := map[domain.StepKind]bool{}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, step := range domain.Explain(c.ticket) {
				got = append(got, step.Text())
				seen[step.Kind] = true
			}
			require.Equal(t, c.want, got)
		})
	}
	require.Len(t, seen, int(domain.StepResolution), "the cases have every kind")
}
