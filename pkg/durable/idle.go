package durable

import (
	"context"
	"fmt"

	"altis-dxp.com/support/pkg/sqldb"
)

// Topic is what the bell of a service's queue is rung by.
func Topic(service string) string { return "tasks." + service }

// Idle reports whether nothing is due and this process holds no task.
func (q *Queue) Idle(ctx context.Context) (bool, error) {
	if q.working() {
		return false, nil
	}
	var due int64
	if err := q.db.Reader().QueryRowContext(ctx, "SELECT COUNT(*) FROM tasks WHERE run_at <= altis_now()").Scan(&due); err != nil {
		return false, fmt.Errorf("durable: count due tasks: %w", sqldb.Classify(err))
	}
	return due == 0, nil
}

// working reports whether a task waits, runs or has an outcome to be written. One that was found gone when its outcome was
// to be written (cancelled while it ran) is only remembered.
func (q *Queue) working() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, h := range q.held {
		if h.state != missed {
			return true
		}
	}
	return false
}
