package durable

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
)

// The variables that make this test binary the process that is to die.
const (
	crashStep   = "ALTIS_DURABLE_CRASH_STEP"
	crashDSN    = "ALTIS_DURABLE_CRASH_DSN"
	crashSchema = "ALTIS_DURABLE_CRASH_SCHEMA"
	crashAcks   = "ALTIS_DURABLE_CRASH_ACKS" // file: a line for each task whose Update returned nil
)

// crashSteps are all the places at which a process is killed, with how often it passes them before.
var crashSteps = map[string]int64{
	"inserted": 40, "committed": 40, "claimed": 3, "running": 40, "handled": 40, "completing": 4, "completed": 4, "renewed": 2,
}

// effectHandlers record each task's effect once. Every third task fails first, every tenth needs its lease renewed.
func effectHandlers(db *sqldb.DB, lease time.Duration) map[string]Handler {
	return map[string]Handler{"effect": {
		Backoff: func(int) time.Duration { return 20 * time.Millisecond },
		Run: func(ctx context.Context, task Task) error {
			if strings.HasSuffix(task.Key, "3") && task.Attempt == 1 {
				return errors.New("the first attempt fails")
			}
			if strings.HasSuffix(task.Key, "0") {
				sleep(ctx, lease)
			}
			return db.Update(ctx, sqldb.Op{Page: task.Lane == LanePage}, func(ctx context.Context, tx sqldb.Tx) error {
				result, err := tx.ExecContext(ctx, "INSERT INTO effects (task, name) VALUES ($1, $2) ON CONFLICT DO NOTHING", task.ID, task.Key)
				if err != nil {
					return err
				}
				if n, err := result.RowsAffected(); err != nil || n == 0 {
					return err
				}
				_, err = tx.ExecContext(ctx, "UPDATE total SET n = n + 1")
				return err
			})
		},
	}}
}

// crashChild makes and runs tasks until it kills itself at the step.
func crashChild(step string) {
	must := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, "crash child:", err)
			os.Exit(1)
		}
	}
	ctx := context.Background()
	db, err := sqldb.Open(ctx, sqldb.Config{DSN: os.Getenv(crashDSN), Schema: os.Getenv(crashSchema), PageConns: 2})
	must(err)
	acks, err := os.OpenFile(os.Getenv(crashAcks), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	must(err)
	const lease = time.Second
	q, err := New(Options{DB: db, Service: "crash", Handlers: effectHandlers(db, lease), Workers: map[Lane]int{LanePage: 4, LaneReply: 4}})
	must(err)
	q.lease = lease
	var passed atomic.Int64
	q.probe = func(at string) {
		if at == step && passed.Add(1) >= crashSteps[step] {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal is on its way: do nothing more
		}
	}
	var group sync.WaitGroup
	group.Go(func() { must(q.Run(ctx)) })
	for producer := range 4 {
		group.Go(func() {
			for i := 0; ; i++ {
				name := fmt.Sprintf("born-%d-%d", producer, i)
				must(q.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *Tx) error {
					return tx.Enqueue(ctx, Spec{Kind: "effect", Lane: Lane(producer % 2), Key: name})
				}))
				_, err := fmt.Fprintln(acks, name) // one write: the kernel keeps it when the process dies
				must(err)
			}
		})
	}
	group.Wait()
}

func TestAKilledProcessLosesNothing(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	for step := range crashSteps {
		t.Run(step, func(t *testing.T) {
			t.Parallel() // they mostly wait
			eachConfig(t, func(t *testing.T, cfg sqldb.Config) {
				names := prepareCrash(t, cfg)
				acks := filepath.Join(t.TempDir(), "acks")
				child := exec.CommandContext(t.Context(), self, "-test.run=^$")
				child.Env = append(os.Environ(), crashStep+"="+step, crashDSN+"="+cfg.DSN, crashSchema+"="+cfg.Schema, crashAcks+"="+acks)
				output, err := child.CombinedOutput()
				exit, ok := errors.AsType[*exec.ExitError](err)
				require.True(t, ok, "%v", err)
				require.Equal(t, syscall.SIGKILL, exit.Sys().(syscall.WaitStatus).Signal(), "%s", output)
				names = append(names, lines(t, acks)...)
				recoverCrash(t, cfg, names)
			})
		})
	}
}

// prepareCrash makes the tables and tasks that have to be claimed, and returns these tasks' names.
func prepareCrash(t *testing.T, cfg sqldb.Config) (names []string) {
	t.Helper()
	db, err := sqldb.Open(t.Context(), cfg)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }() // SQLite: the child needs the file
	require.NoError(t, db.Migrate(t.Context(), Migrations()))
	require.NoError(t, db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		for _, statement := range []string{
			"CREATE TABLE effects (task TEXT PRIMARY KEY, name TEXT NOT NULL)", "CREATE TABLE total (n BIGINT NOT NULL)", "INSERT INTO total (n) VALUES (0)",
		} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	}))
	q, err := New(Options{DB: db, Service: "crash"})
	require.NoError(t, err)
	require.NoError(t, q.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx *Tx) error {
		for i := range 100 {
			names = append(names, fmt.Sprintf("claimed-%d", i))
			if err := tx.Enqueue(ctx, Spec{Kind: "effect", Lane: Lane(i % 2), Key: names[i]}); err != nil {
				return err
			}
		}
		return nil
	}))
	return names
}

// recoverCrash runs the queue again and checks that each named task had its effect exactly once.
func recoverCrash(t *testing.T, cfg sqldb.Config, names []string) {
	t.Helper()
	f := open(t, cfg)
	q := f.queue(Options{Handlers: effectHandlers(f.db, 10*time.Millisecond)})
	began := time.Now()
	f.start(q)
	f.empty("all tasks are done")
	require.Less(t, time.Since(began), 15*time.Second)
	var effects, total int
	require.NoError(t, f.db.Reader().QueryRowContext(t.Context(), "SELECT (SELECT COUNT(*) FROM effects), (SELECT n FROM total)").Scan(&effects, &total))
	require.Equal(t, effects, total, "no effect twice")
	require.GreaterOrEqual(t, effects, len(names))
	rows, err := f.db.Reader().QueryContext(t.Context(), "SELECT name FROM effects")
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	seen := map[string]int{}
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		seen[name]++
	}
	require.NoError(t, rows.Err())
	for _, name := range names {
		require.Equal(t, 1, seen[name], name)
	}
}

func lines(t *testing.T, path string) (all []string) {
	t.Helper()
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		all = append(all, scanner.Text())
	}
	require.NoError(t, scanner.Err())
	return all
}
