package oncall

import (
	"slices"
	"time"
)

// Shifts returns the shifts of [from, to) without a break between them: gaps are shifts of nobody.
func (s Schedule) Shifts(from, to time.Time, usable Usable) (shifts []Shift) {
	for t := from; !t.IsZero() && t.Before(to); t = s.next(t) {
		shift := s.at(t, usable)
		if n := len(shifts); n == 0 || !shifts[n-1].same(shift) {
			if n > 0 {
				shifts[n-1].End = t
			}
			shifts = append(shifts, shift)
		}
	}
	if n := len(shifts); n > 0 {
		shifts[n-1].End = to
	}
	return shifts
}

// Gap reports whether a shift that is not meant to be nobody's has nobody who is certain to be reached.
func (s Shift) Gap(certain Usable) bool {
	return !s.Deliberate && !slices.ContainsFunc(s.Duties, func(d Duty) bool { return certain(d.Person) })
}

// NextGap returns the first shift of [from, to) that is a gap; false when there is none.
func (s Schedule) NextGap(from, to time.Time, usable, certain Usable) (Shift, bool) {
	for _, shift := range s.Shifts(from, to, usable) {
		if shift.Gap(certain) {
			return shift, true
		}
	}
	return Shift{}, false
}

// Until returns when somebody who is on call at an instant is not any more, zero if that is not within Horizon.
func (s Schedule) Until(person string, at time.Time, usable Usable) time.Time {
	for _, shift := range s.Shifts(at, at.Add(Horizon), usable) {
		if !slices.ContainsFunc(shift.Duties, func(d Duty) bool { return d.Person == person }) {
			return shift.Start
		}
	}
	return time.Time{}
}
