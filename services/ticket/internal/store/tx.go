package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// tx implements domain.Tx.
type tx struct {
	*durable.Tx
	store   *Store
	stored  map[int64][]any // values of the tickets read, as they are in the database
	changes []domain.Change
}

// Within returns a transaction of the queue as one of the domain. What must
// follow a commit beyond its tasks is then the caller's to do.
func (s *Store) Within(inner *durable.Tx) domain.Tx { return &tx{Tx: inner, store: s} }

// Update implements domain.Store.
func (s *Store) Update(ctx context.Context, urgent bool, fn func(ctx context.Context, tx domain.Tx) error) error {
	return s.update(ctx, sqldb.Op{Page: urgent}, func(ctx context.Context, tx *tx) error { return fn(ctx, tx) })
}

func (s *Store) update(ctx context.Context, op sqldb.Op, fn func(ctx context.Context, tx *tx) error) error {
	var changes []domain.Change
	err := s.Queue.Update(ctx, op, func(ctx context.Context, inner *durable.Tx) error {
		t := &tx{Tx: inner, store: s}
		err := fn(ctx, t)
		changes = t.changes
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range changes {
		s.Committed(ctx, c)
	}
	return nil
}

// Save implements domain.Tx.
func (t *tx) Save(ctx context.Context, c domain.Change) error {
	if err := t.store.change(c, t.stored[c.After.Number]).run(ctx, t.Tx); err != nil {
		return err
	}
	if c.Message != nil && len(c.Message.Attachments) > 0 {
		uploader := c.Message.Author.ID
		if c.Uploader != "" {
			uploader = c.Uploader
		}
		if err := t.claim(ctx, uploader, *c.Message); err != nil {
			return err
		}
	}
	t.remember(c.After)
	for _, cancel := range t.store.Follow.Cancels(c) {
		if _, err := t.Cancel(ctx, cancel.Kind, cancel.Key); err != nil {
			return err
		}
	}
	for _, r := range t.store.Follow.Rewrites(c) {
		if _, err := t.Rewrite(ctx, r.Kind, r.Key, r.Payload); err != nil {
			return err
		}
	}
	t.changes = append(t.changes, c)
	return t.Enqueue(ctx, t.store.Follow.Specs(ctx, c)...)
}

func (t *tx) remember(ticket domain.Ticket) {
	if t.stored == nil {
		t.stored = map[int64][]any{}
	}
	t.stored[ticket.Number] = ticketValues(ticket)
}

// Ticket implements domain.Tx.
func (t *tx) Ticket(ctx context.Context, viewer string, number int64) (domain.Ticket, error) {
	s := t.store
	query := s.viewer() + `
SELECT ` + columns(true) + `, ` + viewerColumns + `,
  COALESCE(o.name, t.organization_name), COALESCE(o.plan, ''),
  COALESCE(rp.name, t.requester_name), COALESCE(rp.email, t.requester_email),
  COALESCE(ap.name, t.assignee_name), COALESCE(ap.email, t.assignee_email)
FROM tickets t` + readMark + `
LEFT JOIN directory_organizations o ON o.id = t.organization AND o.removed = 0
LEFT JOIN directory_people rp ON rp.id = t.requester AND rp.removed = 0
LEFT JOIN directory_people ap ON ap.id = t.assignee AND ap.removed = 0
WHERE t.number = $2 AND ` + s.visible(viewer) + s.lock()
	var organization, plan string
	var requester, assignee domain.Person
	v := newViewed(viewer, true, &organization, &plan, &requester.Name, &requester.Email, &assignee.Name, &assignee.Email)
	if err := t.QueryRowContext(ctx, query, viewer, number).Scan(v.targets...); err != nil {
		return domain.Ticket{}, notFound(err, number)
	}
	ticket, err := v.row.ticket() // whole, whoever changes it
	if err != nil {
		return ticket, err
	}
	t.remember(ticket) // before the names change, so that Save brings them up to date
	ticket.OrganizationName, ticket.Plan = organization, plan
	ticket.Requester.Name, ticket.Requester.Email = requester.Name, requester.Email
	ticket.Assignee.Name, ticket.Assignee.Email = assignee.Name, assignee.Email
	ticket.Unread = v.unread
	return ticket, nil
}

// Message implements domain.Tx.
func (t *tx) Message(ctx context.Context, number int64, id string) (domain.Message, error) {
	return t.message(ctx, `id = $2`, number, id)
}

// MessageAt implements domain.Tx.
func (t *tx) MessageAt(ctx context.Context, number, sequence int64) (domain.Message, error) {
	return t.message(ctx, `sequence = $2`, number, sequence)
}

func (t *tx) message(ctx context.Context, which string, number int64, arg any) (domain.Message, error) {
	m, err := scanMessage(t.QueryRowContext(ctx, `SELECT `+messageColumns+` FROM messages WHERE number = $1 AND `+which, number, arg).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return m, fault.New(fault.NotFound, "MESSAGE_NOT_FOUND", "the ticket has no such message")
	}
	return m, sqldb.Classify(err)
}

// History implements domain.Tx.
func (t *tx) History(ctx context.Context, number int64, field string) ([]domain.Event, error) {
	rows, err := t.QueryContext(ctx, `SELECT `+eventColumns+` FROM ticket_events WHERE number = $1 AND changes LIKE $2 ORDER BY sequence`,
		number, `%"field":"`+field+`"%`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var events []domain.Event
	for rows.Next() {
		e, err := scanEvent(rows.Scan)
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, rows.Err()
}

// MergedInto implements domain.Tx.
func (t *tx) MergedInto(ctx context.Context, number int64) (source int64, err error) {
	err = t.QueryRowContext(ctx, `SELECT COALESCE(MIN(number), 0) FROM tickets WHERE merged_into > 0 AND merged_into = $1`, number).Scan(&source)
	return source, sqldb.Classify(err)
}

// Quoting implements domain.Tx.
func (t *tx) Quoting(ctx context.Context, number int64) ([]domain.Message, error) {
	return messages(ctx, t.Tx, `
SELECT `+messageColumns+` FROM messages m
WHERE quoted <> '' AND number IN (SELECT number FROM tickets WHERE follow_up_of > 0 AND follow_up_of = $1
  UNION ALL SELECT merged_into FROM tickets WHERE merged_into > 0 AND number = $1)
  AND NOT EXISTS (SELECT 1 FROM messages e WHERE e.number = m.number AND e.sequence < m.sequence AND e.quoted <> '')
ORDER BY number`, number)
}

// conversationColumns leave out what mails quote: it was mailed before.
var conversationColumns = strings.Replace(messageColumns, "quoted", "'' AS quoted", 1)

// maxConversation bounds the texts of a Conversation, in bytes.
const maxConversation = 512 << 10

// Conversation implements domain.Tx.
func (t *tx) Conversation(ctx context.Context, number int64) ([]domain.Message, error) {
	return messages(ctx, t.Tx, `
SELECT `+messageColumns+` FROM (
  SELECT `+conversationColumns+`, SUM(octet_length(body) + octet_length(attachments)) OVER (ORDER BY sequence DESC) AS size
  FROM messages WHERE number = $1 AND note = 0) AS newest
WHERE size <= $2 ORDER BY sequence`, number, maxConversation)
}
