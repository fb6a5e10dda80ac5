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
  opened_at, next_step_at, answered, suppressed_by, events, mailbox, snoozed_until, reopened_at, merged_into, merged_cycle`

type pageRow struct {
	ID, Topic, Incident, Policy, State, Acknowledger, Mailbox, MergedInto string

	Ticket, Occurrence, AcknowledgedAt, OpenedAt, NextStepAt, SuppressedBy, Events, SnoozedUntil, ReopenedAt int64

	Cycle, Loop, Step, MergedCycle int
	Answered                       bool
	Now                            int64
}

func (r pageRow) page() (*domain.Page, error) {
	p := &domain.Page{
		ID: r.ID, Topic: r.Topic, Ticket: r.Ticket, Occurrence: r.Occurrence, State: domain.State(r.State),
		Position:       domain.Position{Cycle: r.Cycle, Loop: r.Loop, Step: r.Step},
		AcknowledgedAt: sqldb.Time(r.AcknowledgedAt), OpenedAt: sqldb.Time(r.OpenedAt), NextStepAt: sqldb.Time(r.NextStepAt),
		Answered: r.Answered, SuppressedBy: r.SuppressedBy, Events: r.Events, Mailbox: domain.MailboxState(r.Mailbox),
		SnoozedUntil: sqldb.Time(r.SnoozedUntil), ReopenedAt: sqldb.Time(r.ReopenedAt), MergedInto: r.MergedInto, MergedCycle: r.MergedCycle,
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
		`UPDATE pages SET version = version + 1 WHERE `+where+` RETURNING `+pageColumns+`, `+tx.nowLocked()+` AS now`, arg)
	if err != nil {
		return nil, err
	}
	tx.since(row.Now)
	return row.page()
}

// nowLocked is the clock when a row is locked: that of a statement, which altis_now reads, moved on by how long the statement has
// waited for it. On SQLite nobody waits within a transaction.
func (tx *Tx) nowLocked() string {
	if tx.s.db.Engine() == sqldb.Postgres {
		return `altis_now() + (extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1000000)::bigint`
	}
	return `altis_now()`
}

// since moves the clock of the transaction on, after it may have waited.
func (tx *Tx) since(now int64) {
	if at := sqldb.Time(now); at.After(tx.now) {
		tx.now = at
	}
}

// LockPage implements domain.PageTx.
func (tx *Tx) LockPage(ctx context.Context, id string) (*domain.Page, error) {
	return tx.lock(ctx, "id = $1", id)
}

// LockPages implements domain.PageTx.
func (tx *Tx) LockPages(ctx context.Context, ids []string) (map[string]*domain.Page, error) {
	locked, err := tx.lockAll(ctx, "id "+tx.s.db.In(1), ids)
	pages := make(map[string]*domain.Page, len(locked))
	for _, p := range locked {
		pages[p.ID] = p
	}
	return pages, err
}

// lockAll locks pages in the order of their ids, in which everybody locks several.
func (tx *Tx) lockAll(ctx context.Context, where string, args []string) ([]*domain.Page, error) {
	var rows []pageRow
	err := all(ctx, tx.q, &rows, `
WITH locked AS (SELECT `+pageColumns+` FROM pages WHERE `+where+` ORDER BY id`+tx.forUpdate()+`)
SELECT `+pageColumns+`, `+tx.nowLocked()+` AS now FROM locked`, sqldb.List(args))
	if err != nil {
		return nil, err
	}
	pages := make([]*domain.Page, len(rows))
	for i, row := range rows {
		tx.since(row.Now)
		if pages[i], err = row.page(); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// forUpdate ends a SELECT whose rows nobody else changes until the end of the transaction. SQLite has one writer.
func (tx *Tx) forUpdate() string {
	if tx.s.db.Engine() == sqldb.Postgres {
		return " FOR NO KEY UPDATE"
	}
	return ""
}

// LockOpenPage implements domain.PageTx.
func (tx *Tx) LockOpenPage(ctx context.Context, topic string) (*domain.Page, error) {
	p, err := tx.lock(ctx, "topic = $1 AND state <> 'resolved'", topic)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	return p, err
}

// LockOpenPages implements domain.PageTx.
func (tx *Tx) LockOpenPages(ctx context.Context, topics []string) (map[string]*domain.Page, error) {
	locked, err := tx.lockAll(ctx, "topic "+tx.s.db.In(1)+" AND state <> 'resolved'", topics)
	pages := make(map[string]*domain.Page, len(locked))
	for _, p := range locked {
		pages[p.Topic] = p
	}
	return pages, err
}

// GoingOn implements domain.PageTx.
func (tx *Tx) GoingOn(ctx context.Context, ids []string) (map[string]string, error) {
	var rows []struct{ ID, Page string }
	err := all(ctx, tx.q, &rows, `
WITH RECURSIVE way AS (
  SELECT id, id AS page, merged_into AS next FROM pages WHERE id `+tx.s.db.In(1)+`
  UNION
  SELECT w.id, p.id, p.merged_into FROM way w JOIN pages p ON p.id = w.next
) SELECT id, page FROM way WHERE next = ''`, sqldb.List(ids))
	pages := make(map[string]string, len(rows))
	for _, row := range rows {
		pages[row.ID] = row.Page
	}
	return pages, err
}

// InsertPage implements domain.PageTx. Where TouchTicket has found its place free nobody waits for the answer: if somebody
// takes it meanwhile, which is possible only without an event of the ticket, the transaction fails and its event comes again.
func (tx *Tx) InsertPage(ctx context.Context, p *domain.Page) (bool, error) {
	insert := `
INSERT INTO pages (id, version, topic, ticket, occurrence, title, incident, policy, state, cycle, loop, step, acknowledger,
  acknowledged_at, opened_at, next_step_at, answered, suppressed_by, events, mailbox)
VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', 0, $12, $13, 0, $14, $15, $16)`
	args := []any{
		p.ID, p.Topic, p.Ticket, p.Occurrence, p.Incident.Title(), toJSON(p.Incident), toJSON(p.Policy), string(p.State),
		p.Cycle, p.Loop, p.Step, sqldb.Micros(p.OpenedAt), sqldb.Micros(p.NextStepAt), p.SuppressedBy, p.Events, string(p.Mailbox),
	}
	if vacant := tx.vacant; vacant == p.ID && p.Topic == domain.TicketTopic(p.Ticket) {
		tx.vacant = ""
		return true, tx.q.Post(ctx, insert, args...)
	}
	result, err := tx.q.ExecContext(ctx, insert+` ON CONFLICT DO NOTHING`, args...)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// SavePage implements domain.PageTx.
func (tx *Tx) SavePage(ctx context.Context, p *domain.Page) error {
	return tx.SavePages(ctx, []*domain.Page{p})
}

// SavePages implements domain.PageTx.
func (tx *Tx) SavePages(ctx context.Context, pages []*domain.Page) error {
	type row struct {
		ID             string `json:"id"`
		State          string `json:"state"`
		Cycle          int    `json:"cycle"`
		Loop           int    `json:"loop"`
		Step           int    `json:"step"`
		Acknowledger   string `json:"acknowledger"`
		AcknowledgedAt int64  `json:"acknowledged"`
		NextStepAt     int64  `json:"next"`
		Answered       int64  `json:"answered"`
		Events         int64  `json:"events"`
		Mailbox        string `json:"mailbox"`
		SnoozedUntil   int64  `json:"snoozed"`
		ReopenedAt     int64  `json:"reopened"`
	}
	rows, ids := make([]row, len(pages)), make([]string, len(pages))
	for i, p := range pages {
		ids[i] = p.ID
		rows[i] = row{
			ID: p.ID, State: string(p.State), Cycle: p.Cycle, Loop: p.Loop, Step: p.Step, AcknowledgedAt: sqldb.Micros(p.AcknowledgedAt),
			NextStepAt: sqldb.Micros(p.NextStepAt), Answered: flag(p.Answered), Events: p.Events, Mailbox: string(p.Mailbox),
			SnoozedUntil: sqldb.Micros(p.SnoozedUntil), ReopenedAt: sqldb.Micros(p.ReopenedAt),
		}
		if p.AcknowledgedBy != (domain.Person{}) {
			rows[i].Acknowledger = toJSON(p.AcknowledgedBy)
		}
	}
	source := sqldb.RowSource(tx.s.db.Engine(), 1, "id text", "state text", "cycle bigint", "loop bigint", "step bigint", "acknowledger text",
		"acknowledged bigint", "next bigint", "answered bigint", "events bigint", "mailbox text", "snoozed bigint", "reopened bigint")
	return tx.q.Post(ctx, `
UPDATE pages SET state = x.state, cycle = x.cycle, loop = x.loop, step = x.step, acknowledger = x.acknowledger, acknowledged_at = x.acknowledged,
  next_step_at = x.next, answered = x.answered, events = x.events, mailbox = x.mailbox, snoozed_until = x.snoozed, reopened_at = x.reopened
FROM `+source+` WHERE pages.id = x.id AND pages.id `+tx.s.db.In(2), toJSON(rows), sqldb.List(ids))
}

// PlacePage implements domain.PageTx.
func (tx *Tx) PlacePage(ctx context.Context, p *domain.Page) error {
	// What it says is about the ticket that it began with, whose redactions are its.
	return tx.q.Post(ctx, `
UPDATE pages SET topic = $2, ticket = $3, occurrence = $4, merged_into = $5, merged_cycle = $6,
  words_of = CASE WHEN words_of = 0 AND ticket <> $3 THEN ticket ELSE words_of END
WHERE id = $1`,
		p.ID, p.Topic, p.Ticket, p.Occurrence, p.MergedInto, p.MergedCycle)
}

// Raised implements domain.PageTx.
func (tx *Tx) Raised(ctx context.Context, ticket, occurrence int64, window time.Duration) (raised int, called bool, err error) {
	var accepted int
	err = tx.q.QueryRowContext(ctx, `
SELECT
  (SELECT COUNT(*) FROM pages p WHERE p.ticket = $1 AND p.occurrence < $2 AND p.suppressed_by = 0 AND p.opened_at > altis_now() - $3),
  (SELECT COUNT(*) FROM pages p JOIN page_deliveries d ON d.page = p.id
   WHERE p.ticket = $1 AND p.occurrence < $2 AND d.accepted_at > altis_now() - $3)`, ticket, occurrence, window.Microseconds()).
		Scan(&raised, &accepted)
	return raised, accepted > 0, err
}

// Log implements domain.PageTx.
func (tx *Tx) Log(page string, at time.Time, entries ...domain.Entry) {
	for _, entry := range entries {
		tx.collect(`INSERT INTO page_log (id, page, at, entry) VALUES`, ``, []any{tx.s.o.NewID(), page, sqldb.Micros(at), toJSON(entry)})
	}
}

// CancelTimers implements domain.PageTx.
func (tx *Tx) CancelTimers(ctx context.Context, page string) error {
	for _, kind := range []string{KindStep, KindContact, KindAckTimeout} {
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

// Unreached returns how long a page has paged without that a provider took anything, 0 unless the emergency mailbox may have it
// and was not asked for it.
func (s *Store) Unreached(ctx context.Context, page string) (time.Duration, error) {
	var age int64
	err := s.db.PageReader().QueryRowContext(ctx, `
SELECT altis_now() - opened_at FROM pages WHERE id = $1 AND ticket > 0 AND mailbox = '' AND state = 'paging'`, page).Scan(&age)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return time.Duration(age) * time.Microsecond, sqldb.Classify(err)
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
