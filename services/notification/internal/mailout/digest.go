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
	Address      string // that mails do not reach
	Mine         bool
	URL          string
}

// digest is what the templates of digests see.
type digest struct {
	Tickets  []digestLine // new ones
	Replies  []digestLine
	Returned []digestLine
	Held     int64 // mails that were held in the quarantine
	HeldURL  string
	More     int // not told
}

// digestWords are the languages of digests, in the order of spoken.
var digestWords = []struct{ template, subject, returned, held string }{
	{"digest", "New tickets: %d, answers: %d", ", undelivered: %d", ", in quarantine: %d"},
	{"digest.de", "Neue Tickets: %d, Antworten: %d", ", nicht zustellbar: %d", ", in Quarantäne: %d"},
}

// digest writes what happened since the last one.
func (r *Renderer) digest(d domain.MailDelivery, more int) (Message, error) {
	v := digest{More: more, HeldURL: r.QuarantineURL}
	for _, n := range d.Notices {
		line := digestLine{
			Ticket: n.Ticket, Subject: oneLine(n.Subject), Team: oneLine(n.Team), Organization: oneLine(n.Organization),
			Author: oneLine(n.AuthorName), Mine: n.Assignee != "", URL: r.TicketURL(n.Ticket),
		}
		switch n.Kind {
		case domain.NoticeNewTicket:
			v.Tickets = append(v.Tickets, line)
		case domain.NoticeReply:
			v.Replies = append(v.Replies, line)
		case domain.NoticeReturned:
			line.Author, line.Address = "", line.Author
			v.Returned = append(v.Returned, line)
		case domain.NoticeHeld:
			v.Held += n.Mails
		}
	}
	_, index := language.MatchStrings(spoken, d.Locale)
	words := digestWords[index]
	subject := fmt.Sprintf(words.subject, len(v.Tickets), len(v.Replies))
	if len(v.Returned) > 0 {
		subject += fmt.Sprintf(words.returned, len(v.Returned))
	}
	if v.Held > 0 {
		subject += fmt.Sprintf(words.held, v.Held)
	}
	m := r.toColleague(d, subject)
	return m, r.bodies(&m, words.template, v)
}

// toColleague begins a mail to one of the staff that is of no ticket.
func (r *Renderer) toColleague(d domain.MailDelivery, subject string) Message {
	p := d.Recipient.Person
	return Message{
		ID: d.MessageID, From: r.From, To: mail.Address{Name: p.Name, Address: p.Email}, Date: d.CreatedAt, Submitted: Generated, Subject: subject,
	}
}
