package mailin

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// scan writes a mail in pieces of three bytes, as a network may.
func scan(mail, envelopeFrom string) Head {
	s := NewScanner()
	raw := []byte(strings.ReplaceAll(mail, "\n", "\r\n"))
	for len(raw) > 0 {
		n := min(3, len(raw))
		_, _ = s.Write(raw[:n]) // never fails
		raw = raw[n:]
	}
	return s.Head(envelopeFrom)
}

func TestHead(t *testing.T) {
	h := scan("From: =?utf-8?q?Mia_S=C3=B8l?= <Mia@Shop.test>\nMessage-ID: <1@shop.test>\nSubject: =?iso-8859-1?q?Gest=F6rt:?=\n\tshop\n"+
		"In-Reply-To: <a@x>\nReferences: <b@x>\n <c@x>\n\nEverything is down.\n", "mia@shop.test")
	require.Equal(t, "Mia Søl", h.FromName)
	require.Equal(t, "mia@shop.test", h.From)
	require.Equal(t, "1@shop.test", h.MessageID)
	require.Equal(t, "Gestört: shop", h.Subject)
	require.Equal(t, []string{"a@x", "b@x", "c@x"}, h.References)
	require.Empty(t, h.Automatic)
	require.True(t, h.OneAuthor)
	for _, header := range []string{"", "From: a@x, b@x", "From: a@x\nFrom: a@x", "From : a@x\nfrom: b@x", "From: nobody"} {
		require.False(t, scan(header+"\n\nhelp\n", "a@x").OneAuthor, header)
	}
	require.Contains(t, string(h.Start), "Everything is down.")
}

func TestHeadOfAwkwardMails(t *testing.T) {
	tests := []struct {
		name, mail    string
		from, subject string
	}{
		{"empty", "", "", ""},
		{"no header", "\nhelp", "", ""},
		{"no body", "From: mia@shop.test\nSubject: down", "mia@shop.test", "down"},
		{"lines that are none of a header", "hello\nFrom: mia@shop.test\n: x\n continued\nSubject: down\n\n", "mia@shop.test", "down"},
		{"a From that is no address list", "From: Mia (the boss <mia@shop.test>\n\n", "mia@shop.test", ""},
		{"several authors", "From: Mia <mia@shop.test>, Noa <noa@shop.test>\n\n", "mia@shop.test", ""},
		{"unknown charset", "Subject: =?x-none?q?abc?=\n\n", "", "=?x-none?q?abc?="},
		{"control characters and turned writing", "Subject: a\x00b\u202ec\n\n", "", "a bc"},
		{"a subject without end", "Subject: " + strings.Repeat("ä", 5000) + "\n\n", "", strings.Repeat("ä", maxSubject)},
		{"a header without end", "Subject: down\nX: " + strings.Repeat("y", 2*maxHeader), "", "down"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := scan(tt.mail, "x@y.test")
			require.Equal(t, tt.from, h.From)
			require.Equal(t, tt.subject, h.Subject)
			require.Empty(t, h.Automatic, "what is not understood pages")
		})
	}
}

func TestAutomaticMailIsKnown(t *testing.T) {
	tests := []struct {
		name, header, envelope string
		automatic              bool
	}{
		{"a person", "From: mia@shop.test", "mia@shop.test", false},
		{"a bounce", "From: mia@shop.test", "", true},
		{"a delivery report", "Content-Type: multipart/report; report-type=delivery-status; boundary=x", "x@y.test", true},
		{"an automatic reply", "Auto-Submitted: auto-replied", "x@y.test", true},
		{"an automatic message with a parameter", "Auto-Submitted: Auto-Generated; type=x", "x@y.test", true},
		{"said to be of a person", "Auto-Submitted: no", "x@y.test", false},
		{"a vacation notice of old", "Precedence: junk", "x@y.test", true},
		{"bulk mail", "Precedence: bulk", "x@y.test", true},
		{"what a group passes on", "Precedence: list\nList-Id: <sos.altis.test>", "x@y.test", false},
		{"an auto-responder's own mark", "X-Autoreply: yes", "x@y.test", true},
		{"a mail server by From", "From: MAILER-DAEMON@mx.test (Mail Delivery System)", "x@y.test", true},
		{"a mail server by envelope", "From: x@y.test", "Postmaster@mx.test", true},
		{"an absence in English", "Subject: Automatic reply: down", "x@y.test", true},
		{"an absence in German", "Subject: Abwesenheitsnotiz: weg", "x@y.test", true},
		{"a person who writes of it", "Subject: the out of office is down", "x@y.test", false},
		{"only asks for no answer", "X-Auto-Response-Suppress: All", "x@y.test", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.automatic, scan(tt.header+"\n\nhelp\n", tt.envelope).Automatic != "")
		})
	}
}

func TestFingerprint(t *testing.T) {
	const mail = "Received: by one\nMessage-ID: <1@x>\nFrom: a@x\n\nhelp\n"
	fingerprint := func(mail string) string { return scan(mail, "a@x").Fingerprint }
	same := fingerprint(mail)
	require.Len(t, same, 32)
	require.Equal(t, same, fingerprint("Received: by two\n"+mail), "by another way")
	s := NewScanner()
	_, _ = s.Write([]byte(mail)) // never fails
	require.Equal(t, same, s.Head("a@x").Fingerprint, "with other line ends")
	require.NotEqual(t, same, fingerprint(strings.Replace(mail, "1@x", "2@x", 1)))
	require.NotEqual(t, same, fingerprint(strings.Replace(mail, "a@x", "b@x", 1)))
	require.NotEqual(t, same, fingerprint(strings.Replace(mail, "help", "helping", 1)))
	require.NotEmpty(t, fingerprint("Date: today\n\nhelp\n"))
	require.NotEqual(t, fingerprint("Date: today\n\nhelp\n"), fingerprint("Date: tomorrow\n\nhelp\n"))
	require.Empty(t, fingerprint("From: a@x\n\nhelp\n"), "the next one with this text may be about another outage")
}

func TestEnvelope(t *testing.T) {
	for _, tt := range []struct{ name, mail, from, to string }{
		{
			"as delivered", "Return-Path: <Bounces@shop.test>\nTo: \"x@y.test\" <a@desk.test>, b@desk.test\nCc: c@desk.test\nDelivered-To: D@desk.test\n\nTo: e@desk.test\n",
			"bounces@shop.test", "d@desk.test x@y.test a@desk.test b@desk.test c@desk.test",
		},
		{"a bounce", "Return-Path: <>\nFrom: mailer-daemon@shop.test\n\n", "", ""},
		{"no path", "From: Mia <mia@shop.test>\nX-Original-To: a@desk.test\n", "mia@shop.test", "a@desk.test"},
		{"the first path is the last server's", "Return-Path: <a@shop.test>\nReturn-Path: <>\n\n", "a@shop.test", ""},
		{"nothing", "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := NewScanner()
			_, _ = s.Write([]byte(tt.mail)) // never fails
			from, to := s.Envelope()
			require.Equal(t, tt.from, from)
			require.Equal(t, tt.to, strings.Join(to, " "))
		})
	}
}

func TestText(t *testing.T) {
	tests := []struct{ name, mail, want string }{
		{"plain", "Subject: x\n\nhelp\n", "help"},
		{"quoted", "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nGest=F6rt=\n!\n", "Gestört!"},
		{"unknown charset", "Content-Type: text/plain; charset=x-none\n\nGest\xf6rt\n", "Gestört"},
		{"not what it says", "Content-Type: text/plain; charset=utf-8\n\nGest\xf6rt\n", "Gestört"},
		{
			"plain rather than HTML",
			"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>no</p>\n--b\nContent-Type: text/plain\n\nyes\n--b--\n", "yes",
		},
		{"HTML only", "Content-Type: text/html\n\n<style>x</style><p>All &amp; <b>everything</b></p><p>is down</p>\n", "All & everything\nis down"},
		{
			"not the attachment",
			"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Disposition: attachment\n\nno\n--b\nContent-Type: text/plain\n\nyes\n--b--\n", "yes",
		},
		{"cut off", "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nyes\n", "yes"},
		{"a malformed header", "no header\nSubject: x\n\nhelp\n", "help"},
		{"nothing", "", ""},
		{"only a picture", "Content-Type: image/png\n\nxxxx\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw := []byte(strings.ReplaceAll(tt.mail, "\n", "\r\n"))
			text, _ := Text(raw) // broken mails bring an error with what there is
			require.Equal(t, tt.want, text)
			require.Equal(t, tt.want, Excerpt(raw))
		})
	}
	deep := strings.Repeat("Content-Type: multipart/mixed; boundary=b\n\n--b\n", 1000)
	_, err := Text([]byte(deep))
	require.Error(t, err)
	require.Len(t, []rune(Excerpt([]byte("Subject: x\n\n"+strings.Repeat("ä", 5000)))), excerptRunes)
}

func FuzzMail(f *testing.F) {
	for _, mail := range []string{
		"From: a@x\r\nSubject: y\r\n\r\nhelp\r\n", "From: =?utf-8?b?/w==?= <a@x>\n\n", "\n", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\n",
		"Content-Type: text/html; charset=utf-7\n\n<p", "Content-Transfer-Encoding: base64\n\n=====",
	} {
		f.Add([]byte(mail), "a@x")
	}
	f.Fuzz(func(t *testing.T, mail []byte, envelope string) {
		s := NewScanner()
		_, _ = s.Write(mail) // never fails
		h := s.Head(envelope)
		require.LessOrEqual(t, len(h.Start), maxHeader+maxBody+len(mail))
		require.NotContains(t, h.Subject+h.From+h.FromName, "\n")
		require.Equal(t, envelope == "" || h.Automatic != "", h.Automatic != "")
		found := make(chan string, 1)
		go func() {
			text, _ := Text(mail) // whatever is wrong with it
			found <- text
		}()
		select {
		case text := <-found:
			require.NotContains(t, text, "\x00")
		case <-time.After(10 * time.Second):
			t.Fatal("it does not end")
		}
		again := NewScanner()
		for _, b := range mail {
			_, _ = again.Write([]byte{b}) // never fails
		}
		require.Equal(t, h, again.Head(envelope), "it does not matter in which pieces it came")
	})
}

// No mail is known that does this: whichever it is, what takes mails goes on.
func TestAMailThatPanicsIsUnreadable(t *testing.T) {
	s := NewScanner()
	s.parse = func([]byte) fields { panic("unforeseen") }
	_, err := s.Write([]byte("From: mia@shop.test\r\nSubject: boom\r\n\r\nText"))
	require.NoError(t, err)
	from, to := s.Envelope()
	require.Empty(t, from)
	require.Empty(t, to)
	h := s.Head("mia@shop.test")
	require.True(t, h.Unreadable)
	require.Empty(t, h.Fingerprint, "it is no copy of another one")
	require.Contains(t, string(h.Start), "boom")
	require.False(t, headOf([]byte("From: mia@shop.test\r\n\r\nText"), "mia@shop.test").Unreadable)
}
