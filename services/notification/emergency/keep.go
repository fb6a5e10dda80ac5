package emergency

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/mailin"
	"altis-dxp.com/support/services/notification/internal/spool"
	"altis-dxp.com/support/services/notification/internal/store"
)

// keep is a smtpin.Keep: nil means that the mail lasts, and that its page does, if it is to have one.
func (s *Service) keep(ctx context.Context, e spool.Envelope, raw io.Reader) error {
	id := s.deps.NewID()
	file, err := s.spool.Create(id, e)
	if err != nil {
		return err
	}
	scanner := mailin.NewScanner()
	if _, err := io.Copy(io.MultiWriter(file, scanner), raw); err != nil {
		file.Abort()
		return err
	}
	if err := file.Commit(); err != nil {
		return err
	}
	err = s.take(ctx, id, e, scanner.Head(e.From))
	if sqldb.IsFull(err) {
		// It is not recorded, and its sender's server comes again: what stays of each try would take the room that is missing.
		return errors.Join(err, s.spool.Remove(id))
	}
	return err // after an error of unknown outcome the file stays: it may have been recorded
}

// recover takes what was in the spool when the process ended before it was recorded.
func (s *Service) recover(ctx context.Context) error {
	ids, err := s.spool.List()
	if err != nil {
		return err
	}
	known, err := knownMails(ctx, s.deps.DB.Reader())
	if err != nil {
		return err
	}
	for _, id := range ids {
		if known[id] {
			continue
		}
		_, e, h, err := s.read(id)
		if err != nil {
			s.deps.Logger.ErrorContext(ctx, "a file in the spool is no mail", slog.String("mail", id), slog.Any("error", err))
			continue
		}
		if err := s.take(ctx, id, e, h); err != nil {
			return err
		}
		s.deps.Logger.WarnContext(ctx, "a mail was kept but not handled when the process ended: it is now", slog.String("mail", id))
	}
	return nil
}

// take records a mail that is in the spool and begins its page, all in one transaction.
func (s *Service) take(ctx context.Context, id string, e spool.Envelope, h mailin.Head) error {
	received := mail{
		ID: id, Fingerprint: h.Fingerprint, ReceivedAt: sqldb.Micros(e.ReceivedAt), EnvelopeFrom: e.From,
		Sender: h.From, SenderName: h.FromName, Subject: h.Subject, Copies: 1, Ticket: noTicket,
	}
	if len(h.MessageID) <= maxMessageID {
		received.MessageID = h.MessageID
	}
	m, incident := received, incident(received, h)
	var page *domain.Page
	err := s.queue.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *durable.Tx) error {
		page = nil
		// Before anything is judged: a copy changes nothing.
		copied, err := countCopy(ctx, tx, received.Fingerprint)
		if err != nil || copied {
			m = received
			m.Verdict = verdictDuplicate
			return err
		}
		if m, err = s.judge(ctx, tx, received, h); err != nil {
			return err
		}
		if err := insertMail(ctx, tx, m); err != nil {
			return err
		}
		switch m.Verdict {
		case verdictPaged:
			page, err = s.open(ctx, tx, m, incident)
		case verdictEscalated:
			page, err = s.escalate(ctx, tx, m, incident)
		case verdictHeld:
			return errors.Join(s.holdBack(ctx, tx), tx.Enqueue(ctx, examination(m.ID)))
		case verdictNote:
		default:
			return nil
		}
		if err != nil {
			return err
		}
		return errors.Join(s.follow(ctx, tx, m), tx.Enqueue(ctx, examination(m.ID)))
	})
	if err != nil {
		return err
	}
	s.meters.count(ctx, m.Verdict)
	attributes := []slog.Attr{slog.String("mail", id), slog.String("verdict", m.Verdict), slog.String("reason", m.Reason), slog.String("page", m.Page)}
	switch {
	case m.Verdict == verdictDuplicate:
		if err := s.spool.Remove(id); err != nil {
			s.deps.Logger.WarnContext(ctx, "the copy of a mail stays in the spool", slog.String("mail", id), slog.Any("error", err))
		}
	case page != nil:
		attributes = append(attributes, slog.String("roster", s.roster.note()))
	}
	s.deps.Logger.LogAttrs(ctx, slog.LevelInfo, "a mail came to the emergency address", attributes...)
	return nil
}

// pageID is the same for the same mail.
func pageID(m mail) string {
	if m.Fingerprint == "" {
		return domain.Hash("emergency", "mail", m.ID)
	}
	return domain.Hash("emergency", m.Fingerprint)
}

// open pages about a mail.
func (s *Service) open(ctx context.Context, tx *durable.Tx, m mail, about domain.Incident) (*domain.Page, error) {
	return s.openPage(ctx, tx, domain.Opening{ID: m.Page, Topic: "mail:" + m.ID, Ticket: max(m.Ticket, 0), Incident: about})
}

func (s *Service) openPage(ctx context.Context, tx *durable.Tx, o domain.Opening) (p *domain.Page, err error) {
	err = s.store.Within(ctx, tx, func(ctx context.Context, tx *store.Tx) error {
		p, err = s.pager.Open(ctx, tx, o)
		return err
	})
	return p, err
}

// incident is what the page of a mail tells.
func incident(m mail, h mailin.Head) domain.Incident {
	return domain.Incident{
		Subject: cmp.Or(m.Subject, "mail without a subject"), Requester: domain.Person{Name: m.SenderName, Email: m.Sender}, Urgent: true,
		Reason: reasonUnverified, Excerpt: mailin.Excerpt(h.Start),
	}
}

// What pages say of the sender. A page that went out before that was known says what was known then.
const (
	reasonUnverified = "a mail to the emergency address; who sent it is not verified"
	reasonVerified   = "a mail to the emergency address; its domain vouches for the sender, who is in the directory"
)

// Why a mail has no page of its own.
const (
	reasonReply = "it answers the mail of a page"
	reasonHeld  = "there were too many mails: it is part of a page with a count"
	reasonNote  = "a page tells of its outage already"
	reasonAgain = "it answers a receipt, as another mail did shortly before"
)

// judge decides what becomes of a mail that is new.
func (s *Service) judge(ctx context.Context, tx *durable.Tx, m mail, h mailin.Head) (mail, error) {
	if h.Automatic != "" {
		m.Verdict, m.Reason = verdictAutomatic, h.Automatic
		return m, nil
	}
	if reply, err := s.answersPage(ctx, tx, h); err != nil || reply {
		m.Verdict, m.Reason = verdictReply, reasonReply
		return m, err
	}
	about, ok, err := s.answersReceipt(ctx, tx, h)
	if err != nil {
		return m, err
	}
	if ok {
		return s.again(ctx, tx, m, about)
	}
	if outage, ok, err := s.outage(ctx, tx, h); err != nil || ok {
		m.Verdict, m.Reason, m.Page, m.Outage, m.Ticket = verdictNote, reasonNote, outage.Page, outage.ID, s.ticketDue()
		return m, err
	}
	n, err := recentPages(ctx, tx, s.cfg.PageWindow)
	if err == nil && n >= s.cfg.PagesPerWindow {
		m.Verdict, m.Reason = verdictHeld, reasonHeld
		return m, nil
	}
	m.Verdict, m.Page, m.Ticket = verdictPaged, pageID(m), s.ticketDue()
	return m, err
}

// errBundle is what becomes of a task of a page with a count that cannot be run: it is tried again.
var errBundle = errors.New("emergency: the page with a count could not be made")
