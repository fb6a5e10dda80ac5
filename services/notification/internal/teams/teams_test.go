package teams

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/pagetext"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// elements are what the schema of Adaptive Cards 1.2 says of the elements that we use: their properties, those that must be
// there with true.
var elements = map[string]map[string]bool{
	"AdaptiveCard": {
		"type": true, "version": true, "$schema": false, "fallbackText": false, "body": false, "actions": false,
		"msteams": false, // of Teams
	},
	"RichTextBlock":  {"type": true, "inlines": true},
	"TextRun":        {"type": true, "text": true, "size": false, "weight": false},
	"Action.OpenUrl": {"type": true, "title": false, "url": true},
}

var values = map[string][]string{
	"size": {"default", "small", "medium", "large", "extraLarge"}, "weight": {"default", "lighter", "bolder"}, // of any case
}

// requireElement fails for what is no element of the schema.
func requireElement(t *testing.T, element any, kinds ...string) {
	t.Helper()
	e := element.(map[string]any)
	kind := e["type"].(string)
	require.Contains(t, kinds, kind)
	for property, must := range elements[kind] {
		if must {
			require.NotEmpty(t, e[property], "%s of %s", property, kind)
		}
	}
	for property, value := range e {
		require.Contains(t, elements[kind], property)
		if known := values[property]; known != nil {
			require.Contains(t, strings.ToLower(strings.Join(known, " ")), strings.ToLower(value.(string)))
		}
		inner := map[string]string{"body": "RichTextBlock", "inlines": "TextRun", "actions": "Action.OpenUrl"}[property]
		if inner != "" {
			for _, i := range value.([]any) {
				requireElement(t, i, inner)
			}
		}
	}
}

// requireMessage fails for a body that a workflow would not take, and returns its card.
func requireMessage(t *testing.T, body []byte) map[string]any {
	t.Helper()
	require.Less(t, len(body), 28_000)
	var m map[string]any
	require.NoError(t, json.Unmarshal(body, &m))
	require.Equal(t, "message", m["type"])
	require.Len(t, m["attachments"], 1)
	a := m["attachments"].([]any)[0].(map[string]any)
	require.Equal(t, "application/vnd.microsoft.card.adaptive", a["contentType"])
	card := a["content"].(map[string]any)
	requireElement(t, card, "AdaptiveCard")
	require.Equal(t, "1.2", card["version"])
	return card
}

func sender(t *testing.T) *webhook.Sender {
	s := webhook.NewSender(true, time.Now)
	t.Cleanup(s.Close)
	return s
}

// texts are what a card shows, a line for each block.
func texts(card map[string]any) (lines []string) {
	for _, block := range card["body"].([]any) {
		line := ""
		for _, run := range block.(map[string]any)["inlines"].([]any) {
			line += run.(map[string]any)["text"].(string)
		}
		lines = append(lines, line)
	}
	return lines
}

func page() *notificationv1.PageNotice {
	return &notificationv1.PageNotice{
		Title: "[Urgent] shop/production: **checkout** [here](https://evil.test)", Ticket: 7, Impact: "no orders", Excerpt: "502\nsince two",
		Requester: &ticketv1.Person{Name: "Rita"}, Why: "on call (Primary)", Step: 1, Loop: 1, Verified: true,
		AcknowledgeUrl: "https://ack.test/a/x", TicketUrl: "https://desk.test/tickets/7",
	}
}

func TestACardOfAPage(t *testing.T) {
	hook := testkit.Receiver(t)
	hook.Respond(func(int, testkit.Request) testkit.Response { return testkit.Response{Status: 202} })
	answer, err := Send(t.Context(), sender(t), hook.URL+"/workflows/1?sig=s3cret", pagetext.Content{Notice: page()})
	require.NoError(t, err)
	require.Equal(t, "202 Accepted", answer.What.Said)
	r := hook.Requests()[0]
	require.Equal(t, "POST", r.Method)
	require.Equal(t, "/workflows/1?sig=s3cret", r.Path)
	require.Equal(t, "application/json", r.Header.Get("Content-Type"))
	card := requireMessage(t, r.Body)
	require.Equal(t, []string{
		"[Urgent] shop/production: **checkout** [here](https://evil.test)", "impact: no orders", "description: 502\nsince two",
		"requester: Rita", "why: on call (Primary)", "step: 1, round 1",
	}, texts(card))
	require.Equal(t, []any{
		map[string]any{"type": "Action.OpenUrl", "title": "Acknowledge", "url": "https://ack.test/a/x"},
		map[string]any{"type": "Action.OpenUrl", "title": "Ticket #7", "url": "https://desk.test/tickets/7"},
	}, card["actions"])
}

func TestACardIsNeverTooLarge(t *testing.T) {
	long := strings.Repeat("🔥", 20_000)
	n := page()
	n.Title, n.Impact, n.Excerpt, n.Reason, n.CallbackNumber, n.Why = long, long, long, long, long, long
	body, err := json.Marshal(messageOf(pagetext.Content{Notice: n}))
	require.NoError(t, err)
	card := requireMessage(t, body)
	require.Len(t, card["actions"], 2)

	b := &notificationv1.PageBundleNotice{Title: long, AcknowledgeUrl: "https://ack.test/a/x", PagesUrl: "https://desk.test/on-call"}
	for range 500 {
		b.Pages = append(b.Pages, &notificationv1.BundledPage{Ticket: 7, Title: long})
	}
	body, err = json.Marshal(messageOf(pagetext.Content{Bundle: b}))
	require.NoError(t, err)
	requireMessage(t, body)

	body, err = json.Marshal(messageOf(pagetext.Content{Test: "[Test] x"}))
	require.NoError(t, err)
	card = requireMessage(t, body)
	require.Equal(t, []string{"[Test] x"}, texts(card))
	require.NotContains(t, card, "actions", "there is nothing to press")
}

func TestAnswers(t *testing.T) {
	tests := []struct {
		status int
		final  bool
	}{{400, true}, {401, true}, {404, true}, {410, true}, {403, false}, {429, false}, {500, false}, {502, false}}
	s := sender(t)
	for _, tt := range tests {
		hook := testkit.Receiver(t)
		hook.Respond(func(int, testkit.Request) testkit.Response { return testkit.Response{Status: tt.status} })
		answer, err := Send(t.Context(), s, hook.URL+"?sig=s3cret", pagetext.Content{Notice: page()})
		require.Error(t, err)
		require.NotContains(t, err.Error()+answer.What.Said, "s3cret")
		require.Equal(t, tt.final, answer.Final, tt.status)
		hook.Down()
		answer, err = Send(t.Context(), s, hook.URL+"?sig=s3cret", pagetext.Content{Notice: page()})
		require.Error(t, err)
		require.NotContains(t, err.Error()+answer.What.Said, "s3cret")
		require.False(t, answer.Final)
		s.Close()
	}
	answer, err := Send(t.Context(), s, "ftp://x", pagetext.Content{})
	require.Error(t, err)
	require.Equal(t, webhook.Answer{What: domain.Answer{Kind: domain.AnswerForbidden}, Final: true}, answer)
}

func TestCheckURL(t *testing.T) {
	require.NoError(t, CheckURL("https://prod-12.westeurope.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=x"))
	for _, bad := range []string{"", "https://outlook.office.com/webhook/1", "https://prod.logic.azure.com/workflows/1?sig=", "https://\x00?sig=x"} {
		require.Error(t, CheckURL(bad), bad)
	}
}
