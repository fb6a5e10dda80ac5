package sqldb_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// things is a set with a file for both engines and one for each.
func things() sqldb.Set {
	return sqldb.Set{Name: "things", FS: fstest.MapFS{
		"1_things.sql":          {Data: []byte("-- +goose Up\nCREATE TABLE things (id TEXT PRIMARY KEY, n BIGINT NOT NULL DEFAULT 0, parent TEXT REFERENCES things (id));\n")},
		"2_engine.postgres.sql": {Data: []byte("-- +goose Up\nINSERT INTO things (id) VALUES ('made for postgres');\n")},
		"2_engine.sqlite.sql":   {Data: []byte("-- +goose Up\nINSERT INTO things (id) VALUES ('made for sqlite');\n")},
	}}
}

func eachEngine(t *testing.T, run func(t *testing.T, cfg sqldb.Config)) {
	testkit.Databases(t, "svc_test", func(t *testing.T, cfg sqldb.Config) {
		cfg.PageConns = 2
		run(t, cfg)
	})
}

func open(t *testing.T, cfg sqldb.Config) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	require.NoError(t, db.Migrate(t.Context(), things()))
	return db
}

func insert(id string) func(context.Context, sqldb.Tx) error {
	return func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO things (id) VALUES ($1)", id)
		return err
	}
}

func count(t *testing.T, db *sqldb.DB, id string) (n int) {
	t.Helper()
	require.NoError(t, db.Reader().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM things WHERE id LIKE $1", id).Scan(&n))
	return n
}

func TestWritesAreCommittedOrUndone(t *testing.T) {
	ops := map[string]sqldb.Op{"normal": {}, "soft": {Soft: true}, "page": {Page: true}, "page soft": {Page: true, Soft: true}}
	eachEngine(t, func(t *testing.T, cfg sqldb.Config) {
		db := open(t, cfg)
		require.NoError(t, db.Ping(t.Context()))
		for name, op := range ops {
			require.NoError(t, db.Do(t.Context(), op, insert("do "+name)))
			require.NoError(t, db.Update(t.Context(), op, insert("update "+name)))
			failure := errors.New("no")
			err := db.Update(t.Context(), op, func(ctx context.Context, tx sqldb.Tx) error {
				require.NoError(t, insert("undone")(ctx, tx))
				return failure
			})
			require.ErrorIs(t, err, failure)
			err = db.Update(t.Context(), op, func(ctx context.Context, tx sqldb.Tx) error {
				require.NoError(t, insert("undone")(ctx, tx))
				panic("boom")
			})
			require.ErrorContains(t, err, "boom")
		}
		require.Equal(t, 4, count(t, db, "do %"))
		require.Equal(t, 4, count(t, db, "update %"))
		require.Equal(t, 0, count(t, db, "undone"))
	})
}

func TestErrorsAreTold(t *testing.T) {
	eachEngine(t, func(t *testing.T, cfg sqldb.Config) {
		db := open(t, cfg)
		require.NoError(t, db.Update(t.Context(), sqldb.Op{}, insert("a")))
		err := db.Update(t.Context(), sqldb.Op{}, insert("a"))
		require.True(t, sqldb.IsUnique(err), "%v", err)
		require.Equal(t, fault.Internal, fault.KindOf(err))

		err = db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO things (id, parent) VALUES ('b', 'nobody')")
			return err
		})
		require.Error(t, err, "foreign keys are enforced")
		require.False(t, sqldb.IsUnique(err))

		own := fault.New(fault.Conflict, "CHANGED", "changed")
		err = db.Update(t.Context(), sqldb.Op{}, func(context.Context, sqldb.Tx) error { return fmt.Errorf("wrapped: %w", own) })
		require.ErrorIs(t, err, fault.Conflict)

		err = db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, _ sqldb.Tx) error {
			return db.Do(ctx, sqldb.Op{}, insert("nested"))
		})
		require.ErrorIs(t, err, sqldb.ErrNested)

		if db.Engine() == sqldb.Postgres { // SQLite stores any text
			for name, text := range map[string]string{"NUL": "a\x00b", "not UTF-8": "a\xffb"} {
				err = db.Update(t.Context(), sqldb.Op{}, insert(text))
				require.ErrorIs(t, err, fault.Invalid, name)
				require.Equal(t, "TEXT_INVALID", fault.ReasonOf(err), name)
			}
			var n int
			err = sqldb.Classify(db.Reader().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM things WHERE id "+db.In(1), sqldb.List([]string{"a\x00b"})).Scan(&n))
			require.Equal(t, "TEXT_INVALID", fault.ReasonOf(err), "NUL in JSON")
		}

		require.Error(t, func() error {
			_, err := db.Reader().QueryContext(t.Context(), "SELECT nothing FROM nowhere")
			return err
		}())
	})
}

func TestACancelledCallerDoesNotWrite(t *testing.T) {
	eachEngine(t, func(t *testing.T, cfg sqldb.Config) {
		cfg.NormalConns = 1
		db := open(t, cfg)
		ctx, cancel := context.WithCancel(t.Context())
		inside, release, first := make(chan struct{}), make(chan struct{}), make(chan error)
		go func() {
			first <- db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
				close(inside)
				<-release
				return insert("first")(ctx, tx)
			})
		}()
		<-inside
		waiting := make(chan error)
		go func() { waiting <- db.Update(ctx, sqldb.Op{}, insert("waiting")) }()
		cancel()
		require.ErrorIs(t, <-waiting, context.Canceled)
		close(release)
		require.NoError(t, <-first)
		require.Equal(t, 1, count(t, db, "first"))
		require.Equal(t, 0, count(t, db, "waiting"))
	})
}

func TestACommitOutlivesItsCaller(t *testing.T) {
	eachEngine(t, func(t *testing.T, cfg sqldb.Config) {
		db := open(t, cfg)
		ctx, cancel := context.WithCancel(t.Context())
		require.NoError(t, db.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			defer cancel()
			return insert("kept")(ctx, tx)
		}))
		require.Equal(t, 1, count(t, db, "kept"))
	})
}

func TestConcurrentWritersAreEachApplied(t *testing.T) {
	const writers, each = 16, 25
	eachEngine(t, func(t *testing.T, cfg sqldb.Config) {
		db := open(t, cfg)
		require.NoError(t, db.Update(t.Context(), sqldb.Op{}, insert("counter")))
		var group sync.WaitGroup
		var failed atomic.Int64
		for w := range writers {
			group.Go(func() {
				for i := range each {
					err := db.Update(t.Context(), sqldb.Op{Page: w%4 == 0, Soft: w%2 == 0}, func(ctx context.Context, tx sqldb.Tx) error {
						if _, err := tx.ExecContext(ctx, "UPDATE things SET n = n + 1 WHERE id = 'counter'"); err != nil {
							return err
						}
						if i%5 == 4 {
							return errors.New("refused") // must undo its own addition and no other
						}
						return nil
					})
					if err != nil {
						failed.Add(1)
					}
				}
			})
		}
		group.Wait()
		require.EqualValues(t, writers*each/5, failed.Load())
		var n int
		require.NoError(t, db.Reader().QueryRowContext(t.Context(), "SELECT n FROM things WHERE id = 'counter'").Scan(&n))
		require.Equal(t, writers*each*4/5, n)
	})
}

func TestPortableValues(t *testing.T) {
	eachEngine(t, func(t *testing.T, cfg sqldb.Config) {
		db := open(t, cfg)
		for _, id := range []string{"a", "b", `c"'`} {
			require.NoError(t, db.Update(t.Context(), sqldb.Op{}, insert(id)))
		}
		for _, tc := range []struct {
			name   string
			values []string
			want   int
		}{{"none", nil, 0}, {"some", []string{"a", `c"'`, "unknown"}, 2}} {
			var n int
			require.NoError(t, db.Reader().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM things WHERE id "+db.In(1), sqldb.List(tc.values)).Scan(&n), tc.name)
			require.Equal(t, tc.want, n, tc.name)
		}
		var either int
		require.NoError(t, db.Reader().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM things WHERE NOT (id "+db.In(1)+" OR id "+db.In(2)+") AND id < 'm'",
			sqldb.List([]string{"a"}), sqldb.List([]string{"b"})).Scan(&either))
		require.Equal(t, 1, either)
		var x, y int
		require.NoError(t, db.Reader().QueryRowContext(t.Context(), "SELECT n + $2, n + $1 FROM things WHERE id = 'a'", 1, 2).Scan(&x, &y))
		require.Equal(t, [2]int{2, 1}, [2]int{x, y}, "parameters bind by number")
	})
	at := time.Date(2026, 1, 2, 3, 4, 5, 678901999, time.FixedZone("", 3600))
	require.Equal(t, at.Truncate(time.Microsecond).UTC(), sqldb.Time(sqldb.Micros(at)))
	require.Zero(t, sqldb.Micros(time.Time{}))
	require.True(t, sqldb.Time(0).IsZero())
}

func now(t *testing.T, db *sqldb.DB) (us int64) {
	t.Helper()
	require.NoError(t, db.Reader().QueryRowContext(t.Context(), "SELECT altis_now()").Scan(&us))
	return us
}

func TestTheClock(t *testing.T) {
	eachEngine(t, func(t *testing.T, cfg sqldb.Config) {
		if strings.HasPrefix(cfg.DSN, "sqlite:") { // SQLite: by the configuration, for each database by itself
			at := time.UnixMicro(1_700_000_000_123_457)
			cfg.Clock = func() time.Time { return at }
			db := open(t, cfg)
			other := open(t, sqldb.Config{DSN: "sqlite:" + filepath.Join(t.TempDir(), "other.db")})
			require.Equal(t, at.UnixMicro(), now(t, db))
			at = at.Add(time.Microsecond)
			require.Equal(t, at.UnixMicro(), now(t, db))
			require.Less(t, time.Since(time.UnixMicro(now(t, other))), time.Minute)
			require.Error(t, sqldb.EnableTestClock(t.Context(), db))
			require.Error(t, sqldb.SetClockOffset(t.Context(), db, time.Hour))
			return
		}
		db := open(t, cfg)
		require.Less(t, time.Since(time.UnixMicro(now(t, db))), time.Minute)
		require.Error(t, sqldb.SetClockOffset(t.Context(), db, time.Hour), "not before EnableTestClock")
		require.NoError(t, sqldb.EnableTestClock(t.Context(), db))
		require.NoError(t, sqldb.SetClockOffset(t.Context(), db, time.Hour))
		require.NoError(t, sqldb.EnableTestClock(t.Context(), db), "again changes nothing")
		require.InDelta(t, float64(time.Now().Add(time.Hour).UnixMicro()), float64(now(t, db)), 1e7)
		require.NoError(t, sqldb.SetClockOffset(t.Context(), db, -time.Hour))
		require.InDelta(t, float64(time.Now().Add(-time.Hour).UnixMicro()), float64(now(t, db)), 1e7)
	})
}

func TestLockSessions(t *testing.T) {
	eachEngine(t, func(t *testing.T, cfg sqldb.Config) {
		db := open(t, cfg)
		a, err := db.LockSession(t.Context())
		require.NoError(t, err)
		b, err := db.LockSession(t.Context())
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, b.Close()) })
		try := func(s *sqldb.LockSession, key int64) bool {
			ok, err := s.TryLock(t.Context(), key)
			require.NoError(t, err)
			return ok
		}
		require.True(t, try(a, 1))
		require.True(t, try(a, 2))
		require.False(t, try(b, 1))
		require.True(t, try(b, -3))
		require.NoError(t, a.Unlock(t.Context(), 1))
		require.True(t, try(b, 1))
		require.NoError(t, a.Ping(t.Context()))
		require.NoError(t, a.Close())
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		require.NoError(t, b.Lock(ctx, 2), "closing gives back")
	})
}
