package testkit

import (
	"os"
	"path/filepath"
	"testing"

	"altis-dxp.com/support/pkg/sqldb"
)

// Databases runs the test once for each engine, in the subtests "sqlite" and
// "postgres", with the configuration of a Database. The test opens and closes
// it, and may set more of the configuration before. The two run side by side,
// when the caller has returned.
func Databases(t *testing.T, schema string, run func(t *testing.T, cfg sqldb.Config), sets ...sqldb.Set) {
	t.Helper()
	for _, engine := range []sqldb.Engine{sqldb.SQLite, sqldb.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			run(t, Database(t, engine, schema, sets...))
		})
	}
}

// Database returns the configuration of a fresh database that the sets have
// migrated; without sets it is empty. schema is the PostgreSQL schema.
func Database(t testing.TB, engine sqldb.Engine, schema string, sets ...sqldb.Set) sqldb.Config {
	t.Helper()
	if engine == sqldb.Postgres {
		return sqldb.Config{DSN: postgresWith(t, schema, sets), Schema: schema}
	}
	file := filepath.Join(t.TempDir(), "test.db")
	if len(sets) > 0 {
		content, err := sqliteTemplate(schema, sets)
		must(t, err)
		must(t, os.WriteFile(file, content, 0o600))
	}
	return sqldb.Config{DSN: "sqlite:" + file, Schema: schema}
}
