package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/domain/oncall"
	"altis-dxp.com/support/services/notification/internal/store"
)

func (s *suite) rules(t *testing.T) {
	none, err := s.one.Rules(t.Context(), "mute")
	require.NoError(t, err)
	require.Equal(t, domain.Rules{}, none)
	contacts := make([]domain.Contact, 3)
	for i, address := range []string{"https://pager.test/1", "https://pager.test/2", "https://pager.test/3"} {
		update(t, s.one, func(ctx context.Context, tx *store.Tx) (err error) {
			contacts[i], err = tx.InsertContact(ctx, domain.Contact{Person: "mute", Channel: domain.ChannelWebhook, Address: address}, "whsec_"+address)
			return err
		})
		verify(t, s.one, &contacts[i])
	}
	want := domain.Rules{
		Urgent: []domain.RuleStep{{Contact: contacts[2].ID}, {Contact: contacts[0].ID, After: 90 * time.Second}},
		Normal: []domain.RuleStep{{Contact: contacts[0].ID}},
		Quiet: oncall.Hours{Zone: "Asia/Kathmandu", Parts: []oncall.Restriction{
			{Weekdays: []time.Weekday{time.Saturday, time.Sunday}, From: 22 * time.Hour, Until: 7*time.Hour + 30*time.Minute},
		}},
	}
	before, err := s.other.ExportVersion(t.Context())
	require.NoError(t, err)
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		locked, err := tx.LockRules(ctx, "mute")
		require.Equal(t, domain.Rules{}, locked)
		if err != nil {
			return err
		}
		entered, err := tx.ContactsOf(ctx, "mute")
		require.Equal(t, contacts, entered)
		if err != nil {
			return err
		}
		return tx.PutRules(ctx, "mute", want)
	})
	after, err := s.other.ExportVersion(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, before, after, "the mailbox must hear of the order")
	got, err := s.other.Rules(t.Context(), "mute")
	require.NoError(t, err)
	require.Equal(t, want, got)
	reach, err := s.other.Reach(t.Context(), []string{"mute"})
	require.NoError(t, err)
	require.Equal(t, want, reach[0].Rules)
	require.Equal(t, paged(contacts), reach[0].Contacts, "in the order of their positions")

	e, err := s.other.Export(t.Context())
	require.NoError(t, err)
	var exported []string
	for _, c := range e.Contacts {
		if c.Person == "mute" {
			require.Equal(t, len(exported)+1, c.Position)
			require.Equal(t, "whsec_"+c.Address, c.Secret)
			exported = append(exported, c.ID)
		}
	}
	require.Equal(t, []string{contacts[2].ID, contacts[0].ID, contacts[1].ID}, exported)

	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteContact(ctx, contacts[0].ID) })
	got, err = s.other.Rules(t.Context(), "mute")
	require.NoError(t, err)
	want.Urgent, want.Normal = want.Urgent[:1], nil
	require.Equal(t, want, got)
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.DeleteContact(ctx, contacts[1].ID); err != nil {
			return err
		}
		if err := tx.DeleteContact(ctx, contacts[2].ID); err != nil {
			return err
		}
		return tx.PutRules(ctx, "mute", domain.Rules{})
	})
	got, err = s.other.Rules(t.Context(), "mute")
	require.NoError(t, err)
	require.Equal(t, domain.Rules{}, got)
}

func (s *suite) unreadableRules(t *testing.T) {
	var contact domain.Contact
	update(t, s.one, func(ctx context.Context, tx *store.Tx) (err error) {
		contact, err = tx.InsertContact(ctx, domain.Contact{Person: "mute", Channel: domain.ChannelWebhook, Address: "https://pager.test/unread"}, "whsec_u")
		return err
	})
	verify(t, s.one, &contact)
	exec := func(statement string) {
		require.NoError(t, s.db.Do(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, statement)
			return err
		}))
	}
	exec(`INSERT INTO notification_rules (person, document) VALUES ('mute', 'x') ON CONFLICT (person) DO UPDATE SET document = excluded.document`)
	reach, err := s.one.Reach(t.Context(), []string{"ada", "mute"})
	require.NoError(t, err)
	require.Len(t, reach, 2, "the others, too")
	require.Equal(t, domain.Rules{}, reach[1].Rules)
	require.Equal(t, paged([]domain.Contact{contact}), reach[1].Contacts)
	staff, err := s.one.Staff(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, staff)
	e, err := s.one.Export(t.Context())
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(e.Contacts, func(c store.SecretContact) bool { return c.ID == contact.ID }))

	want := domain.Rules{Urgent: []domain.RuleStep{{Contact: contact.ID}}}
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.LockRules(ctx, "mute"); err != nil {
			return err
		}
		return tx.PutRules(ctx, "mute", want)
	})
	got, err := s.one.Rules(t.Context(), "mute")
	require.NoError(t, err)
	require.Equal(t, want, got, "they can be mended")
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteContact(ctx, contact.ID) })
}
