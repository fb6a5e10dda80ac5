package durable

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/georgysavva/scany/v2/sqlscan"

	"altis-dxp.com/support/pkg/sqldb"
)

// finisher writes outcomes in batches: of up to batchSize, and after at most linger.
type finisher struct {
	queue *Queue
	page  bool

	mu      sync.Mutex
	pending []*held
	urgent  bool          // one of them is not to linger
	added   chan struct{} // capacity 1
}

func newFinisher(q *Queue, page bool) *finisher {
	return &finisher{queue: q, page: page, added: make(chan struct{}, 1)}
}

func (f *finisher) add(tasks ...*held) {
	f.mu.Lock()
	f.pending = append(f.pending, tasks...)
	for _, h := range tasks {
		f.urgent = f.urgent || h.outcome.urgent
	}
	f.mu.Unlock()
	select {
	case f.added <- struct{}{}:
	default:
	}
}

// take removes a batch from the pending ones.
func (f *finisher) take() []*held {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := min(len(f.pending), batchSize)
	batch := f.pending[:n:n]
	f.pending = f.pending[n:]
	if len(f.pending) == 0 {
		f.pending, f.urgent = nil, false
	}
	return batch
}

// full reports whether the pending ones need not linger.
func (f *finisher) full() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.urgent || len(f.pending) >= batchSize
}

// run writes until ctx ends, and then what is pending, for as long as the database takes it.
func (f *finisher) run(ctx context.Context) {
	for {
		select {
		case <-f.added:
		case <-ctx.Done():
			for batch := f.take(); len(batch) > 0; batch = f.take() {
				if len(f.write(context.WithoutCancel(ctx), batch)) > 0 {
					return // the leases' end will do it
				}
			}
			return
		}
		f.gather(ctx)
		wait := 50 * time.Millisecond
		for batch := f.take(); len(batch) > 0; batch = f.take() {
			failed := f.write(context.WithoutCancel(ctx), batch)
			if len(failed) == 0 {
				continue
			}
			f.add(failed...)
			sleep(ctx, wait)
			if ctx.Err() != nil {
				break
			}
			wait = min(2*wait, time.Second)
		}
	}
}

// gather lingers, so that outcomes that follow each other closely share a commit.
func (f *finisher) gather(ctx context.Context) {
	timer := time.NewTimer(linger)
	defer timer.Stop()
	for !f.full() {
		select {
		case <-f.added:
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// write writes the outcomes of a batch and returns the tasks for which the database was not there.
func (f *finisher) write(ctx context.Context, batch []*held) (failed []*held) {
	var done, rest []*held
	soft := true
	for _, h := range batch {
		if h.outcome.done {
			done = append(done, h)
			soft = soft && !h.outcome.urgent
		} else {
			rest = append(rest, h)
		}
	}
	f.queue.probe("completing")
	failed = append(f.apply(ctx, f.queue.sql.complete, done, soft, completion), f.apply(ctx, f.queue.sql.settle, rest, true, settlement)...)
	f.queue.probe("completed")
	return failed
}

func completion(h *held) any { return h.lease() }

func settlement(h *held) any {
	row := outcomeRow{leaseRow: h.lease(), Delay: h.outcome.delay.Microseconds(), Error: h.outcome.reason}
	if h.outcome.back {
		row.Back = 1
	}
	if h.outcome.park {
		row.Park = 1
	}
	return row
}

// apply runs one statement over tasks and sorts them by what it found.
func (f *finisher) apply(ctx context.Context, statement string, tasks []*held, soft bool, row func(*held) any) (failed []*held) {
	if len(tasks) == 0 {
		return nil
	}
	q := f.queue
	sent := make([]leaseRow, len(tasks))
	rows := make([]any, len(tasks))
	q.mu.Lock()
	for i, h := range tasks {
		sent[i], rows[i] = h.lease(), row(h)
	}
	q.mu.Unlock()
	found, err := q.exchange(ctx, sqldb.Op{Page: f.page, Soft: soft}, statement, jsonText(rows))
	if err != nil {
		q.logger.WarnContext(ctx, "durable: outcomes are written later", slog.Int("tasks", len(tasks)), slog.Any("error", err))
		return tasks
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, h := range tasks {
		switch {
		case found[h.task.ID]:
			q.settled(h)
		case h.lease() != sent[i]: // claimed anew meanwhile: again, with the new fence
			failed = append(failed, h)
		default:
			// Lost to another process, or to a claim of this one whose answer is on its way. Until that cannot be any more,
			// the task stays known, so that it does not run again.
			q.stats.Lost++
			h.state, h.deadline = missed, q.now().Add(2*q.lease)
		}
	}
	return failed
}

// settled forgets a task whose outcome is written. Callers hold q.mu.
func (q *Queue) settled(h *held) {
	delete(q.held, h.task.ID)
	o := h.outcome
	switch {
	case o.done:
		q.stats.Completed++
	case o.park:
	case o.delay == 0:
		if !q.draining {
			h.lane.signal()
		}
		q.ring()
	default:
		h.lane.signalIn(o.delay)
	}
}

// exchange runs a statement over rows and returns the ids that it returned.
func (q *Queue) exchange(ctx context.Context, op sqldb.Op, statement string, args ...any) (map[string]bool, error) {
	var ids []string
	err := q.db.Do(ctx, op, func(ctx context.Context, tx sqldb.Tx) error {
		ids = nil
		return sqlscan.Select(ctx, tx, &ids, statement, args...)
	})
	found := make(map[string]bool, len(ids))
	for _, id := range ids {
		found[id] = true
	}
	return found, err
}

// sleep waits for d or the end of ctx.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
