package sqldb_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
)

// TestCopiesOfFilesShowOneInstant writes to one file and then to the other, over and over: a copy of both never has more in
// the second than in the first, nor more than one less. Others write to both without a pause.
func TestCopiesOfFilesShowOneInstant(t *testing.T) {
	dir := t.TempDir()
	names := []string{filepath.Join(dir, "first?#%.db"), filepath.Join(dir, "second.db")}
	dbs := make([]*sqldb.DB, len(names))
	write := func(i int, statement string) {
		require.NoError(t, dbs[i].Do(context.WithoutCancel(t.Context()), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, statement)
			return err
		}))
	}
	for i, name := range names {
		dbs[i] = open(t, sqldb.Config{DSN: "sqlite:" + name})
		write(i, "CREATE TABLE steps (n BIGINT)")
		write(i, "CREATE TABLE noise (n BIGINT)")
	}
	stop := make(chan struct{})
	var writing sync.WaitGroup
	writing.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				write(0, "INSERT INTO steps VALUES (1)")
				write(1, "INSERT INTO steps VALUES (1)")
			}
		}
	})
	for i := range dbs {
		for range 4 {
			writing.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
						write(i, "INSERT INTO noise VALUES (1)")
					}
				}
			})
		}
	}
	defer writing.Wait()
	defer close(stop)
	last := 0
	for round := range 20 {
		copies := []string{filepath.Join(dir, "copies", string(rune('a'+round)), "1.db"), filepath.Join(dir, "copies", string(rune('a'+round)), "2.db")}
		counts := make([]int, len(copies))
		require.NoError(t, sqldb.CopyFiles(t.Context(), sqldb.FileCopy{From: names[0], To: copies[0]}, sqldb.FileCopy{From: names[1], To: copies[1]}))
		for i, name := range copies {
			db := open(t, sqldb.Config{DSN: "sqlite:" + name})
			require.NoError(t, db.Reader().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM steps").Scan(&counts[i]))
		}
		require.Contains(t, []int{0, 1}, counts[0]-counts[1])
		require.GreaterOrEqual(t, counts[0], last)
		last = counts[0]
	}
	require.Positive(t, last)
}

func TestCopiesReplaceNothing(t *testing.T) {
	dir := t.TempDir()
	from := filepath.Join(dir, "from.db")
	open(t, sqldb.Config{DSN: "sqlite:" + from})
	to := filepath.Join(dir, "to.db")
	require.NoError(t, sqldb.CopyFiles(t.Context(), sqldb.FileCopy{From: from, To: to}))
	require.ErrorContains(t, sqldb.CopyFiles(t.Context(), sqldb.FileCopy{From: from, To: to}), "exists")
	require.ErrorContains(t, sqldb.CopyFiles(t.Context(), sqldb.FileCopy{From: filepath.Join(dir, "none.db"), To: filepath.Join(dir, "x.db")}), "none.db")
	require.NoFileExists(t, filepath.Join(dir, "none.db"))
}
