// Package oncall decides who is on call. The answer is a function of the configuration, of who can be reached and of the
// instant alone: no position is stored, so that a process which was away for three hand-overs answers as all others do.
//
// A schedule has layers. Of the layers that have somebody at an instant the last one wins. Overrides come over the layers, in
// the order in which they were made. Who cannot be reached counts as nobody: the next layer below applies, or who would be
// on call without the override. A wrong person who can pass the page on is better than nobody.
//
// Rotations, restrictions and ends of layers are by the clock on the wall of the schedule's zone. A time that it skips is
// the first instant after the gap. What it shows twice counts once, at the first: while it goes over the same hour again,
// nothing happens. All intervals are half-open.
package oncall

import "time"

// Unit is what the length of a turn is counted in.
type Unit string

// The units. A month from the 29th to the 31st ends with a shorter month's last day.
const (
	Hour  Unit = "hour"
	Day   Unit = "day"
	Week  Unit = "week"
	Month Unit = "month"
)

// Schedule is who takes turns, with the exceptions.
type Schedule struct {
	ID, Name  string
	Zone      *time.Location
	Layers    []Layer    // later ones win
	Overrides []Override // in the order in which they were made
}

// Layer is a rotation of people. Times on the wall are as if in UTC.
type Layer struct {
	Name         string
	Unit         Unit
	Length       int           // of a turn, at least 1
	Start        time.Time     // on the wall: the first person begins
	End          time.Time     // on the wall; zero = never
	People       []string      // in order; none: if nobody is on call while the layer is, that is meant
	Restrictions []Restriction // it is on during any of them; none = always
}

// Restriction is a part of each day of some weekdays.
type Restriction struct {
	Weekdays    []time.Weekday // on which it begins; none = all
	From, Until time.Duration  // since midnight; an Until that is not after From is of the next day
}

// Kind is what an override does.
type Kind string

// The kinds.
const (
	ReplaceAll Kind = "replace_all" // Person instead of whoever is on call
	Replace    Kind = "replace"     // Person instead of Replaced, while that is on call
	Add        Kind = "add"         // Person as well
	Remove     Kind = "remove"      // not Replaced: what is below applies
	Temporary  Kind = "temporary"   // Layers instead of the schedule's and of the overrides made before
)

// Override is an exception in [Start, End).
type Override struct {
	ID               string // rises with time
	Kind             Kind
	Person, Replaced string
	Layers           []Layer
	Start, End       time.Time
}

func (o Override) covers(at time.Time) bool { return !at.Before(o.Start) && at.Before(o.End) }

// Duty is a person on call and why.
type Duty struct {
	Person   string
	Layer    int    // from 1, of the schedule or of the temporary one; 0 = of none
	Override string // id of the override that did it; "" = the layer
}

// Shift is who is on call in [Start, End).
type Shift struct {
	Start, End time.Time // End is zero if nothing changes within Horizon
	Duties     []Duty    // the first is the layer's; the others were added. None = a gap
	Deliberate bool      // of a gap: it is meant
}

// Horizon is how far it is looked ahead for the end of a shift.
const Horizon = 100 * 24 * time.Hour

// Usable reports whether a person can be reached.
type Usable func(person string) bool
