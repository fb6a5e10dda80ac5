package notification_test

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

func (w *world) setRules(as *eventv1.DirectoryPerson, rules *notificationv1.NotificationRules, mask ...string) (*notificationv1.NotificationRules, error) {
	return w.onCall.UpdateNotificationRules(w.as(as), &notificationv1.UpdateNotificationRulesRequest{
		NotificationRules: rules, UpdateMask: &fieldmaskpb.FieldMask{Paths: mask},
	})
}

func ruleStep(contact *notificationv1.Contact, after time.Duration) *notificationv1.NotificationStep {
	step := &notificationv1.NotificationStep{Contact: contact.GetId()}
	if after > 0 {
		step.Delay = durationpb.New(after)
	}
	return step
}

// withRules is a policy that pages Ada, who has three webhooks, "/first", "/second" and "/third" of the receiver.
func withRules(t *testing.T, w *world) (hook *testkit.Hook, contacts []*notificationv1.Contact) {
	t.Helper()
	hook = testkit.Receiver(t)
	for _, path := range []string{"/first", "/second", "/third"} {
		contacts = append(contacts, w.contact(ada, hook.URL+path))
	}
	w.policy(&notificationv1.EscalationPolicy{
		Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
	})
	return hook, contacts
}

// pagedAt waits until the receiver was paged about a ticket at these paths, in any order.
func pagedAt(t *testing.T, hook *testkit.Hook, ticket int64, want ...string) {
	t.Helper()
	slices.Sort(want)
	testkit.EventuallyPasses(t, func(t require.TestingT) {
		var got []string
		for _, r := range hook.Requests() {
			if notice(t, r).GetTicket() == ticket {
				got = append(got, r.Path)
			}
		}
		slices.Sort(got)
		require.Equal(t, want, got)
	}, "pages")
}

// contactsDue lets the time of the contacts come that rules name for later.
func (w *world) contactsDue() {
	w.exec(`UPDATE tasks SET run_at = altis_now() WHERE kind = 'page.contact'`)
}

func TestUrgentPagesGoByTheUrgentStepsAndOthersByTheNormalOnes(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook, c := withRules(t, w)
		_, err := w.setRules(ada, &notificationv1.NotificationRules{
			Person: ada.GetId(), Urgent: []*notificationv1.NotificationStep{ruleStep(c[2], 0), ruleStep(c[1], time.Minute)},
			Normal: []*notificationv1.NotificationStep{ruleStep(c[1], 0)}, QuietHours: quiet(t, "Europe/London"),
		})
		require.NoError(t, err)
		w.urgent(1, 1)
		pagedAt(t, hook, 1, "/third")
		p := w.onlyPage(1)
		wait := w.count(`SELECT run_at - altis_now() FROM tasks WHERE kind = 'page.contact'`)
		require.InDelta(t, time.Minute.Microseconds(), wait, float64(20*time.Second.Microseconds()))
		w.contactsDue()
		pagedAt(t, hook, 1, "/third", "/second")
		testkit.Eventually(t, func() bool { return w.count(`SELECT COUNT(*) FROM tasks WHERE kind = 'page.contact'`) == 0 }, "still due")
		log := w.page(p.GetId()).GetLog()
		require.True(t, slices.ContainsFunc(log, func(e *notificationv1.PageLogEntry) bool {
			return e.GetText() == "Step 1 of round 1: Ada Park, named by the escalation policy; by webhook now, as their rules say"
		}), "%v", log)

		w.deliver(3, created(question(5)))
		_, err = w.pages.OpenPage(w.as(cem), &notificationv1.OpenPageRequest{Ticket: 5, Reason: "the customer calls"})
		require.NoError(t, err)
		pagedAt(t, hook, 5, "/second")
	})
}

// TestADrillTriesTheContactsForWhatIsUrgent has one that fails, a step of it later and one that the normal steps leave out.
func TestADrillTriesTheContactsForWhatIsUrgent(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook, c := withRules(t, w)
		hook.Respond(func(_ int, r testkit.Request) testkit.Response {
			if r.Path == "/second" {
				return testkit.Response{Status: 410}
			}
			return testkit.Response{}
		})
		_, err := w.setRules(ada, &notificationv1.NotificationRules{
			Person: ada.GetId(), Normal: []*notificationv1.NotificationStep{ruleStep(c[0], 0)},
			Urgent: []*notificationv1.NotificationStep{ruleStep(c[1], 0), ruleStep(c[0], time.Hour)},
		})
		require.NoError(t, err)
		page := w.drill(time.Minute, time.Hour).GetPage()
		called := func(want ...string) {
			testkit.EventuallyPasses(t, func(t require.TestingT) {
				var got []string
				for _, r := range hook.Requests() {
					require.Equal(t, page, notice(w.t, r).GetPage())
					got = append(got, r.Path)
				}
				require.Equal(t, want, got)
			}, "calls")
		}
		called("/second", "/first")
		w.contactsDue()
		testkit.Eventually(t, func() bool { return w.count(`SELECT COUNT(*) FROM tasks WHERE kind = 'page.contact'`) == 0 }, "still due")
		called("/second", "/first")
	})
}

func TestAnAcknowledgementStopsTheStepsOfRules(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook, c := withRules(t, w)
		_, err := w.setRules(ada, &notificationv1.NotificationRules{
			Person: ada.GetId(), Urgent: []*notificationv1.NotificationStep{ruleStep(c[0], 0), ruleStep(c[1], time.Minute), ruleStep(c[2], time.Hour)},
		})
		require.NoError(t, err)
		w.urgent(1, 1)
		pagedAt(t, hook, 1, "/first")
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM tasks WHERE kind = 'page.contact'`))
		_, err = w.pages.AcknowledgePage(w.as(ada), &notificationv1.AcknowledgePageRequest{Page: w.onlyPage(1).GetId()})
		require.NoError(t, err)
		require.Zero(t, w.count(`SELECT COUNT(*) FROM tasks WHERE kind = 'page.contact'`))
	})
}

func TestWhenAContactFailsTheNextStepBeginsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook, c := withRules(t, w)
		hook.Respond(func(_ int, r testkit.Request) testkit.Response {
			if r.Path == "/second" || r.Path == "/third" {
				return testkit.Response{Status: 410}
			}
			return testkit.Response{}
		})
		_, err := w.setRules(ada, &notificationv1.NotificationRules{
			Person: ada.GetId(), Urgent: []*notificationv1.NotificationStep{ruleStep(c[1], 0), ruleStep(c[2], time.Hour)},
		})
		require.NoError(t, err)
		w.urgent(1, 1)
		pagedAt(t, hook, 1, "/second", "/third", "/first") // the last one is in no step
		w.contactsDue()
		testkit.Eventually(t, func() bool { return w.count(`SELECT COUNT(*) FROM tasks WHERE kind = 'page.contact'`) == 0 }, "still due")
		require.Len(t, w.onlyPage(1).GetDeliveries(), 3, "what was tried is not tried again when its time comes")
	})
}

// quiet are hours that it is now, by the clock of a zone.
func quiet(t *testing.T, zone string) *notificationv1.QuietHours {
	t.Helper()
	location, err := time.LoadLocation(zone)
	require.NoError(t, err)
	now := time.Now().In(location)
	return &notificationv1.QuietHours{TimeZone: zone, Hours: []*notificationv1.Restriction{
		{From: now.Add(-2 * time.Hour).Format("15:04"), Until: now.Add(2 * time.Hour).Format("15:04")},
	}}
}

func TestQuietHoursHoldNoticesAndNeverAnUrgentPage(t *testing.T) {
	withDuties(t, func(t *testing.T, w *world, _ func() []string) {
		hook := testkit.Receiver(t)
		w.exec(`DELETE FROM contacts WHERE person = '` + ben.GetId() + `'`)
		w.contact(ben, hook.URL+"/ben")
		for _, p := range []*eventv1.DirectoryPerson{ada, ben} {
			_, err := w.setRules(p, &notificationv1.NotificationRules{Person: p.GetId(), QuietHours: quiet(t, "Asia/Kathmandu")})
			require.NoError(t, err)
		}
		w.override(&notificationv1.Override{Person: ben.GetId()}, 0, time.Hour)
		accepted := func() int { return w.count(`SELECT COUNT(*) FROM duty_mails WHERE state = 'accepted'`) }
		testkit.Eventually(t, func() bool { return accepted() == 1 }, "ben is not told that it is his turn")
		held := w.count(`SELECT MIN(next_at) - altis_now() FROM duty_mails WHERE state = 'queued'`)
		require.InDelta(t, (2 * time.Hour).Microseconds(), held, float64(3*time.Minute.Microseconds()))
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM tasks WHERE kind = 'duty.mail' AND run_at > altis_now() + 3600000000`))

		w.urgent(1, 1)
		pagedAt(t, hook, 1, "/ben")
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM duty_mails WHERE state = 'queued' AND attempts = 0`), "ada's waits")

		w.exec(`UPDATE tasks SET run_at = altis_now() WHERE kind = 'duty.mail'`)
		testkit.Eventually(t, func() bool { return accepted() == 2 }, "the notice stays away")
	})
}

func TestRulesAreThePersonsOwn(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		_, c := withRules(t, w)
		get := func(as, of *eventv1.DirectoryPerson) (*notificationv1.NotificationRules, error) {
			return w.onCall.GetNotificationRules(w.as(as), &notificationv1.GetNotificationRulesRequest{Person: of.GetId()})
		}
		none, err := get(ada, ada)
		require.NoError(t, err)
		require.True(t, proto.Equal(&notificationv1.NotificationRules{Person: ada.GetId()}, none), "%v", none)
		_, err = get(ben, ada)
		require.Equal(t, "NOT_YOUR_CONTACT", fault.ReasonOf(err))
		_, err = get(eve, mia)
		require.Equal(t, "PERSON_UNKNOWN", fault.ReasonOf(err))
		require.ErrorIs(t, err, fault.NotFound)

		weekend := &notificationv1.QuietHours{TimeZone: "Asia/Kathmandu", Hours: []*notificationv1.Restriction{{Weekdays: []int32{6, 7}, From: "00:00", Until: "24:00"}}}
		full := &notificationv1.NotificationRules{
			Person: ada.GetId(), Urgent: []*notificationv1.NotificationStep{ruleStep(c[0], 0), ruleStep(c[1], 90*time.Second)},
			Normal: []*notificationv1.NotificationStep{ruleStep(c[2], 0)}, QuietHours: weekend,
		}
		made, err := w.setRules(eve, full)
		require.NoError(t, err, "a supervisor may")
		require.True(t, proto.Equal(full, made), "%v", made)
		_, err = w.setRules(ben, full)
		require.Equal(t, "NOT_YOUR_CONTACT", fault.ReasonOf(err))

		unverified := w.create(&notificationv1.Contact{Channel: notificationv1.Contact_CHANNEL_WEBHOOK, Address: c[0].GetAddress() + "/new"})
		bens := w.contact(ben, c[0].GetAddress())
		steps := func(steps ...*notificationv1.NotificationStep) []*notificationv1.NotificationStep { return steps }
		for _, bad := range []struct {
			rules *notificationv1.NotificationRules
			want  string
		}{
			{&notificationv1.NotificationRules{Urgent: steps(ruleStep(unverified, 0))}, "urgent NOBODY_REACHABLE"},
			{&notificationv1.NotificationRules{Urgent: steps(ruleStep(bens, 0))}, "urgent[0].contact CONTACT_UNKNOWN"},
			{&notificationv1.NotificationRules{Normal: steps(ruleStep(c[0], 0), ruleStep(c[0], time.Second))}, "normal[1].contact CONTACT_TWICE"},
			{&notificationv1.NotificationRules{Urgent: steps(ruleStep(c[0], time.Second))}, "urgent[0].delay OUT_OF_RANGE"},
			{&notificationv1.NotificationRules{Urgent: steps(ruleStep(c[0], 0), ruleStep(c[1], 2*time.Hour))}, "urgent[1].delay OUT_OF_RANGE"},
			{&notificationv1.NotificationRules{QuietHours: &notificationv1.QuietHours{TimeZone: "Mars/Olympus", Hours: weekend.GetHours()}}, "quiet_hours.time_zone ZONE_UNKNOWN"},
			{
				&notificationv1.NotificationRules{QuietHours: &notificationv1.QuietHours{TimeZone: "UTC", Hours: []*notificationv1.Restriction{{From: "00:00", Until: "24:00"}}}},
				"quiet_hours.hours QUIET_ALWAYS",
			},
		} {
			bad.rules.Person = ada.GetId()
			_, err := w.setRules(ada, bad.rules)
			require.Equal(t, "notification_rules."+bad.want, refusal(err), "%v", err)
		}
		_, err = w.setRules(ada, &notificationv1.NotificationRules{})
		require.Equal(t, "notification_rules.person REQUIRED", refusal(err))
		kept, err := get(ada, ada)
		require.NoError(t, err)
		require.True(t, proto.Equal(full, kept), "nothing of what was refused is kept: %v", kept)

		// One part is changed, and a contact goes.
		_, err = w.setRules(ada, &notificationv1.NotificationRules{Person: ada.GetId()}, "quiet_hours")
		require.NoError(t, err)
		_, err = w.onCall.DeleteContact(w.as(ada), &notificationv1.DeleteContactRequest{Contact: c[0].GetId()})
		require.NoError(t, err)
		left, err := get(ada, ada)
		require.NoError(t, err)
		full.QuietHours, full.Urgent = nil, full.GetUrgent()[1:]
		require.True(t, proto.Equal(full, left), "%v", left)
	})
}

func TestTheMailboxHasContactsInTheOrderOfTheUrgentSteps(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		_, c := withRules(t, w)
		w.create(&notificationv1.Contact{Channel: notificationv1.Contact_CHANNEL_EMAIL, Address: "ada@home.test"})
		roster := func(known string) *notificationv1.Roster {
			got, err := notificationv1.NewEmergencyServiceClient(w.server.InProcess("emergency")).GetRoster(t.Context(), &notificationv1.GetRosterRequest{KnownVersion: known})
			require.NoError(t, err)
			return got
		}
		paths := func(r *notificationv1.Roster) (out []string) {
			for i, contact := range r.GetContacts() {
				u, err := url.Parse(contact.GetAddress())
				require.NoError(t, err)
				require.EqualValues(t, i+1, contact.GetPosition())
				require.NotEmpty(t, contact.GetSecret())
				out = append(out, u.Path)
			}
			return out
		}
		before := roster("")
		require.Equal(t, []string{"/first", "/second", "/third"}, paths(before), "the one that is not verified is not there")
		_, err := w.setRules(ada, &notificationv1.NotificationRules{
			Person: ada.GetId(), Urgent: []*notificationv1.NotificationStep{ruleStep(c[2], 0), ruleStep(c[0], time.Minute)},
		})
		require.NoError(t, err)
		after := roster(before.GetVersion())
		require.False(t, after.GetUnchanged())
		require.Equal(t, []string{"/third", "/first", "/second"}, paths(after))
		require.True(t, roster(after.GetVersion()).GetUnchanged())
	})
}
