package emergency

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"runtime"
	"strings"
	"time"

	"github.com/georgysavva/scany/v2/sqlscan"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification/internal/mailin"
)

// kindTicket is the task that makes a ticket of a mail, or a note of its outage's ticket. Its key is the mail's id.
const kindTicket = "emergency.ticket"

const (
	// proofWait is how long a ticket waits for the examination of its sender: DNS may be down for longer.
	proofWait = 30 * time.Second
	// noteWait is when a note looks again whether its outage has a ticket, which wakes it normally.
	noteWait = 5 * time.Minute
	// ticketTimeout bounds one attempt, ticketPause the pause after one that failed.
	ticketTimeout, ticketPause = 2 * time.Minute, 30 * time.Second
	// mailChunk is how much of a mail is sent at once.
	mailChunk = 256 << 10
)

// ticketBackoff is short enough that tickets are there soon after ticket is back.
func ticketBackoff(attempt int) time.Duration {
	return min(durable.DefaultBackoff(attempt), ticketPause)
}

// ticketDue is the ticket of a mail that has just paged.
func (s *Service) ticketDue() int64 {
	if s.tickets == nil {
		return noTicket
	}
	return ticketDue
}

// ticketing runs in the lane of what may take its time, which runs two of them at once: each holds a mail in memory, and none
// takes the place of what somebody waits for.
func ticketing(mail string, delay time.Duration) durable.Spec {
	return durable.Spec{Kind: kindTicket, Lane: durable.LaneDigest, Key: mail, Payload: []byte(`{}`), Delay: delay}
}

// follow makes the tasks that follow when a mail has paged, or is part of a page: its ticket, and then the receipt.
func (s *Service) follow(ctx context.Context, tx *durable.Tx, m mail) error {
	wait := proofWait
	if m.Examined {
		wait = 0
	}
	var specs []durable.Spec
	if m.Ticket == ticketDue {
		specs, wait = append(specs, ticketing(m.ID, wait)), receiptWait
	}
	if !s.cfg.NoReceipts {
		specs = append(specs, receipting(m.ID, wait))
	}
	return tx.Enqueue(ctx, specs...)
}

// wake runs a task now that waits for a later time, if there is one.
func wake(ctx context.Context, tx *durable.Tx, spec durable.Spec) error {
	n, err := tx.Cancel(ctx, spec.Kind, spec.Key)
	if err != nil || n == 0 {
		return err
	}
	return tx.Enqueue(ctx, spec)
}

// ticket makes a ticket of a mail. It is tried until it is made.
func (s *Service) ticket(ctx context.Context, task durable.Task) error {
	m, ok, err := readMail(ctx, s.deps.DB.Reader(), task.Key)
	if err != nil || !ok || m.Ticket != ticketDue {
		return err
	}
	if s.tickets == nil {
		return durable.RetryAfter(noteWait, errNoTickets)
	}
	if m.Outage != "" {
		early, err := s.early(ctx, m)
		if err != nil || early {
			return err
		}
	}
	number, err := s.openTicketSafely(ctx, m)
	if err != nil {
		return err
	}
	return s.ticketed(ctx, m.ID, number)
}

// errNoTickets keeps what was to become a ticket, should the configuration name the service again.
var errNoTickets = errors.New("emergency: there is no ticket service")

// early puts a note off whose outage has no ticket yet, or was paged about again by a mail that is none yet: those wake it.
func (s *Service) early(ctx context.Context, m mail) (early bool, err error) {
	err = s.queue.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *durable.Tx) error {
		outage, ok, err := readMail(ctx, tx, m.Outage)
		if err != nil {
			return err
		}
		if early = ok && outage.Ticket == ticketDue; !early && m.Verdict == verdictNote {
			// Who has paged again is first to make the ticket urgent again.
			var before int
			err = tx.QueryRowContext(ctx, `
SELECT COUNT(*) FROM emergency_mails WHERE outage = $1 AND verdict = $2 AND ticket = 0 AND paged_at <= $3`, m.Outage, verdictEscalated, m.PagedAt).Scan(&before)
			early = before > 0
		}
		if err != nil || !early {
			return err
		}
		return tx.Enqueue(ctx, ticketing(m.ID, noteWait))
	})
	return early, err
}

// openTicketSafely is openTicket for mails that nobody foresaw: what panics would be parked, and nobody would have the ticket.
// Of a mail that does nothing is read, and what panics even so is tried again like any failure.
func (s *Service) openTicketSafely(ctx context.Context, m mail) (number int64, err error) {
	number, err = s.openUnlessPanic(ctx, m, mailin.Text)
	if errors.Is(err, errPanicked) {
		s.deps.Logger.ErrorContext(ctx, "a mail made its ticket panic: it is attached without being read", slog.String("mail", m.ID), slog.Any("error", err))
		number, err = s.openUnlessPanic(ctx, m, func([]byte) (string, error) { return "", errPanicked })
	}
	return number, err
}

var errPanicked = errors.New("emergency: a mail made the reading of it panic")

func (s *Service) openUnlessPanic(ctx context.Context, m mail, read readText) (number int64, err error) {
	defer func() {
		if recover() != nil { // its value may be of the mail
			err = fmt.Errorf("%w in %s", errPanicked, callers())
		}
	}()
	return s.openTicket(ctx, m, read)
}

// callers are the functions that called this one, without their arguments, which may be of the mail.
func callers() string {
	pcs := make([]uintptr, 16)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	var names []string
	for more := true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		names = append(names, frame.Function)
	}
	return strings.Join(names, " < ")
}

// readText returns the text of a mail.
type readText func(raw []byte) (string, error)

// openTicket hands a mail to ticket, which makes one ticket of it however often it is asked.
func (s *Service) openTicket(ctx context.Context, m mail, read readText) (int64, error) {
	raw, _, err := s.spool.Read(m.ID)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	first, err := s.ticketMail(ctx, m, raw, err == nil, read)
	if err != nil {
		return 0, err
	}
	stream, err := s.tickets.OpenMailTicket(ctx)
	if err != nil {
		return 0, err
	}
	err = stream.Send(&ticketv1.OpenMailTicketRequest{Part: &ticketv1.OpenMailTicketRequest_Mail{Mail: first}})
	for len(raw) > 0 && err == nil {
		n := min(len(raw), mailChunk)
		err = stream.Send(&ticketv1.OpenMailTicketRequest{Part: &ticketv1.OpenMailTicketRequest_Chunk{Chunk: raw[:n]}})
		raw = raw[n:]
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	res, err := stream.CloseAndRecv() // after io.EOF it says why
	return res.GetTicket(), err
}

// ticketMail is what a ticket tells of a mail.
func (s *Service) ticketMail(ctx context.Context, m mail, raw []byte, kept bool, read readText) (*ticketv1.Mail, error) {
	out := &ticketv1.Mail{
		Id: m.ID, Outage: m.Outage, ReceiveTime: timestamppb.New(sqldb.Time(m.ReceivedAt)), Subject: m.Subject, Body: ticketBody(raw, kept, read),
		SenderName: m.SenderName, SenderEmail: m.Sender,
	}
	if m.Outage == "" || m.ownPage() { // a ticket that was over becomes urgent by it
		out.EmergencyPage = m.Page
	}
	switch {
	case m.Verdict == verdictBundled: // of several senders: it belongs to none of them
		if m.Outage == "" {
			page, err := s.store.Page(ctx, m.Page)
			if err != nil {
				return nil, err
			}
			out.Subject, out.Body = page.Incident.Subject, cmp.Or(m.Subject, "(no subject)")+"\n\n"+out.GetBody()
		}
	case m.Verified:
		var err error
		if out.Person, out.Organization, err = member(ctx, s.deps.DB.Reader(), m.Sender); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ticketBody is the text of a mail, and what is wrong with it.
func ticketBody(raw []byte, kept bool, read readText) string {
	if !kept {
		return "The file of this mail is not there any more."
	}
	text, err := read(raw)
	switch {
	case err != nil && text == "":
		return "This mail cannot be read. It is attached as it came."
	case err != nil:
		return "This mail can be read in part only. It is attached as it came.\n\n" + text
	case text == "":
		return "This mail has no text. It is attached as it came."
	}
	return text
}

// member returns the member of an organization whose address it is; empty when there is none.
func member(ctx context.Context, q sqldb.Queryer, address string) (person, organization string, err error) {
	err = q.QueryRowContext(ctx, `
SELECT id, organization FROM directory_people
WHERE email_lower = $1 AND removed = 0 AND disabled = 0 AND organization <> '' ORDER BY id LIMIT 1`, address).Scan(&person, &organization)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", nil
	}
	return person, organization, sqldb.Classify(err)
}

// ticketed writes down the ticket of a mail. Its page tells of it from now on, and what has waited for it goes on.
func (s *Service) ticketed(ctx context.Context, id string, number int64) error {
	err := s.queue.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *durable.Tx) error {
		m, ok, err := readMail(ctx, tx, id)
		if err != nil || !ok {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE emergency_mails SET ticket = $2 WHERE id = $1`, m.ID, number); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE pages SET ticket = $2 WHERE id = $1 AND ticket = 0`, m.Page, number); err != nil {
			return err
		}
		var notes []string
		if err := sqlscan.Select(ctx, tx, &notes, `
SELECT id FROM emergency_mails WHERE outage = $1 AND ticket = 0`, cmp.Or(m.Outage, m.ID)); err != nil {
			return err
		}
		for _, note := range notes {
			if err := wake(ctx, tx, ticketing(note, 0)); err != nil {
				return err
			}
		}
		// A receipt that is decided may be on its way already.
		var decided int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM emergency_receipts WHERE mail = $1`, m.ID).Scan(&decided); err != nil || decided > 0 {
			return err
		}
		return wake(ctx, tx, receipting(m.ID, 0))
	})
	if err == nil {
		s.deps.Logger.InfoContext(ctx, "a mail has its ticket", slog.String("mail", id), slog.Int64("ticket", number))
	}
	return err
}

// oldestWithoutTicket returns for how long the oldest mail that is to become a ticket has been waiting, 0 = none does.
func (s *Service) oldestWithoutTicket(ctx context.Context) (time.Duration, error) {
	var age int64
	err := s.deps.DB.Reader().QueryRowContext(ctx, `
SELECT COALESCE(altis_now() - MIN(paged_at), 0) FROM emergency_mails WHERE ticket = 0`).Scan(&age)
	return time.Duration(age) * time.Microsecond, sqldb.Classify(err)
}
