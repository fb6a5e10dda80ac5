package store

import (
	"context"
	"database/sql"
	"errors"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// TicketState is what a ticket event says about the ticket as a whole.
type TicketState struct {
	Number   int64
	Sequence int64
	Ended    bool   // this event ended the urgency
	Hidden   bool   // this event hid the ticket, or purged it
	Author   string // who wrote the first message, "" unless this event tells
	Snapshot string // JSON
	Page     string // id of the page that this event may begin, "" = none
}

// Touched is what is known of a ticket besides its newest snapshot.
type Touched struct {
	EndedBy  int64  // highest sequence that ended the urgency, 0 = none
	HiddenBy int64  // highest sequence that hid the ticket or purged it, 0 = none
	Redacted bool   // text of it was, at some time
	Author   string // who wrote the first message, "" = not known
}

// TouchTicket keeps the newest snapshot and the highest sequences that ended the urgency and hid the ticket. Transactions of the same ticket follow
// each other from here on. It also brings the clock, the roster's version, and whether the place of the page is free.
func (tx *Tx) TouchTicket(ctx context.Context, t TicketState) (known Touched, err error) {
	ended, hidden := flag(t.Ended)*t.Sequence, flag(t.Hidden)*t.Sequence
	args, vacant := []any{t.Number, t.Sequence, ended, t.Snapshot, t.Author, hidden}, `0`
	if t.Page != "" {
		vacant = `(SELECT CASE WHEN EXISTS (SELECT 1 FROM pages p WHERE p.id = $7)
  OR EXISTS (SELECT 1 FROM pages p WHERE p.topic = $8 AND p.state <> 'resolved') THEN 0 ELSE 1 END)`
		args = append(args, t.Page, domain.TicketTopic(t.Number))
	}
	var now, redactions int64
	var free bool
	err = tx.q.QueryRowContext(ctx, `
INSERT INTO tickets (number, sequence, ended_sequence, snapshot, changed_at, author, hidden_sequence) VALUES ($1, $2, $3, $4, altis_now(), $5, $6)
ON CONFLICT (number) DO UPDATE SET
  sequence = CASE WHEN excluded.sequence > tickets.sequence THEN excluded.sequence ELSE tickets.sequence END,
  snapshot = CASE WHEN excluded.sequence > tickets.sequence THEN excluded.snapshot ELSE tickets.snapshot END,
  ended_sequence = CASE WHEN excluded.ended_sequence > tickets.ended_sequence THEN excluded.ended_sequence ELSE tickets.ended_sequence END,
  hidden_sequence = CASE WHEN excluded.hidden_sequence > tickets.hidden_sequence THEN excluded.hidden_sequence ELSE tickets.hidden_sequence END,
  changed_at = excluded.changed_at,
  author = CASE WHEN excluded.author <> '' THEN excluded.author ELSE tickets.author END
RETURNING ended_sequence, hidden_sequence, changed_at, author, (SELECT version FROM roster), (SELECT COUNT(*) FROM redactions r WHERE r.ticket = $1), `+vacant,
		args...).Scan(&known.EndedBy, &known.HiddenBy, &now, &known.Author, &tx.version, &redactions, &free)
	if tx.now.IsZero() {
		tx.now = sqldb.Time(now)
	}
	known.Redacted = redactions > 0
	if tx.vacant = ""; free {
		tx.vacant = t.Page
	}
	return known, err
}

// EndedBy returns the highest sequence that ended the urgency of a ticket, 0 = none. Transactions of the same ticket follow
// each other from here on.
func (tx *Tx) EndedBy(ctx context.Context, number int64) (sequence int64, err error) {
	err = tx.q.QueryRowContext(ctx, `UPDATE tickets SET number = number WHERE number = $1 RETURNING ended_sequence`, number).Scan(&sequence)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return sequence, err
}

// EndedBy is Tx.EndedBy for reading only.
func (s *Store) EndedBy(ctx context.Context, number int64) (sequence int64, err error) {
	err = s.db.PageReader().QueryRowContext(ctx, `SELECT COALESCE(MAX(ended_sequence), 0) FROM tickets WHERE number = $1`, number).Scan(&sequence)
	return sequence, sqldb.Classify(err)
}

// Ticket returns the newest state known of a ticket, Hidden if it was hidden by the newest event. NotFound.
func (tx *Tx) Ticket(ctx context.Context, number int64) (TicketState, error) {
	t := TicketState{Number: number}
	err := tx.q.QueryRowContext(ctx, `
SELECT sequence, snapshot, CASE WHEN hidden_sequence >= sequence THEN 1 ELSE 0 END FROM tickets WHERE number = $1`, number).
		Scan(&t.Sequence, &t.Snapshot, &t.Hidden)
	if errors.Is(err, sql.ErrNoRows) {
		return t, fault.New(fault.NotFound, "TICKET_UNKNOWN", "no such ticket")
	}
	return t, err
}
