package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// hidden: who sees tickets that are spam or deleted, by every way to read.
func hidden(t *testing.T, e *Env) {
	e.World(t)
	ctx, sam := t.Context(), domain.Caller{ID: "sam"}
	plain, spam, gone := e.Create(t, "uma", nil).Number, e.Create(t, "uma", nil).Number, e.Create(t, "uma", nil).Number
	_, err := e.Desk.MarkSpam(ctx, sam, spam, "")
	require.NoError(t, err)
	_, err = e.Desk.Delete(ctx, sam, gone, "")
	require.NoError(t, err)

	for _, test := range []struct {
		who  string
		sees []int64 // by number
		left []int64
		list map[string][]int64
	}{
		{"uma", []int64{plain}, []int64{spam, gone}, map[string][]int64{"": {plain}, "docs": {plain}, "is:new": {plain}}},
		{"gus", nil, nil, map[string][]int64{"": {}}},
		{"sam", []int64{plain, spam}, []int64{spam, gone}, map[string][]int64{
			"": {plain}, "docs": {plain}, "is:spam": {spam}, "is:spam docs": {spam}, "is:deleted": {}, "is:spam,new": {plain, spam},
			"-is:spam": {plain}, "-is:deleted is:new": {plain}, "is:spam is:new": {spam}, "is:spam -is:new": {},
		}},
		{"sue", []int64{plain, spam, gone}, []int64{spam, gone}, map[string][]int64{
			"": {plain}, "is:spam": {spam}, "is:deleted": {gone}, "is:deleted docs": {gone}, "is:deleted,spam": {spam, gone},
		}},
	} {
		for text, want := range test.list {
			require.Equal(t, want, find(t, e, test.who, text), "%s: %s", test.who, text)
		}
		all := []int64{plain, spam, gone}
		batch, err := e.Store.Batch(ctx, test.who, all)
		require.NoError(t, err)
		require.ElementsMatch(t, test.sees, numbersOf(batch), test.who)
		left, err := e.Store.Left(ctx, test.who, all)
		require.NoError(t, err)
		require.Equal(t, test.left, left, test.who)
		for _, n := range all {
			_, ticket := e.Store.Full(ctx, test.who, n)
			_, messages := e.Store.Messages(ctx, test.who, n, 0, 10)
			_, events := e.Store.Events(ctx, test.who, n, 0, 10)
			for _, err := range []error{ticket, messages, events, e.Store.MarkRead(ctx, test.who, n, 1), e.Store.MarkUnread(ctx, test.who, n)} {
				if sees := len(test.sees) > 0 && (n == plain || n == spam && len(test.sees) > 1 || len(test.sees) > 2); sees {
					require.NoError(t, err)
				} else {
					require.ErrorIs(t, err, fault.NotFound)
				}
			}
		}
	}

	_, err = e.Desk.Restore(ctx, sam, gone, "")
	require.ErrorIs(t, err, fault.NotFound, "agents do not see what was deleted")
	for _, n := range []int64{spam, gone} {
		_, err = e.Desk.Restore(ctx, domain.Caller{ID: "sue"}, n, "")
		require.NoError(t, err)
	}
	require.Equal(t, []int64{plain, spam, gone}, find(t, e, "uma", ""))
	for who, want := range map[string]int{"uma": 1, "sam": 3} {
		events, err := e.Store.Events(ctx, who, spam, 0, 10)
		require.NoError(t, err)
		require.Len(t, events, want, "customers do not read that their ticket was taken for spam")
	}
}

func purge(t *testing.T, e *Env) {
	e.World(t)
	ctx, sam := t.Context(), domain.Caller{ID: "sam"}
	rare := func(n *domain.NewTicket) {
		n.Subject, n.Description, n.CCs = "A zyzzyva", "It is a xylograph.", []string{"x@y.example"}
	}
	old, restored, young, spam := e.Create(t, "uma", rare).Number, e.Create(t, "uma", nil).Number, e.Create(t, "uma", nil).Number, e.Create(t, "uma", nil).Number
	require.NoError(t, e.Store.MarkRead(ctx, "sam", old, 1))
	for _, n := range []int64{old, restored} {
		_, err := e.Desk.Delete(ctx, sam, n, "")
		require.NoError(t, err)
	}
	_, err := e.Desk.MarkSpam(ctx, sam, spam, "")
	require.NoError(t, err)
	_, err = e.Desk.Restore(ctx, domain.Caller{ID: "sue"}, restored, "")
	require.NoError(t, err)
	e.Advance(domain.PurgeAfter + time.Hour)
	_, err = e.Desk.Delete(ctx, sam, young, "")
	require.NoError(t, err)

	before := e.Now().Add(-domain.PurgeAfter)
	require.NoError(t, e.Store.Purge(ctx, before))
	require.NoError(t, e.Store.Purge(ctx, before), "again")
	for _, table := range []string{"tickets", "messages", "ticket_events", "ticket_ccs", "ticket_reads", "requests"} {
		require.Zero(t, count(t, e, "SELECT COUNT(*) FROM "+table+" WHERE number = $1", old), table)
	}
	require.Equal(t, 3, count(t, e, "SELECT COUNT(*) FROM tickets"))
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM purged_tickets WHERE number = $1 AND organization = 'acme' AND deleted_by = 'sam' AND purge_time > 0", old))
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM tasks WHERE kind = 'purged'"))
	if e.DB.Engine() == sqldb.SQLite {
		for _, index := range []string{"messages_words", "tickets_words"} {
			require.Zero(t, count(t, e, "SELECT COUNT(*) FROM "+index+" WHERE "+index+" MATCH 'xylograph OR zyzzyva'"), index)
		}
	}
	_, err = e.Desk.Restore(ctx, domain.Caller{ID: "sue"}, young, "")
	require.NoError(t, err)
}
