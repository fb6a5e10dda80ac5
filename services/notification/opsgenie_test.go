package notification_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

const genieKey = "eb243592-faa2-4ba2-a551-1afdf565c889"

func (w *world) opsgenie(url, key string) error {
	_, err := w.service.AddVerifiedContact(w.t.Context(), &notificationv1.Contact{
		Person: ada.GetId(), Channel: notificationv1.Contact_CHANNEL_OPSGENIE, Address: url, Secret: key,
	})
	return err
}

func TestAnAlertAtOpsgenieFollowsItsPage(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		hook.Respond(func(n int, _ testkit.Request) testkit.Response {
			if n == 2 { // the acknowledgement, which is then told again
				return testkit.Response{Status: 429}
			}
			return testkit.Response{Status: 202}
		})
		require.NoError(t, w.opsgenie(hook.URL, genieKey))
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return w.onlyPage(1).GetState() == ticketv1.PageState_PAGE_STATE_DELIVERED }, "not delivered")
		page := w.onlyPage(1)
		delivery := page.GetDeliveries()[0]
		require.Equal(t, "opsgenie", delivery.GetChannel())
		require.Contains(t, string(hook.Requests()[0].Body), `"alias":"`+delivery.GetId()+`"`)

		_, err := w.pages.AcknowledgePage(w.as(ada), &notificationv1.AcknowledgePageRequest{Page: page.GetId()})
		require.NoError(t, err)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 3 }, "not acknowledged there")
		solved := urgentEvent(1)
		solved.BecameUrgent, solved.EndedUrgency = false, true
		solved.Ticket.Status = ticketv1.TicketStatus_TICKET_STATUS_SOLVED
		w.deliver(2, solved)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 4 }, "not closed there")
		alert := "/v2/alerts/" + delivery.GetId()
		var paths []string
		for _, r := range hook.Requests() {
			require.Equal(t, "GenieKey "+genieKey, r.Header.Get("Authorization"))
			paths = append(paths, r.Path)
		}
		require.Equal(t, []string{
			"/v2/alerts", alert + "/acknowledge?identifierType=alias", alert + "/acknowledge?identifierType=alias", alert + "/close?identifierType=alias",
		}, paths)
		require.NotContains(t, w.logs.String(), genieKey)
	})
}

func TestATestAtOpsgenieIsClosedAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		always(hook, testkit.Response{Status: 202})
		require.NoError(t, w.opsgenie(hook.URL, genieKey))
		list, err := w.onCall.ListContacts(w.as(ada), &notificationv1.ListContactsRequest{})
		require.NoError(t, err)
		res, err := w.testContact(ada, list.GetContacts()[0].GetId())
		require.NoError(t, err)
		require.True(t, res.GetAccepted())
		got := hook.Requests()
		require.Len(t, got, 2)
		require.Contains(t, string(got[0].Body), `"priority":"P5"`)
		require.Contains(t, string(got[0].Body), "[Test] Ada Park")
		require.Contains(t, got[1].Path, "/close?identifierType=alias")
	})
}

func TestAContactAtOpsgenieIsChecked(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		require.Equal(t, "contact.secret SECRET_INVALID", refusal(w.opsgenie("https://api.eu.opsgenie.com", "short")))
		require.Equal(t, "contact.address URL_INVALID", refusal(w.opsgenie("api.eu.opsgenie.com", genieKey)))
		require.NoError(t, w.opsgenie("https://api.eu.opsgenie.com", genieKey))
		list, err := w.onCall.ListContacts(w.as(ada), &notificationv1.ListContactsRequest{})
		require.NoError(t, err)
		require.Equal(t, notificationv1.Contact_CHANNEL_OPSGENIE, list.GetContacts()[0].GetChannel())
		require.Empty(t, list.GetContacts()[0].GetSecret())
	})
}
