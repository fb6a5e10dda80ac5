package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"
)

// report is everything that was measured.
type report struct {
	plan       plan
	at         time.Time
	took       time.Duration
	machine    machine
	loads      []float64
	yardstick  yardstick
	idle       rest
	filled     rest
	quiet      map[string]quietPages
	dead       map[string]deadEnds
	mailbox    spread
	bursts     map[string]*bursts // 50 tickets, one person
	crowd      map[string]*bursts // one ticket, 50 people
	mails      map[string][]mailBurst
	storms     map[string]storm
	throughput *throughput
	beside     map[string]besides
	recovered  []*recovery
	starts     map[string][]time.Duration
}

// How the report calls the two bursts.
const (
	burstOfPeople  = "burst: one ticket to 50 people"
	burstOfTickets = "burst: 50 tickets at once to one person"
)

// String returns the report as Markdown.
func (r *report) String() string {
	sections := []string{
		"# Performance\n\nWritten by `make bench`; not edited by hand. Times are milliseconds, and p50 / p99 / max where three are given;\n" +
			"of fewer than 100 values the p99 is the maximum.\n",
		"## Targets\n\n" + r.targetTable(),
		"## Machine\n\n" + r.machineText(),
		"## Yardstick\n\n" + r.yardstickText(),
		"## Time to page\n\n" + r.pageText(),
		"## Mails\n\n" + r.mailText(),
		"## Storm\n\n" + r.stormText(),
		"## Recovery\n\n" + r.recoveryText(),
		"## Throughput\n\n" + r.throughputText(),
		"## Memory and start\n\n" + r.memoryText(),
		"## How to repeat it\n\n" + howText,
		"## Not measured\n\n" + notText,
	}
	return strings.Join(sections, "\n")
}

func (r *report) machineText() string {
	sorted := slices.Sorted(slices.Values(r.loads))
	t := newTable("", "")
	t.row("when", r.at.UTC().Format("2006-01-02 15:04 MST")+", for "+r.took.Round(time.Second).String())
	t.row("CPU", r.machine.cpu)
	t.row("memory", r.machine.memory)
	t.row("kernel", r.machine.kernel)
	t.row("Go", runtime.Version()+" "+runtime.GOOS+"/"+runtime.GOARCH)
	t.row("PostgreSQL", r.machine.postgres)
	t.row("Redis", r.machine.redis)
	if len(sorted) > 0 {
		t.row("load average (1 min)", fmt.Sprintf("%.1f at the start; %.1f lowest, %.1f median, %.1f highest during the run",
			r.loads[0], sorted[0], median(sorted), sorted[len(sorted)-1]))
	}
	return t.String() + "\nClients, receivers of pages and mail, both suites and PostgreSQL share these cores: throughput is that of the whole, and the\n" +
		"run itself makes most of the load.\n"
}

func (r *report) yardstickText() string {
	t := newTable("", "ms (n = 500)")
	t.row("HTTP POST of 1 KiB over loopback, answered at once", r.yardstick.post.triple())
	t.row("write of 1 KiB to a file, fsync", r.yardstick.fsync.triple())
	t.row("UPDATE of one row, committed, PostgreSQL", r.yardstick.postgres.triple())
	t.row("UPDATE of one row, committed, SQLite (WAL, synchronous=FULL)", r.yardstick.sqlite.triple())
	return t.String() + "\nA page takes one POST to the gateway, two commits and one POST to the receiver: compare absolute times with\n" +
		"2 x POST + 2 x commit = " + ms(2*r.yardstick.post.p50+2*r.yardstick.postgres.p50) + " ms (PostgreSQL) and " +
		ms(2*r.yardstick.post.p50+2*r.yardstick.sqlite.p50) + " ms (SQLite).\n"
}

func (r *report) pageText() string {
	t := newTable("from POST /v1/tickets to the engineer's webhook", onPostgres, onSQLite)
	row := func(name string, of func(system string) string) { t.row(name, of(onPostgres), of(onSQLite)) }
	row(fmt.Sprintf("one per %s, n = %d", r.plan.pace, r.quiet[onPostgres].pages.n), func(s string) string { return r.quiet[s].pages.triple() })
	row("... of which until the POST is answered", func(s string) string { return r.quiet[s].answers.triple() })
	row(fmt.Sprintf("beside two others whose receivers answer, n = %d", r.dead[onPostgres].well.n), func(s string) string { return r.dead[s].well.triple() })
	row("beside one whose receiver never answers and one whose refuses connections", func(s string) string { return r.dead[s].dead.triple() })
	row("... p99 of the latter / of the former", func(s string) string { return fmt.Sprintf("%.2f", r.dead[s].ratio()) })
	for _, burst := range []struct {
		name  string
		found map[string]*bursts
	}{{burstOfPeople, r.crowd}, {burstOfTickets, r.bursts}} {
		for _, part := range []struct {
			name string
			of   func(*bursts) []time.Duration
		}{
			{"first page", func(b *bursts) []time.Duration { return b.first }},
			{"median page", func(b *bursts) []time.Duration { return b.middle }},
			{"last page", func(b *bursts) []time.Duration { return b.last }},
		} {
			row(fmt.Sprintf("%s, %s (median [lowest..highest] of %d bursts)", burst.name, part.name, r.plan.bursts), func(s string) string {
				p := spreadOf(part.of(burst.found[s]))
				return fmt.Sprintf("%s [%s..%s]", ms(p.p50), ms(p.min), ms(p.max))
			})
		}
	}
	row(fmt.Sprintf("5/s beside %d/s normal tickets, whose mail server takes %s, n = %d", normalPerSec, slowness, r.beside[onPostgres].pages.n),
		func(s string) string { return r.beside[s].pages.triple() })
	row("... normal tickets that went on beside, and their mails that had left at the end", func(s string) string {
		return fmt.Sprintf("%.0f/s, %d mails", r.beside[s].normal, r.beside[s].mails)
	})
	mails := newTable("from the end of a mail to the emergency address to the engineer's webhook", "ms")
	mails.row(fmt.Sprintf("one after the other, n = %d", r.mailbox.n), r.mailbox.triple())
	return t.String() + pageNotes + "\n" + mails.String() + mailboxNotes
}

func (r *report) recoveryText() string {
	t := newTable("killed with kill -9 under a stream of urgent tickets", "kills", "tickets acknowledged", "pages waiting at the kill", "pages lost",
		"repeated requests, all with a webhook-id seen before", "until the last waiting page arrived")
	for _, c := range r.recovered {
		took := "nothing waited"
		if s := spreadOf(c.took); s.n > 0 {
			took = fmt.Sprintf("%s / %s (p50 / max)", ms(s.p50), ms(s.max))
		}
		t.row(c.name, fmt.Sprint(c.rounds), fmt.Sprint(c.acknowledged), fmt.Sprintf("%.0f (median)", median(c.waiting)), fmt.Sprint(c.lost),
			fmt.Sprint(c.repeated), took)
	}
	return t.String() + recoveryNotes
}

func (r *report) memoryText() string {
	t := newTable("", onPostgres, onSQLite)
	row := func(name string, of func(system string) string) { t.row(name, of(onPostgres), of(onSQLite)) }
	row("PSS at rest, new", func(s string) string { return r.idle.memory[s].String() })
	row(fmt.Sprintf("PSS at rest, after %d tickets by %d clients", r.plan.preload, 8), func(s string) string { return r.filled.memory[s].String() })
	row("CPU at rest, of one core (suite + database)", func(s string) string {
		u := r.idle.cpu[s]
		return fmt.Sprintf("%.1f %% + %.1f %%", 100*u.suite.Seconds()/quietTime.Seconds(), 100*u.database.Seconds()/quietTime.Seconds())
	})
	row("second start to ready (p50 / max)", func(s string) string {
		p := spreadOf(r.starts[s])
		return fmt.Sprintf("%s / %s, n = %d", ms(p.p50), ms(p.max), p.n)
	})
	return t.String() + memoryNotes
}
