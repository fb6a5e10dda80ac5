package oncall

import "time"

// wallClock returns the instant at which clocks in the zone show what wall shows in UTC. A time that clocks skip is the
// first instant after the gap; of a time that they show twice it is the first. (time.Date promises neither.)
func wallClock(wall time.Time, zone *time.Location) time.Time {
	t := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), zone)
	begin, end := t.ZoneBounds()
	switch shown := Wall(t); {
	case shown.After(wall): // t lies behind the gap
		return begin
	case shown.Before(wall): // t lies before the gap
		return end
	case begin.IsZero():
		return t
	}
	// Shown under the previous offset as well? Then that was earlier.
	if earlier := wall.Add(-offset(begin.Add(-1))); earlier.Before(begin) {
		return earlier.In(zone)
	}
	return t
}

// Wall returns what clocks show at t, as an instant in UTC.
func Wall(t time.Time) time.Time { return t.UTC().Add(offset(t)) }

// reached returns the latest time that clocks in the zone have shown at t: while they go over the same hour again, that is
// the end of the hour.
func reached(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	shown := Wall(t)
	begin, _ := t.ZoneBounds()
	if begin.IsZero() {
		return shown
	}
	if before := begin.UTC().Add(offset(begin.Add(-1))); shown.Before(before) {
		return before.Add(-1)
	}
	return shown
}

func offset(t time.Time) time.Duration {
	_, seconds := t.Zone()
	return time.Duration(seconds) * time.Second
}
