package domain

import (
	"fmt"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func zone(t require.TestingT, name string) *time.Location {
	loc, err := time.LoadLocation(name)
	require.NoError(t, err)
	return loc
}

// decision is who decides at a minute: an override, or the rotation's turn (-1 = not begun).
type decision struct {
	override string
	turn     int
}

// oracle walks through the minutes with a clock on the wall. A turn begins when the clock has ever shown its hand-over:
// what it skips in spring counts as shown, what it shows twice in autumn counts once.
type oracle struct {
	s         Schedule
	overrides []Override
	highest   time.Time // what the clock has shown at most since the start, as if in UTC
}

func (o *oracle) at(minute time.Time) decision {
	if !minute.Before(o.s.Start) {
		local := minute.In(o.s.Zone)
		shown := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), 0, 0, time.UTC)
		if shown.After(o.highest) {
			o.highest = shown
		}
	}
	d := decision{turn: -1}
	for _, x := range o.overrides {
		if !minute.Before(x.Start) && minute.Before(x.End) && x.ID > d.override {
			d.override = x.ID
		}
	}
	if d.override == "" && !o.highest.IsZero() {
		local := o.s.Start.In(o.s.Zone)
		first := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), 0, 0, time.UTC)
		d.turn = int(o.highest.Sub(first) / (time.Duration(o.s.ShiftDays) * 24 * time.Hour))
	}
	return d
}

func (o *oracle) person(d decision) string {
	for _, x := range o.overrides {
		if x.ID == d.override {
			return x.Person
		}
	}
	if d.turn < 0 {
		return ""
	}
	return o.s.People[d.turn%len(o.s.People)]
}

// Days around which clocks change, or do not.
var changes = []struct {
	zone string
	day  time.Time
}{
	{"America/New_York", time.Date(2026, 3, 8, 0, 0, 0, 0, time.UTC)},
	{"America/New_York", time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)},
	{"Europe/London", time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC)},
	{"Europe/London", time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC)},
	{"Australia/Lord_Howe", time.Date(2026, 10, 4, 0, 0, 0, 0, time.UTC)}, // by half an hour
	{"Australia/Lord_Howe", time.Date(2026, 4, 5, 0, 0, 0, 0, time.UTC)},
	{"Pacific/Apia", time.Date(2011, 12, 30, 0, 0, 0, 0, time.UTC)}, // a day that never was
	{"Asia/Kathmandu", time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)}, // +05:45, never changes
}

func TestOnCallAgreesWithAClockOnTheWall(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		change := rapid.SampledFrom(changes).Draw(t, "change")
		minutes := func(label string, low, high int) time.Duration {
			return time.Duration(rapid.IntRange(low, high).Draw(t, label)) * time.Minute
		}
		s := Schedule{
			ID: "s", Zone: zone(t, change.zone), Start: change.day.Add(minutes("start", -2*24*60, 12*60)),
			ShiftDays: rapid.IntRange(1, 3).Draw(t, "days"), People: []string{"a", "b", "c"}[:rapid.IntRange(1, 3).Draw(t, "people")],
		}
		begin, end := change.day.Add(-12*time.Hour), change.day.Add(36*time.Hour)
		var overrides []Override
		for i := range rapid.IntRange(0, 4).Draw(t, "overrides") {
			o := Override{ID: fmt.Sprint("o", i), Schedule: "s", Person: fmt.Sprint("p", i), Start: begin.Add(minutes("from", 0, 45*60))}
			o.End = o.Start.Add(minutes("length", 0, 15*60)) // of no length too
			overrides = append(overrides, o)
		}
		overrides = append(overrides, Override{ID: "zz", Schedule: "another", Person: "x", Start: begin, End: end})

		// From the start on, so that the clock has seen all; compared from begin on.
		o := &oracle{s: s, overrides: overrides[:len(overrides)-1]}
		var decisions []decision
		for m := begin.Add(-48 * time.Hour); m.Before(end); m = m.Add(time.Minute) {
			d := o.at(m)
			if m.Before(begin) {
				continue
			}
			decisions = append(decisions, d)
			if got := s.OnCall(overrides, m); got.Person != o.person(d) || got.Override != d.override {
				t.Fatalf("at %s: %+v, the clock says %q %+v", m.In(s.Zone), got, o.person(d), d)
			}
		}
		// A shift ends when somebody or something else decides, and not before.
		at := rapid.IntRange(0, len(decisions)-1).Draw(t, "at")
		got := s.OnCall(overrides, begin.Add(time.Duration(at)*time.Minute)).End
		for i := at; i < len(decisions); i++ {
			if m := begin.Add(time.Duration(i) * time.Minute); decisions[i] != decisions[at] {
				require.True(t, got.Equal(m), "ends %s, the clock says %s", got, m)
				return
			}
		}
		require.False(t, got.Before(end), "ends %s", got)
	})
}

func TestHandovers(t *testing.T) {
	tests := []struct {
		name  string
		zone  string
		start string // on the wall
		days  int
		turn  int
		want  string // RFC 3339
	}{
		{"skipped time: the first instant behind the gap", "America/New_York", "2026-03-07 02:30", 1, 1, "2026-03-08T03:00:00-04:00"},
		{"the day after the gap is as ever", "America/New_York", "2026-03-07 02:30", 1, 2, "2026-03-09T02:30:00-04:00"},
		{"time shown twice: the first", "America/New_York", "2026-10-31 01:30", 1, 1, "2026-11-01T01:30:00-04:00"},
		{"half an hour's gap", "Australia/Lord_Howe", "2026-10-03 02:15", 1, 1, "2026-10-04T02:30:00+11:00"},
		{"a day that never was", "Pacific/Apia", "2011-12-29 09:00", 1, 1, "2011-12-31T00:00:00+14:00"},
		{"and the day behind it", "Pacific/Apia", "2011-12-29 09:00", 1, 2, "2011-12-31T09:00:00+14:00"},
		{"ten years of weeks do not drift", "Europe/London", "2016-01-04 09:00", 7, 520, "2025-12-22T09:00:00Z"},
		{"a quarter of an hour's zone", "Asia/Kathmandu", "2026-01-01 08:00", 7, 1, "2026-01-08T08:00:00+05:45"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			loc := zone(t, tt.zone)
			start, err := time.ParseInLocation("2006-01-02 15:04", tt.start, loc)
			require.NoError(t, err)
			s := Schedule{Zone: loc, Start: start, ShiftDays: tt.days, People: []string{"a", "b"}}
			require.Equal(t, tt.want, s.handover(tt.turn).In(loc).Format(time.RFC3339))
		})
	}
}

func TestAnEmptyScheduleHasNobody(t *testing.T) {
	require.Equal(t, Shift{}, Schedule{Zone: time.UTC, ShiftDays: 1}.OnCall(nil, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
}
