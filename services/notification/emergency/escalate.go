package emergency

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/georgysavva/scany/v2/sqlscan"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/mailin"
	"altis-dxp.com/support/services/notification/internal/store"
)

// The code of a receipt, which nobody guesses: whoever has it reads the mails of the address that has written.
const (
	codePrefix = "E-"
	codeLength = 12
)

var codeLike = regexp.MustCompile(`(?i)\bE-([A-Z2-7]{12})\b`)

// escalatePause is how long it is until answers to the receipts of an outage page again.
const escalatePause = 10 * time.Minute

const reasonEscalated = "the sender of a mail to the emergency address has answered the receipt: it got worse, or nobody got in touch"

// answersReceipt returns the mail whose receipt a mail answers, or names the code of.
func (s *Service) answersReceipt(ctx context.Context, tx sqldb.Tx, h mailin.Head) (m mail, ok bool, err error) {
	code := ""
	if found := codeLike.FindStringSubmatch(h.Subject); found != nil {
		code = strings.ToUpper(found[1])
	}
	if code == "" && len(h.References) == 0 {
		return m, false, nil
	}
	var mails []string
	err = sqlscan.Select(ctx, tx, &mails, `
SELECT mail FROM emergency_receipts WHERE code <> '' AND (code = $1 OR message_id `+s.deps.DB.In(2)+`) ORDER BY created_at DESC LIMIT 1`,
		code, sqldb.List(h.References))
	if err != nil || len(mails) == 0 {
		return m, false, err
	}
	if m, ok, err = readMail(ctx, tx, mails[0]); err != nil || !ok || m.Outage == "" {
		return m, ok, err
	}
	return readMail(ctx, tx, m.Outage)
}

// again decides what becomes of the answer to a receipt: it pages again, unless another has done so just before.
func (s *Service) again(ctx context.Context, tx *durable.Tx, m, about mail) (mail, error) {
	m.Verdict, m.Reason, m.Page = verdictNote, reasonAgain, about.Page
	m.Ticket = s.ticketDue()
	if about.Ticket != noTicket {
		m.Outage = about.ID
	}
	result, err := tx.ExecContext(ctx, `
UPDATE emergency_mails SET escalated_at = altis_now() WHERE id = $1 AND escalated_at <= altis_now() - $2`, about.ID, escalatePause.Microseconds())
	if err != nil {
		return m, err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return m, err
	}
	m.Verdict, m.Reason = verdictEscalated, ""
	var waiting int
	err = tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM pages WHERE id = $1 AND state IN ('paging', 'delivered')`, about.Page).Scan(&waiting)
	if waiting == 0 {
		m.Page = pageID(m)
	}
	return m, err
}

// escalate pages again: the next step of the page, if it still waits for somebody, else by a page of its own.
func (s *Service) escalate(ctx context.Context, tx *durable.Tx, m mail, about domain.Incident) (p *domain.Page, err error) {
	if m.ownPage() {
		outage, _, err := readMail(ctx, tx, m.Outage)
		if err != nil {
			return nil, err
		}
		about.Reason = reasonEscalated
		return s.openPage(ctx, tx, domain.Opening{ID: m.Page, Topic: "mail:" + m.ID, Ticket: max(outage.Ticket, 0), Incident: about})
	}
	err = s.store.Within(ctx, tx, func(ctx context.Context, tx *store.Tx) error {
		p, err = s.pager.Escalate(ctx, tx, m.Page, about.Requester, "")
		return err
	})
	return p, err
}
