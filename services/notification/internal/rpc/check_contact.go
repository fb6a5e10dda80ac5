package rpc

import (
	"net/url"

	"altis-dxp.com/support/pkg/fault"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/mailout"
	"altis-dxp.com/support/services/notification/internal/mattermost"
	"altis-dxp.com/support/services/notification/internal/opsgenie"
	"altis-dxp.com/support/services/notification/internal/pagerduty"
	"altis-dxp.com/support/services/notification/internal/teams"
	"altis-dxp.com/support/services/notification/internal/twilio"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

// checkContact returns a contact as it is kept, and its secret.
func (s *onCallServer) checkContact(in *notificationv1.Contact) (c domain.Contact, secret string, err error) {
	c = domain.Contact{Person: in.GetPerson(), Channel: channelOf[in.GetChannel()], Address: in.GetAddress()}
	switch c.Channel {
	case domain.ChannelEmail:
		if mailout.CheckAddress(c.Address) != nil {
			err = fault.InvalidField("contact.address", "ADDRESS_INVALID", "must be an e-mail address")
		}
	case domain.ChannelWebhook:
		secret, err = s.webhookSecret(in)
	case domain.ChannelTeams:
		c.Address, secret, err = s.secretURL(in, teams.CheckURL)
	case domain.ChannelMattermost:
		c.Address, secret, err = s.secretURL(in, mattermost.CheckURL)
	case domain.ChannelSMS:
		c.Address, err = s.phone(in)
	case domain.ChannelOpsgenie:
		secret, err = in.GetSecret(), s.checkKey(in, opsgenie.CheckKey)
	default:
		secret, err = in.GetSecret(), s.checkKey(in, pagerduty.CheckKey)
	}
	return c, secret, err
}

// webhookSecret checks a webhook and returns its signing secret: the caller's own or a new one.
func (s *onCallServer) webhookSecret(in *notificationv1.Contact) (string, error) {
	if err := webhook.CheckURL("contact.address", in.GetAddress(), s.AllowPrivate); err != nil {
		return "", err
	}
	if in.GetSecret() == "" {
		return webhook.NewSecret(), nil
	}
	if err := webhook.CheckSecret(in.GetSecret()); err != nil {
		return "", fault.InvalidField("contact.secret", "SECRET_INVALID", err.Error())
	}
	return in.GetSecret(), nil
}

// secretURL checks a URL that is itself the secret, and returns what may be shown of it beside it.
func (s *onCallServer) secretURL(in *notificationv1.Contact, check func(string) error) (shown, secret string, err error) {
	secret = in.GetAddress()
	if err := webhook.CheckURL("contact.address", secret, s.AllowPrivate); err != nil {
		return "", "", err
	}
	if err := check(secret); err != nil {
		return "", "", fault.InvalidField("contact.address", "URL_INVALID", err.Error())
	}
	if in.GetSecret() != "" {
		return "", "", fault.InvalidField("contact.secret", "SECRET_INVALID", "must be empty: the URL is the secret")
	}
	u, err := url.Parse(secret)
	if err != nil {
		return "", "", err
	}
	last := []rune(secret)
	return u.Scheme + "://" + u.Host + "/…" + string(last[len(last)-4:]), secret, nil
}

// phone checks a phone, and returns its number as it is kept.
func (s *onCallServer) phone(in *notificationv1.Contact) (string, error) {
	if !s.SMS {
		return "", fault.InvalidField("contact.channel", "CHANNEL_UNAVAILABLE", "text messages are not set up: it takes an account of Twilio (--twilio-account)")
	}
	number, err := twilio.Number(in.GetAddress())
	if err != nil {
		return "", fault.InvalidField("contact.address", "PHONE_INVALID", err.Error())
	}
	return number, nil
}

// checkKey checks a contact that has the URL of an API, and a key for it.
func (s *onCallServer) checkKey(in *notificationv1.Contact, check func(string) error) error {
	if err := webhook.CheckURL("contact.address", in.GetAddress(), s.AllowPrivate); err != nil {
		return err
	}
	if err := check(in.GetSecret()); err != nil {
		return fault.InvalidField("contact.secret", "SECRET_INVALID", err.Error())
	}
	return nil
}

// channels are the names of the contract.
var channels = map[domain.Channel]notificationv1.Contact_Channel{
	domain.ChannelWebhook:    notificationv1.Contact_CHANNEL_WEBHOOK,
	domain.ChannelEmail:      notificationv1.Contact_CHANNEL_EMAIL,
	domain.ChannelPagerDuty:  notificationv1.Contact_CHANNEL_PAGERDUTY,
	domain.ChannelTeams:      notificationv1.Contact_CHANNEL_TEAMS,
	domain.ChannelMattermost: notificationv1.Contact_CHANNEL_MATTERMOST,
	domain.ChannelOpsgenie:   notificationv1.Contact_CHANNEL_OPSGENIE,
	domain.ChannelSMS:        notificationv1.Contact_CHANNEL_SMS,
}

// channelOf is the reverse of channels.
var channelOf = func() map[notificationv1.Contact_Channel]domain.Channel {
	reverse := map[notificationv1.Contact_Channel]domain.Channel{}
	for channel, name := range channels {
		reverse[name] = channel
	}
	return reverse
}()
