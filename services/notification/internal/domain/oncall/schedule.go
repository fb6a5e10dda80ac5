package oncall

import (
	"slices"
	"time"
)

// OnCall returns who is on call at an instant; the shift begins with it.
func (s Schedule) OnCall(at time.Time, usable Usable) Shift {
	shift := s.at(at, usable)
	for t := at; ; {
		if t = s.next(t); t.IsZero() || t.Sub(at) > Horizon {
			return shift
		}
		if !shift.same(s.at(t, usable)) {
			shift.End = t
			return shift
		}
	}
}

// Duties returns who is on call at an instant.
func (s Schedule) Duties(at time.Time, usable Usable) []Duty { return s.at(at, usable).Duties }

// People returns everybody of all layers, who wins first, each once.
func (s Schedule) People() (people []string) {
	for _, l := range slices.Backward(s.Layers) {
		for _, p := range l.People {
			if !slices.Contains(people, p) {
				people = append(people, p)
			}
		}
	}
	return people
}

// Mentioned returns everybody who may be on call at any time, each once.
func (s Schedule) Mentioned() []string {
	people := s.People()
	for _, o := range s.Overrides {
		if o.Person != "" {
			people = append(people, o.Person)
		}
		for _, l := range o.Layers {
			people = append(people, l.People...)
		}
	}
	slices.Sort(people)
	return slices.Compact(people)
}

// Candidates returns everybody who may be on call at an instant, whoever can be reached.
func (s Schedule) Candidates(at time.Time) (people []string) {
	wall := reached(at, s.Zone)
	add := func(duties []Duty) {
		for _, d := range duties {
			people = append(people, d.Person)
		}
	}
	duties, _ := onTurn(s.Layers, wall, "")
	add(duties)
	for _, o := range s.covering(at) {
		if o.Person != "" {
			people = append(people, o.Person)
		}
		duties, _ = onTurn(o.Layers, wall, o.ID)
		add(duties)
	}
	return people
}

func (s Schedule) covering(at time.Time) (overrides []Override) {
	for _, o := range s.Overrides {
		if o.covers(at) {
			overrides = append(overrides, o)
		}
	}
	return overrides
}

func (s Schedule) at(at time.Time, usable Usable) Shift {
	wall, covering := reached(at, s.Zone), s.covering(at)
	// The newest override of those that replace everything and have somebody; without one, the layers.
	for i, o := range slices.Backward(covering) {
		shift := Shift{Start: at}
		switch o.Kind {
		case ReplaceAll:
			if shift.fill([]Duty{{Person: o.Person, Override: o.ID}}, covering[i+1:], usable) {
				return shift
			}
		case Temporary:
			var turns []Duty
			turns, shift.Deliberate = onTurn(o.Layers, wall, o.ID)
			shift.Deliberate = shift.Deliberate || len(o.Layers) == 0
			if shift.fill(turns, covering[i+1:], usable) || len(turns) == 0 {
				return shift
			}
		}
	}
	shift := Shift{Start: at}
	var turns []Duty
	turns, shift.Deliberate = onTurn(s.Layers, wall, "")
	shift.fill(turns, covering, usable)
	return shift
}

// onTurn returns whose turn it is in each layer, the one that wins first, and whether a layer says that nobody is meant.
func onTurn(layers []Layer, wall time.Time, override string) (turns []Duty, empty bool) {
	for i, l := range slices.Backward(layers) {
		switch {
		case !l.on(wall):
		case len(l.People) == 0:
			empty = true
		default:
			turns = append(turns, Duty{Person: l.People[l.turn(wall)%len(l.People)], Layer: i + 1, Override: override})
		}
	}
	return turns, empty
}

// fill puts the first of the turns on call that has somebody after the overrides, and whom these add. It reports whether
// one of the turns has.
func (s *Shift) fill(turns []Duty, overrides []Override, usable Usable) (ok bool) {
	for _, turn := range turns {
		var d Duty
		if d, ok = settle(turn, overrides, usable); ok {
			s.Duties = append(s.Duties, d)
			break
		}
	}
	for i, o := range overrides {
		if o.Kind != Add {
			continue
		}
		d, added := settle(Duty{Person: o.Person, Override: o.ID}, overrides[i+1:], usable)
		if added && !slices.ContainsFunc(s.Duties, func(other Duty) bool { return other.Person == d.Person }) {
			s.Duties = append(s.Duties, d)
		}
	}
	s.Deliberate = s.Deliberate && len(s.Duties) == 0 && len(turns) == 0
	return ok
}

// settle follows the overrides of one person, and returns the last of those who take over from each other that can be
// reached.
func settle(d Duty, overrides []Override, usable Usable) (Duty, bool) {
	chain := []Duty{d}
	for _, o := range overrides {
		last := chain[len(chain)-1]
		switch {
		case o.Replaced != last.Person:
		case o.Kind == Replace:
			chain = append(chain, Duty{Person: o.Person, Layer: d.Layer, Override: o.ID})
		case o.Kind == Remove:
			return Duty{}, false
		}
	}
	for _, d := range slices.Backward(chain) {
		if usable(d.Person) {
			return d, true
		}
	}
	return Duty{}, false
}

func (s Shift) same(other Shift) bool {
	return s.Deliberate == other.Deliberate && slices.Equal(s.Duties, other.Duties)
}

// next returns the first instant after at at which something may change; zero = never.
func (s Schedule) next(at time.Time) (next time.Time) {
	wall := reached(at, s.Zone)
	layers := func(of []Layer) {
		for _, l := range of {
			if change := l.next(wall); !change.IsZero() {
				next = earlier(next, wallClock(change, s.Zone))
			}
		}
	}
	layers(s.Layers)
	for _, o := range s.Overrides {
		for _, t := range []time.Time{o.Start, o.End} {
			if t.After(at) && o.Start.Before(o.End) {
				next = earlier(next, t)
			}
		}
		if o.covers(at) {
			layers(o.Layers)
		}
	}
	return next
}
