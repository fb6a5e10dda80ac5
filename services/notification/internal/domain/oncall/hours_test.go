package oncall

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestHoursEndByTheClockOnTheWall(t *testing.T) {
	clock := func(hours, minutes int) time.Duration { return time.Duration(hours*60+minutes) * time.Minute }
	night := []Restriction{{From: clock(22, 0), Until: clock(7, 0)}}
	for _, c := range []struct {
		name     string
		zone     string
		parts    []Restriction
		at, want string
	}{
		{"in the evening", "Europe/Berlin", night, "2026-11-24T22:00:00+01:00", "2026-11-25T07:00:00+01:00"},
		{"after midnight", "Europe/Berlin", night, "2026-11-25T06:59:59+01:00", "2026-11-25T07:00:00+01:00"},
		{"just over", "Europe/Berlin", night, "2026-11-25T07:00:00+01:00", "2026-11-25T07:00:00+01:00"},
		{"before", "Europe/Berlin", night, "2026-11-24T21:59:59+01:00", "2026-11-24T21:59:59+01:00"},
		{"by another zone's clock", "America/New_York", night, "2026-11-24T22:00:00+01:00", "2026-11-24T22:00:00+01:00"},
		{"a shorter night", "Europe/Berlin", night, "2026-03-28T23:00:00+01:00", "2026-03-29T07:00:00+02:00"},
		{"a longer night", "Europe/Berlin", night, "2026-10-24T23:00:00+02:00", "2026-10-25T07:00:00+01:00"},
		{"an end that the clock skips", "Europe/Berlin", []Restriction{{From: 0, Until: clock(2, 30)}}, "2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00"},
		{
			"one after the other, a weekend long", "Asia/Kathmandu",
			[]Restriction{{Weekdays: []time.Weekday{time.Saturday, time.Sunday}, From: 0, Until: clock(24, 0)}, {From: clock(22, 0), Until: clock(7, 0)}},
			"2026-11-27T23:00:00+05:45", "2026-11-30T07:00:00+05:45",
		},
		{"never", "UTC", nil, "2026-11-24T22:00:00Z", "2026-11-24T22:00:00Z"},
		{"always: nothing waits for ever", "UTC", []Restriction{{From: 0, Until: clock(24, 0)}}, "2026-11-24T22:00:00Z", "2026-11-24T22:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, c.at)
			require.NoError(t, err)
			want, err := time.Parse(time.RFC3339, c.want)
			require.NoError(t, err)
			got, err := Hours{Zone: c.zone, Parts: c.parts}.End(at)
			require.NoError(t, err)
			require.True(t, want.Equal(got), "%s", got)
		})
	}
	_, err := Hours{Zone: "Europe/Atlantis", Parts: night}.End(time.Now())
	require.Error(t, err)
}

func TestHoursThatNeverEndAreKnown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := Hours{Zone: "UTC"}
		for range rapid.IntRange(0, 4).Draw(t, "parts") {
			r := Restriction{
				From:  time.Duration(rapid.IntRange(0, 23).Draw(t, "from")) * time.Hour,
				Until: time.Duration(rapid.IntRange(0, 24).Draw(t, "until")) * time.Hour,
			}
			for d := range 7 {
				if rapid.Bool().Draw(t, "weekday") {
					r.Weekdays = append(r.Weekdays, time.Weekday(d))
				}
			}
			h.Parts = append(h.Parts, r)
		}
		monday := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
		free := false
		for hour := range 7 * 24 {
			at := monday.Add(time.Duration(hour) * time.Hour)
			covered := false
			for _, r := range h.Parts {
				covered = covered || r.on(at)
			}
			free = free || !covered
		}
		require.Equal(t, !free, h.Always())
		at := monday.Add(time.Duration(rapid.IntRange(0, 7*24*60).Draw(t, "minute")) * time.Minute)
		end, err := h.End(at)
		require.NoError(t, err)
		for step := at; step.Before(end); step = step.Add(time.Hour) {
			covered := false
			for _, r := range h.Parts {
				covered = covered || r.on(step)
			}
			require.True(t, covered, "%s is before the end", step)
		}
	})
}
