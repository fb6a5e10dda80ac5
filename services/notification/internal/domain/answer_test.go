package domain

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEveryAnswerHasAnEnglishSentence(t *testing.T) {
	tests := []struct {
		answer Answer
		want   string
	}{
		{Answer{Kind: AnswerProvider, Said: "250 ok"}, "250 ok"},
		{Answer{Kind: AnswerLate}, "no answer in time"},
		{Answer{Kind: AnswerWaiting, After: 2 * time.Second}, "no answer within 2s, still waiting for it"},
		{Answer{Kind: AnswerForbidden}, "this address is not allowed for webhooks"},
		{Answer{Kind: AnswerContactDeleted}, "the contact was deleted"},
		{Answer{Kind: AnswerNoNotice}, "the notice cannot be read"},
		{Answer{Kind: AnswerNoMail}, "the mail cannot be written"},
		{Answer{Kind: AnswerGivenUp, Said: "451 later"}, "given up after 5 days: 451 later"},
		{Answer{Kind: AnswerTicketSpam}, "not sent: the ticket was marked as spam"},
		{Answer{Kind: AnswerTicketDeleted}, "not sent: the ticket was deleted"},
		{Answer{Kind: AnswerBounced, Said: "550 5.1.1 unknown"}, "came back: 550 5.1.1 unknown"},
		{Answer{Kind: AnswerSuppressed, Said: "550 5.1.1 unknown"}, "not sent: mails to the address came back: 550 5.1.1 unknown"},
	}
	for i, tt := range tests {
		t.Run(tt.want, func(t *testing.T) {
			require.Equal(t, AnswerKind(i+1), tt.answer.Kind)
			require.Equal(t, tt.want, tt.answer.Text())
		})
	}
	require.Len(t, tests, int(AnswerSuppressed), "the table has every kind")
	require.Empty(t, Answer{}.Text(), "none yet")
}
