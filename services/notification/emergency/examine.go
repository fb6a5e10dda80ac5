package emergency

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/mailauth"
	"altis-dxp.com/support/services/notification/internal/mailin"
	"altis-dxp.com/support/services/notification/internal/spool"
)

// kindExamine is the task that finds out whether the sender of a mail is who it says. It asks DNS, which may be down, and
// nothing urgent waits for it: a mail that is held back pages at once when the sender is verified, and with the others else.
const kindExamine = "emergency.examine"

// examineFor is how long DNS is asked again while it cannot tell.
const examineFor = time.Hour

type examineTask struct {
	Mail string `json:"mail"`
}

func examination(id string) durable.Spec {
	payload, err := json.Marshal(examineTask{id})
	if err != nil {
		panic(err) // a string always marshals
	}
	return durable.Spec{Kind: kindExamine, Lane: durable.LaneReply, Key: id, Payload: payload}
}

func (s *Service) examine(ctx context.Context, task durable.Task) error {
	var p examineTask
	if err := json.Unmarshal(task.Payload, &p); err != nil {
		return fmt.Errorf("%w: %w", durable.ErrUndecodable, err)
	}
	m, ok, err := readMail(ctx, s.deps.DB.Reader(), p.Mail)
	if err != nil || !ok {
		return err
	}
	raw, _, h, err := s.read(m.ID)
	if errors.Is(err, fs.ErrNotExist) {
		return s.examined(ctx, m.ID, h, false)
	}
	if err != nil {
		return err
	}
	known, err := inDirectory(ctx, s.deps.DB.Reader(), m.Sender)
	if err != nil {
		return err
	}
	verified := false
	if known && h.OneAuthor {
		verified, err = s.verifySafely(ctx, raw, m.Sender)
	}
	if err != nil && s.deps.Now().Sub(task.CreatedAt) <= examineFor {
		return err
	}
	if err != nil {
		s.deps.Logger.WarnContext(ctx, "the sender of a mail could not be verified", slog.String("mail", m.ID), slog.Any("error", err))
	}
	return s.examined(ctx, m.ID, h, verified)
}

// verifySafely has a mail that makes its verification panic be one that cannot be verified.
func (s *Service) verifySafely(ctx context.Context, raw []byte, sender string) (verified bool, err error) {
	defer func() {
		if recover() != nil { // its value may be of the mail
			verified, err = false, errPanicked
		}
	}()
	return mailauth.Verified(ctx, raw, sender, s.deps.LookupTXT)
}

// read returns a mail of the spool, how it came, and its head.
func (s *Service) read(id string) (raw []byte, e spool.Envelope, h mailin.Head, err error) {
	if raw, e, err = s.spool.Read(id); err != nil {
		return nil, e, h, err
	}
	scanner := mailin.NewScanner()
	_, _ = scanner.Write(raw) // never fails
	return raw, e, scanner.Head(e.From), nil
}

// examined notes whether the sender is who it says, and pages about a mail of such a one that was held back.
func (s *Service) examined(ctx context.Context, id string, h mailin.Head, verified bool) error {
	return s.queue.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *durable.Tx) error {
		m, ok, err := readMail(ctx, tx, id) // as it is by now: alone, or with others
		if err != nil || !ok {
			return err
		}
		m.Verified, m.Examined = verified, true
		if _, err := tx.ExecContext(ctx, `UPDATE emergency_mails SET verified = $2, examined = 1 WHERE id = $1`, m.ID, flag(verified)); err != nil {
			return err
		}
		if verified {
			if done, err := s.release(ctx, tx, m, h); err != nil || done {
				return err
			}
		}
		if m.Ticket == noTicket {
			return wake(ctx, tx, receipting(m.ID, 0))
		}
		return wake(ctx, tx, ticketing(m.ID, 0))
	})
}

// release pages about a mail of a verified sender that has no page of its own, because it was held back, or because it seemed
// to be about the outage of a mail whose sender may have lied: nobody silences a customer by writing in their name. It reports
// false when there is nothing to do.
func (s *Service) release(ctx context.Context, tx *durable.Tx, m mail, h mailin.Head) (done bool, err error) {
	switch m.Verdict {
	case verdictHeld:
		outage, ok, err := s.outage(ctx, tx, h)
		if err != nil {
			return false, err
		}
		if !ok || !outage.Verified {
			return true, s.pageAlone(ctx, tx, m, h)
		}
		m.Verdict, m.Reason, m.Page, m.Outage, m.Ticket = verdictNote, reasonNote, outage.Page, outage.ID, ticketDue
		return true, errors.Join(changeMail(ctx, tx, m), s.follow(ctx, tx, m))
	case verdictNote:
		outage, ok, err := readMail(ctx, tx, m.Outage)
		if err != nil || !ok || outage.Verified {
			return false, err
		}
		if !outage.Examined && s.deps.Now().Sub(sqldb.Time(outage.ReceivedAt)) < proofWait {
			return false, durable.RetryAfter(time.Second, errUnexamined)
		}
		return true, s.pageAlone(ctx, tx, m, h)
	}
	return false, nil
}

// errUnexamined has a note wait for the examination of its outage's mail.
var errUnexamined = errors.New("emergency: the mail of the outage is not examined yet")

// pageAlone gives a mail that had none a page of its own: its sender is known by now.
func (s *Service) pageAlone(ctx context.Context, tx *durable.Tx, m mail, h mailin.Head) error {
	about := incident(m, h)
	about.Reason = reasonVerified
	was := m.Verdict
	m.Verdict, m.Reason, m.Page, m.Outage = verdictPaged, "", pageID(m), ""
	if m.Ticket == noTicket {
		m.Ticket = s.ticketDue()
	}
	if err := changeMail(ctx, tx, m); err != nil {
		return err
	}
	if _, err := s.open(ctx, tx, m, about); err != nil {
		return err
	}
	if was == verdictHeld {
		return s.follow(ctx, tx, m)
	}
	return wake(ctx, tx, ticketing(m.ID, 0))
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
