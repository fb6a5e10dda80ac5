package durable

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
)

// lateClaim is the crashStep of a process that is killed while the server still works on its claim.
const lateClaim = "late claim"

// lateKey is the advisory lock that claims on the server wait for in the test of such a process.
const lateKey = 4711

func TestALateStatementOfTheDeadIsGivenBack(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		var ran tally
		q := f.queue(Options{Handlers: map[string]Handler{"count": counting(&ran)}})
		f.enqueue(f.queue(Options{}), Spec{Kind: "count", Lane: LaneReply, Delay: time.Hour})
		require.NoError(t, f.db.Do(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO task_owners (id, started_at) VALUES ('ghost', 0)")
			return err
		}))
		var once sync.Once
		q.probe = func(step string) {
			if step != "reclaimed" {
				return
			}
			once.Do(func() { // a claim that the ghost had sent commits now
				err := f.db.Do(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
					_, err := tx.ExecContext(ctx, "UPDATE tasks SET owner = 'ghost', fence = 1, attempt = 1")
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		f.start(q)
		f.empty("a later sweep gives it back")
		require.Equal(t, 1, ran.total())
		eventually(t, func() bool { return f.owners() == 1 }, "in the end the dead are forgotten")
	})
}

// owners counts the known owners.
func (f *fixture) owners() (n int) {
	f.t.Helper()
	require.NoError(f.t, f.db.Reader().QueryRowContext(f.t.Context(), "SELECT COUNT(*) FROM task_owners").Scan(&n))
	return n
}

// TestAClaimOfAKilledProcessThatCommitsLateIsGivenBack is about PostgreSQL, whose server goes on with what a client sent
// before it died. The statements of SQLite die with their process.
func TestAClaimOfAKilledProcessThatCommitsLateIsGivenBack(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	f := open(t, sqldb.Config{DSN: testkit.Postgres(t), Schema: "svc_test", PageConns: 2})
	require.NoError(t, f.db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, fmt.Sprintf(`
			CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
				IF NEW.owner <> '' THEN PERFORM pg_advisory_xact_lock(%d); END IF;
				RETURN NEW;
			END $$;
			CREATE TRIGGER hold BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION hold();`, lateKey))
		return err
	}))
	f.enqueue(f.queue(Options{}), Spec{Kind: "count", Lane: LaneReply})
	session, err := f.db.LockSession(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, session.Close()) }()
	held, err := session.TryLock(t.Context(), lateKey)
	require.NoError(t, err)
	require.True(t, held)

	child := exec.CommandContext(t.Context(), self, "-test.run=^$")
	child.Env = append(os.Environ(), crashStep+"="+lateClaim, crashDSN+"="+f.cfg.DSN, crashSchema+"="+f.cfg.Schema)
	require.NoError(t, child.Start())
	waiting := func() (n int) {
		require.NoError(t, f.db.Reader().QueryRowContext(t.Context(), `
			SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&n))
		return n
	}
	eventually(t, func() bool { return waiting() == 1 }, "the server works on the claim")
	require.NoError(t, child.Process.Kill())
	require.Error(t, child.Wait())

	var ran tally
	q := f.queue(Options{Handlers: map[string]Handler{"count": counting(&ran)}})
	swept := make(chan struct{}, 100)
	q.probe = func(step string) {
		if step == "reclaimed" {
			swept <- struct{}{}
		}
	}
	f.start(q)
	<-swept
	require.Equal(t, 1, waiting(), "the server does not know yet that the client is dead")
	require.Equal(t, 1, f.count("owner = ''"))
	require.NoError(t, session.Unlock(t.Context(), lateKey))
	f.empty("claimed by the dead for an hour, and given back all the same")
	require.Equal(t, 1, ran.total())
	eventually(t, func() bool { return f.owners() == 1 }, "in the end the dead are forgotten")
}

// lateChild claims tasks for an hour until it is killed.
func lateChild() {
	must := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, "late child:", err)
			os.Exit(1)
		}
	}
	ctx := context.Background()
	db, err := sqldb.Open(ctx, sqldb.Config{DSN: os.Getenv(crashDSN), Schema: os.Getenv(crashSchema), PageConns: 2})
	must(err)
	q, err := New(Options{DB: db, Service: "late", Handlers: map[string]Handler{"count": counting(&tally{})}})
	must(err)
	q.lease = time.Hour
	must(q.Run(ctx))
}
