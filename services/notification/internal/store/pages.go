package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

const pageColumns = `id, topic, ticket, occurrence, incident, policy, state, cycle, loop, step, acknowledger, acknowledged_at,
  opened_at, next_step_at, answered, suppressed_by, events, mailbox`

type pageRow struct {
	ID, Topic, Incident, Policy, State, Acknowledger, Mailbox string

	Ticket, Occurrence, AcknowledgedAt, OpenedAt, NextStepAt, SuppressedBy, Events int64

	Cycle, Loop, Step int
	Answered          bool
	Now               int64
}

func (r pageRow) page() (*domain.Page, error) {
	p := &domain.Page{
		ID: r.ID, Topic: r.Topic, Ticket: r.Ticket, Occurrence: r.Occurrence, State: domain.State(r.State),
		Position:       domain.Position{Cycle: r.Cycle, Loop: r.Loop, Step: r.Step},
		AcknowledgedAt: sqldb.Time(r.AcknowledgedAt), OpenedAt: sqldb.Time(r.OpenedAt), NextStepAt: sqldb.Time(r.NextStepAt),
		Answered: r.Answered, SuppressedBy: r.SuppressedBy, Events: r.Events, Mailbox: domain.MailboxState(r.Mailbox),
	}
	err := errors.Join(json.Unmarshal([]byte(r.Incident), &p.Incident), json.Unmarshal([]byte(r.Policy), &p.Policy))
	if r.Acknowledger != "" {
		err = errors.Join(err, json.Unmarshal([]byte(r.Acknowledger), &p.AcknowledgedBy))
	}
	if err != nil {
		return nil, fmt.Errorf("%w: page %s: %w", durable.ErrUndecodable, r.ID, err)
	}
	return p, nil
}

// lock reads a page by an update that changes nothing but its version: others wait, on either engine.
func (tx *Tx) lock(ctx context.Context, where string, arg string) (*domain.Page, error) {
	var row pageRow
	err := one(ctx, tx.q, &row, "PAGE_UNKNOWN",
		`UPDATE pages SET version = version + 1 WHERE `+where+` RETURNING `+pageColumns+`, altis_now() AS now`, arg)
	if err != nil {
		return nil, err
	}
	if tx.now.IsZero() {
		tx.now = sqldb.Time(row.Now)
	}
	return row.page()
}

// LockPage implements domain.PageTx.
func (tx *Tx) LockPage(ctx context.Context, id string) (*domain.Page, error) {
	return tx.lock(ctx, "id = $1", id)
}

// LockOpenPage implements domain.PageTx.
func (tx *Tx) LockOpenPage(ctx context.Context, topic string) (*domain.Page, error) {
	p, err := tx.lock(ctx, "topic = $1 AND state <> 'resolved'", topic)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	return p, err
}

// InsertPage implements domain.PageTx.
func (tx *Tx) InsertPage(ctx context.Context, p *domain.Page) (bool, error) {
	result, err := tx.q.ExecContext(ctx, `
INSERT INTO pages (id, version, topic, ticket, occurrence, title, incident, policy, state, cycle, loop, step, acknowledger,
  acknowledged_at, opened_at, next_step_at, answered, suppressed_by, events, mailbox)
VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', 0, $12, $13, 0, $14, $15, $16)
ON CONFLICT DO NOTHING`,
		p.ID, p.Topic, p.Ticket, p.Occurrence, p.Incident.Title(), toJSON(p.Incident), toJSON(p.Policy), string(p.State),
		p.Cycle, p.Loop, p.Step, sqldb.Micros(p.OpenedAt), sqldb.Micros(p.NextStepAt), p.SuppressedBy, p.Events, string(p.Mailbox))
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// SavePage implements domain.PageTx.
func (tx *Tx) SavePage(ctx context.Context, p *domain.Page) error {
	acknowledger := ""
	if p.AcknowledgedBy != (domain.Person{}) {
		acknowledger = toJSON(p.AcknowledgedBy)
	}
	_, err := tx.q.ExecContext(ctx, `
UPDATE pages SET state = $2, cycle = $3, loop = $4, step = $5, acknowledger = $6, acknowledged_at = $7, next_step_at = $8,
  answered = $9, events = $10, mailbox = $11 WHERE id = $1`,
		p.ID, string(p.State), p.Cycle, p.Loop, p.Step, acknowledger, sqldb.Micros(p.AcknowledgedAt), sqldb.Micros(p.NextStepAt),
		flag(p.Answered), p.Events, string(p.Mailbox))
	return err
}

// Log implements domain.PageTx.
func (tx *Tx) Log(page string, at time.Time, entries ...domain.Entry) {
	for _, entry := range entries {
		tx.collect(`INSERT INTO page_log (id, page, at, entry) VALUES`, ``, []any{tx.s.o.NewID(), page, sqldb.Micros(at), toJSON(entry)})
	}
}

// CancelTimers implements domain.PageTx.
func (tx *Tx) CancelTimers(ctx context.Context, page string) error {
	for _, kind := range []string{KindStep, KindAckTimeout} {
		if _, err := tx.q.Cancel(ctx, kind, page); err != nil {
			return err
		}
	}
	return nil
}

// LogEntry is one entry of a page's history.
type LogEntry = domain.LogEntry

// Page returns a page. NotFound.
func (s *Store) Page(ctx context.Context, id string) (*domain.Page, error) {
	var row pageRow
	if err := one(ctx, s.db.Reader(), &row, "PAGE_UNKNOWN", `SELECT `+pageColumns+`, 0 AS now FROM pages WHERE id = $1`, id); err != nil {
		return nil, err
	}
	return row.page()
}

// HasOpenPage reports whether the topic has an open page.
func (s *Store) HasOpenPage(ctx context.Context, topic string) (bool, error) {
	var n int
	err := s.db.Reader().QueryRowContext(ctx, `SELECT COUNT(*) FROM pages WHERE topic = $1 AND state <> 'resolved'`, topic).Scan(&n)
	return n > 0, sqldb.Classify(err)
}

// StepLate returns how long ago the next step of a page was due, 0 unless the emergency mailbox may have the page and was not
// asked for it.
func (s *Store) StepLate(ctx context.Context, page string) (time.Duration, error) {
	var late int64
	err := s.db.PageReader().QueryRowContext(ctx, `
SELECT altis_now() - next_step_at FROM pages
WHERE id = $1 AND ticket > 0 AND mailbox = '' AND state IN ('paging', 'delivered') AND next_step_at > 0`, page).Scan(&late)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return time.Duration(late) * time.Microsecond, sqldb.Classify(err)
}

// PageLog returns a page's history, oldest first.
func (s *Store) PageLog(ctx context.Context, page string) ([]LogEntry, error) {
	var rows []struct {
		At    int64
		Entry string
	}
	if err := all(ctx, s.db.Reader(), &rows, `SELECT at, entry FROM page_log WHERE page = $1 ORDER BY id`, page); err != nil {
		return nil, err
	}
	log := make([]LogEntry, len(rows))
	for i, row := range rows {
		log[i].At = sqldb.Time(row.At)
		if err := json.Unmarshal([]byte(row.Entry), &log[i].Entry); err != nil {
			return nil, fmt.Errorf("%w: history of page %s: %w", durable.ErrUndecodable, page, err)
		}
	}
	return log, nil
}

// PageQuery selects pages.
type PageQuery struct {
	Waiting bool  // only those that nobody has acknowledged and that are not over
	Ticket  int64 // 0 = any
	Before  PagePosition
	Limit   int
}

// PagePosition is where a list of pages, newest first, goes on. The zero value is its beginning.
type PagePosition struct {
	OpenedAt int64  `json:"o"`
	ID       string `json:"i"`
}

// Pages returns pages, newest first.
func (s *Store) Pages(ctx context.Context, q PageQuery) ([]*domain.Page, error) {
	where, args := "", []any{q.Limit}
	add := func(condition string, values ...any) {
		args = append(args, values...)
		if where == "" {
			where = " WHERE "
		} else {
			where += " AND "
		}
		where += condition
	}
	if q.Waiting {
		add("state IN ('paging', 'delivered', 'exhausted')")
	}
	if q.Ticket != 0 {
		add(fmt.Sprintf("ticket = $%d", len(args)+1), q.Ticket)
	}
	if q.Before != (PagePosition{}) {
		add(fmt.Sprintf("(opened_at, id) < ($%d, $%d)", len(args)+1, len(args)+2), q.Before.OpenedAt, q.Before.ID)
	}
	var rows []pageRow
	err := all(ctx, s.db.Reader(), &rows, `SELECT `+pageColumns+`, 0 AS now FROM pages`+where+` ORDER BY opened_at DESC, id DESC LIMIT $1`, args...)
	if err != nil {
		return nil, err
	}
	pages := make([]*domain.Page, len(rows))
	for i, row := range rows {
		if pages[i], err = row.page(); err != nil {
			return nil, err
		}
	}
	return pages, nil
}
