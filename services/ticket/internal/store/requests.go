package store

import (
	"context"
	"time"

	"altis-dxp.com/support/pkg/sqldb"
)

// requestLife is how long a request id protects against repetition.
const requestLife = 24 * time.Hour

const pruneChunk = 1000

// Prune deletes request ids that protect no more, in small transactions.
func (s *Store) Prune(ctx context.Context) error {
	for deleted := int64(pruneChunk); deleted == pruneChunk; {
		err := s.DB.Do(ctx, sqldb.Op{Soft: true}, func(ctx context.Context, tx sqldb.Tx) error {
			result, err := tx.ExecContext(ctx, `
DELETE FROM requests WHERE (principal, method, id) IN (
  SELECT principal, method, id FROM requests WHERE create_time < altis_now() - $1 ORDER BY create_time LIMIT $2)`,
				requestLife.Microseconds(), pruneChunk)
			if err != nil {
				return err
			}
			deleted, err = result.RowsAffected()
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
