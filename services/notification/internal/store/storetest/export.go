package storetest

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/domain/oncall"
	"altis-dxp.com/support/services/notification/internal/store"
)

// export brings a roster into the private database of an emergency mailbox, which is always SQLite, and changes of it, too.
func (s *suite) export(t *testing.T) {
	db, err := sqldb.Open(t.Context(), sqldb.Config{DSN: "sqlite:" + filepath.Join(t.TempDir(), "emergency.db")})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	require.NoError(t, db.Migrate(t.Context(), durable.Migrations(), directory.Migrations(), store.Migrations()))
	private := open(t, db)

	version := ""
	bring := func() {
		t.Helper()
		e, err := s.one.Export(t.Context())
		require.NoError(t, err)
		require.NotEqual(t, version, e.Version, "every change shows")
		version = e.Version
		update(t, private, func(ctx context.Context, tx *store.Tx) error { return tx.Import(ctx, e) })
		got, err := private.Export(t.Context())
		require.NoError(t, err)
		got.Version = e.Version
		require.Equal(t, e, got)
		want, err := s.one.Staff(t.Context())
		require.NoError(t, err)
		for i := range want {
			want[i].Unverified = nil // the mailbox is not told of them
			for j := range want[i].Contacts {
				want[i].Contacts[j].Position = j + 1
			}
		}
		staff, err := private.Staff(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, staff)
	}
	bring()
	again, err := s.one.ExportVersion(t.Context())
	require.NoError(t, err)
	require.Equal(t, version, again)

	start := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	var override oncall.Override
	var contact domain.Contact
	update(t, s.one, func(ctx context.Context, tx *store.Tx) (err error) {
		err = tx.PutSchedule(ctx, oncall.Schedule{ID: "kept", Name: "Kept", Zone: time.UTC, Layers: []oncall.Layer{{Unit: oncall.Day, Length: 1, Start: start, People: []string{"ada"}}}})
		if err != nil {
			return err
		}
		override, err = tx.InsertOverride(ctx, "kept", oncall.Override{Kind: oncall.ReplaceAll, Person: "eve", Start: start, End: start.Add(time.Hour)}, "ada")
		return err
	})
	bring()
	update(t, s.one, func(ctx context.Context, tx *store.Tx) (err error) {
		contact, err = tx.InsertContact(ctx, domain.Contact{Person: "mute", Channel: domain.ChannelWebhook, Address: "https://pager.test/m"}, "whsec_kept")
		return err
	})
	verify(t, s.one, &contact)
	bring()
	person := func(version int64, removed bool) {
		require.NoError(t, s.db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			return directory.Apply(ctx, tx, &eventv1.DirectoryEvent{Version: version, Removed: removed, Entity: &eventv1.DirectoryEvent_Person{
				Person: &eventv1.DirectoryPerson{Id: "new", Name: "New", Email: "new@shop.test", Organization: "shop", Role: "user", Locale: "de"},
			}})
		}))
	}
	person(100, false)
	bring()
	person(101, true)
	bring()
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.DeleteContact(ctx, contact.ID), tx.DeleteOverride(ctx, "kept", override.ID))
	})
	bring()
}
