package tasks

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

func TestWhatCameOfAWebhook(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want domain.Answer
	}{
		{"accepted", nil, domain.Answer{Kind: domain.AnswerProvider, Said: "text"}},
		{"refused", errors.New("webhook: the receiver answered 410"), domain.Answer{Kind: domain.AnswerProvider, Said: "text"}},
		{"forbidden", fmt.Errorf("dial: %w", webhook.ErrForbidden), domain.Answer{Kind: domain.AnswerForbidden}},
		{"late", fmt.Errorf("dial: %w", context.DeadlineExceeded), domain.Answer{Kind: domain.AnswerLate}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, webhookAnswer("text", tt.err))
		})
	}
}
