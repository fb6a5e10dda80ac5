package tasks

import (
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/notification/internal/domain"
)

func TestOnlyTheStatusOfAnAnswerIsLogged(t *testing.T) {
	tests := []struct {
		name, answer string
		want         string
	}{
		{"smtp", "550 5.1.1 <jo@shop.test>: unknown user", "tasks: not accepted, status 550"},
		{"http", "503 Service Unavailable Jo is on holiday", "tasks: not accepted, status 503"},
		{"a network's failure", "dial tcp: lookup jo.test: no such host", "tasks: not accepted, without a status"},
		{"no status", "012 jo@shop.test", "tasks: not accepted, without a status"},
		{"a sign", "+50 jo@shop.test", "tasks: not accepted, without a status"},
		{"short", "5", "tasks: not accepted, without a status"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.EqualError(t, refusal(domain.Attempt{Answer: domain.Answer{Kind: domain.AnswerProvider, Said: tt.answer}}), tt.want)
		})
	}
}
