package store

import (
	"context"
	"time"

	"github.com/georgysavva/scany/v2/sqlscan"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
)

// pruneChunk bounds the things that one transaction forgets, so that nobody waits for it.
const pruneChunk = 200

// PrunePages deletes the pages that are over and were opened longer ago than age, with their deliveries and history.
func (s *Store) PrunePages(ctx context.Context, age time.Duration) error {
	return s.prune(ctx, age, `
SELECT id FROM pages WHERE state = 'resolved' AND opened_at < altis_now() - $1 ORDER BY opened_at LIMIT $2`,
		`DELETE FROM page_log WHERE page `, `DELETE FROM page_deliveries WHERE page `, `DELETE FROM pages WHERE id `)
}

// PruneMails deletes the mails that were all to be sent longer ago than age and are not to be tried again, from the ledger
// too.
func (s *Store) PruneMails(ctx context.Context, age time.Duration) error {
	return s.prune(ctx, age, `
SELECT c.id FROM mail_contents c WHERE c.created_at < altis_now() - $1 AND NOT EXISTS (
  SELECT 1 FROM mail_deliveries d WHERE d.content = c.id AND (d.state = 'queued' OR d.queued_at >= altis_now() - $1)
) ORDER BY c.created_at LIMIT $2`,
		`DELETE FROM mail_deliveries WHERE content `, `DELETE FROM mail_contents WHERE id `)
}

// prune deletes, in small transactions, by each of the statements the rows of the ids that choose returns.
func (s *Store) prune(ctx context.Context, age time.Duration, choose string, deletes ...string) error {
	for more := true; more; {
		err := s.o.Queue.Update(ctx, sqldb.Op{Soft: true}, func(ctx context.Context, tx *durable.Tx) error {
			var ids []string
			if err := sqlscan.Select(ctx, tx, &ids, choose, age.Microseconds(), pruneChunk); err != nil {
				return err
			}
			more = len(ids) == pruneChunk
			for _, statement := range deletes {
				if _, err := tx.ExecContext(ctx, statement+s.db.In(1), sqldb.List(ids)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// PruneTickets forgets the tickets that no event has touched for longer than age and whose snapshot is closed, with their
// mail threads. It reads all tickets, by small pieces in the order of their numbers: an index would cost something in
// front of every page.
func (s *Store) PruneTickets(ctx context.Context, age time.Duration, closed func(snapshot string) bool) error {
	for after, more := int64(0), true; more; {
		var rows []struct {
			Number   int64
			Snapshot string
		}
		err := all(ctx, s.db.Reader(), &rows, `
SELECT number, CASE WHEN changed_at < altis_now() - $1 THEN snapshot ELSE '' END AS snapshot
FROM tickets WHERE number > $2 ORDER BY number LIMIT $3`, age.Microseconds(), after, pruneChunk)
		if err != nil {
			return err
		}
		var over []int64
		for _, row := range rows {
			after = row.Number
			if row.Snapshot != "" && closed(row.Snapshot) {
				over = append(over, row.Number)
			}
		}
		if err := s.forget(ctx, age, over); err != nil {
			return err
		}
		more = len(rows) == pruneChunk
	}
	return nil
}

// forget deletes tickets, unless something has happened to them.
func (s *Store) forget(ctx context.Context, age time.Duration, tickets []int64) error {
	if len(tickets) == 0 {
		return nil
	}
	return s.o.Queue.Update(ctx, sqldb.Op{Soft: true}, func(ctx context.Context, tx *durable.Tx) error {
		for _, number := range tickets {
			result, err := tx.ExecContext(ctx, `
DELETE FROM tickets WHERE number = $1 AND changed_at < altis_now() - $2
  AND NOT EXISTS (SELECT 1 FROM pages p WHERE p.ticket = $1 AND p.state <> 'resolved')`, number, age.Microseconds())
			if err != nil {
				return err
			}
			n, err := result.RowsAffected()
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			if _, err := tx.ExecContext(ctx, `DELETE FROM mail_threads WHERE ticket = $1`, number); err != nil {
				return err
			}
		}
		return nil
	})
}
