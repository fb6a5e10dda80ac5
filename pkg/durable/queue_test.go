package durable

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/trace"

	"altis-dxp.com/support/pkg/sqldb"
)

func TestATaskRunsAfterItsCommit(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		ran := make(chan Task, 10)
		q := f.queue(Options{Handlers: map[string]Handler{"greet": {Run: func(_ context.Context, task Task) error {
			ran <- task
			return nil
		}}}})
		f.start(q)
		refused := errors.New("refused")
		require.ErrorIs(t, q.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx *Tx) error {
			require.NoError(t, tx.Enqueue(ctx, Spec{Kind: "greet", Payload: []byte("undone")}))
			return refused
		}), refused)
		eventually(t, func() bool { return q.Stats().Held == [lanes]int{} }, "slots are given back")

		for _, lane := range []Lane{LanePage, LaneReply, LaneNotice, LaneDigest} {
			payload := `{"text":"'quoted\" \u0000 ` + "\n" + `ünïcode"}`
			f.enqueue(q, Spec{Kind: "greet", Lane: lane, Key: "k", Payload: []byte(payload), Trace: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"})
			task := <-ran
			require.Equal(t, payload, string(task.Payload))
			require.Equal(t, lane, task.Lane)
			require.Equal(t, "k", task.Key)
			require.Equal(t, 1, task.Attempt)
		}
		f.empty("completed tasks are deleted")
		stats := q.Stats()
		require.EqualValues(t, 4, stats.Born)
		require.Zero(t, stats.Claimed)
		require.Empty(t, ran)
	})
}

func TestAClaimedTaskIsTheOneThatWasMade(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		want := Spec{Kind: "greet", Lane: LaneReply, Key: "k", Payload: []byte(`{"a":"ü"}`), Trace: "t"}
		f.enqueue(f.queue(Options{}), want) // a queue that does not run only inserts
		require.Equal(t, 1, f.count("owner = '' AND attempt = 0"))
		ran := make(chan Task, 1)
		q := f.queue(Options{Handlers: map[string]Handler{"greet": {Run: func(_ context.Context, task Task) error {
			ran <- task
			return nil
		}}}})
		f.start(q)
		got := <-ran
		require.Equal(t, want, got.Spec)
		require.WithinDuration(t, time.Now(), got.CreatedAt, time.Minute)
		require.Equal(t, 1, got.Attempt)
		f.empty("completed tasks are deleted")
	})
}

func TestUnknownKindsAreLeftToOthers(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		var known tally
		q := f.queue(Options{Handlers: map[string]Handler{"known": counting(&known)}})
		f.start(q)
		f.enqueue(q, Spec{Kind: "unknown"}, Spec{Kind: "known"})
		eventually(t, func() bool { return known.total() == 1 && f.count("1 = 1") == 1 }, "the known one runs")
		require.Equal(t, 1, f.count("kind = 'unknown' AND owner = '' AND attempt = 0"))
		f.advance(time.Minute)
		age, err := q.OldestDue(t.Context(), LanePage)
		require.NoError(t, err)
		require.GreaterOrEqual(t, age, time.Minute, "and are seen to wait")
	})
}

func TestDelayAndCancel(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		var ran tally
		q := f.queue(Options{Handlers: map[string]Handler{"later": counting(&ran)}})
		f.start(q)
		f.enqueue(q, Spec{Kind: "later", Key: "kept", Delay: time.Hour}, Spec{Kind: "later", Key: "gone", Delay: time.Hour}, Spec{Kind: "later", Delay: time.Hour})
		require.NoError(t, q.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx *Tx) error {
			n, err := tx.Cancel(ctx, "later", "gone")
			require.EqualValues(t, 1, n)
			require.NoError(t, err)
			n, err = tx.Cancel(ctx, "later", "")
			require.Zero(t, n, "an empty key matches nothing")
			require.NoError(t, err)
			// Made and cancelled at once: never runs.
			require.NoError(t, tx.Enqueue(ctx, Spec{Kind: "later", Key: "fleeting"}))
			n, err = tx.Cancel(ctx, "later", "fleeting")
			require.EqualValues(t, 1, n)
			return err
		}))
		age, err := q.OldestDue(t.Context(), LanePage)
		require.NoError(t, err)
		require.Zero(t, age)
		require.Equal(t, 2, f.count("1 = 1"))
		require.Zero(t, ran.total())
		f.advance(time.Hour)
		f.empty("both run when they are due")
		require.Equal(t, 2, ran.distinct())
		require.Equal(t, 2, ran.total())
	})
}

func TestRewrite(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		var mu sync.Mutex
		var ran []string
		q := f.queue(Options{Handlers: map[string]Handler{"tell": {Run: func(_ context.Context, task Task) error {
			mu.Lock()
			defer mu.Unlock()
			ran = append(ran, task.Key+" "+string(task.Payload))
			return nil
		}}}})
		f.start(q)
		tell := func(key, payload string) Spec {
			return Spec{Kind: "tell", Key: key, Payload: []byte(payload), Delay: time.Hour}
		}
		f.enqueue(q, tell("a", "secret"), tell("a", "other"), tell("b", "secret"))
		require.NoError(t, q.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx *Tx) error {
			require.NoError(t, tx.Enqueue(ctx, tell("a", "a new secret")))
			n, err := tx.Rewrite(ctx, "tell", "a", func(payload []byte) []byte { return bytes.ReplaceAll(payload, []byte("secret"), []byte("...")) })
			require.Equal(t, 1, n, "of those that were there")
			return err
		}))
		f.advance(time.Hour)
		f.empty("all run")
		require.ElementsMatch(t, []string{"a ...", "a other", "a a new ...", "b secret"}, ran)
	})
}

func TestEightClaimersRunEachTaskOnce(t *testing.T) {
	const claimers, tasks = 8, 500
	eachEngine(t, func(t *testing.T, f *fixture) {
		f.enqueue(f.queue(Options{}), specs(tasks, "count", LaneReply)...)
		var ran tally
		queues := make([]*Queue, claimers)
		for i := range queues {
			queues[i] = f.queue(Options{Handlers: map[string]Handler{"count": counting(&ran)}, Workers: map[Lane]int{LaneReply: 4}})
		}
		var starting sync.WaitGroup
		for _, q := range queues {
			starting.Go(func() { f.start(q) })
		}
		starting.Wait()
		f.empty("all are done")
		require.Equal(t, tasks, ran.distinct())
		require.Equal(t, tasks, ran.total(), "none twice")
		var claimed int64
		for _, q := range queues {
			claimed += q.Stats().Claimed
		}
		require.EqualValues(t, tasks, claimed)
	})
}

func TestAClaimTakesNoMoreThanItsLimit(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		q := f.queue(Options{Handlers: map[string]Handler{"count": counting(&tally{})}})
		f.enqueue(q, specs(50, "count", LaneReply)...)
		seen := map[string]bool{}
		for range 5 {
			rows, err := q.claim(t.Context(), q.lanes[LaneReply], "me", 10)
			require.NoError(t, err)
			require.Len(t, rows, 10)
			for _, r := range rows {
				require.False(t, seen[r.ID])
				seen[r.ID] = true
				require.EqualValues(t, 1, r.Fence)
			}
		}
		rows, err := q.claim(t.Context(), q.lanes[LaneReply], "me", 10)
		require.NoError(t, err)
		require.Empty(t, rows)
	})
}

func TestAStaleLeaseDoesNothing(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		q := f.queue(Options{Handlers: map[string]Handler{"count": counting(&tally{})}})
		f.enqueue(q, Spec{Kind: "count", Lane: LaneReply})
		claim := func(owner string) leaseRow {
			rows, err := q.claim(t.Context(), q.lanes[LaneReply], owner, 1)
			require.NoError(t, err)
			require.Len(t, rows, 1)
			return leaseRow{Task: rows[0].ID, Fence: rows[0].Fence, Holder: owner}
		}
		first := claim("a")
		f.advance(q.lease)
		second := claim("b")
		try := func(statement string, row any, args ...any) bool {
			found, err := q.exchange(t.Context(), sqldb.Op{Soft: true}, statement, append([]any{jsonText([]any{row})}, args...)...)
			require.NoError(t, err)
			return found[first.Task]
		}
		for name, stale := range map[string]leaseRow{
			"fence and owner": first,
			"fence":           {Task: first.Task, Fence: first.Fence, Holder: second.Holder},
			"owner":           {Task: first.Task, Fence: second.Fence, Holder: first.Holder},
		} {
			require.False(t, try(q.sql.renew, stale, 1), name)
			require.False(t, try(q.sql.complete, stale), name)
			require.False(t, try(q.sql.settle, outcomeRow{leaseRow: stale}), name)
		}
		require.True(t, try(q.sql.renew, second, q.lease.Microseconds()))
		require.True(t, try(q.sql.settle, outcomeRow{leaseRow: second, Error: "e", Back: 1}))
		require.Equal(t, 1, f.count("owner = '' AND attempt = 1 AND last_error = 'e' AND fence = 2"))
		require.False(t, try(q.sql.complete, second), "the lease has been given back")
		require.True(t, try(q.sql.complete, claim("c")))
	})
}

func TestASlowDestinationTakesABoundedShare(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		release := make(chan struct{})
		var fast tally
		var slow, most atomic.Int64
		q := f.queue(Options{
			Workers: map[Lane]int{LaneReply: 8},
			Handlers: map[string]Handler{"send": {
				Destination: func(task Task) string { return string(task.Payload) },
				Run: func(ctx context.Context, task Task) error {
					if string(task.Payload) == "slow" {
						defer slow.Add(-1)
						most.Store(max(most.Load(), slow.Add(1)))
						select {
						case <-release:
						case <-ctx.Done():
							return ctx.Err()
						}
						return nil
					}
					fast.add(task.ID)
					return nil
				},
			}},
		})
		f.start(q)
		for range 100 {
			f.enqueue(q, Spec{Kind: "send", Lane: LaneReply, Payload: []byte("slow")})
		}
		for range 50 {
			f.enqueue(q, Spec{Kind: "send", Lane: LaneReply, Payload: []byte("fast")})
		}
		eventually(t, func() bool { return fast.distinct() == 50 }, "others are not held up")
		require.EqualValues(t, 2, most.Load(), "a quarter of 8 workers")
		require.Positive(t, q.Stats().Deferred)
		eventually(t, func() bool { return q.Stats().Held[LaneReply] <= 8 }, "a quarter of 32 slots, besides those of a claim under way")
		close(release)
		eventually(t, func() bool {
			f.advance(time.Second) // those sent away come back with time
			return f.count("1 = 1") == 0
		}, "the slow ones are done in the end")
		require.EqualValues(t, 2, most.Load())
		require.Equal(t, 50, fast.total())
	})
}

func TestTracesAreContinuedOnceAndThenLinked(t *testing.T) {
	m, err := newMeter("test")
	require.NoError(t, err)
	const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	ctx, end := m.span(t.Context(), Task{Spec: Spec{Kind: "k", Trace: parent}, Attempt: 1})
	end(nil)
	require.Equal(t, "0af7651916cd43dd8448eb211c80319c", trace.SpanContextFromContext(ctx).TraceID().String())
	ctx, end = m.span(t.Context(), Task{Spec: Spec{Kind: "k", Trace: parent}, Attempt: 2})
	end(errors.New("x"))
	require.False(t, trace.SpanContextFromContext(ctx).TraceID().IsValid(), "without a provider a new root has no trace")

	parentContext := trace.ContextWithSpanContext(t.Context(), trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: trace.FlagsSampled}))
	got := withTrace(parentContext, []Spec{{}, {Trace: "own"}})
	require.Equal(t, []string{"00-01000000000000000000000000000000-0200000000000000-01", "own"}, []string{got[0].Trace, got[1].Trace})
	require.Equal(t, []Spec{{}}, withTrace(t.Context(), []Spec{{}}))
}

func TestOptionsAreChecked(t *testing.T) {
	_, err := New(Options{Handlers: map[string]Handler{"x": {}}})
	for _, part := range []string{"DB", "Service", `"x"`} {
		require.ErrorContains(t, err, part)
	}
	eachEngine(t, func(t *testing.T, f *fixture) {
		q := f.queue(Options{})
		for name, spec := range map[string]Spec{
			"no kind": {}, "lane below": {Kind: "k", Lane: -1}, "lane above": {Kind: "k", Lane: lanes}, "not text": {Kind: "k", Payload: []byte{0}},
		} {
			require.Error(t, q.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx *Tx) error { return tx.Enqueue(ctx, spec) }), name)
		}
		require.Zero(t, f.count("1 = 1"))
	})
}

func TestAOneStatementCreate(t *testing.T) {
	eachEngine(t, func(t *testing.T, f *fixture) {
		var ran tally
		q := f.queue(Options{Handlers: map[string]Handler{"count": counting(&ran)}})
		f.start(q)
		insert := "INSERT INTO tasks (" + RowColumns() + ") " + RowSelect(f.db.Engine(), 1) + " WHERE $2 = 1"
		create := func(condition int) {
			batch := q.Prepare(specs(3, "count", LaneReply)...)
			require.False(t, slices.ContainsFunc(batch.rows, func(r Row) bool { return r.Owner == "" }), "born leased")
			var n int64
			require.NoError(t, f.db.Do(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
				result, err := tx.ExecContext(ctx, insert, batch.JSON(), condition)
				if err != nil {
					return err
				}
				n, err = result.RowsAffected()
				return err
			}))
			if n == 0 {
				batch.Discard()
				return
			}
			batch.Committed()
		}
		create(0)
		eventually(t, func() bool { return q.Stats().Held == [lanes]int{} }, "slots are given back")
		create(1)
		f.empty("they ran")
		require.Equal(t, 3, ran.total())
	})
}
