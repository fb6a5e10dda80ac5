package notification_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/fault"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

func mask(paths ...string) *fieldmaskpb.FieldMask { return &fieldmaskpb.FieldMask{Paths: paths} }

// refusal is the reason of a fault, and of its one field with the path, if any.
func refusal(err error) string {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || len(f.Fields) != 1 {
		return fault.ReasonOf(err)
	}
	return f.Fields[0].Path + " " + f.Fields[0].Reason
}

func TestUpdateSchedule(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		start := timestamppb.New(time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC))
		full := &notificationv1.Schedule{
			Id: "primary", Name: "Primary", TimeZone: "Europe/Berlin", StartTime: start, ShiftDays: 7, People: []string{ada.GetId(), ben.GetId()},
		}
		update := func(s *notificationv1.Schedule, allowMissing bool, paths ...string) (*notificationv1.Schedule, error) {
			req := &notificationv1.UpdateScheduleRequest{Schedule: s, AllowMissing: allowMissing}
			if paths != nil {
				req.UpdateMask = mask(paths...)
			}
			return w.onCall.UpdateSchedule(w.as(eve), req)
		}
		_, err := update(full, false)
		require.Equal(t, "SCHEDULE_UNKNOWN", fault.ReasonOf(err))
		made, err := update(full, true, "name")
		require.NoError(t, err, "a mask does not matter for a new one")
		require.True(t, proto.Equal(full, made), "%v", made)
		_, err = w.onCall.CreateOverride(w.as(ada), &notificationv1.CreateOverrideRequest{Override: &notificationv1.Override{
			Schedule: "primary", Person: eve.GetId(), StartTime: timestamppb.Now(), EndTime: timestamppb.New(time.Now().Add(time.Hour)),
		}})
		require.NoError(t, err)

		want := proto.CloneOf(full)
		for _, c := range []struct {
			name   string
			change *notificationv1.Schedule
			mask   []string
			want   func()
		}{
			{
				name: "one field", change: &notificationv1.Schedule{Id: "primary", Name: "First", ShiftDays: 3}, mask: []string{"name"},
				want: func() { want.Name = "First" },
			},
			{
				name: "as JSON names it, with the identity", change: &notificationv1.Schedule{Id: "primary", ShiftDays: 3}, mask: []string{"id", "shiftDays"},
				want: func() { want.ShiftDays = 3 },
			},
			{
				name: "what is set", change: &notificationv1.Schedule{Id: "primary", People: []string{ben.GetId()}},
				want: func() { want.People = []string{ben.GetId()} },
			},
			{
				name: "overrides are changed otherwise", mask: []string{"overrides", "name"},
				change: &notificationv1.Schedule{Id: "primary", Name: "Second", Overrides: []*notificationv1.Override{{Id: "forged"}}},
				want:   func() { want.Name = "Second" },
			},
			{name: "all", change: full, mask: []string{"*"}, want: func() { want = proto.CloneOf(full) }},
		} {
			t.Run(c.name, func(t *testing.T) {
				got, err := update(c.change, false, c.mask...)
				require.NoError(t, err)
				c.want()
				require.Len(t, got.GetOverrides(), 1)
				got.Overrides = nil
				require.True(t, proto.Equal(want, got), "%v", got)
			})
		}
		for _, c := range []struct {
			want   string
			change *notificationv1.Schedule
			mask   []string
		}{
			{want: "schedule.id REQUIRED", change: &notificationv1.Schedule{Name: "x"}},
			{want: "schedule.id REQUIRED"},
			{want: "schedule.name TOO_SHORT", change: &notificationv1.Schedule{Id: "primary"}, mask: []string{"name"}},
			{want: "schedule.shift_days OUT_OF_RANGE", change: &notificationv1.Schedule{Id: "primary", ShiftDays: 91}},
			{want: "schedule.time_zone ZONE_UNKNOWN", change: &notificationv1.Schedule{Id: "primary", TimeZone: "Local"}},
			{want: "schedule.people[0] PERSON_UNREACHABLE", change: &notificationv1.Schedule{Id: "primary", People: []string{mia.GetId()}}},
			{want: "update_mask UNKNOWN_FIELD", change: &notificationv1.Schedule{Id: "primary"}, mask: []string{"colour"}},
			{want: "update_mask UNKNOWN_FIELD", change: &notificationv1.Schedule{Id: "primary"}, mask: []string{"start_time.seconds"}},
		} {
			_, err := update(c.change, true, c.mask...)
			require.Equal(t, c.want, refusal(err), "%v", err)
		}
		_, err = update(&notificationv1.Schedule{
			Id: "No Id", Name: "x", TimeZone: "UTC", StartTime: start, ShiftDays: 1, People: []string{ada.GetId()},
		}, true)
		require.ErrorIs(t, err, fault.Invalid)
		require.True(t, strings.HasPrefix(refusal(err), "schedule.id "), "%v", err)
	})
}

func TestUpdateEscalationPolicy(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		list := func() []*notificationv1.EscalationPolicy {
			res, err := w.onCall.ListEscalationPolicies(w.as(cem), &notificationv1.ListEscalationPoliciesRequest{})
			require.NoError(t, err)
			require.Empty(t, res.GetNextPageToken())
			return res.GetEscalationPolicies()
		}
		get := func(id string) (*notificationv1.EscalationPolicy, error) {
			return w.onCall.GetEscalationPolicy(w.as(cem), &notificationv1.GetEscalationPolicyRequest{EscalationPolicy: id})
		}
		update := func(p *notificationv1.EscalationPolicy, allowMissing bool, paths ...string) (*notificationv1.EscalationPolicy, error) {
			return w.onCall.UpdateEscalationPolicy(w.as(eve), &notificationv1.UpdateEscalationPolicyRequest{
				EscalationPolicy: p, AllowMissing: allowMissing, UpdateMask: mask(paths...),
			})
		}
		full := &notificationv1.EscalationPolicy{
			Id: "default", Steps: []*notificationv1.EscalationStep{step(time.Minute, person(ada))}, Loops: 2, Fallback: []string{eve.GetId()},
			AcknowledgeTimeout: durationpb.New(time.Hour),
		}
		require.Empty(t, list())
		_, err := get("default")
		require.Equal(t, "POLICY_UNKNOWN", fault.ReasonOf(err))
		_, err = update(full, false)
		require.Equal(t, "POLICY_UNKNOWN", fault.ReasonOf(err))
		made, err := update(full, true)
		require.NoError(t, err)
		require.True(t, proto.Equal(full, made), "%v", made)
		require.Len(t, list(), 1)
		require.True(t, proto.Equal(full, list()[0]), "%v", list()[0])
		_, err = get("night")
		require.Equal(t, "POLICY_UNKNOWN", fault.ReasonOf(err))

		// One field, and one that is taken away.
		_, err = update(&notificationv1.EscalationPolicy{Id: "default", Loops: 3}, false, "loops", "acknowledge_timeout")
		require.NoError(t, err)
		full.Loops, full.AcknowledgeTimeout = 3, nil
		got, err := get("default")
		require.NoError(t, err)
		require.True(t, proto.Equal(full, got), "%v", got)

		for _, c := range []struct {
			want   string
			change *notificationv1.EscalationPolicy
			mask   []string
		}{
			{want: "escalation_policy.id POLICY_ID_UNSUPPORTED", change: &notificationv1.EscalationPolicy{Id: "night", Loops: 1}},
			{want: "escalation_policy.id POLICY_ID_UNSUPPORTED"},
			{want: "escalation_policy.fallback TOO_FEW", change: &notificationv1.EscalationPolicy{Id: "default"}, mask: []string{"fallback"}},
			{want: "escalation_policy.loops OUT_OF_RANGE", change: &notificationv1.EscalationPolicy{Id: "default", Loops: 11}},
			{want: "escalation_policy.acknowledge_timeout DURATION_INVALID", change: &notificationv1.EscalationPolicy{Id: "default", AcknowledgeTimeout: durationpb.New(-time.Second)}},
			{
				want:   "escalation_policy.steps[0].targets[0] SCHEDULE_UNKNOWN",
				change: &notificationv1.EscalationPolicy{Id: "default", Steps: []*notificationv1.EscalationStep{step(time.Minute, "schedule:none")}},
			},
		} {
			_, err := update(c.change, true, c.mask...)
			require.Equal(t, c.want, refusal(err), "%v", err)
		}
		got, err = get("default")
		require.NoError(t, err)
		require.True(t, proto.Equal(full, got), "what is refused changes nothing: %v", got)
	})
}

func TestOnCallListsArePaged(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		for n := range 3 {
			_, err := w.onCall.UpdateSchedule(w.as(eve), &notificationv1.UpdateScheduleRequest{AllowMissing: true, Schedule: &notificationv1.Schedule{
				Id: fmt.Sprintf("s%d", 3-n), Name: "x", TimeZone: "UTC", StartTime: timestamppb.Now(), ShiftDays: 1, People: []string{ada.GetId()},
			}})
			require.NoError(t, err)
			w.contact(eve, "https://pager.test/"+fmt.Sprint(n))
		}
		pages := func(page func(token string) (items []string, next string, err error)) (all []string) {
			for token := ""; ; {
				items, next, err := page(token)
				require.NoError(t, err)
				all = append(all, strings.Join(items, " "))
				if token = next; token == "" {
					return all
				}
			}
		}
		require.Equal(t, []string{"s1 s2", "s3"}, pages(func(token string) (items []string, next string, err error) {
			res, err := w.onCall.ListSchedules(w.as(cem), &notificationv1.ListSchedulesRequest{PageSize: 2, PageToken: token})
			for _, s := range res.GetSchedules() {
				items = append(items, s.GetId())
			}
			return items, res.GetNextPageToken(), err
		}))
		require.Equal(t, []string{"1 2", "3"}, pages(func(token string) (items []string, next string, err error) {
			res, err := w.onCall.ListContacts(w.as(eve), &notificationv1.ListContactsRequest{PageSize: 2, PageToken: token})
			for _, c := range res.GetContacts() {
				items = append(items, fmt.Sprint(c.GetPosition()))
			}
			return items, res.GetNextPageToken(), err
		}))
		for _, token := range []string{"x", "AQ"} {
			_, err := w.onCall.ListSchedules(w.as(cem), &notificationv1.ListSchedulesRequest{PageToken: token})
			require.Equal(t, "PAGE_TOKEN_INVALID", fault.ReasonOf(err))
			_, err = w.onCall.ListContacts(w.as(eve), &notificationv1.ListContactsRequest{PageToken: token})
			require.Equal(t, "PAGE_TOKEN_INVALID", fault.ReasonOf(err))
			_, err = w.onCall.ListEscalationPolicies(w.as(cem), &notificationv1.ListEscalationPoliciesRequest{PageToken: token})
			require.Equal(t, "PAGE_TOKEN_INVALID", fault.ReasonOf(err))
		}
	})
}
