package standalone

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/lifecycle"
)

// Run serves until ctx ends, then lets calls and tasks come to their end.
// started is called once everything is up; it may be nil.
func (s *Suite) Run(ctx context.Context, started func()) (err error) {
	defer func() { err = errors.Join(err, s.close(ctx)) }()

	// What answers calls ends first: what they commit still finds its workers.
	working, stopWorking := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWorking()
	workers := lifecycle.NewGroup(working)
	listeners := lifecycle.NewGroup(ctx)
	for name, service := range s.services {
		workers.Go(name, service.Run)
	}
	if s.hints != nil {
		workers.Go("redis", s.hints.Run)
	}
	if s.mailbox != nil {
		workers.Go(emergencyName, s.mailbox.Run)
	}
	site := newSite()
	listeners.Go("http", func(ctx context.Context) error { return s.gateway.Serve(ctx, s.http, site) })
	listeners.Go("grpc", func(ctx context.Context) error { return s.public.Serve(ctx, s.grpc) })
	listeners.Go("admin", s.administration().Run)
	listeners.Go("start", func(ctx context.Context) error { return s.start(ctx, site, started) })
	// A service that fails ends the listeners, and so the process.
	failed := make(chan error, 1)
	go func() {
		err := workers.Wait()
		failed <- err
		if err != nil {
			listeners.Go("services", func(context.Context) error { return err })
		}
	}()
	err = listeners.Wait()
	stopWorking()
	return errors.Join(err, <-failed)
}

// start opens the site, after the desk of a new demo has been filled.
func (s *Suite) start(ctx context.Context, site *site, started func()) error {
	handler := s.gateway.Handler()
	if s.cfg.Demo {
		var err error
		if handler, err = s.demoSite(ctx, handler); err != nil {
			return err
		}
		if err := s.fillDemo(ctx); err != nil {
			return err
		}
	}
	site.open(handler)
	if started != nil {
		started()
	}
	return nil
}

func (s *Suite) administration() *lifecycle.Admin {
	var checks []lifecycle.Check
	for _, name := range slices.Sorted(maps.Keys(s.databases)) {
		checks = append(checks, lifecycle.Check{Name: "database of " + name, Do: s.databases[name].Ping})
	}
	var queues []*durable.Queue
	for _, service := range s.services {
		queues = append(queues, service.Queue())
	}
	if s.mailbox != nil {
		checks = append(checks, s.mailbox.Checks()...)
		queues = append(queues, s.mailbox.Queue())
	}
	return lifecycle.NewAdmin(s.admin, s.telemetry.Metrics, checks...).Handle("/tasks/", durable.ParkedHandler(queues...))
}

// settle returns when no service has work that is due.
func (s *Suite) settle(ctx context.Context) error {
	for quiet := 0; quiet < 2; {
		quiet++ // twice: what one service ends may have begun work in another that was asked before
		for name, service := range s.services {
			waited, err := s.finish(ctx, durable.Topic(name), service.Queue())
			if err != nil {
				return err
			}
			if waited {
				quiet = 0
			}
		}
	}
	return nil
}

// finish returns when a queue is idle, and whether it was not at first. It rings,
// for a moved clock makes work due that no queue was told of, but seldom: looking
// for work takes the time of doing it.
func (s *Suite) finish(ctx context.Context, topic string, queue *durable.Queue) (waited bool, err error) {
	const longest = 32 * time.Millisecond
	for pause := 2 * time.Millisecond; ; pause = min(2*pause, longest) {
		idle, err := queue.Idle(ctx)
		if err != nil || idle {
			return waited, err
		}
		if !waited || pause == longest {
			s.local.Ring(topic)
		}
		waited = true
		select {
		case <-ctx.Done():
			return waited, ctx.Err()
		case <-time.After(pause):
		}
	}
}
