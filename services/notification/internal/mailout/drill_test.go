package mailout

import (
	"net/mail"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
)

func TestAMailAboutAMissedDrillSaysWhatWasMissed(t *testing.T) {
	r := NewRenderer(mail.Address{Address: "support@desk.test"}, "", func(int64) string { return "" })
	for _, c := range []struct {
		kind                  domain.DutyKind
		locale, subject, text string
	}{
		{
			domain.DrillMissedAccept, "", "Drill missed: no page arrived within 15s",
			"The drill that began at Tue 24 November 2026, 08:00:00 UTC missed its target: no provider took a page within 15s.",
		},
		{
			domain.DrillMissedAcknowledge, "en", "Drill missed: nobody acknowledged within 15s",
			"missed its target: a page was delivered, but nobody acknowledged it within 15s.",
		},
		{
			domain.DrillMissedAccept, "de", "Übung verfehlt: kein Alarm kam innerhalb von 15s an",
			"Die Übung, die am 24.11.2026, 08:00:00 UTC begann, hat ihr Ziel verfehlt: Kein Anbieter hat innerhalb von 15s einen Alarm angenommen.",
		},
		{
			domain.DrillMissedAcknowledge, "de-CH", "Übung verfehlt: niemand hat innerhalb von 15s bestätigt",
			"Ein Alarm wurde zugestellt, aber niemand hat ihn innerhalb von 15s bestätigt.",
		},
	} {
		d := domain.DutyMail{Notice: domain.DutyNotice{
			Kind: c.kind, Schedule: "drill-1", Name: "15s", Zone: "UTC", Start: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC),
		}}
		d.Recipient.Person, d.Locale = domain.Person{Name: "Eve", Email: "eve@altis.test"}, c.locale
		m, err := r.Duty(d, "d@desk.test")
		require.NoError(t, err)
		require.Equal(t, c.subject, m.Subject)
		for _, body := range []string{m.Text, m.HTML} {
			require.Contains(t, body, c.text)
			require.Contains(t, body, "drill-1")
		}
		require.Equal(t, Generated, m.Submitted)
	}
}

func TestAMailAboutManyPagesNamesThem(t *testing.T) {
	r := NewRenderer(mail.Address{Address: "support@desk.test"}, "", func(int64) string { return "" })
	b := &notificationv1.PagesBundled{
		Timestamp: timestamppb.New(time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)),
		Data: &notificationv1.PageBundleNotice{
			Title: "2 pages: [Urgent] <down> and 1 more", Count: 2, AcknowledgeUrl: "https://ack.test/a/x", PagesUrl: "https://desk.test/on-call",
			Pages: []*notificationv1.BundledPage{
				{Ticket: 7, Title: "[Urgent] <down>", OrganizationName: "Shop", TicketUrl: "https://desk.test/tickets/7"},
				{Title: "pages wait and are not sent"},
			},
		},
	}
	m, err := r.Bundle(domain.Person{Name: "Ada"}, "ada@altis.test", "fr", b, "b@desk.test")
	require.NoError(t, err)
	require.Equal(t, "2 pages: [Urgent] <down> and 1 more", m.Subject)
	require.Equal(t, "ada@altis.test", m.To.Address)
	require.Contains(t, m.Text, `There are too many incidents for a mail each.

Acknowledge these 2: https://ack.test/a/x
All open pages: https://desk.test/on-call

#7 [Urgent] <down> (Shop)
  https://desk.test/tickets/7
pages wait and are not sent
`)
	require.Contains(t, m.HTML, `<a href="https://desk.test/tickets/7">#7</a> [Urgent] &lt;down&gt; (Shop)`)
	require.Contains(t, m.HTML, `<a href="https://ack.test/a/x">Acknowledge these 2</a>`)

	m, err = r.Bundle(domain.Person{Name: "Ada"}, "ada@altis.test", "de-AT", b, "b@desk.test")
	require.NoError(t, err)
	require.Equal(t, "2 Alarme: [Urgent] <down> und 1 weitere", m.Subject)
	require.Contains(t, m.Text, `2 Alarme: [Urgent] <down> und 1 weitere

Es sind zu viele Störungen für je eine E-Mail.

Diese 2 bestätigen: https://ack.test/a/x
Alle offenen Alarme: https://desk.test/on-call

#7 [Urgent] <down> (Shop)
`)
	require.Contains(t, m.HTML, `<a href="https://ack.test/a/x">Diese 2 bestätigen</a>`)
}
