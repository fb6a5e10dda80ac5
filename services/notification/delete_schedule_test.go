package notification_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/fault"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

func TestAScheduleIsDeletedUnlessAPolicyNamesIt(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.mailContact(ada)
		remove := func() error {
			_, err := w.onCall.DeleteSchedule(w.as(eve), &notificationv1.DeleteScheduleRequest{Schedule: "layered"})
			return err
		}
		require.Equal(t, "SCHEDULE_UNKNOWN", fault.ReasonOf(remove()))
		schedule := layeredSchedule()
		schedule.Layers[0].Start = "2026-01-05T09:00"
		require.NoError(t, w.putSchedule(schedule))
		override := &notificationv1.CreateOverrideRequest{Override: &notificationv1.Override{
			Schedule: "layered", Person: ben.GetId(), StartTime: timestamppb.Now(), EndTime: timestamppb.New(time.Now().Add(time.Hour)),
		}}
		_, err := w.onCall.CreateOverride(w.as(ada), override)
		require.NoError(t, err)

		for _, target := range []string{"schedule:layered", "everyone:layered"} {
			w.policy(&notificationv1.EscalationPolicy{
				Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada)), step(time.Hour, target)}, Loops: 1, Fallback: []string{eve.GetId()},
			})
			err := remove()
			require.Equal(t, "SCHEDULE_IN_USE", fault.ReasonOf(err), target)
			refused, ok := errors.AsType[*fault.Error](err)
			require.True(t, ok)
			require.Equal(t, map[string]string{"policies": "default"}, refused.Meta)
			require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM overrides`), "nothing of it is gone")
		}
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		require.NoError(t, remove())
		list, err := w.onCall.ListSchedules(w.as(cem), &notificationv1.ListSchedulesRequest{})
		require.NoError(t, err)
		require.Empty(t, list.GetSchedules())
		require.Equal(t, "SCHEDULE_UNKNOWN", fault.ReasonOf(remove()))
		_, err = w.onCall.CreateOverride(w.as(ada), override)
		require.Equal(t, "SCHEDULE_UNKNOWN", fault.ReasonOf(err))
	})
}
