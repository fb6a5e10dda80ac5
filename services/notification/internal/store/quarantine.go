package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// HoldMail has the staff told of a mail that is to be held in the quarantine: with what is held until then. It comes before
// SaveInbound, so that the mail is newer than what was told.
func (tx *Tx) HoldMail(ctx context.Context) error {
	var told, due, now int64
	err := tx.q.QueryRowContext(ctx, `
UPDATE quarantine_notices SET due_at = due_at WHERE id = 1 RETURNING told_at, due_at, altis_now()`).Scan(&told, &due, &now)
	if err != nil || due != 0 {
		return err
	}
	due = max(told+domain.HeldEvery.Microseconds(), now+domain.HeldGather.Microseconds())
	if _, err := tx.q.ExecContext(ctx, `UPDATE quarantine_notices SET due_at = $1 WHERE id = 1`, due); err != nil {
		return err
	}
	tx.specs = append(tx.specs, durable.Spec{
		Kind: KindHeld, Lane: durable.LaneDigest, Key: "quarantine", Payload: []byte("{}"), Delay: time.Duration(due-now) * time.Microsecond,
	})
	return nil
}

// Held returns what is to be told of the quarantine now, which counts as told. None of it is New when everything was decided
// meanwhile, or told.
func (tx *Tx) Held(ctx context.Context) (h domain.HeldMails, err error) {
	var told int64
	err = tx.q.QueryRowContext(ctx, `UPDATE quarantine_notices SET due_at = 0 WHERE id = 1 AND due_at > 0 RETURNING told_at`).Scan(&told)
	if errors.Is(err, sql.ErrNoRows) {
		return h, nil
	}
	if err != nil {
		return h, err
	}
	err = tx.q.QueryRowContext(ctx, `
SELECT COUNT(*), COALESCE(SUM(CASE WHEN decided_at > $1 THEN 1 ELSE 0 END), 0) FROM inbound_mails WHERE verdict = 'quarantined'`, told).
		Scan(&h.All, &h.New)
	if err != nil || h.New == 0 {
		return h, err
	}
	_, err = tx.q.ExecContext(ctx, `UPDATE quarantine_notices SET told_at = altis_now() WHERE id = 1`)
	return h, err
}

// InsertHeldMail adds the mails about the quarantine to the ledger with the tasks that send them.
func (tx *Tx) InsertHeldMail(ctx context.Context, o domain.Outgoing) error {
	return tx.insertApart(ctx, o, domain.HeldSubject, durable.LaneNotice)
}

// OldestHeld returns how long ago the oldest mail came in about which nobody has decided, 0 = there is none.
func (s *Store) OldestHeld(ctx context.Context) (time.Duration, error) {
	var age int64
	err := s.db.Reader().QueryRowContext(ctx, `
SELECT COALESCE(altis_now() - MIN(received_at), 0) FROM inbound_mails WHERE verdict = 'quarantined'`).Scan(&age)
	return time.Duration(age) * time.Microsecond, sqldb.Classify(err)
}
