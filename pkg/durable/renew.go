package durable

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"altis-dxp.com/support/pkg/sqldb"
)

// keepLeases renews the leases of what is held of the page lane, or of the others, each when a third of it is over. Pages
// have one of their own: its connections may answer while those of the others are stuck.
func (q *Queue) keepLeases(ctx context.Context, page bool) {
	ticker := time.NewTicker(q.lease / 6)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		for tasks := range slices.Chunk(q.renewable(page), batchSize) {
			q.renew(ctx, sqldb.Op{Page: page, Soft: true}, tasks)
		}
	}
}

// renewable returns the tasks to renew and forgets the missed ones that no claim can bring back any more.
func (q *Queue) renewable(page bool) (tasks []*held) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.now()
	for id, h := range q.held {
		switch {
		case (h.lane.id == LanePage) != page:
		case h.state == missed:
			if now.After(h.deadline) {
				delete(q.held, id)
			}
		case h.deadline.Round(0).Sub(now.Round(0)) > q.lease*2/3 && h.deadline.Sub(now) > q.lease*2/3:
		default:
			tasks = append(tasks, h)
		}
	}
	return tasks
}

// renew extends the leases that are still this process's own, lapsed ones included: until somebody else has claimed a task
// nothing is lost. Leases that are not: a waiting task is forgotten, a running one is told to stop.
func (q *Queue) renew(ctx context.Context, op sqldb.Op, tasks []*held) {
	if len(tasks) == 0 {
		return
	}
	sent := make([]leaseRow, len(tasks))
	q.mu.Lock()
	for i, h := range tasks {
		sent[i] = h.lease()
	}
	q.mu.Unlock()
	deadline := q.now().Add(q.lease)
	found, err := q.exchange(ctx, op, q.sql.renew, jsonText(sent), q.lease.Microseconds())
	q.probe("renewed")
	if err != nil {
		if ctx.Err() == nil {
			q.logger.WarnContext(ctx, "durable: renew leases", slog.Int("tasks", len(tasks)), slog.Any("error", err))
		}
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, h := range tasks {
		switch {
		case h.lease() != sent[i]: // claimed anew meanwhile
		case found[h.task.ID]:
			q.stats.Renewed++
			h.deadline = deadline
		case h.state == waiting && q.held[h.task.ID] == h:
			q.stats.Lost++
			delete(q.held, h.task.ID)
			h.lane.forget(h)
			h.releaseSlot()
		case h.state == running:
			h.cancel(errLeaseLost)
		}
	}
	for _, l := range q.lanes {
		q.pump(l) // those that only waited for a lease to hold
	}
}
