package twilio

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

// Outcome is what became of a message that the API has taken.
type Outcome int

// The outcomes. Some networks never report that a message arrived: it stays Open.
const (
	Open Outcome = iota
	Arrived
	Failed
)

// Ask returns what became of a message, by its id. What the API says of it is kept without the message and the number: its
// status, and the number of the error.
func Ask(ctx context.Context, s *webhook.Sender, a Account, id string) (Outcome, domain.Answer, error) {
	req, err := a.request(ctx, http.MethodGet, id, nil)
	if err != nil {
		return Open, domain.Answer{}, err
	}
	_, body, err := s.Ask(req)
	if err != nil {
		return Open, domain.Answer{}, err
	}
	var m struct {
		Status string      `json:"status"`
		Code   json.Number `json:"error_code"`
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return Open, domain.Answer{}, fmt.Errorf("twilio: the status of a message cannot be read: %w", err)
	}
	switch {
	case slices.Contains(lost, m.Status):
		return Failed, domain.Answer{Kind: domain.AnswerProvider, Said: strings.TrimSpace(m.Status + " " + m.Code.String())}, nil
	case m.Status == "delivered" || m.Status == "read":
		return Arrived, domain.Answer{}, nil
	}
	return Open, domain.Answer{}, nil
}
