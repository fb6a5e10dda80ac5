package store

import (
	"context"
	"time"
)

// Unsent is a delivery without an outcome.
type Unsent struct{ Page, Delivery string }

// Unsent returns up to 500 deliveries of pages that still wait, made longer ago than age, of which no attempt has ended and
// because of which no other contact was started. The oldest come first. Those older than ask are left out, if the emergency
// mailbox is yet to be asked for their page (0 = there is no mailbox). Those that wait to go together have hold more time.
func (s *Store) Unsent(ctx context.Context, age, ask, hold time.Duration) ([]Unsent, error) {
	var found []Unsent
	// The conditions on d are those of the index page_deliveries_unsent.
	err := all(ctx, s.db.PageReader(), &found, `
SELECT d.page, d.id AS delivery FROM page_deliveries d JOIN pages p ON p.id = d.page
WHERE d.state = 'queued' AND d.attempts = 0 AND d.passed_on = 0 AND d.created_at < altis_now() - $1
  AND (d.bundle = '' OR d.created_at < altis_now() - $1 - $3)
  AND p.state IN ('paging', 'delivered', 'exhausted')
  AND ($2 = 0 OR d.created_at >= altis_now() - $2 OR p.ticket = 0 OR p.state <> 'paging' OR p.mailbox <> '')
ORDER BY d.created_at LIMIT 500`, age.Microseconds(), ask.Microseconds(), hold.Microseconds())
	return found, err
}

// PassOn implements domain.PageTx.
func (tx *Tx) PassOn(ctx context.Context, delivery string) (bool, error) {
	result, err := tx.q.ExecContext(ctx, `UPDATE page_deliveries SET passed_on = 1 WHERE id = $1 AND passed_on = 0`, delivery)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}
