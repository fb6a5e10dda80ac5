package emergency

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	netmail "net/mail"
	"slices"
	"strings"
	"time"

	"github.com/georgysavva/scany/v2/sqlscan"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/mailin"
	"altis-dxp.com/support/services/notification/internal/mailout"
	"altis-dxp.com/support/services/notification/internal/spool"
)

// kindReceipt is the task that tells the sender of a mail what happens now. Its key is the mail's id.
const kindReceipt = "emergency.receipt"

const (
	// receiptWait is how long a receipt waits for the number of the ticket.
	receiptWait = time.Minute
	// receiptFor is how long a mail server is tried: what comes later helps nobody.
	receiptFor, receiptTimeout = 24 * time.Hour, 3 * time.Minute
	// Brakes: a receipt goes to whom a mail says that it is from, and must be of no use to those who lie.
	receiptWindow                      = time.Hour
	receiptsPerAddress, receiptsForAll = 1, 30
)

// What became of a receipt.
const (
	receiptQueued     = "queued"
	receiptSent       = "sent"
	receiptRefused    = "refused"
	receiptSuppressed = "suppressed"
)

// receipt is a row.
type receipt struct {
	Mail, Address, MessageID, Code, State, Answer string
	CreatedAt                                     int64
}

const receiptColumns = `mail, address, message_id, code, state, answer, created_at`

func receipting(mail string, delay time.Duration) durable.Spec {
	return durable.Spec{Kind: kindReceipt, Lane: durable.LaneNotice, Key: mail, Payload: []byte(`{}`), Delay: delay}
}

// errReceipt stands for what a mail server has said: that may name people, and errors of tasks go to the log.
var errReceipt = errors.New("emergency: the mail server does not take a receipt now")

// receipt sends the receipt of a mail, until the mail server has answered.
func (s *Service) receipt(ctx context.Context, task durable.Task) error {
	m, ok, err := readMail(ctx, s.deps.DB.Reader(), task.Key)
	if err != nil || !ok {
		return err
	}
	_, e, h, err := s.read(m.ID)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	r, err := s.makeReceipt(ctx, m, e, h)
	if err != nil || r.State != receiptQueued {
		return err
	}
	answer, err := s.sendReceipt(ctx, m, e, h, r)
	_, refused := errors.AsType[*mailout.Refused](err)
	switch {
	case err == nil:
		r.State, r.Answer = receiptSent, answer
	case refused, s.deps.Now().Sub(sqldb.Time(r.CreatedAt)) > receiptFor:
		r.State, r.Answer = receiptRefused, err.Error()
	default:
		return errReceipt
	}
	s.deps.Logger.InfoContext(ctx, "the sender of a mail has a receipt, or gets none", slog.String("mail", m.ID), slog.String("state", r.State))
	return s.deps.DB.Update(context.WithoutCancel(ctx), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE emergency_receipts SET state = $2, answer = $3 WHERE mail = $1`, r.Mail, r.State, r.Answer)
		return err
	})
}

// makeReceipt returns the row of a mail's receipt, which it makes if there is none: each attempt sends the same.
func (s *Service) makeReceipt(ctx context.Context, m mail, e spool.Envelope, h mailin.Head) (r receipt, err error) {
	err = s.deps.DB.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		err := sqlscan.Get(ctx, tx, &r, `SELECT `+receiptColumns+` FROM emergency_receipts WHERE mail = $1`, m.ID)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		r = receipt{Mail: m.ID, Address: m.Sender, Code: rand.Text()[:codeLength], State: receiptQueued}
		r.MessageID = domain.Hash("receipt", r.Code) + "@" + s.cfg.mailDomain()
		if r.Answer = s.unanswerable(m, e, h); r.Answer == "" {
			if r.Answer, err = braked(ctx, tx, r.Address, m.Verified); err != nil {
				return err
			}
		}
		if r.Answer != "" {
			r.State, r.Code = receiptSuppressed, ""
		}
		return sqlscan.Get(ctx, tx, &r, `
INSERT INTO emergency_receipts (`+receiptColumns+`) VALUES ($1, $2, $3, $4, $5, $6, altis_now()) RETURNING `+receiptColumns,
			r.Mail, r.Address, r.MessageID, r.Code, r.State, r.Answer)
	})
	return r, err
}

// unanswerable returns why a receipt might go to somebody who has written nothing, "" if it is safe. That nobody wrote the
// mail is known before: such mails have no receipt.
func (s *Service) unanswerable(m mail, e spool.Envelope, h mailin.Head) string {
	if !h.OneAuthor {
		return "the mail does not name one author"
	}
	if !m.Verified && domainOf(e.From) != domainOf(m.Sender) {
		return "it came from another domain than it says, which does not vouch for it"
	}
	if m.Sender == strings.ToLower(s.cfg.MailFrom) || slices.ContainsFunc(s.cfg.Address, func(a string) bool { return strings.EqualFold(a, m.Sender) }) {
		return "it says that it is from us"
	}
	return ""
}

func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// braked returns why there is no receipt now, "" = there may be one. Those of verified senders are counted by themselves: nobody
// uses them up by writing in another name.
func braked(ctx context.Context, tx sqldb.Tx, address string, verified bool) (string, error) {
	var all, theirs int
	err := tx.QueryRowContext(ctx, `
SELECT COUNT(*), COALESCE(SUM(CASE WHEN r.address = $1 THEN 1 ELSE 0 END), 0)
FROM emergency_receipts r JOIN emergency_mails m ON m.id = r.mail AND m.verified = $3
WHERE r.state <> 'suppressed' AND r.created_at > altis_now() - $2`, address, receiptWindow.Microseconds(), flag(verified)).Scan(&all, &theirs)
	switch {
	case theirs >= receiptsPerAddress:
		return "the address has had a receipt within the hour", err
	case all >= receiptsForAll:
		return "there were too many receipts within the hour", err
	}
	return "", err
}

// sendReceipt sends a receipt with a null envelope sender: there is never an answer to it by a machine.
func (s *Service) sendReceipt(ctx context.Context, m mail, e spool.Envelope, h mailin.Head, r receipt) (answer string, err error) {
	address := r.Address
	if strings.EqualFold(e.From, address) {
		address = e.From // only its owner may change its case
	}
	to, err := mailout.EnvelopeAddress(address)
	if err != nil {
		return "", &mailout.Refused{Answer: err.Error()}
	}
	content := mailout.Receipt{
		ID: r.MessageID, InReplyTo: h.MessageID, To: netmail.Address{Address: address}, ReplyTo: e.To, Date: sqldb.Time(r.CreatedAt),
		Ticket: max(m.Ticket, 0), Code: codePrefix + r.Code,
	}
	err = s.deps.DB.Reader().QueryRowContext(ctx, `
SELECT COALESCE(MAX(locale), '') FROM directory_people WHERE email_lower = $1 AND removed = 0`, r.Address).Scan(&content.Locale)
	if err != nil {
		return "", err
	}
	message, err := s.work.Renderer.Receipt(content)
	if err != nil {
		return "", err
	}
	data, err := message.Bytes()
	if err != nil {
		return "", &mailout.Refused{Answer: err.Error()}
	}
	return s.transport.Send(ctx, mailout.Envelope{ID: domain.Hash("receipt", m.ID), To: to}, data)
}
