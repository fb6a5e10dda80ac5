package main

import (
	"fmt"
	"time"
)

// alone is what the way of a page costs, measured without the rest.
type alone struct {
	quiet                       quietPages
	perPage, perBurst, perWrite usage // CPU of one page, of a page of the burst, of a ticket that pages nobody
	perSecond                   float64
}

// aloneWrites are the tickets that page nobody, which share their way with those that do.
const aloneWrites = 1000

// measurePagesAlone is for who works on the way of a page. Compare CPU between runs, which others on the machine disturb least.
func (b *bench) measurePagesAlone() string {
	b.logf("building and starting the suites")
	systems := []*system{b.postgresSystem(nil), b.sqliteSystem()}
	found := map[string]*alone{}
	b.phase("time to page")
	for _, s := range systems {
		a := &alone{}
		found[s.name] = a
		b.toPage(s, b.paced(s, burstSize/5, b.plan.pace)) // connections of everybody
		var pages, answers []time.Duration
		a.perPage = b.costs(s, b.plan.pages, func() {
			pages, answers = b.toPage(s, b.paced(s, b.plan.pages, b.plan.pace))
		})
		a.quiet = quietPages{spreadOf(pages), spreadOf(answers)}
	}
	b.phase("bursts")
	tickets := map[string]*bursts{}
	for _, s := range systems {
		found[s.name].perBurst = b.costs(s, burstSize*(b.plan.bursts+1), func() {
			tickets[s.name] = b.measureBursts([]*system{s}, b.manyTickets)[s.name]
		})
	}
	people := b.measureCrowd(systems)
	b.phase("tickets that page nobody")
	for _, s := range systems {
		a := found[s.name]
		b.preload(aloneWrites/10, s.creator())
		began := time.Now()
		a.perWrite = b.costs(s, aloneWrites, func() {
			b.preload(aloneWrites, s.creator())
			b.must(s.delivered(b.ctx))
			a.perSecond = aloneWrites / time.Since(began).Seconds()
		})
	}
	return aloneText(found, tickets, people)
}

// costs returns the CPU time of one of n things that fn does, until nothing is left to do of them.
func (b *bench) costs(s *system, n int, fn func()) usage {
	before, err := s.used()
	b.must(err)
	fn()
	b.must(s.settled(b.ctx))
	after, err := s.used()
	b.must(err)
	u, each := after.minus(before), time.Duration(n)
	return usage{u.suite / each, u.database / each, u.client / each}
}

// aloneText is the table of pages.
func aloneText(found map[string]*alone, tickets, people map[string]*bursts) string {
	t := newTable("pages", onPostgres, onSQLite)
	row := func(name string, of func(system string) string) { t.row(name, of(onPostgres), of(onSQLite)) }
	cpu := func(of func(*alone) usage) func(string) string {
		return func(system string) string {
			u := of(found[system])
			return fmt.Sprintf("%s + %s + %s", ms(u.suite), ms(u.database), ms(u.client))
		}
	}
	row("time to page", func(s string) string { return found[s].quiet.pages.triple() })
	row("... of which until the POST is answered", func(s string) string { return found[s].quiet.answers.triple() })
	row("... CPU of one, ms: suite + database + client", cpu(func(a *alone) usage { return a.perPage }))
	row(burstOfTickets+", last page (p50 / p99 / max)", func(s string) string { return spreadOf(tickets[s].last).triple() })
	row("... CPU of a page", cpu(func(a *alone) usage { return a.perBurst }))
	row(burstOfPeople+", last page", func(s string) string { return spreadOf(people[s].last).triple() })
	row("tickets that page nobody, in a second, by 8 clients", func(s string) string { return digits(found[s].perSecond) })
	row("... CPU of one", cpu(func(a *alone) usage { return a.perWrite }))
	return t.String()
}
