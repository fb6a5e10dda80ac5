// Package opsgenie pages by the Alert API of Opsgenie (https://docs.opsgenie.com/docs/alert-api): an alert for each delivery,
// whose id is the alias, so that a repetition only counts. Once the page is acknowledged or over, the alert is told that.
package opsgenie

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/pagetext"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

// URL is the API of accounts of the United States; https://api.eu.opsgenie.com is that of Europe.
const URL = "https://api.opsgenie.com"

// Action is what becomes of an alert.
type Action string

// The actions; those beside Create with the names of the API.
const (
	Create      Action = ""
	Acknowledge Action = "acknowledge"
	Close       Action = "close"
)

// source names us, as the API has it.
const source = "Altis Support"

// The API's limits, in characters.
const (
	maxMessage     = 130
	maxDescription = 15_000
	maxEntity      = 512
)

var apiKey = regexp.MustCompile(`^[0-9A-Za-z-]{20,100}$`)

// CheckKey returns an error for what is no key of an integration.
func CheckKey(key string) error {
	if !apiKey.MatchString(key) {
		return errors.New("must be the API key of an integration: 20 to 100 letters, digits and hyphens")
	}
	return nil
}

// Event is one request about an alert.
type Event struct {
	URL    string // of the API
	Key    string // the integration's
	Alert  string // alias: the delivery's id
	Action Action

	pagetext.Content // what the alert tells; only of Create
}

// alert is the body of a new one.
type alert struct {
	Message     string            `json:"message"`
	Alias       string            `json:"alias"`
	Description string            `json:"description,omitempty"`
	Details     map[string]string `json:"details,omitempty"`
	Entity      string            `json:"entity,omitempty"`
	Source      string            `json:"source"`
	Priority    string            `json:"priority"`
}

// final are the answers by which the API refuses a key or a request for good
// (https://docs.opsgenie.com/docs/response), beside what webhook.Sender ends.
var final = []int{
	http.StatusBadRequest, http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusUnprocessableEntity,
}

// Send makes a request once. The API answers 202 and does it a moment later.
func Send(ctx context.Context, s *webhook.Sender, e Event) (webhook.Answer, error) {
	to, body := strings.TrimSuffix(e.URL, "/")+"/v2/alerts", any(alertOf(e))
	if e.Action != Create {
		to += "/" + url.PathEscape(e.Alert) + "/" + string(e.Action) + "?identifierType=alias"
		body = map[string]string{"source": source}
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		return webhook.Answer{What: domain.Answer{Kind: domain.AnswerNoNotice}, Final: true}, fmt.Errorf("opsgenie: %w", err)
	}
	req, err := webhook.NewRequest(ctx, to, string(encoded))
	if err != nil {
		return webhook.Answer{What: domain.Answer{Kind: domain.AnswerForbidden}, Final: true}, fmt.Errorf("opsgenie: %w", err)
	}
	req.Header.Set("Authorization", "GenieKey "+e.Key)
	answer, err := s.Do(req)
	answer.Final = answer.Final || slices.Contains(final, answer.Status)
	return answer, err
}

func alertOf(e Event) alert {
	a := alert{
		Message: pagetext.Cut(cmp.Or(e.Title(), source), maxMessage), Alias: e.Alert, Source: source, Priority: "P1",
		Description: pagetext.Cut(description(e.Content), maxDescription),
	}
	if e.Test != "" || e.Notice.GetDrill() { // nobody is to get up for it
		a.Priority = "P5"
	}
	if n := e.Notice; n != nil {
		a.Entity = pagetext.Cut(cmp.Or(strings.Join(n.GetScope(), ", "), n.GetOrganizationName()), maxEntity)
		a.Details = map[string]string{"page": n.GetPage()}
		if n.GetOrganization() != "" {
			a.Details["organization"] = n.GetOrganization()
		}
	}
	return a
}

// description has the links first: they must not be cut.
func description(c pagetext.Content) string {
	var lines []string
	for _, l := range c.Links() {
		lines = append(lines, l.Text+": "+l.URL)
	}
	if title := c.Title(); len([]rune(title)) > maxMessage {
		lines = append(lines, title)
	}
	for _, d := range c.Details() {
		lines = append(lines, d.Name+": "+d.Text)
	}
	return strings.Join(lines, "\n")
}
