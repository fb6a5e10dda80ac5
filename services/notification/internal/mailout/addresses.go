package mailout

import (
	"time"

	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/replytoken"
)

// How long a mail can be answered, and how long mail servers may take to send it back.
const (
	replyTime  = 400 * 24 * time.Hour
	bounceTime = 60 * 24 * time.Hour
)

// Addresses are those of a mail's own: who answers it, or sends it back, says by the address which mail it was. Without a
// domain there are none.
type Addresses struct {
	Domain string // that takes our answers
	Keys   replytoken.Keys
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
	return "ticket+" + a.Keys.Sign(replytoken.Claim{
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
	return "bounce+" + a.Keys.Sign(replytoken.Claim{
		Purpose: replytoken.Bounce, Subject: subject, Expires: d.QueuedAt.Add(bounceTime),
	}) + "@" + a.Domain, nil
}
