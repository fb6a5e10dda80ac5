package tasks

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/mailin"
)

// request judges what came to the desk's own address, and has it become a ticket unless there is a reason not to.
func (t *Tasks) request(ctx context.Context, m domain.InboundMail, raw []byte, h mailin.Head) (domain.InboundMail, error) {
	r := domain.InboundRequest{Released: m.ReleasedBy != ""}
	if !r.Released {
		if t.isOurs(h.From) {
			return decided(m, domain.InboundIgnored, domain.ReasonOwnMail, ""), nil
		}
		if _, ok := mailin.ParseReport(raw, h, m.EnvelopeFrom); ok {
			return decided(m, domain.InboundIgnored, domain.ReasonAutomatic, "it is a report of a mail server"), nil
		}
		if h.Automatic != "" {
			return decided(m, domain.InboundIgnored, domain.ReasonAutomatic, h.Automatic), nil
		}
		if copied, err := t.copyOnTicket(ctx, m, h); copied != "" || err != nil {
			return decided(m, domain.InboundIgnored, domain.ReasonCopy, copied), err
		}
	}
	member, err := t.member(ctx, h)
	if err != nil {
		return m, err
	}
	r.Member = member.ID != ""
	if m.Holder.ID != member.ID { // who has left since is a stranger
		m.Holder = domain.Person{}
	}
	if r.Member && !r.Released { // else the verdict does not hang on it
		v, err := t.verify(ctx, m, raw, h)
		if err != nil {
			return m, err
		}
		r.Verified = v.Signed || v.Sent
		if m.Verified, m.SPF = r.Verified, v.SPF; r.Verified {
			m.Holder = member
		}
	}
	requests, err := t.Store.RecentRequests(ctx, m.Sender)
	if err != nil {
		return m, err
	}
	if r.TooMany, err = t.brake(ctx, m, domain.RecentMails{Requests: requests}, false); err != nil {
		return m, err
	}
	if reason := domain.JudgeRequest(r); reason != "" {
		return decided(m, domain.InboundQuarantined, reason, ""), nil
	}
	if r.Verified {
		if a, err := t.answerToDesk(ctx, m, raw, h); err != nil || a.Verdict != domain.InboundWaiting {
			return a, err
		}
	}
	return t.open(ctx, m, raw, h)
}

// brake returns the brake that a mail meets, "" = none: with what is known of recent ones already, and what its sender and their
// domain have sent to all tickets. The staff, who have proven themselves, may be many of one domain.
func (t *Tasks) brake(ctx context.Context, m domain.InboundMail, recent domain.RecentMails, staff bool) (string, error) {
	var err error
	if recent.OfSender, recent.OfDomain, err = t.Store.RecentOf(ctx, m.Sender); err != nil {
		return "", err
	}
	if _, host, _ := strings.Cut(domain.AddressKey(m.Sender), "@"); staff || mailin.PublicDomain(host) {
		recent.OfDomain = 0
	}
	return recent.Brake(), nil
}

// copyOnTicket returns the id of the same mail that came to an address of a ticket: there its place is, whatever its verdict.
// When the mail names such an address, it waits a moment for that copy.
func (t *Tasks) copyOnTicket(ctx context.Context, m domain.InboundMail, h mailin.Head) (string, error) {
	id, err := t.Store.CopyOnTicket(ctx, m)
	if id != "" || err != nil || m.Fingerprint == "" || time.Since(m.ReceivedAt) > copyPatience {
		return id, err
	}
	for _, to := range h.To {
		if a, ours := t.Addresses.Read(to, m.ReceivedAt); ours && a.ForTicket() {
			return "", durable.RetryAfter(copyPause, errors.New("tasks: its copy to a ticket is on its way"))
		}
	}
	return "", nil
}

// answerToDesk appends a mail that answers one of ours at the desk's address instead of the ticket's own, as programs do that
// know no Reply-To. Its author's domain vouches for it, and it names the very mail that its author got: nobody else has that
// one's Message-ID. It stays waiting when it is no such mail, or when ticket takes no answer of that person any more.
func (t *Tasks) answerToDesk(ctx context.Context, m domain.InboundMail, raw []byte, h mailin.Head) (domain.InboundMail, error) {
	number, err := t.answered(ctx, h)
	if number == 0 || err != nil {
		return m, err
	}
	answers, err := t.Store.RecentAnswers(ctx, number, m.Holder.Email)
	if err != nil {
		return m, err
	}
	a := m
	a.Ticket = number
	if reason := (domain.RecentMails{Answers: answers}).Brake(); reason != "" {
		return decided(a, domain.InboundQuarantined, reason, ""), nil
	}
	a, err = t.append(ctx, a, raw, h)
	if err == nil && a.Reason == domain.ReasonNotAllowed {
		return m, nil
	}
	return a, err
}

// answered returns the ticket of a mail of ours that the author of this one got and answers, 0 = none.
func (t *Tasks) answered(ctx context.Context, h mailin.Head) (int64, error) {
	d, _, err := t.ourMail(ctx, h, func(d domain.MailDelivery) bool {
		return domain.AddressKey(d.Recipient.Person.Email) == domain.AddressKey(h.From)
	})
	return d.Ticket, err
}

// member returns the customer who is the one author of a mail, if it names exactly one; the zero Person otherwise.
func (t *Tasks) member(ctx context.Context, h mailin.Head) (domain.Person, error) {
	if !h.OneAuthor {
		return domain.Person{}, nil
	}
	p, err := t.Store.MemberByAddress(ctx, h.From)
	if errors.Is(err, fault.NotFound) {
		return domain.Person{}, nil
	}
	return p, err
}

// isOurs reports an address by which the desk writes: mails from there would go around.
func (t *Tasks) isOurs(address string) bool {
	key := domain.AddressKey(address)
	return key == domain.AddressKey(t.MailFrom) || key == domain.AddressKey(t.SupportAddress)
}

// open hands a mail to ticket, which makes a ticket of it: of whom it was proven to be of, else of nobody.
func (t *Tasks) open(ctx context.Context, m domain.InboundMail, raw []byte, h mailin.Head) (domain.InboundMail, error) {
	content := mailin.Read(raw)
	body, files := fitting(content, content.Text, raw)
	if body == "" && h.Subject == "" {
		return decided(m, domain.InboundRejected, domain.ReasonEmpty, ""), nil
	}
	about, err := t.about(ctx, h)
	if err != nil {
		return m, err
	}
	number, message, err := t.Replies.Open(ctx, domain.MailRequest{
		Mail: m.ID, Person: m.Holder.ID, Sender: domain.Person{Name: m.SenderName, Email: m.Sender}, Subject: h.Subject, Body: body, About: about,
	}, files)
	return handed(m, number, message, err)
}

// named is the number of a ticket as the subjects of its mails have it.
var named = regexp.MustCompile(`\[#(\d{1,18})\]`)

// about returns the ticket that a mail seems to be about, 0 = none: that of a mail of ours that it answers, else the one that its
// subject names. It proves nothing, for anybody can write both.
func (t *Tasks) about(ctx context.Context, h mailin.Head) (int64, error) {
	d, _, err := t.ourMail(ctx, h, func(domain.MailDelivery) bool { return true })
	if d.Ticket != 0 || err != nil {
		return d.Ticket, err
	}
	found := named.FindStringSubmatch(h.Subject)
	if found == nil {
		return 0, nil
	}
	return strconv.ParseInt(found[1], 10, 64)
}
