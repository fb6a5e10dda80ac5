package testkit_test

import (
	"net/smtp"
	"net/textproto"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
)

const message = "From: Jo <jo@example.com>\r\n" +
	"To: support@example.net\r\n" +
	"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n" +
	"MIME-Version: 1.0\r\n" +
	"Content-Type: multipart/mixed; boundary=b\r\n" +
	"\r\n" +
	"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nder Stra=C3=9Fe\r\n" +
	"--b\r\nContent-Type: text/html\r\n\r\n<p>Hi</p>\r\n" +
	"--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=a.csv\r\nContent-Transfer-Encoding: base64\r\n\r\nYSxi\r\n" +
	"--b--\r\n"

func send(sink *testkit.Sink, to ...string) error {
	return smtp.SendMail(sink.Addr, nil, "jo@example.com", to, []byte(message))
}

func TestSinkKeepsEnvelopeAndMessage(t *testing.T) {
	sink := testkit.SMTPSink(t)
	require.NoError(t, send(sink, "a@example.net", "b@example.net"))
	mails := sink.Messages()
	require.Len(t, mails, 1)
	require.Equal(t, "jo@example.com", mails[0].From)
	require.Equal(t, []string{"a@example.net", "b@example.net"}, mails[0].To)
	require.Equal(t, message, string(mails[0].Data))

	parts := mails[0].Parse(t)
	subject, err := parts.Header.Subject()
	require.NoError(t, err)
	require.Equal(t, "Grüße", subject)
	require.Equal(t, "der Straße", strings.TrimSpace(parts.Text))
	require.Equal(t, "<p>Hi</p>", strings.TrimSpace(parts.HTML))
	require.Equal(t, []testkit.Attachment{{Name: "a.csv", Type: "text/csv", Content: []byte("a,b")}}, parts.Attachments)
}

func TestSinkRefusesARecipient(t *testing.T) {
	sink := testkit.SMTPSink(t)
	sink.Refuse("Gone@example.net", 550)
	var answer *textproto.Error
	require.ErrorAs(t, send(sink, "gone@example.net"), &answer)
	require.Equal(t, 550, answer.Code)
	require.Contains(t, answer.Msg, "<gone@example.net>")
	require.Empty(t, sink.Messages())

	sink.Refuse("gone@example.net", 0)
	require.NoError(t, send(sink, "gone@example.net"))
	require.Len(t, sink.Messages(), 1)
}

func TestSinkGoesDownAndUpOnTheSamePort(t *testing.T) {
	sink := testkit.SMTPSink(t)
	sink.Down()
	sink.Down()
	require.ErrorIs(t, send(sink, "a@example.net"), syscall.ECONNREFUSED)
	sink.Up()
	require.NoError(t, send(sink, "a@example.net"))
	require.Len(t, sink.Messages(), 1)
}

func TestSinkDelaysItsAnswer(t *testing.T) {
	sink := testkit.SMTPSink(t)
	sink.Delay(30 * time.Millisecond)
	start := time.Now()
	require.NoError(t, send(sink, "a@example.net"))
	require.GreaterOrEqual(t, time.Since(start), 30*time.Millisecond)

	sink.Delay(time.Hour)
	sent := make(chan error, 1)
	go func() { sent <- send(sink, "a@example.net") }()
	require.Empty(t, sent)
	sink.Down()
	require.Error(t, <-sent)
	require.Len(t, sink.Messages(), 1)
}
