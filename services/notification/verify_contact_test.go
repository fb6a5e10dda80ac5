package notification_test

import (
	"regexp"
	"slices"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification"
)

func (w *world) create(c *notificationv1.Contact) *notificationv1.Contact {
	w.t.Helper()
	c.Person = ada.GetId()
	made, err := w.onCall.CreateContact(w.as(ada), &notificationv1.CreateContactRequest{Contact: c})
	require.NoError(w.t, err)
	require.Nil(w.t, made.GetVerifyTime())
	return made
}

func (w *world) verify(as *eventv1.DirectoryPerson, contact, code string) (*notificationv1.Contact, error) {
	return w.onCall.VerifyContact(w.as(as), &notificationv1.VerifyContactRequest{Contact: contact, Code: code})
}

// otherThan is a code that is wrong.
func otherThan(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func codeOf(t *testing.T, r testkit.Request) *notificationv1.ContactVerificationNotice {
	t.Helper()
	var sent notificationv1.ContactVerification
	require.NoError(t, protojson.Unmarshal(r.Body, &sent))
	require.Equal(t, "contact.verification.v1", sent.GetType())
	return sent.GetData()
}

func TestAContactIsUsedOnceItsCodeWasEntered(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		always(hook, testkit.Response{Status: 503}) // at first: it is tried again
		made := w.create(&notificationv1.Contact{Channel: notificationv1.Contact_CHANNEL_WEBHOOK, Address: hook.URL})
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "no code")
		always(hook, testkit.Response{})
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 2 }, "not tried again")
		got := hook.Requests()[1]
		verifier, err := standardwebhooks.NewWebhook(made.GetSecret())
		require.NoError(t, err)
		require.NoError(t, verifier.Verify(got.Body, got.Header), "signed as pages are")
		require.Equal(t, hook.Requests()[0].Header.Get("Webhook-Id"), got.Header.Get("Webhook-Id"))
		sent := codeOf(t, got)
		require.Equal(t, made.GetId(), sent.GetContact())
		require.Equal(t, "Ada Park", sent.GetPerson().GetName())
		require.WithinDuration(t, time.Now().Add(10*time.Minute), sent.GetExpireTime().AsTime(), time.Minute)
		require.NotContains(t, w.logs.String(), sent.GetCode())
		require.Zero(t, w.count(`SELECT COUNT(*) FROM tasks WHERE payload LIKE '%`+sent.GetCode()+`%'`))

		// Until then it is as if it were not there.
		w.mailContact(ben)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada)), step(time.Hour, person(ben))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		w.urgent(1, 1)
		require.Equal(t, "email", w.onlyPage(1).GetDeliveries()[0].GetChannel(), "the address of the directory")
		_, err = w.testContact(ada, made.GetId())
		require.Equal(t, "CONTACT_UNVERIFIED", fault.ReasonOf(err))
		for _, c := range []struct {
			as         *eventv1.DirectoryPerson
			code, want string
		}{
			{ben, sent.GetCode(), "NOT_YOUR_CONTACT"},
			{eve, otherThan(sent.GetCode()), "code CODE_WRONG"},
			{ada, "12345", "code MALFORMED"},
		} {
			_, err = w.verify(c.as, made.GetId(), c.code)
			require.Equal(t, c.want, refusal(err), "%v", err)
		}
		require.Equal(t, 1, w.count(`SELECT code_tries FROM contacts WHERE verified_at = 0`), "a wrong one counts")
		_, err = w.onCall.SendContactCode(w.as(ada), &notificationv1.SendContactCodeRequest{Contact: made.GetId()})
		require.Equal(t, "CODE_SENT", fault.ReasonOf(err))

		verified, err := w.verify(ada, made.GetId(), sent.GetCode())
		require.NoError(t, err)
		require.WithinDuration(t, time.Now(), verified.GetVerifyTime().AsTime(), time.Minute)
		again, err := w.verify(ada, made.GetId(), otherThan(sent.GetCode()))
		require.NoError(t, err, "it is verified")
		require.Equal(t, verified.GetVerifyTime().AsTime(), again.GetVerifyTime().AsTime())
		_, err = w.onCall.SendContactCode(w.as(ada), &notificationv1.SendContactCodeRequest{Contact: made.GetId()})
		require.Equal(t, "CONTACT_VERIFIED", fault.ReasonOf(err))
		w.urgent(2, 1)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 3 }, "not paged")
		require.EqualValues(t, 2, notice(t, hook.Requests()[2]).GetTicket())
	})
}

func TestACodeThatIsRefusedForGoodIsTold(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		always(hook, testkit.Response{Status: 404})
		made := w.create(&notificationv1.Contact{Channel: notificationv1.Contact_CHANNEL_WEBHOOK, Address: hook.URL})
		require.Contains(t, made.GetCodeAnswer().GetSaid(), "404")
		require.NotEmpty(t, made.GetSecret())
		require.Len(t, hook.Requests(), 1)
		waiting := `SELECT COUNT(*) FROM tasks WHERE kind = 'contact.code'`
		require.Zero(t, w.count(waiting), "not tried again")
		another := func() *notificationv1.Contact {
			w.exec(`UPDATE contacts SET code_at = altis_now() - 31000000`)
			c, err := w.onCall.SendContactCode(w.as(ada), &notificationv1.SendContactCodeRequest{Contact: made.GetId()})
			require.NoError(t, err)
			return c
		}
		require.Contains(t, another().GetCodeAnswer().GetSaid(), "404")
		require.Contains(t, w.codeState(made.GetId()).GetCodeAnswer().GetSaid(), "404", "whoever looks later is told as well")
		always(hook, testkit.Response{Status: 503})
		require.Nil(t, another().GetCodeAnswer(), "for now only")
		require.Nil(t, w.codeState(made.GetId()).GetCodeAnswer(), "that was of the code before")
		require.Equal(t, 1, w.count(waiting), "it is tried again")
		always(hook, testkit.Response{Status: 410})
		w.exec(`UPDATE tasks SET run_at = altis_now() WHERE kind = 'contact.code'`)
		testkit.Eventually(t, func() bool { return w.codeState(made.GetId()).GetCodeAnswer() != nil }, "refused when nobody waits for it: not told")
		require.Contains(t, w.codeState(made.GetId()).GetCodeAnswer().GetSaid(), "410")
		always(hook, testkit.Response{})
		require.Nil(t, another().GetCodeAnswer())
		got := hook.Requests()
		_, err := w.verify(ada, made.GetId(), codeOf(t, got[len(got)-1]).GetCode())
		require.NoError(t, err)
	})
}

// codeState returns a contact of ada's as lists have it.
func (w *world) codeState(contact string) *notificationv1.Contact {
	w.t.Helper()
	res, err := w.onCall.ListContacts(w.as(ada), &notificationv1.ListContactsRequest{})
	require.NoError(w.t, err)
	i := slices.IndexFunc(res.GetContacts(), func(c *notificationv1.Contact) bool { return c.GetId() == contact })
	require.GreaterOrEqual(w.t, i, 0)
	return res.GetContacts()[i]
}

// TestWhatCanBeDoneWithACodeIsTold: tries that are left, its end, and when there can be another one.
func TestWhatCanBeDoneWithACodeIsTold(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		made := w.create(&notificationv1.Contact{Channel: notificationv1.Contact_CHANNEL_WEBHOOK, Address: hook.URL})
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "no code")
		code := codeOf(t, hook.Requests()[0]).GetCode()
		expire := codeOf(t, hook.Requests()[0]).GetExpireTime().AsTime()
		c := w.codeState(made.GetId())
		require.True(t, proto.Equal(c.GetCodeExpireTime(), made.GetCodeExpireTime()))
		require.Equal(t, expire, c.GetCodeExpireTime().AsTime())
		require.Equal(t, expire.Add(-10*time.Minute+30*time.Second), c.GetNextCodeTime().AsTime())
		require.EqualValues(t, 5, c.GetCodeTriesLeft())
		for left := int32(4); left >= 0; left-- {
			_, err := w.verify(ada, made.GetId(), otherThan(code))
			require.Equal(t, "code CODE_WRONG", refusal(err))
			require.Equal(t, left, w.codeState(made.GetId()).GetCodeTriesLeft())
		}
		_, err := w.verify(ada, made.GetId(), code)
		require.Equal(t, "CODE_EXPIRED", fault.ReasonOf(err))
		w.exec(`UPDATE contacts SET code_at = altis_now() - 31000000`)
		again, err := w.onCall.SendContactCode(w.as(ada), &notificationv1.SendContactCodeRequest{Contact: made.GetId()})
		require.NoError(t, err)
		require.EqualValues(t, 5, again.GetCodeTriesLeft())
		require.True(t, again.GetNextCodeTime().AsTime().After(c.GetNextCodeTime().AsTime()))
		code = codeOf(t, hook.Requests()[len(hook.Requests())-1]).GetCode()
		w.exec(`UPDATE contacts SET code_at = altis_now() - 601000000`)
		require.Zero(t, w.codeState(made.GetId()).GetCodeTriesLeft(), "it has ended")
		w.exec(`UPDATE contacts SET code_at = altis_now()`)
		verified, err := w.verify(ada, made.GetId(), code)
		require.NoError(t, err)
		for _, c := range []*notificationv1.Contact{verified, w.codeState(made.GetId())} {
			require.NotNil(t, c.GetVerifyTime())
			require.Nil(t, c.GetCodeExpireTime())
			require.Nil(t, c.GetNextCodeTime())
			require.Zero(t, c.GetCodeTriesLeft())
		}
	})
}

func TestAnotherCodeVoidsTheOneBefore(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		made := w.create(&notificationv1.Contact{Channel: notificationv1.Contact_CHANNEL_PAGERDUTY, Address: hook.URL, Secret: integrationKey})
		code := func(n int) string {
			testkit.Eventually(t, func() bool { return len(hook.Requests()) == 2*n }, "no code")
			found := regexp.MustCompile(`\[Code ([0-9]{6})\]`).FindSubmatch(hook.Requests()[2*n-2].Body)
			require.NotNil(t, found, "%s", hook.Requests()[2*n-2].Body)
			return string(found[1])
		}
		first := code(1)
		w.exec(`UPDATE contacts SET code_at = altis_now() - 601000000`)
		_, err := w.verify(ada, made.GetId(), first)
		require.Equal(t, "CODE_EXPIRED", fault.ReasonOf(err))
		_, err = w.onCall.SendContactCode(w.as(eve), &notificationv1.SendContactCodeRequest{Contact: made.GetId()})
		require.NoError(t, err)
		second := code(2)
		require.NotEqual(t, first, second)
		_, err = w.verify(ada, made.GetId(), first)
		require.Equal(t, "code CODE_WRONG", refusal(err))
		_, err = w.verify(ada, made.GetId(), second)
		require.NoError(t, err)
	})
}

func TestWhoHasNoVerifiedContactCannotBePaged(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp := testkit.SMTPSink(t)
		w := setup(t, db, notification.Config{SMTPAddr: smtp.Addr, NoReceipts: true})
		w.change(&eventv1.DirectoryPerson{Id: ada.GetId(), Name: ada.GetName(), Staff: true, Role: "engineer"}) // without an address
		made := w.create(&notificationv1.Contact{Channel: notificationv1.Contact_CHANNEL_EMAIL, Address: "ada@home.test"})
		policy := func() error {
			_, err := w.onCall.UpdateEscalationPolicy(w.as(eve), &notificationv1.UpdateEscalationPolicyRequest{
				AllowMissing: true, EscalationPolicy: &notificationv1.EscalationPolicy{
					Id: "default", Steps: []*notificationv1.EscalationStep{step(time.Minute, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
				},
			})
			return err
		}
		require.Equal(t, "escalation_policy.steps[0].targets[0] TARGET_UNREACHABLE", refusal(policy()))
		testkit.Eventually(t, func() bool { return len(smtp.Messages()) == 1 }, "no code")
		mail := smtp.Messages()[0]
		require.Equal(t, []string{"ada@home.test"}, mail.To)
		parts := mail.Parse(t)
		subject, err := parts.Header.Subject()
		require.NoError(t, err)
		code := regexp.MustCompile("^([0-9]{6}) is your code$").FindStringSubmatch(subject)
		require.NotNil(t, code, subject)
		require.Contains(t, parts.Text, code[1])
		require.Contains(t, parts.HTML, code[1])
		_, err = w.verify(ada, made.GetId(), code[1])
		require.NoError(t, err)
		require.NoError(t, policy())
	}, notification.Migrations()...)
}

// mute takes the address of somebody out of the directory.
func (w *world) mute(p *eventv1.DirectoryPerson) {
	w.change(&eventv1.DirectoryPerson{Id: p.GetId(), Name: p.GetName(), Staff: true, Role: p.GetRole()})
}

func TestThoughNobodyHasAVerifiedContactTheFallbackIsAsked(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook, last := testkit.Receiver(t), testkit.Receiver(t)
		w.mailContact(ada)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{ben.GetId()},
		})
		w.exec(`DELETE FROM contacts`)
		w.mute(ada)
		w.create(&notificationv1.Contact{Channel: notificationv1.Contact_CHANNEL_WEBHOOK, Address: hook.URL})
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "no code")
		w.urgent(1, 1)
		p := w.onlyPage(1)
		require.Len(t, p.GetDeliveries(), 1)
		require.Equal(t, ben.GetId(), p.GetDeliveries()[0].GetPerson().GetId(), "by the address of the directory")

		// Nobody at all is left: what is there is asked, verified or not.
		w.mute(ben)
		w.mute(eve)
		_, err := w.onCall.CreateContact(w.as(eve), &notificationv1.CreateContactRequest{Contact: &notificationv1.Contact{
			Person: ben.GetId(), Channel: notificationv1.Contact_CHANNEL_WEBHOOK, Address: last.URL,
		}})
		require.NoError(t, err)
		testkit.Eventually(t, func() bool { return len(last.Requests()) == 1 }, "no code")
		w.urgent(2, 1)
		testkit.Eventually(t, func() bool { return len(last.Requests()) == 2 }, "nobody is paged")
		require.EqualValues(t, 2, notice(t, last.Requests()[1]).GetTicket())
		require.Len(t, hook.Requests(), 1, "ada is on no list")
		told, err := w.onCall.GetOnCallNotice(w.as(cem), &notificationv1.GetOnCallNoticeRequest{})
		require.NoError(t, err)
		require.Equal(t, []string{"Ben Ito"}, told.GetNames())
		require.Equal(t, notificationv1.OnCallNotice_SOURCE_FALLBACK, told.GetSource())
	})
}
