package tasks

import (
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"altis-dxp.com/support/services/notification/internal/domain"
)

// This file says what has to come of each incident of a day (TestASimulatedDay), from the rules as docs/paging.md has them,
// one incident at a time, or two that are merged, and without a store, a queue or any code of the pager. Who is on call is a table, worked out by hand.

// The day on which the clocks of Berlin go back: it has 25 hours there.
var (
	dayBegins = time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC)
	dayEnds   = dayBegins.Add(24 * time.Hour)
)

// The policy of the day. No sum of pauses between attempts, of which there are many while a receiver is away, is one of its times
// or of their sums, so that the order of what is due is certain.
var dayTimeouts = []time.Duration{187 * time.Second, 250 * time.Second, 373 * time.Second}

var dayPolicy = domain.Policy{
	Steps: []domain.Step{
		{Targets: []string{"schedule:primary", "person:p11"}, Timeout: dayTimeouts[0]},
		{Targets: []string{"schedule:secondary"}, Timeout: dayTimeouts[1]},
		{Targets: []string{"everyone:primary", "person:p10"}, Timeout: dayTimeouts[2]},
	},
	Loops: dayLoops, Fallback: []string{"p10", "p00"}, AcknowledgeTimeout: dayAckTimeout,
}

// dayPeople are all, those of the storms last.
var dayPeople = []string{"p00", "p01", "p02", "p03", "p04", "p05", "p06", "p07", "p08", "p09", "p10", "p11", "p20", "p21"}

const (
	dayLoops      = 2
	dayAckTimeout = 27*time.Minute + 19*time.Second
	dayRuleDelay  = 2*time.Minute + 11*time.Second
)

// duty is who is on call in [from, until), by hours of the day in UTC.
type duty struct {
	from, until float64
	people      []string
}

// dayPrimary is the schedule "primary", whose turns change at 06:00, 14:00 and 22:00 on the wall of Berlin: 05:00, 13:00 and
// 21:00 UTC once the clocks went back, at 01:00 UTC.
var dayPrimary = []duty{
	{-4, 5, []string{"p00"}},
	{5, 9, []string{"p01"}},
	{9, 11, []string{"p06"}}, // stands in for p01
	{11, 13, []string{"p01"}},
	{13, 14, []string{"p02"}},
	{14, 16, []string{"p05"}}, // p02 is disabled: the layer below
	{16, 17, []string{"p05", "p07"}},
	{17, 18, []string{"p05"}},
	{18, 21, []string{"p02"}}, // back
	{21, 22, []string{"p03"}},
	{22, 23, []string{"p08"}}, // instead of everybody
	{23, 29, []string{"p03"}},
	{29, 37, []string{"p04"}},
}

// daySecondary is the schedule "secondary", which is from 08:00 to 20:00 in Berlin: nobody is on call else.
var daySecondary = []duty{{7, 19, []string{"p09"}}, {31, 43, []string{"p09"}}}

// usableInDay reports who can be paged: p11 has no contact, p02 is disabled for four hours.
func usableInDay(person string, at time.Time) bool {
	hour := at.Sub(dayBegins).Hours()
	return person != "p11" && (person != "p02" || hour < 14 || hour >= 18)
}

func onDuty(table []duty, at time.Time) []string {
	hour := at.Sub(dayBegins).Hours()
	for _, d := range table {
		if hour >= d.from && hour < d.until {
			return d.people
		}
	}
	return nil
}

// calledInDay returns who a step calls: 1..3, 4 is the fallback list, 5 are the supervisors.
func calledInDay(step int, at time.Time) []string {
	var people []string
	switch step {
	case 1:
		people = append(slices.Clone(onDuty(dayPrimary, at)), "p11")
	case 2:
		people = slices.Clone(onDuty(daySecondary, at))
	case 3:
		people = append(slices.Clone(onDuty(dayPrimary, at)), "p00", "p01", "p02", "p03", "p04", "p05", "p10")
	case 4:
		people = []string{"p10", "p00"}
	case 5:
		people = []string{"p10"}
	}
	slices.Sort(people)
	people = slices.Compact(people)
	return slices.DeleteFunc(people, func(p string) bool { return !usableInDay(p, at) })
}

// contactsInDay returns how many contacts a person has.
func contactsInDay(person string) int { return 2 + int(person[2]-'0')%2 }

// hasRulesInDay reports that the person's second contact is due after dayRuleDelay, whatever came of the first.
func hasRulesInDay(person string) bool { return person == "p00" || person == "p03" || person == "p09" }

// verdict is what the receiver does with an attempt.
type verdict struct {
	status int  // 0 = it takes the page and breaks the connection before it answers
	after  int  // Retry-After in seconds
	away   bool // nobody listens
}

func (v verdict) accepted() bool { return v.status == 200 }
func (v verdict) final() bool    { return v.status == 404 || v.status == 410 }
func (v verdict) took() bool     { return v.status == 200 || v.status == 0 && !v.away }

// judge says what the receiver does with the n-th attempt (from 1) of a delivery. For five minutes a provider is down, and for
// an hour it is away.
func judge(delivery string, contact, n int, at time.Time) verdict {
	switch hour := at.Sub(dayBegins).Hours(); {
	case contact == 0 && hour >= 10 && hour < 10+5.0/60:
		return verdict{status: 503}
	case contact == 0 && hour >= dayAway && hour < dayAway+1:
		return verdict{away: true}
	}
	h := dice("receiver", delivery)
	switch chance, more := h%100, int(h/100%5)+1; {
	case chance < 70:
	case chance < 80 && n <= more:
		return verdict{status: 500}
	case chance >= 80 && chance < 86 && n <= 2:
		return verdict{status: 429, after: 7}
	case chance >= 86 && chance < 92:
		return verdict{status: 404}
	case chance >= 92 && chance < 95 && n == 1:
		return verdict{}
	case chance >= 95 && chance < 97 && n <= 8, chance == 97:
		return verdict{status: 503}
	case chance >= 98 && n > 2:
		return verdict{status: 410}
	case chance >= 98:
		return verdict{status: 500}
	}
	return verdict{status: 200}
}

// forgets reports that the process is killed after the n-th run of a delivery's task, before its end is written: the task is
// run again when its lease is over.
func forgets(delivery string, n int) bool {
	return n <= 3 && dice("crash", delivery, fmt.Sprint(n))%25 == 0
}

const (
	dayLease = 5 * time.Second
	// dayAway is the hour in which the receiver of first contacts is away.
	dayAway = 6.5
)

func dice(parts ...string) uint64 {
	h := fnv.New64a()
	for _, p := range parts {
		_, _ = h.Write([]byte(p + "|")) // a hash never fails
	}
	// Of similar texts the low bits are similar, too.
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	return x ^ x>>33
}

// incident is what happens to one of the day, outside of notification.
type incident struct {
	ticket, occurrence int64
	opened             time.Time
	repeated           time.Time   // the same event once more; zero = not
	acks               []time.Time // somebody acknowledges, if nobody has
	escalated          time.Time   // somebody escalates; zero = nobody
	takenBack          time.Time   // an acknowledgement is taken back; zero = not
	snoozed            time.Time   // somebody snoozes what is acknowledged; zero = nobody
	snooze             time.Duration
	merged             time.Time // its ticket is merged into that of another
	into               *incident // nil = it is not
	solved             time.Time
}

func (i incident) page() string { return domain.PageID(i.ticket, i.occurrence) }

// outcome is what has to come of an incident.
type outcome struct {
	calls map[string][]time.Time // every attempt, by the delivery's id
	news  []domain.EventKind
}

func contactInDay(person string, n int) string { return fmt.Sprintf("%s-%d", person, n) }
