package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// verify marks a contact as verified.
func verify(t *testing.T, s *store.Store, c *domain.Contact) {
	t.Helper()
	update(t, s, func(ctx context.Context, tx *store.Tx) error {
		p, err := tx.LockProof(ctx, c.ID)
		if err != nil {
			return err
		}
		if p.VerifiedAt, err = tx.Now(ctx); err != nil {
			return err
		}
		c.VerifiedAt = p.VerifiedAt
		return tx.SaveProof(ctx, p)
	})
}

// paged are contacts as pages know them: all are verified.
func paged(contacts []domain.Contact) []domain.Contact {
	out := make([]domain.Contact, len(contacts))
	for i, c := range contacts {
		out[i] = domain.Contact{ID: c.ID, Person: c.Person, Channel: c.Channel, Address: c.Address, Position: c.Position}
	}
	return out
}

func (s *suite) proofs(t *testing.T) {
	var contact domain.Contact
	var want domain.Proof
	update(t, s.one, func(ctx context.Context, tx *store.Tx) (err error) {
		if contact, err = tx.InsertContact(ctx, domain.Contact{Person: "ada", Channel: domain.ChannelWebhook, Address: "https://pager.test/code"}, "whsec_c"); err != nil {
			return err
		}
		p, err := tx.LockProof(ctx, contact.ID)
		require.Equal(t, domain.Proof{Contact: contact.ID}, p)
		if err != nil {
			return err
		}
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		if want, err = p.Another(now); err != nil {
			return err
		}
		want.Tries = 3
		want = want.Tried(want.Round, domain.Attempt{Final: true, Answer: domain.Answer{Kind: domain.AnswerProvider, Said: "404 Not Found"}})
		require.NotZero(t, want.Refused)
		tx.SendCode(contact, want.Round)
		return tx.SaveProof(ctx, want)
	})
	require.Equal(t, 1, s.count(t, `SELECT COUNT(*) FROM tasks WHERE kind = 'contact.code'`))
	c, err := s.other.Coding(t.Context(), contact.ID)
	require.NoError(t, err)
	require.Equal(t, want, c.Proof)
	require.Equal(t, contact, c.To.Contact)
	require.Equal(t, "whsec_c", c.To.Secret)
	require.Equal(t, "Ada", c.To.To.Name)
	require.True(t, c.Valid(c.To.At))
	proofs, now, err := s.other.Proofs(t.Context(), []string{contact.ID, "none"})
	require.NoError(t, err)
	require.Equal(t, map[string]domain.Proof{contact.ID: want}, proofs)
	require.WithinDuration(t, time.Now(), now, time.Minute)
	answered := func(round int64, said string) {
		of := c
		of.Round = round
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
			return tx.CodeAnswered(ctx, of, domain.Attempt{Final: true, Answer: domain.Answer{Kind: domain.AnswerProvider, Said: said}})
		})
	}
	answered(want.Round, "gone")
	answered(want.Round-1, "of the code before")
	proofs, _, err = s.one.Proofs(t.Context(), []string{contact.ID})
	require.NoError(t, err)
	require.Equal(t, "gone", proofs[contact.ID].Refused.Said)
	_, err = s.one.Coding(t.Context(), "none")
	require.ErrorIs(t, err, fault.NotFound)
	err = s.one.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.LockProof(ctx, "none")
		return err
	})
	require.ErrorIs(t, err, fault.NotFound)
	one, err := s.one.SigningKey(t.Context())
	require.NoError(t, err)
	other, err := s.other.SigningKey(t.Context())
	require.NoError(t, err)
	require.Equal(t, one, other)
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteContact(ctx, contact.ID) })
}
