package pagerduty

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/pagetext"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const key = "R0123456789abcdefghijklmnopqrstu"

func sender(t *testing.T) *webhook.Sender {
	s := webhook.NewSender(true, time.Now)
	t.Cleanup(s.Close)
	return s
}

func TestTrigger(t *testing.T) {
	hook := testkit.Receiver(t)
	hook.Respond(func(int, testkit.Request) testkit.Response {
		return testkit.Response{Status: 202, Body: `{"status":"success","dedup_key":"d1"}`}
	})
	answer, err := Send(t.Context(), sender(t), Event{URL: hook.URL, Key: key, Alert: "d1", Action: Trigger, Content: pagetext.Content{Notice: &notificationv1.PageNotice{
		Title: "[Urgent] shop/production: " + strings.Repeat("ü", 2000), Ticket: 7, Organization: "northwind", OrganizationName: "Northwind",
		Scope: []string{"shop/production", "blog/production"}, Requester: &ticketv1.Person{Name: "Rita"}, CallbackNumber: "+44 20 7946 0000",
		SinceTime: timestamppb.New(time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)), Impact: "no orders", Excerpt: "502 since two",
		Why: "on call (Primary)", Step: 1, Loop: 1, AlsoPaged: []*ticketv1.Person{{Name: "Ben"}},
		AcknowledgeUrl: "https://ack.test/a/x", TicketUrl: "https://desk.test/tickets/7",
	}}})
	require.NoError(t, err)
	require.Contains(t, answer.What.Said, "202 Accepted")
	r := hook.Requests()[0]
	require.Equal(t, "POST", r.Method)
	require.Equal(t, "application/json", r.Header.Get("Content-Type"))
	var got map[string]any
	require.NoError(t, json.Unmarshal(r.Body, &got))
	summary := got["payload"].(map[string]any)["summary"].(string)
	require.Len(t, []rune(summary), 1024)
	delete(got["payload"].(map[string]any), "summary")
	require.Equal(t, map[string]any{
		"routing_key": key, "event_action": "trigger", "dedup_key": "d1", "client": "Altis Support", "client_url": "https://desk.test/tickets/7",
		"links": []any{
			map[string]any{"href": "https://ack.test/a/x", "text": "Acknowledge"},
			map[string]any{"href": "https://desk.test/tickets/7", "text": "Ticket #7"},
		},
		"payload": map[string]any{
			"source": "Northwind", "severity": "critical", "timestamp": "2026-11-24T02:00:00Z", "component": "shop/production, blog/production",
			"group": "northwind", "class": "page", "custom_details": map[string]any{
				"why": "on call (Primary)", "step": "1, round 1", "impact": "no orders", "description": "502 since two", "requester": "Rita",
				"call back": "+44 20 7946 0000", "also paged": "Ben", "not verified": "the applications were not checked against the organization's",
			},
		},
	}, got)
}

// The payload may only come with trigger, and without a source an event is invalid.
func TestTheLeastThatIsValid(t *testing.T) {
	body, err := json.Marshal(bodyOf(Event{Key: key, Alert: "d1", Action: Resolve}))
	require.NoError(t, err)
	require.JSONEq(t, `{"routing_key":"`+key+`","event_action":"resolve","dedup_key":"d1"}`, string(body))
	body, err = json.Marshal(bodyOf(Event{Key: key, Alert: "t1", Action: Trigger, Content: pagetext.Content{Test: "[Test] x"}}))
	require.NoError(t, err)
	require.JSONEq(t, `{"routing_key":"`+key+`","event_action":"trigger","dedup_key":"t1","client":"Altis Support",
		"payload":{"summary":"[Test] x","source":"Altis Support","severity":"info","class":"test"}}`, string(body))
	b := bodyOf(Event{Key: key, Alert: "d1", Action: Trigger, Content: pagetext.Content{Notice: &notificationv1.PageNotice{Title: "[Page] x", AcknowledgeUrl: "https://ack.test"}}})
	require.Equal(t, "Altis Support", b.Payload.Source)
	require.Empty(t, b.Payload.Timestamp)
	require.Len(t, b.Links, 1)
}

func TestAnswers(t *testing.T) {
	tests := []struct {
		status int
		final  bool
	}{{400, true}, {404, true}, {403, false}, {429, false}, {500, false}, {503, false}}
	s := sender(t)
	for _, tt := range tests {
		hook := testkit.Receiver(t)
		hook.Respond(func(int, testkit.Request) testkit.Response { return testkit.Response{Status: tt.status} })
		answer, err := Send(t.Context(), s, Event{URL: hook.URL, Key: key, Alert: "d", Action: Acknowledge})
		require.Error(t, err)
		require.NotContains(t, err.Error(), key)
		require.Equal(t, tt.final, answer.Final, tt.status)
		s.Close()
	}
	answer, err := Send(t.Context(), s, Event{URL: "ftp://x", Key: key, Alert: "d", Action: Acknowledge})
	require.Error(t, err)
	require.Equal(t, webhook.Answer{What: domain.Answer{Kind: domain.AnswerForbidden}, Final: true}, answer)
}

func TestCheckKey(t *testing.T) {
	require.NoError(t, CheckKey(key))
	for _, bad := range []string{"", key[1:], key + "x", strings.Repeat("-", 32)} {
		require.Error(t, CheckKey(bad), bad)
	}
}
