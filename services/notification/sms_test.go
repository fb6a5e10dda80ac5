package notification_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification"
)

const phone = "+4915112345678"

// texting is a configuration with an account at a receiver.
func texting(hook *testkit.Hook) (cfg notification.Config) {
	cfg.Twilio.URL, cfg.Twilio.From = hook.URL, "+4930123456"
	cfg.Twilio.Account, cfg.Twilio.Key, cfg.Twilio.Secret = "AC0123456789abcdef0123456789abcdef", "SK0123456789abcdef0123456789abcdef", "s3cret"
	return cfg
}

func TestAPageByTextMessage(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		hook := testkit.Receiver(t)
		taken := testkit.Response{Status: 201, Body: `{"sid":"SM01","to":"` + phone + `"}`}
		hook.Respond(func(n int, _ testkit.Request) testkit.Response {
			switch n {
			case 3: // the page, after the code and the test
				return testkit.Response{Status: 503, Body: `{"code":20503,"message":"` + phone + `"}`}
			case 4:
				return testkit.Response{Body: `{"messages":[]}`}
			}
			return taken
		})
		w := setup(t, db, texting(hook))
		made := w.create(&notificationv1.Contact{Channel: notificationv1.Contact_CHANNEL_SMS, Address: "+49 151 1234-5678"})
		require.Equal(t, phone, made.GetAddress())
		require.Empty(t, made.GetSecret())
		text := func(n int) string {
			form, err := url.ParseQuery(string(hook.Requests()[n].Body))
			require.NoError(t, err)
			require.Equal(t, phone, form.Get("To"))
			return form.Get("Body")
		}
		code := regexp.MustCompile(`^\[Code ([0-9]{6})\]`).FindStringSubmatch(text(0))
		require.NotNil(t, code, text(0))
		_, err := w.verify(ada, made.GetId(), code[1])
		require.NoError(t, err)
		res, err := w.testContact(ada, made.GetId())
		require.NoError(t, err)
		require.True(t, res.GetAccepted())
		require.Equal(t, "201 Created SM01", res.GetAnswer().GetSaid())
		require.Contains(t, text(1), "[Test] Ada Park")

		w.onlyAda()
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return w.onlyPage(1).GetState() == ticketv1.PageState_PAGE_STATE_DELIVERED }, "not delivered")
		delivery := w.onlyPage(1).GetDeliveries()[0]
		require.Equal(t, "sms", delivery.GetChannel())
		require.Equal(t, "201 Created SM01", delivery.GetAnswer().GetSaid())
		got := hook.Requests()
		require.Len(t, got, 5, "a page, whether it was taken, and the page again")
		require.Equal(t, "GET", got[3].Method)
		require.Equal(t, text(2), text(4))
		require.Contains(t, text(4), "\n"+w.ackURL+"/")
		require.NotContains(t, w.logs.String(), phone)
		require.NotContains(t, w.logs.String(), "s3cret")
	}, notification.Migrations()...)
}

// A process that ends between a message and its record sends no second one, if the API still knows the first.
func TestATextMessageWithoutARecordIsLookedUp(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		hook := testkit.Receiver(t)
		w := setup(t, db, texting(hook))
		var sent string
		hook.Respond(func(n int, r testkit.Request) testkit.Response {
			if n == 1 { // what comes of it cannot be recorded
				form, _ := url.ParseQuery(string(r.Body))
				sent = form.Get("Body")
				w.exec(`ALTER TABLE page_log RENAME TO page_log_away`)
				return testkit.Response{Status: 201, Body: `{"sid":"SM01"}`}
			}
			if n == 2 {
				w.exec(`ALTER TABLE page_log_away RENAME TO page_log`)
			}
			list, err := json.Marshal(map[string]any{"messages": []map[string]string{{"sid": "SM01", "status": "sent", "body": sent}}})
			require.NoError(t, err)
			return testkit.Response{Body: string(list)}
		})
		_, err := w.service.AddVerifiedContact(t.Context(), &notificationv1.Contact{
			Person: ada.GetId(), Channel: notificationv1.Contact_CHANNEL_SMS, Address: phone,
		})
		require.NoError(t, err)
		w.onlyAda()
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) > 1 }, "it is not tried again")
		w.opened(1, delivered)
		for _, r := range hook.Requests()[1:] { // the question may be asked again, the message not sent
			require.Equal(t, http.MethodGet, r.Method)
		}
		require.Equal(t, "200 OK SM01", w.onlyPage(1).GetDeliveries()[0].GetAnswer().GetSaid())
	}, notification.Migrations()...)
}

func TestAPhoneIsChecked(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		hook := testkit.Receiver(t)
		create := func(w *world, number string) error {
			_, err := w.onCall.CreateContact(w.as(ada), &notificationv1.CreateContactRequest{
				Contact: &notificationv1.Contact{Person: ada.GetId(), Channel: notificationv1.Contact_CHANNEL_SMS, Address: number},
			})
			return err
		}
		w := setup(t, db, texting(hook))
		err := create(w, "0151 12345678")
		require.Equal(t, "contact.address PHONE_INVALID", refusal(err))
		require.ErrorIs(t, err, fault.Invalid)
		require.Empty(t, hook.Requests())

		// Refused for good: whoever waits for the code is told so.
		always(hook, testkit.Response{Status: 400, Body: `{"code":21211}`})
		require.Equal(t, "400 Bad Request 21211", w.create(&notificationv1.Contact{Channel: notificationv1.Contact_CHANNEL_SMS, Address: phone}).GetCodeAnswer().GetSaid())
	}, notification.Migrations()...)
}

func TestWithoutAnAccountNobodyWaitsForATextMessage(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		_, err := w.onCall.CreateContact(w.as(ada), &notificationv1.CreateContactRequest{
			Contact: &notificationv1.Contact{Person: ada.GetId(), Channel: notificationv1.Contact_CHANNEL_SMS, Address: phone},
		})
		require.Equal(t, "contact.channel CHANNEL_UNAVAILABLE", refusal(err))
		require.Zero(t, w.count(`SELECT COUNT(*) FROM contacts`))
	})
}

// That Twilio takes a message says that it is queued. When it does not arrive the person's next contact starts.
func TestATextMessageThatDoesNotArriveStartsTheNextContact(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		api, next := testkit.Receiver(t), testkit.Receiver(t)
		api.Respond(func(n int, r testkit.Request) testkit.Response {
			switch {
			case r.Method == http.MethodPost:
				return testkit.Response{Status: 201, Body: `{"sid":"SM01"}`}
			case n == 2:
				return testkit.Response{Body: `{"status":"sent","error_code":null}`}
			case n == 3:
				return testkit.Response{Status: 429}
			}
			return testkit.Response{Body: `{"status":"undelivered","error_code":30003}`}
		})
		w := setup(t, db, texting(api))
		for _, c := range []*notificationv1.Contact{
			{Channel: notificationv1.Contact_CHANNEL_SMS, Address: phone}, {Channel: notificationv1.Contact_CHANNEL_WEBHOOK, Address: next.URL},
		} {
			c.Person = ada.GetId()
			_, err := w.service.AddVerifiedContact(t.Context(), c)
			require.NoError(t, err)
		}
		w.onlyAda()
		w.urgent(1, 1)
		w.opened(1, delivered)
		require.Empty(t, next.Requests())
		var answer atomic.Int32
		answer.Store(http.StatusServiceUnavailable)
		next.Respond(func(int, testkit.Request) testkit.Response { return testkit.Response{Status: int(answer.Load())} })
		for asked := 2; asked <= 4; asked++ {
			w.exec(`UPDATE tasks SET run_at = altis_now() WHERE kind = 'page.receipt'`)
			testkit.Eventually(t, func() bool { return len(api.Requests()) == asked }, "it is not asked")
			w.idle()
		}
		testkit.Eventually(t, func() bool { return len(next.Requests()) >= 1 }, "the next contact")
		id := w.onlyPage(1).GetId()
		require.Equal(t, ticketv1.PageState_PAGE_STATE_PAGING, w.page(id).GetState(), "nobody is reached yet")
		w.told(id, "OPENED Ada Park", "DELIVERED Ada Park", "UNDELIVERED") // so that ticket watches again
		answer.Store(http.StatusOK)
		w.told(id, "OPENED Ada Park", "DELIVERED Ada Park", "UNDELIVERED", "DELIVERED Ada Park")
		w.idle()
		p := w.onlyPage(1)
		require.Equal(t, delivered, p.GetState())
		entry := entryOf(t, p, notificationv1.PageLogEntry_KIND_UNDELIVERED)
		require.True(t, entry.GetNextContact())
		require.Equal(t, "undelivered 30003", entry.GetAnswer().GetSaid())
		require.Equal(t, "failed", p.GetDeliveries()[0].GetState())
		require.Zero(t, w.count(`SELECT COUNT(*) FROM tasks WHERE kind = 'page.receipt'`))
		require.NotContains(t, w.logs.String(), phone)
	}, notification.Migrations()...)
}

// Somebody else was reached: the page stays delivered, and ticket has nothing to watch.
func TestATextMessageThatDoesNotArriveWhileSomebodyElseWasReached(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		api, other := testkit.Receiver(t), testkit.Receiver(t)
		api.Respond(func(_ int, r testkit.Request) testkit.Response {
			if r.Method == http.MethodPost {
				return testkit.Response{Status: 201, Body: `{"sid":"SM01"}`}
			}
			return testkit.Response{Body: `{"status":"failed","error_code":30006}`}
		})
		w := setup(t, db, texting(api))
		_, err := w.service.AddVerifiedContact(t.Context(), &notificationv1.Contact{
			Person: ada.GetId(), Channel: notificationv1.Contact_CHANNEL_SMS, Address: phone,
		})
		require.NoError(t, err)
		w.contact(ben, other.URL)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada), person(ben))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return w.count(`SELECT COUNT(*) FROM page_deliveries WHERE state = 'accepted'`) == 2 }, "taken")
		w.exec(`UPDATE tasks SET run_at = altis_now() WHERE kind = 'page.receipt'`)
		testkit.Eventually(t, func() bool { return w.count(`SELECT COUNT(*) FROM page_deliveries WHERE state = 'failed'`) == 1 }, "lost")
		w.idle()
		p := w.onlyPage(1)
		require.Equal(t, delivered, p.GetState())
		require.Len(t, w.ticket.told(p.GetId()), 2, "nothing but that it was opened and delivered")
	}, notification.Migrations()...)
}

// One message about many pages did not arrive: each of them goes on, to the next step when nobody is left at this one.
func TestATextMessageAboutManyPagesThatDoesNotArriveBeginsTheNextStep(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		api, next := testkit.Receiver(t), testkit.Receiver(t)
		api.Respond(func(n int, r testkit.Request) testkit.Response {
			if r.Method == http.MethodPost {
				return testkit.Response{Status: 201, Body: `{"sid":"SM01"}`}
			}
			return testkit.Response{Body: `{"status":"failed","error_code":30006}`}
		})
		cfg := texting(api)
		cfg.BundleAfter, cfg.BundleHold = 1, time.Second
		w := setup(t, db, cfg)
		_, err := w.service.AddVerifiedContact(t.Context(), &notificationv1.Contact{
			Person: ada.GetId(), Channel: notificationv1.Contact_CHANNEL_SMS, Address: phone,
		})
		require.NoError(t, err)
		w.contact(ben, next.URL)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada)), step(time.Hour, person(ben))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		for number := range int64(4) {
			w.urgent(1+number, 1)
		}
		testkit.Eventually(t, func() bool { return w.count(`SELECT COUNT(*) FROM page_deliveries WHERE state = 'accepted'`) == 4 }, "taken")
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM tasks WHERE kind = 'page.receipt'`), "one for each message")
		w.exec(`UPDATE tasks SET run_at = altis_now() WHERE kind = 'page.receipt'`)
		testkit.EventuallyPasses(t, func(t require.TestingT) {
			alone, together := calls(t, next.Requests())
			require.Len(t, named(alone, together), 4)
		}, "Ben hears of all")
	}, notification.Migrations()...)
}
