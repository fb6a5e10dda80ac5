package domain_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

func TestRedact(t *testing.T) {
	const body = "Log in as root with hunter2, not Hunter2. hunter2!"
	for _, test := range []struct {
		name   string
		who    domain.Caller
		change domain.Redaction
		want   string
		fields []string
		reason string
	}{
		{name: "all of it", who: sam, change: domain.Redaction{Reason: "secrets"}, want: "[redacted]"},
		{name: "a text", who: sam, change: domain.Redaction{Reason: "a password", Texts: []string{"hunter2"}}, want: "Log in as root with [redacted], not Hunter2. [redacted]!"},
		{
			name: "texts that overlap and touch", who: sam, change: domain.Redaction{Reason: "x!", Texts: []string{"as ro", "root", " with"}},
			want: "Log in [redacted] hunter2, not Hunter2. hunter2!",
		},
		{name: "what is not there", who: sam, change: domain.Redaction{Reason: "x", Texts: []string{"root", "Root"}}, fields: []string{"texts[1] TEXT_NOT_FOUND"}},
		{name: "a reason that tells it", who: sam, change: domain.Redaction{Reason: "said hunter2", Texts: []string{"hunter2"}}, fields: []string{"reason REASON_REPEATS_TEXT"}},
		{name: "no reason", who: sam, change: domain.Redaction{Reason: " "}, fields: []string{"reason REQUIRED"}},
		{name: "an empty text", who: sam, change: domain.Redaction{Reason: "x", Texts: []string{""}}, fields: []string{"texts[0] REQUIRED"}},
		{name: "by a member", who: uma, change: domain.Redaction{Reason: "x"}, reason: "STAFF_ONLY"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := setup(t)
			n := question()
			n.Description = body
			ticket := b.create(t, uma, n)
			test.change.Number, test.change.Message = ticket.Number, b.store.messages[0].ID
			got, err := b.Redact(t.Context(), test.who, test.change)
			if test.want == "" {
				require.Error(t, err)
				require.Equal(t, test.fields, fields(err))
				if test.reason != "" {
					require.Equal(t, test.reason, fault.ReasonOf(err))
				}
				require.Equal(t, body, b.store.messages[0].Body)
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.want, got.Body)
			require.Equal(t, got, b.store.messages[0])
			require.Equal(t, test.want, b.store.tickets[ticket.Number].Excerpt)
			e := b.last().Event
			require.Equal(t, domain.EventMessageRedacted, e.Kind)
			require.Equal(t, got.ID, e.Message)
			require.Equal(t, e.Time, got.RedactTime)
			require.Equal(t, []domain.FieldChange{{Field: "redaction_reason", New: test.change.Reason}}, e.Changes)
			require.Empty(t, e.ForMember().Changes, "the reason is staff's")

			test.change.Texts = nil
			_, err = b.Redact(t.Context(), sam, test.change)
			require.NoError(t, err)
			before := len(b.store.changes)
			_, err = b.Redact(t.Context(), sam, test.change)
			require.NoError(t, err)
			require.Len(t, b.store.changes, before, "there is nothing left to do")
		})
	}
}

func TestRedactedNoteIsNoNews(t *testing.T) {
	b := setup(t)
	n := b.create(t, uma, question()).Number
	note, err := b.Note(t.Context(), sam, n, "hunter2", domain.Request{})
	require.NoError(t, err)
	before := b.store.tickets[n]
	_, err = b.Redact(t.Context(), sam, domain.Redaction{Number: n, Message: note.ID, Reason: "x"})
	require.NoError(t, err)
	require.True(t, b.last().Event.Internal)
	require.Equal(t, before.UpdateTime, b.store.tickets[n].UpdateTime)
	require.Equal(t, before.Excerpt, b.store.tickets[n].Excerpt)
	_, err = b.Redact(t.Context(), sam, domain.Redaction{Number: n, Message: "none", Reason: "x"})
	require.ErrorIs(t, err, fault.NotFound)
}

// TestNothingOfTheTextsStays: whatever the texts, none is left, and what is no part of them stays in its order.
func TestNothingOfTheTextsStays(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		body := rapid.StringOfN(rapid.SampledFrom([]rune("abé ")), 1, 40, -1).Filter(func(s string) bool { return strings.TrimSpace(s) != "" }).Draw(r, "body")
		runes := []rune(body)
		from := rapid.IntRange(0, len(runes)-1).Draw(r, "from")
		to := rapid.IntRange(from+1, len(runes)).Draw(r, "to")
		text := string(runes[from:to])
		if strings.TrimSpace(text) == "" {
			return
		}
		b := setup(t)
		n := question()
		n.Description = body
		number := b.create(r, uma, n).Number
		got, err := b.Redact(t.Context(), sam, domain.Redaction{Number: number, Message: b.store.messages[0].ID, Reason: "!", Texts: []string{text}})
		require.NoError(r, err)
		rest := strings.Split(got.Body, domain.Redacted)
		require.Greater(r, len(rest), 1)
		at := 0
		for _, part := range rest {
			require.NotContains(r, part, text)
			i := strings.Index(body[at:], part)
			require.GreaterOrEqual(r, i, 0)
			at += i + len(part)
		}
	})
}
