package notification_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification"
)

// withDuties is a schedule of Ada's alone that the policy names, Ben on the fallback list, and a mail server.
func withDuties(t *testing.T, test func(t *testing.T, w *world, mails func() []string)) {
	t.Helper()
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp := testkit.SMTPSink(t)
		w := setup(t, db, notification.Config{SMTPAddr: smtp.Addr, NoReceipts: true})
		w.mailContact(ada)
		w.mailContact(ben)
		require.NoError(t, w.putSchedule(&notificationv1.Schedule{
			Id: "primary", Name: "Primary", TimeZone: "Europe/Berlin", Layers: weekly("2026-03-01T09:00", ada.GetId()),
		}))
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, "schedule:primary")}, Loops: 1, Fallback: []string{ben.GetId()},
		})
		testkit.Eventually(t, func() bool { return w.count(`SELECT COUNT(*) FROM duty_watches WHERE named = 1`) == 2 }, "not looked at")
		test(t, w, func() (all []string) {
			for _, m := range smtp.Messages() {
				parts := m.Parse(t)
				subject, err := parts.Header.Subject()
				require.NoError(t, err)
				require.Equal(t, "auto-generated", parts.Header.Get("Auto-Submitted"))
				require.NotContains(t, parts.Text+parts.HTML, "<no value>")
				all = append(all, m.To[0]+" "+subject)
			}
			slices.Sort(all)
			return all
		})
	}, notification.Migrations()...)
}

func (w *world) override(o *notificationv1.Override, in, length time.Duration) *notificationv1.Override {
	w.t.Helper()
	o.Schedule, o.StartTime = "primary", timestamppb.New(time.Now().Add(in))
	o.EndTime = timestamppb.New(time.Now().Add(in + length))
	made, err := w.onCall.CreateOverride(w.as(ada), &notificationv1.CreateOverrideRequest{Override: o})
	require.NoError(w.t, err)
	return made
}

func mailed(t *testing.T, mails func() []string, want ...string) {
	t.Helper()
	slices.Sort(want)
	testkit.EventuallyPasses(t, func(t require.TestingT) { require.Equal(t, want, mails()) }, "mails")
}

func to(p *eventv1.DirectoryPerson, subject string) string {
	return fmt.Sprintf("%s %s: Primary", p.GetEmail(), subject)
}

func TestWhoComesAndWhoGoesGetAMailEachOnce(t *testing.T) {
	withDuties(t, func(t *testing.T, w *world, mails func() []string) {
		w.override(&notificationv1.Override{Person: ben.GetId()}, 0, 2*time.Second)
		want := []string{to(ben, "You are on call"), to(ada, "You are no longer on call")}
		mailed(t, mails, want...)
		want = append(want, to(ada, "You are on call"), to(ben, "You are no longer on call"))
		mailed(t, mails, want...)

		// Looked at once more: nothing is new.
		generation := w.count(`SELECT generation FROM duty_watches WHERE schedule = 'primary'`)
		w.exec(`UPDATE tasks SET run_at = altis_now() WHERE kind = 'duty.watch'`)
		testkit.Eventually(t, func() bool {
			return w.count(`SELECT generation FROM duty_watches WHERE schedule = 'primary'`) > generation
		}, "not looked at")
		require.Equal(t, 4, w.count(`SELECT COUNT(*) FROM duty_mails WHERE state = 'accepted'`))
		require.Equal(t, 4, w.count(`SELECT COUNT(*) FROM duty_mails`))
	})
}

func TestAGapIsToldAheadAndWhenItBegins(t *testing.T) {
	withDuties(t, func(t *testing.T, w *world, mails func() []string) {
		gap := w.override(&notificationv1.Override{Kind: notificationv1.Override_KIND_REMOVE, ReplacedPerson: ada.GetId()}, 3*time.Second, time.Hour)
		want := []string{to(ada, "Nobody will be on call"), to(eve, "Nobody will be on call")}
		mailed(t, mails, want...)
		require.Zero(t, w.count(`SELECT COUNT(*) FROM duty_watches WHERE gap_since > 0`))
		want = append(want, to(ada, "Nobody is on call"), to(eve, "Nobody is on call"), to(ben, "Nobody is on call"), to(ada, "You are no longer on call"))
		mailed(t, mails, want...)
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM duty_watches WHERE gap_since > 0`))
		require.Contains(t, w.logs.String(), "has nobody on call")

		_, err := w.onCall.DeleteOverride(w.as(ada), &notificationv1.DeleteOverrideRequest{Schedule: "primary", Override: gap.GetId()})
		require.NoError(t, err)
		mailed(t, mails, append(want, to(ada, "You are on call"))...)
		require.Zero(t, w.count(`SELECT COUNT(*) FROM duty_watches WHERE gap_since > 0`))
	})
}

func TestAMailAboutOnCallIsTriedAgainOrKeptAsRefused(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp := testkit.SMTPSink(t)
		smtp.Refuse(ada.GetEmail(), 550)
		smtp.Refuse(eve.GetEmail(), 451)
		w := setup(t, db, notification.Config{SMTPAddr: smtp.Addr, NoReceipts: true, MailRetry: 50 * time.Millisecond})
		w.mailContact(ada)
		w.mailContact(ben)
		require.NoError(t, w.putSchedule(&notificationv1.Schedule{Id: "primary", Name: "Primary", TimeZone: "UTC", Layers: weekly("2026-03-01T09:00", ada.GetId())}))
		w.override(&notificationv1.Override{Kind: notificationv1.Override_KIND_REMOVE, ReplacedPerson: ada.GetId()}, time.Hour, time.Hour)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, "schedule:primary")}, Loops: 1, Fallback: []string{ben.GetId()},
		})
		testkit.Eventually(t, func() bool {
			return w.count(`SELECT COUNT(*) FROM duty_mails WHERE state = 'refused' AND last_answer LIKE '550%'`) == 1 &&
				w.count(`SELECT COUNT(*) FROM duty_mails WHERE state = 'queued' AND attempts > 1`) == 1
		}, "one refused, one tried again")
		smtp.Refuse(eve.GetEmail(), 0)
		testkit.Eventually(t, func() bool { return len(smtp.Messages()) == 1 }, "accepted in the end")
	}, notification.Migrations()...)
}

func TestSchedulesOfBeforeAreWatchedFromTheStart(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		before, err := sqldb.Open(t.Context(), db)
		require.NoError(t, err)
		require.NoError(t, before.Migrate(t.Context(), notification.Migrations()...))
		require.NoError(t, before.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO schedules (id, name, zone, layers) VALUES ('primary', 'Primary', 'UTC', '[]')`)
			if err == nil {
				_, err = tx.ExecContext(ctx, `INSERT INTO escalation_policies (id, document) VALUES ('default', '{}')`)
			}
			return err
		}))
		require.NoError(t, before.Close())
		w := setup(t, db, notification.Config{})
		testkit.Eventually(t, func() bool { return w.count(`SELECT COUNT(*) FROM duty_watches WHERE looked_at > 0`) == 2 }, "not looked at")
	}, notification.Migrations()...)
}

// Ada is the only one whom the policy names, and is disabled: who can mend it hears at once, not by an incident.
func TestAPolicyThatReachesNobodyAnyMoreIsTold(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp := testkit.SMTPSink(t)
		w := setup(t, db, notification.Config{SMTPAddr: smtp.Addr, NoReceipts: true})
		w.mailContact(ada)
		w.mailContact(ben)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{ben.GetId()},
		})
		looked := func() bool { return w.count(`SELECT COUNT(*) FROM duty_watches WHERE looked_at > 0`) == 1 }
		testkit.Eventually(t, looked, "not looked at")
		require.Zero(t, w.count(`SELECT COUNT(*) FROM duty_watches WHERE gap_since > 0`))
		w.change(&eventv1.DirectoryPerson{Id: ada.GetId(), Name: ada.GetName(), Email: ada.GetEmail(), Staff: true, Role: "engineer", Disabled: true})
		w.exec(`UPDATE tasks SET run_at = altis_now() WHERE kind = 'duty.watch'`)
		testkit.EventuallyPasses(t, func(t require.TestingT) {
			var got []string
			for _, m := range smtp.Messages() {
				parts := m.Parse(w.t)
				subject, err := parts.Header.Subject()
				require.NoError(t, err)
				got = append(got, m.To[0]+" "+subject)
				require.Contains(t, parts.Text, "nobody is certain to be reached by step 1:")
			}
			slices.Sort(got)
			require.Equal(t, []string{
				ben.GetEmail() + " Part of the escalation policy reaches nobody", eve.GetEmail() + " Part of the escalation policy reaches nobody",
			}, got)
		}, "mails")
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM duty_watches WHERE gap_since > 0`))
		require.Contains(t, w.logs.String(), "some of the escalation policy reaches nobody")
	}, notification.Migrations()...)
}

func TestTheLastContactOfWhomThePolicyNamesStays(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		adas, bens, eves := w.contact(ada, hook.URL), w.contact(ben, hook.URL), w.contact(eve, hook.URL)
		w.onlyAda()
		remove := func(c *notificationv1.Contact) error {
			_, err := w.onCall.DeleteContact(w.as(eve), &notificationv1.DeleteContactRequest{Contact: c.GetId()})
			return err
		}
		for _, c := range []*notificationv1.Contact{adas, eves} {
			err := remove(c)
			require.Equal(t, "LAST_CONTACT", fault.ReasonOf(err))
			require.ErrorIs(t, err, fault.Precondition)
		}
		require.NoError(t, remove(bens), "the policy does not name Ben")
		w.contact(ada, hook.URL+"/other")
		require.NoError(t, remove(adas), "there is another one")
	})
}

// The address of the directory is a mail that nobody may read at night: it takes no policy, and is used all the same.
func TestAPolicyNeedsSomebodyWithAVerifiedContact(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp := testkit.SMTPSink(t)
		w := setup(t, db, notification.Config{SMTPAddr: smtp.Addr, NoReceipts: true})
		set := func() error {
			_, err := w.onCall.UpdateEscalationPolicy(w.as(eve), &notificationv1.UpdateEscalationPolicyRequest{
				EscalationPolicy: &notificationv1.EscalationPolicy{
					Id: "default", Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
				},
				UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"*"}}, AllowMissing: true,
			})
			return err
		}
		require.Equal(t, "NOBODY_REACHABLE", fault.ReasonOf(set()))
		w.mailContact(ada)
		require.NoError(t, set())
		w.exec(`DELETE FROM contacts`) // as a release of before allowed
		w.urgent(1, 1)
		p := w.opened(1, delivered)
		require.Equal(t, ada.GetId(), p.GetDeliveries()[0].GetPerson().GetId())
		require.Equal(t, "email", p.GetDeliveries()[0].GetChannel())
	}, notification.Migrations()...)
}
