package notification_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// twoSteps pages Ada, then Ben.
func twoSteps(t *testing.T, w *world) *testkit.Hook {
	hook := testkit.Receiver(t)
	w.contact(ada, hook.URL+"/ada")
	w.contact(ben, hook.URL+"/ben")
	w.policy(&notificationv1.EscalationPolicy{
		Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada)), step(time.Hour, person(ben))}, Loops: 1, Fallback: []string{eve.GetId()},
	})
	return hook
}

func answeredByStaff(number int64) *eventv1.TicketEvent {
	return &eventv1.TicketEvent{Ticket: snapshot(number), Change: &eventv1.TicketEvent_Replied{Replied: &eventv1.TicketReplied{
		Message: &eventv1.PublicMessage{Id: "m2", Body: "We are on it.", Author: &ticketv1.Person{Id: ada.GetId(), Name: ada.GetName(), Staff: true}},
	}}}
}

func solved(number int64) *eventv1.TicketEvent {
	e := urgentEvent(number)
	e.BecameUrgent, e.EndedUrgency, e.Ticket.Status = false, true, ticketv1.TicketStatus_TICKET_STATUS_SOLVED
	e.Change = &eventv1.TicketEvent_StatusChanged{StatusChanged: &eventv1.TicketStatusChanged{OldStatus: ticketv1.TicketStatus_TICKET_STATUS_OPEN}}
	return e
}

func (w *world) acknowledge(page string, by *eventv1.DirectoryPerson) {
	w.t.Helper()
	_, err := w.pages.AcknowledgePage(w.as(by), &notificationv1.AcknowledgePageRequest{Page: page})
	require.NoError(w.t, err)
}

func (w *world) unacknowledge(page string) (*notificationv1.Page, error) {
	return w.pages.UnacknowledgePage(w.as(cem), &notificationv1.UnacknowledgePageRequest{Page: page, Reason: "not my system"})
}

func (w *world) snooze(page string, d *durationpb.Duration) (*notificationv1.Page, error) {
	return w.pages.SnoozePage(w.as(cem), &notificationv1.SnoozePageRequest{Page: page, Duration: d})
}

func entryOf(t *testing.T, p *notificationv1.Page, kind notificationv1.PageLogEntry_Kind) *notificationv1.PageLogEntry {
	t.Helper()
	i := slices.IndexFunc(p.GetLog(), func(e *notificationv1.PageLogEntry) bool { return e.GetKind() == kind })
	require.GreaterOrEqual(t, i, 0, "%v in %v", kind, p.GetLog())
	return p.GetLog()[i]
}

func TestAnAcknowledgementTakenBackPagesAgainFromTheFirstStep(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := twoSteps(t, w)
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "first step")
		id := w.onlyPage(1).GetId()
		_, err := w.unacknowledge(id)
		require.Equal(t, "PAGE_NOT_ACKNOWLEDGED", fault.ReasonOf(err))
		require.ErrorIs(t, err, fault.Precondition)
		_, err = w.pages.EscalatePage(w.as(cem), &notificationv1.EscalatePageRequest{Page: id})
		require.NoError(t, err)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 2 }, "second step")
		w.acknowledge(id, ben)
		w.deliver(2, answeredByStaff(1))

		p, err := w.unacknowledge(id)
		require.NoError(t, err)
		require.Equal(t, ticketv1.PageState_PAGE_STATE_PAGING, p.GetState())
		require.EqualValues(t, 2, p.GetCycle())
		require.EqualValues(t, 1, p.GetStep())
		require.Nil(t, p.GetAcknowledgedBy())
		require.WithinDuration(t, time.Now().Add(time.Hour), p.GetNextStepTime().AsTime(), time.Minute)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 3 }, "not paged again")
		first, again := hook.Requests()[0], hook.Requests()[2]
		require.Equal(t, "/ada", again.Path)
		require.NotEqual(t, first.Header.Get("Webhook-Id"), again.Header.Get("Webhook-Id"), "it is another page to every receiver")
		entry := entryOf(t, w.page(id), notificationv1.PageLogEntry_KIND_UNACKNOWLEDGED)
		require.Equal(t, "Cem Aksoy", entry.GetPerson())
		require.Equal(t, "not my system", entry.GetReason())
		testkit.Eventually(t, func() bool { return slices.Contains(w.ticket.told(id), "REOPENED Ada Park") }, "the ticket is not told")

		// The links of before do nothing, those of now do.
		status, _ := w.request(http.MethodPost, notice(t, first).GetAcknowledgeUrl())
		require.Equal(t, http.StatusConflict, status)
		status, _ = w.request(http.MethodPost, notice(t, again).GetAcknowledgeUrl())
		require.Equal(t, http.StatusOK, status)

		w.deliver(5, solved(1))
		_, err = w.unacknowledge(id)
		require.Equal(t, "PAGE_OVER", fault.ReasonOf(err))
		_, err = w.pages.UnacknowledgePage(w.as(cem), &notificationv1.UnacknowledgePageRequest{Page: id})
		require.Equal(t, "reason TOO_SHORT", refusal(err))
	})
}

func TestWhatWasAcknowledgedElsewhereBeforeItWasTakenBackDoesNotHold(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		twoSteps(t, w)
		w.urgent(1, 1)
		id := w.onlyPage(1).GetId()
		w.acknowledge(id, ben)
		before := timestamppb.Now()
		_, err := w.unacknowledge(id)
		require.NoError(t, err)
		forward := func(at *timestamppb.Timestamp) ticketv1.PageState {
			_, err := notificationv1.NewEmergencyServiceClient(w.server.InProcess("emergency")).ForwardAcknowledgement(t.Context(), &notificationv1.ForwardAcknowledgementRequest{
				Page: id, Person: &ticketv1.Person{Id: ben.GetId(), Name: ben.GetName()}, AcknowledgeTime: at,
			})
			require.NoError(t, err)
			return w.page(id).GetState()
		}
		require.NotEqual(t, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED, forward(timestamppb.New(before.AsTime().Add(-time.Minute))))
		require.Equal(t, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED, forward(timestamppb.New(time.Now().Add(time.Minute))))
	})
}

func TestASnoozeEndsWithAnotherPageUnlessTheIncidentIsOver(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := twoSteps(t, w)
		ends := func() {
			w.exec(`UPDATE pages SET snoozed_until = altis_now()`)
			w.exec(`UPDATE tasks SET run_at = altis_now() WHERE kind = 'page.acktimeout'`)
		}
		w.urgent(1, 1)
		w.urgent(2, 1)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 2 }, "pages")
		id, over := w.onlyPage(1).GetId(), w.onlyPage(2).GetId()
		_, err := w.snooze(id, nil)
		require.Equal(t, "PAGE_NOT_ACKNOWLEDGED", fault.ReasonOf(err))
		for _, page := range []string{id, over} {
			w.acknowledge(page, ada)
			p, err := w.snooze(page, nil)
			require.NoError(t, err)
			require.WithinDuration(t, time.Now().Add(4*time.Hour), p.GetSnoozeEndTime().AsTime(), time.Minute)
			p, err = w.snooze(page, durationpb.New(5*time.Minute))
			require.NoError(t, err)
			require.WithinDuration(t, time.Now().Add(5*time.Minute), p.GetSnoozeEndTime().AsTime(), time.Minute)
		}
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM tasks WHERE kind = 'page.acktimeout'`), "the later one takes the place of the earlier")
		w.deliver(2, answeredByStaff(1)) // which ends the policy's timeout, not a snooze
		w.deliver(2, solved(2))
		p := w.page(id)
		entry := entryOf(t, p, notificationv1.PageLogEntry_KIND_SNOOZED)
		require.Equal(t, "Cem Aksoy", entry.GetPerson())
		require.WithinDuration(t, p.GetSnoozeEndTime().AsTime().Add(4*time.Hour-5*time.Minute), entry.GetSnoozeEndTime().AsTime(), time.Minute)
		require.Equal(t, ticketv1.PageState_PAGE_STATE_RESOLVED, w.page(over).GetState())
		require.Nil(t, w.page(over).GetSnoozeEndTime())

		// A timer that comes too early waits for the rest.
		w.exec(`UPDATE tasks SET run_at = altis_now(), key = 'early' WHERE kind = 'page.acktimeout'`)
		testkit.Eventually(t, func() bool {
			return w.count(`SELECT COUNT(*) FROM tasks WHERE kind = 'page.acktimeout' AND key <> 'early'`) == 1
		}, "the rest")
		require.Equal(t, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED, w.page(id).GetState())

		ends()
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 3 }, "not paged again")
		p = w.page(id)
		require.EqualValues(t, 2, p.GetCycle())
		require.Nil(t, p.GetSnoozeEndTime())
		require.Equal(t, "Ada Park", entryOf(t, p, notificationv1.PageLogEntry_KIND_SNOOZE_ENDED).GetPerson())
		testkit.Eventually(t, func() bool { return slices.Contains(w.ticket.told(id), "REOPENED Ada Park") }, "the ticket is not told")

		for _, d := range []time.Duration{5*time.Minute - 1, 24*time.Hour + 1} {
			_, err = w.snooze(id, durationpb.New(d))
			require.Equal(t, "duration OUT_OF_RANGE", refusal(err), d)
		}
		_, err = w.snooze(over, nil)
		require.Equal(t, "PAGE_OVER", fault.ReasonOf(err))
	})
}
