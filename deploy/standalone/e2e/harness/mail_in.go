package harness

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"altis-dxp.com/support/pkg/testkit"
)

// SupportAddress is where a mail becomes a ticket.
const SupportAddress = "help@desk.example"

// takeMails are the flags by which notification takes mails that come in, which begin with prefix.
func (s *Suite) takeMails(t testing.TB, prefix string) []string {
	t.Helper()
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	secret := base64.StdEncoding.EncodeToString(key)
	s.secrets.add("the key of reply addresses", secret)
	s.DNS = testkit.NewDNS(t)
	return []string{
		prefix + "reply-domain=reply.desk.example", prefix + "reply-keys=1:" + secret, prefix + "mail-listen=" + s.Inbox,
		prefix + "mail-blob=file://" + t.TempDir(), prefix + "mail-resolver=" + s.DNS.Addr,
		prefix + "mail-support-address=" + SupportAddress,
	}
}

// Mail has a mail server deliver a mail that comes in. nil means that it was accepted.
func (s *Suite) Mail(from, to, mail string) error {
	c, err := smtp.Dial(s.Inbox)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SendMail(from, []string{to}, strings.NewReader(strings.ReplaceAll(mail, "\n", "\r\n"))); err != nil {
		return err
	}
	_ = c.Quit() // it has been accepted
	return nil
}
