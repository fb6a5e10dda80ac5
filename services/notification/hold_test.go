package notification_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification"
)

// TestAHeldServiceTakesEventsAndSendsNothing: what becomes of pages is told to ticket, which shows that tasks run; the others
// wait, and neither the watchdog nor the next contact goes by them.
func TestAHeldServiceTakesEventsAndSendsNothing(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp, hook := testkit.SMTPSink(t), testkit.Receiver(t)
		w := setup(t, db, notification.Config{
			SMTPAddr: smtp.Addr, Hold: true, NextContactAfter: 10 * time.Millisecond, WatchdogEvery: 10 * time.Millisecond, WatchdogLimit: 10 * time.Millisecond,
		})
		contact := w.contact(ada, hook.URL)
		w.mailContact(ada)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(1, created(question(1041))))
		for number := int64(1042); number < 1045; number++ {
			w.urgent(number, number)
			w.told(w.onlyPage(number).GetId(), "OPENED Ada Park")
		}
		res, err := w.testContact(eve, contact.GetId())
		require.NoError(t, err)
		require.False(t, res.GetAccepted())
		require.Contains(t, res.GetAnswer().GetSaid(), "--hold")

		require.Len(t, w.onlyPage(1042).GetDeliveries(), 1, "nobody else's turn comes")
		acknowledged, err := w.pages.AcknowledgePage(w.as(ada), &notificationv1.AcknowledgePageRequest{Page: w.onlyPage(1043).GetId()})
		require.NoError(t, err)
		w.told(acknowledged.GetId(), "OPENED Ada Park", "ACKNOWLEDGED Ada Park")
		require.Empty(t, hook.Requests())
		require.Empty(t, smtp.Messages())
	}, notification.Migrations()...)
}

// TestMailsOfBeforeTheRestoreAreNotSent: they say so in the ledger, and go when somebody asks for it.
func TestMailsOfBeforeTheRestoreAreNotSent(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp := testkit.SMTPSink(t)
		w := setup(t, db, notification.Config{SMTPAddr: smtp.Addr, NoReceipts: true, DiscardMailsBefore: time.Now().Add(time.Hour)})
		require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(1, created(question(1041))))
		testkit.EventuallyPasses(t, func(t require.TestingT) {
			res, err := w.mails.ListDeliveries(w.as(ada), &notificationv1.ListDeliveriesRequest{Ticket: 1041})
			require.NoError(t, err)
			require.NotEmpty(t, res.GetDeliveries())
			for _, d := range res.GetDeliveries() {
				require.Equal(t, "refused", d.GetState())
				require.Contains(t, d.GetLastAnswer(), "--discard-mails-before")
			}
		}, "they are refused")
		require.Empty(t, smtp.Messages())
	}, notification.Migrations()...)
}
