package testkit

import (
	"path/filepath"
	"testing"

	"altis-dxp.com/support/pkg/sqldb"
)

// Databases runs the test once for each engine, in the subtests "sqlite" and
// "postgres", with the configuration of a fresh, empty database. schema is the
// PostgreSQL schema. The test opens, migrates and closes it, and may set more of
// the configuration before. The two run side by side, when the caller has returned.
func Databases(t *testing.T, schema string, run func(t *testing.T, cfg sqldb.Config)) {
	t.Helper()
	t.Run(string(sqldb.SQLite), func(t *testing.T) {
		t.Parallel()
		run(t, sqldb.Config{DSN: "sqlite:" + filepath.Join(t.TempDir(), "test.db"), Schema: schema})
	})
	t.Run(string(sqldb.Postgres), func(t *testing.T) {
		t.Parallel()
		run(t, sqldb.Config{DSN: Postgres(t), Schema: schema})
	})
}
