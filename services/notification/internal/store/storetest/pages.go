package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

func page(id, topic string) *domain.Page {
	return &domain.Page{
		ID: id, Topic: topic, Ticket: 1, Occurrence: 3, State: domain.StatePaging, Position: domain.Position{Cycle: 1, Loop: 1, Step: 1},
		Incident: domain.Incident{Subject: "down", Scope: []string{"shop"}, Since: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)},
		OpenedAt: time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC), NextStepAt: time.Date(2026, 11, 24, 1, 5, 0, 0, time.UTC), Events: 1,
	}
}

func (s *suite) pages(t *testing.T) {
	insert := func(p *domain.Page) (ok bool) {
		update(t, s.one, func(ctx context.Context, tx *store.Tx) (err error) {
			ok, err = tx.InsertPage(ctx, p)
			return err
		})
		return ok
	}
	first := page("p1", "ticket:1")
	require.True(t, insert(first))
	require.False(t, insert(first), "the same id")
	require.False(t, insert(page("p2", "ticket:1")), "the same topic")
	require.True(t, insert(page("p3", "ticket:2")))
	got, err := s.other.Page(t.Context(), "p1")
	require.NoError(t, err)
	require.Equal(t, first, got)

	first.State, first.AcknowledgedBy, first.AcknowledgedAt = domain.StateAcknowledged, domain.Person{ID: "ada", Name: "Ada"}, first.OpenedAt.Add(time.Minute)
	first.Cycle, first.Answered, first.NextStepAt, first.Events = 2, true, time.Time{}, 4
	first.SnoozedUntil, first.ReopenedAt = first.OpenedAt.Add(time.Hour), first.OpenedAt.Add(time.Second)
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.LockPage(ctx, "p1"); err != nil {
			return err
		}
		return tx.SavePage(ctx, first)
	})
	update(t, s.other, func(ctx context.Context, tx *store.Tx) error {
		got, err := tx.LockOpenPage(ctx, "ticket:1")
		require.Equal(t, first, got)
		return err
	})
	waiting, err := s.one.Pages(t.Context(), store.PageQuery{Waiting: true, Limit: 10})
	require.NoError(t, err)
	require.Len(t, waiting, 1)

	first.State = domain.StateResolved
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.SavePage(ctx, first) })
	require.True(t, insert(page("p2", "ticket:1")), "the topic is free again")
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		got, err := tx.LockOpenPage(ctx, "ticket:none")
		require.Nil(t, got)
		return err
	})
	_, err = s.one.Page(t.Context(), "none")
	require.ErrorIs(t, err, fault.NotFound)
}

func (s *suite) discard(t *testing.T) {
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		tx.Log("p3", time.Now(), domain.Entry{Kind: domain.EntryUnheard})
		tx.Later(domain.Timer{Page: "p3", Kind: domain.TimerStep, Delay: time.Hour})
		tx.Tell(ctx, domain.PageEvent{Page: domain.Page{ID: "p3"}})
		tx.Discard()
		return nil
	})
	require.Zero(t, s.count(t, `SELECT COUNT(*) FROM tasks`))
	require.Zero(t, s.count(t, `SELECT COUNT(*) FROM page_log`))
}
