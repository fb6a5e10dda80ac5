package oncall

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func wall(t require.TestingT, text string) time.Time {
	at, err := time.Parse("2006-01-02 15:04", text)
	require.NoError(t, err)
	return at
}

func TestHandovers(t *testing.T) {
	tests := []struct {
		name  string
		zone  string
		start string
		unit  Unit
		turn  int
		want  string // RFC 3339
	}{
		{"skipped time: the first instant behind the gap", "America/New_York", "2026-03-07 02:30", Day, 1, "2026-03-08T03:00:00-04:00"},
		{"the day after the gap is as ever", "America/New_York", "2026-03-07 02:30", Day, 2, "2026-03-09T02:30:00-04:00"},
		{"time shown twice: the first", "America/New_York", "2026-10-31 01:30", Day, 1, "2026-11-01T01:30:00-04:00"},
		{"what ends behind it covers both hours", "America/New_York", "2026-10-31 02:00", Day, 1, "2026-11-01T02:00:00-05:00"},
		{"half an hour's gap", "Australia/Lord_Howe", "2026-10-03 02:15", Day, 1, "2026-10-04T02:30:00+11:00"},
		{"a day that never was", "Pacific/Apia", "2011-12-29 09:00", Day, 1, "2011-12-31T00:00:00+14:00"},
		{"and the day behind it", "Pacific/Apia", "2011-12-29 09:00", Day, 2, "2011-12-31T09:00:00+14:00"},
		{"ten years of weeks do not drift", "Europe/London", "2016-01-04 09:00", Week, 520, "2025-12-22T09:00:00Z"},
		{"a quarter of an hour's zone", "Asia/Kathmandu", "2026-01-01 08:00", Week, 1, "2026-01-08T08:00:00+05:45"},
		{"half days do not drift by daylight saving", "Europe/London", "2026-03-28 20:00", Hour, 24, "2026-03-29T20:00:00+01:00"},
		{"monthly from the 31st: February's last day", "UTC", "2026-01-31 09:00", Month, 1, "2026-02-28T09:00:00Z"},
		{"and the 31st again", "UTC", "2026-01-31 09:00", Month, 2, "2026-03-31T09:00:00Z"},
		{"a leap year's February", "UTC", "2027-10-30 09:00", Month, 4, "2028-02-29T09:00:00Z"},
		{"over the end of years", "UTC", "2026-01-29 09:00", Month, 119, "2035-12-29T09:00:00Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := Layer{Unit: tt.unit, Length: 1, Start: wall(t, tt.start), People: []string{"a", "b"}}
			s := Schedule{Zone: zone(t, tt.zone), Layers: []Layer{l}}
			at := wallClock(l.begins(tt.turn), s.Zone)
			require.Equal(t, tt.want, at.In(s.Zone).Format(time.RFC3339))
			// Exactly at the hand-over it is the one who comes, just before the one who goes, and nobody is off between.
			require.Equal(t, l.People[tt.turn%2], s.at(at, everybody).Duties[0].Person)
			require.Equal(t, l.People[(tt.turn+1)%2], s.at(at.Add(-time.Microsecond), everybody).Duties[0].Person)
		})
	}
}

func TestMonthsAreNeverSkipped(t *testing.T) {
	for _, day := range []int{1, 28, 29, 30, 31} {
		l := Layer{Unit: Month, Length: 1, Start: time.Date(2016, 1, day, 9, 0, 0, 0, time.UTC), People: []string{"a"}}
		for k := range 120 {
			begin := l.begins(k)
			require.Equal(t, k, (begin.Year()-2016)*12+int(begin.Month())-1)
			require.Equal(t, k, l.turn(begin))
			require.Equal(t, k, l.turn(l.begins(k+1).Add(-1)))
		}
	}
}

func TestOverrides(t *testing.T) {
	start := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC) // a Monday
	at := func(hours float64) time.Time { return start.Add(time.Duration(hours * float64(time.Hour))) }
	layer := func(people ...string) Layer { return Layer{Unit: Day, Length: 1, Start: start, People: people} }
	over := func(kind Kind, person, replaced string, from, to float64) Override {
		return Override{Kind: kind, Person: person, Replaced: replaced, Start: at(from), End: at(to)}
	}
	two := []Layer{layer("low"), layer("a", "b")}
	hours := layer("a")
	hours.Restrictions = []Restriction{{Weekdays: []time.Weekday{time.Monday}, From: 22 * time.Hour, Until: 6 * time.Hour}}
	temporary := func(from, to float64, layers ...Layer) Override {
		return Override{Kind: Temporary, Layers: layers, Start: at(from), End: at(to)}
	}
	tests := []struct {
		name      string
		layers    []Layer
		overrides []Override
		gone      string
		want      map[float64]string // hours after the start: who is on call
	}{
		{"the last layer wins", two, nil, "", map[float64]string{0: "a", 23.99: "a", 24: "b", 48: "a", -1: ""}},
		{"who is gone leaves it to the layer below", two, nil, "b", map[float64]string{0: "a", 24: "low"}},
		{"nobody is left", two, nil, "a b low", map[float64]string{0: "", 24: ""}},
		{"hours over midnight", []Layer{layer("low"), hours}, nil, "", map[float64]string{12.9: "low", 13: "a", 20.9: "a", 21: "low", 37: "low"}},
		{"over both layers", two, []Override{over(ReplaceAll, "x", "", 1, 2)}, "", map[float64]string{0.9: "a", 1: "x", 1.99: "x", 2: "a"}},
		{"of no length", two, []Override{over(ReplaceAll, "x", "", 1, 1)}, "", map[float64]string{1: "a"}},
		{"ends at a hand-over", two, []Override{over(ReplaceAll, "x", "", 1, 24)}, "", map[float64]string{23.99: "x", 24: "b"}},
		{"over somebody who is gone", two, []Override{over(ReplaceAll, "x", "", 24, 25)}, "b", map[float64]string{24: "x", 25: "low"}},
		{"by somebody who is gone", two, []Override{over(ReplaceAll, "x", "", 1, 2)}, "x", map[float64]string{1: "a"}},
		{"one person only", two, []Override{over(Replace, "x", "a", 0, 48)}, "", map[float64]string{0: "x", 24: "b"}},
		{"of somebody who is not on call", two, []Override{over(Replace, "x", "b", 0, 24)}, "", map[float64]string{0: "a"}},
		{"of somebody who is gone", two, []Override{over(Replace, "x", "b", 24, 48)}, "b", map[float64]string{24: "x"}},
		{"the substitute is gone", two, []Override{over(Replace, "x", "a", 0, 24)}, "x", map[float64]string{0: "a"}},
		{"a chain", two, []Override{over(Replace, "x", "a", 0, 24), over(Replace, "y", "x", 1, 24)}, "", map[float64]string{0: "x", 1: "y"}},
		{"a chain whose end is gone", two, []Override{over(Replace, "x", "a", 0, 24), over(Replace, "y", "x", 1, 24)}, "y", map[float64]string{1: "x"}},
		{"made the other way round", two, []Override{over(Replace, "y", "x", 0, 24), over(Replace, "x", "a", 0, 24)}, "", map[float64]string{0: "x"}},
		{"two that share nobody", two, []Override{over(Replace, "x", "a", 0, 48), over(Replace, "y", "b", 12, 48)}, "", map[float64]string{12: "x", 24: "y"}},
		{"the newer one wins", two, []Override{over(ReplaceAll, "x", "", 0, 9), over(ReplaceAll, "y", "", 1, 9)}, "", map[float64]string{0: "x", 1: "y"}},
		{"the newer one is gone", two, []Override{over(ReplaceAll, "x", "", 0, 9), over(ReplaceAll, "y", "", 1, 9)}, "y", map[float64]string{1: "x"}},
		{"a second person", two, []Override{over(Add, "x", "", 23, 25)}, "", map[float64]string{22: "a", 23: "a x", 24: "b x", 25: "b"}},
		{"added while nobody is on call", two, []Override{over(Add, "x", "", -2, -1)}, "", map[float64]string{-2: "x", -1: ""}},
		{"added who is on call", two, []Override{over(Add, "a", "", 0, 1)}, "", map[float64]string{0: "a"}},
		{"added and then replaced", two, []Override{over(Add, "x", "", 0, 1), over(Replace, "y", "x", 0, 1)}, "", map[float64]string{0: "a y"}},
		{"added beside a substitute who is gone", two, []Override{over(ReplaceAll, "x", "", 0, 1), over(Add, "y", "", 0, 1)}, "x", map[float64]string{0: "a y"}},
		{"removed: what is below applies", two, []Override{over(Remove, "", "a", 0, 1)}, "", map[float64]string{0: "low", 1: "a"}},
		{"removed with nobody below", two[:1], []Override{over(Remove, "", "low", 0, 1)}, "", map[float64]string{0: ""}},
		{"a swap", two, []Override{over(Replace, "b", "a", 0, 24), over(Replace, "a", "b", 24, 48)}, "", map[float64]string{0: "b", 24: "a", 48: "a", 72: "b"}},
		{
			"temporary instead of all before", two,
			[]Override{over(ReplaceAll, "x", "", 0, 9), temporary(1, 9, layer("t", "u")), over(Replace, "z", "t", 2, 3)},
			"",
			map[float64]string{0: "x", 1: "t", 2: "z", 3: "t", 9: "a"},
		},
		{"temporary with hours of nobody", two, []Override{temporary(0, 48, hours)}, "", map[float64]string{1: "", 13: "a", 21: ""}},
		{"temporary of who is gone", two, []Override{temporary(0, 9, layer("t"))}, "t", map[float64]string{1: "a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := Schedule{Zone: time.UTC, Layers: tt.layers, Overrides: tt.overrides}
			usable := func(p string) bool { return !strings.Contains(tt.gone, p) }
			for hours, want := range tt.want {
				shift := s.OnCall(at(hours), usable)
				require.Equal(t, want, strings.Join(persons(shift), " "), "after %v hours", hours)
				require.Subset(t, s.Candidates(at(hours)), persons(shift))
				require.Subset(t, s.Mentioned(), persons(shift))
			}
		})
	}
}

func TestGaps(t *testing.T) {
	start := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	office := Layer{Unit: Week, Length: 1, Start: start, People: []string{"a"}, Restrictions: []Restriction{{From: 9 * time.Hour, Until: 17 * time.Hour}}}
	nobody := Layer{Unit: Week, Length: 1, Start: start, Restrictions: []Restriction{{From: 17 * time.Hour, Until: 9 * time.Hour}}}
	hour := func(n int) time.Time { return start.Add(time.Duration(n) * time.Hour) }
	closed := Override{ID: "o", Kind: Temporary, Start: hour(24), End: hour(48)}
	tests := []struct {
		name      string
		layers    []Layer
		overrides []Override
		usable    Usable
		want      time.Duration // after the start; -1 = none
		lasts     time.Duration
	}{
		{"after the office's hours", []Layer{office}, nil, everybody, 8 * time.Hour, 16 * time.Hour},
		{"they are meant", []Layer{nobody, office}, nil, everybody, -1, 0},
		{"the one person is gone", []Layer{nobody, office}, nil, func(string) bool { return false }, 0, 8 * time.Hour},
		{"a day that is meant to have nobody", []Layer{nobody, office}, []Override{closed}, everybody, -1, 0},
		{"no layer", nil, nil, everybody, 0, 7 * day},
		{"always somebody", []Layer{{Unit: Day, Length: 1, Start: start, People: []string{"a"}}}, nil, everybody, -1, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := Schedule{Zone: time.UTC, Layers: tt.layers, Overrides: tt.overrides}
			gap, found := s.NextGap(start, start.Add(7*day), tt.usable, tt.usable)
			require.Equal(t, tt.want >= 0, found)
			if found {
				require.Equal(t, Shift{Start: start.Add(tt.want), End: start.Add(tt.want + tt.lasts)}, gap)
			}
		})
	}
}

func TestAShiftThatNeverEndsHasNoEnd(t *testing.T) {
	l := Layer{Unit: Day, Length: 1, Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), People: []string{"a", "a"}}
	s := Schedule{Zone: time.UTC, Layers: []Layer{l}}
	require.Equal(t, Shift{Start: l.Start, Duties: []Duty{{Person: "a", Layer: 1}}}, s.OnCall(l.Start, everybody))
	require.Equal(t, []Shift{{Start: l.Start, End: l.Start.Add(day), Duties: []Duty{{Person: "a", Layer: 1}}}}, s.Shifts(l.Start, l.Start.Add(day), everybody))
	require.Empty(t, s.Shifts(l.Start, l.Start, everybody))
}

// BenchmarkResolve is one of a hundred schedules over a thousand people.
func BenchmarkResolve(b *testing.B) {
	start := time.Date(2020, 1, 31, 9, 0, 0, 0, time.UTC)
	schedules := make([]Schedule, 100)
	for i := range schedules {
		s := Schedule{Zone: zone(b, "America/New_York")}
		for n := range 5 {
			l := Layer{Unit: units[n%4], Length: 1, Start: start, Restrictions: []Restriction{{From: 9 * time.Hour, Until: 17 * time.Hour}}}
			for p := range 100 {
				l.People = append(l.People, fmt.Sprint("person-", (i*10+p)%1000))
			}
			s.Layers = append(s.Layers, l)
		}
		for n := range 20 {
			s.Overrides = append(s.Overrides, Override{Kind: Replace, Person: "x", Replaced: "person-1", Start: start, End: start.AddDate(10, 0, n)})
		}
		schedules[i] = s
	}
	at := time.Date(2026, 11, 1, 5, 30, 0, 0, time.UTC)
	for i := 0; b.Loop(); i++ {
		schedules[i%100].at(at, everybody)
	}
}
