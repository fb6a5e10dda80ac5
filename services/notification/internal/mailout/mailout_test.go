package mailout

import (
	"bytes"
	"fmt"
	"mime"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func message() Message {
	return Message{
		ID: "m1@desk.test", From: mail.Address{Name: "Altis Support", Address: "support@desk.test"}, To: mail.Address{Address: "mia@shop.test"},
		Subject: "Hello", Date: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC), Text: "text", HTML: "<p>html</p>",
	}
}

func TestHeadersSayWhatWasMeant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := message()
		m.Subject = rapid.String().Draw(t, "subject")
		m.To.Name = strings.Repeat(rapid.String().Draw(t, "name"), rapid.SampledFrom([]int{1, 1, 1, 300}).Draw(t, "times"))
		data, err := m.Bytes()
		require.NoError(t, err)
		head, _, _ := strings.Cut(string(data), "\r\n\r\n")
		for _, line := range strings.Split(head, "\r\n") {
			require.LessOrEqual(t, len(line), 998)
			require.NotContains(t, line, "\r")
			require.NotContains(t, line, "\n")
			require.True(t, isASCII(line), line)
		}
		read, err := mail.ReadMessage(bytes.NewReader(data))
		require.NoError(t, err)
		require.Len(t, read.Header, 8)
		require.Equal(t, "desk.test", read.Header.Get("X-Altis-Loop"))
		subject, err := new(mime.WordDecoder).DecodeHeader(read.Header.Get("Subject"))
		require.NoError(t, err)
		require.Equal(t, oneLine(m.Subject), subject)
		to, err := read.Header.AddressList("To")
		require.NoError(t, err)
		require.Equal(t, []*mail.Address{{Name: oneLine(m.To.Name), Address: "mia@shop.test"}}, to)
	})
}

func TestControlCharactersInAddressesAreRefused(t *testing.T) {
	for _, bad := range []string{"mia@shop.test\r\nBcc: x@y.test", "mia@shop.test\nX: y", "mia\x00@shop.test"} {
		m := message()
		m.To.Address = bad
		_, err := m.Bytes()
		require.Error(t, err)
		_, err = EnvelopeAddress(bad)
		require.Error(t, err)
		require.Error(t, CheckAddress(bad))
	}
}

func TestCheckAddress(t *testing.T) {
	for _, good := range []string{"mia@shop.test", "mia+tag@shop.test", "jürgen@bücher.test"} {
		require.NoError(t, CheckAddress(good), good)
	}
	for _, bad := range []string{"", "mia", "@shop.test", "Mia <mia@shop.test>", "<mia@shop.test>", "mia@shop.test, noa@shop.test", "mia@sh op.test"} {
		require.Error(t, CheckAddress(bad), bad)
	}
	address, err := EnvelopeAddress("jürgen@bücher.test")
	require.NoError(t, err)
	require.Equal(t, "jürgen@xn--bcher-kva.test", address)
}

func TestTheSameDeliveryIsTheSameMessage(t *testing.T) {
	m := message()
	m.Root, m.Parent = "root@desk.test", "parent@desk.test"
	one, err := m.Bytes()
	require.NoError(t, err)
	other, err := m.Bytes()
	require.NoError(t, err)
	require.Equal(t, one, other)
	parts := testkit.Mail{Data: one}.Parse(t)
	require.Equal(t, "<parent@desk.test>", parts.Header.Get("In-Reply-To"))
	require.Equal(t, "text", strings.TrimSpace(parts.Text))
	require.Equal(t, "<p>html</p>", strings.TrimSpace(parts.HTML))
}

func TestReferencesKeepTheFirstAndTheLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := message()
		for i := range rapid.IntRange(0, 40).Draw(t, "between") {
			m.Between = append(m.Between, fmt.Sprint(i, "@desk.test"))
		}
		m.Root, m.Parent = "root@desk.test", "parent@desk.test"
		data, err := m.Bytes()
		require.NoError(t, err)
		read, err := mail.ReadMessage(bytes.NewReader(data))
		require.NoError(t, err)
		named := strings.Fields(read.Header.Get("References"))
		require.Len(t, named, min(len(m.Between), 18)+2)
		require.Equal(t, "<root@desk.test>", named[0])
		require.Equal(t, "<parent@desk.test>", named[len(named)-1])
		for i, id := range m.Between[len(m.Between)-(len(named)-2):] {
			require.Equal(t, "<"+id+">", named[i+1])
		}
	})
}

func TestWhoWroteAMailIsSaid(t *testing.T) {
	for _, tt := range []struct {
		kind domain.MailKind
		says string
	}{
		{domain.MailMessage, ""},
		{domain.MailConversation, ""},
		{domain.MailReceipt, "auto-replied"},
		{domain.MailSolved, "auto-generated"},
		{domain.MailReopened, "auto-generated"},
		{domain.MailMerged, "auto-generated"},
		{domain.MailStaffTicket, "auto-generated"},
		{domain.MailStaffReply, "auto-generated"},
		{domain.MailStaffReturned, "auto-generated"},
	} {
		m, err := renderer().Correspondence(
			domain.MailDelivery{MessageID: "x@desk.test", Subject: "s", Recipient: domain.Recipient{Person: domain.Person{Email: "mia@shop.test"}}},
			domain.MailContent{Kind: tt.kind, Ticket: 7, Subject: "s"})
		require.NoError(t, err)
		data, err := m.Bytes()
		require.NoError(t, err)
		read, err := mail.ReadMessage(bytes.NewReader(data))
		require.NoError(t, err)
		require.Equal(t, tt.says, read.Header.Get("Auto-Submitted"), tt.kind)
		require.Equal(t, tt.says != "", read.Header.Get("X-Auto-Response-Suppress") == "All", tt.kind)
		require.Equal(t, "Ticket #7 <7.tickets.desk.test>", read.Header.Get("List-Id"), tt.kind)
	}
}

// What is of no ticket is on no list, and a machine writes all of it.
func TestMailsOfNoTicketAreAutomatic(t *testing.T) {
	r := renderer()
	ada := domain.Recipient{Person: domain.Person{Name: "Ada", Email: "ada@altis.test"}}
	d := domain.MailDelivery{MessageID: "x@desk.test", Recipient: ada, Notices: []domain.StaffNotice{{Ticket: 7, Kind: domain.NoticeNewTicket}}}
	delivery := domain.Delivery{Person: ada.Person, Contact: domain.Contact{Address: ada.Person.Email}}
	for _, tt := range []struct {
		name, says string
		write      func() (Message, error)
	}{
		{"a digest", "auto-generated", func() (Message, error) {
			return r.Correspondence(d, domain.MailContent{Kind: domain.MailDigest})
		}},
		{"the quarantine", "auto-generated", func() (Message, error) {
			return r.Correspondence(d, domain.MailContent{Kind: domain.MailStaffHeld, Held: &domain.HeldMails{New: 1, All: 2}})
		}},
		{"a page", "auto-generated", func() (Message, error) {
			return r.Page(delivery, "", &notificationv1.PageNotice{Title: "down"}, "x@desk.test")
		}},
		{"many pages", "auto-generated", func() (Message, error) {
			return r.Bundle(ada.Person, ada.Person.Email, "", &notificationv1.PagesBundled{Data: &notificationv1.PageBundleNotice{}}, "x@desk.test")
		}},
		{"a test", "auto-generated", func() (Message, error) {
			return r.ContactTest(domain.ContactTest{To: ada.Person, Contact: delivery.Contact}, "", "x@desk.test")
		}},
		{"on-call", "auto-generated", func() (Message, error) {
			return r.Duty(domain.DutyMail{MailDelivery: d, Notice: domain.DutyNotice{Kind: domain.DutyBegins, Zone: "UTC"}}, "x@desk.test")
		}},
		{"a receipt of the emergency mailbox", "auto-replied", func() (Message, error) {
			return r.Receipt(Receipt{ID: "x@desk.test", To: mail.Address{Address: "mia@shop.test"}})
		}},
	} {
		m, err := tt.write()
		require.NoError(t, err, tt.name)
		data, err := m.Bytes()
		require.NoError(t, err, tt.name)
		read, err := mail.ReadMessage(bytes.NewReader(data))
		require.NoError(t, err, tt.name)
		require.Equal(t, tt.says, read.Header.Get("Auto-Submitted"), tt.name)
		require.Equal(t, "All", read.Header.Get("X-Auto-Response-Suppress"), tt.name)
		require.Empty(t, read.Header.Get("List-Id"), tt.name)
	}
}

// Both languages say the same, and each mail has its text twice: as text and as HTML.
func TestAMailSpeaksTheLanguageOfItsRecipient(t *testing.T) {
	for _, tt := range []struct{ locale, lang, why, when string }{
		{"", "en", "because you asked for help", "24 November 2026, 12:00 UTC"},
		{"en-GB", "en", "because you asked for help", "24 November 2026, 12:00 UTC"},
		{"fr", "en", "because you asked for help", "24 November 2026, 12:00 UTC"},
		{"nonsense!", "en", "because you asked for help", "24 November 2026, 12:00 UTC"},
		{"de", "de", "weil Sie um Hilfe gebeten haben", "24.11.2026, 12:00 UTC"},
		{"de-AT", "de", "weil Sie um Hilfe gebeten haben", "24.11.2026, 12:00 UTC"},
	} {
		m, err := renderer().Correspondence(
			domain.MailDelivery{
				MessageID: "x@desk.test", Subject: "[#7] Logs", Locale: tt.locale,
				Recipient: domain.Recipient{Person: domain.Person{Email: "mia@shop.test"}, Reason: "requester"},
			},
			domain.MailContent{
				Kind: domain.MailConversation, Ticket: 7, Subject: "Logs", FollowUpOf: 3, Participants: []domain.Person{{Name: "Mia", Email: "mia@shop.test"}},
				Messages: []domain.PublicMessage{{Author: domain.Person{Name: "Mia"}, Body: "See **these**.", At: message().Date, Attachments: []domain.Attachment{{Filename: "a.log", Size: 17}}}},
			})
		require.NoError(t, err)
		require.Contains(t, m.HTML, `<html lang="`+tt.lang+`">`)
		require.Contains(t, m.HTML, "See <strong>these</strong>.")
		require.Contains(t, m.Text, "See **these**.")
		require.Contains(t, m.HTML, "Mia &lt;mia@shop.test&gt;")
		require.Contains(t, m.Text, "Mia <mia@shop.test>")
		for _, body := range []string{m.Text, m.HTML} {
			for _, what := range []string{tt.why, tt.when, "#3", "a.log (17 B)", "https://desk.test/tickets/7", "emergency@desk.test"} {
				require.Contains(t, body, what, tt.locale)
			}
		}
	}
}

func renderer() *Renderer {
	return NewRenderer(mail.Address{Name: "Altis Support", Address: "support@desk.test"}, "emergency@desk.test",
		func(int64) string { return "https://desk.test/tickets/7" })
}

// Nothing that an author writes may run, load or leave the page.
func FuzzSanitized(f *testing.F) {
	for _, body := range []string{
		"<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](https://t.test/p.gif)", "<img src=x onerror=alert(1)>",
		"<svg/onload=alert(1)>", "[x](data:text/html;base64,PHNjcmlwdD4=)", "<a href='vbscript:x'>y</a>", "<iframe src=//t.test>", "`<b>`", "<style>*{}</style>",
	} {
		f.Add(body)
	}
	r := renderer()
	f.Fuzz(func(t *testing.T, body string) {
		html, err := r.sanitized(body)
		require.NoError(t, err)
		lower := strings.ToLower(string(html))
		for _, bad := range []string{"<script", "<img", "<svg", "<iframe", "<style", `href="javascript:`, `href="data:`, `href="vbscript:`, " onerror=\""} {
			require.NotContains(t, lower, bad)
		}
	})
}

func TestAFollowUpNamesWhatItFollows(t *testing.T) {
	m, err := renderer().Correspondence(
		domain.MailDelivery{MessageID: "x@desk.test", Subject: "[#7] Again", Recipient: domain.Recipient{Person: domain.Person{Email: "mia@shop.test"}, Reason: "requester"}},
		domain.MailContent{
			Kind: domain.MailMessage, Ticket: 7, Subject: "Again", FollowUpOf: 3,
			Participants: []domain.Person{{Name: "Mia", Email: "mia@shop.test"}, {Name: "Ada", Email: "ada@altis.test", Staff: true}},
			Messages:     []domain.PublicMessage{{Author: domain.Person{Name: "Mia"}, Body: "It is back."}},
		})
	require.NoError(t, err)
	require.Contains(t, m.Text, "This ticket follows #3.")
	require.Contains(t, m.Text, "because you asked for help")
	require.Contains(t, m.Text, "On this ticket: Mia <mia@shop.test>, Ada\n")
	require.Contains(t, m.HTML, "It is back.")
}

func TestAMailNamesFiles(t *testing.T) {
	m, err := renderer().Correspondence(
		domain.MailDelivery{MessageID: "x@desk.test", Subject: "[#7] Logs", Recipient: domain.Recipient{Person: domain.Person{Email: "mia@shop.test"}, Reason: "requester"}},
		domain.MailContent{
			Kind: domain.MailMessage, Ticket: 7, Subject: "Logs", Participants: []domain.Person{{Name: "Mia", Email: "mia@shop.test"}},
			Messages: []domain.PublicMessage{{Author: domain.Person{Name: "Mia"}, Body: "See these.", Attachments: []domain.Attachment{
				{Filename: "<b>.log", Size: 17}, {Filename: "access\nX: y.log", Size: 2048}, {Filename: "shot.png", Size: 3 << 19},
			}}},
		})
	require.NoError(t, err)
	require.Contains(t, m.Text, "See these.\n\nFiles, at https://desk.test/tickets/7:\n- <b>.log (17 B)\n- access X: y.log (2 KiB)\n- shot.png (1.5 MiB)\n")
	require.Contains(t, m.HTML, "<li>&lt;b&gt;.log (17 B)</li>")
	require.Contains(t, m.HTML, `<a href="https://desk.test/tickets/7">ticket</a>`)
}

func TestTheNoticeOfAMergeSaysWhereItGoesOn(t *testing.T) {
	for locale, says := range map[string]string{
		"en": "Cem merged this ticket into #8, which is about the same and goes on there: https://desk.test/tickets/8",
		"de": "Cem hat dieses Ticket mit #8 zusammengeführt. Es geht um dasselbe und dort weiter: https://desk.test/tickets/8",
	} {
		r := renderer()
		r.TicketURL = func(n int64) string { return fmt.Sprint("https://desk.test/tickets/", n) }
		m, err := r.Correspondence(
			domain.MailDelivery{MessageID: "x@desk.test", Locale: locale, Recipient: domain.Recipient{Person: domain.Person{Email: "mia@shop.test"}, Reason: "requester"}},
			domain.MailContent{Kind: domain.MailMerged, Ticket: 7, MergedInto: 8, Actor: domain.Person{Name: "Cem"}},
		)
		require.NoError(t, err)
		require.Contains(t, m.Text, says)
		require.Contains(t, m.HTML, `<a href="https://desk.test/tickets/8">#8</a>`)
		require.Equal(t, Generated, m.Submitted)
	}
}

func TestTheSolvedNoticeSaysHowToDisagree(t *testing.T) {
	solved := func(answers bool, locale string) string {
		r := renderer()
		r.Answers = answers
		m, err := r.Correspondence(
			domain.MailDelivery{MessageID: "x@desk.test", Locale: locale, Recipient: domain.Recipient{Person: domain.Person{Email: "mia@shop.test"}, Reason: "requester"}},
			domain.MailContent{Kind: domain.MailSolved, Ticket: 7, Actor: domain.Person{Name: "Ada"}},
		)
		require.NoError(t, err)
		for line := range strings.Lines(m.Text) {
			if strings.HasPrefix(line, "Ada") {
				require.Contains(t, m.HTML, strings.TrimSpace(line))
			}
		}
		return m.Text
	}
	require.Contains(t, solved(true, "en"), "If it is not, answer this mail, or in the dashboard, and it opens again.")
	require.Contains(t, solved(false, "en"), "If it is not, answer in the dashboard, and it opens again.")
	require.Contains(t, solved(true, "de"), "antworten Sie auf diese Mail oder im Dashboard, und es wird wieder geöffnet.")
	require.Contains(t, solved(false, "de"), "antworten Sie im Dashboard, und es wird wieder geöffnet.")
}
