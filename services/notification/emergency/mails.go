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
	verdictAutomatic = "automatic" // nobody wrote it
	verdictReply     = "reply"     // to the mail of a page
	verdictDuplicate = "duplicate" // is no row of its own
)

// mail is a row.
type mail struct {
	ID, Fingerprint, EnvelopeFrom, Sender, SenderName, Subject, Verdict, Reason, Page string

	ReceivedAt, PagedAt, Copies int64
	Verified                    bool
}

const mailColumns = `id, fingerprint, received_at, envelope_from, sender, sender_name, subject, verdict, reason, page, paged_at, verified, copies`

// insertMail adds a mail. It reports false when the same one is there already, of which it counts one copy more.
func insertMail(ctx context.Context, tx sqldb.Tx, m mail) (bool, error) {
	if m.Fingerprint != "" {
		result, err := tx.ExecContext(ctx, `UPDATE emergency_mails SET copies = copies + 1 WHERE fingerprint = $1`, m.Fingerprint)
		if err != nil {
			return false, err
		}
		if n, err := result.RowsAffected(); err != nil || n > 0 {
			return false, err
		}
	}
	_, err := tx.ExecContext(ctx, `
INSERT INTO emergency_mails (`+mailColumns+`)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, CASE WHEN $8 = 'paged' THEN altis_now() ELSE 0 END, 0, 1)`,
		m.ID, m.Fingerprint, m.ReceivedAt, m.EnvelopeFrom, m.Sender, m.SenderName, m.Subject, m.Verdict, m.Reason, m.Page)
	return err == nil, err
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

// bundleMails makes all mails that wait part of a page.
func bundleMails(ctx context.Context, tx sqldb.Tx, page string) error {
	_, err := tx.ExecContext(ctx, `UPDATE emergency_mails SET verdict = 'bundled', page = $1, paged_at = altis_now() WHERE verdict = 'held'`, page)
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
