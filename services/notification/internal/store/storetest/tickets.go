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
		hidden   bool
		wantEnd  int64
		wantHid  int64
	}{{5, false, false, 0, 0}, {9, true, false, 9, 0}, {7, true, true, 9, 7}, {6, false, true, 9, 7}, {8, false, false, 9, 7}}
	for _, step := range steps {
		update(t, s.one, func(ctx context.Context, tx *store.Tx) error {
			got, err := tx.TouchTicket(ctx, store.TicketState{Number: 1, Sequence: step.sequence, Ended: step.ended, Hidden: step.hidden, Snapshot: time.Duration(step.sequence).String()})
			require.Equal(t, step.wantEnd, got.EndedBy)
			require.Equal(t, step.wantHid, got.HiddenBy)
			return err
		})
	}
	update(t, s.other, func(ctx context.Context, tx *store.Tx) error {
		got, err := tx.Ticket(ctx, 1)
		require.Equal(t, store.TicketState{Number: 1, Sequence: 9, Snapshot: "9ns"}, got)
		return err
	})
}
