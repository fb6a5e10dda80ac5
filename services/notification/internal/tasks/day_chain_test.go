package tasks

import (
	"slices"
	"time"

	"altis-dxp.com/support/services/notification/internal/domain"
)

// timeline is what is due to incidents that have to do with each other.
type timeline struct {
	now  time.Time
	due  []dueThen
	made int
}

// chain is an incident on its way through the day.
type chain struct {
	outcome
	*timeline
	page              string
	state             domain.State
	cycle, loop, step int
	generation        int // of timers: they end when somebody acknowledges
	sent              []*call
	into              *chain // goes on instead, as the tickets were merged
}

type dueThen struct {
	at    time.Time
	order int
	do    func()
}

// call is a delivery to one contact.
type call struct {
	id                string
	cycle, loop, step int
	person            string
	contact, attempts int
	state             domain.DeliveryState
}

// expect returns what has to come of an incident, and of the one that it is merged into.
func expect(i incident) (own, other outcome) {
	line := &timeline{}
	c := line.chain(i)
	var into *chain
	if i.into != nil {
		into = line.chain(*i.into)
		line.at(i.merged, func() { merge(c, into) })
		// The ticket of the one ends with the merge, and that of the other with whatever page it has then.
		line.at(i.solved, func() {
			if c.now.Before(i.merged) {
				c.resolve()
			}
		})
		line.at(i.into.solved, func() { into.goingOn().resolve() })
	} else {
		line.at(i.solved, c.resolve)
	}
	line.run()
	if into != nil {
		other = into.outcome
	}
	return c.outcome, other
}

// chain adds what happens to an incident until it is over.
func (l *timeline) chain(i incident) *chain {
	c := &chain{page: i.page(), outcome: outcome{calls: map[string][]time.Time{}}, timeline: l}
	l.at(i.opened, func() {
		c.state, c.cycle, c.loop, c.step = domain.StatePaging, 1, 1, 1
		c.climb(domain.EventOpened)
	})
	for _, at := range i.acks {
		l.at(at, func() { c.goingOn().acknowledge() })
	}
	if !i.escalated.IsZero() {
		l.at(i.escalated, func() {
			switch c.state {
			case domain.StatePaging, domain.StateDelivered:
				c.advance()
			case domain.StateExhausted:
				c.silence()
				c.again(1, 1)
			}
		})
	}
	if !i.takenBack.IsZero() {
		l.at(i.takenBack, func() {
			if c.state == domain.StateAcknowledged {
				c.generation++
				c.again(1, 1)
			}
		})
	}
	if !i.snoozed.IsZero() {
		l.at(i.snoozed, func() {
			if c.state == domain.StateAcknowledged {
				c.generation++
				c.forgotten(i.snooze)
			}
		})
	}
	return c
}

func (l *timeline) run() {
	for len(l.due) > 0 {
		slices.SortFunc(l.due, func(a, b dueThen) int {
			if order := a.at.Compare(b.at); order != 0 {
				return order
			}
			return a.order - b.order
		})
		next := l.due[0]
		l.due = l.due[1:]
		l.now = next.at
		next.do()
	}
}

func (l *timeline) at(t time.Time, do func()) {
	l.made++
	l.due = append(l.due, dueThen{t, l.made, do})
}

func (c *chain) goingOn() *chain {
	for c.into != nil {
		c = c.into
	}
	return c
}

// merge has one page left of those of two tickets: the stronger one, the other ticket's if they are equal.
func merge(from, into *chain) {
	strength := map[domain.State]int{domain.StateAcknowledged: 3, domain.StateDelivered: 2, domain.StatePaging: 1}
	switch {
	case from.state == domain.StateResolved:
	case into.state == domain.StateResolved: // it was over before
		from.resolve()
	case strength[into.state] >= strength[from.state]:
		from.resolve()
		from.into = into
	default:
		into.silence()
		into.state, into.into = domain.StateResolved, from
		from.news = append(from.news, domain.EventMerged)
	}
}

func (c *chain) resolve() {
	if c.state == domain.StateResolved {
		return
	}
	c.silence()
	c.state = domain.StateResolved
	c.news = append(c.news, domain.EventResolved)
}

func (c *chain) waiting() bool {
	return c.state == domain.StatePaging || c.state == domain.StateDelivered || c.state == domain.StateExhausted
}

// climb calls whom the step reaches, or the next that reaches anybody.
func (c *chain) climb(news domain.EventKind) {
	for {
		if people := calledInDay(c.step, c.now); len(people) > 0 {
			c.news = append(c.news, news)
			cycle, loop, step, generation := c.cycle, c.loop, c.step, c.generation
			c.at(c.now.Add(dayTimeouts[min(c.step, 3)-1]), func() {
				same := cycle == c.cycle && loop == c.loop && step == c.step && generation == c.generation
				if same && (c.state == domain.StatePaging || c.state == domain.StateDelivered) {
					c.advance()
				}
			})
			c.call(people)
			return
		}
		if !c.next() {
			c.exhaust()
			return
		}
	}
}

func (c *chain) next() bool {
	switch {
	case c.step < 3:
		c.step++
	case c.step == 3 && c.loop < dayLoops:
		c.loop, c.step = c.loop+1, 1
	case c.step == 3:
		c.step = 4
	default:
		return false
	}
	return true
}

func (c *chain) advance() {
	if c.next() {
		c.climb(domain.EventEscalated)
	} else {
		c.exhaust()
	}
}

func (c *chain) exhaust() {
	c.state, c.step = domain.StateExhausted, 5
	c.news = append(c.news, domain.EventExhausted)
	c.call(calledInDay(5, c.now))
}

func (c *chain) call(people []string) {
	for _, person := range people {
		c.send(c.cycle, c.loop, c.step, person, 0)
		if !hasRulesInDay(person) {
			continue
		}
		cycle, loop, step, generation := c.cycle, c.loop, c.step, c.generation
		c.at(c.now.Add(dayRuleDelay), func() {
			if generation != c.generation || !c.waiting() || !usableInDay(person, c.now) || c.tried(cycle, loop, step, person, 1) {
				return
			}
			c.send(cycle, loop, step, person, 1)
		})
	}
}

func (c *chain) tried(cycle, loop, step int, person string, contact int) bool {
	return slices.ContainsFunc(c.sent, func(s *call) bool {
		return s.cycle == cycle && s.loop == loop && s.step == step && s.person == person && s.contact == contact
	})
}

func (c *chain) send(cycle, loop, step int, person string, contact int) {
	id := domain.DeliveryID(c.page, domain.Position{Cycle: cycle, Loop: loop, Step: step}, person, contactInDay(person, contact))
	s := &call{id: id, cycle: cycle, loop: loop, step: step, person: person, contact: contact, state: domain.DeliveryQueued}
	c.sent = append(c.sent, s)
	c.at(c.now, func() { c.attempt(s) })
}

func (c *chain) attempt(s *call) {
	if s.state != domain.DeliveryQueued {
		return
	}
	s.attempts++
	c.calls[s.id] = append(c.calls[s.id], c.now)
	v := judge(s.id, s.contact, s.attempts, c.now)
	seconds := []int{1, 2, 5, 10, 20}
	pause := time.Duration(max(seconds[min(s.attempts, 5)-1], v.after)) * time.Second
	if forgets(s.id, s.attempts) {
		pause = dayLease
	}
	switch {
	case v.accepted():
		s.state = domain.DeliveryAccepted
		if c.state == domain.StatePaging && s.cycle == c.cycle {
			c.state = domain.StateDelivered
			c.news = append(c.news, domain.EventDelivered)
		}
		return
	case v.final():
		s.state = domain.DeliveryFailed
		if s.attempts > 1 || !c.passOn(s) {
			c.giveUp(s)
		}
		return
	case s.attempts == 1:
		c.passOn(s)
	}
	c.at(c.now.Add(pause), func() { c.attempt(s) })
}

// passOn starts the next contact of the person that was not tried at this step.
func (c *chain) passOn(s *call) bool {
	for contact := s.contact + 1; contact < contactsInDay(s.person) && usableInDay(s.person, c.now); contact++ {
		if !c.tried(s.cycle, s.loop, s.step, s.person, contact) {
			c.send(s.cycle, s.loop, s.step, s.person, contact)
			return true
		}
	}
	return false
}

// giveUp begins the next step when nothing is left of the current one. When that were the supervisors it calls everybody of
// theirs and of the fallback list by the contacts by which they were not told, at once: both of p00.
func (c *chain) giveUp(s *call) {
	if s.cycle != c.cycle || s.loop != c.loop || s.step != c.step {
		return
	}
	for _, other := range c.sent {
		same := other.cycle == c.cycle && other.loop == c.loop && other.step == c.step
		if same && (other.state == domain.DeliveryQueued || other.state == domain.DeliveryAccepted) {
			return
		}
	}
	switch {
	case c.state != domain.StateExhausted:
		c.advance()
	case c.step == 5:
		c.step = 6
		c.send(c.cycle, c.loop, c.step, "p00", 0)
		c.send(c.cycle, c.loop, c.step, "p00", 1)
	}
}

func (c *chain) silence() {
	c.generation++
	for _, s := range c.sent {
		if s.state == domain.DeliveryQueued {
			s.state = domain.DeliveryCancelled
		}
	}
}

func (c *chain) acknowledge() {
	if !c.waiting() {
		return
	}
	c.silence()
	c.state = domain.StateAcknowledged
	c.news = append(c.news, domain.EventAcknowledged)
	c.forgotten(dayAckTimeout)
}

// forgotten begins again at the step that was acknowledged, unless something has become of it until then.
func (c *chain) forgotten(after time.Duration) {
	cycle, generation := c.cycle, c.generation
	c.at(c.now.Add(after), func() {
		if c.state == domain.StateAcknowledged && cycle == c.cycle && generation == c.generation {
			c.again(c.loop, min(c.step, 4))
		}
	})
}

// again begins a new cycle.
func (c *chain) again(loop, step int) {
	c.state = domain.StatePaging
	c.cycle, c.loop, c.step = c.cycle+1, loop, step
	c.climb(domain.EventReopened)
}
