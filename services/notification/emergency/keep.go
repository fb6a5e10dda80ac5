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
	return s.take(ctx, id, e, scanner.Head(e.From))
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
		raw, e, err := s.spool.Read(id)
		if err != nil {
			s.deps.Logger.ErrorContext(ctx, "a file in the spool is no mail", slog.String("mail", id), slog.Any("error", err))
			continue
		}
		scanner := mailin.NewScanner()
		_, _ = scanner.Write(raw) // never fails
		if err := s.take(ctx, id, e, scanner.Head(e.From)); err != nil {
			return err
		}
		s.deps.Logger.WarnContext(ctx, "a mail was kept but not handled when the process ended: it is now", slog.String("mail", id))
	}
	return nil
}

// take records a mail that is in the spool and begins its page, all in one transaction.
func (s *Service) take(ctx context.Context, id string, e spool.Envelope, h mailin.Head) error {
	m := mail{
		ID: id, Fingerprint: h.Fingerprint, ReceivedAt: sqldb.Micros(e.ReceivedAt), EnvelopeFrom: e.From,
		Sender: h.From, SenderName: h.FromName, Subject: h.Subject, Copies: 1,
	}
	incident := incident(m, h)
	var page *domain.Page
	err := s.queue.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *durable.Tx) error {
		page = nil
		var err error
		if m.Verdict, m.Reason, err = s.judge(ctx, tx, h); err != nil {
			return err
		}
		if m.Verdict == verdictPaged {
			m.Page = pageID(m)
		}
		if fresh, err := insertMail(ctx, tx, m); err != nil || !fresh {
			m.Verdict = verdictDuplicate
			return err
		}
		switch m.Verdict {
		case verdictPaged:
			page, err = s.open(ctx, tx, m.Page, "mail:"+m.ID, incident)
		case verdictHeld:
			err = s.holdBack(ctx, tx)
		default:
			return nil
		}
		if err != nil {
			return err
		}
		return tx.Enqueue(ctx, examination(m.ID))
	})
	if err != nil {
		return err // the file stays: after an error of unknown outcome it may have been recorded
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

// open pages about mails.
func (s *Service) open(ctx context.Context, tx *durable.Tx, id, topic string, i domain.Incident) (p *domain.Page, err error) {
	err = s.store.Within(ctx, tx, func(ctx context.Context, tx *store.Tx) error {
		p, err = s.pager.Open(ctx, tx, domain.Opening{ID: id, Topic: topic, Incident: i})
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

// judge decides what becomes of a mail that is new.
func (s *Service) judge(ctx context.Context, tx *durable.Tx, h mailin.Head) (verdict, reason string, err error) {
	if h.Automatic != "" {
		return verdictAutomatic, h.Automatic, nil
	}
	if reply, err := s.answersPage(ctx, tx, h); err != nil || reply {
		return verdictReply, "it answers the mail of a page", err
	}
	n, err := recentPages(ctx, tx, s.cfg.PageWindow)
	if err == nil && n >= s.cfg.PagesPerWindow {
		return verdictHeld, "there were too many mails: it is part of the next page with a count", nil
	}
	return verdictPaged, "", err
}

// errBundle is what becomes of a task of a page with a count that cannot be run: it is tried again.
var errBundle = errors.New("emergency: the page with a count could not be made")
