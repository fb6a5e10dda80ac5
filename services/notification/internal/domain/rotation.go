package domain

import "time"

// Schedule is a rotation: people take turns of ShiftDays days, beginning with the first at Start. Hand-overs are at the
// wall-clock time of Start in Zone, whatever daylight saving does.
type Schedule struct {
	ID, Name  string
	Zone      *time.Location
	Start     time.Time
	ShiftDays int // 1..90
	People    []string
}

// turn returns who the rotation has on call at an instant, without overrides, and when that ends. Before Start it is
// nobody until Start.
func (s Schedule) turn(at time.Time) (person string, end time.Time) {
	if at.Before(s.Start) {
		return "", s.Start
	}
	if len(s.People) == 0 {
		return "", time.Time{}
	}
	k := (civilDay(at.In(s.Zone)) - civilDay(s.Start.In(s.Zone))) / s.ShiftDays
	// The days count calendar dates, hand-overs have a time of day: off by one at the most on either side.
	for k > 0 && at.Before(s.handover(k)) {
		k--
	}
	for !at.Before(s.handover(k + 1)) {
		k++
	}
	return s.People[k%len(s.People)], s.handover(k + 1)
}

// handover returns when turn k begins.
func (s Schedule) handover(k int) time.Time {
	if k == 0 {
		return s.Start
	}
	local := s.Start.In(s.Zone)
	return wallClock(time.Date(local.Year(), local.Month(), local.Day()+k*s.ShiftDays,
		local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), time.UTC), s.Zone)
}

// civilDay numbers the calendar dates.
func civilDay(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// wallClock returns the instant at which clocks in the zone show what wall shows in UTC. A time that clocks skip is the
// first instant after the gap; of a time that they show twice it is the first. (time.Date promises neither.)
func wallClock(wall time.Time, zone *time.Location) time.Time {
	t := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), zone)
	begin, end := t.ZoneBounds()
	switch shown := shownClock(t); {
	case shown.After(wall): // t lies behind the gap
		return begin
	case shown.Before(wall): // t lies before the gap
		return end
	case begin.IsZero():
		return t
	}
	// Shown under the previous offset as well? Then that was earlier.
	_, offset := begin.Add(-1).Zone()
	if earlier := wall.Add(-time.Duration(offset) * time.Second); earlier.Before(begin) {
		return earlier.In(zone)
	}
	return t
}

// shownClock returns what clocks show at t, as an instant in UTC.
func shownClock(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}
