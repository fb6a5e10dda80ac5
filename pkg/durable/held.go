package durable

import (
	"context"
	"time"
)

// state is where a held task is. doc.go draws how they follow each other.
type state uint8

const (
	waiting state = iota // for a worker
	running
	ending // its outcome is on the way into the database
	missed // its outcome found the lease lost; a claim that this process has under way may bring it back
)

// held is one task that this process has, from its lease to the confirmation of its outcome. It is guarded by Queue.mu,
// except task, lane and since, which do not change once it runs.
type held struct {
	task        Task
	lane        *lane
	destination string
	slot        bool // it counts in lane.used

	fence    int64
	owner    string
	deadline time.Time // of the lease, by the local clocks: before the database's
	since    time.Time // the task's creation, by the local clocks

	state   state
	cancel  context.CancelCauseFunc // while running
	outcome outcome
}

// outcome is what becomes of a task's row.
type outcome struct {
	done   bool          // the row is deleted
	delay  time.Duration // else it comes back after this,
	back   bool          // this attempt not counted,
	park   bool          // or waits for a person
	reason string        // the error, for people
	urgent bool          // DurableComplete
}

func (h *held) releaseSlot() {
	if h.slot {
		h.slot = false
		h.lane.release(h.destination)
	}
}

func (h *held) lease() leaseRow { return leaseRow{Task: h.task.ID, Fence: h.fence, Holder: h.owner} }

// holds reports whether a lease is certain to hold for a moment yet. The monotonic clock stands still while a machine is
// suspended, the wall clock may be set: the lease must hold by both.
func (q *Queue) holds(h *held) bool {
	limit, now := h.deadline.Add(-leaseMargin), q.now()
	return now.Before(limit) && now.Round(0).Before(limit.Round(0))
}

// accept takes over a leased task that has its slot, and starts it if a worker is free. Callers hold q.mu.
func (q *Queue) accept(h *held) {
	q.held[h.task.ID] = h
	if q.draining {
		q.giveBack(h)
		return
	}
	h.lane.waiting = append(h.lane.waiting, h)
	q.pump(h.lane)
}

// pump starts what may start. Callers hold q.mu.
func (q *Queue) pump(l *lane) {
	if q.draining {
		return
	}
	for {
		h := l.next(q.holds)
		if h == nil {
			return
		}
		h.state = running
		ctx, cancel := context.WithCancelCause(q.runs)
		h.cancel = cancel
		q.work.Go(func() {
			defer cancel(nil)
			q.execute(ctx, h)
		})
	}
}

// giveBack ends the lease of a task that has not run. Callers hold q.mu.
func (q *Queue) giveBack(h *held) { q.end(h, outcome{back: true}) }

// end hands a task's outcome over for writing. Callers hold q.mu.
func (q *Queue) end(h *held, o outcome) {
	h.releaseSlot()
	h.state, h.outcome, h.cancel = ending, o, nil
	q.finisher(h.lane).add(h)
}

func (q *Queue) finisher(l *lane) *finisher {
	if l.id == LanePage {
		return q.outcomes[0]
	}
	return q.outcomes[1]
}
