package store

import (
	"context"
	"time"
)

// StuckMails is how many mails wait to be sent, and how long the oldest does.
type StuckMails struct {
	Count  int64
	Oldest time.Duration
}

// StuckMails returns what was queued longer ago than age and is still to be sent.
func (s *Store) StuckMails(ctx context.Context, age time.Duration) (StuckMails, error) {
	var row struct{ Count, Oldest int64 }
	// The condition on state is that of the indexes.
	err := one(ctx, s.db.Reader(), &row, "DELIVERY_UNKNOWN", `
SELECT COUNT(*) AS count, COALESCE(altis_now() - MIN(queued_at), 0) AS oldest FROM (
  SELECT queued_at FROM mail_deliveries WHERE state = 'queued' AND queued_at < altis_now() - $1
  UNION ALL SELECT queued_at FROM duty_mails WHERE state = 'queued' AND queued_at < altis_now() - $1
) AS waiting`, age.Microseconds())
	return StuckMails{row.Count, time.Duration(row.Oldest) * time.Microsecond}, err
}
