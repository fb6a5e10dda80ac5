package notification_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// TestTwoSchedulesHaveNoNameInCommon: people choose schedules by name, when they escalate and when they are paged.
func TestTwoSchedulesHaveNoNameInCommon(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		put := func(id, name string) error {
			return w.putSchedule(&notificationv1.Schedule{Id: id, Name: name, TimeZone: "UTC", Layers: weekly("2026-03-01T09:00", ada.GetId())})
		}
		require.NoError(t, put("nights", "Nights"))
		require.NoError(t, put("days", "Days"))
		for _, name := range []string{"Nights", " nightS "} {
			for _, id := range []string{"days", "other"} {
				err := put(id, name)
				refused, ok := errors.AsType[*fault.Error](err)
				require.True(t, ok, "%v", err)
				require.Equal(t, fault.Exists, refused.Kind)
				require.Equal(t, "SCHEDULE_NAME_EXISTS", refused.Reason)
				require.Equal(t, map[string]string{"schedule": "nights"}, refused.Meta)
				require.Equal(t, []fault.Field{{Path: "schedule.name", Reason: "SCHEDULE_NAME_EXISTS", Description: "another schedule has this name"}}, refused.Fields)
			}
		}
		require.NoError(t, put("nights", "NIGHTS"), "its own")
		require.NoError(t, put("days", "Nights and days"))
		list, err := w.onCall.ListSchedules(w.as(cem), &notificationv1.ListSchedulesRequest{})
		require.NoError(t, err)
		require.Len(t, list.GetSchedules(), 2, "what is refused makes nothing")

		// What was called the same before may be changed in all the rest.
		w.exec(`UPDATE schedules SET name = 'NIGHTS' WHERE id = 'days'`)
		w.exec(`UPDATE roster SET version = version + 1`)
		require.NoError(t, w.putSchedule(&notificationv1.Schedule{Id: "days", TimeZone: "Europe/Berlin"}))
		require.Equal(t, "SCHEDULE_NAME_EXISTS", fault.ReasonOf(put("days", "nights")))
	})
}

// TestOfTwoWhoMakeAScheduleOfOneNameAtOnceOneIsTold: each has an id of their own.
func TestOfTwoWhoMakeAScheduleOfOneNameAtOnceOneIsTold(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		reasons := make([]string, 8)
		var all sync.WaitGroup
		for i := range reasons {
			ctx := w.as(eve)
			all.Go(func() {
				_, err := w.onCall.UpdateSchedule(ctx, &notificationv1.UpdateScheduleRequest{AllowMissing: true, Schedule: &notificationv1.Schedule{
					Id: fmt.Sprint("late-", i), Name: "Late shift", TimeZone: "UTC", Layers: weekly("2026-03-01T09:00", ada.GetId()),
				}})
				reasons[i] = fault.ReasonOf(err)
			})
		}
		all.Wait()
		made := 0
		for _, reason := range reasons {
			if reason == "" {
				made++
				continue
			}
			require.Equal(t, "SCHEDULE_NAME_EXISTS", reason)
		}
		require.Equal(t, 1, made, "%v", reasons)
	})
}
