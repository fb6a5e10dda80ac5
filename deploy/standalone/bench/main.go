// Command bench measures the suite on both engines and writes docs/performance.md.
//
// It needs Linux, as it reads CPU time and memory of processes from /proc, and PostgreSQL and redis-server as the tests do.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// plan says how much is measured.
type plan struct {
	clients   []int
	rounds    int           // of throughput
	slice     time.Duration // of throughput
	preload   int           // tickets that exist when reads are measured
	pages     int           // urgent tickets, one per pace
	dead      int           // beside dead ends, and as many beside none
	mails     int           // to the emergency mailbox
	notices   int           // mails of tickets that are created at once
	storm     int           // urgent tickets for one engineer, at once
	pace      time.Duration
	bursts    int
	beside    time.Duration // of urgent tickets beside normal ones
	kills     int           // of each process
	starts    int
	onlyMails bool // of tickets that are created at once, and nothing else
	onlyPages bool // and what a ticket costs
}

// The plans: what `make bench` runs, what `make bench-full` runs, and one that shows in a minute or two that the program works.
func quick() plan {
	return plan{
		clients: []int{1, 8, 32}, rounds: 3, slice: time.Second, preload: 10_000, pages: 400, dead: 200, mails: 300, notices: 1000, pace: 50 * time.Millisecond,
		bursts: 8, storm: 500, beside: 20 * time.Second, kills: 4, starts: 5,
	}
}

// full ends within the hour that the certificates of the daemons last.
func full() plan {
	return plan{
		clients: []int{1, 8, 32}, rounds: 5, slice: 2 * time.Second, preload: 100_000, pages: 2000, dead: 1000, mails: 1000, notices: 1000, pace: 50 * time.Millisecond,
		bursts: 30, storm: 500, beside: time.Minute, kills: 12, starts: 12,
	}
}

func smoke() plan {
	return plan{
		clients: []int{1, 8, 32}, rounds: 1, slice: 100 * time.Millisecond, preload: 1500, pages: 50, dead: 50, mails: 20, notices: 100, pace: 50 * time.Millisecond,
		bursts: 2, storm: 60, beside: 3 * time.Second, kills: 1, starts: 1,
	}
}

// bench is one run.
type bench struct {
	*runner
	plan   plan
	drafts drafts
	began  time.Time
}

func (b *bench) logf(format string, args ...any) {
	fmt.Fprintf(b.log, "%5.0fs  "+format+"\n", append([]any{time.Since(b.began).Seconds()}, args...)...)
}

// phase begins a measurement with nothing left to write on the disk: programs just built, databases just made and the rows of
// the phase before would be written beside it, and its commits wait for them up to half a second.
func (b *bench) phase(format string, args ...any) {
	b.logf(format, args...)
	syscall.Sync()
}

func main() {
	out := flag.String("out", "", "file to write; standard output when empty")
	long := flag.Bool("full", false, "longer runs with ten times the tickets")
	short := flag.Bool("smoke", false, "so short that the figures mean nothing: shows that everything runs")
	mails := flag.Bool("mails", false, "only the mails of tickets that are created at once: writes their table alone")
	pages := flag.Bool("pages", false, "only the way of a page: writes its times and its CPU alone")
	flag.Parse()
	chosen := quick()
	switch {
	case *long:
		chosen = full()
	case *short:
		chosen = smoke()
	}
	chosen.onlyMails, chosen.onlyPages = *mails, *pages
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, chosen, *out, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1) //nolint:gocritic // the deferred stop only restores signal handling
	}
}

// run measures everything and writes the report to path.
func run(ctx context.Context, p plan, path string, log io.Writer) error {
	b := &bench{runner: newRunner(ctx, log), plan: p, began: time.Now()}
	var text string
	measure := b.measure
	switch {
	case p.onlyMails:
		measure = b.measureMailsAlone
	case p.onlyPages:
		measure = b.measurePagesAlone
	}
	err := b.run(func() { text = measure() })
	if ctx.Err() != nil {
		return errors.New("interrupted") // what failed for that reason says nothing
	}
	if err != nil {
		return err
	}
	if path == "" {
		_, err := os.Stdout.WriteString(text)
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// measure runs all measurements and returns the report. What fills the databases comes after what must find them empty.
func (b *bench) measure() string {
	watched := watchLoad(b.ctx)
	r := &report{plan: b.plan, at: b.began}
	b.logf("building and starting the suites")
	postgres, sqlite := b.postgresSystem(nil), b.sqliteSystem()
	systems := []*system{postgres, sqlite}
	r.machine = b.describeMachine(postgres)
	rows, err := templateOf(b.ctx, postgres, b.drafts.next(false, 0))
	b.must(err)
	floors := map[*system]floor{}
	pgFloor, liteFloor := b.postgresFloor(rows, b.plan.clients[len(b.plan.clients)-1]), b.sqliteFloor(rows)
	floors[postgres], floors[sqlite] = pgFloor, liteFloor

	b.phase("yardstick")
	r.yardstick = b.measureYardstick(pgFloor, liteFloor)
	b.logf("memory at rest")
	for _, s := range systems { // what filling them with people has left behind is no rest
		b.restart(s)
	}
	r.idle = b.measureRest(systems)
	b.phase("time to page")
	r.quiet = b.measureQuietPages(systems)
	r.dead = b.measureDeadEnds(systems)
	b.phase("mails to the emergency mailbox")
	r.mailbox = b.measureMailbox(b.plan.mails)
	b.phase("bursts")
	r.bursts = b.measureBursts(systems, b.manyTickets)
	r.crowd = b.measureCrowd(systems)
	r.mails = b.measureMails(systems)
	r.storms = b.measureStorms(systems)
	b.logf("creating %d tickets", b.plan.preload)
	var variants []*variant
	for _, s := range systems {
		pool := b.preload(b.plan.preload, s.creator())
		floorPool := b.preload(b.plan.preload, floors[s].create)
		variants = append(variants, b.suiteVariant(s, viaREST, s.rest, pool), b.suiteVariant(s, viaGRPC, s.grpc, pool),
			b.floorVariant(s, floors[s], floorPool))
	}
	b.logf("memory after them")
	r.filled = b.measureRest(systems)
	r.throughput = b.measureThroughput(variants)
	r.beside = b.measureBesides(systems)
	r.recovered = b.measureRecovery(crashes(postgres, sqlite))
	b.logf("starts")
	r.starts = b.measureStarts(systems)
	b.logf("a second replica of ticket and notification")
	r.recovered = append(r.recovered, b.measureRecovery(b.replicaCrashes())...)
	r.loads, r.took = watched.end(), time.Since(b.began)
	b.logf("ending the suites")
	return r.String()
}

// preload creates tickets by eight clients and returns their numbers.
func (b *bench) preload(n int, create func(ctx context.Context, client int, d draft) (int64, error)) *ticketPool {
	const clients = 8
	pool := &ticketPool{numbers: make([]int64, n)}
	group := newTasks(clients)
	for i := range n {
		group.do(func(client int) error {
			number, err := create(b.ctx, client, b.drafts.next(false, 0))
			pool.numbers[i] = number
			return err
		})
	}
	b.must(group.wait())
	return pool
}
