package durable

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
)

func TestMain(m *testing.M) {
	switch step := os.Getenv(crashStep); step {
	case "":
	case lateClaim:
		lateChild() // does not return
	default:
		crashChild(step) // does not return
	}
	goleak.VerifyTestMain(m)
}

// fixture is a database with a clock that can be moved.
type fixture struct {
	t      *testing.T
	db     *sqldb.DB
	cfg    sqldb.Config
	offset atomic.Int64
}

func eachEngine(t *testing.T, run func(t *testing.T, f *fixture)) {
	t.Parallel() // they mostly wait
	eachConfig(t, func(t *testing.T, cfg sqldb.Config) { run(t, open(t, cfg)) })
}

func eachConfig(t *testing.T, run func(t *testing.T, cfg sqldb.Config)) {
	testkit.Databases(t, "svc_test", func(t *testing.T, cfg sqldb.Config) {
		cfg.PageConns = 2
		run(t, cfg)
	}, Migrations())
}

func open(t *testing.T, cfg sqldb.Config) *fixture {
	t.Helper()
	f := &fixture{t: t, cfg: cfg}
	f.cfg.Clock = func() time.Time { return time.Now().Add(time.Duration(f.offset.Load())) }
	var err error
	f.db, err = sqldb.Open(t.Context(), f.cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.db.Close()) })
	require.NoError(t, f.db.Migrate(t.Context(), Migrations()))
	if f.db.Engine() == sqldb.Postgres {
		require.NoError(t, sqldb.EnableTestClock(t.Context(), f.db))
	}
	return f
}

// advance moves the database's clock, but not this process's.
func (f *fixture) advance(d time.Duration) {
	f.t.Helper()
	total := time.Duration(f.offset.Add(int64(d)))
	if f.db.Engine() == sqldb.Postgres {
		require.NoError(f.t, sqldb.SetClockOffset(f.t.Context(), f.db, total))
	}
}

// queue makes a queue; change may alter it before it runs.
func (f *fixture) queue(o Options) *Queue {
	f.t.Helper()
	o.DB, o.Service = f.db, "test"
	q, err := New(o)
	require.NoError(f.t, err)
	return q
}

// start runs a queue until the returned function or the test's end, and waits until it may claim.
func (f *fixture) start(q *Queue) (stop func()) {
	f.t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(f.t.Context()))
	done := make(chan error, 1)
	go func() { done <- q.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		require.NoError(f.t, <-done)
	})
	f.t.Cleanup(stop)
	eventually(f.t, func() bool {
		q.mu.Lock()
		defer q.mu.Unlock()
		return q.owner != ""
	}, "the queue has an owner")
	return stop
}

func (f *fixture) enqueue(q *Queue, specs ...Spec) {
	f.t.Helper()
	require.NoError(f.t, q.Update(f.t.Context(), sqldb.Op{}, func(ctx context.Context, tx *Tx) error {
		return tx.Enqueue(ctx, specs...)
	}))
}

func (f *fixture) count(where string, args ...any) (n int) {
	f.t.Helper()
	require.NoError(f.t, f.db.Reader().QueryRowContext(f.t.Context(), "SELECT COUNT(*) FROM tasks WHERE "+where, args...).Scan(&n))
	return n
}

func (f *fixture) empty(message string) {
	f.t.Helper()
	eventually(f.t, func() bool { return f.count("1 = 1") == 0 }, message)
}

func eventually(t *testing.T, condition func() bool, message string) {
	t.Helper()
	require.Eventually(t, condition, 20*time.Second, 5*time.Millisecond, message)
}

// tally counts the runs of each task.
type tally struct {
	mu   sync.Mutex
	runs map[string]int
}

func (c *tally) add(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.runs == nil {
		c.runs = map[string]int{}
	}
	c.runs[id]++
}

func (c *tally) total() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, runs := range c.runs {
		n += runs
	}
	return n
}

func (c *tally) distinct() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.runs)
}

func counting(c *tally) Handler {
	return Handler{Run: func(_ context.Context, task Task) error {
		c.add(task.ID)
		return nil
	}}
}

func specs(n int, kind string, lane Lane) []Spec {
	out := make([]Spec, n)
	for i := range out {
		out[i] = Spec{Kind: kind, Lane: lane, Payload: fmt.Appendf(nil, `{"n":%d}`, i)}
	}
	return out
}
