package tasks

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"

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
	recent, err := t.Store.RecentRequests(ctx, m.Sender)
	if err != nil {
		return m, err
	}
	r.TooMany = recent >= domain.MaxRequests
	if reason := domain.JudgeRequest(r); reason != "" {
		return decided(m, domain.InboundQuarantined, reason, ""), nil
	}
	return t.open(ctx, m, raw, h)
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
	for _, id := range h.References {
		id, domainOf, _ := strings.Cut(id, "@")
		if !strings.EqualFold(domainOf, t.MailDomain) {
			continue
		}
		d, _, err := t.Store.Mail(ctx, id)
		if errors.Is(err, fault.NotFound) {
			continue
		}
		return d.Ticket, err
	}
	found := named.FindStringSubmatch(h.Subject)
	if found == nil {
		return 0, nil
	}
	return strconv.ParseInt(found[1], 10, 64)
}
