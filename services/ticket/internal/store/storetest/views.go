package storetest

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/query"
	"altis-dxp.com/support/services/ticket/internal/store"
)

func views(t *testing.T, e *Env) {
	e.World(t)
	ctx := t.Context()
	v := &domain.Views{Store: e.Store, Directory: e.Store, Now: e.Now, NewID: e.Desk.NewID}
	sam, sue := domain.Caller{ID: "sam"}, domain.Caller{ID: "sue"}
	names := func(who string) (list []string) {
		var after store.ViewPosition
		for {
			page, err := e.Store.Views(ctx, who, after, 2)
			require.NoError(t, err)
			for _, v := range page {
				list = append(list, v.Name+" of "+v.Owner.Name)
				after = store.ViewPosition{Position: v.Position, ID: v.ID}
			}
			if len(page) < 2 {
				return list
			}
		}
	}
	make := func(who domain.Caller, name string, position int64, shared bool) domain.SavedView {
		made, err := v.Create(ctx, who, domain.SavedView{Name: name, Filter: "is:open", OrderBy: "create_time", Position: position, Shared: shared}, domain.Request{})
		require.NoError(t, err)
		return made
	}
	mine := make(sam, "mine", 2, false)
	make(domain.Caller{ID: "eve"}, "hers", 1, false)
	ours := make(sue, "ours", 3, true)
	first := make(sam, "first", 0, false)
	require.Equal(t, []string{"first of Sam Support", "mine of Sam Support", "ours of Sue Supervisor"}, names("sam"))
	require.Equal(t, []string{"hers of Eve Engineer", "ours of Sue Supervisor"}, names("eve"))
	require.Empty(t, names("uma"), "customers have none")

	changed, err := v.Update(ctx, sam, domain.SavedView{ID: first.ID, Position: 9, Filter: "is:new"}, []string{"position", "filter"})
	require.NoError(t, err)
	require.Equal(t, "is:new", changed.Filter)
	require.Equal(t, []string{"mine of Sam Support", "ours of Sue Supervisor", "first of Sam Support"}, names("sam"))
	for _, who := range []domain.Caller{sue, {ID: "eve"}} {
		_, err = v.Update(ctx, who, domain.SavedView{ID: mine.ID, Name: "stolen"}, []string{"name"})
		require.Equal(t, "VIEW_NOT_FOUND", fault.ReasonOf(err), "those of others are nobody's business")
		require.Equal(t, "VIEW_NOT_FOUND", fault.ReasonOf(v.Delete(ctx, who, mine.ID)))
	}
	require.NoError(t, v.Delete(ctx, sue, ours.ID))
	require.NoError(t, v.Delete(ctx, sam, mine.ID))
	require.Equal(t, []string{"first of Sam Support"}, names("sam"))

	// A repetition makes nothing more, also of those that come together.
	request := domain.Request{Principal: "eve", Method: "CreateView", ID: "r1", Hash: "h1"}
	eve, once := domain.Caller{ID: "eve"}, domain.SavedView{Name: "once", Position: 5}
	ids := [8]string{}
	var together sync.WaitGroup
	for i := range ids {
		together.Go(func() {
			made, err := v.Create(ctx, eve, once, request)
			if err != nil {
				t.Errorf("create: %v", err)
			}
			ids[i] = made.ID
		})
	}
	together.Wait()
	require.Equal(t, []string{"hers of Eve Engineer", "once of Eve Engineer"}, names("eve"))
	for _, id := range ids {
		require.Equal(t, ids[0], id)
	}
	_, err = v.Update(ctx, eve, domain.SavedView{ID: ids[0], Name: "renamed"}, []string{"name"})
	require.NoError(t, err)
	made, err := v.Create(ctx, eve, once, request)
	require.NoError(t, err)
	require.Equal(t, "renamed", made.Name, "as it is now")
	other := request
	other.Hash = "h2"
	_, err = v.Create(ctx, eve, once, other)
	require.Equal(t, "REQUEST_ID_REUSED", fault.ReasonOf(err))
	other = request
	other.Principal = "sam"
	_, err = v.Create(ctx, sam, domain.SavedView{Name: "his"}, other)
	require.NoError(t, err, "the id is one of its caller only")
	require.NoError(t, v.Delete(ctx, eve, ids[0]))
	_, err = v.Create(ctx, eve, once, request)
	require.Equal(t, "VIEW_NOT_FOUND", fault.ReasonOf(err), "what was deleted does not come back")

	// Many at once do not get beyond the limit.
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 8 {
				_, err := v.Create(ctx, sam, domain.SavedView{Name: fmt.Sprintf("%d-%d", i, j)}, domain.Request{})
				if err != nil && fault.ReasonOf(err) != "TOO_MANY_VIEWS" {
					t.Errorf("create: %v", err)
				}
			}
		})
	}
	wg.Wait()
	require.Equal(t, domain.MaxViews, count(t, e, "SELECT COUNT(*) FROM views WHERE owner = 'sam'"))
}

func counts(t *testing.T, e *Env) {
	e.World(t)
	ctx := t.Context()
	var numbers []int64
	for range 5 {
		numbers = append(numbers, e.Create(t, "uma", nil).Number)
	}
	foreign := e.Create(t, "gus", func(n *domain.NewTicket) { n.Scope.Targets[0].Application = "lab" }).Number
	require.NoError(t, e.Store.MarkRead(ctx, "sam", numbers[0], 1))
	_, err := e.Desk.MarkSpam(ctx, domain.Caller{ID: "sam"}, numbers[1], "")
	require.NoError(t, err)
	_, _, err = e.Desk.Reply(ctx, domain.Caller{ID: "sam"}, domain.Reply{Number: numbers[2], Body: "A xylograph."}, domain.Request{})
	require.NoError(t, err)
	for _, test := range []struct {
		who, filter string
		want        store.Counted
	}{
		{"sam", "", store.Counted{Tickets: 5, Unread: 3}},
		{"sam", "is:unread", store.Counted{Tickets: 3, Unread: 3}},
		{"sam", "is:spam", store.Counted{Tickets: 1, Unread: 1}},
		{"sam", "is:pending", store.Counted{Tickets: 1}},
		{"sam", "xylograph", store.Counted{Tickets: 1}},
		{"sam", fmt.Sprintf("#%d", foreign), store.Counted{Tickets: 1, Unread: 1}},
		{"uma", "", store.Counted{Tickets: 4, Unread: 1}},
		{"uma", "org:globex", store.Counted{}},
		{"gus", "", store.Counted{Tickets: 1}},
	} {
		staff := test.who == "sam"
		filter, issues, err := query.Parse(test.filter, query.Options{Now: e.Now(), Staff: staff})
		require.NoError(t, err)
		require.Empty(t, issues)
		got, err := e.Store.Count(ctx, domain.List{Viewer: test.who, Staff: staff, Filter: filter})
		require.NoError(t, err)
		require.Equal(t, test.want, got, "%s: %s", test.who, test.filter)
	}
	got, err := e.Store.Count(ctx, domain.List{Viewer: "uma", Staff: true})
	require.NoError(t, err)
	require.Zero(t, got, "the token does not make staff")
}
