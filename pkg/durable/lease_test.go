package durable

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
)

// gate is a handler whose runs wait to be let through.
type gate struct {
	started, release chan struct{}
	runs             atomic.Int64
	stopped          chan error // why a run's context ended before
}

func newGate() *gate {
	return &gate{started: make(chan struct{}, 100), release: make(chan struct{}), stopped: make(chan error, 100)}
}

func (g *gate) handler() Handler {
	return Handler{Run: func(ctx context.Context, _ Task) error {
		g.runs.Add(1)
		g.started <- struct{}{}
		select {
		case <-g.release:
			return nil
		case <-ctx.Done():
			g.stopped <- context.Cause(ctx)
			return ctx.Err()
		}
	}}
}

func (q *Queue) currentOwner() string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.owner
}

func TestTheLeasesOfTheDeadAreGivenBack(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		living := f.queue(Options{Handlers: map[string]Handler{"held": newGate().handler()}, Drain: time.Millisecond})
		f.start(living)
		f.enqueue(living, Spec{Kind: "held", Lane: LaneReply})

		var ran tally
		q := f.queue(Options{Handlers: map[string]Handler{"count": counting(&ran), "held": counting(&ran)}})
		orphan := func() { // a long lease of an owner whose lock nobody holds
			f.enqueue(f.queue(Options{}), Spec{Kind: "count", Lane: LaneReply})
			require.NoError(t, f.db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
				if _, err := tx.ExecContext(ctx, "UPDATE tasks SET owner = 'ghost', fence = 7, run_at = run_at + 3600000000 WHERE kind = 'count'"); err != nil {
					return err
				}
				_, err := tx.ExecContext(ctx, "INSERT INTO task_owners (id, started_at) VALUES ('ghost', 0) ON CONFLICT DO NOTHING")
				return err
			}))
		}
		orphan()
		f.start(q)
		eventually(t, func() bool { return ran.total() == 1 && f.count("kind = 'count'") == 0 }, "found at the start")
		orphan()
		eventually(t, func() bool { return ran.total() == 2 && f.count("kind = 'count'") == 0 }, "found later")
		require.Equal(t, 1, f.count("kind = 'held' AND owner = $1", living.currentOwner()), "the living keep theirs")
		require.EqualValues(t, 2, living.Stats().Reclaimed+q.Stats().Reclaimed)
	})
}

func TestAPauseBeyondTheLeaseDoesNotRunATaskTwice(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		g := newGate()
		q := f.queue(Options{Handlers: map[string]Handler{"held": g.handler()}})
		f.start(q)
		f.enqueue(q, Spec{Kind: "held", Lane: LaneReply})
		<-g.started
		eventually(t, func() bool {
			f.advance(2 * q.lease) // for the database the lease is over
			q.lanes[LaneReply].signal()
			return q.Stats().Adopted > 0
		}, "claimed again")
		require.Equal(t, 1, f.count("fence > 1 AND owner = $1", q.currentOwner()))
		close(g.release)
		f.empty("completed under the new fence")
		require.EqualValues(t, 1, g.runs.Load())
		require.Zero(t, q.Stats().Lost)
	})
}

func TestAClaimThatOvertakesTheCompletionDoesNotRunATaskTwice(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		var ran tally
		q := f.queue(Options{Handlers: map[string]Handler{"count": counting(&ran)}})
		l := q.lanes[LaneReply]
		var commit, answer sync.Once
		var id string
		q.probe = func(step string) {
			switch step {
			case "completing": // a claim of this process's commits now, and its answer is read after the completion's
				commit.Do(func() {
					err := f.db.Do(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
						return tx.QueryRowContext(ctx, "UPDATE tasks SET fence = 2, attempt = 2 RETURNING id").Scan(&id)
					})
					if err != nil {
						t.Error(err)
					}
				})
			case "completed":
				answer.Do(func() {
					q.mu.Lock()
					defer q.mu.Unlock()
					if q.stats.Lost != 1 {
						t.Error("the completion did not find the lease lost")
					}
					q.claimed(l, claimRow{ID: id, Kind: "count", Lane: int64(l.id), Attempt: 2, Fence: 2}, q.owner, q.now().Add(q.lease))
				})
			}
		}
		f.start(q)
		f.enqueue(q, Spec{Kind: "count", Lane: LaneReply})
		f.empty("completed under the new fence")
		require.Equal(t, 1, ran.total())
	})
}

func TestPagesKeepTheirLeasesWhileOtherConnectionsAreStuck(t *testing.T) {
	t.Parallel()
	f := open(t, sqldb.Config{DSN: testkit.Postgres(t), Schema: "svc_test", SoftConns: 1, PageConns: 2})
	g := newGate()
	q := f.queue(Options{Handlers: map[string]Handler{"held": g.handler()}})
	f.start(q)
	f.enqueue(q, Spec{Kind: "held", Lane: LanePage}, Spec{Kind: "held", Lane: LaneReply})
	<-g.started
	<-g.started
	inside, release, stuck := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	goOn := sync.OnceFunc(func() { close(release); close(g.release) })
	t.Cleanup(goOn)
	go func() {
		stuck <- f.db.Update(t.Context(), sqldb.Op{Soft: true}, func(context.Context, sqldb.Tx) error {
			close(inside)
			<-release
			return nil
		})
	}()
	<-inside
	before := q.Stats().Renewed // one of the reply lane may be among them, but none comes any more
	eventually(t, func() bool { return q.Stats().Renewed >= before+2 }, "renewed again and again")
	goOn()
	require.NoError(t, <-stuck)
	f.empty("completed")
}

func TestALeaseIsRenewedAsLongAsATaskRuns(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		g := newGate()
		q := f.queue(Options{Handlers: map[string]Handler{"held": g.handler()}})
		f.start(q)
		f.enqueue(q, Spec{Kind: "held", Lane: LanePage}, Spec{Kind: "held", Lane: LaneReply})
		<-g.started
		<-g.started
		eventually(t, func() bool { return q.Stats().Renewed >= 2 }, "renewed")
		require.Equal(t, 2, f.count("run_at > altis_now() AND fence = 1"))
		close(g.release)
		f.empty("completed")
		require.EqualValues(t, 2, g.runs.Load())
	})
}

func TestALeaseLostToAnotherProcessStopsTheTask(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		g := newGate()
		q := f.queue(Options{Handlers: map[string]Handler{"held": g.handler()}})
		f.start(q)
		f.enqueue(q, Spec{Kind: "held", Lane: LaneReply})
		<-g.started
		require.NoError(t, f.db.Do(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, "UPDATE tasks SET owner = 'other', fence = 2, attempt = 2")
			return err
		}))
		require.ErrorIs(t, <-g.stopped, errLeaseLost)
		eventually(t, func() bool { return q.Stats().Lost == 1 }, "its outcome is void")
		require.Equal(t, 1, f.count("owner = 'other' AND fence = 2 AND attempt = 2"))
	})
}

func TestAWaitingTaskWithoutALeaseDoesNotStart(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		q := f.queue(Options{Handlers: map[string]Handler{"count": counting(&tally{})}})
		now := time.Now()
		h := &held{deadline: now.Add(q.lease)}
		for name, tc := range map[string]struct {
			now  time.Time
			want bool
		}{
			"at once":                              {now, true},
			"near the end":                         {now.Add(q.lease - leaseMargin), false},
			"after a suspension (wall clock only)": {now.Round(0).Add(time.Hour), false},
			"a moment later":                       {now.Add(time.Second), true},
		} {
			q.now = func() time.Time { return tc.now }
			require.Equal(t, tc.want, q.holds(h), name)
		}
	})
}

func TestALostSessionMeansANewOwner(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		if f.db.Engine() == sqldb.SQLite {
			return // its sessions live in this process and cannot be lost
		}
		g := newGate()
		var ran tally
		q := f.queue(Options{Handlers: map[string]Handler{"held": g.handler(), "count": counting(&ran)}})
		f.start(q)
		before := q.currentOwner()
		f.enqueue(q, Spec{Kind: "held", Lane: LaneReply})
		<-g.started
		_, err := f.db.Reader().ExecContext(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'altis-locks' AND datname = current_database()")
		require.NoError(t, err)
		eventually(t, func() bool { owner := q.currentOwner(); return owner != "" && owner != before }, "a new owner")
		eventually(t, func() bool { return q.Stats().Adopted == 1 }, "its own task is claimed again and goes on")
		f.enqueue(q, Spec{Kind: "count", Lane: LaneReply})
		close(g.release)
		f.empty("all done")
		require.EqualValues(t, 1, g.runs.Load())
		require.Equal(t, 1, ran.total())
	})
}

func TestShutdown(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		g := newGate()
		q := f.queue(Options{Handlers: map[string]Handler{"held": g.handler()}, Workers: map[Lane]int{LaneReply: 2}})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- q.Run(ctx) }()
		eventually(t, func() bool { return q.currentOwner() != "" }, "running")
		f.enqueue(q, specs(6, "held", LaneReply)...)
		<-g.started
		<-g.started
		cancel()
		eventually(t, func() bool { return f.count("owner = '' AND attempt = 0") == 4 }, "those that wait are given back at once")
		f.enqueue(q, Spec{Kind: "held", Lane: LaneReply}) // a handler that still runs may make more
		require.Equal(t, 5, f.count("owner = '' AND attempt = 0"))
		close(g.release)
		require.NoError(t, <-done)
		require.EqualValues(t, 2, g.runs.Load(), "those that run finish")
		require.Equal(t, 5, f.count("owner = ''"))
		require.Equal(t, 5, f.count("1 = 1"))
		var owners int
		require.NoError(t, f.db.Reader().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM task_owners").Scan(&owners))
		require.Zero(t, owners)
	})
}

func TestShutdownDoesNotWaitForEver(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		g := newGate()
		q := f.queue(Options{Handlers: map[string]Handler{"held": g.handler()}, Drain: time.Millisecond})
		stop := f.start(q)
		f.enqueue(q, Spec{Kind: "held", Lane: LaneReply})
		<-g.started
		stop()
		require.ErrorIs(t, <-g.stopped, errStopping)
		require.Equal(t, 1, f.count("owner = '' AND attempt = 0 AND run_at <= altis_now() AND last_error = ''"), "free at once, and not the task's fault")
	})
}

// bell is a Bell for two queues of one test.
type bell struct {
	mu        sync.Mutex
	listeners []chan struct{}
}

func (b *bell) Ring(string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.listeners {
		select {
		case l <- struct{}{}:
		default:
		}
	}
}

func (b *bell) Listen(context.Context, string) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := make(chan struct{}, 1)
	b.listeners = append(b.listeners, l)
	return l
}

func TestTheBellWakesOtherReplicas(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		shared := &bell{}
		ran := make(chan time.Time, 1)
		other := f.queue(Options{Bell: shared, Handlers: map[string]Handler{"count": {Run: func(context.Context, Task) error {
			ran <- time.Now()
			return nil
		}}}})
		f.start(other)
		maker := f.queue(Options{Bell: shared}) // does not run such tasks itself
		quickest := time.Hour
		for range 5 { // its poll alone would take half a second each time, on average
			began := time.Now()
			f.enqueue(maker, Spec{Kind: "count", Lane: LaneReply})
			quickest = min(quickest, (<-ran).Sub(began))
		}
		require.Less(t, quickest, 300*time.Millisecond)
		f.empty("done")
	})
}

func TestOnlyTheCompletionsThatAskForItAreDurable(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		if f.db.Engine() == sqldb.SQLite {
			return // has no way to tell from inside; sqldb's tests look at its groups
		}
		require.NoError(t, f.db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, `
				CREATE TABLE deletions (kind TEXT, setting TEXT);
				CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
					INSERT INTO deletions VALUES (OLD.kind, current_setting('synchronous_commit'));
					RETURN OLD;
				END $$;
				CREATE TRIGGER note BEFORE DELETE ON tasks FOR EACH ROW EXECUTE FUNCTION note();`)
			return err
		}))
		run := func(context.Context, Task) error { return nil }
		q := f.queue(Options{Handlers: map[string]Handler{"sms": {DurableComplete: true, Run: run}, "webhook": {Run: run}}})
		f.start(q)
		for _, lane := range []Lane{LanePage, LaneReply} {
			f.enqueue(q, specs(5, "sms", lane)...)
			f.empty("done")
			f.enqueue(q, specs(5, "webhook", lane)...)
			f.empty("done")
		}
		var durable, soft int
		require.NoError(t, f.db.Reader().QueryRowContext(t.Context(), `SELECT COUNT(*) FILTER (WHERE kind = 'sms' AND setting = 'on'),
			COUNT(*) FILTER (WHERE kind = 'webhook' AND setting = 'off') FROM deletions`).Scan(&durable, &soft))
		require.Equal(t, [2]int{10, 10}, [2]int{durable, soft})
	})
}

func TestATimeoutIsAFailure(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		q := f.queue(Options{Handlers: map[string]Handler{"slow": {
			Timeout: time.Millisecond, Backoff: func(int) time.Duration { return time.Hour },
			Run: func(ctx context.Context, _ Task) error {
				<-ctx.Done()
				return errors.Join(ctx.Err(), context.Cause(ctx))
			},
		}}})
		f.start(q)
		f.enqueue(q, Spec{Kind: "slow", Lane: LaneReply})
		eventually(t, func() bool { return f.count("owner = '' AND attempt = 1 AND last_error LIKE '%deadline%'") == 1 }, "it has failed")
	})
}
