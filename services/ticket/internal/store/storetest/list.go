package storetest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/query"
)

func pagesOfLists(t *testing.T, e *Env) {
	e.World(t)
	var created []int64
	for range 7 {
		created = append(created, e.Create(t, "uma", nil).Number)
	}
	// The oldest becomes the one that changed last.
	_, _, err := e.Desk.Reply(t.Context(), domain.Caller{ID: "uma"}, domain.Reply{Number: created[0], Body: "?"}, domain.Request{})
	require.NoError(t, err)
	byUpdate := append(slices.Clone(created[1:]), created[0])
	reversed := func(list []int64) []int64 {
		list = slices.Clone(list)
		slices.Reverse(list)
		return list
	}
	for _, test := range []struct {
		name  string
		order domain.Order
		want  []int64
	}{
		{"update_time desc", domain.Order{}, reversed(byUpdate)},
		{"update_time", domain.Order{Ascending: true}, byUpdate},
		{"create_time desc", domain.Order{By: domain.ByCreation}, reversed(created)},
		{"create_time", domain.Order{By: domain.ByCreation, Ascending: true}, created},
	} {
		for _, who := range []string{"sam", "uma"} {
			l := domain.List{Viewer: who, Staff: who == "sam", Order: test.order, Limit: 3}
			require.Equal(t, test.want, pages(t, e, l), "%s by %s", test.name, who)
		}
	}
}

// rowsOfLists shows that a list says of tickets what reading each says, but for what is long or only for changes.
func rowsOfLists(t *testing.T, e *Env) {
	e.World(t)
	ctx, sam := t.Context(), domain.Caller{ID: "sam"}
	incident := e.Create(t, "uma", func(n *domain.NewTicket) {
		n.Type, n.Priority = domain.Incident, domain.Urgent
		n.CCs = []string{"boss@elsewhere.example"}
	}).Number
	e.Create(t, "uma", nil) // of the same scope
	e.Create(t, "sam", func(n *domain.NewTicket) {
		n.Organization, n.Requester, n.Type, n.Tags = "globex", "gina", domain.Task, []string{"vip"}
		n.Scope = domain.Scope{All: true}
	})
	_, err := e.Desk.Assign(ctx, sam, domain.Assignment{Number: incident, Assignee: "eve"})
	require.NoError(t, err)
	_, err = e.Desk.Note(ctx, sam, incident, "Looking.", domain.Request{})
	require.NoError(t, err)

	for who, count := range map[string]int{"sam": 3, "eve": 3, "uma": 2, "gina": 1} {
		rows, err := e.Store.List(ctx, domain.List{Viewer: who, Staff: who == "sam" || who == "eve", Limit: 9})
		require.NoError(t, err)
		require.Len(t, rows, count, who)
		for _, row := range rows {
			want, err := e.Store.Ticket(ctx, who, row.Number)
			require.NoError(t, err)
			want.Excerpt, want.PrioritySet, want.Details, want.SLAPolicy, want.TriageSequence = "", false, domain.Details{}, "", 0
			want.Page.Occurrence, want.Page.Sequence = 0, 0
			want.Public, want.Newest = row.Public, row.Newest
			require.Equal(t, want, row, who)
		}
	}
}

// find returns the numbers that a query finds, ascending.
func find(t *testing.T, e *Env, who, text string) []int64 {
	t.Helper()
	staff := who == "sam" || who == "eve" || who == "sue"
	filter, issues, err := query.Parse(text, query.Options{Now: e.Now(), Staff: staff})
	require.NoError(t, err)
	require.Empty(t, issues)
	tickets, err := e.Store.List(t.Context(), domain.List{Viewer: who, Staff: staff, Filter: filter, Order: domain.Order{By: domain.ByCreation, Ascending: true}, Limit: 100})
	require.NoError(t, err, text)
	return append([]int64{}, numbersOf(tickets)...)
}

func filters(t *testing.T, e *Env) {
	e.World(t)
	ctx, sam := t.Context(), domain.Caller{ID: "sam"}
	incident := e.Create(t, "uma", func(n *domain.NewTicket) {
		n.Type, n.Priority = domain.Incident, domain.Urgent
		n.Scope.Targets = []domain.Target{{Application: "shop", Environment: "shop-prod"}}
		n.CCs = []string{"boss@elsewhere.example"}
	}).Number
	question := e.Create(t, "ann", func(n *domain.NewTicket) { n.Scope = domain.Scope{All: true} }).Number
	e.Advance(48 * time.Hour)
	task := e.Create(t, "sam", func(n *domain.NewTicket) {
		n.Organization, n.Requester, n.Type, n.Priority, n.Tags = "globex", "gina", domain.Task, domain.High, []string{"vip", "php"}
		n.Scope.Targets = []domain.Target{{Application: "lab"}}
	}).Number
	_, err := e.Desk.Assign(ctx, sam, domain.Assignment{Number: question, Assignee: "eve"})
	require.NoError(t, err)
	_, err = e.Desk.Assign(ctx, sam, domain.Assignment{Number: task, Team: "Billing"})
	require.NoError(t, err)
	_, err = e.Desk.Solve(ctx, sam, task, "")
	require.NoError(t, err)

	for _, test := range []struct {
		who, query string
		want       []int64
	}{
		{"sam", "", []int64{incident, question, task}},
		{"sam", "is:open", []int64{incident, question}},
		{"sam", "is:closed", []int64{task}},
		{"sam", "-is:closed", []int64{incident, question}},
		{"sam", "is:new", []int64{incident}},
		{"sam", "is:solved,new", []int64{incident, task}},
		{"sam", "is:unassigned", []int64{incident, task}},
		{"sam", "is:urgent-paged", []int64{incident}},
		{"sam", "is:breached", []int64{}},
		{"sam", "type:incident,task", []int64{incident, task}},
		{"sam", "priority:>=high", []int64{incident, task}},
		{"sam", "priority:<high", []int64{question}},
		{"sam", "-priority:urgent", []int64{question, task}},
		{"sam", "app:shop", []int64{incident}},
		{"sam", `app:"acme shop",lab`, []int64{incident, task}},
		{"sam", "env:production", []int64{incident}},
		{"sam", "env:shop-prod", []int64{incident}},
		{"sam", "assignee:none", []int64{incident, task}},
		{"sam", "assignee:@me", []int64{}},
		{"eve", "assignee:@me", []int64{question}},
		{"sam", "assignee:eve@altis.example", []int64{question}},
		{"sam", "requester:uma,gina@globex.example", []int64{incident, task}},
		{"ann", "requester:@me", []int64{question}},
		{"sam", "cc:Boss@elsewhere.example", []int64{incident}},
		{"sam", "org:globex", []int64{task}},
		{"sam", "org:Acme", []int64{incident, question}},
		{"sam", "-org:acme,nobody", []int64{task}},
		{"sam", "tag:vip", []int64{task}},
		{"sam", "team:Billing", []int64{task}},
		{"sam", "team:none,nobody", []int64{incident, question}},
		{"sam", "-team:billing is:unassigned", []int64{incident}},
		{"eve", "assignee:@me", []int64{question}},
		{"sam", "-tag:vip", []int64{incident, question}},
		{"sam", "created:>-1d", []int64{task}},
		{"sam", "created:2026-03-02", []int64{incident, question}},
		{"sam", "created:2026-03-03..2026-03-05", []int64{task}},
		{"sam", "updated:>=-1d", []int64{question, task}},
		{"sam", fmt.Sprintf("#%d", question), []int64{question}},
		{"sam", fmt.Sprintf("-#%d type:question,task", question), []int64{task}},
		{"sam", fmt.Sprintf("number:%d,%d,999999", question, task), []int64{question, task}},
		{"sam", fmt.Sprintf("number:%d,%d is:open", question, task), []int64{question}},
		{"sam", fmt.Sprintf("-number:%d,%d", question, task), []int64{incident}},
		{"uma", fmt.Sprintf("number:%d,%d", question, task), []int64{question}}, // the other is none of hers
		{"uma", "", []int64{incident, question}},
		{"gina", "priority:high", []int64{}}, // not an incident: its priority is none of hers
		{"gina", "type:task", []int64{task}},
		{"uma", "priority:urgent", []int64{incident}},
		{"uma", "assignee:eve", []int64{question}},
		{"uma", "org:acme,globex", []int64{incident, question}},
	} {
		require.Equal(t, test.want, find(t, e, test.who, test.query), "%s: %s", test.who, test.query)
	}

	views := map[domain.View][]int64{domain.ViewMine: {incident}, domain.ViewCC: {}, domain.ViewAll: {incident, question}}
	for view, want := range views {
		tickets, err := e.Store.List(ctx, domain.List{Viewer: "uma", View: view, Order: domain.Order{By: domain.ByCreation, Ascending: true}, Limit: 9})
		require.NoError(t, err)
		require.Equal(t, want, append([]int64{}, numbersOf(tickets)...), "view %d", view)
	}
}

func search(t *testing.T, e *Env) {
	e.World(t)
	ctx, sam := t.Context(), domain.Caller{ID: "sam"}
	a := e.Create(t, "uma", func(n *domain.NewTicket) {
		n.Subject, n.Description = "Payment error at checkout", "See https://shop.example.com/cart?x=1 and Käse-Übersicht."
	}).Number
	b := e.Create(t, "uma", func(n *domain.NewTicket) {
		n.Subject, n.Description = "Slow search", "An error in the payment module: E-1234, O'Reilly's book."
	}).Number
	_, err := e.Desk.Note(ctx, sam, b, "Probably the quixotic proxy.", domain.Request{})
	require.NoError(t, err)
	_, _, err = e.Desk.Reply(ctx, sam, domain.Reply{Number: b, Body: "We restart the indexer."}, domain.Request{})
	require.NoError(t, err)

	for _, test := range []struct {
		who, query string
		want       []int64
	}{
		{"sam", "payment error", []int64{a, b}},
		{"sam", `"payment error"`, []int64{a}},
		{"sam", `PAYMENT -"payment error"`, []int64{b}},
		{"sam", "payment -slow", []int64{a}},
		{"sam", "in:subject payment", []int64{a}},
		{"sam", "in:body payment", []int64{b}},
		{"sam", "example.com", []int64{a}},
		{"sam", "cart", []int64{a}},
		{"sam", "übersicht", []int64{a}},
		{"sam", "e-1234", []int64{b}},
		{"sam", "o'reilly", []int64{b}},
		{"sam", "indexer slow", []int64{b}},
		{"uma", "indexer slow", []int64{b}},
		{"sam", "quixotic", []int64{b}},
		{"uma", "quixotic", []int64{}}, // in a note
		{"uma", "-quixotic payment", []int64{a, b}},
		{"gus", "payment", []int64{}},
		{"sam", `"); DROP TABLE tickets; --"`, []int64{}},
		{"sam", `AND`, []int64{a}},
		{"sam", fmt.Sprintf("number:%d payment", b), []int64{b}},
		{"sam", fmt.Sprintf(`number:%d,%d "payment error"`, b, a), []int64{a}},
		{"uma", fmt.Sprintf("number:%d,%d quixotic", b, a), []int64{}},
		{"sam", `NOT*`, []int64{}},
	} {
		require.Equal(t, test.want, find(t, e, test.who, test.query), "%s: %s", test.who, test.query)
	}

	_, err = e.Desk.Update(ctx, sam, domain.Update{Number: b, Fields: []string{"subject"}, Values: domain.Ticket{Subject: "Fast finding"}})
	require.NoError(t, err)
	require.Equal(t, []int64{b}, find(t, e, "sam", "in:subject finding"))
	require.Empty(t, find(t, e, "sam", "in:subject slow"))
}

// searchBeyondNearby finds a rare word in tickets that are older than those a
// search looks into first.
func searchBeyondNearby(t *testing.T, e *Env) {
	e.World(t)
	rare := e.Create(t, "uma", func(n *domain.NewTicket) { n.Description = "a xylograph" }).Number
	numbers := []string{strconv.FormatInt(rare, 10)}
	for range 2 * nearby {
		numbers = append(numbers, strconv.FormatInt(e.Create(t, "ann", nil).Number, 10))
	}
	require.Equal(t, []int64{rare}, find(t, e, "sam", "xylograph"))
	require.Equal(t, []int64{rare}, find(t, e, "uma", "xylograph"))
	require.Len(t, find(t, e, "sam", "docs"), 2*nearby)
	named := "number:" + strings.Join(numbers, ",")
	require.Equal(t, []int64{rare}, find(t, e, "sam", named+" xylograph"), "more are named than a search looks into")
	require.Len(t, find(t, e, "sam", named+" docs"), 2*nearby)
}
