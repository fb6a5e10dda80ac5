package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/ticket/internal/store"
	"altis-dxp.com/support/services/ticket/internal/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStore(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		storetest.Run(t, func(t *testing.T) *sqldb.DB {
			return open(t, sqldb.Config{DSN: "sqlite:" + t.TempDir() + "/ticket.db"})
		})
	})
	t.Run("postgres", func(t *testing.T) {
		storetest.Run(t, func(t *testing.T) *sqldb.DB {
			return open(t, sqldb.Config{DSN: testkit.Postgres(t), Schema: "ticket"})
		})
	})
}

func open(t *testing.T, cfg sqldb.Config) *sqldb.DB {
	db, err := sqldb.Open(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	require.NoError(t, db.Migrate(t.Context(), durable.Migrations(), events.Migrations(), directory.Migrations(), store.Migrations()))
	return db
}
