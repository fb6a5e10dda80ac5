package mailout

import (
	"errors"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/replytoken"
)

// How long a mail can be answered, and how long mail servers may take to send it back.
const (
	replyTime  = 400 * 24 * time.Hour
	bounceTime = 60 * 24 * time.Hour
)

// Addresses are those of a mail's own: who answers it, or sends it back, says by the address which mail it was. Without a
// domain there are none, without keys no links either.
type Addresses struct {
	Domain string // that takes our answers
	Keys   replytoken.Keys
	Site   string // URL before the tokens of links, such as https://desk.example/unsubscribe/
}

// The local parts stand before the tokens.
const (
	replyLocal  = "ticket+"
	bounceLocal = "bounce+"
	stopLocal   = "stop+"
)

// Address is what an address of a mail's own says.
type Address struct {
	Purpose replytoken.Purpose
	Subject replytoken.Subject
	Expired bool
}

// Read returns what an address says; false when it is none of ours.
func (a Addresses) Read(address string, now time.Time) (Address, bool) {
	at := strings.LastIndexByte(address, '@')
	if a.Domain == "" || at < 0 {
		return Address{}, false
	}
	domain, err := idna.Lookup.ToASCII(address[at+1:])
	if err != nil || !strings.EqualFold(domain, a.Domain) {
		return Address{}, false
	}
	local := strings.ToLower(address[:at])
	for _, kind := range addressKinds {
		token, ok := strings.CutPrefix(local, kind.local)
		if !ok {
			continue
		}
		claim, err := a.Keys.Verify(token, kind.purpose, now)
		if err == nil || errors.Is(err, replytoken.ErrExpired) {
			return Address{Purpose: kind.purpose, Subject: claim.Subject, Expired: err != nil}, true
		}
	}
	return Address{}, false
}

// addressKinds are what stands before the tokens of each purpose.
var addressKinds = []struct {
	local   string
	purpose replytoken.Purpose
}{
	{replyLocal, replytoken.FromCustomer}, {replyLocal, replytoken.FromStaff}, {bounceLocal, replytoken.Bounce}, {stopLocal, replytoken.StopCopies},
}

// Stop returns by which link and by which address a CC gets no more copies, "" = by none. Nobody else has any: who asked for
// help wants the answer.
func (a Addresses) Stop(d domain.MailDelivery) (link, address string) {
	if d.Recipient.Reason != "cc" || len(a.Keys) == 0 || a.Site == "" {
		return "", ""
	}
	token := a.Keys.Sign(replytoken.Claim{
		Purpose: replytoken.StopCopies, Subject: replytoken.OnTicket(d.Ticket, d.Recipient.Person.Email), Expires: d.CreatedAt.Add(replyTime),
	})
	if a.Domain != "" {
		address = stopLocal + token + "@" + a.Domain
	}
	return a.Site + token, address
}

// ReadStop returns what the token of such a link says; false when it is none of ours, or has expired.
func (a Addresses) ReadStop(token string, now time.Time) (replytoken.Subject, bool) {
	claim, err := a.Keys.Verify(token, replytoken.StopCopies, now)
	return claim.Subject, err == nil
}

// ReplyTo returns the address that answers to a delivery go to, "" without one.
func (a Addresses) ReplyTo(d domain.MailDelivery) string {
	if a.Domain == "" {
		return ""
	}
	purpose := replytoken.FromCustomer
	if d.Recipient.Person.Staff {
		purpose = replytoken.FromStaff
	}
	return replyLocal + a.Keys.Sign(replytoken.Claim{
		Purpose: purpose, Subject: replytoken.OnTicket(d.Ticket, d.Recipient.Person.Email), Expires: d.CreatedAt.Add(replyTime),
	}) + "@" + a.Domain
}

// Sender returns the envelope sender of a delivery, which is where a mail server sends it back to: otherwise without a domain,
// and nowhere for an automatic reply, so that there is never an answer to an answer.
func (a Addresses) Sender(d domain.MailDelivery, submitted Submitted, otherwise string) (string, error) {
	if a.Domain == "" {
		return otherwise, nil
	}
	if submitted == Replied {
		return "", nil
	}
	subject, err := replytoken.OfDelivery(d.ID)
	if err != nil {
		return "", err
	}
	return bounceLocal + a.Keys.Sign(replytoken.Claim{
		Purpose: replytoken.Bounce, Subject: subject, Expires: d.QueuedAt.Add(bounceTime),
	}) + "@" + a.Domain, nil
}

// ForTicket reports whether the address is for answers to a ticket rather than for what comes back.
func (a Address) ForTicket() bool { return a.Purpose != replytoken.Bounce }
