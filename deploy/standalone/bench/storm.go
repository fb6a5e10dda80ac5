package main

import (
	"fmt"
	"time"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
)

// storm is what came of many incidents at once, all of which page the same engineer.
type storm struct {
	created  time.Duration // from the first POST to the last answer
	first    time.Duration // from the first POST to the first page
	named    time.Duration // from the first POST to the page that named the last of them
	heard    time.Duration // from the first POST until ticket had heard of all that a provider took their pages
	messages int           // that the engineer got
	cpu      usage
}

const (
	stormClients = 32
	stormLimit   = time.Minute
	// stormAlone is about how many incidents the engineer is paged one by one: the default of notification.
	stormAlone = 10
)

// measureStorms has the systems bundle pages, which they do not in the other measurements, as those count calls.
func (b *bench) measureStorms(systems []*system) map[string]storm {
	found := map[string]storm{}
	for _, s := range systems {
		flag, process := "--bundle-after", s.suite.Processes[harness.Notification]
		if process == nil {
			flag, process = "--notification-bundle-after", s.processes()[0]
		}
		takeBack := process.With(fmt.Sprintf("%s=%d", flag, stormAlone))
		b.restart(s)
		found[s.name] = b.storm(s)
		takeBack()
		b.restart(s)
	}
	return found
}

// storm creates urgent tickets as quickly as they are taken, for an engineer who was not paged before.
func (b *bench) storm(s *system) storm {
	b.toPage(s, b.paced(s, 1, b.plan.pace)) // connections of everybody
	pager := testkit.Receiver(b.runner)
	suffix := " in the storm"
	s.pages.watch(pager, suffix)
	b.must(s.pageOnly(b.ctx, s.world.AddEngineer(b.runner, "Engineer in a storm", pager)))
	b.must(s.settled(b.ctx))
	b.phase("storm: %s", s.name)
	ids := make([]string, b.plan.storm)
	before, err := s.used()
	b.must(err)
	began := time.Now()
	work := newTasks(stormClients)
	for i := range ids {
		d := b.drafts.next(true, 0)
		ids[i] = requestID(d) + suffix
		work.do(func(int) error {
			_, err := s.grpc.create(b.ctx, d)
			return err
		})
	}
	b.must(work.wait())
	found := storm{created: time.Since(began), first: stormLimit}
	if missing := s.pages.wait(b.ctx, ids, stormLimit); len(missing) > 0 {
		b.must(fmt.Errorf("%s: %d of %d incidents were named to nobody within %s", s.name, len(missing), len(ids), stormLimit))
	}
	b.must(s.settled(b.ctx))
	found.heard = time.Since(began)
	for _, id := range ids {
		at := s.pages.at(id).Sub(began)
		found.first, found.named = min(found.first, at), max(found.named, at)
	}
	found.messages = len(pager.Requests())
	after, err := s.used()
	b.must(err)
	found.cpu = after.minus(before)
	b.must(s.pageOnly(b.ctx, s.world.Engineer.ID))
	return found
}

// stormText is the table of storms.
func (r *report) stormText() string {
	t := newTable(fmt.Sprintf("%d urgent tickets for one engineer, created at once by %d clients", r.plan.storm, stormClients), onPostgres, onSQLite)
	row := func(name string, of func(storm) string) {
		t.row(name, of(r.storms[onPostgres]), of(r.storms[onSQLite]))
	}
	seconds := func(d time.Duration) string { return digits(d.Seconds()) + " s" }
	row("the last is created", func(s storm) string { return seconds(s.created) })
	row("the first page", func(s storm) string { return seconds(s.first) })
	row("every incident was named to the engineer", func(s storm) string { return seconds(s.named) })
	row("ticket has heard of every one that it was", func(s storm) string { return seconds(s.heard) })
	row("messages that the engineer got", func(s storm) string { return fmt.Sprint(s.messages) })
	row("CPU of an incident, ms: suite + database + client", func(s storm) string {
		each := func(d time.Duration) string { return digits(d.Seconds() * 1000 / float64(r.plan.storm)) }
		return each(s.cpu.suite) + " + " + each(s.cpu.database) + " + " + each(s.cpu.client)
	})
	return t.String() + stormNotes
}
