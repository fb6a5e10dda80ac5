package domain

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"

	"altis-dxp.com/support/services/notification/internal/domain/oncall"
)

// CalendarFeed shows calendar programs who is on call: on a schedule, or when its owner is.
type CalendarFeed struct {
	ID        string
	Person    string // the owner
	Schedule  string // "" = the owner's own duties
	CreatedAt time.Time
	ReadAt    time.Time // when its link was last read, to FeedReadEvery at most; zero = never
}

// FeedReadEvery is how exactly it is known when a feed was read: calendar programs ask all the time.
const FeedReadEvery = time.Hour

// ReadUnnoted reports whether it is to be noted that a feed is read now.
func (f CalendarFeed) ReadUnnoted(now time.Time) bool { return now.Sub(f.ReadAt) >= FeedReadEvery }

// CalendarAhead is how far a feed looks ahead.
const CalendarAhead = 90 * 24 * time.Hour

// calendarEpoch is the grid on which a feed begins, so that what has no beginning of its own keeps the same one for weeks.
const calendarEpoch = 28 * 24 * time.Hour

// OnDuty is a time for which a person is on call without a break.
type OnDuty struct {
	ID         string // the same as long as schedule, person and beginning are
	Schedule   string // its name
	Person     string
	Start, End time.Time
}

// Calendar returns the duties of a feed that are not over, by their beginnings. A schedule that is gone has none.
func (r *Roster) Calendar(f CalendarFeed, now time.Time, usable oncall.Usable) (all []OnDuty) {
	from := now.Truncate(calendarEpoch).Add(-calendarEpoch)
	to := now.Add(CalendarAhead).Truncate(24 * time.Hour)
	for _, id := range slices.Sorted(maps.Keys(r.Schedules)) {
		if f.Schedule != "" && f.Schedule != id {
			continue
		}
		for _, d := range duties(r.Schedules[id], from, to, usable) {
			if d.End.After(now) && (f.Schedule != "" || f.Person == d.Person) {
				all = append(all, d)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b OnDuty) int { return a.Start.Compare(b.Start) })
	return all
}

// duties joins the shifts of each person that follow each other.
func duties(s oncall.Schedule, from, to time.Time, usable oncall.Usable) (all []OnDuty) {
	last := map[string]int{} // index in all, by person
	for _, shift := range s.Shifts(from, to, usable) {
		end := shift.End
		if end.IsZero() || end.After(to) {
			end = to
		}
		for _, d := range shift.Duties {
			if i, ok := last[d.Person]; ok && all[i].End.Equal(shift.Start) {
				all[i].End = end
				continue
			}
			last[d.Person] = len(all)
			all = append(all, OnDuty{
				ID:       Hash("duty", s.ID, d.Person, strconv.FormatInt(shift.Start.UnixMicro(), 10)),
				Schedule: cmp.Or(s.Name, s.ID), Person: d.Person, Start: shift.Start, End: end,
			})
		}
	}
	return all
}

// Mentions returns the people of the schedules that a feed shows.
func (r *Roster) Mentions(f CalendarFeed) (people []string) {
	for id, s := range r.Schedules {
		if f.Schedule == "" || f.Schedule == id {
			people = append(people, s.Mentioned()...)
		}
	}
	slices.Sort(people)
	return slices.Compact(people)
}
