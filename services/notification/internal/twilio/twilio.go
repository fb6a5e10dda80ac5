// Package twilio pages by text messages of Twilio (https://www.twilio.com/docs/messaging/api/message-resource): a POST of a
// form for each delivery. The API knows no id of a repetition, so an attempt that follows another one looks first whether
// that was taken after all.
package twilio

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
	"time"

	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/pagetext"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

var (
	number    = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	separator = strings.NewReplacer(" ", "", "\u00a0", "", "-", "", "(", "", ")", "", "/", "", ".", "")
)

// Number returns a phone number as E.164 has it, without what people write between its digits.
func Number(text string) (string, error) {
	if text = separator.Replace(text); !number.MatchString(text) {
		return "", errors.New("must be a phone number with its country, such as +49 30 1234567")
	}
	return text, nil
}

const (
	// leastTitle is shown, though it takes another message.
	leastTitle = 60
	// looked is how many of the last messages to a number are compared with the one that may have been taken.
	looked = "20"
)

// Message is one text message.
type Message struct {
	To    string
	Again bool // an attempt was made before, whose outcome is not known

	pagetext.Content
}

// Send sends a message once. What the API says of it is kept without the message and the number: its status, and its id or
// the number of the error (https://www.twilio.com/docs/api/errors).
func Send(ctx context.Context, s *webhook.Sender, a Account, m Message) (webhook.Answer, error) {
	if !a.Configured() {
		return webhook.Answer{What: domain.Answer{Kind: domain.AnswerProvider, Said: "text messages are not set up here"}, Final: true},
			errors.New("twilio: not set up")
	}
	text := textOf(m.Content)
	if m.Again {
		if id := a.taken(ctx, s, m.To, text); id != "" {
			return webhook.Answer{What: domain.Answer{Kind: domain.AnswerProvider, Said: "200 OK " + id}, Status: http.StatusOK, Receipt: id}, nil
		}
	}
	form := url.Values{"To": {m.To}, "Body": {text}}
	if service.MatchString(a.From) {
		form.Set("MessagingServiceSid", a.From)
	} else {
		form.Set("From", a.From)
	}
	req, err := a.request(ctx, http.MethodPost, "", form)
	if err != nil {
		return webhook.Answer{What: domain.Answer{Kind: domain.AnswerForbidden}, Final: true}, err
	}
	answer, body, err := s.Ask(req)
	if answer.Status == 0 {
		return answer, err
	}
	var told struct {
		SID  string      `json:"sid"`
		Code json.Number `json:"code"`
	}
	_ = json.Unmarshal(body, &told) // the status has decided
	answer.What.Said = strings.TrimSpace(fmt.Sprintf("%d %s %s", answer.Status, http.StatusText(answer.Status), cmp.Or(told.SID, told.Code.String())))
	if err == nil {
		answer.Receipt = told.SID
	}
	if slices.Contains(final, answer.Status) && told.Code != queueFull {
		answer.Final = true
	}
	return answer, err
}

// final are the answers by which the API refuses a number or the account for good, beside what webhook.Sender ends.
var final = []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden}

// queueFull is the error of a sender whose queue is full for now, though its status is 400.
const queueFull = json.Number("21611")

// lost are the statuses of a message that does not arrive.
var lost = []string{"failed", "undelivered", "canceled"}

// taken returns the id of a message that the API has taken, "" when it has none, or does not say: a page twice is better than
// none.
func (a Account) taken(ctx context.Context, s *webhook.Sender, to, text string) string {
	if deadline, ok := ctx.Deadline(); ok { // the message needs the rest
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-time.Until(deadline)/2))
		defer cancel()
	}
	req, err := a.request(ctx, http.MethodGet, "", url.Values{"To": {to}, "PageSize": {looked}})
	if err != nil {
		return ""
	}
	var list struct {
		Messages []struct {
			SID    string `json:"sid"`
			Body   string `json:"body"`
			Status string `json:"status"`
		} `json:"messages"`
	}
	_, body, err := s.Ask(req)
	if err != nil || json.Unmarshal(body, &list) != nil {
		return ""
	}
	for _, m := range list.Messages {
		// A trial account writes something before the text.
		if strings.HasSuffix(m.Body, text) && !slices.Contains(lost, m.Status) {
			return m.SID
		}
	}
	return ""
}

// textOf has the link last, whole, and as much of the title as is left.
func textOf(c pagetext.Content) string {
	links := c.Links()
	if len(links) == 0 {
		return fit(c.Title(), "")
	}
	return fit(c.Title(), "\n"+links[0].URL)
}
