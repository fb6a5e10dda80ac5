package mailout

import (
	htmltemplate "html/template"
	"net/mail"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"altis-dxp.com/support/services/notification/internal/domain"
)

// letter is what the templates of correspondence see.
type letter struct {
	Kind         domain.MailKind
	Ticket       int64
	Subject      string
	Actor        string
	FollowUpOf   int64
	MergedInto   int64
	MergedURL    string // of the ticket that goes on
	Urgent       bool
	Entries      []entry
	Participants string
	Reason       string // in mails to the staff, as the next
	Team         string
	Organization string
	URL          string
	Answers      bool
	Returned     returning
}

// returning is what mails to the staff say of those that do not reach somebody.
type returning struct {
	Address string
	Why     string // "bounced", "suppressed", "given up" or "refused"
	Said    string // by the other mail server
}

func returningOf(r domain.Returning) returning {
	v := returning{Address: oneLine(r.Address), Why: "refused", Said: oneLine(r.Answer.Said)}
	switch r.Answer.Kind {
	case domain.AnswerBounced:
		v.Why = "bounced"
	case domain.AnswerSuppressed:
		v.Why = "suppressed"
	case domain.AnswerGivenUp:
		v.Why = "given up"
	}
	return v
}

// above is how a letter begins, which says the same to all of its recipients.
type above struct {
	Text string
	HTML htmltemplate.HTML
}

// closing is what the templates of a letter see besides: what it says to one.
type closing struct {
	Above     above
	Reason    string
	Emergency string
	Stop      string // link to get no more copies
}

// Correspondence writes a mail of the ledger.
func (r *Renderer) Correspondence(d domain.MailDelivery, c domain.MailContent) (Message, error) {
	switch c.Kind {
	case domain.MailDigest:
		return r.digest(d, c.More)
	case domain.MailStaffHeld:
		return r.held(d, *c.Held)
	}
	m := Message{
		ID: d.MessageID, Root: d.Root, Parent: d.Parent, From: r.From,
		To:      mail.Address{Name: d.Recipient.Person.Name, Address: d.Recipient.Person.Email},
		Subject: d.Subject, Date: d.CreatedAt, Between: d.Between, Submitted: submitted(c.Kind),
	}
	m.List = listOf(c.Ticket, r.From.Address)
	m.StopLink, m.StopMail = r.Stop(d)
	_, index := language.MatchStrings(spoken, d.Locale)
	if c.Kind.ToStaff() {
		l, err := r.letter(c)
		if err != nil {
			return Message{}, err
		}
		l.Reason = d.Recipient.Reason
		if c.Returned != nil {
			l.Returned = returningOf(*c.Returned)
		}
		return m, r.bodies(&m, staffLetters[index], l)
	}
	top, err := r.aboveOf(lettersAbove[index], c)
	if err != nil {
		return Message{}, err
	}
	return m, r.bodies(&m, letters[index], closing{Above: top, Reason: d.Recipient.Reason, Emergency: r.Emergency, Stop: m.StopLink})
}

// listOf is the list of a ticket's mails. All of a desk's end alike.
func listOf(ticket int64, from string) List {
	number := strconv.FormatInt(ticket, 10)
	return List{Name: "Ticket #" + number, ID: number + ".tickets." + domainOf(from)}
}

// aboveOf writes how the mails of a content begin, unless that was done for another recipient.
func (r *Renderer) aboveOf(name string, c domain.MailContent) (above, error) {
	key := name + "\x00" + c.Source
	if known, ok := r.above.get(key); ok && c.Source != "" {
		return known, nil
	}
	l, err := r.letter(c)
	if err != nil {
		return above{}, err
	}
	var m Message
	if err := r.bodies(&m, name, l); err != nil {
		return above{}, err
	}
	made := above{m.Text, htmltemplate.HTML(m.HTML)} //nolint:gosec // a template has just made it
	if c.Source != "" {
		r.above.put(key, made, len(m.Text)+len(m.HTML))
	}
	return made, nil
}

func (r *Renderer) letter(c domain.MailContent) (letter, error) {
	l := letter{
		Kind: c.Kind, Ticket: c.Ticket, Subject: oneLine(c.Subject), Actor: oneLine(c.Actor.Label()), FollowUpOf: c.FollowUpOf, Urgent: c.Urgent,
		URL: r.TicketURL(c.Ticket), Answers: r.Answers, Team: oneLine(c.Team), Organization: oneLine(c.Organization),
	}
	if c.MergedInto != 0 {
		l.MergedInto, l.MergedURL = c.MergedInto, r.TicketURL(c.MergedInto)
	}
	participants := make([]string, len(c.Participants))
	for i, p := range c.Participants {
		participants[i] = participant(p)
	}
	l.Participants = strings.Join(participants, ", ") // in the templates many people cost more than all else
	for _, m := range c.Messages {
		rendered, err := r.sanitized(m.Body)
		if err != nil {
			return letter{}, err
		}
		e := entry{Author: oneLine(m.Author.Label()), Staff: m.Author.Staff, At: m.At, Text: plain(m.Body), HTML: rendered}
		for _, a := range m.Attachments {
			e.Files = append(e.Files, oneLine(a.Filename)+" ("+fileSize(a.Size)+")")
		}
		l.Entries = append(l.Entries, e)
	}
	return l, nil
}
