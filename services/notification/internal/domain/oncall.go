package domain

import "time"

// Override puts a person on call in [Start, End) instead of the rotation.
type Override struct {
	ID, Schedule, Person string
	Start, End           time.Time
}

func (o Override) covers(at time.Time) bool { return !at.Before(o.Start) && at.Before(o.End) }

// Shift is who one schedule has on call at an instant.
type Shift struct {
	Person   string    // "" = nobody
	Override string    // the override that did it, "" = the rotation
	End      time.Time // the first instant at which somebody or something else decides; zero = never
}

// OnCall returns who is on call at an instant: the person of the override made last (ids rise with time) of those that
// cover it, else the person whose turn it is. Intervals are half-open: at the hand-over it is the one who comes. The
// answer depends on the arguments alone. Overrides of other schedules are ignored.
func (s Schedule) OnCall(overrides []Override, at time.Time) Shift {
	var winner *Override
	for i, o := range overrides {
		if o.Schedule == s.ID && o.covers(at) && (winner == nil || o.ID > winner.ID) {
			winner = &overrides[i]
		}
	}
	var shift Shift
	if winner != nil {
		shift = Shift{Person: winner.Person, Override: winner.ID, End: winner.End}
	} else {
		shift.Person, shift.End = s.turn(at)
	}
	for _, o := range overrides {
		takesOver := o.Schedule == s.ID && o.Start.After(at) && o.Start.Before(o.End) && (winner == nil || o.ID > winner.ID)
		if takesOver && (shift.End.IsZero() || o.Start.Before(shift.End)) {
			shift.End = o.Start
		}
	}
	return shift
}
