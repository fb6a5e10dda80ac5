package domain

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWhatBecomesOfADrill(t *testing.T) {
	began := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	after := func(s int) time.Time {
		if s == 0 {
			return time.Time{}
		}
		return began.Add(time.Duration(s) * time.Second)
	}
	for _, c := range []struct {
		name                        string
		state                       DrillState // as it was
		accepted, acknowledged, now int        // seconds after its beginning, 0 = not
		want                        DrillState
		over                        bool
	}{
		{"just begun", DrillRunning, 0, 0, 5, DrillRunning, false},
		{"taken by a provider", DrillRunning, 2, 0, 15, DrillRunning, false},
		{"acknowledged", DrillRunning, 2, 60, 60, DrillPassed, true},
		{"at the last moment, both", DrillRunning, 15, 300, 300, DrillPassed, true},
		{"acknowledged in the list, before a provider answered", DrillRunning, 0, 10, 10, DrillPassed, true},
		{"not taken", DrillRunning, 0, 0, 15, DrillNotAccepted, false},
		{"taken too late", DrillRunning, 16, 0, 16, DrillNotAccepted, false},
		{"taken too late, and acknowledged", DrillNotAccepted, 16, 60, 60, DrillNotAccepted, true},
		{"not acknowledged", DrillRunning, 2, 0, 300, DrillNotAcknowledged, true},
		{"acknowledged too late", DrillRunning, 2, 301, 301, DrillNotAcknowledged, true},
		{"neither", DrillNotAccepted, 0, 0, 300, DrillNotAccepted, true},
	} {
		d := Drill{
			State: c.state, StartedAt: began, AcceptWithin: 15 * time.Second, AcknowledgeWithin: 5 * time.Minute,
			AcceptedAt: after(c.accepted), AcknowledgedAt: after(c.acknowledged),
		}
		d.judge(after(c.now))
		require.Equal(t, c.want, d.State, c.name)
		require.Equal(t, c.over, !d.EndedAt.IsZero(), c.name)
	}
}

func TestTheDrillOfTheWeek(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	s := DrillSchedule{Weekday: time.Sunday, Minute: 10*60 + 5, Zone: berlin}
	require.Equal(t, "10:05", s.Time())
	for _, c := range []struct{ after, want string }{
		{"2026-11-24T12:00:00Z", "2026-11-29T10:05:00+01:00"},
		{"2026-11-29T09:04:59Z", "2026-11-29T10:05:00+01:00"},
		{"2026-11-29T09:05:00Z", "2026-12-06T10:05:00+01:00"},
		{"2026-10-24T12:00:00Z", "2026-10-25T10:05:00+01:00"}, // the clock is set back that night
		{"2026-12-30T12:00:00Z", "2027-01-03T10:05:00+01:00"},
	} {
		after, err := time.Parse(time.RFC3339, c.after)
		require.NoError(t, err)
		require.Equal(t, c.want, s.Next(after).Format(time.RFC3339))
	}
	s.NextAt = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	require.False(t, s.Missed(s.NextAt.Add(time.Hour)))
	require.True(t, s.Missed(s.NextAt.Add(time.Hour+1)))
}

func TestTheTitleSaysADrillAndHowOftenItWasUrgent(t *testing.T) {
	require.Equal(t, "[Drill] please acknowledge", Incident{Subject: "please acknowledge", Drill: true, Urgent: true}.Title())
	require.Equal(t, "[Urgent] down (urgent 3 times within 10 minutes)", Incident{Subject: "down", Urgent: true, Raised: 3}.Title())
}
