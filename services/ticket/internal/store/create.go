package store

import (
	"context"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// Create implements domain.Store. On PostgreSQL it is one statement, tasks
// included, and so one round trip.
func (s *Store) Create(ctx context.Context, c domain.Change) error {
	op := sqldb.Op{Page: c.BecameUrgent()}
	// Attachments must be looked at before all is done.
	if !s.postgres || len(c.Message.Attachments) > 0 {
		return s.update(ctx, op, func(ctx context.Context, tx *tx) error { return tx.Save(ctx, c) })
	}
	batch := s.Queue.Prepare(s.Follow.Specs(ctx, c)...)
	w := s.change(c, nil)
	w.args[0] = append(w.args[0], batch.JSON())
	w.add("INSERT INTO tasks (" + durable.RowColumns() + ") " + durable.RowSelect(sqldb.Postgres, len(w.args[0])) + w.gate())
	if err := s.DB.Do(ctx, op, w.run); err != nil {
		batch.Discard()
		return err
	}
	batch.Committed()
	s.Committed(ctx, c)
	return nil
}
