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
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
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
		start := "2026-11-02T09:00"
		full := &notificationv1.Schedule{
			Id: "primary", Name: "Primary", TimeZone: "Europe/Berlin", Layers: weekly(start, ada.GetId(), ben.GetId()),
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
		etag := made.GetEtag()
		require.NotEmpty(t, etag)
		made.Etag = ""
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
				name: "one field", change: &notificationv1.Schedule{Id: "primary", Name: "First", TimeZone: "UTC"}, mask: []string{"name"},
				want: func() { want.Name = "First" },
			},
			{
				name: "as JSON names it, with the identity", change: &notificationv1.Schedule{Id: "primary", TimeZone: "UTC"}, mask: []string{"id", "timeZone"},
				want: func() { want.TimeZone = "UTC" },
			},
			{
				name: "what is set", change: &notificationv1.Schedule{Id: "primary", Layers: weekly(start, ben.GetId())},
				want: func() { want.Layers = weekly(start, ben.GetId()) },
			},
			{
				name: "overrides are changed otherwise", mask: []string{"overrides", "name"},
				change: &notificationv1.Schedule{Id: "primary", Name: "Second", Overrides: []*notificationv1.Override{{Id: "forged"}}},
				want:   func() { want.Name = "Second" },
			},
			{name: "nothing", change: &notificationv1.Schedule{Id: "primary"}, mask: []string{""}, want: func() {}},
			{name: "all", change: full, mask: []string{"*"}, want: func() { want = proto.CloneOf(full) }},
		} {
			t.Run(c.name, func(t *testing.T) {
				got, err := update(c.change, false, c.mask...)
				require.NoError(t, err)
				c.want()
				require.Len(t, got.GetOverrides(), 1)
				got.Overrides = nil
				require.Equal(t, proto.Equal(want, full), got.GetEtag() == etag, "what is the same has the same, whatever its overrides: %v", got)
				got.Etag = ""
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
			{want: "schedule.layers TOO_FEW", change: &notificationv1.Schedule{Id: "primary"}, mask: []string{"layers"}},
			{want: "schedule.layers[0].length OUT_OF_RANGE", change: layered(func(l *notificationv1.Layer) { l.Length = 101 })},
			{want: "schedule.layers[0].start TIME_INVALID", change: layered(func(l *notificationv1.Layer) { l.Start = "2026-02-30T09:00" })},
			{want: "schedule.layers[0].end INTERVAL_INVALID", change: layered(func(l *notificationv1.Layer) { l.End = l.GetStart() })},
			{want: "schedule.layers NOBODY_REACHABLE", change: layered(func(l *notificationv1.Layer) { l.People = nil })},
			{want: "schedule.time_zone ZONE_UNKNOWN", change: &notificationv1.Schedule{Id: "primary", TimeZone: "Local"}},
			{want: "schedule.layers[0].people[0] PERSON_UNREACHABLE", change: &notificationv1.Schedule{Id: "primary", Layers: weekly(start, mia.GetId())}},
			{want: "update_mask UNKNOWN_FIELD", change: &notificationv1.Schedule{Id: "primary"}, mask: []string{"colour"}},
			{want: "update_mask UNKNOWN_FIELD", change: &notificationv1.Schedule{Id: "primary"}, mask: []string{"layers.people"}},
		} {
			_, err := update(c.change, true, c.mask...)
			require.Equal(t, c.want, refusal(err), "%v", err)
		}
		_, err = update(&notificationv1.Schedule{
			Id: "No Id", Name: "x", TimeZone: "UTC", Layers: weekly(start, ada.GetId()),
		}, true)
		require.ErrorIs(t, err, fault.Invalid)
		require.True(t, strings.HasPrefix(refusal(err), "schedule.id "), "%v", err)
	})
}

// weekly is a layer of weeks.
func weekly(start string, people ...string) []*notificationv1.Layer {
	return []*notificationv1.Layer{{Unit: notificationv1.Layer_UNIT_WEEK, Length: 1, Start: start, People: people}}
}

// layered is a change of the layers of "primary".
func layered(change func(l *notificationv1.Layer)) *notificationv1.Schedule {
	s := &notificationv1.Schedule{Id: "primary", Layers: weekly("2026-03-01T09:00", ada.GetId())}
	change(s.GetLayers()[0])
	return s
}

func TestUpdateEscalationPolicy(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.mailContact(ada)
		w.mailContact(ben)
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
		etag := made.GetEtag()
		require.NotEmpty(t, etag)
		full.Etag = etag
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
		require.NotEqual(t, etag, got.GetEtag())
		full.Etag = got.GetEtag()
		require.True(t, proto.Equal(full, got), "%v", got)

		// Who decided by an older one is refused, who says by which it is now is not.
		loops := func(n int32, etag string) error {
			_, err := update(&notificationv1.EscalationPolicy{Id: "default", Loops: n, Etag: etag}, true, "loops", "etag")
			return err
		}
		err = loops(4, etag)
		require.Equal(t, fault.Conflict, fault.KindOf(err), "%v", err)
		require.Equal(t, "ETAG_MISMATCH", fault.ReasonOf(err))
		require.NoError(t, loops(4, full.GetEtag()))
		require.NoError(t, loops(3, ""))
		got, err = get("default")
		require.NoError(t, err)
		require.True(t, proto.Equal(full, got), "what is the same has the same: %v", got)

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

// TestADisabledPersonBlocksNoOtherChange: what became of people since concerns only changes about them.
func TestADisabledPersonBlocksNoOtherChange(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.mailContact(ada)
		w.mailContact(ben)
		schedule := func(s *notificationv1.Schedule, allowMissing bool) error {
			_, err := w.onCall.UpdateSchedule(w.as(eve), &notificationv1.UpdateScheduleRequest{Schedule: s, AllowMissing: allowMissing})
			return err
		}
		policy := func(p *notificationv1.EscalationPolicy) error {
			p.Id = "default"
			_, err := w.onCall.UpdateEscalationPolicy(w.as(eve), &notificationv1.UpdateEscalationPolicyRequest{EscalationPolicy: p})
			return err
		}
		require.NoError(t, schedule(&notificationv1.Schedule{
			Id: "primary", Name: "Primary", TimeZone: "UTC", Layers: weekly("2026-03-01T09:00", ada.GetId(), ben.GetId()),
		}, true))
		require.NoError(t, schedule(&notificationv1.Schedule{
			Id: "bens", Name: "Ben's", TimeZone: "UTC", Layers: weekly("2026-03-01T09:00", ben.GetId()),
		}, true))
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Minute, "schedule:bens"), step(time.Minute, person(ben))}, Loops: 1,
			Fallback: []string{ben.GetId(), ada.GetId()},
		})
		disable := func(p *eventv1.DirectoryPerson) {
			gone := proto.CloneOf(p)
			gone.Disabled = true
			w.identity.person(gone)
			testkit.Eventually(t, func() bool {
				return w.count(`SELECT COUNT(*) FROM directory_people WHERE disabled = 1 AND id = '`+p.GetId()+`'`) == 1
			}, "the directory is read")
		}
		disable(ben)
		require.NoError(t, schedule(&notificationv1.Schedule{Id: "primary", Name: "First"}, false), "a rename")
		require.NoError(t, schedule(&notificationv1.Schedule{Id: "primary", Layers: weekly("2026-03-01T09:00", ben.GetId(), ada.GetId(), eve.GetId())}, false), "one more")
		require.NoError(t, policy(&notificationv1.EscalationPolicy{Loops: 2}))
		require.NoError(t, policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Minute, person(ada)), step(time.Minute, person(ben), "schedule:bens")},
		}), "in other places")
		require.NoError(t, policy(&notificationv1.EscalationPolicy{Fallback: []string{eve.GetId(), ben.GetId()}}))

		require.NoError(t, policy(&notificationv1.EscalationPolicy{Steps: []*notificationv1.EscalationStep{step(time.Minute, person(ada))}}))
		require.NoError(t, schedule(&notificationv1.Schedule{Id: "primary", Layers: weekly("2026-03-01T09:00", ada.GetId())}, false))
		for want, err := range map[string]error{
			"schedule.layers[0].people[1] PERSON_UNREACHABLE":  schedule(&notificationv1.Schedule{Id: "primary", Layers: weekly("2026-03-01T09:00", ada.GetId(), ben.GetId())}, false),
			"schedule.layers NOBODY_REACHABLE":                 schedule(&notificationv1.Schedule{Id: "bens", Name: "x"}, false),
			"escalation_policy.fallback[1] PERSON_UNREACHABLE": policy(&notificationv1.EscalationPolicy{Fallback: []string{ada.GetId(), mia.GetId(), ben.GetId()}}),
			"escalation_policy.steps[0].targets[1] TARGET_UNREACHABLE": policy(&notificationv1.EscalationPolicy{
				Steps: []*notificationv1.EscalationStep{step(time.Minute, person(ada), person(ben))},
			}),
		} {
			require.Equal(t, want, refusal(err), "what is new must be within reach: %v", err)
		}

		disable(ada)
		require.NoError(t, policy(&notificationv1.EscalationPolicy{Loops: 3}), "Eve is left")
		disable(eve)
		require.Equal(t, "escalation_policy NOBODY_REACHABLE", refusal(policy(&notificationv1.EscalationPolicy{Loops: 4})))
	})
}

func TestOnCallListsArePaged(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		for n := range 3 {
			_, err := w.onCall.UpdateSchedule(w.as(eve), &notificationv1.UpdateScheduleRequest{AllowMissing: true, Schedule: &notificationv1.Schedule{
				Id: fmt.Sprintf("s%d", 3-n), Name: fmt.Sprint("x", n), TimeZone: "UTC", Layers: weekly("2026-03-01T09:00", ada.GetId()),
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
