package notification_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/durationpb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification"
)

// drillWorld is a world whose pages go to Ada's receiver and whose mails to a mail server.
func drillWorld(t *testing.T, test func(t *testing.T, w *world, hook *testkit.Hook, smtp *testkit.Sink)) {
	t.Helper()
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp, hook := testkit.SMTPSink(t), testkit.Receiver(t)
		w := setup(t, db, notification.Config{SMTPAddr: smtp.Addr, NoReceipts: true})
		w.contact(ada, hook.URL)
		w.onlyAda()
		test(t, w, hook, smtp)
	}, notification.Migrations()...)
}

func (w *world) drill(accept, acknowledge time.Duration) *notificationv1.Drill {
	w.t.Helper()
	d, err := w.drills.StartDrill(w.as(ben), &notificationv1.StartDrillRequest{
		AcceptWithin: durationpb.New(accept), AcknowledgeWithin: durationpb.New(acknowledge),
	})
	require.NoError(w.t, err)
	require.Equal(w.t, notificationv1.Drill_STATE_RUNNING, d.GetState())
	return d
}

// drilled waits until a drill is over.
func (w *world) drilled(id string) (d *notificationv1.Drill) {
	w.t.Helper()
	testkit.Eventually(w.t, func() bool {
		var err error
		d, err = w.drills.GetDrill(w.as(cem), &notificationv1.GetDrillRequest{Drill: id})
		return err == nil && d.GetEndTime() != nil
	}, "the drill is over")
	return d
}

// alarms are the subjects of the mails about drills to Eve, who supervises.
func alarms(t *testing.T, smtp *testkit.Sink) (subjects []string) {
	t.Helper()
	for _, m := range smtp.Messages() {
		parts := m.Parse(t)
		subject, err := parts.Header.Subject()
		require.NoError(t, err)
		if !strings.HasPrefix(subject, "Drill") {
			continue // she has no verified contact, as the fallback list of the policy
		}
		require.Equal(t, []string{eve.GetEmail()}, m.To)
		subjects = append(subjects, subject)
	}
	return subjects
}

func TestADrillGoesTheWayOfPagesAndSaysWhatItIs(t *testing.T) {
	drillWorld(t, func(t *testing.T, w *world, hook *testkit.Hook, smtp *testkit.Sink) {
		d := w.drill(time.Minute, time.Hour)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "the page")
		n := notice(t, hook.Requests()[0])
		require.True(t, n.GetDrill())
		require.Equal(t, "[Drill] please acknowledge", n.GetTitle())
		require.Zero(t, n.GetTicket(), "it is of no customer")
		require.Contains(t, n.GetExcerpt(), "there is no incident")
		require.Equal(t, d.GetPage(), n.GetPage())
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM inbox WHERE source = 'notification' AND verdict = 'applied'`), "as an event")

		_, err := w.drills.StartDrill(w.as(eve), &notificationv1.StartDrillRequest{})
		require.ErrorIs(t, err, fault.Precondition)
		require.ErrorContains(t, err, "another drill")

		testkit.Eventually(t, func() bool { return w.page(d.GetPage()).GetState() == ticketv1.PageState_PAGE_STATE_DELIVERED }, "delivered")
		status, body := w.request(http.MethodPost, n.GetAcknowledgeUrl())
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, body, "[Drill]")
		over := w.drilled(d.GetId())
		require.Equal(t, notificationv1.Drill_STATE_PASSED, over.GetState())
		require.Equal(t, "Ada Park", over.GetAcknowledgedBy().GetName())
		require.Equal(t, "Ben Ito", over.GetStartedBy().GetName())
		require.NotNil(t, over.GetAcceptTime())
		require.Nil(t, over.GetAlarmTime())

		page := w.page(d.GetPage())
		require.True(t, page.GetDrill())
		require.Equal(t, ticketv1.PageState_PAGE_STATE_RESOLVED, page.GetState())
		require.Equal(t, notificationv1.PageLogEntry_KIND_DRILL_BEGUN, page.GetLog()[0].GetKind())
		require.Equal(t, notificationv1.PageLogEntry_KIND_DRILL_OVER, page.GetLog()[len(page.GetLog())-1].GetKind())
		require.Empty(t, w.ticket.told(d.GetPage()), "no ticket hears of it")
		require.Empty(t, alarms(t, smtp))

		list, err := w.drills.ListDrills(w.as(cem), &notificationv1.ListDrillsRequest{PageSize: 1})
		require.NoError(t, err)
		require.Equal(t, d.GetId(), list.GetDrills()[0].GetId())
		require.Empty(t, list.GetNextPageToken())
		w.drill(time.Minute, time.Hour)
		list, err = w.drills.ListDrills(w.as(cem), &notificationv1.ListDrillsRequest{PageSize: 1})
		require.NoError(t, err)
		list, err = w.drills.ListDrills(w.as(cem), &notificationv1.ListDrillsRequest{PageSize: 1, PageToken: list.GetNextPageToken()})
		require.NoError(t, err)
		require.Equal(t, d.GetId(), list.GetDrills()[0].GetId())
	})
}

func TestADrillThatNobodyAcknowledgesAlarmsTheSupervisors(t *testing.T) {
	drillWorld(t, func(t *testing.T, w *world, hook *testkit.Hook, smtp *testkit.Sink) {
		d := w.drilled(w.drill(time.Second, 2*time.Second).GetId())
		require.Equal(t, notificationv1.Drill_STATE_NOT_ACKNOWLEDGED, d.GetState())
		require.NotNil(t, d.GetAlarmTime())
		testkit.Eventually(t, func() bool { return len(alarms(t, smtp)) == 1 }, "the mail")
		require.Equal(t, "Drill missed: nobody acknowledged within 2s", alarms(t, smtp)[0])
		require.True(t, slices.ContainsFunc(smtp.Messages(), func(m testkit.Mail) bool {
			return strings.Contains(m.Parse(t).Text, d.GetPage())
		}), "it names the page")
		require.Contains(t, w.logs.String(), "a drill missed its target")
		require.Equal(t, ticketv1.PageState_PAGE_STATE_RESOLVED, w.page(d.GetPage()).GetState(), "nobody is called any more")
		require.Len(t, hook.Requests(), 1)
	})
}

func TestADrillThatReachesNobodyAlarmsTheSupervisorsAtOnceAndOnce(t *testing.T) {
	drillWorld(t, func(t *testing.T, w *world, hook *testkit.Hook, smtp *testkit.Sink) {
		always(hook, testkit.Response{Status: 503})
		id := w.drill(time.Second, 4*time.Second).GetId()
		testkit.Eventually(t, func() bool { return len(alarms(t, smtp)) == 1 }, "the mail")
		require.Equal(t, "Drill missed: no page arrived within 1s", alarms(t, smtp)[0])
		d := w.drilled(id)
		require.Equal(t, notificationv1.Drill_STATE_NOT_ACCEPTED, d.GetState())
		require.Less(t, d.GetAlarmTime().AsTime(), d.GetEndTime().AsTime())
		require.Len(t, alarms(t, smtp), 1, "once")
	})
}

func TestThereIsADrillEachWeekOnceForAllReplicas(t *testing.T) {
	drillWorld(t, func(t *testing.T, w *world, hook *testkit.Hook, _ *testkit.Sink) {
		set := func(req *notificationv1.SetDrillScheduleRequest) (*notificationv1.DrillSchedule, error) {
			return w.drills.SetDrillSchedule(w.as(eve), req)
		}
		schedule, err := w.drills.GetDrillSchedule(w.as(cem), &notificationv1.GetDrillScheduleRequest{})
		require.NoError(t, err)
		require.False(t, schedule.GetEnabled())
		require.Nil(t, schedule.GetNextTime())
		_, err = set(&notificationv1.SetDrillScheduleRequest{Weekday: 3, Time: "10:30", TimeZone: "Nowhere/Nothing"})
		require.ErrorIs(t, err, fault.Invalid)
		_, err = set(&notificationv1.SetDrillScheduleRequest{Weekday: 8, Time: "10:30", TimeZone: "UTC"})
		require.ErrorIs(t, err, fault.Invalid)
		_, err = set(&notificationv1.SetDrillScheduleRequest{Weekday: 3, Time: "24:30", TimeZone: "UTC"})
		require.ErrorIs(t, err, fault.Invalid)
		for range 2 { // what was said before no longer counts
			schedule, err = set(&notificationv1.SetDrillScheduleRequest{Enabled: true, Weekday: 3, Time: "10:30", TimeZone: "Europe/Berlin"})
			require.NoError(t, err)
		}
		berlin, err := time.LoadLocation("Europe/Berlin")
		require.NoError(t, err)
		next := schedule.GetNextTime().AsTime()
		require.Equal(t, "Wed 10:30", next.In(berlin).Format("Mon 15:04"))
		require.EqualValues(t, 3, schedule.GetWeekday())
		require.Equal(t, "10:30", schedule.GetTime())
		require.Equal(t, 5*time.Minute, schedule.GetAcknowledgeWithin().AsDuration())

		w.exec(`UPDATE drill_schedule SET next_at = altis_now()`)
		w.exec(`UPDATE tasks SET run_at = altis_now() WHERE kind = 'drill.start'`)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "the drill of the week")
		require.True(t, notice(t, hook.Requests()[0]).GetDrill())
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM drills`))
		testkit.Eventually(t, func() bool { return w.count(`SELECT COUNT(*) FROM tasks WHERE kind = 'drill.start'`) == 1 }, "the next one")
		schedule, err = w.drills.GetDrillSchedule(w.as(cem), &notificationv1.GetDrillScheduleRequest{})
		require.NoError(t, err)
		require.Equal(t, next, schedule.GetNextTime().AsTime())

		// One that would come hours late is left out.
		w.exec(`UPDATE drill_schedule SET next_at = altis_now() - 7200000000`)
		w.exec(`UPDATE tasks SET run_at = altis_now() WHERE kind = 'drill.start'`)
		testkit.Eventually(t, func() bool {
			schedule, err = w.drills.GetDrillSchedule(w.as(cem), &notificationv1.GetDrillScheduleRequest{})
			return err == nil && schedule.GetNextTime().AsTime().Equal(next)
		}, "the next one")
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM drills`))

		schedule, err = set(&notificationv1.SetDrillScheduleRequest{Weekday: 3, Time: "10:30", TimeZone: "UTC"})
		require.NoError(t, err)
		require.Nil(t, schedule.GetNextTime())
	})
}

func TestADrillAtPagerDutyHasTheSeverityInfo(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		require.NoError(t, w.pagerDuty(hook.URL, integrationKey))
		w.onlyAda()
		w.drill(time.Minute, time.Hour)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "the alert")
		var e struct {
			Payload struct{ Summary, Severity string }
		}
		require.NoError(t, json.Unmarshal(hook.Requests()[0].Body, &e))
		require.Equal(t, "info", e.Payload.Severity)
		require.Equal(t, "[Drill] please acknowledge", e.Payload.Summary)
	})
}
