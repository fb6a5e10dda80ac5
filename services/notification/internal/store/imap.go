package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/imapin"
)

// Mailbox is a mailbox whose mails are fetched, by one process at a time. It implements imapin.State.
type Mailbox struct {
	Store *Store
	ID    string
}

var _ imapin.State = Mailbox{}

// HoldMailbox implements imapin.State.
func (m Mailbox) HoldMailbox(ctx context.Context, holder string, d time.Duration) (held bool, p imapin.Position, err error) {
	err = m.Store.db.Do(ctx, sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		err := tx.QueryRowContext(ctx, `
INSERT INTO imap_mailboxes AS b (mailbox, holder, held_until, uid_validity, last_uid) VALUES ($1, $2, altis_now() + $3, 0, 0)
ON CONFLICT (mailbox) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
WHERE b.holder = excluded.holder OR b.held_until < altis_now() RETURNING uid_validity, last_uid`,
			m.ID, holder, d.Microseconds()).Scan(&p.Validity, &p.Last)
		if held = err == nil; errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return held, p, err
}

// SaveMailbox implements imapin.State.
func (m Mailbox) SaveMailbox(ctx context.Context, holder string, p imapin.Position) error {
	return m.Store.db.Do(ctx, sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE imap_mailboxes SET uid_validity = $3, last_uid = $4 WHERE mailbox = $1 AND holder = $2`,
			m.ID, holder, int64(p.Validity), int64(p.Last))
		return err
	})
}

// ReleaseMailbox implements imapin.State.
func (m Mailbox) ReleaseMailbox(ctx context.Context, holder string) error {
	return m.Store.db.Do(ctx, sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE imap_mailboxes SET held_until = 0 WHERE mailbox = $1 AND holder = $2`, m.ID, holder)
		return err
	})
}
