package notification

import (
	"cmp"
	"errors"
	"strings"

	"altis-dxp.com/support/services/notification/internal/mailout"
	"altis-dxp.com/support/services/notification/internal/settings"
)

// checkInbound is about mails that come in. It opens nothing.
func (c Config) checkInbound() error {
	if c.MailListen == "" {
		return nil
	}
	switch {
	case c.ReplyDomain == "" && c.MailSupportAddress == "":
		return errors.New("needs --reply-domain or --mail-support-address: mails are taken for those only")
	case c.MailBlob == "":
		return errors.New("needs --mail-blob, where mails are kept")
	case (c.MailCert == "") != (c.MailKey == ""):
		return errors.New("a certificate and its key come together: --mail-cert and --mail-key")
	case c.MailResolver != "" && settings.Address(c.MailResolver) != nil:
		return errors.New("--mail-resolver: must be host:port")
	}
	return settings.Address(c.MailListen)
}

// checkIMAP is about the mailbox whose mails are fetched.
func (c Config) checkIMAP() error {
	if c.IMAPAddr == "" {
		return nil
	}
	switch {
	case c.MailSupportAddress == "":
		return errors.New("needs --mail-support-address, whose mailbox it is")
	case c.MailBlob == "":
		return errors.New("needs --mail-blob, where mails are kept")
	case c.IMAPUser == "" || c.IMAPPassword == "":
		return errors.New("needs --imap-user and --imap-password")
	}
	return settings.Address(c.IMAPAddr)
}

// hostname is how the listener for mails calls itself.
func (c Config) hostname() string {
	if c.MailHostname != "" {
		return c.MailHostname
	}
	return cmp.Or(c.ReplyDomain, c.MailSupportAddress[strings.LastIndexByte(c.MailSupportAddress, '@')+1:])
}

// checkSupport is about the address of the desk, which others must not share: their mails never become tickets.
func (c Config) checkSupport() error {
	domainOf := c.MailSupportAddress[strings.LastIndexByte(c.MailSupportAddress, '@')+1:]
	switch {
	case c.EmergencyAddress != "" && strings.EqualFold(c.MailSupportAddress, c.EmergencyAddress):
		return errors.New("must not be --emergency-address, whose mails page")
	case c.ReplyDomain != "" && strings.EqualFold(domainOf, c.ReplyDomain):
		return errors.New("must not be an address of --reply-domain")
	}
	return mailout.CheckAddress(c.MailSupportAddress)
}
