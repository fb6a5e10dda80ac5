// Package pagerduty pages by the Events API v2 of PagerDuty (https://developer.pagerduty.com/docs/events-api-v2-overview): an
// alert for each delivery, whose id is the dedup_key, so that a repetition changes nothing. Once the page is acknowledged or
// over, the alert is told that.
package pagerduty

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/pagetext"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

// URL is where accounts of the United States take events; https://events.eu.pagerduty.com/v2/enqueue is that of Europe.
const URL = "https://events.pagerduty.com/v2/enqueue"

// Action is what becomes of an alert.
type Action string

// The actions, as the API names them.
const (
	Trigger     Action = "trigger"
	Acknowledge Action = "acknowledge"
	Resolve     Action = "resolve"
)

// maxSummary is the API's limit, in characters.
const maxSummary = 1024

var routingKey = regexp.MustCompile(`^[0-9A-Za-z]{32}$`)

// CheckKey returns an error for what is no integration key of the Events API v2.
func CheckKey(key string) error {
	if !routingKey.MatchString(key) {
		return errors.New("must be the integration key of an Events API v2 integration: 32 letters and digits")
	}
	return nil
}

// Event is one event to send.
type Event struct {
	URL    string
	Key    string // the integration's
	Alert  string // dedup_key: the delivery's id
	Action Action

	pagetext.Content // what the alert tells; only of Trigger
}

// event is the body as the API wants it.
type event struct {
	RoutingKey  string   `json:"routing_key"`
	EventAction Action   `json:"event_action"`
	DedupKey    string   `json:"dedup_key"`
	Client      string   `json:"client,omitempty"`
	ClientURL   string   `json:"client_url,omitempty"`
	Links       []link   `json:"links,omitempty"`
	Payload     *payload `json:"payload,omitempty"`
}

type link struct {
	Href string `json:"href"`
	Text string `json:"text"`
}

type payload struct {
	Summary       string            `json:"summary"`
	Source        string            `json:"source"`
	Severity      string            `json:"severity"`
	Timestamp     string            `json:"timestamp,omitempty"`
	Component     string            `json:"component,omitempty"`
	Group         string            `json:"group,omitempty"`
	Class         string            `json:"class"`
	CustomDetails map[string]string `json:"custom_details,omitempty"`
}

// Send sends an event once. Beside what webhook.Sender ends for good, an event that PagerDuty calls invalid is final: so is
// its key, or its form, the next time.
func Send(ctx context.Context, s *webhook.Sender, e Event) (webhook.Answer, error) {
	body, err := json.Marshal(bodyOf(e))
	if err != nil {
		return webhook.Answer{What: domain.Answer{Kind: domain.AnswerNoNotice}, Final: true}, fmt.Errorf("pagerduty: %w", err)
	}
	req, err := webhook.NewRequest(ctx, e.URL, string(body))
	if err != nil {
		return webhook.Answer{What: domain.Answer{Kind: domain.AnswerForbidden}, Final: true}, fmt.Errorf("pagerduty: %w", err)
	}
	answer, err := s.Do(req)
	answer.Final = answer.Final || answer.Status == http.StatusBadRequest
	return answer, err
}

func bodyOf(e Event) event {
	b := event{RoutingKey: e.Key, EventAction: e.Action, DedupKey: e.Alert}
	if e.Test != "" {
		b.Client = "Altis Support"
		b.Payload = &payload{Summary: pagetext.Cut(e.Test, maxSummary), Source: "Altis Support", Severity: "info", Class: "test"}
	}
	if e.Bundle != nil {
		b.Client, b.ClientURL = "Altis Support", e.Bundle.GetPagesUrl()
		b.Links = []link{{e.Bundle.GetAcknowledgeUrl(), "Acknowledge"}, {e.Bundle.GetPagesUrl(), "All open pages"}}
		b.Payload = bundlePayload(e.Bundle)
	}
	n := e.Notice
	if n == nil {
		return b
	}
	b.Client, b.ClientURL = "Altis Support", n.GetTicketUrl()
	b.Links = append(b.Links, link{n.GetAcknowledgeUrl(), "Acknowledge"})
	if n.GetTicketUrl() != "" {
		b.Links = append(b.Links, link{n.GetTicketUrl(), fmt.Sprintf("Ticket #%d", n.GetTicket())})
	}
	b.Payload = &payload{
		Summary: pagetext.Cut(n.GetTitle(), maxSummary), Source: cmp.Or(n.GetOrganizationName(), "Altis Support"), Severity: severity(n),
		Component: strings.Join(n.GetScope(), ", "), Group: n.GetOrganization(), Class: "page", CustomDetails: details(n),
	}
	if n.GetSinceTime() != nil {
		b.Payload.Timestamp = n.GetSinceTime().AsTime().Format(time.RFC3339)
	}
	return b
}

// severity is that of the alert: nobody is to get up for a drill.
func severity(n *notificationv1.PageNotice) string {
	if n.GetDrill() {
		return "info"
	}
	return "critical"
}

func bundlePayload(n *notificationv1.PageBundleNotice) *payload {
	return &payload{
		Summary: pagetext.Cut(n.GetTitle(), maxSummary), Source: "Altis Support", Severity: "critical", Class: "pages",
		CustomDetails: map[string]string{"pages": strings.Join(pagetext.Pages(n), "\n")},
	}
}

func details(n *notificationv1.PageNotice) map[string]string {
	named := map[string]string{}
	for _, d := range pagetext.Details(n) {
		named[d.Name] = d.Text
	}
	return named
}
