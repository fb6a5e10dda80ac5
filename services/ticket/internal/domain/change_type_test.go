package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

func TestChangeType(t *testing.T) {
	since := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	outage := domain.Details{Incident: &domain.IncidentDetails{Since: since, Impact: "Nobody can buy.", Callback: "+44 20"}}
	bug := func(actual string) domain.Details {
		return domain.Details{Problem: &domain.ProblemDetails{Kind: 1, Actual: actual, ReproducedLocally: 3, CheckedForUpdates: true}}
	}
	for _, test := range []struct {
		name     string
		from, to domain.Type
		priority domain.Priority // before
		details  domain.Details
		choose   domain.Priority
		want     domain.Priority
		moved    domain.Details
		note     string
		ended    bool
		began    bool
	}{
		{
			name: "an urgent incident is a problem", from: domain.Incident, to: domain.Problem, priority: domain.Urgent, details: outage,
			want: domain.High, ended: true, moved: domain.Details{Problem: &domain.ProblemDetails{Actual: "Nobody can buy."}},
			note: "Kept from the incident when it became a problem:\n\n**Since**: 2026-03-02T08:00:00Z\n\n**Call-back number**: +44 20",
		},
		{
			name: "a low incident is a question", from: domain.Incident, to: domain.Question, priority: domain.Low, details: outage, want: domain.Low,
			note: "Kept from the incident when it became a question:\n\n**Since**: 2026-03-02T08:00:00Z\n\n**Impact**: Nobody can buy.\n\n**Call-back number**: +44 20",
		},
		{
			name: "a problem is an incident", from: domain.Problem, to: domain.Incident, priority: domain.High, details: bug("Blank."),
			want: domain.Normal, moved: domain.Details{Incident: &domain.IncidentDetails{Impact: "Blank."}},
			note: "Kept from the problem when it became an incident:\n\n**Kind**: bug\n\n**Reproduced locally**: not tried\n\n**Checked for updates**: yes",
		},
		{
			name: "what does not fit goes into the note", from: domain.Problem, to: domain.Incident, priority: domain.High,
			details: bug(strings.Repeat("x", 2001)), want: domain.Normal,
			note: "Kept from the problem when it became an incident:\n\n**Kind**: bug\n\n**Actual**: " + strings.Repeat("x", 2001) +
				"\n\n**Reproduced locally**: not tried\n\n**Checked for updates**: yes",
		},
		{name: "a question is an urgent incident", from: domain.Question, to: domain.Incident, priority: domain.High, choose: domain.Urgent, want: domain.Urgent, began: true},
		{name: "a question is a task", from: domain.Question, to: domain.Task, priority: domain.High, want: domain.High},
		{name: "of a chosen priority", from: domain.Incident, to: domain.Task, priority: domain.Urgent, choose: domain.Low, want: domain.Low, ended: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := setup(t)
			n := question()
			n.Type, n.Priority, n.Details = test.from, test.priority, test.details
			if test.from != domain.Incident {
				n.Priority = 0
			}
			ticket := b.create(t, uma, n)
			ticket.Priority = test.priority
			b.store.tickets[ticket.Number] = ticket
			got, err := b.ChangeType(t.Context(), sam, domain.NewType{Number: ticket.Number, Type: test.to, Priority: test.choose})
			require.NoError(t, err)
			require.Equal(t, test.to, got.Type)
			require.Equal(t, test.want.String(), got.Priority.String())
			require.Equal(t, test.moved, got.Details)
			c := b.store.changes[1]
			require.Equal(t, domain.EventTypeChanged, c.Event.Kind)
			require.False(t, c.Event.Internal)
			require.Equal(t, test.ended, c.EndedUrgency())
			require.Equal(t, test.began, c.BecameUrgent())
			require.Contains(t, c.Event.Changes, domain.FieldChange{Field: "type", Old: test.from.String(), New: test.to.String()})
			for _, change := range c.Event.ForMember().Changes {
				require.NotEqual(t, "priority", change.Field, "one of the types has a priority that members do not see")
			}
			if test.note == "" {
				require.Len(t, b.store.changes, 2)
				return
			}
			require.Len(t, b.store.changes, 3)
			require.True(t, b.last().Message.Note)
			require.True(t, b.last().Event.Internal)
			require.Equal(t, test.note, b.last().Message.Body)
		})
	}
}

func TestChangeTypeRefusals(t *testing.T) {
	for _, test := range []struct {
		name   string
		who    domain.Caller
		status domain.Status
		change domain.NewType
		fields []string
		reason string
	}{
		{"by a member", uma, domain.Open, domain.NewType{Type: domain.Task}, nil, "STAFF_ONLY"},
		{"closed", sam, domain.Closed, domain.NewType{Type: domain.Task}, nil, "TICKET_CLOSED"},
		{"changed since", sam, domain.Open, domain.NewType{Type: domain.Task, ETag: "8"}, nil, "ETAG_MISMATCH"},
		{"no type", sam, domain.Open, domain.NewType{}, []string{"ticket.type REQUIRED"}, "INVALID_FIELD"},
		{"urgent task", sam, domain.Open, domain.NewType{Type: domain.Task, Priority: domain.Urgent}, []string{"ticket.priority INCIDENTS_ONLY"}, "INVALID_FIELD"},
		{"the same with a priority", sam, domain.Open, domain.NewType{Type: domain.Question, Priority: domain.High}, []string{"type TYPE_UNCHANGED"}, "INVALID_FIELD"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := setup(t)
			ticket := b.at(t, question(), test.status)
			test.change.Number = ticket.Number
			_, err := b.ChangeType(t.Context(), test.who, test.change)
			require.Equal(t, test.reason, fault.ReasonOf(err))
			require.Equal(t, test.fields, fields(err))
			require.Equal(t, ticket, b.store.tickets[ticket.Number])
		})
	}
	b := setup(t)
	ticket := b.at(t, question(), domain.Open)
	got, err := b.ChangeType(t.Context(), sam, domain.NewType{Number: ticket.Number, Type: domain.Question})
	require.NoError(t, err)
	require.Equal(t, ticket.Sequence, got.Sequence, "is one already")
}

// TestNothingIsLost changes the type of tickets of any content: all of it stands in
// the new part or in the notes.
func TestNothingIsLost(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		long := func(name string, most int) string {
			return strings.Repeat(rapid.SampledFrom([]string{"", "a", "é", "ab\n"}).Draw(r, name), rapid.IntRange(0, most/4).Draw(r, name+" length"))
		}
		p := domain.ProblemDetails{
			Kind: int64(rapid.IntRange(0, 2).Draw(r, "kind")), Actual: long("actual", 8000), Expected: long("expected", 8000),
			ReducedTestCase: long("case", 16000), Traces: long("traces", 65536), Environments: long("environments", 2000),
		}
		b := setup(t)
		n := question()
		n.Type, n.Details = domain.Problem, domain.Details{Problem: &p}
		number := b.create(r, uma, n).Number
		to := rapid.SampledFrom([]domain.Type{domain.Incident, domain.Task, domain.Question}).Draw(r, "to")
		got, err := b.ChangeType(t.Context(), sam, domain.NewType{Number: number, Type: to})
		require.NoError(r, err)
		var kept string
		for _, m := range b.store.messages[1:] {
			require.LessOrEqual(r, len([]rune(m.Body)), domain.MaxBody)
			require.True(r, m.Note)
			kept += m.Body
		}
		if got.Details.Incident != nil {
			kept += got.Details.Incident.Impact
		}
		for _, text := range []string{p.Actual, p.Expected, p.ReducedTestCase, p.Traces, p.Environments} {
			require.Contains(r, kept, text)
		}
	})
}
