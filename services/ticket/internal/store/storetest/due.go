package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/query"
)

func listsByDue(t *testing.T, e *Env) {
	e.World(t)
	ctx, sam := t.Context(), domain.Caller{ID: "sam"}
	now := e.Now()
	owes := func(first, resolution time.Duration) int64 { return e.owe(t, now, first, resolution) }
	nothing := e.Create(t, "uma", nil).Number
	solved := owes(time.Minute, time.Hour)
	tomorrow := owes(24*time.Hour, 48*time.Hour)
	answered := owes(time.Minute, 3*time.Hour)
	done := owes(time.Minute, 0) // answered, and nothing more is owed
	late := owes(-time.Hour, 24*time.Hour)
	alike := owes(48*time.Hour, 24*time.Hour)
	for _, number := range []int64{answered, done} {
		_, _, err := e.Desk.Reply(ctx, sam, domain.Reply{Number: number, Body: "We look."}, domain.Request{})
		require.NoError(t, err)
	}
	_, err := e.Desk.Solve(ctx, sam, solved, "")
	require.NoError(t, err)

	open := []int64{late, answered, tomorrow, alike, nothing, done}
	for _, test := range []struct {
		who, query string
		want       []int64
	}{
		{"sam", "", []int64{late, answered, tomorrow, alike, nothing, solved, done}},
		{"uma", "", []int64{late, answered, tomorrow, alike, nothing, solved, done}},
		{"sam", "is:open", open},
		{"sam", "docs is:open", open}, // words are looked up in another way
		{"uma", "docs is:open", open},
		{"gina", "", nil},
	} {
		staff := test.who == "sam"
		filter, _, err := query.Parse(test.query, query.Options{Now: now, Staff: staff})
		require.NoError(t, err)
		for limit := 1; limit <= len(test.want)+1; limit++ {
			l := domain.List{Viewer: test.who, Staff: staff, Filter: filter, Order: domain.Order{By: domain.ByDue, Ascending: true}, Limit: limit}
			require.Equal(t, test.want, pages(t, e, l), "%s: %q by %d", test.who, test.query, limit)
		}
	}
}
