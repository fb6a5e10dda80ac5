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

func TestADigestTellsOfMailsThatDoNotArriveAndOfTheQuarantine(t *testing.T) {
	r := NewRenderer(mail.Address{Address: "support@desk.test"}, "", func(int64) string { return "https://desk.test/tickets/7" })
	r.QuarantineURL = "https://desk.test/mail/quarantine"
	d := domain.MailDelivery{Notices: []domain.StaffNotice{
		{Ticket: 7, Kind: domain.NoticeReturned, Subject: "slow", AuthorName: "mia@shop.test"}, {Kind: domain.NoticeHeld, Mails: 2}, {Kind: domain.NoticeHeld, Mails: 3},
	}}
	for _, tt := range []struct {
		locale, subject string
		text            []string
	}{
		{"en", "New tickets: 0, answers: 0, undelivered: 1, in quarantine: 5", []string{
			"Mails that do not reach somebody:\n- #7 slow, to mia@shop.test\n  https://desk.test/tickets/7", "Mails that were held in quarantine: 5, see https://desk.test/mail/quarantine",
		}},
		{"de", "Neue Tickets: 0, Antworten: 0, nicht zustellbar: 1, in Quarantäne: 5", []string{
			"E-Mails, die jemanden nicht erreichen:\n- #7 slow, an mia@shop.test\n", "E-Mails, die in Quarantäne kamen: 5, siehe https://desk.test/mail/quarantine",
		}},
	} {
		d.Locale = tt.locale
		m, err := r.Correspondence(d, domain.MailContent{Kind: domain.MailDigest})
		require.NoError(t, err)
		require.Equal(t, tt.subject, m.Subject)
		for _, text := range tt.text {
			require.Contains(t, m.Text, text)
		}
		require.Contains(t, m.HTML, "mia@shop.test")
		require.Contains(t, m.HTML, r.QuarantineURL)
	}
}

func TestWhyAMailDoesNotArriveIsSaidInBothLanguages(t *testing.T) {
	r := NewRenderer(mail.Address{Address: "support@desk.test"}, "", func(int64) string { return "" })
	for _, tt := range []struct {
		kind   domain.AnswerKind
		en, de string
	}{
		{domain.AnswerBounced, "The last one came back: 550 gone", "Die letzte kam zurück: 550 gone"},
		{domain.AnswerSuppressed, "mails to it came back before: 550 gone", "da schon E-Mails von ihr zurückkamen: 550 gone"},
		{domain.AnswerGivenUp, "tried for five days and given up: 550 gone", "fünf Tage lang versucht und dann aufgegeben: 550 gone"},
		{domain.AnswerProvider, "The next mail server refused the last one: 550 gone", "Der nächste Mailserver hat die letzte abgelehnt: 550 gone"},
	} {
		c := domain.MailContent{Kind: domain.MailStaffReturned, Ticket: 7, Returned: &domain.Returning{
			Address: "mia@shop.test", Answer: domain.Answer{Kind: tt.kind, Said: "550 gone"},
		}}
		for locale, text := range map[string]string{"en": tt.en, "de": tt.de} {
			m, err := r.Correspondence(domain.MailDelivery{Locale: locale, Recipient: domain.Recipient{Reason: domain.ReasonAssignee}}, c)
			require.NoError(t, err)
			for _, body := range []string{m.Text, m.HTML} {
				require.Contains(t, body, text)
				require.Contains(t, body, "mia@shop.test")
			}
		}
	}
	for locale, text := range map[string]string{"en": "nobody has decided about 5 yet", "de": "hat über 5 noch niemand entschieden"} {
		m, err := r.Correspondence(domain.MailDelivery{Locale: locale}, domain.MailContent{Kind: domain.MailStaffHeld, Held: &domain.HeldMails{New: 2, All: 5}})
		require.NoError(t, err)
		require.Contains(t, m.Text, text)
		require.Contains(t, m.HTML, text)
	}
}
