package rpc

import (
	"context"

	"google.golang.org/protobuf/types/known/emptypb"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/cursor"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/mailout"
	"altis-dxp.com/support/services/notification/internal/pagerduty"
	"altis-dxp.com/support/services/notification/internal/store"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

// supervises reports whether the user may see and change the contacts of others.
func supervises(u *auth.User) bool {
	return u.Staff && (u.Role == auth.RoleSupervisor || u.Role == auth.RoleAdmin)
}

// ListContacts implements notificationv1.OnCallServiceServer.
func (s *onCallServer) ListContacts(ctx context.Context, req *notificationv1.ListContactsRequest) (*notificationv1.ListContactsResponse, error) {
	u, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	who := req.GetPerson()
	if !supervises(u) {
		if who != "" && who != u.ID {
			return nil, notYours()
		}
		who = u.ID
	}
	contacts, next, err := cursor.Page(req, "contacts "+who, defaultPage, maxPage, func(after store.ContactPosition, n int) ([]domain.Contact, error) {
		return s.Store.Contacts(ctx, who, after, n)
	}, func(c domain.Contact) store.ContactPosition {
		return store.ContactPosition{Person: c.Person, Position: c.Position}
	})
	if err != nil {
		return nil, err
	}
	response := &notificationv1.ListContactsResponse{NextPageToken: next}
	for _, c := range contacts {
		response.Contacts = append(response.Contacts, contact(c))
	}
	return response, nil
}

// CreateContact implements notificationv1.OnCallServiceServer.
func (s *onCallServer) CreateContact(ctx context.Context, req *notificationv1.CreateContactRequest) (*notificationv1.Contact, error) {
	u, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	in := req.GetContact()
	if in.GetPerson() != u.ID && !supervises(u) {
		return nil, notYours()
	}
	names, err := s.Store.Names(ctx, []string{in.GetPerson()})
	if err != nil {
		return nil, err
	}
	if !names[in.GetPerson()].Staff {
		return nil, fault.InvalidField("contact.person", "PERSON_UNKNOWN", "is not staff")
	}
	c := domain.Contact{Person: in.GetPerson(), Address: in.GetAddress()}
	var secret string
	switch in.GetChannel() {
	case notificationv1.Contact_CHANNEL_WEBHOOK:
		c.Channel = domain.ChannelWebhook
		if secret, err = s.webhookSecret(in); err != nil {
			return nil, err
		}
	case notificationv1.Contact_CHANNEL_PAGERDUTY:
		c.Channel, secret = domain.ChannelPagerDuty, in.GetSecret()
		if err := s.checkPagerDuty(in); err != nil {
			return nil, err
		}
	default:
		c.Channel = domain.ChannelEmail
		if mailout.CheckAddress(c.Address) != nil {
			return nil, fault.InvalidField("contact.address", "ADDRESS_INVALID", "must be an e-mail address")
		}
	}
	var made domain.Contact
	err = s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		made, err = tx.InsertContact(ctx, c, secret)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := contact(made)
	out.Secret = secret
	return out, nil
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

func (s *onCallServer) checkPagerDuty(in *notificationv1.Contact) error {
	if err := webhook.CheckURL("contact.address", in.GetAddress(), s.AllowPrivate); err != nil {
		return err
	}
	if err := pagerduty.CheckKey(in.GetSecret()); err != nil {
		return fault.InvalidField("contact.secret", "SECRET_INVALID", err.Error())
	}
	return nil
}

// DeleteContact implements notificationv1.OnCallServiceServer.
func (s *onCallServer) DeleteContact(ctx context.Context, req *notificationv1.DeleteContactRequest) (*emptypb.Empty, error) {
	u, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.Store.Contact(ctx, req.GetContact())
	if err != nil {
		return nil, err
	}
	if c.Person != u.ID && !supervises(u) {
		return nil, notYours()
	}
	err = s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteContact(ctx, c.ID) })
	return &emptypb.Empty{}, err
}

func notYours() error {
	return fault.New(fault.Denied, "NOT_YOUR_CONTACT", "only supervisors see and change the contacts of others")
}

func contact(c domain.Contact) *notificationv1.Contact {
	return &notificationv1.Contact{Id: c.ID, Person: c.Person, Channel: channels[c.Channel], Address: c.Address, Position: int32(c.Position)}
}

// channels are the names of the contract.
var channels = map[domain.Channel]notificationv1.Contact_Channel{
	domain.ChannelWebhook:   notificationv1.Contact_CHANNEL_WEBHOOK,
	domain.ChannelEmail:     notificationv1.Contact_CHANNEL_EMAIL,
	domain.ChannelPagerDuty: notificationv1.Contact_CHANNEL_PAGERDUTY,
}
