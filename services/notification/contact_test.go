package notification_test

import (
	"encoding/json"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification"
)

func (w *world) testContact(as *eventv1.DirectoryPerson, contact string) (*notificationv1.TestContactResponse, error) {
	return w.onCall.TestContact(w.as(as), &notificationv1.TestContactRequest{Contact: contact})
}

func TestATestSaysThatItIsOneAndWhatCameOfIt(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		contact := w.contact(ada, hook.URL+"/ada")
		res, err := w.testContact(ada, contact.GetId())
		require.NoError(t, err)
		require.True(t, res.GetAccepted())
		require.Equal(t, notificationv1.DeliveryAnswer_KIND_PROVIDER, res.GetAnswer().GetKind())
		require.Len(t, hook.Requests(), 1)
		got := hook.Requests()[0]
		verifier, err := standardwebhooks.NewWebhook(contact.GetSecret())
		require.NoError(t, err)
		require.NoError(t, verifier.Verify(got.Body, got.Header), "signed as pages are")
		var test notificationv1.ContactTest
		require.NoError(t, protojson.Unmarshal(got.Body, &test))
		require.Equal(t, "contact.test.v1", test.GetType())
		require.Equal(t, contact.GetId(), test.GetData().GetContact())
		require.Equal(t, "Ada Park", test.GetData().GetPerson().GetName())
		require.Contains(t, test.GetData().GetText(), "[Test] Ada Park")

		_, err = w.testContact(ada, contact.GetId())
		require.Equal(t, "CONTACT_TESTED", fault.ReasonOf(err))
		require.ErrorIs(t, err, fault.Exhausted)
		require.Len(t, hook.Requests(), 1)
		_, err = w.testContact(ben, contact.GetId())
		require.Equal(t, "NOT_YOUR_CONTACT", fault.ReasonOf(err))

		// Half a minute later, by a supervisor, and the receiver is broken.
		w.exec(`UPDATE contacts SET tested_at = altis_now() - 30000000`)
		always(hook, testkit.Response{Status: 503})
		res, err = w.testContact(eve, contact.GetId())
		require.NoError(t, err, "what came of it is the answer")
		require.False(t, res.GetAccepted())
		require.Contains(t, res.GetAnswer().GetSaid(), "503")
		require.Zero(t, w.count(`SELECT COUNT(*) FROM pages`))
	})
}

func TestATestAtPagerDutyIsResolvedAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		always(hook, testkit.Response{Status: 202})
		require.NoError(t, w.pagerDuty(hook.URL, integrationKey))
		list, err := w.onCall.ListContacts(w.as(ada), &notificationv1.ListContactsRequest{})
		require.NoError(t, err)
		res, err := w.testContact(ada, list.GetContacts()[0].GetId())
		require.NoError(t, err)
		require.True(t, res.GetAccepted())
		told := alerts(t, hook)
		require.Len(t, told, 2)
		require.Equal(t, [2]string{"trigger", told[1][1]}, told[0])
		require.Equal(t, "resolve", told[1][0])
		var event struct {
			Payload struct{ Summary, Severity string }
		}
		require.NoError(t, json.Unmarshal(hook.Requests()[0].Body, &event))
		require.Equal(t, "info", event.Payload.Severity)
		require.Contains(t, event.Payload.Summary, "[Test] Ada Park")
	})
}

func TestATestByMail(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp := testkit.SMTPSink(t)
		w := setup(t, db, notification.Config{SMTPAddr: smtp.Addr, NoReceipts: true})
		w.mailContact(ada)
		list, err := w.onCall.ListContacts(w.as(ada), &notificationv1.ListContactsRequest{})
		require.NoError(t, err)
		id := list.GetContacts()[0].GetId()
		res, err := w.testContact(eve, id)
		require.NoError(t, err)
		require.True(t, res.GetAccepted(), "%v", res)
		require.Len(t, smtp.Messages(), 1)
		parts := smtp.Messages()[0].Parse(t)
		subject, err := parts.Header.Subject()
		require.NoError(t, err)
		require.Equal(t, "[Test] Pages arrive here", subject)
		require.Contains(t, parts.Text, "Eve Lund tries whether pages for Ada Park arrive here")
		require.Contains(t, parts.HTML, "Eve Lund tries whether pages for Ada Park arrive here")

		smtp.Refuse(ada.GetEmail(), 550)
		w.exec(`UPDATE contacts SET tested_at = 0`)
		res, err = w.testContact(ada, id)
		require.NoError(t, err)
		require.False(t, res.GetAccepted())
		require.Contains(t, res.GetAnswer().GetSaid(), "550")
	}, notification.Migrations()...)
}
