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
	"altis-dxp.com/support/services/notification/internal/store"
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
	return response, s.addCodes(ctx, response.GetContacts()...)
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
	made, err := s.addContact(ctx, in, anotherCode)
	if err != nil {
		return nil, err
	}
	return s.coded(ctx, made), nil
}

// AddVerifiedContact adds a contact as if its code had been entered.
func AddVerifiedContact(ctx context.Context, d Deps, in *notificationv1.Contact) (*notificationv1.Contact, error) {
	return (&onCallServer{Deps: d}).addContact(ctx, in, func(ctx context.Context, tx *store.Tx, c domain.Contact) error {
		proof, err := tx.LockProof(ctx, c.ID)
		if err != nil {
			return err
		}
		if proof.VerifiedAt, err = tx.Now(ctx); err != nil {
			return err
		}
		return tx.SaveProof(ctx, proof)
	})
}

// addContact checks a contact and adds it; then is part of the same transaction.
func (s *onCallServer) addContact(
	ctx context.Context, in *notificationv1.Contact, then func(context.Context, *store.Tx, domain.Contact) error,
) (*notificationv1.Contact, error) {
	names, err := s.Store.Names(ctx, []string{in.GetPerson()})
	if err != nil {
		return nil, err
	}
	if !names[in.GetPerson()].Staff {
		return nil, fault.InvalidField("contact.person", "PERSON_UNKNOWN", "is not staff")
	}
	c, secret, err := s.checkContact(in)
	if err != nil {
		return nil, err
	}
	var made domain.Contact
	err = s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		if made, err = tx.InsertContact(ctx, c, secret); err != nil {
			return err
		}
		return then(ctx, tx, made)
	})
	if err != nil {
		return nil, err
	}
	out := contact(made)
	if made.Channel != domain.ChannelTeams && made.Channel != domain.ChannelMattermost { // there it is the URL
		out.Secret = secret
	}
	return out, nil
}

// DeleteContact implements notificationv1.OnCallServiceServer.
func (s *onCallServer) DeleteContact(ctx context.Context, req *notificationv1.DeleteContactRequest) (*emptypb.Empty, error) {
	c, err := s.ownContact(ctx, req.GetContact())
	if err != nil {
		return nil, err
	}
	err = s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		if err := notLast(ctx, tx, c); err != nil {
			return err
		}
		return tx.DeleteContact(ctx, c.ID)
	})
	return &emptypb.Empty{}, err
}

// notLast refuses the last verified contact of somebody whom the escalation policy names: what is to be changed first is the
// policy, or the person has another contact.
func notLast(ctx context.Context, tx *store.Tx, c domain.Contact) error {
	if c.VerifiedAt.IsZero() {
		return nil
	}
	roster, err := tx.LockRoster(ctx)
	if err != nil || roster.Policy == nil || !roster.Policy.NamesPerson(c.Person) {
		return err
	}
	reach, err := tx.Reach(ctx, []string{c.Person})
	if err != nil || len(reach) == 0 || len(reach[0].Contacts) > 1 {
		return err
	}
	return fault.New(fault.Precondition, "LAST_CONTACT", "the escalation policy names this person, who has no other verified contact")
}

func notYours() error {
	return fault.New(fault.Denied, "NOT_YOUR_CONTACT", "only supervisors see and change the contacts of others")
}

func contact(c domain.Contact) *notificationv1.Contact {
	return &notificationv1.Contact{
		Id: c.ID, Person: c.Person, Channel: channels[c.Channel], Address: c.Address, Position: int32(c.Position),
		VerifyTime: stamp(c.VerifiedAt),
	}
}
