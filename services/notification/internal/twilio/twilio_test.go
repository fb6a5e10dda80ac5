package twilio

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/pagetext"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	phone = "+4915112345678"
	path  = "/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json"
	sent  = "[Urgent] shop: 502\nhttps://ack.test/a/x"
)

func ours(url string) Account {
	return Account{
		URL: url, Account: "AC0123456789abcdef0123456789abcdef", Key: "SK0123456789abcdef0123456789abcdef", Secret: "s3cret", From: "+4930123456",
	}
}

func sender(t *testing.T) *webhook.Sender {
	s := webhook.NewSender(true, time.Now)
	t.Cleanup(s.Close)
	return s
}

func message() Message {
	return Message{To: phone, Content: pagetext.Content{Notice: &notificationv1.PageNotice{
		Title: "[Urgent] shop:\n502", Impact: "no orders", AcknowledgeUrl: "https://ack.test/a/x",
	}}}
}

// requireForm fails for a request that the API would not take.
func requireForm(t *testing.T, r testkit.Request) url.Values {
	t.Helper()
	require.Equal(t, http.MethodPost, r.Method)
	require.Equal(t, path, r.Path)
	require.Equal(t, "application/x-www-form-urlencoded", r.Header.Get("Content-Type"))
	user, password, ok := (&http.Request{Header: r.Header}).BasicAuth()
	require.True(t, ok)
	require.Equal(t, "SK0123456789abcdef0123456789abcdef s3cret", user+" "+password)
	form, err := url.ParseQuery(string(r.Body))
	require.NoError(t, err)
	require.Regexp(t, `^\+[1-9][0-9]{1,14}$`, form.Get("To"))
	require.NotEmpty(t, form.Get("Body"))
	require.LessOrEqual(t, len([]rune(form.Get("Body"))), 1600)
	require.NotEqual(t, form.Has("From"), form.Has("MessagingServiceSid"), "one of them")
	for parameter := range form {
		require.Contains(t, []string{"To", "From", "MessagingServiceSid", "Body"}, parameter)
	}
	return form
}

func TestAMessageIsTaken(t *testing.T) {
	hook := testkit.Receiver(t)
	hook.Respond(func(int, testkit.Request) testkit.Response {
		return testkit.Response{Status: 201, Body: `{"sid":"SM01","status":"queued","to":"` + phone + `","body":"x","error_code":null}`}
	})
	s, a := sender(t), ours(hook.URL)
	answer, err := Send(t.Context(), s, a, message())
	require.NoError(t, err)
	require.Equal(t, "201 Created SM01", answer.What.Said, "neither the number nor what it says")
	require.Equal(t, "SM01", answer.Receipt)
	form := requireForm(t, hook.Requests()[0])
	require.Equal(t, sent, form.Get("Body"))
	require.Equal(t, phone, form.Get("To"))
	require.Equal(t, "+4930123456", form.Get("From"))

	a.From = "MG0123456789abcdef0123456789abcdef"
	_, err = Send(t.Context(), s, a, message())
	require.NoError(t, err)
	require.Equal(t, a.From, requireForm(t, hook.Requests()[1]).Get("MessagingServiceSid"))
}

// A repetition is sent only if the attempt before was not taken, as far as the API says.
func TestARepetitionLooksFirst(t *testing.T) {
	list := func(status, body string) testkit.Response {
		return testkit.Response{Body: fmt.Sprintf(`{"messages":[{"sid":"SM00","status":"sent","body":"other"},{"sid":"SM01","status":%q,"body":%q}]}`, status, body)}
	}
	tests := []struct {
		name  string
		first testkit.Response
		sends bool
	}{
		{"taken", list("queued", sent), false},
		{"taken on trial", list("delivered", "Sent from your Twilio trial account - "+sent), false},
		{"taken, but failed", list("failed", sent), true},
		{"another page", list("sent", strings.Replace(sent, "/x", "/y", 1)), true},
		{"no answer of use", testkit.Response{Body: "{"}, true},
		{"too many requests", testkit.Response{Status: 429}, true},
	}
	s := sender(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			hook := testkit.Receiver(t)
			hook.Respond(func(n int, _ testkit.Request) testkit.Response {
				if n == 1 {
					return tt.first
				}
				return testkit.Response{Status: 201, Body: `{"sid":"SM02"}`}
			})
			m := message()
			m.Again = true
			answer, err := Send(t.Context(), s, ours(hook.URL), m)
			require.NoError(t, err)
			got := hook.Requests()
			require.Equal(t, "GET", got[0].Method)
			require.Equal(t, path+"?PageSize=20&To=%2B4915112345678", got[0].Path)
			if tt.sends {
				require.Len(t, got, 2)
				requireForm(t, got[1])
				require.Equal(t, "201 Created SM02", answer.What.Said)
			} else {
				require.Len(t, got, 1)
				require.Equal(t, "200 OK SM01", answer.What.Said)
			}
			s.Close()
		})
	}
}

// However long it is looked for what was taken, there is time left to send.
func TestARepetitionIsSentThoughNobodySaysWhatWasTaken(t *testing.T) {
	hook := testkit.Receiver(t)
	hook.Respond(func(n int, _ testkit.Request) testkit.Response { return testkit.Response{Status: 201, Hang: n == 1} })
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	m := message()
	m.Again = true
	s := sender(t)
	_, err := Send(ctx, s, ours(hook.URL), m)
	require.NoError(t, err)
	got := hook.Requests()
	require.Len(t, got, 2)
	requireForm(t, got[1])
	s.Close()
}

func TestAnswers(t *testing.T) {
	tests := []struct {
		status int
		code   string
		final  bool
		said   string
	}{
		{400, "21211", true, "400 Bad Request 21211"},
		{400, "21611", false, "400 Bad Request 21611"},
		{401, "20003", true, "401 Unauthorized 20003"},
		{403, "null", true, "403 Forbidden"},
		{404, "20404", true, "404 Not Found 20404"},
		{429, "20429", false, "429 Too Many Requests 20429"},
		{503, "null", false, "503 Service Unavailable"},
	}
	s := sender(t)
	for _, tt := range tests {
		hook := testkit.Receiver(t)
		hook.Respond(func(int, testkit.Request) testkit.Response {
			return testkit.Response{
				Status: tt.status, Header: http.Header{"Retry-After": {"7"}},
				Body: `{"code":` + tt.code + `,"message":"The 'To' number ` + phone + ` is not a valid phone number.","status":400}`,
			}
		})
		answer, err := Send(t.Context(), s, ours(hook.URL), message())
		require.Error(t, err)
		require.NotContains(t, err.Error(), phone)
		require.Equal(t, tt.said, answer.What.Said)
		require.Equal(t, tt.final, answer.Final, tt.said)
		require.Equal(t, 7*time.Second, answer.RetryAfter)
		hook.Down()
		answer, err = Send(t.Context(), s, ours(hook.URL), message())
		require.Error(t, err)
		require.NotContains(t, err.Error()+answer.What.Said, phone)
		require.False(t, answer.Final)
		s.Close()
	}
	answer, err := Send(t.Context(), s, Account{}, message())
	require.Error(t, err)
	require.Equal(t, webhook.Answer{What: domain.Answer{Kind: domain.AnswerProvider, Said: "text messages are not set up here"}, Final: true}, answer)
}

func TestWhatBecameOfAMessage(t *testing.T) {
	tests := []struct {
		body string
		want Outcome
		said string
		err  bool
	}{
		{`{"status":"queued","error_code":null}`, Open, "", false},
		{`{"status":"sent","error_code":null}`, Open, "", false},
		{`{"status":"delivered","error_code":null}`, Arrived, "", false},
		{`{"status":"undelivered","error_code":30005,"error_message":"` + phone + `"}`, Failed, "undelivered 30005", false},
		{`{"status":"failed","error_code":null}`, Failed, "failed", false},
		{`{`, Open, "", true},
	}
	s := sender(t)
	for _, tt := range tests {
		hook := testkit.Receiver(t)
		hook.Respond(func(int, testkit.Request) testkit.Response { return testkit.Response{Body: tt.body} })
		got, answer, err := Ask(t.Context(), s, ours(hook.URL), "SM01")
		require.Equal(t, tt.err, err != nil)
		require.Equal(t, tt.want, got)
		require.Equal(t, tt.said, answer.Said)
		asked := hook.Requests()[0]
		require.Equal(t, "GET "+strings.Replace(path, ".json", "/SM01.json", 1), asked.Method+" "+asked.Path)
		_, password, _ := (&http.Request{Header: asked.Header}).BasicAuth()
		require.Equal(t, "s3cret", password)
		s.Close()
	}
	hook := testkit.Receiver(t)
	hook.Respond(func(int, testkit.Request) testkit.Response { return testkit.Response{Status: 503} })
	got, _, err := Ask(t.Context(), s, ours(hook.URL), "SM01")
	require.Error(t, err)
	require.Equal(t, Open, got)
	s.Close()
}

func TestText(t *testing.T) {
	m := message()
	require.Equal(t, sent, textOf(m.Content))
	m.Notice.Title = strings.Repeat("ü", 200)
	text := textOf(m.Content)
	require.Len(t, []rune(text), 160)
	require.True(t, strings.HasSuffix(text, "\nhttps://ack.test/a/x"))
	m.Notice.AcknowledgeUrl = "https://ack.test/a/" + strings.Repeat("x", 300)
	require.Equal(t, strings.Repeat("ü", 139)+"\n"+m.Notice.GetAcknowledgeUrl(), textOf(m.Content), "the link is never cut")
	require.Equal(t, "[Test] x", textOf(pagetext.Content{Test: "[Test] x"}))
}

func TestNumber(t *testing.T) {
	for in, want := range map[string]string{phone: phone, "+49 (151) 1234-5678": phone, " +1/650.253.0000 ": "+16502530000"} {
		got, err := Number(in)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, bad := range []string{"", "+", "0151 12345678", "+0491511234567", "+12345", "+1234567890123456", "+49151123x", "49151123456"} {
		_, err := Number(bad)
		require.Error(t, err, bad)
	}
}

func FuzzNumber(f *testing.F) {
	f.Add("+49 151 12345678")
	f.Add("0049")
	f.Fuzz(func(t *testing.T, in string) {
		if got, err := Number(in); err == nil {
			require.Regexp(t, `^\+[1-9][0-9]{6,14}$`, got)
			again, err := Number(got)
			require.NoError(t, err)
			require.Equal(t, got, again)
		}
	})
}

func TestValidate(t *testing.T) {
	require.NoError(t, Account{}.Validate(), "none")
	require.NoError(t, Account{URL: "https://api.twilio.com"}.Validate(), "none, with its default")
	require.False(t, Account{}.Configured())
	require.True(t, ours("").Configured())
	for _, from := range []string{"+4930123456", "MG0123456789abcdef0123456789abcdef", "Altis 1"} {
		a := ours("")
		a.From = from
		require.NoError(t, a.Validate(), from)
	}
	for name, spoil := range map[string]func(*Account){
		"account":      func(a *Account) { a.Account = "" },
		"account form": func(a *Account) { a.Account = "AC1" },
		"key":          func(a *Account) { a.Key = "AC0123456789abcdef0123456789abcdef" },
		"secret":       func(a *Account) { a.Secret = "" },
		"from":         func(a *Account) { a.From = "" },
		"long name":    func(a *Account) { a.From = "Altis Support" },
		"digits":       func(a *Account) { a.From = "12345" },
		"url":          func(a *Account) { a.URL = "api.twilio.com" },
	} {
		a := ours("https://api.twilio.com")
		spoil(&a)
		require.Error(t, a.Validate(), name)
	}
}
