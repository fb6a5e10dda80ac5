package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// requestLife is how long a request id protects against repetition.
const requestLife = 24 * time.Hour

// Remember implements domain.Store.
func (s *Store) Remember(ctx context.Context, r domain.Request) error {
	w := &writes{postgres: s.postgres}
	w.request(r, domain.Change{})
	return s.DB.Do(ctx, sqldb.Op{}, w.run)
}

// MailTicket implements domain.Store.
func (s *Store) MailTicket(ctx context.Context, mail string) (number int64, err error) {
	err = s.DB.Reader().QueryRowContext(ctx, "SELECT number FROM mail_tickets WHERE mail = $1", mail).Scan(&number)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.New(fault.NotFound, "MAIL_NOT_FOUND", "the mail is no ticket")
	}
	return number, sqldb.Classify(err)
}

// Prune deletes request ids that protect no more, in small transactions.
func (s *Store) Prune(ctx context.Context) error {
	return s.DB.DeleteInChunks(ctx, `
DELETE FROM requests WHERE (principal, method, id) IN (
  SELECT principal, method, id FROM requests WHERE create_time < altis_now() - $1 ORDER BY create_time LIMIT $2)`,
		requestLife.Microseconds())
}
