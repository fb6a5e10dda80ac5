package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/triage/internal/store"
	"altis-dxp.com/support/services/triage/internal/store/storetest"
)

func TestStore(t *testing.T) {
	for _, engine := range []sqldb.Engine{sqldb.SQLite, sqldb.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T) *sqldb.DB {
				sets := []sqldb.Set{directory.Migrations(), store.Migrations()}
				db, err := sqldb.Open(t.Context(), testkit.Database(t, engine, "triage", sets...))
				require.NoError(t, err)
				t.Cleanup(func() { require.NoError(t, db.Close()) })
				require.NoError(t, db.Migrate(t.Context(), sets...))
				return db
			})
		})
	}
}
