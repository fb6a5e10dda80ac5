package opsgenie

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/pagetext"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const key = "eb243592-faa2-4ba2-a551-1afdf565c889"

// fields are those that the API takes for a new alert, with their limits.
type fields struct {
	Message, Alias, Description, Entity, Source, Priority, User, Note string

	Details               map[string]string
	Responders, VisibleTo []json.RawMessage
	Actions, Tags         []string
}

// requireAlert fails for a body that the API would not take.
func requireAlert(t *testing.T, body []byte) fields {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	var f fields
	require.NoError(t, decoder.Decode(&f))
	require.NotEmpty(t, f.Message)
	for _, limited := range []struct {
		text string
		most int
	}{{f.Message, 130}, {f.Alias, 512}, {f.Description, 15_000}, {f.Entity, 512}, {f.Source, 100}, {f.User, 100}, {f.Note, 25_000}} {
		require.LessOrEqual(t, utf8.RuneCountInString(limited.text), limited.most)
	}
	total := 0
	for name, value := range f.Details {
		total += utf8.RuneCountInString(name + value)
	}
	require.LessOrEqual(t, total, 8000)
	require.Contains(t, []string{"P1", "P2", "P3", "P4", "P5"}, f.Priority)
	return f
}

func sender(t *testing.T) *webhook.Sender {
	s := webhook.NewSender(true, time.Now)
	t.Cleanup(s.Close)
	return s
}

func page() *notificationv1.PageNotice {
	return &notificationv1.PageNotice{
		Page: "p1", Title: "[Urgent] shop/production: 502", Ticket: 7, Organization: "northwind", OrganizationName: "Northwind",
		Scope: []string{"shop/production", "blog/production"}, Impact: "no orders", Why: "on call (Primary)", Step: 1, Loop: 1, Verified: true,
		AcknowledgeUrl: "https://ack.test/a/x", TicketUrl: "https://desk.test/tickets/7",
	}
}

func TestAnAlertFromItsBeginningToItsEnd(t *testing.T) {
	hook := testkit.Receiver(t)
	hook.Respond(func(int, testkit.Request) testkit.Response {
		return testkit.Response{Status: 202, Body: `{"result":"Request will be processed","took":0.302,"requestId":"43a29c5c"}`}
	})
	s := sender(t)
	for _, action := range []Action{Create, Acknowledge, Close} {
		answer, err := Send(t.Context(), s, Event{URL: hook.URL + "/", Key: key, Alert: "d1", Action: action, Content: pagetext.Content{Notice: page()}})
		require.NoError(t, err)
		require.Contains(t, answer.What.Said, "202 Accepted")
	}
	got := hook.Requests()
	for i, path := range []string{"/v2/alerts", "/v2/alerts/d1/acknowledge?identifierType=alias", "/v2/alerts/d1/close?identifierType=alias"} {
		require.Equal(t, "POST", got[i].Method)
		require.Equal(t, path, got[i].Path)
		require.Equal(t, "GenieKey "+key, got[i].Header.Get("Authorization"))
		require.Equal(t, "application/json", got[i].Header.Get("Content-Type"))
	}
	require.Equal(t, fields{
		Message: "[Urgent] shop/production: 502", Alias: "d1", Entity: "shop/production, blog/production", Source: "Altis Support", Priority: "P1",
		Details: map[string]string{"page": "p1", "organization": "northwind"},
		Description: "Acknowledge: https://ack.test/a/x\nTicket #7: https://desk.test/tickets/7\nimpact: no orders\n" +
			"why: on call (Primary)\nstep: 1, round 1",
	}, requireAlert(t, got[0].Body))
	require.JSONEq(t, `{"source":"Altis Support"}`, string(got[1].Body))
	require.JSONEq(t, `{"source":"Altis Support"}`, string(got[2].Body))
}

func TestAnAlertIsWithinTheLimits(t *testing.T) {
	of := func(c pagetext.Content) fields {
		body, err := json.Marshal(alertOf(Event{Key: key, Alert: "d1", Content: c}))
		require.NoError(t, err)
		return requireAlert(t, body)
	}
	long := strings.Repeat("ü", 20_000)
	n := page()
	n.Title, n.Impact, n.Scope = "[Urgent] "+long, long, []string{long}
	f := of(pagetext.Content{Notice: n})
	require.True(t, strings.HasPrefix(f.Description, "Acknowledge: https://ack.test/a/x\n"))
	require.Contains(t, f.Description, "\n[Urgent] ü", "the whole title, as the message has not all of it")
	n.Drill, n.Scope = true, nil
	f = of(pagetext.Content{Notice: n})
	require.Equal(t, "P5", f.Priority)
	require.Equal(t, "Northwind", f.Entity)
	f = of(pagetext.Content{Test: "[Test] x"})
	require.Equal(t, fields{Message: "[Test] x", Alias: "d1", Source: "Altis Support", Priority: "P5"}, f)
	f = of(pagetext.Content{Bundle: &notificationv1.PageBundleNotice{
		Title: "2 pages", AcknowledgeUrl: "https://ack.test/a/y", Pages: []*notificationv1.BundledPage{{Ticket: 1, Title: "x"}, {Ticket: 2, Title: "y"}},
	}})
	require.Equal(t, "P1", f.Priority)
	require.Contains(t, f.Description, "#1 x\n#2 y")
}

func TestAnswers(t *testing.T) {
	tests := []struct {
		status int
		final  bool
	}{{400, true}, {401, true}, {402, true}, {403, true}, {404, true}, {422, true}, {429, false}, {500, false}, {503, false}}
	s := sender(t)
	for _, tt := range tests {
		hook := testkit.Receiver(t)
		hook.Respond(func(int, testkit.Request) testkit.Response { return testkit.Response{Status: tt.status} })
		answer, err := Send(t.Context(), s, Event{URL: hook.URL, Key: key, Alert: "d", Action: Close})
		require.Error(t, err)
		require.NotContains(t, err.Error()+answer.What.Said, key)
		require.Equal(t, tt.final, answer.Final, tt.status)
		s.Close()
	}
	answer, err := Send(t.Context(), s, Event{URL: "ftp://x", Key: key, Alert: "d", Action: Close})
	require.Error(t, err)
	require.Equal(t, webhook.Answer{What: domain.Answer{Kind: domain.AnswerForbidden}, Final: true}, answer)
}

func TestCheckKey(t *testing.T) {
	require.NoError(t, CheckKey(key))
	for _, bad := range []string{"", "short", key + "\r\nX: y", strings.Repeat("x", 101)} {
		require.Error(t, CheckKey(bad), bad)
	}
}
