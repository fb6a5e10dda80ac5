package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/notification/internal/store"
)

func (s *suite) tickets(t *testing.T) {
	steps := []struct {
		sequence int64
		ended    bool
		wantEnd  int64
	}{{5, false, 0}, {9, true, 9}, {7, true, 9}, {6, false, 9}}
	for _, step := range steps {
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
			got, _, err := tx.TouchTicket(ctx, store.TicketState{Number: 1, Sequence: step.sequence, Ended: step.ended, Snapshot: time.Duration(step.sequence).String()})
			require.Equal(t, step.wantEnd, got)
			return err
		})
	}
	update(t, s.other, func(ctx context.Context, tx *store.Tx) error {
		got, err := tx.Ticket(ctx, 1)
		require.Equal(t, store.TicketState{Number: 1, Sequence: 9, Snapshot: "9ns"}, got)
		return err
	})
}
