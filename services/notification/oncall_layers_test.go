package notification_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// monday is when the schedule of layeredSchedule begins, in a year to come.
var monday = time.Date(2035, 1, 1, 9, 0, 0, 0, time.UTC)

func hour(n int) *timestamppb.Timestamp {
	return timestamppb.New(monday.Add(time.Duration(n) * time.Hour))
}

// layeredSchedule is Eve's at night and Ada's and Ben's by day, who take turns.
func layeredSchedule() *notificationv1.Schedule {
	return &notificationv1.Schedule{Id: "layered", Name: "Layered", TimeZone: "UTC", Layers: []*notificationv1.Layer{
		{Name: "night", Unit: notificationv1.Layer_UNIT_WEEK, Length: 1, Start: "2035-01-01T09:00", People: []string{eve.GetId()}},
		{
			Name: "day", Unit: notificationv1.Layer_UNIT_DAY, Length: 1, Start: "2035-01-01T09:00", People: []string{ada.GetId(), ben.GetId()},
			Restrictions: []*notificationv1.Restriction{{Weekdays: []int32{1, 2, 3, 4, 5}, From: "09:00", Until: "17:00"}},
		},
	}}
}

func (w *world) putSchedule(s *notificationv1.Schedule) error {
	_, err := w.onCall.UpdateSchedule(w.as(eve), &notificationv1.UpdateScheduleRequest{Schedule: s, AllowMissing: true})
	return err
}

// shifts tells who is on call in the hours after monday, as "9: Ada + Ben".
func (w *world) shifts(from, to int) (all []string) {
	req := &notificationv1.ListShiftsRequest{Schedule: "layered", StartTime: hour(from), EndTime: hour(to), PageSize: 2}
	for {
		res, err := w.onCall.ListShifts(w.as(cem), req)
		require.NoError(w.t, err)
		for _, s := range res.GetShifts() {
			var names []string
			for _, d := range s.GetDuties() {
				first, _, _ := strings.Cut(d.GetPerson().GetName(), " ")
				names = append(names, first)
			}
			text := strings.Join(names, " + ")
			if len(names) == 0 {
				text = "gap"
			}
			if s.GetDeliberate() {
				text = "meant"
			}
			all = append(all, s.GetStartTime().AsTime().Format("02T15 ")+text)
		}
		if req.PageToken = res.GetNextPageToken(); req.PageToken == "" {
			return all
		}
	}
}

func TestTheCalendarFollowsLayersAndOverrides(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		require.NoError(t, w.putSchedule(layeredSchedule()))
		plain := []string{"01T08 gap", "01T09 Ada", "01T17 Eve", "02T09 Ben", "02T17 Eve"}
		require.Equal(t, plain, w.shifts(-1, 47))

		override := func(o *notificationv1.Override) *notificationv1.Override {
			t.Helper()
			o.Schedule = "layered"
			made, err := w.onCall.CreateOverride(w.as(ada), &notificationv1.CreateOverrideRequest{Override: o})
			require.NoError(t, err)
			return made
		}
		replace := override(&notificationv1.Override{
			Kind: notificationv1.Override_KIND_REPLACE, Person: eve.GetId(), ReplacedPerson: ada.GetId(), StartTime: hour(0), EndTime: hour(4),
		})
		add := override(&notificationv1.Override{Kind: notificationv1.Override_KIND_ADD, Person: ben.GetId(), StartTime: hour(2), EndTime: hour(4)})
		remove := override(&notificationv1.Override{Kind: notificationv1.Override_KIND_REMOVE, ReplacedPerson: eve.GetId(), StartTime: hour(8), EndTime: hour(24)})
		closed := override(&notificationv1.Override{Kind: notificationv1.Override_KIND_TEMPORARY, StartTime: hour(26), EndTime: hour(28)})
		require.Equal(t, []string{
			"01T08 gap", "01T09 Eve", "01T11 Eve + Ben", "01T13 Ada", "01T17 gap", "02T09 Ben", "02T11 meant", "02T13 Ben", "02T17 Eve",
		}, w.shifts(-1, 47))

		who, err := w.onCall.WhoIsOnCall(w.as(cem), &notificationv1.WhoIsOnCallRequest{Instant: hour(3)})
		require.NoError(t, err)
		require.Len(t, who.GetShifts(), 1)
		shift := who.GetShifts()[0]
		require.Equal(t, "Eve Lund", shift.GetPerson().GetName())
		require.Equal(t, replace.GetId(), shift.GetOverride())
		require.Equal(t, "Ben Ito", shift.GetOthers()[0].GetName())
		require.Equal(t, "Ada Park", shift.GetNext().GetName())
		require.True(t, shift.GetEndTime().AsTime().Equal(hour(4).AsTime()))

		var listed []string
		for req := (&notificationv1.ListOverridesRequest{Schedule: "layered", PageSize: 3}); ; {
			res, err := w.onCall.ListOverrides(w.as(cem), req)
			require.NoError(t, err)
			for _, o := range res.GetOverrides() {
				listed = append(listed, o.GetId())
			}
			if req.PageToken = res.GetNextPageToken(); req.PageToken == "" {
				break
			}
		}
		require.Equal(t, []string{replace.GetId(), add.GetId(), remove.GetId(), closed.GetId()}, listed)
		for _, id := range listed {
			_, err := w.onCall.DeleteOverride(w.as(ada), &notificationv1.DeleteOverrideRequest{Schedule: "layered", Override: id})
			require.NoError(t, err)
		}
		require.Equal(t, plain, w.shifts(-1, 47))

		w.leave(ben)
		require.Equal(t, []string{"01T09 Ada", "01T17 Eve"}, w.shifts(0, 47), "the layer below stands in")
	})
}

func TestASwapIsMadeWholeOrNotAtAll(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		require.NoError(t, w.putSchedule(layeredSchedule()))
		part := func(p *eventv1.DirectoryPerson, from, to int) *notificationv1.SwapPart {
			return &notificationv1.SwapPart{Person: p.GetId(), StartTime: hour(from), EndTime: hour(to)}
		}
		swap := func(first, second *notificationv1.SwapPart) (*notificationv1.CreateSwapResponse, error) {
			return w.onCall.CreateSwap(w.as(ada), &notificationv1.CreateSwapRequest{Schedule: "layered", First: first, Second: second})
		}
		for want, parts := range map[string][2]*notificationv1.SwapPart{
			"first.end_time INTERVAL_INVALID":     {part(ada, 8, 8), part(ben, 24, 32)},
			"second.end_time INTERVAL_INVALID":    {part(ada, 0, 8), part(ben, 32, 24)},
			"second.start_time INTERVAL_INVALID":  {part(ada, 0, 25), part(ben, 24, 32)},
			"first.person[0] PERSON_UNREACHABLE":  {part(mia, 0, 8), part(ben, 24, 32)},
			"second.person[0] PERSON_UNREACHABLE": {part(ada, 0, 8), part(mia, 24, 32)},
		} {
			_, err := swap(parts[0], parts[1])
			require.Equal(t, want, refusal(err), "%v", err)
		}
		require.Equal(t, []string{"01T09 Ada", "01T17 Eve", "02T09 Ben", "02T17 Eve"}, w.shifts(0, 47), "what is refused changes nothing")
		made, err := swap(part(ada, 0, 8), part(ben, 24, 32))
		require.NoError(t, err)
		require.Len(t, made.GetOverrides(), 2)
		require.Equal(t, []string{"01T09 Ben", "01T17 Eve", "02T09 Ada", "02T17 Eve"}, w.shifts(0, 47))
	})
}

func TestOverridesThatCannotBeAreRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		require.NoError(t, w.putSchedule(layeredSchedule()))
		for _, c := range []struct {
			want string
			o    *notificationv1.Override
		}{
			{"override.person REQUIRED", &notificationv1.Override{}},
			{"override.replaced_person REQUIRED", &notificationv1.Override{Kind: notificationv1.Override_KIND_REPLACE, Person: ada.GetId()}},
			{"override.replaced_person UNKNOWN_FIELD", &notificationv1.Override{Kind: notificationv1.Override_KIND_ADD, Person: ada.GetId(), ReplacedPerson: ben.GetId()}},
			{"override.person UNKNOWN_FIELD", &notificationv1.Override{Kind: notificationv1.Override_KIND_REMOVE, Person: ada.GetId(), ReplacedPerson: ben.GetId()}},
			{"override.layers UNKNOWN_FIELD", &notificationv1.Override{Person: ada.GetId(), Layers: weekly("2035-01-01T09:00", ada.GetId())}},
			{"override.person[0] PERSON_UNREACHABLE", &notificationv1.Override{Person: mia.GetId()}},
			{"override.layers[0].start TIME_INVALID", &notificationv1.Override{Kind: notificationv1.Override_KIND_TEMPORARY, Layers: weekly("yesterday at nine", ada.GetId())}},
			{"override.layers[0].people[0] PERSON_UNREACHABLE", &notificationv1.Override{Kind: notificationv1.Override_KIND_TEMPORARY, Layers: weekly("2035-01-01T09:00", mia.GetId())}},
			{"override.end_time INTERVAL_INVALID", &notificationv1.Override{Person: ada.GetId(), EndTime: hour(0)}},
		} {
			c.o.Schedule, c.o.StartTime = "layered", hour(0)
			if c.o.GetEndTime() == nil {
				c.o.EndTime = hour(1)
			}
			_, err := w.onCall.CreateOverride(w.as(ada), &notificationv1.CreateOverrideRequest{Override: c.o})
			require.Equal(t, c.want, refusal(err), "%v", err)
		}
		for _, end := range []*timestamppb.Timestamp{hour(0), hour(100*24 + 1)} {
			_, err := w.onCall.ListShifts(w.as(cem), &notificationv1.ListShiftsRequest{Schedule: "layered", StartTime: hour(0), EndTime: end})
			require.Equal(t, "end_time INTERVAL_INVALID", refusal(err), "%v", err)
		}
	})
}

func TestStepsThatReachNobodySoonAreRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.mailContact(ada)
		w.mailContact(ben)
		require.NoError(t, w.putSchedule(layeredSchedule())) // begins in years
		policy := func(targets ...string) error {
			_, err := w.onCall.UpdateEscalationPolicy(w.as(eve), &notificationv1.UpdateEscalationPolicyRequest{AllowMissing: true, EscalationPolicy: &notificationv1.EscalationPolicy{
				Id: "default", Loops: 1, Fallback: []string{eve.GetId()}, Steps: []*notificationv1.EscalationStep{step(time.Minute, targets...)},
			}})
			return err
		}
		err := policy("schedule:layered")
		require.ErrorIs(t, err, fault.Precondition)
		require.Equal(t, "NOBODY_REACHABLE", fault.ReasonOf(err))
		require.NoError(t, policy("everyone:layered"), "its people can be paged at any time")

		now := &notificationv1.Schedule{Id: "now", Name: "Now", TimeZone: "UTC", Layers: weekly("2026-03-01T09:00", ada.GetId())}
		require.NoError(t, w.putSchedule(now))
		require.NoError(t, policy("schedule:layered", "schedule:now"))
		// The last one that reaches somebody cannot be put off.
		now.Layers[0].Start = "2035-01-01T09:00"
		err = w.putSchedule(now)
		require.ErrorIs(t, err, fault.Precondition)
		require.Equal(t, "NOBODY_REACHABLE", fault.ReasonOf(err))
		require.NoError(t, policy("schedule:layered", "schedule:now", person(ben)))
		require.NoError(t, w.putSchedule(now))
	})
}

func TestEveryoneOnAScheduleIsPaged(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		for _, p := range []*eventv1.DirectoryPerson{ada, ben, eve} {
			w.contact(p, hook.URL+"/"+p.GetId())
		}
		require.NoError(t, w.putSchedule(layeredSchedule()))
		w.policy(&notificationv1.EscalationPolicy{Steps: []*notificationv1.EscalationStep{step(time.Hour, "everyone:layered")}, Loops: 1, Fallback: []string{eve.GetId()}})
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 3 }, "not everyone is paged")
	})
}
