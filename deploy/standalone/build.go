package standalone

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"altis-dxp.com/support/gateway"
	"altis-dxp.com/support/pkg/live"
	"altis-dxp.com/support/services/identity"
	"altis-dxp.com/support/services/notification"
	"altis-dxp.com/support/services/ticket"
	"altis-dxp.com/support/services/triage"
)

// build makes the services and the gateway by their own constructors.
func (s *Suite) build(context.Context) error {
	var hub live.Hub = s.local
	var bell live.Bell = s.local
	if s.hints != nil {
		hub, bell = s.hints, s.hints
	}
	logger, meter := s.telemetry.Logger, s.telemetry.Meter

	cfg := s.cfg.Identity
	key, err := keyEncryptionKey(s.cfg.Data, cfg.KeyEncryptionKey)
	if err != nil {
		return err
	}
	cfg.KeyEncryptionKey = key
	s.identity, err = identity.New(cfg, identity.Deps{
		DB:     s.databases[identityName],
		Ticket: s.link(identityName, ticketName), Triage: s.link(identityName, triageName), Notification: s.link(identityName, notificationName),
		Bell: bell, Redis: s.redis, Logger: logger, Meter: meter, Now: s.clock.Now,
	})
	if err != nil {
		return err
	}
	ticketConfig := s.cfg.Ticket
	ticketConfig.Hold = ticketConfig.Hold || s.cfg.Hold
	ticketConfig.AttachmentsURL, err = attachmentsURL(s.cfg.Data, ticketConfig.AttachmentsURL)
	if err != nil {
		return err
	}
	tickets, err := ticket.New(ticketConfig, ticket.Deps{
		DB:       s.databases[ticketName],
		Identity: s.link(ticketName, identityName), Triage: s.link(ticketName, triageName), Notification: s.link(ticketName, notificationName), Emergency: s.linkToMailbox(ticketName),
		Hub: hub, Bell: bell, Redis: s.redis, Logger: logger, Meter: meter, Now: s.clock.Now,
	})
	if err != nil {
		return err
	}
	triages, err := triage.New(s.cfg.Triage, triage.Deps{
		DB:       s.databases[triageName],
		Identity: s.link(triageName, identityName), Ticket: s.link(triageName, ticketName),
		Bell: bell, Logger: logger, Meter: meter, Now: s.clock.Now,
	})
	if err != nil {
		return err
	}
	notifications, err := s.buildNotification(bell)
	if err != nil {
		return err
	}
	if err := s.buildMailbox(); err != nil {
		return err
	}
	s.addContact = notifications.AddVerifiedContact
	s.services = map[string]service{
		identityName: s.identity, ticketName: tickets, triageName: triages, notificationName: notifications,
	}
	front := s.cfg.Gateway
	front.PlainHTTP = front.PlainHTTP || s.cfg.Demo // a demo is on loopback only
	if addresses := s.cfg.emergencyAddresses(); len(addresses) > 0 {
		front.EmergencyAddress = cmp.Or(front.EmergencyAddress, addresses[0])
	}
	var demoLogins func() ([]gateway.DemoLogin, error)
	if s.cfg.Demo {
		demoLogins = s.demoLogins
	}
	s.gateway, err = gateway.New(front, gateway.Deps{
		Identity: s.link(gatewayName, identityName), Ticket: s.link(gatewayName, ticketName),
		Triage: s.link(gatewayName, triageName), Notification: s.link(gatewayName, notificationName),
		Redis: s.redis, Logger: logger, DemoLogins: demoLogins,
	})
	return err
}

func (s *Suite) buildNotification(bell live.Bell) (*notification.Service, error) {
	cfg := s.cfg.mailIn()
	var err error
	if cfg.ReplyKeys, err = s.replyKeys(); err != nil {
		return nil, err
	}
	deps := notification.Deps{
		DB:       s.databases[notificationName],
		Identity: s.link(notificationName, identityName), Ticket: s.link(notificationName, ticketName), Emergency: s.linkToMailbox(notificationName),
		Bell: bell, Logger: s.telemetry.Logger, Meter: s.telemetry.Meter, Now: s.clock.Now, AckListener: s.ack, MailListener: s.mails,
	}
	cfg.AckBaseURL = cmp.Or(cfg.AckBaseURL, "http://"+s.AckAddr())
	cfg.DashboardURL = cmp.Or(cfg.DashboardURL, "http://"+s.HTTPAddr())
	if addresses := s.cfg.emergencyAddresses(); len(addresses) > 0 {
		cfg.EmergencyAddress = cmp.Or(cfg.EmergencyAddress, addresses[0])
	}
	if s.cfg.Demo {
		cfg.MailFrom, cfg.EmergencyAddress = demoMailFrom, demoEmergencyAddress
		cfg.AllowPrivateWebhooks = true // its own receiver
		outbox, err := notification.NewOutbox(s.cfg.outbox())
		if err != nil {
			return nil, err
		}
		s.mailer = &muted{Transport: outbox}
		deps.Transport = s.mailer
		deps.DNS = nobodyAnswers{}
	}
	return notification.New(cfg, deps)
}

// keyEncryptionKey returns the given key, or the one kept beside the databases.
func keyEncryptionKey(dir, given string) (string, error) {
	if given != "" {
		return given, nil
	}
	path := filepath.Join(dir, "identity.key")
	kept, err := os.ReadFile(path)
	if err == nil {
		return string(kept), nil
	}
	if !os.IsNotExist(err) {
		return "", fmt.Errorf("the key of the signing keys: %w", err)
	}
	key := newKey()
	if err := os.WriteFile(path, []byte(key), 0o600); err != nil {
		return "", fmt.Errorf("the key of the signing keys: %w", err)
	}
	return key, nil
}

// attachmentsURL is a folder beside the databases unless another place is named.
func attachmentsURL(data, given string) (string, error) {
	if given != "" {
		return given, nil
	}
	data, err := filepath.Abs(data)
	if err != nil {
		return "", err
	}
	u := url.URL{Scheme: "file", Path: filepath.Join(data, "attachments")}
	return u.String(), nil
}
