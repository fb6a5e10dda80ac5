// Package teams pages by a workflow of Microsoft Teams that begins with "When a Teams webhook request is received"
// (https://learn.microsoft.com/connectors/teams/#microsoft-teams-webhook): a POST of a message with one Adaptive Card
// (https://adaptivecards.io/explorer), which the workflow posts to its chat. The URL holds its own signature, so it is kept as
// a secret.
package teams

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/pagetext"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

// CheckURL returns an error for what is not the whole URL of a workflow.
func CheckURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Query().Get("sig") == "" {
		return errors.New(`must be the whole URL of a workflow that begins with "When a Teams webhook request is received", with its sig`)
	}
	return nil
}

// Limits of a card, in characters: Teams takes messages of about 28 KB, of which a character may need four bytes.
const (
	maxTitle  = 300
	maxDetail = 1000
	maxCard   = 4500 // all details together
)

type message struct {
	Type        string       `json:"type"`
	Attachments []attachment `json:"attachments"`
}

type attachment struct {
	ContentType string `json:"contentType"`
	Content     card   `json:"content"`
}

type card struct {
	Schema       string         `json:"$schema"`
	Type         string         `json:"type"`
	Version      string         `json:"version"`
	FallbackText string         `json:"fallbackText"`
	Body         []richText     `json:"body"`
	Actions      []openURL      `json:"actions,omitempty"`
	Teams        map[string]any `json:"msteams"`
}

// richText is text that is shown as it is: a TextBlock would read what customers write as Markdown, with links that say
// something else.
type richText struct {
	Type    string `json:"type"`
	Inlines []run  `json:"inlines"`
}

type run struct {
	Type   string `json:"type"`
	Text   string `json:"text"`
	Size   string `json:"size,omitempty"`
	Weight string `json:"weight,omitempty"`
}

type openURL struct {
	Type  string `json:"type"`
	Title string `json:"title"`
	URL   string `json:"url"`
}

// Send posts a message once. Beside what webhook.Sender ends for good, a request that the workflow calls invalid is final,
// and one whose signature does not fit.
func Send(ctx context.Context, s *webhook.Sender, address string, c pagetext.Content) (webhook.Answer, error) {
	body, err := json.Marshal(messageOf(c))
	if err != nil {
		return webhook.Answer{What: domain.Answer{Kind: domain.AnswerNoNotice}, Final: true}, err
	}
	req, err := webhook.NewRequest(ctx, address, string(body))
	if err != nil {
		return webhook.Answer{What: domain.Answer{Kind: domain.AnswerForbidden}, Final: true}, err
	}
	answer, err := s.Do(req)
	answer.Final = answer.Final || answer.Status == http.StatusBadRequest || answer.Status == http.StatusUnauthorized
	return answer, err
}

func messageOf(c pagetext.Content) message {
	title := pagetext.Cut(c.Title(), maxTitle)
	out := card{
		Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Type: "AdaptiveCard", Version: "1.2", FallbackText: title,
		Body:  []richText{text(run{Text: title, Size: "Medium", Weight: "Bolder"})},
		Teams: map[string]any{"width": "Full"},
	}
	left := maxCard
	for _, d := range c.Details() {
		shown := pagetext.Cut(d.Text, min(maxDetail, left))
		if left -= len([]rune(shown)); shown != "" {
			out.Body = append(out.Body, text(run{Text: d.Name + ": ", Weight: "Bolder"}, run{Text: shown}))
		}
	}
	for _, l := range c.Links() {
		out.Actions = append(out.Actions, openURL{Type: "Action.OpenUrl", Title: l.Text, URL: l.URL})
	}
	return message{Type: "message", Attachments: []attachment{{ContentType: "application/vnd.microsoft.card.adaptive", Content: out}}}
}

func text(runs ...run) richText {
	for i := range runs {
		runs[i].Type = "TextRun"
	}
	return richText{Type: "RichTextBlock", Inlines: runs}
}
