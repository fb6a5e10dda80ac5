package domain_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

func TestRedactField(t *testing.T) {
	redaction := func(field string, texts ...string) domain.FieldRedaction {
		return domain.FieldRedaction{Field: field, Reason: "x!", Texts: texts}
	}
	for _, test := range []struct {
		name   string
		who    domain.Caller
		change domain.FieldRedaction
		want   string // what the field says then
		fields []string
		reason string
	}{
		{name: "a text of the subject", who: sam, change: redaction("subject", "hunter2"), want: "Log in with [redacted]"},
		{name: "all of it", who: sam, change: redaction("subject"), want: "[redacted]"},
		{name: "a text of the impact", who: sam, change: redaction("incident.impact", "hunter3"), want: "[redacted] is shown"},
		{name: "a part of a number takes the whole", who: sam, change: redaction("incident.callback_number", "7946"), want: "[redacted]"},
		{name: "a field of another type", who: sam, change: redaction("problem.traces"), want: ""},
		{name: "what is not there", who: sam, change: redaction("subject", "hunter3"), fields: []string{"texts[0] TEXT_NOT_FOUND"}},
		{name: "one letter often", who: sam, change: redaction("incident.impact", "s"), want: "hunter3 i[redacted] [redacted]hown"},
		{name: "a time zone", who: sam, change: redaction("task.time_zone"), fields: []string{"field FIELD_NOT_REDACTABLE"}},
		{name: "what is chosen", who: sam, change: redaction("problem.kind"), fields: []string{"field FIELD_NOT_REDACTABLE"}},
		{name: "what is not a field", who: sam, change: redaction("description"), fields: []string{"field FIELD_NOT_REDACTABLE"}},
		{
			name: "a reason that tells it", who: sam, change: domain.FieldRedaction{Field: "subject", Reason: "said hunter2", Texts: []string{"hunter2"}},
			fields: []string{"reason REASON_REPEATS_TEXT"},
		},
		{name: "by a member", who: uma, change: redaction("subject"), reason: "STAFF_ONLY"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := setup(t)
			n := incident(domain.High)
			n.Subject = "Log in with hunter2"
			n.Details.Incident = &domain.IncidentDetails{Impact: "hunter3 is shown", Callback: "+44 20 7946 0012"}
			before := b.create(t, uma, n)
			test.change.Number = before.Number
			got, err := b.RedactField(t.Context(), test.who, test.change)
			if test.fields != nil || test.reason != "" {
				require.Equal(t, test.fields, fields(err))
				require.Equal(t, test.reason != "", fault.ReasonOf(err) == "STAFF_ONLY")
				require.Equal(t, before, b.store.tickets[before.Number])
				return
			}
			require.NoError(t, err)
			require.Equal(t, b.store.tickets[before.Number], got)
			says := map[string]string{
				"subject": got.Subject, "incident.impact": got.Details.Incident.Impact, "incident.callback_number": got.Details.Incident.Callback,
			}
			require.Equal(t, test.want, says[test.change.Field])
			require.Equal(t, "hunter3 is shown", before.Details.Incident.Impact, "the ticket before is as it was")
			if test.want == "" {
				require.Len(t, b.store.changes, 1, "there is nothing to do")
				return
			}
			c := b.last()
			require.Equal(t, domain.EventFieldRedacted, c.Event.Kind)
			require.Equal(t, []domain.FieldChange{{Field: test.change.Field, New: domain.Redacted}, {Field: "redaction_reason", New: "x!"}}, c.Event.Changes)
			require.Equal(t, []domain.FieldChange{{Field: test.change.Field, New: domain.Redacted}}, c.Event.ForMember().Changes, "the reason is staff's")
			require.False(t, c.Event.Internal)
			_, err = b.Update(t.Context(), sam, domain.Update{Number: before.Number, Fields: []string{"tags"}, Values: domain.Ticket{Tags: []string{"a"}}})
			require.NoError(t, err, "what stands there is valid")
		})
	}
}

// TestTheHistoryForgetsAField: what a field said before goes with it, also where the ticket has that field no more.
func TestTheHistoryForgetsAField(t *testing.T) {
	b := setup(t)
	n := incident(domain.High)
	n.Details.Incident = &domain.IncidentDetails{Impact: "hunter2 is shown"}
	number := b.create(t, uma, n).Number
	_, err := b.Update(t.Context(), sam, domain.Update{Number: number, Fields: []string{"subject"}, Values: domain.Ticket{Subject: "It was hunter2"}})
	require.NoError(t, err)
	_, err = b.Update(t.Context(), sam, domain.Update{Number: number, Fields: []string{"subject"}, Values: domain.Ticket{Subject: "Fine"}})
	require.NoError(t, err)
	_, err = b.ChangeType(t.Context(), sam, domain.NewType{Number: number, Type: domain.Question})
	require.NoError(t, err)

	got, err := b.RedactField(t.Context(), sam, domain.FieldRedaction{Number: number, Field: "subject", Reason: "x", Texts: []string{"hunter2"}})
	require.NoError(t, err)
	require.Equal(t, "Fine", got.Subject, "it does not say it any more")
	require.Equal(t, "Fine", b.last().Field.Value)
	_, err = b.RedactField(t.Context(), sam, domain.FieldRedaction{Number: number, Field: "incident.impact", Reason: "x"})
	require.NoError(t, err)
	require.Equal(t, domain.Redacted, b.last().Field.Value)
	var said []string
	for _, c := range b.store.changes {
		for _, f := range c.Event.Changes {
			said = append(said, f.Old, f.New)
		}
	}
	require.NotContains(t, strings.Join(said, " "), "hunter2")

	before := len(b.store.changes)
	_, err = b.RedactField(t.Context(), sam, domain.FieldRedaction{Number: number, Field: "incident.impact", Reason: "x"})
	require.NoError(t, err)
	require.Len(t, b.store.changes, before, "there is nothing left to do")
}
