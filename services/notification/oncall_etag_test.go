package notification_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// TestWhoDecidedByAnOlderScheduleOverwritesNothing: of what can be decided, every part counts.
func TestWhoDecidedByAnOlderScheduleOverwritesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		layers := func(change func(l *notificationv1.Layer)) []*notificationv1.Layer {
			l := &notificationv1.Layer{
				Name: "Week", Unit: notificationv1.Layer_UNIT_WEEK, Length: 1, Start: "2026-03-02T09:00", End: "2199-01-01T00:00", People: []string{ada.GetId(), ben.GetId()},
				Restrictions: []*notificationv1.Restriction{{Weekdays: []int32{1, 2}, From: "08:00", Until: "18:00"}},
			}
			change(l)
			return []*notificationv1.Layer{l}
		}
		put := func(s *notificationv1.Schedule) (*notificationv1.Schedule, error) {
			s.Id = "primary"
			return w.onCall.UpdateSchedule(w.as(eve), &notificationv1.UpdateScheduleRequest{Schedule: s, AllowMissing: true})
		}
		now, err := put(&notificationv1.Schedule{Name: "Primary", TimeZone: "UTC", Layers: layers(func(*notificationv1.Layer) {})})
		require.NoError(t, err)
		seen := map[string]bool{now.GetEtag(): true}
		for _, change := range []*notificationv1.Schedule{
			{Name: "First"},
			{TimeZone: "Europe/Berlin"},
			{Layers: layers(func(l *notificationv1.Layer) { l.Name = "Weeks" })},
			{Layers: layers(func(l *notificationv1.Layer) { l.Unit = notificationv1.Layer_UNIT_DAY })},
			{Layers: layers(func(l *notificationv1.Layer) { l.Length = 2 })},
			{Layers: layers(func(l *notificationv1.Layer) { l.Start = "2026-03-02T10:00" })},
			{Layers: layers(func(l *notificationv1.Layer) { l.End = "" })},
			{Layers: layers(func(l *notificationv1.Layer) { l.People = []string{ben.GetId(), ada.GetId()} })},
			{Layers: layers(func(l *notificationv1.Layer) { l.Restrictions[0].Weekdays = []int32{1} })},
			{Layers: layers(func(l *notificationv1.Layer) { l.Restrictions[0].From = "09:00" })},
			{Layers: layers(func(l *notificationv1.Layer) { l.Restrictions[0].Until = "17:00" })},
			{Layers: layers(func(l *notificationv1.Layer) { l.Restrictions = nil })},
		} {
			before := now.GetEtag()
			change.Etag = before
			now, err = put(change)
			require.NoError(t, err)
			require.False(t, seen[now.GetEtag()], "%v", change)
			seen[now.GetEtag()] = true
			_, err = put(&notificationv1.Schedule{Name: "Other", Etag: before})
			require.Equal(t, fault.Conflict, fault.KindOf(err), "%v", err)
			require.Equal(t, "ETAG_MISMATCH", fault.ReasonOf(err))
			_, err = w.onCall.DeleteSchedule(w.as(eve), &notificationv1.DeleteScheduleRequest{Schedule: "primary", Etag: before})
			require.Equal(t, "ETAG_MISMATCH", fault.ReasonOf(err))
		}
		list, err := w.onCall.ListSchedules(w.as(cem), &notificationv1.ListSchedulesRequest{})
		require.NoError(t, err)
		require.Equal(t, now.GetEtag(), list.GetSchedules()[0].GetEtag())
		require.Equal(t, "First", list.GetSchedules()[0].GetName(), "what is refused changes nothing")
		_, err = w.onCall.DeleteSchedule(w.as(eve), &notificationv1.DeleteScheduleRequest{Schedule: "primary", Etag: now.GetEtag()})
		require.NoError(t, err)
		_, err = put(&notificationv1.Schedule{Name: "Again", TimeZone: "UTC", Layers: layers(func(*notificationv1.Layer) {}), Etag: now.GetEtag()})
		require.Equal(t, "ETAG_MISMATCH", fault.ReasonOf(err), "there is none any more")
	})
}

// TestOfTwoWhoChangeAScheduleAtOnceOneIsTold: the etag is looked at where nobody else can change it.
func TestOfTwoWhoChangeAScheduleAtOnceOneIsTold(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.turns("primary", "Primary", ada.GetId())
		list, err := w.onCall.ListSchedules(w.as(eve), &notificationv1.ListSchedulesRequest{})
		require.NoError(t, err)
		etag := list.GetSchedules()[0].GetEtag()
		reasons := make([]string, 8)
		var all sync.WaitGroup
		for i := range reasons {
			ctx := w.as(eve)
			all.Go(func() {
				_, err := w.onCall.UpdateSchedule(ctx, &notificationv1.UpdateScheduleRequest{Schedule: &notificationv1.Schedule{
					Id: "primary", Name: "By " + string(rune('a'+i)), Etag: etag,
				}})
				reasons[i] = fault.ReasonOf(err)
			})
		}
		all.Wait()
		done := 0
		for _, reason := range reasons {
			if reason == "" {
				done++
				continue
			}
			require.Equal(t, "ETAG_MISMATCH", reason)
		}
		require.Equal(t, 1, done, "%v", reasons)
	})
}
