package storetest

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// meet runs first until it has locked something, then second until it waits for that, and then first to its end. SQLite has one
// writer: there second begins when first has ended. It returns how often each ran.
func (s *suite) meet(t *testing.T, first, second func(ctx context.Context, tx *store.Tx, meet func()) error) (runs [2]int64) {
	var counts [2]atomic.Int64
	begun, done := make(chan struct{}), make(chan error, 1)
	meet := func() {
		if counts[0].Load() > 1 {
			return
		}
		close(begun)
		if s.db.Engine() == sqldb.Postgres {
			testkit.Eventually(t, func() bool {
				return s.count(t, `SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) > 0
			}, "nobody waits")
		}
	}
	go func() {
		<-begun
		done <- s.other.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
			counts[1].Add(1)
			return second(ctx, tx, func() {})
		})
	}()
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		counts[0].Add(1)
		return first(ctx, tx, meet)
	})
	require.NoError(t, <-done)
	return [2]int64{counts[0].Load(), counts[1].Load()}
}

func (s *suite) insertPages(t *testing.T, pages ...*domain.Page) {
	t.Helper()
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		for _, p := range pages {
			ok, err := tx.InsertPage(ctx, p)
			if err != nil {
				return err
			}
			require.True(t, ok, p.ID)
		}
		return nil
	})
}

// lockOrder: a merge and what records attempts of several pages, or acknowledges them, wait for each other and not in a circle.
func (s *suite) lockOrder(t *testing.T) {
	into, from := page("order-1", domain.TicketTopic(901)), page("order-2", domain.TicketTopic(902))
	into.Ticket, from.Ticket = 901, 902
	s.insertPages(t, into, from)
	pager := domain.Pager{}
	both := []domain.BundleMember{
		{Delivery: domain.Delivery{Page: from.ID, Position: domain.Position{Cycle: 1}}},
		{Delivery: domain.Delivery{Page: into.ID, Position: domain.Position{Cycle: 1}}},
	}
	// As one that has locked the first page wants the second.
	runs := s.meet(t, func(ctx context.Context, tx *store.Tx, meet func()) error {
		if _, err := tx.LockPage(ctx, into.ID); err != nil {
			return err
		}
		meet()
		_, err := tx.LockPage(ctx, from.ID)
		return err
	}, func(ctx context.Context, tx *store.Tx, _ func()) error {
		p, err := pager.Merge(ctx, tx, domain.Merging{From: 902, Into: 901, Sequence: 9})
		if err == nil {
			require.Equal(t, into.ID, p.ID)
		}
		return err
	})
	require.Equal(t, [2]int64{1, 1}, runs, "a merge")
	merged, err := s.one.Page(t.Context(), from.ID)
	require.NoError(t, err)
	require.Equal(t, into.ID, merged.MergedInto)

	// A page that was merged is behind the one that goes on; whoever acknowledges it leaves it alone.
	runs = s.meet(t, func(ctx context.Context, tx *store.Tx, meet func()) error {
		if _, err := tx.LockPage(ctx, into.ID); err != nil {
			return err
		}
		meet()
		_, err := tx.LockPage(ctx, from.ID)
		return err
	}, func(ctx context.Context, tx *store.Tx, _ func()) error {
		return pager.AcknowledgeMembers(ctx, tx, both[:1], domain.Person{ID: "ada", Name: "Ada"})
	})
	require.Equal(t, [2]int64{1, 1}, runs, "a bundle")
	acknowledged, err := s.one.Page(t.Context(), into.ID)
	require.NoError(t, err)
	require.Equal(t, domain.StateAcknowledged, acknowledged.State)
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		goingOn, err := tx.GoingOn(ctx, []string{from.ID, into.ID, "none"})
		require.Equal(t, map[string]string{from.ID: into.ID, into.ID: into.ID}, goingOn)
		return err
	})
}

// clockAfterLocks: what is decided by the time is decided by that at which nobody else can change the page any more.
func (s *suite) clockAfterLocks(t *testing.T) {
	s.insertPages(t, page("clock-1", "clock:1"), page("clock-2", "clock:2"))
	for name, lock := range map[string]func(ctx context.Context, tx *store.Tx) error{
		"one": func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.LockPage(ctx, "clock-2")
			return err
		},
		"several": func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.LockPages(ctx, []string{"clock-1", "clock-2"})
			return err
		},
		"that of a topic": func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.LockOpenPage(ctx, "clock:2")
			return err
		},
		"those of topics": func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.LockOpenPages(ctx, []string{"clock:2", "clock:1"})
			return err
		},
	} {
		var held, got time.Time
		runs := s.meet(t, func(ctx context.Context, tx *store.Tx, meet func()) error {
			if _, err := tx.LockPage(ctx, "clock-2"); err != nil {
				return err
			}
			meet()
			var micros int64
			err := s.db.Reader().QueryRowContext(ctx, `SELECT altis_now()`).Scan(&micros)
			held = sqldb.Time(micros)
			return err
		}, func(ctx context.Context, tx *store.Tx, _ func()) error {
			if _, err := tx.Now(ctx); err != nil { // before it waits
				return err
			}
			if err := lock(ctx, tx); err != nil {
				return err
			}
			var err error
			got, err = tx.Now(ctx)
			return err
		})
		require.Equal(t, [2]int64{1, 1}, runs, name)
		require.False(t, got.Before(held), "%s: %s is before %s, until which it waited", name, got, held)
	}
}
