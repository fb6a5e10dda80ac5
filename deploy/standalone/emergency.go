package standalone

import (
	"context"
	"errors"
	"path/filepath"
	"syscall"
	"time"

	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/services/notification/emergency"
)

const (
	// demoEmergencyAddress takes mails on this machine only, and nothing of a demo leaves it.
	demoEmergencyAddress = "sysops@altis.example"
	demoMailFrom         = "support@altis.example"
)

// emergencyAddresses are those of the mailbox of last resort; without any there is none.
func (c *Config) emergencyAddresses() []string {
	switch {
	case c.Demo:
		return []string{demoEmergencyAddress}
	case len(c.Emergency.Address) > 0:
		return c.Emergency.Address
	case c.Notification.EmergencyAddress != "":
		return []string{c.Notification.EmergencyAddress}
	}
	return nil
}

// emergency is the configuration of the mailbox. Its mail leaves as notification's does.
func (s *Suite) emergency() emergency.Config {
	c, n := s.cfg.Emergency, s.cfg.Notification
	c.Address = s.cfg.emergencyAddresses()
	c.Hold = c.Hold || s.cfg.Hold
	if c.Data == "" {
		c.Data = filepath.Join(s.cfg.Data, "emergency")
	}
	c.MailFrom, c.OutboxDir, c.SMTPAddr, c.SMTPUser, c.SMTPPassword, c.SMTPTLS = n.MailFrom, n.OutboxDir, n.SMTPAddr, n.SMTPUser, n.SMTPPassword, n.SMTPTLS
	c.NoReceipts = c.NoReceipts || n.NoReceipts
	c.Twilio = n.Twilio
	c.AllowPrivateWebhooks = c.AllowPrivateWebhooks || n.AllowPrivateWebhooks || s.cfg.Demo
	if s.cfg.Demo {
		c.MailFrom, c.RosterEvery = demoMailFrom, time.Second // its people come and go while it is filled
	}
	if c.AckBaseURL == "" {
		c.AckBaseURL = "http://" + s.emergencyAck.Addr().String()
	}
	if c.DashboardURL == "" {
		c.DashboardURL = "http://" + s.HTTPAddr()
	}
	return c
}

// listenForEmergencies opens what only the mailbox needs.
func (s *Suite) listenForEmergencies(ctx context.Context) (err error) {
	if len(s.cfg.emergencyAddresses()) == 0 {
		return nil
	}
	listen := func(addr, flag string) (err error) {
		listener, err := lifecycle.Listen(ctx, addr, flag)
		if s.cfg.Demo && errors.Is(err, syscall.EADDRINUSE) {
			// A demo beside another one says which port it has.
			listener, err = lifecycle.Listen(ctx, "127.0.0.1:0", flag)
		}
		if err != nil {
			return err
		}
		s.closeAtEnd(listener, flag)
		if flag == "--emergency-smtp" {
			s.smtp = listener
		} else {
			s.emergencyAck = listener
		}
		return nil
	}
	return errors.Join(listen(s.cfg.Emergency.SMTP, "--emergency-smtp"), listen(s.cfg.Emergency.AckListen, "--emergency-ack-listen"))
}

func (s *Suite) openMailbox(ctx context.Context) error {
	if s.smtp == nil {
		return nil
	}
	db, err := emergency.Open(ctx, s.emergency(), s.telemetry.Logger, s.clock.Now)
	if err != nil {
		return err
	}
	s.mailboxDB = db
	s.cleanups.Push("database of "+emergencyName, func(context.Context) error { return db.Close() })
	return nil
}

// buildMailbox comes after notification, whose transport a demo shares.
func (s *Suite) buildMailbox() (err error) {
	if s.smtp == nil {
		return nil
	}
	deps := emergency.Deps{
		DB: s.mailboxDB, Notification: s.link(emergencyName, notificationName), Ticket: s.link(emergencyName, ticketName),
		Logger: s.telemetry.Logger, Meter: s.telemetry.Meter, Now: s.clock.Now, SMTPListener: s.smtp, AckListener: s.emergencyAck,
	}
	if s.mailer != nil {
		deps.Transport = s.mailer
		deps.LookupTXT = nobodyAnswers{}.LookupTXT
	}
	s.mailbox, err = emergency.New(s.emergency(), deps)
	return err
}

// SMTPAddr is the address of the mailbox of last resort, "" without one.
func (s *Suite) SMTPAddr() string {
	if s.smtp == nil {
		return ""
	}
	return s.smtp.Addr().String()
}
