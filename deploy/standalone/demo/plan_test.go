package demo

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// visits are instants at which somebody may start the demo for the first time.
func visits() map[string]time.Time {
	return map[string]time.Time{
		"after midnight":             time.Date(2027, 6, 14, 0, 10, 0, 0, time.UTC),
		"at night":                   time.Date(2027, 6, 14, 3, 0, 0, 0, time.UTC),
		"in the afternoon":           time.Date(2027, 6, 14, 14, 30, 0, 0, time.UTC),
		"before midnight":            time.Date(2027, 6, 14, 23, 55, 0, 0, time.UTC),
		"on a leap day":              time.Date(2028, 2, 29, 0, 10, 0, 0, time.UTC),
		"in the hour clocks skip":    time.Date(2027, 3, 28, 1, 30, 0, 0, time.UTC),
		"in the hour clocks repeat":  time.Date(2027, 10, 31, 0, 30, 0, 0, time.UTC),
		"two days after that hour":   time.Date(2027, 11, 2, 0, 10, 0, 0, time.UTC),
		"in a zone ahead of UTC":     time.Date(2027, 6, 14, 0, 10, 0, 0, time.FixedZone("", 14*3600)),
		"on the first day of a year": time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}

// TestPlanHasEveryStoryAtEveryHour checks that nobody comes too early for a part of a story.
func TestPlanHasEveryStoryAtEveryHour(t *testing.T) {
	all := stories()
	want := len(all)
	for _, s := range all {
		want += len(s.then)
	}
	check := func(t require.TestingT, now time.Time) {
		actions := plan(all, now)
		require.Len(t, actions, want)
		next := map[*story]int{}
		for i, a := range actions {
			require.False(t, a.at.After(now), "%q, step %d", a.story.subject, a.step)
			require.True(t, a.at.After(now.Add(-past)), "%q is older than the desk", a.story.subject)
			require.False(t, i > 0 && a.at.Before(actions[i-1].at), "%q is out of order", a.story.subject)
			require.Equal(t, next[a.story], a.step+1, "%q: each step once and after the one before", a.story.subject)
			next[a.story]++
		}
	}
	for name, now := range visits() {
		t.Run(name, func(t *testing.T) { check(t, now) })
	}
	t.Run("whenever", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) { check(t, rapid.Custom(anyTime).Draw(t, "now")) })
	})
}

func anyTime(t *rapid.T) time.Time {
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return begin.Add(time.Duration(rapid.Int64Range(0, int64(10*366*day/time.Second)).Draw(t, "seconds")) * time.Second)
}

// TestWhoIsPagedFitsTheStories checks that at any date the engineer who acknowledges
// is the one on call, and in the one escalated story the one on call after.
func TestWhoIsPagedFitsTheStories(t *testing.T) {
	berlin, err := time.LoadLocation(rotationZone)
	require.NoError(t, err)
	check := func(t require.TestingT, now time.Time) {
		start := rotationStart(now, berlin)
		require.Equal(t, "Monday 09:00", start.Format("Monday 15:04"))
		require.True(t, start.Before(now.Add(-past)), "somebody is on call from the beginning")
		paged := 0
		for _, s := range stories() {
			if s.urgency != urgent {
				continue
			}
			paged++
			want := who("")
			for _, st := range s.then {
				if st.do == acknowledge {
					want = st.by
				}
			}
			primary, secondary := onCallAt(start, s.at.instant(now))
			if s.at == sleepless {
				require.Equal(t, diego, primary, "the note of this story names him")
				require.Equal(t, want, secondary, s.subject)
				continue
			}
			require.Equal(t, want, primary, s.subject)
		}
		require.Equal(t, 4, paged)
	}
	for name, now := range visits() {
		t.Run(name, func(t *testing.T) { check(t, now) })
	}
	t.Run("whenever", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) { check(t, rapid.Custom(anyTime).Draw(t, "now")) })
	})
}

// onCallAt counts hand-overs, each at the same time of the wall clock.
func onCallAt(start, at time.Time) (primary, secondary who) {
	turns := 0
	for !start.AddDate(0, 0, 7*(turns+1)).After(at) {
		turns++
	}
	order := []who{diego, ada}
	return order[turns%2], order[(turns+1)%2]
}

// TestStoriesAreWellFormed checks what the services would refuse or a reader would miss.
func TestStoriesAreWellFormed(t *testing.T) {
	customers := map[who]string{}
	for _, m := range members {
		customers[m.email] = m.organization
	}
	targets := map[string]string{}
	for _, o := range organizations {
		for _, application := range o.applications {
			targets[application] = o.name
			for _, e := range environments {
				targets[application+"/"+e.GetName()] = o.name
			}
		}
	}
	subjects := map[string]bool{}
	for _, s := range stories() {
		t.Run(s.subject, func(t *testing.T) {
			require.False(t, subjects[s.subject], "told twice")
			subjects[s.subject] = true
			require.NotEmpty(t, s.text)
			require.Contains(t, customers, s.by, "opened by a customer")
			require.Equal(t, s.kind == incident, s.urgency != unset, "incidents have a priority, nothing else has one")
			for _, name := range s.scope {
				require.Equal(t, customers[s.by], targets[name], "%s is the customer's own", name)
			}
			for i, st := range s.then {
				require.Positive(t, st.after, "step %d", i+1)
				speaks := st.do == reply || st.do == note
				require.Equal(t, speaks, st.text != "", "step %d", i+1)
				if st.do == reply && !st.by.staff() {
					require.Equal(t, customers[s.by], customers[st.by], "step %d is by a colleague", i+1)
				}
				if st.do != reply && st.do != nothing {
					require.True(t, st.by.staff(), "step %d is the staff's", i+1)
				}
			}
		})
	}
}
