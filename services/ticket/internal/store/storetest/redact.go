package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// redact: no table holds the text any more, and no search finds it.
func redact(t *testing.T, e *Env) {
	e.World(t)
	ctx, sam := t.Context(), domain.Caller{ID: "sam"}
	request := domain.Request{Principal: "uma", Method: "Create", ID: "r1", Hash: "hash"}
	n := NewTicket()
	n.Description = "My password is hunter2, thanks."
	ticket, err := e.Desk.Create(ctx, domain.Caller{ID: "uma"}, n, request)
	require.NoError(t, err)
	note, err := e.Desk.Note(ctx, sam, ticket.Number, "I tried hunter2 too.", domain.Request{})
	require.NoError(t, err)
	require.Equal(t, []int64{ticket.Number}, find(t, e, "sam", "hunter2"))
	require.Equal(t, 2, count(t, e, "SELECT COUNT(*) FROM tasks WHERE payload LIKE '%hunter2%'"))

	messages, err := e.Store.Messages(ctx, "uma", ticket.Number, 0, 10)
	require.NoError(t, err)
	got, err := e.Desk.Redact(ctx, sam, domain.Redaction{Number: ticket.Number, Message: messages[0].ID, Reason: "a password", Texts: []string{"hunter2"}})
	require.NoError(t, err)
	require.Equal(t, "My password is [redacted], thanks.", got.Body)
	_, err = e.Desk.Redact(ctx, sam, domain.Redaction{Number: ticket.Number, Message: note.ID, Reason: "a password"})
	require.NoError(t, err)

	for _, who := range []string{"uma", "sam"} {
		require.Empty(t, find(t, e, who, "hunter2"))
		require.Equal(t, []int64{ticket.Number}, find(t, e, who, "password thanks"), "the other words are found")
		full, err := e.Store.Full(ctx, who, ticket.Number)
		require.NoError(t, err)
		require.Equal(t, got.Body, full.Description)
		require.Equal(t, got.Body, full.Excerpt)
	}
	messages, err = e.Store.Messages(ctx, "sam", ticket.Number, 0, 10)
	require.NoError(t, err)
	require.Equal(t, got, messages[0])
	require.Equal(t, domain.Redacted, messages[1].Body)
	events, err := e.Store.Events(ctx, "uma", ticket.Number, 0, 10)
	require.NoError(t, err)
	require.Len(t, events, 2, "of the note customers hear nothing")

	for _, where := range []string{
		"messages WHERE body", "tickets WHERE excerpt", "tasks WHERE payload", "ticket_events WHERE changes || summary", "requests WHERE hash || id",
	} {
		require.Zero(t, count(t, e, "SELECT COUNT(*) FROM "+where+" LIKE '%hunter2%'"), where)
	}
	require.Zero(t, count(t, e, "SELECT COUNT(*) FROM requests WHERE hash = 'hash'"))
	if e.DB.Engine() == sqldb.SQLite {
		require.Zero(t, count(t, e, "SELECT COUNT(*) FROM messages_words_data WHERE instr(CAST(block AS TEXT), 'hunter2') > 0"), "nor is it in the index's own tables")
	}
}

// redactField: no table holds what the field said, now or before, and no search finds it.
func redactField(t *testing.T, e *Env) {
	e.World(t)
	ctx, sam := t.Context(), domain.Caller{ID: "sam"}
	n := NewTicket()
	n.Type, n.Subject = domain.Problem, "Login with hunter2"
	n.Details.Problem = &domain.ProblemDetails{Actual: "It fails.", Traces: "at login('hunter3')"}
	ticket, err := e.Desk.Create(ctx, domain.Caller{ID: "uma"}, n, domain.Request{Principal: "uma", Method: "Create", ID: "r1", Hash: "hash"})
	require.NoError(t, err)
	_, err = e.Desk.Note(ctx, sam, ticket.Number, "Seen.", domain.Request{Principal: "sam", Method: "Note", ID: "r2", Hash: "other"})
	require.NoError(t, err)
	require.Equal(t, []int64{ticket.Number}, find(t, e, "sam", "hunter2"))
	update := func(field string, values domain.Ticket, details func(domain.Details) domain.Details) {
		_, err := e.Desk.Update(ctx, sam, domain.Update{Number: ticket.Number, Fields: []string{field}, Values: values, Details: details})
		require.NoError(t, err)
	}
	update("subject", domain.Ticket{Subject: "Login fails with hunter2"}, nil)
	update("problem", domain.Ticket{}, func(d domain.Details) domain.Details {
		p := *d.Problem
		p.Traces = "at login('hunter3') in login.php"
		return domain.Details{Problem: &p}
	})

	got, err := e.Desk.RedactField(ctx, sam, domain.FieldRedaction{Number: ticket.Number, Field: "subject", Reason: "a password", Texts: []string{"hunter2"}})
	require.NoError(t, err)
	require.Equal(t, "Login fails with [redacted]", got.Subject)
	_, err = e.Desk.RedactField(ctx, sam, domain.FieldRedaction{Number: ticket.Number, Field: "problem.traces", Reason: "another"})
	require.NoError(t, err)

	full, err := e.Store.Full(ctx, "uma", ticket.Number)
	require.NoError(t, err)
	require.Equal(t, domain.ProblemDetails{Actual: "It fails.", Traces: domain.Redacted}, *full.Details.Problem)
	for _, who := range []string{"uma", "sam"} {
		require.Empty(t, find(t, e, who, "hunter2"))
		require.Equal(t, []int64{ticket.Number}, find(t, e, who, "login"), "the other words are found")
	}
	for _, where := range []string{"tickets WHERE subject || details", "ticket_events WHERE changes || summary", "requests WHERE hash || id"} {
		require.Zero(t, count(t, e, "SELECT COUNT(*) FROM "+where+" LIKE '%hunter%'"), where)
	}
	require.Zero(t, count(t, e, "SELECT COUNT(*) FROM requests WHERE hash = 'hash'"), "the rest of it would tell what is gone")
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM requests WHERE hash = 'other'"), "it can be repeated")
	if e.DB.Engine() == sqldb.SQLite {
		require.Zero(t, count(t, e, "SELECT COUNT(*) FROM tickets_words_data WHERE instr(CAST(block AS TEXT), 'hunter2') > 0"), "nor is it in the index's own tables")
	}
	events, err := e.Store.Events(ctx, "uma", ticket.Number, 0, 10)
	require.NoError(t, err)
	require.Len(t, events, 5, "created, changed twice, redacted twice")
	require.Equal(t, []domain.FieldChange{{Field: "subject", Old: domain.Redacted, New: domain.Redacted}}, events[1].Changes)
	require.Equal(t, domain.EventFieldRedacted, events[4].Kind)
	require.Equal(t, []domain.FieldChange{{Field: "problem.traces", New: domain.Redacted}}, events[4].Changes, "the reason is staff's")
}
