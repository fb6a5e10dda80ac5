package oncall

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// sweeps are the zones whose changes of the clock are looked at, and the ten years of it.
var sweeps = []struct {
	zone  string
	first int // year
}{
	{"America/New_York", 2017},
	{"Europe/London", 2017},
	{"Australia/Lord_Howe", 2017}, // by half an hour
	{"Pacific/Apia", 2006},        // on 30 December 2011 it skipped a day
	{"Asia/Kathmandu", 2017},      // +05:45, which never changes: the first of each year
}

// changesOf returns the days, at midnight UTC, around which clocks of a zone change in ten years.
func changesOf(loc *time.Location, first int) (days []time.Time) {
	end := time.Date(first+10, 1, 1, 0, 0, 0, 0, time.UTC)
	for at := time.Date(first, 1, 1, 0, 0, 0, 0, time.UTC); ; {
		_, change := at.In(loc).ZoneBounds()
		if change.IsZero() || !change.Before(end) {
			break
		}
		days, at = append(days, change.UTC().Truncate(24*time.Hour)), change
	}
	if len(days) == 0 {
		for year := range 10 {
			days = append(days, time.Date(first+year, 1, 1, 0, 0, 0, 0, time.UTC))
		}
	}
	return days
}

// TestOnCallAgreesWithAClockOnTheWall walks the clock minute by minute, two days before and after a change that is drawn, or a
// random day. With ALTIS_SOAK set it does so around each change of ten years.
func TestOnCallAgreesWithAClockOnTheWall(t *testing.T) {
	if os.Getenv("ALTIS_SOAK") == "" {
		rapid.Check(t, func(t *rapid.T) {
			z := rapid.SampledFrom(sweeps).Draw(t, "zone")
			loc := zone(t, z.zone)
			day := time.Date(z.first, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 3652).Draw(t, "day"))
			if rapid.IntRange(0, 3).Draw(t, "random day") > 0 {
				day = rapid.SampledFrom(changesOf(loc, z.first)).Draw(t, "change")
			}
			agree(t, drawSchedule(t, loc, day), day)
		})
		return
	}
	swept := 0
	for _, z := range sweeps {
		loc := zone(t, z.zone)
		for _, day := range changesOf(loc, z.first) {
			t.Run(z.zone+" "+day.Format(time.DateOnly), rapid.MakeCheck(func(t *rapid.T) { agree(t, drawSchedule(t, loc, day), day) }))
			swept++
		}
	}
	t.Logf("%d changes", swept)
}

func TestTheChangesOfTenYearsAreKnown(t *testing.T) {
	for _, z := range sweeps {
		days := changesOf(zone(t, z.zone), z.first)
		switch z.zone {
		case "Asia/Kathmandu":
			require.Len(t, days, 10)
		case "Pacific/Apia":
			require.Contains(t, days, time.Date(2011, 12, 30, 0, 0, 0, 0, time.UTC))
		default:
			require.Len(t, days, 20, z.zone)
		}
	}
}
