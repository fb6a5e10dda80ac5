package domain

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"altis-dxp.com/support/pkg/fault"
)

// MailRequest is a mail to the desk that becomes a ticket.
type MailRequest struct {
	Mail    string // id: told again it makes no other ticket
	Person  string // id of the member who was proven to have sent it, "" = a stranger
	Sender  Person // as the mail says
	Subject string
	Body    string
	About   int64 // the ticket that it seems to be about, 0 = none
}

const noRequestSubject = "Mail without a subject"

// supportMailbox writes what staff are told of a mail.
var supportMailbox = Actor{Member: Member{Person: Person{Name: "Support mailbox"}}, Service: ServiceNotification}

// Open makes a question of a mail, with its files, and returns its first message: the same one however often it is called. Its
// texts are made to fit. Faults: Denied PERSON_REMOVED, Unavailable while the person is not known yet, Invalid UNKNOWN_MEMBER,
// and those of files.
func (m *Mails) Open(ctx context.Context, r MailRequest, files MailFiles) (Message, error) {
	if made, err := m.opened(ctx, r.Mail); !errors.Is(err, fault.NotFound) {
		return made, err
	}
	draft, actor, err := m.Desk.mailRequest(ctx, r)
	if err != nil {
		return Message{}, err
	}
	attachments, err := m.files(ctx, r.Mail, files)
	if err != nil {
		return Message{}, err
	}
	if draft.Number, err = m.Desk.Store.NextNumber(ctx); err != nil {
		return Message{}, err
	}
	var made Message
	err = m.Desk.Store.Update(ctx, false, func(ctx context.Context, tx Tx) error {
		c := m.Desk.change(actor, EventCreated, Ticket{}, draft)
		body, cut := mailText(r.Body, MaxBody, noBody, false)
		m.Desk.say(&c, body, false)
		c.Message.Attachments, c.Mail, c.Uploader = attachments, &Mail{ID: r.Mail}, MailUploader(r.Mail)
		made = *c.Message
		changes := []Change{c}
		if remarks := r.remarks(cut); remarks != "" {
			note := m.Desk.change(supportMailbox, EventNoteAdded, c.After, c.After)
			m.Desk.say(&note, remarks, true)
			changes = append(changes, note)
		}
		for _, c := range changes {
			if err := tx.Save(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, ErrRequestUsed) { // by another attempt, meanwhile
		return m.opened(ctx, r.Mail)
	}
	return made, err
}

// opened returns what an earlier attempt made. Fault NotFound: nothing.
func (m *Mails) opened(ctx context.Context, mail string) (Message, error) {
	number, err := m.Desk.Store.MailTicket(ctx, mail)
	if err != nil {
		return Message{}, err
	}
	made, err := m.Desk.Store.Message(ctx, number, 1)
	if errors.Is(err, fault.NotFound) { // it was purged
		return Message{Number: number, Sequence: 1}, nil
	}
	return made, err
}

// mailRequest returns the ticket, which only lacks its number, and whose it is.
func (d *Desk) mailRequest(ctx context.Context, r MailRequest) (Ticket, Actor, error) {
	t := Ticket{
		Type: Question, Priority: Normal, Status: New, Organization: Unassigned, OrganizationName: UnassignedName,
		Scope: Scope{All: true}, ScopeUnverified: true, Page: Page{State: PageNone},
	}
	t.Subject, _ = mailText(r.Subject, MaxSubject, noRequestSubject, true)
	if r.Person == "" {
		t.Requester.Name, _ = mailText(r.Sender.Name, maxSenderName, "", true)
		t.Requester.Email, _ = mailText(r.Sender.Email, maxSenderEmail, "", true)
		return t, Actor{Member: Member{Person: t.Requester}}, nil
	}
	actor, facts, err := d.who(ctx, Caller{ID: r.Person}, Ask{})
	if err != nil {
		return t, actor, err
	}
	home, ok := facts.Organizations[actor.Organization]
	if !ok || actor.Staff {
		return t, actor, fault.InvalidField("mail.person", "UNKNOWN_MEMBER", "is not a member of an organization")
	}
	t.Organization, t.OrganizationName, t.Plan = home.ID, home.Name, home.Plan
	t.Requester, t.ScopeUnverified = actor.Person, false
	return t, actor, nil
}

// remarks are what staff are told of the mail, "" = nothing.
func (r MailRequest) remarks(cut bool) string {
	var list []string
	if r.Person == "" {
		list = append(list, "This came by mail. Nothing proves that it comes from the address that it names.")
	}
	if cut {
		list = append(list, "Its text is too long for a message and was cut.")
	}
	if r.About != 0 {
		list = append(list, fmt.Sprintf("It seems to be about #%d, by its subject or what it answers. Anybody can write that, so it was not added there.", r.About))
	}
	return strings.Join(list, " ")
}
