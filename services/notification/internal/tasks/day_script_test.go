package tasks

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// scribe makes up what happens.
type scribe struct {
	random *rand.Rand
	made   int64 // tickets
}

// moment is never at a full second, at which hand-overs are: those are tried on purpose.
func (s *scribe) moment(within time.Duration) time.Duration {
	return time.Duration(s.random.Int64N(int64(within/time.Second)))*time.Second + time.Duration(1+s.random.Int64N(999_999))*time.Microsecond
}

func (s *scribe) chance(percent int) bool { return s.random.IntN(100) < percent }

// writeDay makes up the incidents of a day. Each kind is among the first few.
func writeDay(random *rand.Rand, n int) (all []incident) {
	s := &scribe{random: random, made: 1000}
	handovers := []float64{5, 9, 11, 13, 14, 16, 17, 18, 19, 21, 22, 23}
	for made := 0; made < n; {
		first := func(nth int) bool { return len(all) == nth }
		opened := dayBegins.Add(s.moment(24 * time.Hour))
		if s.chance(10) {
			opened = dayBegins.Add(time.Duration(handovers[random.IntN(len(handovers))] * float64(time.Hour)))
		}
		if first(0) {
			opened = dayBegins.Add(time.Duration(dayAway*float64(time.Hour)) + s.moment(50*time.Minute))
		}
		i := s.incident(opened)
		if len(all) > 3 && s.chance(10) && !s.recur(&i, all) {
			continue
		}
		if first(1) || s.chance(10) {
			i.acks = []time.Time{i.opened.Add(s.moment(3 * time.Minute))}
			i.takenBack = i.acks[0].Add(s.moment(20 * time.Minute))
			i.solved = i.opened.Add(30*time.Minute + s.moment(50*time.Minute))
		}
		if first(2) || s.chance(10) {
			i.acks = append(i.acks, i.opened.Add(s.moment(3*time.Minute)))
			i.snoozed, i.snooze = i.acks[0].Add(s.moment(10*time.Minute)), 5*time.Minute+s.moment(time.Hour)
		}
		if i.occurrence == 1 && (first(3) || s.chance(10)) {
			into := s.incident(i.opened.Add(s.moment(15 * time.Minute)))
			i.merged, i.into = into.opened.Add(s.moment(20*time.Minute)), &into
		}
		if inStorm(i.opened) || i.into != nil && inStorm(i.into.opened) {
			continue
		}
		if made++; i.into != nil {
			made++
		}
		all = append(all, i)
	}
	return all
}

// incident is one by itself.
func (s *scribe) incident(opened time.Time) incident {
	s.made++
	i := incident{ticket: s.made, occurrence: 1, opened: opened}
	if s.chance(80) {
		within := 5 * time.Minute // most do at once
		if s.chance(25) {
			within = 40 * time.Minute
		}
		i.acks = append(i.acks, i.opened.Add(s.moment(within)))
		if s.chance(50) {
			i.acks = append(i.acks, i.acks[0].Add(s.moment(60*time.Minute)))
		}
	}
	if s.chance(5) {
		i.escalated = i.opened.Add(s.moment(20 * time.Minute))
	}
	if s.chance(5) {
		i.repeated = i.opened.Add(s.moment(10 * time.Minute))
	}
	i.solved = i.opened.Add(s.moment(80 * time.Minute))
	return i
}

// recur makes it a ticket that was solved and is urgent once more. It reports false if that one was again already.
func (s *scribe) recur(i *incident, all []incident) bool {
	before := all[s.random.IntN(len(all))]
	later := before.solved.Add(s.moment(2 * time.Hour))
	if before.occurrence != 1 || before.into != nil || !later.Before(dayEnds) {
		return true // it stays one of its own
	}
	again := s.incident(later)
	again.ticket, again.occurrence = before.ticket, 2
	*i = again
	return !slices.ContainsFunc(all, func(other incident) bool { return other.page() == again.page() })
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
		all = append(all, d.happeningsTo(i)...)
		if i.into == nil {
			continue
		}
		all = append(all, d.happeningsTo(*i.into)...)
		all = append(all, happening{i.merged, func() {
			d.update(func(ctx context.Context, tx *store.Tx) error {
				_, err := d.processes[0].Pager.Merge(ctx, tx, domain.Merging{
					From: i.ticket, Into: i.into.ticket, Sequence: 3, Over: i.into.solved.Before(i.merged), By: dayPerson,
				})
				return err
			})
		}})
	}
	for _, s := range d.storms {
		all = append(all, s.happenings(d)...)
	}
	// Those of one instant in the order in which they were made up: who is disabled is it before somebody is paged.
	slices.SortStableFunc(all, func(a, b happening) int { return a.at.Compare(b.at) })
	return all
}

var dayPerson = domain.Person{ID: "p10", Name: "p10", Staff: true}

func (d *day) happeningsTo(i incident) []happening {
	open := func() { d.open(i.ticket, i.occurrence) }
	all := []happening{{i.opened, open}, {i.solved, func() {
		d.update(func(ctx context.Context, tx *store.Tx) error {
			p, err := tx.LockOpenPage(ctx, domain.TicketTopic(i.ticket))
			if err != nil || p == nil {
				return err
			}
			return d.processes[0].Pager.Resolve(ctx, tx, p, domain.Entry{Kind: domain.EntrySolved})
		})
	}}}
	if !i.repeated.IsZero() {
		all = append(all, happening{i.repeated, open})
	}
	pager := d.processes[0].Pager
	for _, at := range i.acks {
		all = append(all, d.asks(at, func(ctx context.Context, tx *store.Tx) (*domain.Page, error) {
			return pager.Acknowledge(ctx, tx, i.page(), dayPerson)
		}))
	}
	if !i.escalated.IsZero() {
		all = append(all, d.asks(i.escalated, func(ctx context.Context, tx *store.Tx) (*domain.Page, error) {
			return pager.Escalate(ctx, tx, i.page(), dayPerson, "it is worse")
		}))
	}
	if !i.takenBack.IsZero() {
		all = append(all, d.asks(i.takenBack, func(ctx context.Context, tx *store.Tx) (*domain.Page, error) {
			return pager.Unacknowledge(ctx, tx, i.page(), dayPerson, "not mine")
		}))
	}
	if !i.snoozed.IsZero() {
		all = append(all, d.asks(i.snoozed, func(ctx context.Context, tx *store.Tx) (*domain.Page, error) {
			return pager.Snooze(ctx, tx, i.page(), dayPerson, i.snooze)
		}))
	}
	return all
}

// asks is something that somebody asks for, and may be refused as the page is not, or no more, as they think.
func (d *day) asks(at time.Time, fn func(ctx context.Context, tx *store.Tx) (*domain.Page, error)) happening {
	return happening{at, func() {
		d.update(func(ctx context.Context, tx *store.Tx) error {
			if _, err := fn(ctx, tx); fault.KindOf(err) != fault.Precondition {
				return err
			}
			return nil
		})
	}}
}

func (d *day) open(ticket, occurrence int64) {
	d.update(func(ctx context.Context, tx *store.Tx) error {
		_, err := d.processes[0].Pager.Open(ctx, tx, domain.Opening{
			ID: domain.PageID(ticket, occurrence), Topic: domain.TicketTopic(ticket), Ticket: ticket, Occurrence: occurrence,
			Incident: domain.Incident{Subject: "checkout returns 502", Urgent: true, Verified: true},
		})
		return err
	})
}
