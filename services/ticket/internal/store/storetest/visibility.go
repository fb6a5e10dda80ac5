package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/store"
)

// sees is the rule of visibility, written down a second time without SQL.
func sees(p *eventv1.DirectoryPerson, removed bool, organizations map[string]bool, t domain.Ticket) bool {
	if removed || p.Disabled {
		return false
	}
	if p.Staff {
		return true
	}
	if p.Organization != t.Organization {
		return false
	}
	isCC := slices.ContainsFunc(t.CCs, func(c domain.Person) bool { return c.ID == p.Id || strings.EqualFold(c.Email, p.Email) })
	if t.Requester.ID == p.Id || isCC || p.Role == "admin" {
		return true
	}
	if p.OrganizationWide {
		return organizations[p.Organization]
	}
	if t.Scope.All {
		return false
	}
	for _, target := range t.Scope.Targets {
		if !slices.Contains(p.Applications, target.Application) {
			return false
		}
	}
	return len(t.Scope.Targets) > 0
}

// drawn is a directory and tickets drawn at random.
type drawn struct {
	people  []*eventv1.DirectoryPerson
	removed map[string]bool
	seesAll map[string]bool
	tickets []domain.Ticket
}

var (
	organizations = []string{"o1", "o2"}
	applications  = map[string][]string{"o1": {"a1", "a2", "a3"}, "o2": {"b1"}}
)

func draw(rt *rapid.T, e *Env, base int64) (d drawn, changes []*eventv1.DirectoryEvent) {
	d = drawn{removed: map[string]bool{}, seesAll: map[string]bool{}}
	for _, o := range organizations {
		d.seesAll[o] = rapid.Bool().Draw(rt, "sees all")
		changes = append(changes, &eventv1.DirectoryEvent{Entity: &eventv1.DirectoryEvent_Organization{
			Organization: &eventv1.DirectoryOrganization{Id: o, Name: o, SeesAll: d.seesAll[o]},
		}})
	}
	for i := range 4 {
		p := &eventv1.DirectoryPerson{
			Id: fmt.Sprintf("p%d", i), Name: "P", Email: fmt.Sprintf("P%d@x.example", i),
			Staff: rapid.IntRange(0, 5).Draw(rt, "staff") == 0, Disabled: rapid.IntRange(0, 5).Draw(rt, "disabled") == 0,
		}
		if !p.Staff {
			p.Organization = rapid.SampledFrom(organizations).Draw(rt, "organization")
			p.Role = rapid.SampledFrom([]string{"user", "developer", "admin"}).Draw(rt, "role")
			if p.OrganizationWide = rapid.Bool().Draw(rt, "wide"); !p.OrganizationWide {
				p.Applications = rapid.SliceOfNDistinct(rapid.SampledFrom(applications[p.Organization]), 0, 2, rapid.ID[string]).Draw(rt, "applications")
			}
		}
		d.people = append(d.people, p)
		d.removed[p.Id] = rapid.IntRange(0, 5).Draw(rt, "removed") == 0
		changes = append(changes, &eventv1.DirectoryEvent{Removed: d.removed[p.Id], Entity: &eventv1.DirectoryEvent_Person{Person: p}})
	}
	for i := range 5 {
		o := rapid.SampledFrom(organizations).Draw(rt, "organization")
		t := domain.Ticket{
			Number: base + int64(i), Organization: o, Type: domain.Question, Priority: domain.Normal, Status: domain.New, Subject: "s", Sequence: 1,
			Requester:  domain.Person{ID: fmt.Sprintf("p%d", rapid.IntRange(0, 3).Draw(rt, "requester"))},
			CreateTime: e.Now(), Page: domain.Page{State: domain.PageNone},
		}
		t.UpdateTime = t.CreateTime
		for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(0, 4), 0, 2, rapid.ID[int]).Draw(rt, "ccs") {
			cc := domain.Person{Email: fmt.Sprintf("p%d@X.example", n)}
			if rapid.Bool().Draw(rt, "by id") { // the address has changed since
				cc = domain.Person{ID: fmt.Sprintf("p%d", n), Email: fmt.Sprintf("old%d@x.example", n)}
			}
			t.CCs = append(t.CCs, cc)
		}
		if t.Scope.All = rapid.IntRange(0, 3).Draw(rt, "all") == 0; !t.Scope.All {
			for _, a := range rapid.SliceOfNDistinct(rapid.SampledFrom(applications[o]), 0, 3, rapid.ID[string]).Draw(rt, "scope") {
				t.Scope.Targets = append(t.Scope.Targets, domain.Target{Application: a})
			}
		}
		d.tickets = append(d.tickets, t)
	}
	return d, changes
}

func visibility(t *testing.T, e *Env) {
	base := int64(1)
	rapid.Check(t, func(rt *rapid.T) {
		d, changes := draw(rt, e, base)
		base += 100
		e.Learn(t, changes...)
		start, err := e.Store.FeedEnd(t.Context())
		require.NoError(rt, err)
		for _, ticket := range d.tickets {
			require.NoError(rt, e.Store.Create(t.Context(), domain.Change{
				After:   ticket,
				Event:   domain.Event{Number: ticket.Number, Sequence: 1, Kind: domain.EventCreated, Time: ticket.CreateTime},
				Message: &domain.Message{ID: "m", Number: ticket.Number, Sequence: 1, Body: "b", Time: ticket.CreateTime},
			}))
		}
		for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(d.people)-1), 2, 2, rapid.ID[int]).Draw(rt, "viewers") {
			check(t, rt, e, d, d.people[i], start)
		}
	})
}

// check compares everything that a person can read with the rule.
func check(t *testing.T, rt *rapid.T, e *Env, d drawn, p *eventv1.DirectoryPerson, start store.FeedPosition) {
	ctx := t.Context()
	var visible, mine, copied, all []int64
	for _, ticket := range d.tickets {
		all = append(all, ticket.Number)
		if !sees(p, d.removed[p.Id], d.seesAll, ticket) {
			continue
		}
		visible = append(visible, ticket.Number)
		if ticket.Requester.ID == p.Id {
			mine = append(mine, ticket.Number)
		}
		if slices.ContainsFunc(ticket.CCs, func(c domain.Person) bool { return c.ID == p.Id || strings.EqualFold(c.Email, p.Email) }) {
			copied = append(copied, ticket.Number)
		}
	}
	recent := func(numbers []int64) []int64 { // of this draw
		return append([]int64{}, slices.DeleteFunc(numbers, func(n int64) bool { return !slices.Contains(all, n) })...)
	}
	number := rapid.SampledFrom(all).Draw(rt, "ticket")
	want := slices.Contains(visible, number)
	_, err := e.Store.Ticket(ctx, p.Id, number)
	requireSeen(rt, want, err)
	_, err = e.Store.Full(ctx, p.Id, number)
	requireSeen(rt, want, err)
	_, err = e.Store.Messages(ctx, p.Id, number, 0, 10)
	requireSeen(rt, want, err)
	_, err = e.Store.Events(ctx, p.Id, number, 0, 10)
	requireSeen(rt, want, err)
	requireSeen(rt, want, e.Store.MarkRead(ctx, p.Id, number, 1))
	requireSeen(rt, want, e.Store.MarkUnread(ctx, p.Id, number))
	requireSeen(rt, want, e.Store.Update(ctx, false, func(ctx context.Context, tx domain.Tx) error {
		_, err := tx.Ticket(ctx, p.Id, number)
		return err
	}))
	batch, err := e.Store.Batch(ctx, p.Id, all)
	require.NoError(rt, err)
	require.Equal(rt, recent(visible), recent(numbersOf(batch)))
	filter := rapid.SampledFrom([]domain.Filter{{}, words("b")}).Draw(rt, "filter")
	for view, want := range map[domain.View][]int64{domain.ViewAll: visible, domain.ViewMine: mine, domain.ViewCC: copied} {
		list, err := e.Store.List(ctx, domain.List{
			Viewer: p.Id, Staff: p.Staff, View: view, Filter: filter, Order: domain.Order{By: domain.ByCreation}, Limit: 8,
		})
		require.NoError(rt, err)
		got := recent(numbersOf(list))
		slices.Reverse(got)
		require.Equal(rt, append([]int64{}, want...), got, "view %d of %v", view, p)
	}
	lied, err := e.Store.List(ctx, domain.List{Viewer: p.Id, Staff: !p.Staff, Limit: 100})
	require.NoError(rt, err)
	require.Empty(rt, lied, "a token that is wrong about the person shows nothing")

	// On PostgreSQL any transaction that runs elsewhere in the cluster holds the feed up.
	require.Eventually(rt, func() bool {
		entries, err := e.Store.Feed(ctx, start, store.FeedFilter{Organization: p.Organization, Internal: p.Staff}, 10_000)
		return err == nil && !slices.ContainsFunc(visible, func(number int64) bool {
			return !slices.ContainsFunc(entries, func(f store.FeedEntry) bool { return f.Number == number })
		})
	}, 20*time.Second, 5*time.Millisecond, "watching wakes for what is seen")
}

func words(text string) domain.Filter {
	return domain.Filter{Terms: []domain.Term{{Key: domain.KeyText, Values: []domain.Value{{Text: text}}}}}
}

func requireSeen(rt *rapid.T, want bool, err error) {
	if want {
		require.NoError(rt, err)
	} else {
		require.ErrorIs(rt, err, fault.NotFound)
	}
}

func visibilityEnds(t *testing.T, e *Env) {
	e.World(t)
	ticket := e.Create(t, "uma", nil)
	_, err := e.Store.Ticket(t.Context(), "uma", ticket.Number)
	require.NoError(t, err)
	e.Learn(t, &eventv1.DirectoryEvent{Entity: &eventv1.DirectoryEvent_Person{Person: &eventv1.DirectoryPerson{
		Id: "uma", Organization: "acme", Name: "Uma", Email: "uma@acme.example", Role: "user", OrganizationWide: true, Disabled: true,
	}}})
	_, err = e.Store.Ticket(t.Context(), "uma", ticket.Number)
	require.ErrorIs(t, err, fault.NotFound)
	_, err = e.Desk.Create(t.Context(), domain.Caller{ID: "uma"}, NewTicket(), domain.Request{})
	require.ErrorIs(t, err, fault.Denied)
	_, _, err = e.Desk.Reply(t.Context(), domain.Caller{ID: "uma"}, domain.Reply{Number: ticket.Number, Body: "?"}, domain.Request{})
	require.ErrorIs(t, err, fault.Denied)
	_, err = e.Desk.Create(t.Context(), domain.Caller{ID: "nobody"}, NewTicket(), domain.Request{})
	require.ErrorIs(t, err, fault.Unavailable)
}

// feedOrder writes from many sides while one reads on: nothing is skipped.
func feedOrder(t *testing.T, e *Env) {
	e.World(t)
	const writers, each = 8, 12
	done := make(chan struct{})
	for range writers {
		go func() {
			defer func() { done <- struct{}{} }()
			for range each {
				n := NewTicket()
				created, err := e.Desk.Create(t.Context(), domain.Caller{ID: "uma"}, n, domain.Request{})
				if err == nil {
					_, err = e.Desk.Assign(t.Context(), domain.Caller{ID: "sam"}, domain.Assignment{Number: created.Number, Assignee: "eve"})
				}
				if err != nil {
					t.Errorf("write: %v", err)
				}
			}
		}()
	}
	seen, total := map[string]int{}, 0
	var at store.FeedPosition
	read := func() int {
		entries, err := e.Store.Feed(t.Context(), at, store.FeedFilter{Internal: true}, 10)
		require.NoError(t, err)
		for _, entry := range entries {
			require.True(t, at.Less(entry.At))
			at = entry.At
			seen[fmt.Sprint(entry.Number)]++
			total++
		}
		return len(entries)
	}
	for finished := 0; finished < writers; {
		select {
		case <-done:
			finished++
		default:
			read()
		}
	}
	// Other transactions of the cluster hold the feed up.
	testkit.Eventually(t, func() bool { read(); return total == 2*writers*each }, "all changes are read")
	require.Len(t, seen, writers*each)
	for number, n := range seen {
		require.Equal(t, 2, n, number)
	}
	end, err := e.Store.FeedEnd(t.Context())
	require.NoError(t, err)
	require.Equal(t, end, at)
}
