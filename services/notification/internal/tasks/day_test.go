package tasks

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// TestASimulatedDay: 24 hours of incidents with rotations, hand-offs, overrides, steps that reach nobody, acknowledgements
// that are forgotten, receivers that fail in many ways and a process that is killed again and again. Every attempt comes at
// the instant at which the oracle has it, by the id that it has there, and there is no other. With ALTIS_SOAK set it is
// 10,000 incidents.
func TestASimulatedDay(t *testing.T) {
	incidents := 10
	if os.Getenv("ALTIS_SOAK") != "" {
		incidents = 10_000
	}
	testkit.Databases(t, "notification", func(t *testing.T, cfg sqldb.Config) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		simulateDay(t, cfg, writeDay(rand.New(rand.NewPCG(seed, 0)), incidents))
	}, durable.Migrations(), directory.Migrations(), store.Migrations())
}

// writeDay makes up what happens.
func writeDay(random *rand.Rand, n int) (all []incident) {
	// Never at a full second, at which hand-overs are: those are tried on purpose.
	moment := func(within time.Duration) time.Duration {
		return time.Duration(random.Int64N(int64(within/time.Second)))*time.Second + time.Duration(1+random.Int64N(999_999))*time.Microsecond
	}
	chance := func(percent int) bool { return random.IntN(100) < percent }
	handovers := []float64{5, 9, 11, 13, 14, 16, 17, 18, 19, 21, 22, 23}
	for len(all) < n {
		i := incident{ticket: int64(1000 + len(all)), occurrence: 1, opened: dayBegins.Add(moment(24 * time.Hour))}
		if chance(10) {
			i.opened = dayBegins.Add(time.Duration(handovers[random.IntN(len(handovers))] * float64(time.Hour)))
		}
		again := len(all) > 0 && chance(10)
		if again { // a ticket that was solved is urgent once more
			before := all[random.IntN(len(all))]
			if later := before.solved.Add(moment(2 * time.Hour)); before.occurrence == 1 && later.Before(dayEnds) {
				i.ticket, i.occurrence, i.opened = before.ticket, 2, later
			}
			if slices.ContainsFunc(all, func(other incident) bool { return other.page() == i.page() }) {
				continue
			}
		}
		if chance(80) {
			within := 5 * time.Minute // most do at once
			if chance(25) {
				within = 40 * time.Minute
			}
			i.acks = append(i.acks, i.opened.Add(moment(within)))
			if chance(50) {
				i.acks = append(i.acks, i.acks[0].Add(moment(60*time.Minute)))
			}
		}
		if chance(5) {
			i.escalated = i.opened.Add(moment(20 * time.Minute))
		}
		if chance(5) {
			i.repeated = i.opened.Add(moment(10 * time.Minute))
		}
		i.solved = i.opened.Add(moment(80 * time.Minute))
		all = append(all, i)
	}
	return all
}

type happening struct {
	at time.Time
	do func()
}

// happenings are what comes from outside, in its order.
func (d *day) happenings(script []incident) []happening {
	all := []happening{
		{dayBegins.Add(14 * time.Hour), func() { d.disable("p02", 101, true) }},
		{dayBegins.Add(18 * time.Hour), func() { d.disable("p02", 102, false) }},
	}
	for _, i := range script {
		open := func() {
			d.update(func(ctx context.Context, tx *store.Tx) error {
				_, err := d.processes[0].Pager.Open(ctx, tx, domain.Opening{
					ID: i.page(), Topic: domain.TicketTopic(i.ticket), Ticket: i.ticket, Occurrence: i.occurrence,
					Incident: domain.Incident{Subject: "checkout returns 502", Urgent: true, Verified: true},
				})
				return err
			})
		}
		all = append(all, happening{i.opened, open})
		if !i.repeated.IsZero() {
			all = append(all, happening{i.repeated, open})
		}
		for _, at := range i.acks {
			all = append(all, happening{at, func() {
				d.whileOpen(i, func(ctx context.Context, tx *store.Tx) error {
					_, err := d.processes[0].Pager.Acknowledge(ctx, tx, i.page(), domain.Person{ID: "p10", Name: "p10", Staff: true})
					return err
				})
			}})
		}
		if !i.escalated.IsZero() {
			all = append(all, happening{i.escalated, func() {
				d.whileOpen(i, func(ctx context.Context, tx *store.Tx) error {
					p, err := tx.LockPage(ctx, i.page())
					if err != nil || p.State != domain.StatePaging && p.State != domain.StateDelivered {
						return err
					}
					_, err = d.processes[0].Pager.Escalate(ctx, tx, i.page(), domain.Person{ID: "p10", Name: "p10", Staff: true}, "")
					return err
				})
			}})
		}
		all = append(all, happening{i.solved, func() {
			d.update(func(ctx context.Context, tx *store.Tx) error {
				p, err := tx.LockPage(ctx, i.page())
				if err != nil {
					return err
				}
				return d.processes[0].Pager.Resolve(ctx, tx, p, domain.Entry{Kind: domain.EntrySolved})
			})
		}})
	}
	// Those of one instant in the order in which they were made up: who is disabled is it before somebody is paged.
	slices.SortStableFunc(all, func(a, b happening) int { return a.at.Compare(b.at) })
	return all
}

// whileOpen changes the incident's page unless it is over.
func (d *day) whileOpen(i incident, fn func(ctx context.Context, tx *store.Tx) error) {
	if d.clock.Now().Before(i.solved) {
		d.update(fn)
	}
}

// compare holds what came against what has to come.
func (d *day) compare(script []incident) {
	rows, err := d.db.Reader().QueryContext(d.t.Context(), `SELECT key, payload FROM tasks WHERE kind = 'event' ORDER BY id`)
	require.NoError(d.t, err)
	news := map[string][]domain.EventKind{}
	for rows.Next() {
		var page, kind string
		require.NoError(d.t, rows.Scan(&page, &kind))
		n, err := strconv.Atoi(kind)
		require.NoError(d.t, err)
		news[page] = append(news[page], domain.EventKind(n))
	}
	require.NoError(d.t, errors.Join(rows.Err(), rows.Close()))

	attempts, repeats, exhausted, again := 0, 0, 0, 0
	known := map[string]bool{}
	for _, i := range script {
		want := expect(i)
		require.Equal(d.t, want.news, news[i.page()], "what ticket hears of %+v", i)
		for id, at := range want.calls {
			require.Equal(d.t, at, d.calls[id], "attempts of delivery %s of %+v", id, i)
			known[id] = true
			attempts += len(at)
			if d.took[id] > 1 { // it broke the connection: the repetition has the same id, by which it is known
				repeats++
			}
			require.LessOrEqual(d.t, d.took[id], 2, "delivery %s was taken again", id)
		}
		if slices.Contains(want.news, domain.EventExhausted) {
			exhausted++
		}
		if slices.Contains(want.news, domain.EventReopened) {
			again++
		}
	}
	for id := range d.calls {
		require.True(d.t, known[id], "a call of no incident's: %s", id)
	}
	if len(script) > 100 { // of a few there may be none by chance
		require.Positive(d.t, exhausted)
		require.Positive(d.t, again)
	}
	d.t.Logf("%d incidents, %d deliveries, %d attempts, %d taken twice by the same id; %d exhausted, %d paged again", len(script), len(known), attempts, repeats, exhausted, again)
}
