package durable

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"altis-dxp.com/support/pkg/sqldb"
)

const (
	leaseTime    = 5 * time.Second
	pollInterval = time.Second
	drainTime    = 10 * time.Second
	runTimeout   = 30 * time.Second
	// leaseMargin before its end a lease is not trusted any more: the database may be ahead by the way there.
	leaseMargin = 500 * time.Millisecond
	// batchSize bounds claims, renewals and the writing of outcomes; linger is how long an outcome waits for others.
	batchSize = 100
	linger    = 20 * time.Millisecond
)

// Queue makes, claims and runs one service's tasks. Its methods may be called concurrently, before, during and after Run;
// while Run is not running, tasks are only inserted.
type Queue struct {
	db       *sqldb.DB
	handlers map[string]Handler
	kinds    string // JSON list of handlers' kinds, for the claim
	bell     Bell
	logger   *slog.Logger
	service  string
	drain    time.Duration
	lease    time.Duration
	now      func() time.Time // carries the monotonic clock
	probe    func(step string)
	sql      statements
	meter    *meter

	outcomes [2]*finisher // of the page lane, of the others
	work     sync.WaitGroup
	dead     map[string]time.Time    // when an owner was first found dead; only keepOwner's goroutine touches it
	runs     context.Context         // of all handlers
	stopRuns context.CancelCauseFunc // ends it

	mu       sync.Mutex
	owner    string // "" = none at the moment: nothing is claimed or born leased
	draining bool
	lanes    [lanes]*lane
	held     map[string]*held
	stats    Stats
}

// New checks the options and returns a queue that does not run yet.
func New(o Options) (*Queue, error) {
	var faults []error
	if o.DB == nil {
		faults = append(faults, errors.New("durable: Options.DB is missing"))
	}
	if o.Service == "" {
		faults = append(faults, errors.New("durable: Options.Service is missing"))
	}
	for kind, h := range o.Handlers {
		if h.Run == nil || kind == "" {
			faults = append(faults, fmt.Errorf("durable: handler %q has no kind or no Run", kind))
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	q := &Queue{
		db: o.DB, handlers: o.Handlers, bell: o.Bell, logger: o.Logger, service: o.Service, drain: o.Drain,
		lease: leaseTime, now: o.Now, probe: func(string) {}, sql: newStatements(o.DB), held: map[string]*held{},
		dead: map[string]time.Time{},
	}
	kinds := make([]string, 0, len(o.Handlers))
	for kind := range o.Handlers {
		kinds = append(kinds, kind)
	}
	q.kinds = sqldb.List(kinds)
	if q.logger == nil {
		q.logger = slog.New(slog.DiscardHandler)
	}
	q.logger = q.logger.With(slog.String("queue", q.service))
	if q.now == nil {
		q.now = time.Now
	}
	if q.drain == 0 {
		q.drain = drainTime
	}
	for i, workers := range [lanes]int{64, 32, 32, 8} {
		if n := o.Workers[Lane(i)]; n > 0 {
			workers = n
		}
		q.lanes[i] = newLane(Lane(i), workers)
	}
	q.outcomes = [2]*finisher{newFinisher(q, true), newFinisher(q, false)}
	var err error
	if q.meter, err = newMeter(o.Service); err != nil {
		return nil, fmt.Errorf("durable: metrics: %w", err)
	}
	return q, nil
}

// DB returns the queue's database.
func (q *Queue) DB() *sqldb.DB { return q.db }

// lane returns a lane by number; a number out of range is a bug of the caller.
func (q *Queue) lane(l Lane) *lane { return q.lanes[l] }

// Run claims and runs tasks until ctx ends. Then it claims nothing more, gives back what waits, lets what runs go on for
// Options.Drain, and returns nil once every outcome is written or, if the database is away, left to the leases' end.
// A queue runs once.
func (q *Queue) Run(ctx context.Context) error {
	unregister, err := q.meter.observe(q)
	if err != nil {
		return fmt.Errorf("durable: metrics: %w", err)
	}
	defer unregister()
	background := context.WithoutCancel(ctx)
	q.mu.Lock()
	q.runs, q.stopRuns = context.WithCancelCause(background)
	q.mu.Unlock()
	defer q.stopRuns(nil)

	// Two groups: what takes in work ends with ctx, what keeps the work that was taken in ends after it.
	var intake, upkeep sync.WaitGroup
	keeping, stopKeeping := context.WithCancel(background)
	defer stopKeeping()
	upkeep.Go(func() { q.keepOwner(keeping) })
	for _, page := range []bool{true, false} {
		upkeep.Go(func() { q.keepLeases(keeping, page) })
	}
	var finishing sync.WaitGroup
	finish, stopFinishing := context.WithCancel(background)
	defer stopFinishing()
	for _, f := range q.outcomes {
		finishing.Go(func() { f.run(finish) })
	}
	for _, l := range q.lanes {
		intake.Go(func() { q.claimLoop(ctx, l) })
	}
	intake.Go(func() { q.listen(ctx) })
	intake.Go(func() { q.sample(ctx) })

	<-ctx.Done()
	intake.Wait()
	q.drainWork(background)
	stopFinishing()
	finishing.Wait()
	stopKeeping()
	upkeep.Wait()
	return nil
}

// drainWork gives back what waits and returns when nothing runs any more, or runs on although it was told to stop.
func (q *Queue) drainWork(ctx context.Context) {
	q.mu.Lock()
	q.draining = true
	for _, l := range q.lanes {
		waiting := l.waiting
		l.waiting = nil
		for _, h := range waiting {
			q.giveBack(h)
		}
	}
	q.mu.Unlock()

	idle := make(chan struct{})
	go func() {
		q.work.Wait()
		close(idle)
	}()
	for _, patience := range []time.Duration{q.drain, 2 * time.Second} {
		timer := time.NewTimer(patience)
		select {
		case <-idle:
			timer.Stop()
			return
		case <-timer.C:
			q.stopRuns(errStopping)
		}
	}
	q.logger.ErrorContext(ctx, "durable: handlers ignore the end of their context; their tasks are given to other processes")
}

// listen has all lanes claim when another replica rings.
func (q *Queue) listen(ctx context.Context) {
	if q.bell == nil {
		return
	}
	rings := q.bell.Listen(ctx, q.topic())
	for {
		select {
		case <-ctx.Done():
			return
		case _, open := <-rings:
			if !open {
				return
			}
			q.signalAll()
		}
	}
}

func (q *Queue) topic() string { return Topic(q.service) }

func (q *Queue) ring() {
	if q.bell != nil {
		q.bell.Ring(q.topic())
	}
}

func (q *Queue) signalAll() {
	for _, l := range q.lanes {
		l.signal()
	}
}
