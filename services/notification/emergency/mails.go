package emergency

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/georgysavva/scany/v2/sqlscan"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/mailin"
)

// What became of a mail.
const (
	verdictPaged     = "paged"
	verdictHeld      = "held"      // waits for the page with a count
	verdictBundled   = "bundled"   // is part of one
	verdictNote      = "note"      // about an outage that a page tells of already
	verdictEscalated = "escalated" // answers a receipt: pages again
	verdictAutomatic = "automatic" // nobody wrote it
	verdictReply     = "reply"     // to the mail of a page
	verdictDuplicate = "duplicate" // is no row of its own
)

// What stands for the number of a ticket that is not there.
const (
	noTicket  = -1 // it becomes none
	ticketDue = 0  // it has none yet
)

// mail is a row.
type mail struct {
	ID, Fingerprint, MessageID, EnvelopeFrom, Sender, SenderName, Subject, Verdict, Reason, Page, Outage string

	ReceivedAt, PagedAt, Copies, Ticket int64
	Verified, Examined                  bool
}

// ownPage reports an answer to a receipt that has a page of its own, because that of its outage waited for nobody any more.
func (m mail) ownPage() bool { return m.Verdict == verdictEscalated && m.Page == pageID(m) }

const mailColumns = `id, fingerprint, message_id, received_at, envelope_from, sender, sender_name, subject, verdict, reason, page, outage, ticket,
  paged_at, verified, examined, copies`

// maxMessageID is how long a Message-ID may be that answers are known by: a line of a mail is no longer.
const maxMessageID = 998

// countCopy counts one copy more of a mail that is there already. It reports false when there is none.
func countCopy(ctx context.Context, tx sqldb.Tx, fingerprint string) (bool, error) {
	if fingerprint == "" {
		return false, nil
	}
	result, err := tx.ExecContext(ctx, `UPDATE emergency_mails SET copies = copies + 1 WHERE fingerprint = $1`, fingerprint)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

func insertMail(ctx context.Context, tx sqldb.Tx, m mail) error {
	_, err := tx.ExecContext(ctx, `
INSERT INTO emergency_mails (`+mailColumns+`)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, CASE WHEN $11 = '' THEN 0 ELSE altis_now() END, 0, 0, 1)`,
		m.ID, m.Fingerprint, m.MessageID, m.ReceivedAt, m.EnvelopeFrom, m.Sender, m.SenderName, m.Subject, m.Verdict, m.Reason, m.Page,
		m.Outage, m.Ticket)
	return err
}

// recentPages counts the separate pages for unverified senders of a time until now.
func recentPages(ctx context.Context, tx sqldb.Tx, within time.Duration) (n int, err error) {
	err = tx.QueryRowContext(ctx, `
SELECT COUNT(*) FROM emergency_mails WHERE verdict = 'paged' AND verified = 0 AND paged_at > altis_now() - $1`,
		within.Microseconds()).Scan(&n)
	return n, err
}

// windowLeft returns how long the oldest separate page of a time counts yet.
func windowLeft(ctx context.Context, tx sqldb.Tx, within time.Duration) (time.Duration, error) {
	var left int64
	err := tx.QueryRowContext(ctx, `
SELECT COALESCE(MIN(paged_at) + $1 - altis_now(), 0) FROM emergency_mails
WHERE verdict = 'paged' AND verified = 0 AND paged_at > altis_now() - $1`,
		within.Microseconds()).Scan(&left)
	return time.Duration(left) * time.Microsecond, err
}

// heldMails returns the mails that wait, oldest first.
func heldMails(ctx context.Context, tx sqldb.Queryer) (mails []mail, err error) {
	err = sqlscan.Select(ctx, tx, &mails, `SELECT `+mailColumns+` FROM emergency_mails WHERE verdict = 'held' ORDER BY received_at, id`)
	return mails, err
}

// changeMail writes down another verdict, with the page by which somebody is told of the mail from now on.
func changeMail(ctx context.Context, tx sqldb.Tx, m mail) error {
	_, err := tx.ExecContext(ctx, `
UPDATE emergency_mails SET verdict = $2, reason = $3, page = $4, outage = $5, ticket = $6, paged_at = altis_now() WHERE id = $1`,
		m.ID, m.Verdict, m.Reason, m.Page, m.Outage, m.Ticket)
	return err
}

// readMail returns a mail; false when there is none.
func readMail(ctx context.Context, q sqldb.Queryer, id string) (m mail, ok bool, err error) {
	err = sqlscan.Get(ctx, q, &m, `SELECT `+mailColumns+` FROM emergency_mails WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, nil
	}
	return m, err == nil, sqldb.Classify(err)
}

// inDirectory reports whether an address is that of somebody who may write.
func inDirectory(ctx context.Context, q sqldb.Queryer, address string) (bool, error) {
	var n int
	err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM directory_people WHERE email_lower = $1 AND removed = 0 AND disabled = 0`, address).Scan(&n)
	return n > 0, sqldb.Classify(err)
}

func knownMails(ctx context.Context, q sqldb.Queryer) (map[string]bool, error) {
	var ids []string
	if err := sqlscan.Select(ctx, q, &ids, `SELECT id FROM emergency_mails`); err != nil {
		return nil, sqldb.Classify(err)
	}
	known := make(map[string]bool, len(ids))
	for _, id := range ids {
		known[id] = true
	}
	return known, nil
}

// answersPage reports whether a mail answers one by which somebody was paged: their Message-IDs are the deliveries' ids.
func (s *Service) answersPage(ctx context.Context, tx sqldb.Tx, h mailin.Head) (bool, error) {
	var deliveries []string
	for _, id := range h.References {
		if delivery, ok := strings.CutSuffix(id, "@"+s.cfg.mailDomain()); ok {
			deliveries = append(deliveries, delivery)
		}
	}
	if len(deliveries) == 0 {
		return false, nil
	}
	var n int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM page_deliveries WHERE id `+s.deps.DB.In(1), sqldb.List(deliveries)).Scan(&n)
	return n > 0, err
}
