package rpc

import (
	"context"

	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// TestContact implements notificationv1.OnCallServiceServer.
func (s *onCallServer) TestContact(ctx context.Context, req *notificationv1.TestContactRequest) (*notificationv1.TestContactResponse, error) {
	u, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.ownContact(ctx, req.GetContact())
	if err != nil {
		return nil, err
	}
	if c.VerifiedAt.IsZero() {
		return nil, domain.ErrUnverified()
	}
	names, err := s.Store.Names(ctx, []string{c.Person, u.ID})
	if err != nil {
		return nil, err
	}
	test := domain.ContactTest{ID: s.NewID(), To: named(names, c.Person), Tester: named(names, u.ID)}
	err = s.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		if test.Contact, test.Secret, err = tx.BeginTest(ctx, c.ID); err != nil {
			return err
		}
		test.At, err = tx.Now(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	a := s.Tester.TestContact(ctx, test)
	return &notificationv1.TestContactResponse{Accepted: a.Accepted, Answer: answer(a.Answer)}, nil
}
