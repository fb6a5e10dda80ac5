package store

import (
	"context"
	"time"
)

// requestLife is how long a request id protects against repetition.
const requestLife = 24 * time.Hour

// Prune deletes request ids that protect no more, in small transactions.
func (s *Store) Prune(ctx context.Context) error {
	return s.DB.DeleteInChunks(ctx, `
DELETE FROM requests WHERE (principal, method, id) IN (
  SELECT principal, method, id FROM requests WHERE create_time < altis_now() - $1 ORDER BY create_time LIMIT $2)`,
		requestLife.Microseconds())
}
