package tasks

import (
	"slices"
	"time"

	"altis-dxp.com/support/services/notification/internal/domain"
)

// chain is an incident on its way through the day.
type chain struct {
	outcome
	page              string
	now               time.Time
	due               []dueThen
	made              int
	state             domain.State
	cycle, loop, step int
	generation        int // of timers: they end when somebody acknowledges
	sent              []*call
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

// expect returns what has to come of an incident.
func expect(i incident) outcome {
	c := &chain{page: i.page(), outcome: outcome{calls: map[string][]time.Time{}}}
	c.at(i.opened, func() {
		c.state, c.cycle, c.loop, c.step = domain.StatePaging, 1, 1, 1
		c.climb(domain.EventOpened)
	})
	for _, at := range i.acks {
		c.at(at, c.acknowledge)
	}
	if !i.escalated.IsZero() {
		c.at(i.escalated, func() {
			if c.state == domain.StatePaging || c.state == domain.StateDelivered {
				c.advance()
			}
		})
	}
	c.at(i.solved, func() {
		c.silence()
		c.state = domain.StateResolved
		c.news = append(c.news, domain.EventResolved)
	})
	for len(c.due) > 0 {
		slices.SortFunc(c.due, func(a, b dueThen) int {
			if order := a.at.Compare(b.at); order != 0 {
				return order
			}
			return a.order - b.order
		})
		next := c.due[0]
		c.due = c.due[1:]
		c.now = next.at
		next.do()
	}
	return c.outcome
}

func (c *chain) at(t time.Time, do func()) {
	c.made++
	c.due = append(c.due, dueThen{t, c.made, do})
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

// giveUp begins the next step when nothing is left of the current one.
func (c *chain) giveUp(s *call) {
	if c.state == domain.StateExhausted || s.cycle != c.cycle || s.loop != c.loop || s.step != c.step {
		return
	}
	for _, other := range c.sent {
		same := other.cycle == c.cycle && other.loop == c.loop && other.step == c.step
		if same && (other.state == domain.DeliveryQueued || other.state == domain.DeliveryAccepted) {
			return
		}
	}
	c.advance()
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
	cycle, generation := c.cycle, c.generation
	c.at(c.now.Add(dayAckTimeout), func() {
		if c.state != domain.StateAcknowledged || cycle != c.cycle || generation != c.generation {
			return
		}
		c.state = domain.StatePaging
		c.cycle, c.step = c.cycle+1, min(c.step, 4)
		c.climb(domain.EventReopened)
	})
}
