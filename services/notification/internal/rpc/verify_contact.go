package rpc

import (
	"context"

	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// ownContact returns a contact of the caller's, or anybody's to who supervises.
func (s *onCallServer) ownContact(ctx context.Context, id string) (domain.Contact, error) {
	u, err := caller(ctx)
	if err != nil {
		return domain.Contact{}, err
	}
	c, err := s.Store.Contact(ctx, id)
	if err == nil && c.Person != u.ID && !supervises(u) {
		err = notYours()
	}
	return c, err
}

// VerifyContact implements notificationv1.OnCallServiceServer.
func (s *onCallServer) VerifyContact(ctx context.Context, req *notificationv1.VerifyContactRequest) (*notificationv1.Contact, error) {
	c, err := s.ownContact(ctx, req.GetContact())
	if err != nil {
		return nil, err
	}
	var refused error
	err = s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		proof, err := tx.LockProof(ctx, c.ID)
		if err != nil {
			return err
		}
		key, err := tx.AckKey(ctx)
		if err != nil {
			return err
		}
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		proof, refused = proof.Enter(req.GetCode(), key, now)
		c.VerifiedAt = proof.VerifiedAt
		return tx.SaveProof(ctx, proof) // a wrong code counts
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return nil, err
	}
	return contact(c), nil // verified: nothing is to be said of its code
}

// SendContactCode implements notificationv1.OnCallServiceServer.
func (s *onCallServer) SendContactCode(ctx context.Context, req *notificationv1.SendContactCodeRequest) (*notificationv1.Contact, error) {
	c, err := s.ownContact(ctx, req.GetContact())
	if err != nil {
		return nil, err
	}
	err = s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error { return anotherCode(ctx, tx, c) })
	if err != nil {
		return nil, err
	}
	return s.coded(ctx, contact(c)), nil
}

// coded sends a contact its code, once, and returns it with what came of that: if it was refused for good, whoever asked for
// the code would wait in vain. It is no fault if it cannot: the contact is kept, and a task goes on.
func (s *onCallServer) coded(ctx context.Context, out *notificationv1.Contact) *notificationv1.Contact {
	coding, err := s.Store.Coding(ctx, out.GetId())
	if err != nil {
		return out
	}
	key, err := s.Store.SigningKey(ctx)
	if err != nil {
		return out
	}
	a := s.Tester.TestContact(ctx, coding.Message(key))
	err = s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error { return tx.CodeTried(ctx, coding, a) })
	if err == nil {
		_ = s.addCodes(ctx, out) // lists say it as well
	}
	return out
}

// addCodes says of contacts that are not verified what can be done with their codes.
func (s *onCallServer) addCodes(ctx context.Context, contacts ...*notificationv1.Contact) error {
	var ids []string
	for _, c := range contacts {
		if c.GetVerifyTime() == nil {
			ids = append(ids, c.GetId())
		}
	}
	if len(ids) == 0 {
		return nil
	}
	proofs, now, err := s.Store.Proofs(ctx, ids)
	if err != nil {
		return err
	}
	for _, c := range contacts {
		p, ok := proofs[c.GetId()]
		if !ok || p.Round == 0 || !p.VerifiedAt.IsZero() {
			continue
		}
		c.CodeTriesLeft, c.CodeExpireTime, c.NextCodeTime = int32(p.TriesLeft(now)), stamp(p.Expires()), stamp(p.NextCode())
		c.CodeAnswer = answer(p.Refused)
	}
	return nil
}

// anotherCode has a code sent to a contact, and voids the one before.
func anotherCode(ctx context.Context, tx *store.Tx, c domain.Contact) error {
	proof, err := tx.LockProof(ctx, c.ID)
	if err != nil {
		return err
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	if proof, err = proof.Another(now); err != nil {
		return err
	}
	tx.SendCode(c, proof.Round)
	return tx.SaveProof(ctx, proof)
}
