package storetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

var sorts = []domain.Sort{
	domain.SortUpdatedDesc, domain.SortUpdatedAsc, domain.SortCreatedDesc, domain.SortCreatedAsc, domain.SortPriorityDesc, domain.SortDue,
}

// ordersOfLists shows that pages give each ticket once, in the order that was asked for, whatever they have in common.
func ordersOfLists(t *testing.T, e *Env) {
	e.World(t)
	number, draws := int64(0), 0
	rapid.Check(t, func(rt *rapid.T) {
		draws++
		organization, member := fmt.Sprintf("org%d", draws), fmt.Sprintf("member%d", draws)
		e.Learn(t, &eventv1.DirectoryEvent{Entity: &eventv1.DirectoryEvent_Organization{
			Organization: &eventv1.DirectoryOrganization{Id: organization, Name: organization},
		}}, &eventv1.DirectoryEvent{Entity: &eventv1.DirectoryEvent_Person{Person: &eventv1.DirectoryPerson{
			Id: member, Name: "M", Email: member + "@x.example", Organization: organization, Role: "admin", OrganizationWide: true,
		}}})
		instant := func(name string) time.Time {
			return Start.Add(time.Duration(rapid.IntRange(0, 3).Draw(rt, name)) * time.Hour)
		}
		maybe := func(name string) time.Time { // zero now and then
			if rapid.Bool().Draw(rt, "has "+name) {
				return instant(name)
			}
			return time.Time{}
		}
		var tickets []domain.Ticket
		for range rapid.IntRange(1, 14).Draw(rt, "tickets") {
			number++
			ticket := domain.Ticket{
				Number: number, Organization: organization, Subject: "s", Sequence: 1, Page: domain.Page{State: domain.PageNone},
				Type:             domain.Type(rapid.IntRange(int(domain.Incident), int(domain.Incident)+1).Draw(rt, "type")),
				Priority:         domain.Priority(rapid.IntRange(int(domain.Low), int(domain.High)).Draw(rt, "priority")),
				Status:           domain.Status(rapid.IntRange(int(domain.New), int(domain.Closed)).Draw(rt, "status")),
				FirstResponseDue: maybe("first response due"), FirstResponse: maybe("first response"),
				ResolutionDue: maybe("resolution due"), SolveTime: maybe("solved"),
				CreateTime: instant("created"), UpdateTime: instant("updated"),
			}
			tickets = append(tickets, ticket)
			require.NoError(rt, e.Store.Create(t.Context(), domain.Change{
				After:   ticket,
				Event:   domain.Event{Number: number, Sequence: 1, Kind: domain.EventCreated, Time: ticket.CreateTime},
				Message: &domain.Message{ID: "m", Number: number, Sequence: 1, Body: "b", Time: ticket.CreateTime},
			}))
		}
		for _, sort := range sorts {
			for _, viewer := range []string{"sam", member} {
				l := domain.List{Viewer: viewer, Staff: viewer == "sam", Order: sort.Or(domain.Order{}), Limit: rapid.IntRange(1, 6).Draw(rt, "page")}
				if rapid.Bool().Draw(rt, "search") {
					l.Filter = words("b")
				}
				l.Filter.Terms = append(l.Filter.Terms, domain.Term{Key: domain.KeyOrg, Values: []domain.Value{{Text: organization}}})
				require.Equal(rt, sorted(tickets, sort, l.Staff), pages(t, e, l), "%s for %s", sort, viewer)
			}
		}
	})
}

// sorted is the order by its rule.
func sorted(tickets []domain.Ticket, sort domain.Sort, staff bool) []int64 {
	due := func(t domain.Ticket) int64 {
		if at := t.NextDue(); !at.IsZero() {
			return at.Unix()
		}
		return 1 << 62
	}
	urgency := func(t domain.Ticket) int {
		if !staff && t.Type != domain.Incident {
			return 0
		}
		return int(t.Priority)
	}
	tickets = slices.Clone(tickets)
	slices.SortFunc(tickets, func(a, b domain.Ticket) int {
		switch sort {
		case domain.SortUpdatedDesc:
			return cmp.Or(b.UpdateTime.Compare(a.UpdateTime), cmp.Compare(b.Number, a.Number))
		case domain.SortUpdatedAsc:
			return cmp.Or(a.UpdateTime.Compare(b.UpdateTime), cmp.Compare(a.Number, b.Number))
		case domain.SortCreatedDesc:
			return cmp.Or(b.CreateTime.Compare(a.CreateTime), cmp.Compare(b.Number, a.Number))
		case domain.SortCreatedAsc:
			return cmp.Or(a.CreateTime.Compare(b.CreateTime), cmp.Compare(a.Number, b.Number))
		case domain.SortPriorityDesc:
			return cmp.Or(cmp.Compare(urgency(b), urgency(a)), b.UpdateTime.Compare(a.UpdateTime), cmp.Compare(b.Number, a.Number))
		default:
			return cmp.Or(cmp.Compare(due(a), due(b)), cmp.Compare(a.Number, b.Number))
		}
	})
	return numbersOf(tickets)
}

// pages reads a list to its end.
func pages(t *testing.T, e *Env, l domain.List) []int64 {
	t.Helper()
	var got []int64
	for {
		page, err := e.Store.List(t.Context(), l)
		require.NoError(t, err)
		got = append(got, numbersOf(page)...)
		if len(page) < l.Limit {
			return got
		}
		at := page[l.Limit-1].Position(l.Order)
		l.After = &at
	}
}

// findsByDue filters by how long it is until something is owed, by the clock of the database.
func findsByDue(t *testing.T, e *Env) {
	e.World(t)
	ctx, sam := t.Context(), domain.Caller{ID: "sam"}
	now := time.UnixMicro(int64(count(t, e, "SELECT altis_now()")))
	nothing := e.Create(t, "uma", nil).Number
	late := e.owe(t, now, -time.Hour, 24*time.Hour)
	soon := e.owe(t, now, 30*time.Minute, 0)
	resolution := e.owe(t, now, 10*time.Minute, 3*time.Hour)
	far := e.owe(t, now, 48*time.Hour, 24*time.Hour)
	solvedLate := e.owe(t, now, -time.Hour, -time.Minute)
	_, _, err := e.Desk.Reply(ctx, sam, domain.Reply{Number: resolution, Body: "We look."}, domain.Request{})
	require.NoError(t, err)
	e.Advance(now.Sub(e.Now())) // the desk's clock tells when it is solved
	_, err = e.Desk.Solve(ctx, sam, solvedLate, "")
	require.NoError(t, err)

	for query, want := range map[string][]int64{
		"sla:<1h":              {late, soon},
		"sla:<=4h":             {late, soon, resolution},
		"sla:>1h":              {resolution, far},
		"sla:>=20h":            {far},
		"sla:<0m":              {late},
		"sla:>0m":              {soon, resolution, far},
		"sla:>2d":              {},
		"sla:<1h,>20h":         {late, soon, far},
		"sla:>10m sla:<4h":     {soon, resolution},
		"-sla:<1h":             {nothing, resolution, far, solvedLate},
		"-sla:>=0m -sla:<0m":   {nothing, solvedLate},
		"sla:breached":         {late, solvedLate},
		"is:breached":          {late, solvedLate},
		"sla:breached is:open": {late},
		"sla:breached,>20h":    {late, far, solvedLate},
		"sla:<1h docs":         {late, soon},
	} {
		for _, who := range []string{"sam", "uma"} {
			require.Equal(t, want, find(t, e, who, query), "%s: %s", who, query)
		}
	}
}

// owe creates a ticket of which support owes the first response and the resolution so long after an instant; no resolution for 0.
func (e *Env) owe(t *testing.T, now time.Time, first, resolution time.Duration) int64 {
	t.Helper()
	number := e.Create(t, "uma", nil).Number
	decision := domain.Triage{Number: number, Sequence: 1, FirstResponseDue: now.Add(first)}
	if resolution != 0 {
		decision.ResolutionDue = now.Add(resolution)
	}
	require.NoError(t, e.Store.Update(t.Context(), false, func(ctx context.Context, tx domain.Tx) error {
		return e.Desk.ApplyTriage(ctx, tx, decision)
	}))
	return number
}
