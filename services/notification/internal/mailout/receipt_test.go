package mailout

import (
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAReceiptSaysWhatHappensNow(t *testing.T) {
	r := NewRenderer(mail.Address{Name: "Altis Support", Address: "support@desk.test"}, "", func(n int64) string {
		if n == 0 {
			return "https://desk.test"
		}
		return "https://desk.test/tickets/7"
	})
	for name, tt := range map[string]struct {
		receipt  Receipt
		subject  string
		contains []string
		parent   string
	}{
		"a ticket": {
			Receipt{Ticket: 7, InReplyTo: "1@shop.test"}, "[#7] We have your emergency mail [E-CODE]", []string{"icket #7", "https://desk.test/tickets/7"}, "1@shop.test",
		},
		"no ticket yet": {
			Receipt{Locale: "fr"}, "We have your emergency mail [E-CODE]", []string{"becomes a ticket as soon as", "https://desk.test"}, "",
		},
		"German": {
			Receipt{Ticket: 7, Locale: "de-AT"}, "[#7] Ihre Notfall-Mail ist angekommen [E-CODE]", []string{"Bereitschaft", "Ticket #7"}, "",
		},
		"a Message-ID with control characters": {Receipt{InReplyTo: "1\x07@shop.test"}, "We have your emergency mail [E-CODE]", nil, ""},
		"a Message-ID without end":             {Receipt{InReplyTo: strings.Repeat("x", 201)}, "We have your emergency mail [E-CODE]", nil, ""},
		"a Message-ID that is none":            {Receipt{InReplyTo: "ü@shop.test"}, "We have your emergency mail [E-CODE]", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := tt.receipt
			c.ID, c.To, c.ReplyTo, c.Code, c.Date = "r@desk.test", mail.Address{Address: "mia@shop.test"}, "sos@desk.test", "E-CODE", time.Unix(1e9, 0)
			m, err := r.Receipt(c)
			require.NoError(t, err)
			require.Equal(t, tt.subject, m.Subject)
			require.Equal(t, tt.parent, m.Parent)
			require.Equal(t, Replied, m.Submitted)
			for _, text := range []string{m.Text, m.HTML} {
				for _, part := range append(tt.contains, "E-CODE", "sos@desk.test") {
					require.Contains(t, text, part)
				}
				require.NotContains(t, text, "{{")
			}
			_, err = m.Bytes()
			require.NoError(t, err)
		})
	}
}
