package oncall

import (
	"slices"
	"time"
)

const day = 24 * time.Hour

// duration is how long a unit is on a wall whose clock is never changed; a month's differs.
func (u Unit) duration() time.Duration {
	switch u {
	case Hour:
		return time.Hour
	case Week:
		return 7 * day
	}
	return day
}

// begins returns the time on the wall at which turn k begins.
func (l Layer) begins(k int) time.Time {
	if l.Unit != Month {
		return l.Start.Add(time.Duration(k*l.Length) * l.Unit.duration())
	}
	year, month, date := l.Start.Date()
	first := time.Date(year, month+time.Month(k*l.Length), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(date, last)-1).Add(l.Start.Sub(midnight(l.Start)))
}

// turn numbers the turns: the one at a time on the wall, which is not before the start.
func (l Layer) turn(wall time.Time) int {
	if l.Unit != Month {
		return int(wall.Sub(l.Start) / (time.Duration(l.Length) * l.Unit.duration()))
	}
	months := (wall.Year()-l.Start.Year())*12 + int(wall.Month()-l.Start.Month())
	k := months / l.Length
	if l.begins(k).After(wall) {
		k--
	}
	return k
}

// on reports whether the layer applies.
func (l Layer) on(wall time.Time) bool {
	if wall.Before(l.Start) || l.over(wall) {
		return false
	}
	return len(l.Restrictions) == 0 || slices.ContainsFunc(l.Restrictions, func(r Restriction) bool { return r.on(wall) })
}

func (l Layer) over(wall time.Time) bool { return !l.End.IsZero() && !wall.Before(l.End) }

// next returns the first time on the wall after this one at which the layer may have somebody else; zero = never.
func (l Layer) next(wall time.Time) time.Time {
	if wall.Before(l.Start) {
		return l.Start
	}
	if l.over(wall) {
		return time.Time{}
	}
	next := l.End
	if slices.ContainsFunc(l.People, func(p string) bool { return p != l.People[0] }) {
		next = earlier(next, l.begins(l.turn(wall)+1))
	}
	for _, r := range l.Restrictions {
		next = earlier(next, r.next(wall))
	}
	return next
}

// window returns when the restriction begins and ends that begins on the day of a midnight; false on other weekdays.
func (r Restriction) window(midnight time.Time) (from, until time.Time, ok bool) {
	if len(r.Weekdays) > 0 && !slices.Contains(r.Weekdays, midnight.Weekday()) {
		return from, until, false
	}
	from, until = midnight.Add(r.From), midnight.Add(r.Until)
	if r.Until <= r.From {
		until = until.Add(day)
	}
	return from, until, true
}

func (r Restriction) on(wall time.Time) bool {
	today := midnight(wall)
	for _, begin := range []time.Time{today.Add(-day), today} {
		if from, until, ok := r.window(begin); ok && !wall.Before(from) && wall.Before(until) {
			return true
		}
	}
	return false
}

// next returns when the restriction begins or ends next.
func (r Restriction) next(wall time.Time) (next time.Time) {
	today := midnight(wall)
	for n := -1; n <= 7; n++ {
		from, until, ok := r.window(today.Add(time.Duration(n) * day))
		if !ok {
			continue
		}
		for _, t := range []time.Time{from, until} {
			if t.After(wall) {
				next = earlier(next, t)
			}
		}
		if !next.IsZero() && n > 0 {
			break // later days have later ones
		}
	}
	return next
}

func midnight(wall time.Time) time.Time {
	year, month, date := wall.Date()
	return time.Date(year, month, date, 0, 0, 0, 0, time.UTC)
}

// earlier returns the earlier of two times, of which zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
