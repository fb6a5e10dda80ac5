package tasks

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// Storms of the day: in a minute in which nothing else becomes urgent many incidents do, about which a policy of their own
// pages two people of their own. What has to come of it is said of all of them, as their messages are of several.
var (
	dayStorms   = []float64{2.3, 12.3, 20.3} // hours
	stormPolicy = domain.Policy{
		Steps: []domain.Step{{Targets: []string{"person:p20"}, Timeout: dayTimeouts[0]}, {Targets: []string{"person:p21"}, Timeout: time.Hour}},
		Loops: 1, Fallback: []string{"p21"}, AcknowledgeTimeout: dayAckTimeout,
	}
)

const (
	stormHold  = 4 * time.Second
	stormAcks  = 45 * time.Second // after its beginning, when somebody presses the links of what came together
	stormSolve = 10 * time.Minute
)

func stormBegins(hour float64) time.Time {
	return dayBegins.Add(time.Duration(hour * float64(time.Hour))).Truncate(time.Second)
}

func inStorm(at time.Time) bool {
	return slices.ContainsFunc(dayStorms, func(hour float64) bool {
		begins := stormBegins(hour)
		return !at.Before(begins) && at.Before(begins.Add(time.Minute))
	})
}

// storm is one, with the messages that came of it.
type storm struct {
	begins time.Time
	alone  int // incidents of which everybody is called one by one
	opened []time.Time
	ticket int64 // the first

	messages []message
}

// message is an attempt that a pager of p20 or p21 got.
type message struct {
	at       time.Time
	person   string
	contact  int
	id       string
	together bool
	tickets  []int64
	took     bool
}

func writeStorms(random *rand.Rand, large bool) (all []*storm) {
	// More than any contact is paged about in a minute without a storm.
	alone, incidents := 5, 16
	if large {
		alone, incidents = 200, 500
	}
	for n, hour := range dayStorms {
		s := &storm{begins: stormBegins(hour), alone: alone, ticket: int64(1+n) * 1_000_000}
		for i := range incidents {
			slot := 20 * time.Second / time.Duration(incidents)
			at := time.Duration(i)*slot + time.Duration(random.Int64N(slot.Microseconds()))*time.Microsecond
			s.opened = append(s.opened, s.begins.Add(at.Truncate(time.Microsecond)))
		}
		all = append(all, s)
	}
	return all
}

func (s *storm) happenings(d *day) []happening {
	all := []happening{
		{s.begins, func() { d.policy(stormPolicy) }},
		{s.begins.Add(time.Minute), func() { d.policy(dayPolicy) }},
		{s.begins.Add(stormAcks), func() {
			d.mu.Lock()
			sofar := slices.Clone(s.messages)
			d.mu.Unlock()
			for _, m := range sofar {
				if !m.together || !m.took || m.contact != 0 {
					continue
				}
				b, err := d.one().Store.Bundle(d.t.Context(), m.id)
				require.NoError(d.t, err)
				d.update(func(ctx context.Context, tx *store.Tx) error {
					return d.processes[0].Pager.AcknowledgeMembers(ctx, tx, b.Members, domain.Person{ID: "p20", Name: "p20", Staff: true})
				})
			}
		}},
	}
	for n, at := range s.opened {
		ticket := s.ticket + int64(n)
		all = append(all, happening{at, func() { d.open(ticket, 1) }}, happening{s.begins.Add(stormSolve), func() {
			d.update(func(ctx context.Context, tx *store.Tx) error {
				p, err := tx.LockPage(ctx, domain.PageID(ticket, 1))
				if err != nil {
					return err
				}
				return d.processes[0].Pager.Resolve(ctx, tx, p, domain.Entry{Kind: domain.EntrySolved})
			})
		}})
	}
	return all
}

// receiveInStorm is the pager of the people of a storm. It refuses half of the messages about many once.
func (d *day) receiveInStorm(person string, contact int, id string, body []byte) (status int) {
	var notice struct {
		Type string
		Data struct {
			Bundle, Ticket string
			Pages          []struct{ Ticket string }
		}
	}
	if err := json.Unmarshal(body, &notice); err != nil {
		d.t.Errorf("a message of a storm: %v", err)
	}
	m := message{at: d.clock.Now(), person: person, contact: contact, id: id, together: notice.Data.Bundle != ""}
	for _, p := range notice.Data.Pages {
		m.tickets = append(m.tickets, d.number(p.Ticket))
	}
	if !m.together {
		m.tickets = []int64{d.number(notice.Data.Ticket)}
	}
	s := d.storms[slices.IndexFunc(d.storms, func(s *storm) bool { return m.tickets[0]/1_000_000 == s.ticket/1_000_000 })]
	d.mu.Lock()
	defer d.mu.Unlock()
	before := slices.ContainsFunc(s.messages, func(other message) bool { return other.id == id })
	m.took = !m.together || before || dice("storm", id)%2 == 0
	s.messages = append(s.messages, m)
	if !m.took {
		return 503
	}
	return 200
}

func (d *day) number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		d.t.Errorf("a ticket's number: %v", err)
	}
	return n
}

// expected returns the messages to the first contact of who is called: at which instant, and about which incidents.
func (s *storm) expected() map[time.Time][]int64 {
	all := map[time.Time][]int64{}
	for n := 0; n < len(s.opened); {
		at, ticket := s.opened[n], s.ticket+int64(n)
		if n++; n <= s.alone {
			all[at] = []int64{ticket}
			continue
		}
		at = at.Add(stormHold)
		all[at] = []int64{ticket}
		for ; n < len(s.opened) && s.opened[n].Before(at); n++ {
			all[at] = append(all[at], s.ticket+int64(n))
		}
	}
	return all
}

// compare holds what came of a storm against what has to come.
func (s *storm) compare(d *day, news map[string][]domain.EventKind) {
	taken := map[string]map[int64]int{} // by contact and ticket, how many messages of an id of their own name it
	first, ids := map[time.Time][]int64{}, map[string]int{}
	acknowledged, passedOn := map[int64]bool{}, map[int64]bool{}
	for _, m := range s.messages {
		contact := contactInDay(m.person, m.contact)
		if taken[contact] == nil {
			taken[contact] = map[int64]int{}
		}
		if ids[m.id]++; ids[m.id] == 1 && contact == "p20-0" {
			first[m.at] = slices.Clone(m.tickets)
			slices.Sort(first[m.at])
		}
		for _, ticket := range m.tickets {
			if m.took {
				taken[contact][ticket]++
			}
			if contact == "p20-0" && m.together {
				acknowledged[ticket] = true
				passedOn[ticket] = passedOn[ticket] || !m.took
			}
		}
	}
	require.Equal(d.t, s.expected(), first, "the messages of the storm at %s", s.begins)
	together, next := 0, 0
	once := func(yes bool) int {
		if yes {
			return 1
		}
		return 0
	}
	for n := range s.opened {
		ticket := s.ticket + int64(n)
		page := domain.PageID(ticket, 1)
		require.Equal(d.t, 1, taken["p20-0"][ticket], "ticket %d is told once", ticket)
		require.Equal(d.t, once(passedOn[ticket]), taken["p20-1"][ticket], "ticket %d by the next contact if the first has failed", ticket)
		require.Equal(d.t, once(!acknowledged[ticket]), taken["p21-0"][ticket], "ticket %d in the next step unless it is acknowledged", ticket)
		next += taken["p20-1"][ticket]
		want := []domain.EventKind{domain.EventOpened, domain.EventDelivered, domain.EventEscalated, domain.EventResolved}
		if acknowledged[ticket] {
			want[2], together = domain.EventAcknowledged, together+1
		}
		require.Equal(d.t, want, news[page], "what ticket hears of %d", ticket)
	}
	require.Positive(d.t, together)
	d.t.Logf("storm at %s: %d incidents by %d messages, %d of them together, %d of these by the next contact, too",
		s.begins.Format(time.TimeOnly), len(s.opened), len(first), together, next)
}
