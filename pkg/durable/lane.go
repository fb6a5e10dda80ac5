package durable

import (
	"time"
)

const (
	// waitingPerWorker: a lane holds this many tasks for each that it runs. The others wait, leased, for the next free worker
	// of their destination: without them every free worker would wait for a claim.
	waitingPerWorker = 4
	// destinationShare: one destination takes at most one part in this many of a lane, both running and held.
	destinationShare = 4
	// deferredTogether are as many tasks of the page lane as one destination runs at once by default.
	deferredTogether = 16
)

// lane counts one lane's slots. It is guarded by Queue.mu.
type lane struct {
	id           Lane
	workers      int
	slots        int
	used         int // held, or about to be: waiting, running, reserved
	running      int
	waiting      []*held // in the order of arrival
	destinations map[string]*share
	backlog      bool          // there may be due tasks that found no slot
	wake         chan struct{} // capacity 1: claim now
}

// share is what one destination has of a lane.
type share struct {
	used, running int
	deferred      int // tasks sent away since it last had room
}

func newLane(id Lane, workers int) *lane {
	return &lane{
		id: id, workers: workers, slots: workers * waitingPerWorker,
		destinations: map[string]*share{}, wake: make(chan struct{}, 1),
	}
}

// signal has the lane claim soon. It needs no lock.
func (l *lane) signal() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// signalIn has the page lane claim at the very moment a task falls due. Other lanes leave that to their poll.
func (l *lane) signalIn(d time.Duration) {
	if l.id == LanePage && d < time.Minute {
		time.AfterFunc(d+time.Millisecond, l.signal)
	}
}

// grab reserves up to n slots for tasks not yet known, and returns how many. It leaves half of the free ones to tasks that
// are born while the claim is under way.
func (l *lane) grab(n int) int {
	n = max(0, min(n, (l.slots-l.used+1)/2))
	l.used += n
	return n
}

// reserve takes a slot for a destination, "" for none in particular.
func (l *lane) reserve(destination string) bool {
	if l.used >= l.slots {
		l.backlog = true
		return false
	}
	if !l.join(destination) {
		return false
	}
	l.used++
	return true
}

// join counts a task in its destination's share, whose slot in the lane is taken elsewhere.
func (l *lane) join(destination string) bool {
	if destination == "" {
		return true
	}
	s := l.destinations[destination]
	if s == nil {
		s = &share{}
		l.destinations[destination] = s
	}
	if s.used >= max(1, l.slots/destinationShare) {
		return false
	}
	s.used++
	return true
}

// release gives a slot back.
func (l *lane) release(destination string) {
	l.used--
	if s := l.destinations[destination]; s != nil {
		s.used--
		if s.used == 0 {
			delete(l.destinations, destination)
		}
	}
	if l.backlog && l.used <= l.slots/2 {
		l.backlog = false
		l.signal()
	}
}

// deferral returns for how long to send away a task whose destination has its full share. The more of them there are, the
// further apart they come back: a long queue for a dead receiver must not be claimed again every second. In the page lane, which
// claims at the moment that a task falls due, a few come back together.
func (l *lane) deferral(destination string) time.Duration {
	s := l.destinations[destination]
	s.deferred++
	if l.id == LanePage {
		return min(time.Second, 250*time.Millisecond+time.Duration(s.deferred/deferredTogether)*deferredTogether*10*time.Millisecond)
	}
	return min(time.Minute, time.Second+time.Duration(s.deferred)*20*time.Millisecond)
}

// next takes the first waiting task that may start: a worker is free, its destination has fewer than its share running, and
// its lease holds. It returns nil when there is none.
func (l *lane) next(holds func(*held) bool) *held {
	if l.running >= l.workers {
		return nil
	}
	for i, h := range l.waiting {
		s := l.destinations[h.destination]
		if s != nil && s.running >= max(1, l.workers/destinationShare) || !holds(h) {
			continue
		}
		l.waiting = append(l.waiting[:i], l.waiting[i+1:]...)
		l.running++
		if s != nil {
			s.running++
		}
		return h
	}
	return nil
}

// finished counts a running task out. Its slot is given back separately.
func (l *lane) finished(destination string) {
	l.running--
	if s := l.destinations[destination]; s != nil {
		s.running--
	}
}

// forget drops a waiting task.
func (l *lane) forget(h *held) {
	for i, w := range l.waiting {
		if w == h {
			l.waiting = append(l.waiting[:i], l.waiting[i+1:]...)
			return
		}
	}
}
