package notification_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

const integrationKey = "0123456789abcdef0123456789abcdef"

func (w *world) pagerDuty(url, key string) error {
	_, err := w.service.AddVerifiedContact(w.t.Context(), &notificationv1.Contact{
		Person: ada.GetId(), Channel: notificationv1.Contact_CHANNEL_PAGERDUTY, Address: url, Secret: key,
	})
	return err
}

// alerts are what PagerDuty was told, in order: action and dedup_key.
func alerts(t *testing.T, hook *testkit.Hook) (told [][2]string) {
	t.Helper()
	for _, r := range hook.Requests() {
		var e struct {
			RoutingKey  string `json:"routing_key"`
			EventAction string `json:"event_action"`
			DedupKey    string `json:"dedup_key"`
		}
		require.NoError(t, json.Unmarshal(r.Body, &e))
		require.Equal(t, integrationKey, e.RoutingKey)
		told = append(told, [2]string{e.EventAction, e.DedupKey})
	}
	return told
}

func TestAnAlertAtPagerDutyFollowsItsPage(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		hook.Respond(func(n int, _ testkit.Request) testkit.Response {
			if n == 2 { // the acknowledgement, which is then told again
				return testkit.Response{Status: 503}
			}
			return testkit.Response{Status: 202}
		})
		require.NoError(t, w.pagerDuty(hook.URL, integrationKey))
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return w.onlyPage(1).GetState() == ticketv1.PageState_PAGE_STATE_DELIVERED }, "not delivered")
		page := w.onlyPage(1)
		delivery := page.GetDeliveries()[0]
		require.Equal(t, "pagerduty", delivery.GetChannel())

		_, err := w.pages.AcknowledgePage(w.as(ada), &notificationv1.AcknowledgePageRequest{Page: page.GetId()})
		require.NoError(t, err)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 3 }, "not acknowledged there")
		solved := urgentEvent(1)
		solved.BecameUrgent, solved.EndedUrgency = false, true
		solved.Ticket.Status = ticketv1.TicketStatus_TICKET_STATUS_SOLVED
		w.deliver(2, solved)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 4 }, "not resolved there")
		id := delivery.GetId()
		require.Equal(t, [][2]string{{"trigger", id}, {"acknowledge", id}, {"acknowledge", id}, {"resolve", id}}, alerts(t, hook))
	})
}

func TestAContactAtPagerDutyIsChecked(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		err := w.pagerDuty("https://events.eu.pagerduty.com/v2/enqueue", "short")
		require.ErrorIs(t, err, fault.Invalid)
		require.ErrorContains(t, err, "contact.secret")
		require.ErrorIs(t, w.pagerDuty("events.eu.pagerduty.com", integrationKey), fault.Invalid)
		require.NoError(t, w.pagerDuty("https://events.eu.pagerduty.com/v2/enqueue", integrationKey))
		list, err := w.onCall.ListContacts(w.as(ada), &notificationv1.ListContactsRequest{})
		require.NoError(t, err)
		require.Equal(t, notificationv1.Contact_CHANNEL_PAGERDUTY, list.GetContacts()[0].GetChannel())
		require.Empty(t, list.GetContacts()[0].GetSecret())
	})
}
