package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

func createAndRead(t *testing.T, e *Env) {
	e.World(t)
	since := Start.Add(-time.Hour)
	created := e.Create(t, "uma", func(n *domain.NewTicket) {
		n.Type, n.Priority = domain.Incident, domain.Urgent
		n.Subject, n.Description = "Checkout returns 502", "All of it."
		n.Scope.Targets = []domain.Target{{Application: "shop", Environment: "shop-prod"}, {Application: "blog"}}
		n.CCs = []string{"Fred@Studio.example", "boss@elsewhere.example"}
		n.Details = domain.Details{Incident: &domain.IncidentDetails{Since: since, Impact: "no sales", Callback: "+49 30 1"}}
	})
	require.EqualValues(t, 1, created.Number)

	got, err := e.Store.Full(t.Context(), "sam", created.Number)
	require.NoError(t, err)
	require.True(t, got.Unread)
	require.Equal(t, domain.Ticket{
		Number: 1, Organization: "acme", OrganizationName: "Acme",
		Requester: domain.Person{ID: "uma", Name: "Uma User", Email: "uma@acme.example"},
		Type:      domain.Incident, Priority: domain.Urgent, PrioritySet: true, Status: domain.New,
		Subject: "Checkout returns 502", Description: "All of it.", Excerpt: "All of it.",
		Scope: domain.Scope{Targets: []domain.Target{
			{Application: "shop", Environment: "shop-prod", ApplicationName: "Acme Shop", EnvironmentName: "production"},
			{Application: "blog", ApplicationName: "Acme Blog"},
		}},
		CCs: []domain.Person{
			{ID: "fred", Name: "Fred Freelance", Email: "fred@studio.example"},
			{Email: "boss@elsewhere.example"},
		},
		Details:    domain.Details{Incident: &domain.IncidentDetails{Since: since, Impact: "no sales", Callback: "+49 30 1"}},
		Page:       domain.Page{State: domain.PagePaging, Occurrence: 1},
		CreateTime: created.CreateTime, UpdateTime: created.CreateTime, Sequence: 1,
		Public: domain.Mark{Sequence: 1, Author: "uma"}, Newest: domain.Mark{Sequence: 1, Author: "uma"}, Unread: true,
	}, got)

	created.Description, created.Plan = "", ""
	own, err := e.Store.Ticket(t.Context(), "uma", created.Number)
	require.NoError(t, err)
	require.Equal(t, created, own, "what Create answers is what is stored")
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM tasks WHERE kind = 'told' AND key = '1'"))
	require.Len(t, e.Committed, 1)

	_, err = e.Store.Ticket(t.Context(), "gus", created.Number)
	require.ErrorIs(t, err, fault.NotFound)
	_, err = e.Store.Ticket(t.Context(), "sam", 999)
	require.ErrorIs(t, err, fault.NotFound)
}

func numbersAreUnique(t *testing.T, e *Env) {
	replicas := []interface {
		NextNumber(context.Context) (int64, error)
	}{e.Store, e.Replica(), e.Replica()}
	var mu sync.Mutex
	seen := map[int64]bool{}
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			for range 20 {
				n, err := replicas[i%3].NextNumber(t.Context())
				mu.Lock()
				if err != nil || n <= 0 || seen[n] {
					t.Errorf("number %d, seen before: %v, error: %v", n, seen[n], err)
				}
				seen[n] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Len(t, seen, 240)
}

func requestMakesOne(t *testing.T, e *Env) {
	e.World(t)
	ctx, uma := t.Context(), domain.Caller{ID: "uma"}
	request := domain.Request{Principal: "uma", Method: "CreateTicket", ID: "r1", Hash: "a"}
	first, err := e.Desk.Create(ctx, uma, NewTicket(), request)
	require.NoError(t, err)
	again, err := e.Desk.Create(ctx, uma, NewTicket(), request)
	require.NoError(t, err)
	require.Equal(t, first.Number, again.Number)

	other := request
	other.Hash = "b"
	_, err = e.Desk.Create(ctx, uma, NewTicket(), other)
	require.ErrorIs(t, err, fault.Exists)
	require.Equal(t, "REQUEST_ID_REUSED", fault.ReasonOf(err))

	ofAnn := request
	ofAnn.Principal = "ann"
	anns, err := e.Desk.Create(ctx, domain.Caller{ID: "ann"}, NewTicket(), ofAnn)
	require.NoError(t, err)
	require.NotEqual(t, first.Number, anns.Number)

	reply := domain.Request{Principal: "uma", Method: "ReplyToTicket", ID: "r1", Hash: "a"}
	_, m1, err := e.Desk.Reply(ctx, uma, domain.Reply{Number: first.Number, Body: "Anyone?", ETag: first.ETag()}, reply)
	require.NoError(t, err)
	ticket, m2, err := e.Desk.Reply(ctx, uma, domain.Reply{Number: first.Number, Body: "Anyone?", ETag: first.ETag()}, reply)
	require.NoError(t, err, "the etag was right the first time")
	require.Equal(t, m1, m2)
	require.EqualValues(t, 2, ticket.Sequence)
	require.Equal(t, 2, count(t, e, "SELECT COUNT(*) FROM tickets"))
	require.Equal(t, 3, count(t, e, "SELECT COUNT(*) FROM tasks"))
}

func requestRace(t *testing.T, e *Env) {
	e.World(t)
	request := domain.Request{Principal: "uma", Method: "CreateTicket", ID: "r1", Hash: "a"}
	var mu sync.Mutex
	numbers := map[int64]int{}
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			ticket, err := e.Desk.Create(t.Context(), domain.Caller{ID: "uma"}, NewTicket(), request)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Errorf("create: %v", err)
			}
			numbers[ticket.Number]++
		})
	}
	wg.Wait()
	require.Len(t, numbers, 1)
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM tickets"))
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM messages"))
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM tasks"))
}

func requestsEnd(t *testing.T, e *Env) {
	e.World(t)
	ctx, uma := t.Context(), domain.Caller{ID: "uma"}
	request := domain.Request{Principal: "uma", Method: "CreateTicket", ID: "r1", Hash: "a"}
	first, err := e.Desk.Create(ctx, uma, NewTicket(), request)
	require.NoError(t, err)
	age := func(by time.Duration) {
		require.NoError(t, e.DB.Do(ctx, sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, "UPDATE requests SET create_time = create_time - $1", by.Microseconds())
			return err
		}))
	}
	age(23 * time.Hour)
	require.NoError(t, e.Store.Prune(ctx))
	again, err := e.Desk.Create(ctx, uma, NewTicket(), request)
	require.NoError(t, err)
	require.Equal(t, first.Number, again.Number)

	age(time.Hour)
	later, err := e.Desk.Create(ctx, uma, NewTicket(), request)
	require.NoError(t, err)
	require.NotEqual(t, first.Number, later.Number)

	age(25 * time.Hour)
	require.NoError(t, e.Store.Prune(ctx))
	require.Zero(t, count(t, e, "SELECT COUNT(*) FROM requests"))
}

func failedChange(t *testing.T, e *Env) {
	e.World(t)
	ticket := e.Create(t, "uma", nil)
	broken := errors.New("broken")
	err := e.Store.Update(t.Context(), false, func(ctx context.Context, tx domain.Tx) error {
		before, err := tx.Ticket(ctx, "sam", ticket.Number)
		if err != nil {
			return err
		}
		after := before
		after.Subject, after.Sequence = "Changed", 2
		change := domain.Change{Before: before, After: after, Event: domain.Event{Number: ticket.Number, Sequence: 2, Kind: domain.EventFieldsChanged}}
		return errors.Join(tx.Save(ctx, change), broken)
	})
	require.ErrorIs(t, err, broken)
	got, err := e.Store.Ticket(t.Context(), "sam", ticket.Number)
	require.NoError(t, err)
	require.Equal(t, ticket.Subject, got.Subject)
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM ticket_events"))
	require.Equal(t, 1, count(t, e, "SELECT COUNT(*) FROM tasks"))
	require.Len(t, e.Committed, 1, fmt.Sprint(e.Committed))
}
