package mailout

import (
	"net/mail"
	"strconv"
	"time"

	"golang.org/x/text/language"
)

// Receipt is what the sender of a mail to the emergency address is told. It repeats nothing of that mail: who says to be its
// sender may not be.
type Receipt struct {
	ID        string // Message-ID
	InReplyTo string // the mail's Message-ID, "" = none
	To        mail.Address
	ReplyTo   string // the emergency address
	Date      time.Time
	Locale    string
	Ticket    int64  // 0 = there is none yet
	Code      string // by which the engineers are paged again
}

// maxParent is how long a Message-ID of others may be that is answered: as long as a line should be.
const maxParent = 200

var receiptSubjects = []string{"We have your emergency mail", "Ihre Notfall-Mail ist angekommen"}

// Receipt writes a receipt.
func (r *Renderer) Receipt(c Receipt) (Message, error) {
	_, index := language.MatchStrings(spoken, c.Locale)
	m := Message{
		ID: c.ID, From: r.From, To: c.To, ReplyTo: c.ReplyTo, Date: c.Date, Submitted: Replied,
		Subject: receiptSubjects[index] + " [" + c.Code + "]",
	}
	if c.Ticket != 0 {
		m.Subject = "[#" + strconv.FormatInt(c.Ticket, 10) + "] " + m.Subject
	}
	if len(c.InReplyTo) <= maxParent && isASCII(c.InReplyTo) && !hasControl(c.InReplyTo) {
		m.Parent, m.Root = c.InReplyTo, c.InReplyTo
	}
	return m, r.bodies(&m, receipts[index], struct {
		Receipt
		URL string
	}{c, r.TicketURL(c.Ticket)})
}

var receipts = []string{"receipt", "receipt.de"}
