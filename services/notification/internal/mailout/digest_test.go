package mailout

import (
	"net/mail"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/notification/internal/domain"
)

func TestADigestSaysHowMuchItDoesNotTell(t *testing.T) {
	r := NewRenderer(mail.Address{Address: "support@desk.test"}, "", func(int64) string { return "" })
	d := domain.MailDelivery{Notices: []domain.StaffNotice{{Ticket: 7, Kind: domain.NoticeNewTicket, Subject: "slow"}}}
	for locale, more := range map[string]string{"en": "And 12 more, which the dashboard shows.", "de": "Und 12 mehr, siehe Dashboard."} {
		d.Locale = locale
		m, err := r.Correspondence(d, domain.MailContent{Kind: domain.MailDigest, More: 12})
		require.NoError(t, err)
		require.Contains(t, m.Text, "#7 slow")
		require.Contains(t, m.Text, more)
		require.Contains(t, m.HTML, more)
		m, err = r.Correspondence(d, domain.MailContent{Kind: domain.MailDigest})
		require.NoError(t, err)
		require.NotContains(t, m.Text, "12")
		require.NotContains(t, m.HTML, more)
	}
}
