package main

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
)

// crash is what is killed, and who takes over.
type crash struct {
	name   string
	system *system
	victim *harness.Process
	heir   *harness.Process // a replica that runs already; nil = the victim is started again at once
}

// recovery is what came of the kills.
type recovery struct {
	crash
	rounds, acknowledged, lost, repeated int
	waiting                              []float64       // pages that waited when the process was killed, per round
	took                                 []time.Duration // until the last of them arrived; only of rounds with any
}

const (
	crashClients = 8
	crashAfter   = 400 * time.Millisecond // plus as much again at random
)

// measureRecovery kills processes under a stream of urgent tickets.
func (b *bench) measureRecovery(crashes []crash) []*recovery {
	var found []*recovery
	for _, c := range crashes {
		found = append(found, &recovery{crash: c})
	}
	for round := range b.plan.kills {
		for _, r := range rotated(found, round) {
			b.phase("recovery: round %d of %d: %s", round+1, b.plan.kills, r.name)
			b.kill(r)
		}
	}
	return found
}

func (b *bench) kill(r *recovery) {
	s := r.system
	repeated := s.pages.repetitions()
	ctx, stop := context.WithCancel(b.ctx)
	created := b.urgentStream(ctx, s)
	pause(b.ctx, crashAfter+rand.N(crashAfter))
	killed := time.Now()
	r.victim.Kill()
	stop()
	began := killed
	if r.heir == nil {
		began = time.Now()
		r.victim.Start()
	}
	ids := created()
	lost := s.pages.wait(b.ctx, ids, pageLimit)
	waiting, last := 0, killed
	for _, id := range ids {
		if at := s.pages.at(id); at.After(killed) {
			waiting++
			if at.After(last) {
				last = at
			}
		}
	}
	r.rounds++
	r.acknowledged += len(ids)
	r.lost += len(lost)
	r.waiting = append(r.waiting, float64(waiting))
	if waiting > 0 {
		r.took = append(r.took, last.Sub(began))
	}
	if r.heir != nil {
		r.victim.Start()
	}
	r.victim.Ready()
	b.must(s.settled(b.ctx))
	r.repeated += s.pages.repetitions() - repeated
}

// urgentStream creates urgent tickets until ctx ends. The function that it returns waits for the end and returns those
// whose creation was acknowledged.
func (b *bench) urgentStream(ctx context.Context, s *system) (created func() []string) {
	var mu sync.Mutex
	var ids []string
	var running sync.WaitGroup
	for range crashClients {
		running.Go(func() {
			for ctx.Err() == nil {
				d := b.drafts.next(true, 0)
				if _, err := s.grpc.create(ctx, d); err != nil {
					continue // the victim answers nobody
				}
				mu.Lock()
				ids = append(ids, requestID(d))
				mu.Unlock()
			}
		})
	}
	return func() []string {
		running.Wait()
		return ids
	}
}

// pause waits for d or the end of ctx.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// crashes are the kills after which the process is started again.
func crashes(postgres, sqlite *system) []crash {
	return []crash{
		{name: "PostgreSQL: notification, started again", system: postgres, victim: postgres.suite.Processes[harness.Notification]},
		{name: "PostgreSQL: ticket, started again", system: postgres, victim: postgres.suite.Processes[harness.Ticket]},
		{name: "SQLite: the one process, started again", system: sqlite, victim: sqlite.processes()[0]},
	}
}

// replicaCrashes are the kills after which another replica of the service takes over. Ticket reaches the replicas of
// notification by a forwarder, which stands for the cluster's load balancer.
func (b *bench) replicaCrashes() []crash {
	balancer := b.newForwarder()
	s := b.postgresSystem(map[string][]string{harness.Ticket: {"--notification=" + balancer.address()}})
	var found []crash
	for _, service := range []string{harness.Notification, harness.Ticket} {
		first, second := s.suite.Processes[service], s.suite.Replica(b.runner, service)
		if service == harness.Notification {
			balancer.forward(first.GRPC(), second.GRPC())
		}
		second.Start()
		second.Ready()
		found = append(found, crash{name: "PostgreSQL: " + service + ", another replica", system: s, victim: first, heir: second})
	}
	return found
}
