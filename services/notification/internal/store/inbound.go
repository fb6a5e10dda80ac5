package store

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

const inboundColumns = `id, dedupe, object, size, envelope_from, recipient, remote, tls, message_id, sender, sender_name, subject,
  received_at, copies, verdict, reason, detail, verified, decided_at, ticket, holder, holder_name, holder_address, delivery, released_by,
  released_at, reply_ticket, message, request, fingerprint, spf`

type inboundRow struct {
	ID, Dedupe, Object, EnvelopeFrom, Recipient, Remote, MessageID, Sender, SenderName, Subject, Verdict, Reason, Detail string
	Holder, HolderName, HolderAddress, Delivery, ReleasedBy, Message, Fingerprint, SPF                                   string

	Size, ReceivedAt, DecidedAt, Ticket, ReleasedAt, ReplyTicket int64

	Copies                 int
	TLS, Verified, Request bool
}

func (r inboundRow) mail() domain.InboundMail {
	return domain.InboundMail{
		ID: r.ID, Dedupe: r.Dedupe, Object: r.Object, Size: r.Size, EnvelopeFrom: r.EnvelopeFrom, Recipient: r.Recipient, Remote: r.Remote,
		TLS: r.TLS, MessageID: r.MessageID, Sender: r.Sender, SenderName: r.SenderName, Subject: r.Subject, ReceivedAt: sqldb.Time(r.ReceivedAt),
		Copies: r.Copies, Verdict: domain.Verdict(r.Verdict), Reason: r.Reason, Detail: r.Detail, Verified: r.Verified,
		DecidedAt: sqldb.Time(r.DecidedAt), Ticket: r.Ticket, Holder: domain.Person{ID: r.Holder, Name: r.HolderName, Email: r.HolderAddress},
		Delivery: r.Delivery, ReleasedBy: r.ReleasedBy, ReleasedAt: sqldb.Time(r.ReleasedAt), ReplyTicket: r.ReplyTicket, Message: r.Message, Request: r.Request,
		Fingerprint: r.Fingerprint, SPF: r.SPF,
	}
}

// KeepInbound adds a mail with the task that examines it. false: the same mail to the same address is there already, and its
// row counts this copy.
func (s *Store) KeepInbound(ctx context.Context, m domain.InboundMail) (fresh bool, err error) {
	err = s.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *Tx) error {
		var id string
		err := tx.q.QueryRowContext(ctx, `
INSERT INTO inbound_mails (`+inboundColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14, '', '', 0, 0, $15,
  '', '', '', '', '', 0, 0, '', $16, $17, '')
ON CONFLICT (dedupe) DO UPDATE SET copies = inbound_mails.copies + 1 RETURNING id`,
			m.ID, m.Dedupe, m.Object, m.Size, m.EnvelopeFrom, m.Recipient, m.Remote, flag(m.TLS), m.MessageID, m.Sender, m.SenderName, m.Subject,
			sqldb.Micros(m.ReceivedAt), string(domain.InboundWaiting), m.Ticket, flag(m.Request), m.Fingerprint).Scan(&id)
		if fresh = id == m.ID; err == nil && fresh {
			tx.specs = append(tx.specs, inboundSpec(m.ID))
		}
		return err
	})
	return fresh, err
}

// inboundSpec has its mail examined where it takes no worker from what is sent: mails are large, and anybody sends them.
func inboundSpec(id string) durable.Spec {
	return durable.Spec{Kind: KindInbound, Lane: durable.LaneDigest, Key: id, Payload: []byte(toJSON(InboundTask{Mail: id}))}
}

// Inbound returns a mail that came in. NotFound.
func (s *Store) Inbound(ctx context.Context, id string) (domain.InboundMail, error) {
	var row inboundRow
	err := one(ctx, s.db.Reader(), &row, "INBOUND_MAIL_UNKNOWN", `SELECT `+inboundColumns+` FROM inbound_mails WHERE id = $1`, id)
	return row.mail(), err
}

// LockInbound returns a mail that nobody else changes until the end of the transaction. NotFound.
func (tx *Tx) LockInbound(ctx context.Context, id string) (domain.InboundMail, error) {
	var row inboundRow
	err := one(ctx, tx.q, &row, "INBOUND_MAIL_UNKNOWN", `UPDATE inbound_mails SET copies = copies WHERE id = $1 RETURNING `+inboundColumns, id)
	return row.mail(), err
}

// SaveInbound writes the verdict and what belongs to it, at the database's time.
func (tx *Tx) SaveInbound(ctx context.Context, m domain.InboundMail) error {
	_, err := tx.q.ExecContext(ctx, `
UPDATE inbound_mails SET verdict = $2, reason = $3, detail = $4, verified = $5, decided_at = altis_now(), ticket = $6, holder = $7,
  holder_name = $8, holder_address = $9, delivery = $10, reply_ticket = $11, message = $12, spf = $13 WHERE id = $1`,
		m.ID, string(m.Verdict), m.Reason, m.Detail, flag(m.Verified), m.Ticket, m.Holder.ID, m.Holder.Name, m.Holder.Email, m.Delivery,
		m.ReplyTicket, m.Message, m.SPF)
	return err
}

// ReleaseInbound has a mail of the quarantine examined again, as one that a person has looked at.
func (tx *Tx) ReleaseInbound(ctx context.Context, m domain.InboundMail) error {
	tx.specs = append(tx.specs, inboundSpec(m.ID))
	return tx.DiscardInbound(ctx, m)
}

// DiscardInbound writes what a person has decided about a mail.
func (tx *Tx) DiscardInbound(ctx context.Context, m domain.InboundMail) error {
	_, err := tx.q.ExecContext(ctx, `UPDATE inbound_mails SET verdict = $2, released_by = $3, released_at = $4 WHERE id = $1`,
		m.ID, string(m.Verdict), m.ReleasedBy, sqldb.Micros(m.ReleasedAt))
	return err
}

// InboundPosition is where a list of mails, newest first, goes on.
type InboundPosition struct {
	ReceivedAt int64  `json:"r"`
	ID         string `json:"i"`
}

// InboundFilter chooses mails. Its zero value chooses all.
type InboundFilter struct {
	Verdict domain.Verdict
	Ticket  int64
}

// Inbounds returns mails that came in, newest first. after is the last of the page before, nil for the first page.
func (s *Store) Inbounds(ctx context.Context, f InboundFilter, after *InboundPosition, limit int) ([]domain.InboundMail, error) {
	where, args := "1 = 1", []any{limit}
	condition := func(text string, values ...any) {
		places := make([]any, len(values))
		for i, v := range values {
			args = append(args, v)
			places[i] = fmt.Sprintf("$%d", len(args))
		}
		where += " AND " + fmt.Sprintf(text, places...)
	}
	if f.Verdict != "" {
		condition("verdict = %s", string(f.Verdict))
	}
	if f.Ticket != 0 {
		condition("ticket = %s", f.Ticket)
	}
	if after != nil {
		condition("(received_at, id) < (%s, %s)", after.ReceivedAt, after.ID)
	}
	var rows []inboundRow
	err := all(ctx, s.db.Reader(), &rows, `
SELECT `+inboundColumns+` FROM inbound_mails WHERE `+where+` ORDER BY received_at DESC, id DESC LIMIT $1`, args...)
	mails := make([]domain.InboundMail, len(rows))
	for i, row := range rows {
		mails[i] = row.mail()
	}
	return mails, err
}

// RecentAnswers returns how many answers of a sender to a ticket were appended lately.
func (s *Store) RecentAnswers(ctx context.Context, ticket int64, address string) (n int, err error) {
	err = s.db.Reader().QueryRowContext(ctx, `
SELECT COUNT(*) FROM inbound_mails WHERE ticket = $1 AND received_at > altis_now() - $2 AND holder_address = $3
  AND verdict IN ('appended', 'created')`, ticket, domain.AnswerWindow.Microseconds(), address).Scan(&n)
	return n, sqldb.Classify(err)
}

// RecentOf returns how many mails of a sender, and of all senders of the same domain, have become messages lately.
func (s *Store) RecentOf(ctx context.Context, sender string) (ofSender, ofDomain int, err error) {
	key := domain.AddressKey(sender)
	host := key[strings.LastIndexByte(key, '@')+1:]
	// By the verdict's index: of what is held there may be many more.
	err = s.db.Reader().QueryRowContext(ctx, `
SELECT COALESCE(SUM(CASE WHEN lower(sender) = $1 THEN 1 ELSE 0 END), 0), COUNT(*) FROM inbound_mails
WHERE verdict IN ('appended', 'created') AND received_at > altis_now() - $2 AND substr(lower(sender), length(sender) - $3) = $4`,
		key, domain.AnswerWindow.Microseconds(), utf8.RuneCountInString(host), "@"+host).Scan(&ofSender, &ofDomain)
	return ofSender, ofDomain, sqldb.Classify(err)
}

// RecentRequests returns how many mails of a sender have become tickets of their own lately.
func (s *Store) RecentRequests(ctx context.Context, sender string) (n int, err error) {
	err = s.db.Reader().QueryRowContext(ctx, `
SELECT COUNT(*) FROM inbound_mails WHERE request = 1 AND sender = $1 AND received_at > altis_now() - $2 AND verdict = 'created'`,
		sender, domain.RequestWindow.Microseconds()).Scan(&n)
	return n, sqldb.Classify(err)
}

// CopyOnTicket returns the id of the same mail that came to an address of a ticket, "" = there is none.
func (s *Store) CopyOnTicket(ctx context.Context, m domain.InboundMail) (id string, err error) {
	if m.Fingerprint == "" {
		return "", nil
	}
	err = s.db.Reader().QueryRowContext(ctx, `
SELECT COALESCE(MIN(id), '') FROM inbound_mails WHERE fingerprint = $1 AND fingerprint <> '' AND request = 0 AND ticket <> 0`,
		m.Fingerprint).Scan(&id)
	return id, sqldb.Classify(err)
}

// MemberByAddress returns a present member of an organization. NotFound.
func (s *Store) MemberByAddress(ctx context.Context, address string) (domain.Person, error) {
	var row struct{ ID, Name, Email string }
	err := one(ctx, s.db.Reader(), &row, "PERSON_UNKNOWN", `
SELECT id, name, email FROM directory_people WHERE email_lower = $1 AND organization <> '' AND staff = 0 AND removed = 0 AND disabled = 0
ORDER BY id LIMIT 1`, domain.AddressKey(address))
	return domain.Person{ID: row.ID, Name: row.Name, Email: row.Email}, err
}

// Recipients returns who has had mails about a ticket, each address once.
func (s *Store) Recipients(ctx context.Context, ticket int64) ([]domain.Person, error) {
	var rows []struct{ Person, Name, Address string }
	err := all(ctx, s.db.Reader(), &rows, `
SELECT MAX(person) AS person, MAX(name) AS name, address FROM mail_deliveries WHERE ticket = $1 GROUP BY address ORDER BY address`, ticket)
	people := make([]domain.Person, len(rows))
	for i, row := range rows {
		people[i] = domain.Person{ID: row.Person, Name: row.Name, Email: row.Address}
	}
	return people, err
}

// PersonByAddress returns a present person of the directory, preferably of the staff. NotFound.
func (s *Store) PersonByAddress(ctx context.Context, address string) (domain.Person, error) {
	var row struct {
		ID, Name, Email string
		Staff           bool
	}
	err := one(ctx, s.db.Reader(), &row, "PERSON_UNKNOWN", `
SELECT id, name, email, staff FROM directory_people WHERE email_lower = $1 AND removed = 0 AND disabled = 0
ORDER BY staff DESC, id LIMIT 1`, domain.AddressKey(address))
	return domain.Person{ID: row.ID, Name: row.Name, Email: row.Email, Staff: row.Staff}, err
}

// UnknownObjects returns those of the objects that no mail has.
func (s *Store) UnknownObjects(ctx context.Context, objects []string) ([]string, error) {
	var known []string
	if err := all(ctx, s.db.Reader(), &known, `SELECT object FROM inbound_mails WHERE object `+s.db.In(1), sqldb.List(objects)); err != nil {
		return nil, err
	}
	held := make(map[string]bool, len(known))
	for _, object := range known {
		held[object] = true
	}
	var unknown []string
	for _, object := range objects {
		if !held[object] {
			unknown = append(unknown, object)
		}
	}
	return unknown, nil
}

// PruneInbound forgets the mails that came in longer ago than age and wait for nothing, neither to be examined nor for a person's
// word. Their objects go with the next sweep.
func (s *Store) PruneInbound(ctx context.Context, age time.Duration) error {
	return s.db.DeleteInChunks(ctx, `
DELETE FROM inbound_mails WHERE verdict NOT IN ('waiting', 'quarantined') AND id IN (
  SELECT id FROM inbound_mails WHERE received_at < altis_now() - $1 AND verdict NOT IN ('waiting', 'quarantined') ORDER BY received_at LIMIT $2)`, age.Microseconds())
}
