package sqldb_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
)

func openLite(t *testing.T) *sqldb.DB {
	return open(t, sqldb.Config{DSN: "sqlite:" + filepath.Join(t.TempDir(), "lite.db")})
}

func TestAFileHasOneOwner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "odd name?#%.db")
	first, err := sqldb.Open(t.Context(), sqldb.Config{DSN: "sqlite:" + path})
	require.NoError(t, err)
	_, err = sqldb.Open(t.Context(), sqldb.Config{DSN: "sqlite:" + path})
	require.ErrorContains(t, err, path)
	require.ErrorContains(t, err, "in use")
	require.NoError(t, first.Close())
	require.FileExists(t, path)
	again, err := sqldb.Open(t.Context(), sqldb.Config{DSN: "sqlite:" + path})
	require.NoError(t, err)
	require.NoError(t, again.Close())
	require.ErrorIs(t, again.Update(t.Context(), sqldb.Op{}, insert("late")), sqldb.ErrClosed)
}

// hold occupies the writer until the returned function is called.
func hold(t *testing.T, db *sqldb.DB) (release func()) {
	t.Helper()
	inside, gate, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- db.Update(t.Context(), sqldb.Op{}, func(context.Context, sqldb.Tx) error {
			close(inside)
			<-gate
			return nil
		})
	}()
	<-inside
	return func() {
		close(gate)
		require.NoError(t, <-done)
	}
}

// queued waits until n goroutines are blocked in handing an operation to the writer.
func queued(t *testing.T, n int) {
	t.Helper()
	testkit.Eventually(t, func() bool {
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		return countOf(string(stacks), "sqldb.(*writer).submit") >= n+1 // and the one that holds it
	}, "%d operations wait", n)
}

func countOf(text, part string) (n int) {
	for i := 0; i+len(part) <= len(text); i++ {
		if text[i:i+len(part)] == part {
			n++
		}
	}
	return n
}

func TestThePageLaneGoesFirst(t *testing.T) {
	db := openLite(t)
	release := hold(t, db)
	var mu sync.Mutex
	var order []string
	var group sync.WaitGroup
	submit := func(name string, op sqldb.Op) {
		group.Go(func() {
			err := db.Update(t.Context(), op, func(context.Context, sqldb.Tx) error {
				mu.Lock()
				defer mu.Unlock()
				order = append(order, name)
				return nil
			})
			require.NoError(t, err)
		})
	}
	for range 3 {
		submit("normal", sqldb.Op{})
	}
	queued(t, 3)
	submit("page", sqldb.Op{Page: true})
	queued(t, 4)
	release()
	group.Wait()
	require.Equal(t, []string{"page", "normal", "normal", "normal"}, order)
}

func TestAFailedCommitFailsEveryMember(t *testing.T) {
	db := openLite(t)
	require.NoError(t, db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, "CREATE TABLE late (id TEXT REFERENCES things (id) DEFERRABLE INITIALLY DEFERRED)")
		return err
	}))
	release := hold(t, db)
	results := make(chan error, 3)
	for i := range 2 {
		go func() { results <- db.Update(t.Context(), sqldb.Op{}, insert(fmt.Sprint(i))) }()
	}
	go func() {
		results <- db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO late (id) VALUES ('nobody')")
			return err
		})
	}()
	queued(t, 3)
	release()
	for range 3 {
		require.ErrorContains(t, <-results, "FOREIGN KEY")
	}
	require.Zero(t, count(t, db, "_"))
	require.NoError(t, db.Update(t.Context(), sqldb.Op{}, insert("after")), "the writer goes on")
}

func TestTheWriterSurvivesAnOperationThatEndsItsGoroutine(t *testing.T) {
	db := openLite(t)
	for range 3 {
		require.Error(t, db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			require.NoError(t, insert("undone")(ctx, tx))
			runtime.Goexit()
			return nil
		}))
	}
	require.NoError(t, db.Update(t.Context(), sqldb.Op{}, insert("after")))
	require.Zero(t, count(t, db, "undone"))
	require.Equal(t, 1, count(t, db, "after"))
}

func TestOnlySoftGroupsSkipTheSync(t *testing.T) {
	db := openLite(t)
	for _, tc := range []struct {
		op   sqldb.Op
		want int
	}{{sqldb.Op{Soft: true}, 1}, {sqldb.Op{}, 2}, {sqldb.Op{Page: true, Soft: true}, 1}, {sqldb.Op{Page: true}, 2}} {
		var got int
		require.NoError(t, db.Update(t.Context(), tc.op, func(ctx context.Context, tx sqldb.Tx) error {
			return tx.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&got)
		}))
		require.Equal(t, tc.want, got, "%+v", tc.op)
	}
	release := hold(t, db)
	settings := make(chan int, 2)
	for _, soft := range []bool{true, false} {
		go func() {
			var got int
			err := db.Update(t.Context(), sqldb.Op{Soft: soft}, func(ctx context.Context, tx sqldb.Tx) error {
				return tx.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&got)
			})
			if err != nil {
				got = -1
			}
			settings <- got
		}()
	}
	queued(t, 2)
	release()
	require.Equal(t, []int{2, 2}, []int{<-settings, <-settings}, "a durable member makes the group durable")
}

func TestRowsLeftOpenAreClosed(t *testing.T) {
	db := openLite(t)
	for range 3 {
		refused := errors.New("refused")
		require.ErrorIs(t, db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			rows, err := tx.QueryContext(ctx, "SELECT id FROM things UNION ALL SELECT 'more' UNION ALL SELECT 'and more'")
			require.NoError(t, err)
			require.True(t, rows.Next())
			require.NoError(t, rows.Err())
			return refused
		}), refused)
	}
	require.NoError(t, db.Update(t.Context(), sqldb.Op{}, insert("after")))
}

func TestMoreStatementsThanTheCacheHolds(t *testing.T) {
	db := openLite(t)
	for i := range 1100 {
		var n int
		query := fmt.Sprintf("SELECT %d", i)
		require.NoError(t, db.Reader().QueryRowContext(t.Context(), query).Scan(&n))
		require.Equal(t, i, n)
		if i%2 == 0 {
			require.NoError(t, db.Update(t.Context(), sqldb.Op{Soft: true}, func(ctx context.Context, tx sqldb.Tx) error {
				return tx.QueryRowContext(ctx, query+" + 1").Scan(&n)
			}))
			require.Equal(t, i+1, n)
		}
	}
}

func TestReadersCannotWrite(t *testing.T) {
	db := openLite(t)
	_, err := db.Reader().ExecContext(t.Context(), "INSERT INTO things (id) VALUES ('x')")
	require.Error(t, err)
	require.Zero(t, count(t, db, "x"))
}

func TestReadsGoOnDuringAWrite(t *testing.T) {
	db := openLite(t)
	release := hold(t, db)
	defer release()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	var n int
	require.NoError(t, db.Reader().QueryRowContext(ctx, "SELECT COUNT(*) FROM things").Scan(&n))
}
