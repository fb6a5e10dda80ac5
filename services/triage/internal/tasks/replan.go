package tasks

import (
	"context"
	"log/slog"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/triage/internal/domain"
	"altis-dxp.com/support/services/triage/internal/store"
)

const (
	replanEvery = 5 * time.Second
	replanChunk = 100
)

// Run plans open tickets anew when their organization's plan has changed, looking every five seconds until ctx ends. It
// returns nil. It compares what is with what should be, so that it does not matter how the change became known, nor that a
// round is missed or another replica does the same.
func (t *Tasks) Run(ctx context.Context) error {
	tick := time.NewTicker(replanEvery)
	defer tick.Stop()
	for {
		if err := t.Replan(ctx); err != nil && ctx.Err() == nil {
			t.Logger.WarnContext(ctx, "tickets of changed plans cannot be read", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Replan is one round of Run. A ticket that fails is left to the next round.
func (t *Tasks) Replan(ctx context.Context) error {
	for after := int64(0); ; {
		moved, err := store.New(t.DB).Moved(ctx, after, replanChunk)
		if err != nil {
			return err
		}
		for _, m := range moved {
			after = m.Number
			if err := t.replanTicket(ctx, m); err != nil {
				t.Logger.WarnContext(ctx, "ticket not planned anew", slog.Int64("ticket", m.Number), slog.Any("error", err))
			}
		}
		if len(moved) < replanChunk {
			return nil
		}
	}
}

func (t *Tasks) replanTicket(ctx context.Context, m store.Moved) error {
	return t.Queue.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *durable.Tx) error {
		known, err := store.In(tx).Ticket(ctx, m.Number)
		if err != nil || known.Plan == m.Plan {
			return err
		}
		ticket, answer := domain.Replan(known, m.Plan)
		return t.save(ctx, tx, ticket, answer)
	})
}
