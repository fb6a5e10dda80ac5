package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// TestClocksThatAreOff: the clock of notification's database is five minutes behind those of its two processes and of ticket's
// database, then five minutes ahead. A step of four minutes is neither early nor late by the database's clock, also when the
// process that has begun it is killed; the link acknowledges at the process that serves nothing else.
func TestClocksThatAreOff(t *testing.T) {
	t.Parallel()
	const wait = 4 * time.Minute
	w := harness.NewWorld(t, harness.Processes(t, harness.Options{}))
	require.NoError(t, w.EscalateBy(t.Context(), harness.Step(wait, "person:"+w.Backup.ID), harness.Step(time.Hour, "schedule:primary")))
	notification, replica := w.Processes[harness.Notification], w.Replica(t, harness.Notification)
	replica.Start()
	replica.Ready()
	settled := func(number int64, state ticketv1.PageState) {
		t.Helper()
		testkit.Eventually(t, func() bool { return get(t.Context(), t, w.Agent, number).GetPage().GetState() == state }, "the ticket's page is not %s", state)
	}
	for _, c := range []struct {
		word string
		off  time.Duration
	}{{"ruff", -5 * time.Minute}, {"siskin", 5 * time.Minute}} {
		w.MoveClock(t, harness.Notification, c.off)
		acknowledged, waiting := create(t, w.Requester, w.Urgent(c.word+" is down")).GetNumber(), create(t, w.Requester, w.Urgent(c.word+" is slow")).GetNumber()
		for _, number := range []int64{acknowledged, waiting} {
			settled(number, ticketv1.PageState_PAGE_STATE_DELIVERED)
			require.Len(t, webhooks(t, w, w.Backup, number), 1)
		}
		link := opened(t, webhooks(t, w, w.Backup, acknowledged)[0]).GetData().GetAcknowledgeUrl()
		pressLink(t, replica.AckURL()+link[len(w.AckURL):])
		settled(acknowledged, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED)

		notification.Kill()
		w.MoveClock(t, harness.Notification, c.off+wait)
		testkit.Eventually(t, func() bool { return len(webhooks(t, w, w.Engineer, waiting)) > 0 }, "the next step, which is due, is not begun")
		notification.Start()
		notification.Ready()
		page := onlyPage(t, w, waiting)
		for _, d := range page.GetDeliveries() {
			if d.GetPerson().GetId() == w.Engineer.ID {
				require.GreaterOrEqual(t, d.GetCreateTime().AsTime().Sub(page.GetCreateTime().AsTime()), wait, "the next step was not due")
			}
		}
		require.Len(t, distinct(webhooks(t, w, w.Engineer, waiting)), 1)
		require.Empty(t, webhooks(t, w, w.Engineer, acknowledged), "what is acknowledged has no next step")
		for _, number := range []int64{acknowledged, waiting} {
			solve(t, w, number)
			settled(number, ticketv1.PageState_PAGE_STATE_RESOLVED)
			require.Len(t, distinct(webhooks(t, w, w.Backup, number)), 1, "the first step is not begun again")
		}
	}
	replica.Stop()
}
