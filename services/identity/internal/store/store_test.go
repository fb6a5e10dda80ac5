package store_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/metric/noop"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/identity/internal/domain"
	"altis-dxp.com/support/services/identity/internal/store"
	"altis-dxp.com/support/services/identity/internal/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStore(t *testing.T) {
	for _, engine := range []sqldb.Engine{sqldb.SQLite, sqldb.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T) storetest.Store {
				s, _ := open(t, testkit.Database(t, engine, "identity", sets()...))
				return s
			})
		})
	}
}

func sets() []sqldb.Set { return []sqldb.Set{durable.Migrations(), store.Migrations()} }

func TestChangeMakesTasksInItsTransaction(t *testing.T) {
	testkit.Databases(t, "identity", func(t *testing.T, cfg sqldb.Config) {
		s, db := open(t, cfg)
		put := func(fail error) error {
			return s.Change(t.Context(), func(ctx context.Context, tx domain.Tx) error {
				if err := tx.PutOrganization(ctx, domain.Organization{ID: "acme", Name: "Acme", Plan: "standard", CreatedAt: time.Now()}); err != nil {
					return err
				}
				return fail
			})
		}
		require.ErrorIs(t, put(context.Canceled), context.Canceled)
		require.Equal(t, 0, tasks(t, db, "deliver.%"))
		require.NoError(t, put(nil))
		require.Equal(t, 1, tasks(t, db, "deliver.ticket"))
		require.Equal(t, 1, tasks(t, db, "deliver.notification"))

		for range 3 {
			require.NoError(t, s.Change(t.Context(), func(ctx context.Context, tx domain.Tx) error { return tx.HousekeepIn(ctx, time.Hour) }))
		}
		require.Equal(t, 1, tasks(t, db, store.HousekeepKind), "once, however often it is called")
	}, sets()...)
}

func tasks(t *testing.T, db *sqldb.DB, kind string) (n int) {
	t.Helper()
	require.NoError(t, db.Reader().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM tasks WHERE kind LIKE $1", kind).Scan(&n))
	return n
}

func open(t *testing.T, cfg sqldb.Config) (*store.Store, *sqldb.DB) {
	t.Helper()
	db, err := sqldb.Open(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	require.NoError(t, db.Migrate(t.Context(), sets()...))
	queue, err := durable.New(durable.Options{DB: db, Service: "identity"})
	require.NoError(t, err)
	var relays []*events.Relay
	for _, target := range []string{"ticket", "notification"} {
		relays = append(relays, events.NewRelay(target, eventv1.NewEventSinkServiceClient(nil), slog.New(slog.DiscardHandler), noop.Meter{}))
	}
	return store.New(db, queue, relays, time.Now), db
}
