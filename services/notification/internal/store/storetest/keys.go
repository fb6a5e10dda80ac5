package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

func (s *suite) keys(t *testing.T) {
	failed := errors.New("rolled back")
	err := s.one.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		key, err := tx.AckKey(ctx)
		require.NoError(t, err)
		again, err := tx.AckKey(ctx)
		require.NoError(t, err)
		require.Equal(t, key, again)
		return failed
	})
	require.ErrorIs(t, err, failed)
	var keys []domain.AckKey
	for _, st := range []*store.Store{s.other, s.one, s.other} {
		update(t, st, func(ctx context.Context, tx *store.Tx) error {
			key, err := tx.AckKey(ctx)
			keys = append(keys, key)
			return err
		})
	}
	require.Len(t, keys[0].Secret, 32)
	require.Equal(t, keys[0], keys[1], "the one that was rolled back is not used")
	require.Equal(t, keys[0], keys[2])
	got, err := s.one.AckKey(t.Context(), keys[0].ID)
	require.NoError(t, err)
	require.Equal(t, keys[0], got)
	_, err = s.one.AckKey(t.Context(), 200)
	require.ErrorIs(t, err, fault.NotFound)
}
