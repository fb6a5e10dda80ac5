package durable

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/georgysavva/scany/v2/sqlscan"

	"altis-dxp.com/support/pkg/sqldb"
)

// claimPause is how long a lane but that of pages collects signals after a claim. Under load each commit is one.
const claimPause = 10 * time.Millisecond

// claimLoop claims whenever it is signalled, and once a second in case a signal was lost.
func (q *Queue) claimLoop(ctx context.Context, l *lane) {
	for {
		// A little at random: replicas that started together need not all ask at the same moment.
		poll := time.NewTimer(pollInterval - rand.N(pollInterval/10)) //nolint:gosec // spreads load, keeps no secret
		select {
		case <-ctx.Done():
			poll.Stop()
			return
		case <-l.wake:
			poll.Stop()
		case <-poll.C:
		}
		claimed, more := 0, true
		for more && ctx.Err() == nil {
			var n int
			n, more = q.claimOnce(ctx, l)
			claimed += n
		}
		if claimed > 0 && l.id != LanePage {
			sleep(ctx, claimPause)
		}
	}
}

// claimOnce claims as many tasks as there are slots, returns how many that were, and reports whether there may be more.
func (q *Queue) claimOnce(ctx context.Context, l *lane) (claimed int, more bool) {
	q.mu.Lock()
	owner, n := q.owner, 0
	if owner != "" {
		n = l.grab(batchSize)
	}
	l.backlog = n == 0
	q.mu.Unlock()
	if n == 0 {
		return 0, false
	}
	leased := q.now().Add(q.lease) // before the statement: the local deadline is never later than the database's
	rows, err := q.claim(ctx, l, owner, n)
	q.probe("claimed")
	if err != nil && ctx.Err() == nil {
		// Nobody knows whether tasks were claimed: if so, their leases lapse.
		q.logger.WarnContext(ctx, "durable: claim", slog.String("lane", l.id.String()), slog.Any("error", err))
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	l.used -= n
	for _, r := range rows {
		q.claimed(l, r, owner, leased)
	}
	if len(rows) == n {
		l.backlog = true // for the case that the next round finds no slot
	}
	return len(rows), err == nil && len(rows) == n
}

// claimRow is a row as claim returns it.
type claimRow struct {
	ID        string
	Kind      string
	Lane      int64
	Key       string
	Payload   string
	Trace     string
	Attempt   int64
	Fence     int64
	CreatedAt int64
	Age       int64
}

func (q *Queue) claim(ctx context.Context, l *lane, owner string, n int) (rows []claimRow, err error) {
	err = q.db.Do(ctx, sqldb.Op{Page: l.id == LanePage, Soft: true}, func(ctx context.Context, tx sqldb.Tx) error {
		rows = nil
		return sqlscan.Select(ctx, tx, &rows, q.sql.claim, owner, int64(l.id), n, q.kinds, q.lease.Microseconds())
	})
	if err != nil {
		return nil, err
	}
	return rows, nil
}

// claimed takes over one claimed task. Callers hold q.mu.
func (q *Queue) claimed(l *lane, r claimRow, owner string, deadline time.Time) {
	if h := q.held[r.ID]; h != nil {
		q.adopt(h, r, owner, deadline)
		return
	}
	q.stats.Claimed++
	h := &held{
		task: Task{
			ID:        r.ID,
			Spec:      Spec{Kind: r.Kind, Lane: l.id, Key: r.Key, Payload: []byte(r.Payload), Trace: r.Trace},
			Attempt:   int(r.Attempt),
			CreatedAt: sqldb.Time(r.CreatedAt),
		},
		lane: l, fence: r.Fence, owner: owner, deadline: deadline,
		since: deadline.Add(-q.lease - time.Duration(r.Age)*time.Microsecond),
	}
	h.destination = destination(q.handlers[r.Kind], h.task)
	if !l.join(h.destination) {
		q.stats.Deferred++
		delay := l.deferral(h.destination)
		h.destination = "" // it has no part in the share
		q.held[r.ID] = h
		q.end(h, outcome{delay: delay, back: true})
		return
	}
	l.used++
	h.slot = true
	q.accept(h)
}

// adopt gives a task that this process already has the lease of its new claim: its old one lapsed while the process or its
// database stood still. It must not run a second time. Callers hold q.mu.
func (q *Queue) adopt(h *held, r claimRow, owner string, deadline time.Time) {
	q.stats.Adopted++
	h.fence, h.owner, h.deadline = r.Fence, owner, deadline
	switch h.state {
	case waiting:
		h.task.Attempt = int(r.Attempt)
		q.pump(h.lane)
	case missed:
		h.state = ending
		q.finisher(h.lane).add(h)
	case running, ending: // the outcome will be written under the new fence
	}
}

// destination asks the handler whom the task talks to. A payload that makes it panic is its Run's to judge.
func destination(handler Handler, task Task) (name string) {
	if handler.Destination == nil {
		return ""
	}
	defer func() {
		if recover() != nil {
			name = ""
		}
	}()
	return handler.Destination(task)
}
