package durable

import (
	"context"
	"fmt"
	"time"

	"github.com/georgysavva/scany/v2/sqlscan"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
)

// Stats counts what a queue did since New, in this process.
type Stats struct {
	Born       int64 // tasks made here and started without a claim
	Overflowed int64 // tasks made here that found no slot
	Claimed    int64
	Adopted    int64 // claimed again while still held here
	Deferred   int64 // sent away because their destination had its full share
	Renewed    int64 // leases renewed
	Completed  int64 // tasks ended
	Failed     int64 // runs that failed and will be repeated
	Parked     int64
	Lost       int64 // leases that somebody else had taken when they were to be renewed or ended
	Reclaimed  int64 // leases of dead owners given back
	Held       [lanes]int
	Running    [lanes]int
}

// Stats returns the counts and what is held and running by lane.
func (q *Queue) Stats() Stats {
	q.mu.Lock()
	defer q.mu.Unlock()
	s := q.stats
	for i, l := range q.lanes {
		s.Held[i], s.Running[i] = l.used, l.running
	}
	return s
}

// OldestDue returns for how long the lane's oldest due task has been due; 0 when none is. A task under a lease is not due.
func (q *Queue) OldestDue(ctx context.Context, l Lane) (time.Duration, error) {
	var us int64
	if err := q.db.Reader().QueryRowContext(ctx, q.sql.oldest, int64(l)).Scan(&us); err != nil {
		return 0, fmt.Errorf("durable: oldest due task: %w", sqldb.Classify(err))
	}
	return time.Duration(max(us, 0)) * time.Microsecond, nil
}

// ParkedTask is a task that waits for a person.
type ParkedTask struct {
	Task
	Error    string // of its last run
	ParkedAt time.Time
}

// Parked returns up to 500 parked tasks, the oldest first.
func (q *Queue) Parked(ctx context.Context) ([]ParkedTask, error) {
	var rows []struct {
		ID, Kind, Key, Payload, Trace, LastError string
		Lane, Attempt, CreatedAt, ParkedAt       int64
	}
	err := sqlscan.Select(ctx, q.db.Reader(), &rows, "SELECT id, kind, lane, key, payload, trace, attempt, created_at, last_error, parked_at"+
		" FROM tasks WHERE parked_at > 0 ORDER BY parked_at LIMIT 500")
	if err != nil {
		return nil, fmt.Errorf("durable: parked tasks: %w", sqldb.Classify(err))
	}
	tasks := make([]ParkedTask, len(rows))
	for i, r := range rows {
		tasks[i] = ParkedTask{
			Task: Task{
				ID: r.ID, Attempt: int(r.Attempt), CreatedAt: sqldb.Time(r.CreatedAt),
				Spec: Spec{Kind: r.Kind, Lane: Lane(r.Lane), Key: r.Key, Payload: []byte(r.Payload), Trace: r.Trace},
			},
			Error: r.LastError, ParkedAt: sqldb.Time(r.ParkedAt),
		}
	}
	return tasks, nil
}

// Unpark has a parked task run again at once, counting its attempts from 1. fault.NotFound if no such task is parked.
func (q *Queue) Unpark(ctx context.Context, id string) error {
	found, err := q.exchange(ctx, sqldb.Op{},
		"UPDATE tasks SET run_at = altis_now(), attempt = 0, parked_at = 0 WHERE id = $1 AND parked_at > 0 RETURNING id", id)
	if err != nil {
		return fmt.Errorf("durable: unpark: %w", err)
	}
	if !found[id] {
		return fault.New(fault.NotFound, "TASK_NOT_PARKED", "no such task is parked")
	}
	q.signalAll()
	q.ring()
	return nil
}

func (q *Queue) countParked(ctx context.Context, l Lane) (n int64, err error) {
	err = q.db.Reader().QueryRowContext(ctx, "SELECT COUNT(*) FROM tasks WHERE parked_at > 0 AND lane = $1", int64(l)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("durable: count parked tasks: %w", sqldb.Classify(err))
	}
	return n, nil
}
