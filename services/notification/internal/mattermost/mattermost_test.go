package mattermost

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

const path = "/hooks/b5qzk7ysyfgy8c1mpxr3hu9woe"

// parameters are those that an incoming webhook takes.
type parameters struct {
	Text        string          `json:"text"`
	Channel     string          `json:"channel"`
	Username    string          `json:"username"`
	IconURL     string          `json:"icon_url"`
	IconEmoji   string          `json:"icon_emoji"`
	Attachments json.RawMessage `json:"attachments"`
	Type        string          `json:"type"`
	Props       json.RawMessage `json:"props"`
	Priority    *struct {
		Priority                string `json:"priority"`
		RequestedAck            bool   `json:"requested_ack"`
		PersistentNotifications bool   `json:"persistent_notifications"`
	} `json:"priority"`
}

// requirePost fails for a body that a server would not take.
func requirePost(t *testing.T, body []byte) parameters {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	var p parameters
	require.NoError(t, decoder.Decode(&p))
	require.NotEmpty(t, p.Text)
	require.LessOrEqual(t, utf8.RuneCountInString(p.Text), 16383)
	if p.Priority != nil {
		require.Contains(t, []string{"important", "urgent"}, p.Priority.Priority)
	}
	return p
}

func requireContent(t *testing.T, c pagetext.Content) parameters {
	t.Helper()
	body, err := json.Marshal(postOf(c))
	require.NoError(t, err)
	return requirePost(t, body)
}

func sender(t *testing.T) *webhook.Sender {
	s := webhook.NewSender(true, time.Now)
	t.Cleanup(s.Close)
	return s
}

func page() *notificationv1.PageNotice {
	return &notificationv1.PageNotice{
		Title: "[Urgent] shop: 502", Ticket: 7, Impact: "no orders", Excerpt: "502\nsince two", Why: "on call (Primary)", Step: 1, Loop: 1, Verified: true,
		AcknowledgeUrl: "https://ack.test/a/x", TicketUrl: "https://desk.test/tickets/7",
	}
}

func TestAPostOfAPage(t *testing.T) {
	hook := testkit.Receiver(t)
	hook.Respond(func(int, testkit.Request) testkit.Response { return testkit.Response{Body: "ok"} })
	answer, err := Send(t.Context(), sender(t), hook.URL+path, pagetext.Content{Notice: page()})
	require.NoError(t, err)
	require.Equal(t, "200 OK ok", answer.What.Said)
	r := hook.Requests()[0]
	require.Equal(t, "POST", r.Method)
	require.Equal(t, path, r.Path)
	require.Equal(t, "application/json", r.Header.Get("Content-Type"))
	p := requirePost(t, r.Body)
	require.Equal(t, `**\[Urgent\] shop: 502**
[Acknowledge](https://ack.test/a/x) · [Ticket \#7](https://desk.test/tickets/7)
impact: no orders
description:
> 502
> since two

why: on call (Primary)
step: 1, round 1`, p.Text)
	require.Equal(t, "urgent", p.Priority.Priority)
}

// What customers write calls nobody and hides no link.
func TestNoMarkupOfOthers(t *testing.T) {
	n := page()
	n.Title = "@all **x**\n# `y` [pay](https://evil.test) ![i](https://evil.test/i.png) <https://evil.test|here>"
	n.Impact = "@channel"
	text := requireContent(t, pagetext.Content{Notice: n}).Text
	require.NotContains(t, text, "@all")
	require.NotContains(t, text, "@channel")
	require.NotContains(t, text, "[pay](")
	require.Contains(t, text, `\*\*x\*\* \# \`+"`y\\`"+` \[pay\](https://evil.test) \!\[i\](https://evil.test/i.png) \<https://evil.test\|here\>`)
}

func TestAPostIsNeverTooLong(t *testing.T) {
	long := strings.Repeat("@", 20_000)
	n := page()
	n.Title, n.Impact, n.Excerpt, n.Reason, n.CallbackNumber, n.Why = long, long, long, long, long, long
	require.Contains(t, requireContent(t, pagetext.Content{Notice: n}).Text, "[Acknowledge](https://ack.test/a/x)")
	b := &notificationv1.PageBundleNotice{Title: "500 pages", AcknowledgeUrl: "https://ack.test/a/y", PagesUrl: "https://desk.test/on-call"}
	for range 500 {
		b.Pages = append(b.Pages, &notificationv1.BundledPage{Ticket: 7, Title: "x"})
	}
	text := requireContent(t, pagetext.Content{Bundle: b}).Text
	require.Contains(t, text, "[Acknowledge](https://ack.test/a/y) · [All open pages](https://desk.test/on-call)")
	require.Contains(t, text, "> \\#7 x\n")
	require.Contains(t, text, "and 450 more")
}

func TestTestsAndDrillsAreNotUrgent(t *testing.T) {
	p := requireContent(t, pagetext.Content{Test: "[Test] x"})
	require.Equal(t, `**\[Test\] x**`, p.Text)
	require.Nil(t, p.Priority)
	n := page()
	n.Drill = true
	require.Nil(t, requireContent(t, pagetext.Content{Notice: n}).Priority)
}

func TestAnswers(t *testing.T) {
	tests := []struct {
		status int
		final  bool
	}{{400, true}, {404, true}, {410, true}, {403, false}, {429, false}, {500, false}, {501, false}}
	s := sender(t)
	for _, tt := range tests {
		hook := testkit.Receiver(t)
		hook.Respond(func(int, testkit.Request) testkit.Response { return testkit.Response{Status: tt.status} })
		answer, err := Send(t.Context(), s, hook.URL+path, pagetext.Content{Notice: page()})
		require.Error(t, err)
		require.NotContains(t, err.Error()+answer.What.Said, path)
		require.Equal(t, tt.final, answer.Final, tt.status)
		hook.Down()
		answer, err = Send(t.Context(), s, hook.URL+path, pagetext.Content{Notice: page()})
		require.Error(t, err)
		require.NotContains(t, err.Error()+answer.What.Said, path)
		require.False(t, answer.Final)
		s.Close()
	}
	answer, err := Send(t.Context(), s, "ftp://x", pagetext.Content{})
	require.Error(t, err)
	require.Equal(t, webhook.Answer{What: domain.Answer{Kind: domain.AnswerForbidden}, Final: true}, answer)
}

func TestCheckURL(t *testing.T) {
	require.NoError(t, CheckURL("https://chat.test"+path))
	require.NoError(t, CheckURL("https://chat.test/below"+path))
	for _, bad := range []string{"", "https://chat.test", "https://chat.test/hooks/short", "https://chat.test" + path + "/x", "https://chat.test" + path + "?x=1", "https://\x00" + path} {
		require.Error(t, CheckURL(bad), bad)
	}
}
