package durable

import (
	"context"
	"fmt"

	"altis-dxp.com/support/pkg/sqldb"
)

// Topic is what the bell of a service's queue is rung by.
func Topic(service string) string { return "tasks." + service }

// Idle reports whether no task is due or leased to anybody. One statement sees a task from its claim to the end of its
// outcome: between a claim's commit and the moment at which the process knows of it, it would be neither due nor held.
func (q *Queue) Idle(ctx context.Context) (bool, error) {
	var busy int64
	err := q.db.Reader().QueryRowContext(ctx, "SELECT COUNT(*) FROM tasks WHERE owner <> '' OR run_at <= altis_now()").Scan(&busy)
	if err != nil {
		return false, fmt.Errorf("durable: count tasks under way: %w", sqldb.Classify(err))
	}
	return busy == 0, nil
}
