package demo

import (
	"slices"
	"time"
)

// action is one thing that somebody does at an instant.
type action struct {
	at    time.Time
	story *story
	step  int // of the story; opening when it is the ticket itself
}

const opening = -1

// stories are all tickets of the desk.
func stories() []story { return slices.Concat(brickyard, fjordlight) }

// plan puts what happens in the stories in the order of time. All of it lies in
// the past of now, at whatever hour that is.
func plan(stories []story, now time.Time) []action {
	var actions []action
	for i := range stories {
		s := &stories[i]
		at := s.at.instant(now)
		actions = append(actions, action{at, s, opening})
		for step := range s.then {
			at = at.Add(s.then[step].after)
			actions = append(actions, action{at, s, step})
		}
	}
	slices.SortStableFunc(actions, func(a, b action) int { return a.at.Compare(b.at) })
	return actions
}

// rotationStart is when the weekly rotations began: a Monday, 09:00 in the zone,
// before the desk's past. It lies an even number of weeks before the shift of the
// page that its engineer slept through, so that each story has whom it needs on call.
func rotationStart(now time.Time, zone *time.Location) time.Time {
	const handover, weeks = 9, 14
	shift := sleepless.instant(now).In(zone).Add(-handover * time.Hour) // the days of a shift, counted from its hand-over
	y, m, d := shift.Date()
	sinceMonday := (int(shift.Weekday()) + 6) % 7
	return time.Date(y, m, d-sinceMonday-7*weeks, handover, 0, 0, 0, zone)
}
