package main

import (
	"fmt"
	"time"

	"altis-dxp.com/support/pkg/testkit"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// deadEnds is the time to page of one engineer while two others are paged by the same step: once their receivers answer, once
// one of them never does and the other refuses connections.
type deadEnds struct{ well, dead spread }

// ratio is how much longer the slowest pages take beside dead ends.
func (d deadEnds) ratio() float64 { return float64(d.dead.p99) / float64(d.well.p99) }

// measureDeadEnds posts tickets in blocks, to receivers that answer and to those that do not by turns.
func (b *bench) measureDeadEnds(systems []*system) map[string]deadEnds {
	const block = 50
	found := map[string]deadEnds{}
	for _, s := range systems {
		b.phase("pages beside dead ends: %s", s.name)
		silent, refusing := testkit.Receiver(b.runner), testkit.Receiver(b.runner)
		b.must(s.pageOnly(b.ctx, s.world.Engineer.ID, s.world.AddEngineer(b.runner, "Silent", silent), s.world.AddEngineer(b.runner, "Refusing", refusing)))
		var well, dead []time.Duration
		for round := 0; round*block < b.plan.dead; round++ {
			for _, alive := range rotated([]bool{true, false}, round) {
				if alive {
					silent.Respond(nil)
					refusing.Up()
					well = append(well, b.resolvedPages(s, block)...)
					continue
				}
				silent.Respond(func(int, testkit.Request) testkit.Response { return testkit.Response{Hang: true} })
				refusing.Down()
				dead = append(dead, b.resolvedPages(s, block)...)
			}
		}
		silent.Respond(nil)
		silent.Release()
		found[s.name] = deadEnds{spreadOf(well), spreadOf(dead)}
		b.must(s.pageRotation(b))
		b.must(s.settled(b.ctx))
	}
	return found
}

// resolvedPages returns the times to page of n tickets, which are solved then: nobody is called about them any more.
func (b *bench) resolvedPages(s *system, n int) []time.Duration {
	all := b.paced(s, n, b.plan.pace)
	pages, _ := b.toPage(s, all)
	group := newTasks(8)
	for _, p := range all {
		group.do(func(int) error {
			if _, err := s.world.Agent.Tickets().SolveTicket(b.ctx, &ticketv1.SolveTicketRequest{Ticket: p.number}); err != nil {
				return fmt.Errorf("solve #%d: %w", p.number, err)
			}
			return nil
		})
	}
	b.must(group.wait())
	b.must(s.settled(b.ctx))
	return pages
}
