package store

import (
	"context"
	"errors"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// hangsOn are the tables whose rows belong to a ticket, by its number. Those that
// refer to others come first.
var hangsOn = []string{"requests", "ticket_reads", "ticket_ccs", "attachments", "messages", "ticket_events"}

// purgeChunk is how many tickets are looked up at once.
const purgeChunk = 100

// Purge removes the tickets that were deleted before an instant, with all that
// hangs on them, each in a transaction of its own. A row says which and by whom.
func (s *Store) Purge(ctx context.Context, before time.Time) error {
	for {
		numbers, err := s.purgeable(ctx, before)
		if err != nil || len(numbers) == 0 {
			return err
		}
		for _, number := range numbers {
			if err := s.purge(ctx, number, before); err != nil {
				return err
			}
		}
	}
}

func (s *Store) purgeable(ctx context.Context, before time.Time) (numbers []int64, err error) {
	rows, err := s.DB.Reader().QueryContext(ctx, `
SELECT number FROM tickets WHERE hidden = 2 AND hidden_time < $1 ORDER BY hidden_time LIMIT $2`, sqldb.Micros(before), purgeChunk)
	if err != nil {
		return nil, sqldb.Classify(err)
	}
	defer rows.Close()
	for rows.Next() {
		var number int64
		if err := rows.Scan(&number); err != nil {
			return nil, sqldb.Classify(err)
		}
		numbers = append(numbers, number)
	}
	return numbers, sqldb.Classify(rows.Err())
}

func (s *Store) purge(ctx context.Context, number int64, before time.Time) error {
	return s.Queue.Update(ctx, sqldb.Op{Soft: true}, func(ctx context.Context, inner *durable.Tx) error {
		tx := &tx{Tx: inner, store: s}
		t, err := tx.Ticket(ctx, domain.ServiceViewer, number)
		switch {
		case errors.Is(err, fault.NotFound):
			return nil // by another replica
		case err != nil:
			return err
		}
		if t.Hidden != domain.Deleted || !t.HiddenTime.Before(before) {
			return nil // restored meanwhile
		}
		if _, err := tx.ExecContext(ctx, `
INSERT INTO purged_tickets (number, organization, deleted_by, delete_time, purge_time)
SELECT t.number, t.organization, e.actor, t.hidden_time, altis_now() FROM tickets t JOIN ticket_events e ON e.number = t.number
WHERE t.number = $1 AND e.kind = $2 ORDER BY e.sequence DESC LIMIT 1`, number, int64(domain.EventDeleted)); err != nil {
			return err
		}
		for _, table := range hangsOn {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE number = $1", number); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM tickets WHERE number = $1", number); err != nil {
			return err
		}
		return tx.Enqueue(ctx, s.Follow.Purged(ctx, t)...)
	})
}
