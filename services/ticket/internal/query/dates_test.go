package query_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/ticket/internal/query"
)

func TestDaysOfZones(t *testing.T) {
	for _, test := range []struct {
		name, zone, day, start string
		length                 time.Duration
	}{
		{"in UTC", "UTC", "2026-11-01", "2026-11-01T00:00:00Z", 24 * time.Hour},
		{"usual", "America/New_York", "2026-07-01", "2026-07-01T04:00:00Z", 24 * time.Hour},
		{"shorter by an hour", "America/New_York", "2026-03-08", "2026-03-08T05:00:00Z", 23 * time.Hour},
		{"longer by an hour", "America/New_York", "2026-11-01", "2026-11-01T04:00:00Z", 25 * time.Hour},
		{"after it", "America/New_York", "2026-11-02", "2026-11-02T05:00:00Z", 24 * time.Hour},
		{"longer by half an hour", "Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00Z", 24*time.Hour + 30*time.Minute},
		{"shorter by half an hour", "Australia/Lord_Howe", "2026-10-04", "2026-10-03T13:30:00Z", 23*time.Hour + 30*time.Minute},
		{"before one that was skipped", "Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z", 24 * time.Hour},
		{"skipped", "Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", 0},
		{"after one that was skipped", "Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z", 24 * time.Hour},
		{"without a midnight", "America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", 23 * time.Hour},
		{"with two midnights", "America/Havana", "2026-11-01", "2026-11-01T04:00:00Z", 25 * time.Hour},
		{"whose midnight goes back before it", "America/Asuncion", "2023-03-25", "2023-03-25T03:00:00Z", 25 * time.Hour},
		{"of local mean time", "Europe/Berlin", "1850-06-01", "1850-05-31T23:06:32Z", 24 * time.Hour},
	} {
		t.Run(test.name, func(t *testing.T) {
			filter, issues, err := query.Parse("created:"+test.day, query.Options{Zone: zone(t, test.zone)})
			require.NoError(t, err)
			require.Empty(t, issues)
			day := filter.Terms[0].Values[0]
			require.Equal(t, test.start, day.From.Format(time.RFC3339))
			require.Equal(t, test.length, day.To.Sub(day.From))

			// No instant is in two days, and none in none.
			date, err := time.Parse(time.DateOnly, test.day)
			require.NoError(t, err)
			next, _, err := query.Parse("created:"+date.AddDate(0, 0, 1).Format(time.DateOnly), query.Options{Zone: zone(t, test.zone)})
			require.NoError(t, err)
			require.Equal(t, day.To, next.Terms[0].Values[0].From)
		})
	}
}
