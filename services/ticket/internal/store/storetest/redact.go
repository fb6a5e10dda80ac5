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
