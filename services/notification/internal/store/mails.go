package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// InsertMails adds mails to the ledger with the tasks that send them: one row per mail and recipient, threaded with what
// that recipient got about the ticket before.
func (tx *Tx) InsertMails(ctx context.Context, outgoing []domain.Outgoing) error {
	outgoing = slices.DeleteFunc(outgoing, func(o domain.Outgoing) bool { return len(o.Recipients) == 0 })
	if len(outgoing) == 0 {
		return nil
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	for len(outgoing) > 0 {
		n := strangers(outgoing)
		if err := tx.insertMails(ctx, outgoing[:n], now); err != nil {
			return err
		}
		outgoing = outgoing[n:]
	}
	return nil
}

// strangers returns how many of the mails, from the first on, share no recipient: one statement finds all their threads. There
// is at least one mail.
func strangers(outgoing []domain.Outgoing) int {
	known := map[string]bool{}
	for i, o := range outgoing {
		if i > 0 && slices.ContainsFunc(o.Recipients, func(r domain.Recipient) bool { return known[domain.AddressKey(r.Person.Email)] }) {
			return i
		}
		for _, r := range o.Recipients {
			known[domain.AddressKey(r.Person.Email)] = true
		}
	}
	return len(outgoing)
}

func (tx *Tx) insertMails(ctx context.Context, outgoing []domain.Outgoing, now time.Time) error {
	threads, err := tx.threads(ctx, outgoing)
	if err != nil {
		return err
	}
	for i, o := range outgoing {
		lane := durable.LaneReply
		if o.Content.Kind.ToStaff() {
			lane = durable.LaneNotice
		}
		tx.collect(insertContents, ` ON CONFLICT (id) DO NOTHING`, []any{o.Content.ID, o.Content.Ticket, toJSON(o.Content), sqldb.Micros(now)})
		for ordinal, d := range threads[i] {
			tx.insertMailDelivery(ordinal, d, now)
			tx.specs = append(tx.specs, mailSpec(d.ID, lane))
		}
	}
	return nil
}

const insertContents = `INSERT INTO mail_contents (id, ticket, document, created_at) VALUES`

func (tx *Tx) insertMailDelivery(ordinal int, d domain.MailDelivery, now time.Time) {
	p := d.Recipient.Person
	tx.collect(`
INSERT INTO mail_deliveries (id, content, ticket, ordinal, person, name, address, reason, message, message_id, root, parent,
  subject, state, attempts, last_answer, last_answer_kind, created_at, queued_at, accepted_at, next_at) VALUES`, ` ON CONFLICT (id) DO NOTHING`, []any{
		d.ID, d.Content, d.Ticket, ordinal, p.ID, p.Name, p.Email, d.Recipient.Reason, d.Message, d.MessageID, d.Root, d.Parent, d.Subject,
		string(domain.MailQueued), 0, "", 0, sqldb.Micros(now), sqldb.Micros(now), 0, sqldb.Micros(now),
	})
}

// threads makes the deliveries of mails, each with its place in the recipient's thread. The mails share no recipient.
func (tx *Tx) threads(ctx context.Context, outgoing []domain.Outgoing) ([][]domain.MailDelivery, error) {
	made := make([][]domain.MailDelivery, len(outgoing))
	var rows [][]any
	byKey := map[string]*domain.MailDelivery{}
	for i, o := range outgoing {
		made[i] = make([]domain.MailDelivery, len(o.Recipients))
		for j, r := range o.Recipients {
			d := &made[i][j]
			*d = domain.MailDelivery{
				ID: domain.MailID(o.Content.ID, r.Person.Email), Content: o.Content.ID, Ticket: o.Content.Ticket, Recipient: r,
				Subject: domain.MailSubject(o.Content.Ticket, o.Content.Subject),
			}
			if o.Content.Kind == domain.MailMessage || o.Content.Kind == domain.MailStaffReply {
				d.Message = o.Content.Messages[0].ID
			}
			d.MessageID = d.ID + "@" + tx.s.o.MailDomain
			key := domain.AddressKey(r.Person.Email)
			byKey[key] = d
			rows = append(rows, []any{o.Content.Ticket, key, d.MessageID, "", d.MessageID})
		}
	}
	text, args := insert{`INSERT INTO mail_threads (ticket, recipient, root, parent, last) VALUES`, `
ON CONFLICT (ticket, recipient) DO UPDATE SET parent = mail_threads.last, last = excluded.last
RETURNING recipient, root, parent`, rows}.text()
	var threads []struct{ Recipient, Root, Parent string }
	if err := all(ctx, tx.q, &threads, text, args...); err != nil {
		return nil, err
	}
	for _, t := range threads {
		if d := byKey[t.Recipient]; t.Parent != "" {
			d.Root, d.Parent = t.Root, t.Parent
		}
	}
	return made, nil
}

func mailSpec(delivery string, lane durable.Lane) durable.Spec {
	payload := toJSON(MailTask{Delivery: delivery})
	return durable.Spec{Kind: KindMail, Lane: lane, Key: delivery, Payload: []byte(payload)}
}

const mailColumns = `id, content, ticket, person, name, address, reason, message, message_id, root, parent,
  subject, state, attempts, last_answer, last_answer_kind, created_at, queued_at, accepted_at, next_at`

type mailRow struct {
	ID, Content, Person, Name, Address, Reason, Message, MessageID, Root, Parent, Subject, State, LastAnswer string

	Ticket, CreatedAt, QueuedAt, AcceptedAt, NextAt int64
	Attempts, LastAnswerKind                        int
	Document, Locale                                string
	Now                                             int64
}

func (r mailRow) delivery() domain.MailDelivery {
	return domain.MailDelivery{
		ID: r.ID, Content: r.Content, Ticket: r.Ticket,
		Recipient: domain.Recipient{Person: domain.Person{
			ID: r.Person, Name: r.Name, Email: r.Address,
			Staff: domain.Recipient{Reason: r.Reason}.ToStaff(),
		}, Reason: r.Reason},
		Message: r.Message, MessageID: r.MessageID, Root: r.Root, Parent: r.Parent, Subject: r.Subject,
		State: domain.MailState(r.State), Attempts: r.Attempts, LastAnswer: domain.Answer{Kind: domain.AnswerKind(r.LastAnswerKind), Said: r.LastAnswer},
		CreatedAt: sqldb.Time(r.CreatedAt), QueuedAt: sqldb.Time(r.QueuedAt), AcceptedAt: sqldb.Time(r.AcceptedAt), NextAt: sqldb.Time(r.NextAt),
	}
}

// Mail returns a delivery and what it sends. NotFound.
func (s *Store) Mail(ctx context.Context, id string) (domain.MailDelivery, domain.MailContent, error) {
	var row mailRow
	err := one(ctx, s.db.Reader(), &row, "DELIVERY_UNKNOWN", `
SELECT `+mailColumns+`, 0 AS now,
  COALESCE((SELECT p.locale FROM directory_people p WHERE p.id = mail_deliveries.person), '') AS locale,
  (SELECT c.document FROM mail_contents c WHERE c.id = mail_deliveries.content) AS document
FROM mail_deliveries WHERE id = $1`, id)
	if err != nil {
		return domain.MailDelivery{}, domain.MailContent{}, err
	}
	content, err := row.content()
	if err != nil {
		return domain.MailDelivery{}, content, err
	}
	d, err := s.read(ctx, row, content)
	return d, content, err
}

// content returns what is sent, which many rows may share.
func (r mailRow) content() (content domain.MailContent, err error) {
	if err = json.Unmarshal([]byte(r.Document), &content); err != nil {
		err = fmt.Errorf("content of mail %s: %w", r.ID, err)
	}
	content.Source = r.Document
	return content, err
}

// read returns what a row says, and looks up what it and its content refer to.
func (s *Store) read(ctx context.Context, row mailRow, content domain.MailContent) (d domain.MailDelivery, err error) {
	d = row.delivery()
	d.Locale = row.Locale
	switch {
	case len(content.Notices) > 0:
		d.Notices, err = s.Notices(ctx, content.Notices)
	case d.Parent != d.Root: // else nothing is between
		d.Between, err = s.between(ctx, d)
	}
	return d, err
}

// Mail is a mail that is to be sent.
type Mail struct {
	Delivery    domain.MailDelivery
	Content     domain.MailContent
	Suppression *domain.Suppression // that keeps it from its address, nil = none
	Err         error               // it cannot be read; the others can
}

// MailsToSend returns those of the deliveries that are there, as Mail does, by their ids.
func (s *Store) MailsToSend(ctx context.Context, ids []string) (map[string]Mail, error) {
	var rows []mailRow
	err := all(ctx, s.db.Reader(), &rows, `
SELECT `+qualified("d", mailColumns)+`, 0 AS now, COALESCE(p.locale, '') AS locale, c.document
FROM mail_deliveries d JOIN mail_contents c ON c.id = d.content LEFT JOIN directory_people p ON p.id = d.person
WHERE d.id `+s.db.In(1), sqldb.List(ids))
	if err != nil {
		return nil, err
	}
	addresses := make([]string, len(rows))
	for i, row := range rows {
		addresses[i] = domain.AddressKey(row.Address)
	}
	suppressions, err := s.SuppressionsOf(ctx, addresses)
	if err != nil {
		return nil, err
	}
	mails := make(map[string]Mail, len(rows))
	contents := map[string]domain.MailContent{}
	for _, row := range rows {
		m := Mail{}
		known := false
		if m.Content, known = contents[row.Content]; !known {
			m.Content, m.Err = row.content()
		}
		if m.Err == nil {
			contents[row.Content] = m.Content
			m.Delivery, m.Err = s.read(ctx, row, m.Content)
		}
		if found, ok := suppressions[domain.AddressKey(row.Address)]; ok {
			m.Suppression = &found
		}
		mails[row.ID] = m
	}
	return mails, nil
}

// qualified puts the name of a table before each of its columns.
func qualified(table, columns string) string {
	names := strings.Split(columns, ",")
	for i, name := range names {
		names[i] = table + "." + strings.TrimSpace(name)
	}
	return strings.Join(names, ", ")
}

// threadDepth is how far up its thread a mail looks: further than it names.
const threadDepth = 20

// between returns the newest mails of a thread between its first one and the parent of d. The left side of a Message-ID is
// the delivery's id.
func (s *Store) between(ctx context.Context, d domain.MailDelivery) ([]string, error) {
	var ids []string
	err := all(ctx, s.db.Reader(), &ids, `
WITH RECURSIVE up (message_id, depth) AS (
  SELECT m.parent, 1 FROM mail_deliveries m WHERE m.id = $1
  UNION ALL
  SELECT m.parent, up.depth + 1 FROM up JOIN mail_deliveries m ON m.id = substr(up.message_id, 1, 32)
  WHERE up.depth < $2 AND m.ticket = $3
) SELECT message_id FROM up WHERE message_id NOT IN ($4, $5, '') ORDER BY depth DESC`, d.ID, threadDepth, d.Ticket, d.Root, d.Parent)
	return ids, err
}

// MailPosition is where a list of mails, oldest first, goes on. The zero value is its beginning.
type MailPosition struct {
	CreatedAt int64  `json:"c"`
	ID        string `json:"i"`
}

// Mails returns the ledger of a ticket, oldest first.
func (s *Store) Mails(ctx context.Context, ticket int64, after MailPosition, limit int) ([]domain.MailDelivery, error) {
	var rows []mailRow
	err := all(ctx, s.db.Reader(), &rows, `
SELECT `+mailColumns+`, '' AS document, '' AS locale, 0 AS now FROM mail_deliveries
WHERE ticket = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT $4`, ticket, after.CreatedAt, after.ID, limit)
	if err != nil {
		return nil, err
	}
	mails := make([]domain.MailDelivery, len(rows))
	for i, row := range rows {
		mails[i] = row.delivery()
	}
	return mails, nil
}

// LockMail returns a delivery that nobody else changes until the end of the transaction. NotFound.
func (tx *Tx) LockMail(ctx context.Context, id string) (domain.MailDelivery, error) {
	var row mailRow
	err := one(ctx, tx.q, &row, "DELIVERY_UNKNOWN", `
UPDATE mail_deliveries SET attempts = attempts WHERE id = $1 RETURNING `+mailColumns+`, '' AS document, '' AS locale, altis_now() AS now`, id)
	if tx.now.IsZero() {
		tx.now = sqldb.Time(row.Now)
	}
	return row.delivery(), err
}

// LockMails is LockMail for several, by their ids; those that are not there are left out.
func (tx *Tx) LockMails(ctx context.Context, ids []string) (map[string]domain.MailDelivery, error) {
	var rows []mailRow
	err := all(ctx, tx.q, &rows, `
SELECT `+mailColumns+`, '' AS document, '' AS locale, altis_now() AS now
FROM mail_deliveries WHERE id `+tx.s.db.In(1)+` ORDER BY id`+tx.forUpdate(), sqldb.List(ids))
	mails := make(map[string]domain.MailDelivery, len(rows))
	for _, row := range rows {
		if tx.now.IsZero() {
			tx.now = sqldb.Time(row.Now)
		}
		mails[row.ID] = row.delivery()
	}
	return mails, err
}

// SaveMails is SaveMail for several, by their ids.
func (tx *Tx) SaveMails(ctx context.Context, mails map[string]domain.MailDelivery) error {
	type row struct {
		ID       string `json:"id"`
		State    string `json:"state"`
		Attempts int    `json:"attempts"`
		Said     string `json:"said"`
		Kind     int    `json:"kind"`
		Queued   int64  `json:"queued"`
		Accepted int64  `json:"accepted"`
		Next     int64  `json:"next"`
	}
	rows, ids := make([]row, 0, len(mails)), make([]string, 0, len(mails))
	for _, d := range mails {
		ids = append(ids, d.ID)
		rows = append(rows, row{
			d.ID, string(d.State), d.Attempts, d.LastAnswer.Said, int(d.LastAnswer.Kind), sqldb.Micros(d.QueuedAt), sqldb.Micros(d.AcceptedAt),
			sqldb.Micros(d.NextAt),
		})
	}
	// One parameter, so that the text does not depend on their number and stays prepared.
	source := sqldb.RowSource(tx.s.db.Engine(), 1, "id text", "state text", "attempts bigint", "said text", "kind bigint", "queued bigint",
		"accepted bigint", "next bigint")
	return tx.q.Post(ctx, `
UPDATE mail_deliveries SET state = x.state, attempts = x.attempts, last_answer = x.said, last_answer_kind = x.kind, queued_at = x.queued,
  accepted_at = x.accepted, next_at = x.next
FROM `+source+` WHERE mail_deliveries.id = x.id AND mail_deliveries.id `+tx.s.db.In(2), toJSON(rows), sqldb.List(ids))
}

// SaveMail writes state, attempts, answer and instants.
func (tx *Tx) SaveMail(ctx context.Context, d domain.MailDelivery) error {
	return tx.q.Post(ctx, `
UPDATE mail_deliveries SET state = $2, attempts = $3, last_answer = $4, last_answer_kind = $5, queued_at = $6, accepted_at = $7,
  next_at = $8 WHERE id = $1`,
		d.ID, string(d.State), d.Attempts, d.LastAnswer.Said, int(d.LastAnswer.Kind), sqldb.Micros(d.QueuedAt), sqldb.Micros(d.AcceptedAt),
		sqldb.Micros(d.NextAt))
}

// RefuseMails has the mails of a ticket that wait not be sent. The ledger says why.
func (tx *Tx) RefuseMails(ctx context.Context, ticket int64, why domain.Answer) error {
	return tx.q.Post(ctx, `
UPDATE mail_deliveries SET state = $2, last_answer = $3, last_answer_kind = $4, next_at = 0 WHERE ticket = $1 AND state = $5`,
		ticket, string(domain.MailRefused), why.Said, int(why.Kind), string(domain.MailQueued))
}

// SendMailNow queues a delivery to be sent at once, instead of when it was due.
func (tx *Tx) SendMailNow(ctx context.Context, d domain.MailDelivery) error {
	if _, err := tx.q.Cancel(ctx, KindMail, d.ID); err != nil {
		return err
	}
	tx.specs = append(tx.specs, mailSpec(d.ID, durable.LaneReply))
	return tx.SaveMail(ctx, d)
}
