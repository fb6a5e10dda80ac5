package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// unsent finds the three deliveries of page p3, which are all queued, until something is known of each.
func (s *suite) unsent(t *testing.T, attempted, passedOn, over domain.Delivery) {
	found := func(age time.Duration) (ids []string) {
		rows, err := s.other.Unsent(t.Context(), age, 0, 0)
		require.NoError(t, err)
		for _, row := range rows {
			require.Equal(t, "p3", row.Page)
			ids = append(ids, row.Delivery)
		}
		return ids
	}
	set := func(statement string, args ...any) {
		require.NoError(t, s.db.Do(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, statement, args...)
			return err
		}))
	}
	set(`UPDATE page_deliveries SET created_at = altis_now() - 10000000 WHERE id <> $1`, over.ID)
	set(`UPDATE page_deliveries SET created_at = altis_now() - 5000000 WHERE id = $1`, over.ID)
	require.Equal(t, over.ID, found(time.Second)[2], "the oldest first")
	require.ElementsMatch(t, []string{attempted.ID, passedOn.ID}, found(8*time.Second))

	passOn := func(st *store.Store) (first bool) {
		update(t, st, func(ctx context.Context, tx *store.Tx) (err error) {
			first, err = tx.PassOn(ctx, passedOn.ID)
			return err
		})
		return first
	}
	require.True(t, passOn(s.one))
	require.False(t, passOn(s.other), "once")
	attempted.Attempts = 1
	update(t, s.one, func(ctx context.Context, tx *store.Tx) error { return tx.SaveDelivery(ctx, attempted) })
	require.Equal(t, []string{over.ID}, found(time.Second))
	set(`UPDATE pages SET state = 'acknowledged' WHERE id = 'p3'`)
	require.Empty(t, found(time.Second), "nobody waits")

	set(`UPDATE pages SET state = 'paging' WHERE id = 'p3'`)
	set(`UPDATE page_deliveries SET attempts = 0, created_at = $1`, sqldb.Micros(attempted.CreatedAt))
}
