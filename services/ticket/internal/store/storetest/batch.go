package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// batch: each item is for itself, and a repetition changes only what failed before.
func batch(t *testing.T, e *Env) {
	e.World(t)
	ctx, sam := t.Context(), domain.Caller{ID: "sam"}
	first, second, third := e.Create(t, "uma", nil), e.Create(t, "uma", nil), e.Create(t, "ann", nil)
	eve := "eve"
	items := []domain.BatchItem{
		{Number: first.Number, ETag: first.ETag(), Assignee: &eve, Status: domain.Pending, AddTags: []string{"cache"}},
		{Number: second.Number, ETag: "17", Status: domain.Solved},
		{Number: 424242, Status: domain.Solved},
		{Number: third.Number, Status: domain.Solved, Priority: domain.High},
	}
	request := domain.Request{Principal: "sam", Method: "Batch", ID: "r1", Hash: "h"}
	reasons := func() (list []string) {
		results, err := e.Desk.BatchUpdate(ctx, sam, items, request)
		require.NoError(t, err)
		for _, r := range results {
			list = append(list, fault.ReasonOf(r.Err))
		}
		return list
	}
	require.Equal(t, []string{"", "ETAG_MISMATCH", "TICKET_NOT_FOUND", ""}, reasons())
	got, err := e.Store.Batch(ctx, "sam", []int64{first.Number, second.Number, third.Number})
	require.NoError(t, err)
	require.Equal(t, []domain.Status{domain.Pending, domain.New, domain.Solved}, []domain.Status{got[0].Status, got[1].Status, got[2].Status})
	require.Equal(t, "eve", got[0].Assignee.ID)
	require.Equal(t, []string{"cache"}, got[0].Tags)
	events := count(t, e, "SELECT COUNT(*) FROM ticket_events")

	// What was done is not done again, although its ticket has changed since; what failed is tried again.
	_, err = e.Desk.Reopen(ctx, sam, third.Number, "")
	require.NoError(t, err)
	require.Equal(t, []string{"", "ETAG_MISMATCH", "TICKET_NOT_FOUND", ""}, reasons())
	require.Equal(t, events+1, count(t, e, "SELECT COUNT(*) FROM ticket_events"))
	reopened, err := e.Store.Ticket(ctx, "sam", third.Number)
	require.NoError(t, err)
	require.Equal(t, domain.Open, reopened.Status)

	request.Hash = "another"
	_, err = e.Desk.BatchUpdate(ctx, sam, items[:1], request)
	require.Equal(t, "REQUEST_ID_REUSED", fault.ReasonOf(err))
}
