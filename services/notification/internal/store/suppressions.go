package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

const suppressionColumns = `id, address, reason, detail, delivery, created_at, ends_at`

type suppressionRow struct {
	ID, Address, Reason, Detail, Delivery string
	CreatedAt, EndsAt                     int64
}

func (r suppressionRow) suppression() domain.Suppression {
	return domain.Suppression{
		ID: r.ID, Address: r.Address, Reason: r.Reason, Detail: r.Detail, Delivery: r.Delivery,
		CreatedAt: sqldb.Time(r.CreatedAt), EndsAt: sqldb.Time(r.EndsAt),
	}
}

// Suppress keeps correspondence from an address for a while. What ends later stays.
func (tx *Tx) Suppress(ctx context.Context, s domain.Suppression, d time.Duration) error {
	_, err := tx.q.ExecContext(ctx, `
INSERT INTO suppressions (`+suppressionColumns+`) VALUES ($1, $2, $3, $4, $5, altis_now(), altis_now() + $6)
ON CONFLICT (address) DO UPDATE SET reason = excluded.reason, detail = excluded.detail, delivery = excluded.delivery,
  created_at = excluded.created_at, ends_at = excluded.ends_at
WHERE suppressions.ends_at < excluded.ends_at`,
		domain.SuppressionID(s.Address), domain.AddressKey(s.Address), s.Reason, s.Detail, s.Delivery, d.Microseconds())
	return err
}

// SuppressionsOf returns what keeps correspondence from addresses now, by them; they are in lower case.
func (s *Store) SuppressionsOf(ctx context.Context, addresses []string) (map[string]domain.Suppression, error) {
	var rows []suppressionRow
	err := all(ctx, s.db.Reader(), &rows, `
SELECT `+suppressionColumns+` FROM suppressions WHERE address `+s.db.In(1)+` AND ends_at > altis_now()`, sqldb.List(addresses))
	found := make(map[string]domain.Suppression, len(rows))
	for _, row := range rows {
		found[row.Address] = row.suppression()
	}
	return found, err
}

// Suppressions returns those that hold, newest first: of some addresses, in lower case, or of all if there are none. after
// is the last of the page before, nil for the first page.
func (s *Store) Suppressions(ctx context.Context, addresses []string, after *MailPosition, limit int) ([]domain.Suppression, error) {
	where, args := "ends_at > altis_now()", []any{limit}
	if len(addresses) > 0 {
		where, args = where+" AND address "+s.db.In(2), append(args, sqldb.List(addresses))
	}
	if after != nil {
		n := len(args)
		where += fmt.Sprintf(" AND (created_at, id) < ($%d, $%d)", n+1, n+2)
		args = append(args, after.CreatedAt, after.ID)
	}
	var rows []suppressionRow
	err := all(ctx, s.db.Reader(), &rows, `
SELECT `+suppressionColumns+` FROM suppressions WHERE `+where+` ORDER BY created_at DESC, id DESC LIMIT $1`, args...)
	list := make([]domain.Suppression, len(rows))
	for i, row := range rows {
		list[i] = row.suppression()
	}
	return list, err
}

// DeleteSuppression has an address get mail again. NotFound.
func (tx *Tx) DeleteSuppression(ctx context.Context, id string) error {
	result, err := tx.q.ExecContext(ctx, `DELETE FROM suppressions WHERE id = $1 AND ends_at > altis_now()`, id)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, fault.New(fault.NotFound, "SUPPRESSION_UNKNOWN", "no such suppression"))
	}
	return nil
}

// Bounces returns how many mails to an address have come back of those that were to be sent since an age.
func (tx *Tx) Bounces(ctx context.Context, address string, age time.Duration) (n int, err error) {
	err = tx.q.QueryRowContext(ctx, `
SELECT COUNT(*) FROM mail_deliveries WHERE address = $1 AND state = 'bounced' AND queued_at > altis_now() - $2`,
		address, age.Microseconds()).Scan(&n)
	return n, err
}

// PruneSuppressions forgets those that are over.
func (s *Store) PruneSuppressions(ctx context.Context) error {
	return s.db.DeleteInChunks(ctx, `
DELETE FROM suppressions WHERE id IN (SELECT id FROM suppressions WHERE ends_at < altis_now() LIMIT $1)`)
}
