package mailout

import (
	"net/mail"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// Each language says all of it, with the title that every channel has.
func TestAPageSpeaksTheLanguageOfWhomItPages(t *testing.T) {
	r := NewRenderer(mail.Address{Address: "support@desk.test"}, "", func(int64) string { return "" })
	at := timestamppb.New(time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC))
	n := &notificationv1.PageNotice{
		Title: "[Urgent] shop: down", Ticket: 7, TicketUrl: "https://desk.test/tickets/7", AcknowledgeUrl: "https://ack.test/a/x",
		OrganizationName: "Shop GmbH", Scope: []string{"shop"}, Requester: &ticketv1.Person{Name: "Mia", Email: "mia@shop.test"}, CallbackNumber: "049 1",
		SinceTime: at, NextStepTime: at, OpenTime: at, Impact: "no orders", Reason: "raised", Excerpt: "It is down.", Why: "on call by schedule first", Step: 2, Loop: 1,
		AlsoPaged: []*ticketv1.Person{{Name: "Ben"}},
	}
	schedule := domain.Why{Kind: domain.WhySchedule, Schedule: "first"}
	for _, tt := range []struct {
		locale string
		why    domain.Why
		says   []string
	}{
		{"", schedule, []string{
			"Acknowledge", "Customer: Shop GmbH", "Scope: shop (not verified)", "Requester: Mia", "Call back: 049 1", "Since: 24 November 2026", "Impact: no orders",
			"Reason: raised", "Why you: on call by schedule first (step 2, round 1)", "Also paged: Ben", "The next step begins at 24 November 2026",
		}},
		{"de-AT", schedule, []string{
			"Bestätigen", "Kunde: Shop GmbH", "Betrifft: shop (nicht geprüft)", "Von: Mia", "Rückruf: 049 1", "Seit: 24.11.2026", "Auswirkung: no orders",
			"Grund: raised", "Warum Sie: Bereitschaft nach dem Plan first (Stufe 2, Runde 1)", "Auch alarmiert: Ben", "Die nächste Stufe beginnt am 24.11.2026",
		}},
		{"de", domain.Why{Kind: domain.WhyFallback}, []string{"Warum Sie: auf der Ersatzliste (Stufe 2, Runde 1)"}},
		{"de", domain.Why{}, []string{"Warum Sie: on call by schedule first"}},
	} {
		d := domain.Delivery{Person: domain.Person{Name: "Ada"}, Contact: domain.Contact{Address: "ada@altis.test"}, Why: tt.why}
		m, err := r.Page(d, tt.locale, n, "p@desk.test")
		require.NoError(t, err)
		require.Equal(t, n.GetTitle(), m.Subject)
		for _, body := range []string{m.Text, m.HTML} {
			for _, text := range append(tt.says, n.GetTitle(), "It is down.", n.GetAcknowledgeUrl(), n.GetTicketUrl()) {
				require.Contains(t, body, text, tt.locale)
			}
		}
	}
	for kind := domain.WhySchedule; kind <= domain.WhySupervisor; kind++ {
		require.NotEmpty(t, pageWords[1].why[kind], "each reason has its words")
	}
}

func TestACodeSpeaksTheLanguageOfWhomItIsFor(t *testing.T) {
	r := NewRenderer(mail.Address{Address: "support@desk.test"}, "", func(int64) string { return "" })
	for _, tt := range []struct{ locale, code, subject, text string }{
		{"fr", "", "[Test] Pages arrive here", "Ben tries whether pages for Ada arrive here."},
		{"de", "", "[Test] Alarme kommen hier an", "Ben prüft, ob Alarme für Ada hier ankommen."},
		{"", "123456", "123456 is your code", "The code is 123456."},
		{"de-CH", "123456", "123456 ist Ihr Code", "Der Code ist 123456."},
	} {
		m, err := r.ContactTest(domain.ContactTest{To: domain.Person{Name: "Ada"}, Tester: domain.Person{Name: "Ben"}, Code: tt.code}, tt.locale, "x@desk.test")
		require.NoError(t, err)
		require.Equal(t, tt.subject, m.Subject)
		require.Contains(t, m.Text, tt.text)
		require.Contains(t, m.HTML, tt.text)
	}
}
