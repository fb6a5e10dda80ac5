package store_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/store"
	"altis-dxp.com/support/services/ticket/internal/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStore(t *testing.T) {
	for _, engine := range []sqldb.Engine{sqldb.SQLite, sqldb.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T) *sqldb.DB { return open(t, engine) })
		})
	}
}

// TestFactsByIndex shows that what stands before every change does not read through the directory.
func TestFactsByIndex(t *testing.T) {
	db := open(t, sqldb.Postgres)
	require.NoError(t, db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		for _, statement := range []string{
			`INSERT INTO directory_organizations (id, version, removed, name, plan, sees_all)
SELECT 'o' || n, n, 0, 'O', '', 0 FROM generate_series(1, 5000) n`,
			`INSERT INTO directory_people (id, version, removed, organization, name, email, email_lower, staff, role, organization_wide, applications, zone, locale, disabled)
SELECT 'p' || n, n, 0, 'o' || n % 5000, 'P', 'p' || n || '@x.example', 'p' || n || '@x.example', 0, 'user', 1, '[]', '', '', 0 FROM generate_series(1, 20000) n`,
			`ANALYZE directory_organizations`, `ANALYZE directory_people`,
		} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	}))
	s := store.New(store.Options{DB: db})
	ask := domain.Ask{People: []string{"p7", "p8"}, Emails: []string{"p9@x.example"}, Organizations: []string{"o1"}}
	query, args := s.FactsQuery(ask)
	rows, err := db.Reader().QueryContext(t.Context(), "EXPLAIN "+query, args...)
	require.NoError(t, err)
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		plan = append(plan, line)
	}
	require.NoError(t, rows.Err())
	text := strings.Join(plan, "\n")
	require.Contains(t, text, "directory_people_email")
	require.NotContains(t, text, "Seq Scan on directory_")

	facts, err := s.Facts(t.Context(), ask)
	require.NoError(t, err)
	require.Len(t, facts.People, 3)
	require.Len(t, facts.Organizations, 3, "o1, o7 and o8")
}

func open(t testing.TB, engine sqldb.Engine) *sqldb.DB {
	sets := []sqldb.Set{durable.Migrations(), events.Migrations(), directory.Migrations(), store.Migrations()}
	db, err := sqldb.Open(t.Context(), testkit.Database(t, engine, "ticket", sets...))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	require.NoError(t, db.Migrate(t.Context(), sets...))
	return db
}
