package tasks

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/mailauth"
	"altis-dxp.com/support/services/notification/internal/mailin"
	"altis-dxp.com/support/services/notification/internal/mailout"
	"altis-dxp.com/support/services/notification/internal/replytoken"
	"altis-dxp.com/support/services/notification/internal/store"
)

const (
	examineTimeout = 3 * time.Minute
	// verifyTimeout bounds the questions to DNS about one mail, verifyPatience how long it is asked again.
	verifyTimeout, verifyPatience = 10 * time.Second, time.Hour
	// appendPatience is how long a mail waits for ticket before a person is to look at it.
	appendPatience = 24 * time.Hour
	// copyPatience is how long a mail to the desk waits for its copy to a ticket's address, which it names; copyPause between looks.
	copyPatience, copyPause = time.Minute, time.Second
)

// Inbox holds the mails that came in, as they came.
type Inbox interface {
	// Read returns a mail. Fault NotFound.
	Read(ctx context.Context, object string) ([]byte, error)
	// Range returns part of a mail; a negative length is all from the offset on. Fault NotFound.
	Range(ctx context.Context, object string, offset, length int64) (io.ReadCloser, error)
}

// Replies takes what people wrote, each mail once.
type Replies interface {
	Append(ctx context.Context, r domain.MailReply, files []mailin.File) (ticket int64, message string, err error)
	// Leave takes a CC off a ticket; who is none stays as they are. Fault NotFound: there is no such ticket.
	Leave(ctx context.Context, ticket int64, address string) error
	Open(ctx context.Context, r domain.MailRequest, files []mailin.File) (ticket int64, message string, err error)
}

// examine decides what becomes of a mail that came in.
func (t *Tasks) examine(ctx context.Context, task durable.Task) error {
	p, err := decode[store.InboundTask](task)
	if err != nil {
		return err
	}
	m, err := t.Store.Inbound(ctx, p.Mail)
	switch {
	case errors.Is(err, fault.NotFound):
		return nil // with its ticket, which was purged
	case err != nil:
		return err
	case m.Verdict != domain.InboundWaiting:
		return nil
	}
	if t.Inbox == nil {
		return errors.New("tasks: this process cannot read the mails that came in")
	}
	raw, err := t.readInbound(ctx, m.Object)
	switch {
	case !errors.Is(err, fault.NotFound):
	case m.Object == "":
		return t.decide(ctx, decided(m, domain.InboundRejected, domain.ReasonForgotten, ""), nil)
	case time.Since(latest(m.ReceivedAt, m.ReleasedAt)) > appendPatience: // before that its folder may be out of reach
		return t.decide(ctx, decided(m, domain.InboundQuarantined, domain.ReasonForgotten, ""), nil)
	}
	if err != nil {
		return err
	}
	scanner := mailin.NewScanner()
	_, _ = scanner.Write(raw) // never fails
	m, returned, err := t.judgeSafely(ctx, m, raw, scanner.Head(m.EnvelopeFrom))
	if err != nil {
		return err
	}
	return t.decide(ctx, m, returned)
}

// judgeSafely is judge for mails that nobody foresaw: what panics would be parked, and nobody would hear of it. A person looks at
// the mail as it came instead.
func (t *Tasks) judgeSafely(ctx context.Context, m domain.InboundMail, raw []byte, h mailin.Head) (judged domain.InboundMail, returned *domain.Returned, err error) {
	if h.Unreadable && m.ReleasedBy == "" {
		judged, err = t.unreadable(ctx, m)
		return judged, nil, err
	}
	defer func() {
		if recover() != nil { // its value may be of the mail
			returned = nil
			judged, err = t.unreadable(ctx, m)
		}
	}()
	return t.judge(ctx, m, raw, h)
}

// unreadable holds a mail as one of whom its address was given to, so that it can be released.
func (t *Tasks) unreadable(ctx context.Context, m domain.InboundMail) (domain.InboundMail, error) {
	t.Logger.ErrorContext(ctx, "a mail that came in made the reading of it panic: it is held", slog.String("mail", m.ID))
	if a, ours := t.Addresses.Read(m.Recipient, m.ReceivedAt); ours {
		holder, err := t.holder(ctx, a)
		if err != nil {
			return m, err
		}
		m.Ticket, m.Holder = holder.number, holder.Person
	}
	return decided(m, domain.InboundQuarantined, domain.ReasonUnreadable, ""), nil
}

func (t *Tasks) readInbound(ctx context.Context, object string) ([]byte, error) {
	if object == "" {
		return nil, fault.New(fault.NotFound, "MAIL_FORGOTTEN", "the mail itself is not there any more")
	}
	return t.Inbox.Read(ctx, object)
}

func decided(m domain.InboundMail, v domain.Verdict, reason, detail string) domain.InboundMail {
	m.Verdict, m.Reason, m.Detail = v, reason, detail
	return m
}

// judge goes from what nobody wrote to what somebody did. returned is what is to be recorded of the delivery that came back.
func (t *Tasks) judge(ctx context.Context, m domain.InboundMail, raw []byte, h mailin.Head) (domain.InboundMail, *domain.Returned, error) {
	released := m.ReleasedBy != ""
	if h.Desk != "" && h.Desk == strings.ToLower(t.MailDomain) && !released {
		return decided(m, domain.InboundIgnored, domain.ReasonOwnMail, ""), nil, nil
	}
	a, ours := t.Addresses.Read(m.Recipient, m.ReceivedAt) // by the time it came: it does not expire while it waits
	if !ours && !m.Request {
		return decided(m, domain.InboundQuarantined, domain.ReasonUnknown, ""), nil, nil
	}
	if m.Request {
		m, err := t.request(ctx, m, raw, h)
		return m, nil, err
	}
	if !released {
		if report, ok := mailin.ParseReport(raw, h, m.EnvelopeFrom); ok {
			return t.report(ctx, m, a, report)
		}
	}
	if a.Purpose == replytoken.StopCopies { // many programs do that by themselves when they are told to
		m, err := t.stopCopies(ctx, m, a.Subject, a.Expired)
		return m, nil, err
	}
	if !released {
		if h.Automatic != "" {
			return decided(m, domain.InboundIgnored, domain.ReasonAutomatic, h.Automatic), nil, nil
		}
	}
	m, err := t.answer(ctx, m, a, raw, h)
	return m, nil, err
}

// report judges what a mail server says of a delivery: that of the address, or, where an answer would go, that whose
// Message-ID it names.
func (t *Tasks) report(ctx context.Context, m domain.InboundMail, a mailout.Address, r mailin.Report) (domain.InboundMail, *domain.Returned, error) {
	switch r.Kind {
	case mailin.ReportOther:
		return decided(m, domain.InboundIgnored, domain.ReasonAutomatic, "it is a report of a mail server"), nil, nil
	case mailin.ReportDelayed:
		return decided(m, domain.InboundIgnored, domain.ReasonDelayed, r.Said), nil, nil
	}
	if a.Expired {
		return decided(m, domain.InboundIgnored, domain.ReasonExpired, r.Said), nil, nil
	}
	// Whoever has a copy of an answer can write to its address, and knows what it answers.
	loose := a.ForTicket()
	if loose && (r.Kind == mailin.ReportComplaint || m.EnvelopeFrom != "") {
		return decided(m, domain.InboundIgnored, domain.ReasonBounceAddress, r.Said), nil, nil
	}
	id := ""
	if loose {
		id, _, _ = strings.Cut(r.MessageID, "@")
	} else {
		id = a.Subject.Delivery()
	}
	d, _, err := t.Store.Mail(ctx, id)
	if errors.Is(err, fault.NotFound) || err == nil && loose && a.Subject != replytoken.OnTicket(d.Ticket, d.Recipient.Person.Email) {
		return decided(m, domain.InboundIgnored, domain.ReasonUnknown, r.Said), nil, nil
	}
	if err != nil {
		return m, nil, err
	}
	m.Delivery, m.Ticket, m.Holder = d.ID, d.Ticket, d.Recipient.Person
	returned := &domain.Returned{Complaint: r.Kind == mailin.ReportComplaint, Status: r.Status, Said: r.Said, Loose: loose}
	reason := domain.ReasonBounce
	if returned.Complaint {
		reason = domain.ReasonComplaint
	}
	return decided(m, domain.InboundRecorded, reason, returned.Answer().Said), returned, nil
}

// answer judges what a person wrote, and appends it unless there is a reason not to.
func (t *Tasks) answer(ctx context.Context, m domain.InboundMail, a mailout.Address, raw []byte, h mailin.Head) (domain.InboundMail, error) {
	holder, err := t.holder(ctx, a)
	if err != nil {
		return m, err
	}
	f := domain.InboundAnswer{
		Known: holder.number != 0, Expired: a.Expired, ForBounces: !a.ForTicket(), Staff: a.Purpose == replytoken.FromStaff || holder.Staff,
		Released: m.ReleasedBy != "",
	}
	m.Ticket, m.Holder = holder.number, holder.Person
	f.FromHolder = h.OneAuthor && holder.has(h.From)
	if f.FromHolder && !f.Released { // else the verdict does not hang on it
		v, err := t.verify(ctx, m, raw, h)
		if err != nil {
			return m, err
		}
		f.Signed, f.Sent, f.Strict = v.Signed, v.Sent, v.Strict
		m.Verified, m.SPF = f.Verified(), v.SPF
	}
	if f.Known {
		answers, err := t.Store.RecentAnswers(ctx, m.Ticket, m.Holder.Email)
		if err != nil {
			return m, err
		}
		if f.TooMany, err = t.brake(ctx, m, domain.RecentMails{Answers: answers}, f.Staff); err != nil {
			return m, err
		}
	}
	if reason := domain.JudgeAnswer(f); reason != "" {
		return decided(m, domain.InboundQuarantined, reason, ""), nil
	}
	return t.append(ctx, m, raw, h)
}

// verify asks DNS whether the author's domain vouches for a mail. While it does not answer the mail waits, for an hour; then it
// is taken for one of a domain that asks to be strict, so that a person looks at it.
func (t *Tasks) verify(ctx context.Context, m domain.InboundMail, raw []byte, h mailin.Head) (mailauth.Verdict, error) {
	ctx, cancel := context.WithTimeout(ctx, verifyTimeout)
	defer cancel()
	var route mailauth.Route
	if t.SPF {
		route = mailauth.Route{Remote: m.Remote, From: m.EnvelopeFrom}
	}
	v, err := mailauth.Check(ctx, raw, h.From, route, t.DNS)
	if err != nil && time.Since(m.ReceivedAt) > verifyPatience {
		return mailauth.Verdict{SPF: v.SPF, Strict: true}, nil
	}
	return v, err
}

// holder is whom an address was given to.
type holder struct {
	domain.Person
	number  int64  // of the ticket, 0 = not known
	present string // their address in the directory, which may be another one by now
}

func (h holder) has(address string) bool {
	key := domain.AddressKey(address)
	return key != "" && (key == domain.AddressKey(h.Email) || key == domain.AddressKey(h.present))
}

// holder finds in the ledger whom an address was given to. Somebody of the staff who has a copy without being known as such is
// known by the directory.
func (t *Tasks) holder(ctx context.Context, a mailout.Address) (h holder, err error) {
	if !a.ForTicket() {
		d, _, err := t.Store.Mail(ctx, a.Subject.Delivery())
		if errors.Is(err, fault.NotFound) {
			return holder{}, nil
		}
		if err != nil {
			return holder{}, err
		}
		h.Person, h.number = d.Recipient.Person, d.Ticket
	} else {
		people, err := t.Store.Recipients(ctx, a.Subject.Ticket())
		if err != nil {
			return holder{}, err
		}
		for _, p := range people {
			if a.Subject.IsFor(p.Email) {
				h.Person, h.number = p, a.Subject.Ticket()
			}
		}
	}
	if h.number == 0 {
		return holder{}, nil
	}
	if h.ID != "" {
		names, err := t.Store.Names(ctx, []string{h.ID})
		if err != nil {
			return holder{}, err
		}
		known := names[h.ID]
		h.present, h.Staff = known.Email, known.Staff
		return h, nil
	}
	p, err := t.Store.PersonByAddress(ctx, h.Email)
	if err == nil && p.Staff {
		h.ID, h.Name, h.Staff = p.ID, p.Name, true
	}
	if errors.Is(err, fault.NotFound) {
		err = nil
	}
	return h, err
}

// decide writes the verdict, unless another run has, and what follows for the delivery that came back.
func (t *Tasks) decide(ctx context.Context, m domain.InboundMail, returned *domain.Returned) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	err := t.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		now, err := tx.LockInbound(ctx, m.ID)
		if err != nil || now.Verdict != domain.InboundWaiting {
			return err
		}
		if m.Verdict == domain.InboundQuarantined {
			if err := tx.HoldMail(ctx); err != nil {
				return err
			}
		}
		if returned != nil {
			if err := recordReturned(ctx, tx, m.Delivery, *returned); err != nil {
				return err
			}
		}
		return tx.SaveInbound(ctx, m)
	})
	if err != nil {
		return err
	}
	t.Instruments.InboundMails.Add(ctx, 1, metric.WithAttributes(attribute.String("verdict", string(m.Verdict))))
	t.Logger.InfoContext(ctx, "a mail that came in was examined", slog.String("mail", m.ID), slog.String("verdict", string(m.Verdict)),
		slog.String("reason", m.Reason), slog.Int64("ticket", m.Ticket))
	return nil
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// sent returns the texts of the mail that is answered: the newest of those that it refers to, and the link by which its reader gets
// no more copies. Without such a mail there are none.
func (t *Tasks) sent(ctx context.Context, m domain.InboundMail, h mailin.Head) (texts []string, stop string, err error) {
	d, content, err := t.ourMail(ctx, h, func(d domain.MailDelivery) bool { return d.Ticket == m.Ticket })
	if d.ID == "" || err != nil {
		return nil, "", err
	}
	letter, err := t.Renderer.Correspondence(d, content)
	if err != nil {
		return nil, "", nil //nolint:nilerr // it can no more be written: then all of the answer is kept
	}
	return []string{letter.Text, letter.HTML, letter.Subject, letter.From.String(), letter.To.String()}, letter.StopLink, nil
}

// ourMail returns the newest wanted one of the mails of ours that a mail answers, the zero MailDelivery without one.
func (t *Tasks) ourMail(
	ctx context.Context, h mailin.Head, wanted func(domain.MailDelivery) bool,
) (domain.MailDelivery, domain.MailContent, error) {
	for _, id := range h.References {
		id, domainOf, _ := strings.Cut(id, "@")
		if !strings.EqualFold(domainOf, t.MailDomain) {
			continue
		}
		d, content, err := t.Store.Mail(ctx, id)
		if errors.Is(err, fault.NotFound) || err == nil && !wanted(d) {
			continue
		}
		return d, content, err
	}
	return domain.MailDelivery{}, domain.MailContent{}, nil
}
