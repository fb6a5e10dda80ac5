package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"altis-dxp.com/support/services/triage/internal/domain"
)

var teams = domain.Teams{domain.Incident: "engineering", domain.Problem: "engineering", domain.Task: "cloud", domain.Question: "support"}

func seen(sequence int64, change func(*domain.Seen)) domain.Seen {
	s := domain.Seen{
		Facts:  domain.Facts{Type: domain.Problem, Subject: "Security of the shop", Production: true, Created: created},
		Number: 7, Sequence: sequence, Organization: "acme", Plan: "premium", Priority: domain.Normal,
	}
	if change != nil {
		change(&s)
	}
	return s
}

func TestFirstAnswer(t *testing.T) {
	cases := []struct {
		name   string
		change func(*domain.Seen)
		want   domain.Answer
	}{
		{
			name: "a problem without a chosen priority",
			want: domain.Answer{
				Priority: domain.High, PriorityReason: "High: the text mentions security.",
				Due: domain.PolicyOf("premium").Due(domain.High, created), Team: "engineering",
			},
		},
		{
			name:   "a question without any priority",
			change: func(s *domain.Seen) { s.Type, s.Priority, s.Subject = domain.Question, 0, "How?" },
			want: domain.Answer{
				Priority: domain.Normal, PriorityReason: "Normal: no rule raises or lowers it.",
				Due: domain.PolicyOf("premium").Due(domain.Normal, created), Team: "support",
			},
		},
		{
			name:   "people choose the priority of incidents",
			change: func(s *domain.Seen) { s.Type, s.Priority = domain.Incident, domain.Normal },
			want:   domain.Answer{Due: domain.PolicyOf("premium").Due(domain.Normal, created), Team: "engineering"},
		},
		{
			name:   "staff chose one",
			change: func(s *domain.Seen) { s.Type, s.Priority = domain.Task, domain.Low },
			want:   domain.Answer{Due: domain.PolicyOf("premium").Due(domain.Low, created), Team: "cloud"},
		},
		{
			name:   "staff set it back before the first event came",
			change: func(s *domain.Seen) { s.PrioritySet = true },
			want:   domain.Answer{Due: domain.PolicyOf("premium").Due(domain.Normal, created), Team: "engineering"},
		},
		{
			name:   "it has a team",
			change: func(s *domain.Seen) { s.Type, s.Priority, s.Team = domain.Incident, domain.Urgent, "night shift" },
			want:   domain.Answer{Due: domain.PolicyOf("premium").Due(domain.Urgent, created)},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.want.Ticket, c.want.Sequence, c.want.TicketSequence = 7, 1, 4
			ticket, answer := domain.Triage(domain.Ticket{}, seen(4, c.change), teams)
			require.NotNil(t, answer)
			require.Equal(t, c.want, *answer)
			require.EqualValues(t, 1, ticket.Answers)
		})
	}
}

func TestLaterAnswers(t *testing.T) {
	first, _ := domain.Triage(domain.Ticket{}, seen(4, nil), teams) // triage chose High
	cases := []struct {
		name string
		seen domain.Seen
		want *domain.Answer
	}{
		{name: "a reply that left before the answer came", seen: seen(5, nil)},
		{name: "the same event again", seen: seen(4, nil)},
		{name: "an older event", seen: seen(1, func(s *domain.Seen) { s.Plan = "standard" })},
		{
			name: "a person sets the priority",
			seen: seen(6, func(s *domain.Seen) { s.Priority, s.PrioritySet, s.Team = domain.Low, true, "engineering" }),
			want: &domain.Answer{TicketSequence: 6, Due: domain.PolicyOf("premium").Due(domain.Low, created)},
		},
		{
			name: "a person had set the priority, and the event was late",
			seen: seen(2, func(s *domain.Seen) { s.Priority, s.PrioritySet, s.Team = domain.Low, true, "engineering" }),
			want: &domain.Answer{TicketSequence: 4, Due: domain.PolicyOf("premium").Due(domain.Low, created)},
		},
		{
			name: "another plan",
			seen: seen(5, func(s *domain.Seen) { s.Plan, s.Team = "enterprise", "engineering" }),
			want: &domain.Answer{
				TicketSequence: 5, Priority: domain.High, PriorityReason: "High: the text mentions security.",
				Due: domain.PolicyOf("enterprise").Due(domain.High, created),
			},
		},
		{
			name: "another type goes to another team",
			seen: seen(5, func(s *domain.Seen) { s.Type, s.Team = domain.Task, "engineering" }),
			want: &domain.Answer{
				TicketSequence: 5, Priority: domain.High, PriorityReason: "High: the text mentions security.",
				Due: domain.PolicyOf("premium").Due(domain.High, created), Team: "cloud",
			},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			ticket, answer := domain.Triage(first, c.seen, teams)
			if c.want == nil {
				require.Nil(t, answer)
				require.Equal(t, first.Due, ticket.Due)
				return
			}
			c.want.Ticket, c.want.Sequence = 7, 2
			require.NotNil(t, answer)
			require.Equal(t, *c.want, *answer)
		})
	}
}

func TestReplan(t *testing.T) {
	ticket, _ := domain.Triage(domain.Ticket{}, seen(4, nil), teams)
	ticket, answer := domain.Replan(ticket, "standard")
	require.Equal(t, "standard", ticket.Plan)
	require.Equal(t, domain.PolicyOf("standard").Due(domain.High, created), answer.Due)
	require.Equal(t, domain.High, answer.Priority, "an answer holds everything")
	require.EqualValues(t, 2, answer.Sequence)

	ticket, answer = domain.Replan(ticket, "a plan of tomorrow")
	require.Nil(t, answer, "it has the same targets")
	require.Equal(t, "a plan of tomorrow", ticket.Plan)
}

// history is the life of a ticket: what its events show, the first one being its creation. People may set the priority; it
// is otherwise as they left it.
func history() *rapid.Generator[[]domain.Seen] {
	return rapid.Custom(func(t *rapid.T) []domain.Seen {
		priority := rapid.SampledFrom([]domain.Priority{domain.Low, domain.Normal, domain.Normal, domain.High}).Draw(t, "priority")
		plan, firstResponse := "standard", time.Time{}
		var events []domain.Seen
		for i := range rapid.IntRange(1, 6).Draw(t, "events") {
			set := false
			if i > 0 {
				switch rapid.IntRange(0, 3).Draw(t, "change") {
				case 0:
					other := []domain.Priority{domain.Low, domain.Normal, domain.High}
					priority, set = rapid.SampledFrom(other).Draw(t, "new priority"), true
				case 1:
					plan = rapid.SampledFrom([]string{"standard", "premium", "enterprise"}).Draw(t, "plan")
				case 2:
					firstResponse = created.Add(time.Duration(i) * time.Minute)
				}
			}
			events = append(events, seen(int64(i+1), func(s *domain.Seen) {
				s.Plan, s.Priority, s.PrioritySet, s.FirstResponse = plan, priority, set, firstResponse
			}))
		}
		return events
	})
}

// TestOrderOfEventsDoesNotMatter: the newest answer says the same, whatever the order of the events and however often each
// came, and no earlier one has its sequence.
func TestOrderOfEventsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		events := history().Draw(r, "events")
		again := rapid.SliceOfN(rapid.SampledFrom(events), 0, 3).Draw(r, "again")
		shuffled := rapid.Permutation(append(again, events...)).Draw(r, "shuffled")
		inOrder, last := applyAll(r, events)
		anyOrder, otherLast := applyAll(r, shuffled)

		require.Equal(r, inOrder.Due, anyOrder.Due)
		require.Equal(r, inOrder.Priority, anyOrder.Priority)
		require.Equal(r, inOrder.FirstResponse, anyOrder.FirstResponse)
		require.Equal(r, inOrder.Sequence, anyOrder.Sequence)
		require.Equal(r, inOrder.Due, last.Due, "the newest answer tells what is kept")
		require.Equal(r, anyOrder.Due, otherLast.Due)
	})
}

func applyAll(t require.TestingT, events []domain.Seen) (ticket domain.Ticket, last domain.Answer) {
	for _, event := range events {
		var answer *domain.Answer
		ticket, answer = domain.Triage(ticket, event, teams)
		if answer != nil {
			require.Equal(t, last.Sequence+1, answer.Sequence)
			last = *answer
		}
	}
	return ticket, last
}
