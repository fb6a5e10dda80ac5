package notification_test

import (
	"strconv"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification"
)

// TestWebhooksAreSignedByTheClockOfTheDatabase: receivers refuse what is five minutes off, and a replica's own clock may be.
func TestWebhooksAreSignedByTheClockOfTheDatabase(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		ahead := func() time.Time { return time.Now().Add(time.Hour) } // of the process
		db.Clock = ahead
		w := setup(t, db, notification.Config{})
		if w.db.Engine() == sqldb.Postgres {
			require.NoError(t, sqldb.EnableTestClock(t.Context(), w.db))
			require.NoError(t, sqldb.SetClockOffset(t.Context(), w.db, time.Hour))
		}
		hook := testkit.Receiver(t)
		contact := w.contact(ada, hook.URL+"/ada")
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		always(hook, testkit.Response{Status: 503}) // so that it is sent again
		w.urgent(1, 1)
		_, err := w.testContact(ada, contact.GetId())
		require.NoError(t, err)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) >= 3 }, "not sent again")
		verifier, err := standardwebhooks.NewWebhook(contact.GetSecret())
		require.NoError(t, err)
		for _, got := range hook.Requests() {
			require.NoError(t, verifier.VerifyIgnoringTimestamp(got.Body, got.Header))
			signed, err := strconv.ParseInt(got.Header.Get("Webhook-Timestamp"), 10, 64)
			require.NoError(t, err)
			require.WithinDuration(t, ahead(), time.Unix(signed, 0), time.Minute)
		}
	}, notification.Migrations()...)
}
