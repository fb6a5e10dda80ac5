package sqldb_test

import (
	"fmt"
	"io/fs"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
)

func TestMigrationsOfEachEngine(t *testing.T) {
	eachEngine(t, func(t *testing.T, cfg sqldb.Config) {
		db := open(t, cfg)
		require.Equal(t, 1, count(t, db, "made for "+string(db.Engine())))
		require.Equal(t, 1, count(t, db, "made for %"))
		require.NoError(t, db.Migrate(t.Context(), things()), "again changes nothing")
		require.Equal(t, 1, count(t, db, "made for %"))
	})
}

func TestCheckSchema(t *testing.T) {
	eachEngine(t, func(t *testing.T, cfg sqldb.Config) {
		db, err := sqldb.Open(t.Context(), cfg)
		require.NoError(t, err)
		defer func() { require.NoError(t, db.Close()) }()
		require.ErrorContains(t, db.CheckSchema(t.Context(), things()), "things misses the migrations 1, 2:")
		require.NoError(t, db.Migrate(t.Context(), things()))
		require.NoError(t, db.CheckSchema(t.Context(), things()))

		older := fstest.MapFS{}
		newer := fstest.MapFS{}
		require.NoError(t, fs.WalkDir(things().FS, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := fs.ReadFile(things().FS, path)
			newer[path] = &fstest.MapFile{Data: text}
			if path == "1_things.sql" {
				older[path] = newer[path]
			}
			return err
		}))
		newer["3_later.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE later (id TEXT PRIMARY KEY);\n")}
		require.NoError(t, db.CheckSchema(t.Context(), sqldb.Set{Name: "things", FS: older}), "the previous release runs on the new schema")
		require.ErrorContains(t, db.CheckSchema(t.Context(), sqldb.Set{Name: "things", FS: newer}), "things misses the migrations 3:")
		require.NoError(t, db.Migrate(t.Context(), sqldb.Set{Name: "things", FS: newer}))
		require.NoError(t, db.CheckSchema(t.Context(), sqldb.Set{Name: "things", FS: newer}))

		// One that comes late, below the highest.
		newer["5_last.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE last (id TEXT PRIMARY KEY);\n")}
		require.NoError(t, db.Migrate(t.Context(), sqldb.Set{Name: "things", FS: newer}))
		newer["4_late.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE late (id TEXT PRIMARY KEY);\n")}
		require.ErrorContains(t, db.CheckSchema(t.Context(), sqldb.Set{Name: "things", FS: newer}), "things misses the migrations 4:")
	})
}

func TestAMigrationThatFailsIsTold(t *testing.T) {
	eachEngine(t, func(t *testing.T, cfg sqldb.Config) {
		db := open(t, cfg)
		broken := sqldb.Set{Name: "broken", FS: fstest.MapFS{"1_broken.sql": {Data: []byte("-- +goose Up\nCREATE TABLE half (id TEXT);\nNONSENSE;\n")}}}
		require.ErrorContains(t, db.Migrate(t.Context(), broken), "broken")
		_, err := db.Reader().QueryContext(t.Context(), "SELECT id FROM half")
		require.Error(t, err, "nothing of it stays")
		require.Error(t, db.Migrate(t.Context(), sqldb.Set{Name: `x"; DROP`, FS: fstest.MapFS{}}))
	})
}

func TestProcessesMigrateOneAfterAnother(t *testing.T) {
	eachEngine(t, func(t *testing.T, cfg sqldb.Config) {
		db, err := sqldb.Open(t.Context(), cfg)
		require.NoError(t, err)
		defer func() { require.NoError(t, db.Close()) }()
		var group sync.WaitGroup
		errs := make(chan error, 4)
		for range cap(errs) {
			group.Go(func() { errs <- db.Migrate(t.Context(), things()) })
		}
		group.Wait()
		close(errs)
		for err := range errs {
			require.NoError(t, err)
		}
		require.NoError(t, db.CheckSchema(t.Context(), things()))
	})
}

func TestDSNs(t *testing.T) {
	for _, tc := range []struct{ name, dsn string }{
		{"empty", ""}, {"unknown", "mysql://u:secret@h/d"}, {"no file", "sqlite:"}, {"malformed", "postgres://u:secret@[h/d"},
	} {
		_, err := sqldb.Open(t.Context(), sqldb.Config{DSN: tc.dsn})
		require.Error(t, err, tc.name)
		require.NotContains(t, fmt.Sprint(err), "secret", tc.name)
	}
}
