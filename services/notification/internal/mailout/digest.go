package mailout

import (
	"fmt"
	"net/mail"

	"golang.org/x/text/language"

	"altis-dxp.com/support/services/notification/internal/domain"
)

// digestLine is a notice as the templates see it.
type digestLine struct {
	Ticket       int64
	Subject      string
	Team         string
	Organization string
	Author       string
	Mine         bool
	URL          string
}

// digest is what the templates of digests see.
type digest struct {
	Tickets []digestLine // new ones
	Replies []digestLine
	More    int // not told
}

// digestWords are the languages of digests, in the order of spoken.
var digestWords = []struct{ template, subject string }{
	{"digest", "New tickets: %d, answers: %d"},
	{"digest.de", "Neue Tickets: %d, Antworten: %d"},
}

// digest writes what happened since the last one.
func (r *Renderer) digest(d domain.MailDelivery, more int) (Message, error) {
	v := digest{More: more}
	for _, n := range d.Notices {
		line := digestLine{
			Ticket: n.Ticket, Subject: oneLine(n.Subject), Team: oneLine(n.Team), Organization: oneLine(n.Organization),
			Author: oneLine(n.AuthorName), Mine: n.Assignee != "", URL: r.TicketURL(n.Ticket),
		}
		if n.Kind == domain.NoticeNewTicket {
			v.Tickets = append(v.Tickets, line)
		} else {
			v.Replies = append(v.Replies, line)
		}
	}
	_, index := language.MatchStrings(spoken, d.Locale)
	words := digestWords[index]
	p := d.Recipient.Person
	m := Message{
		ID: d.MessageID, From: r.From, To: mail.Address{Name: p.Name, Address: p.Email}, Date: d.CreatedAt, Submitted: Generated,
		Subject: fmt.Sprintf(words.subject, len(v.Tickets), len(v.Replies)),
	}
	return m, r.bodies(&m, words.template, v)
}
