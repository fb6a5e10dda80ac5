package domain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"altis-dxp.com/support/pkg/fault"
)

// Unassigned is the organization of tickets whose customer is not known yet. It has
// no members, so that only staff see them. Ids of organizations are random: none is this.
const (
	Unassigned     = "unassigned"
	UnassignedName = "Unassigned"
)

// Mail is a mail that the emergency mailbox took in.
type Mail struct {
	ID            string // in the mailbox
	EmergencyPage string // that calls the engineers about this mail already, "" = none does
	Outage        string // the mail whose ticket it belongs to, "" = none
	Received      time.Time
	Subject       string
	Body          string
	Sender        Person // as the mail says
	// Person and Organization are whom the sender was proven to be, "" otherwise.
	Person, Organization string
	Content              io.Reader // the mail as it came
}

const (
	maxSenderName  = 200
	maxSenderEmail = 254
	noSubject      = "Emergency mail without a subject"
	noBody         = "(The mail has no text.)"
	// A message has room left for what stands below the text of a mail.
	maxMailBody  = MaxBody - 1000
	mailFilename = "mail.eml"
	mailType     = "message/rfc822"
)

// emergencyMailbox writes what the customer does not read of a mail.
var emergencyMailbox = Actor{Member: Member{Person: Person{Name: "Emergency mailbox"}}, Service: ServiceEmergency}

// OpenMail makes an urgent incident of a mail, or a message of its outage's ticket,
// and returns the ticket's number: the same one however often it is called. Text is
// made to fit instead of being refused, for an emergency has nobody who could correct
// it, and so is a mail that is too large to be kept as a file. Faults: Precondition
// OUTAGE_HAS_NO_TICKET, and what reading the content fails with: then nothing stays behind.
func (l *Library) OpenMail(ctx context.Context, m Mail) (int64, error) {
	number, err := l.Desk.Store.MailTicket(ctx, m.ID)
	if !errors.Is(err, fault.NotFound) {
		return number, err
	}
	letter, err := l.Desk.letter(ctx, m)
	if err != nil {
		return 0, err
	}
	content, err := l.Contents.Spool(m.Content, MaxAttachment)
	if err == nil {
		defer content.Close()
	}
	switch {
	case fault.ReasonOf(err) == tooLarge:
		letter.remarks = append(letter.remarks, fmt.Sprintf("It has more than %d MiB: no file of it is here.", MaxAttachment>>20))
		number, _, err = l.Desk.deliver(ctx, letter, "")
	case err != nil:
		return 0, err
	case content.Size() == 0:
		letter.remarks = append(letter.remarks, "No file of it came with it.")
		number, _, err = l.Desk.deliver(ctx, letter, "")
	default:
		letter.file = &Attachment{
			ID: l.Desk.NewID(), Filename: mailFilename, ContentType: mailType, Size: content.Size(), SHA256: content.SHA256(),
		}
		err = l.keep(ctx, content, func(ctx context.Context, written string) (holds string, err error) {
			number, holds, err = l.Desk.deliver(ctx, letter, written)
			return holds, err
		})
	}
	if errors.Is(err, ErrRequestUsed) { // by another attempt, meanwhile
		return l.Desk.Store.MailTicket(ctx, m.ID)
	}
	return number, err
}

// letter is a mail of which everything is known but the state of its outage's ticket.
type letter struct {
	Mail                // its texts made fit
	sender       Member // without id and organization if a stranger
	organization Organization
	outage       int64 // ticket of the outage, 0 = none
	remarks      []string
	file         *Attachment // nil = too large
}

func (d *Desk) letter(ctx context.Context, m Mail) (letter, error) {
	w := letter{Mail: m, organization: Organization{ID: Unassigned, Name: UnassignedName}}
	var cut bool
	w.Subject, _ = mailText(m.Subject, MaxSubject, noSubject, true)
	if w.Body, cut = mailText(m.Body, maxMailBody, noBody, false); cut {
		w.remarks = append(w.remarks, "Its text is too long for a message and was cut.")
	}
	facts, err := d.Directory.Facts(ctx, Ask{People: []string{m.Person}, Urgent: true})
	if err != nil {
		return w, err
	}
	w.sender = facts.sender(m)
	if w.sender.ID != "" {
		w.organization = facts.Organizations[w.sender.Organization]
	} else {
		w.remarks = append(w.remarks, "Nothing proves that it comes from the address that it names.")
	}
	if m.Outage == "" {
		return w, nil
	}
	w.outage, err = d.Store.MailTicket(ctx, m.Outage)
	if errors.Is(err, fault.NotFound) {
		err = fault.New(fault.Precondition, "OUTAGE_HAS_NO_TICKET", "the mail of the outage is no ticket yet")
	}
	return w, err
}

// sender returns the member whom the mail was proven to be of, if the directory here
// agrees; else a person without an account.
func (f Facts) sender(m Mail) Member {
	p, ok := f.person(m.Person)
	_, known := f.Organizations[m.Organization]
	if ok && known && !p.Gone && !p.Staff && p.Organization == m.Organization {
		return p
	}
	var stranger Member
	stranger.Name, _ = mailText(m.Sender.Name, maxSenderName, "", true)
	stranger.Email, _ = mailText(m.Sender.Email, maxSenderEmail, "", true)
	return stranger
}

// deliver commits all that follows from a letter. written is the object that was
// written for its file, "" if there was one; the object that holds it is returned.
func (d *Desk) deliver(ctx context.Context, w letter, written string) (number int64, holds string, err error) {
	attempt := func(fresh int64) error {
		return d.Store.Update(ctx, true, func(ctx context.Context, tx Tx) error {
			changes, err := d.mail(ctx, tx, w, fresh)
			if err != nil {
				return err
			}
			if w.file != nil {
				note := changes[slices.IndexFunc(changes, func(c Change) bool { return c.Message != nil && c.Message.Note })].Message
				added, object, err := tx.AddAttachment(ctx, note.Author.ID, *w.file, written)
				if err != nil {
					return err
				}
				note.Attachments, holds = []Attachment{added}, object
			}
			changes[0].Mail = &w.Mail
			for _, c := range changes {
				if c.BecameUrgent() { // nobody is called twice
					c.EmergencyPage = w.EmergencyPage
				}
				if err := tx.Save(ctx, c); err != nil {
					return err
				}
			}
			number = changes[0].After.Number
			return nil
		})
	}
	if w.outage != 0 {
		if err = attempt(0); !errors.Is(err, errFollowUp) {
			return number, holds, err
		}
	}
	fresh, err := d.Store.NextNumber(ctx)
	if err != nil {
		return 0, "", err
	}
	err = attempt(fresh)
	return number, holds, err
}

// mail returns what a letter changes, one after the other. errFollowUp: fresh must be
// the number of a new ticket.
func (d *Desk) mail(ctx context.Context, tx Tx, w letter, fresh int64) ([]Change, error) {
	if w.outage != 0 {
		t, err := tx.Ticket(ctx, ServiceViewer, w.outage)
		if err == nil {
			t, err = goesOn(ctx, tx, ServiceViewer, t)
		}
		switch {
		case errors.Is(err, fault.NotFound): // purged
		case err != nil:
			return nil, err
		case t.Status != Closed || t.Hidden != Shown:
			return d.mailOnto(t, w)
		default: // a closed ticket is out of everybody's sight
			w.remarks = append(slices.Clip(w.remarks), fmt.Sprintf("It belongs to #%d, which is closed.", t.Number))
		}
	}
	if fresh == 0 {
		return nil, errFollowUp
	}
	c := d.change(w.actor(), EventCreated, Ticket{}, w.ticket(fresh))
	d.say(&c, w.Body, false)
	return []Change{c, d.asItCame(c.After, w)}, nil
}

func (w letter) actor() Actor { return Actor{Member: w.sender, Service: ServiceEmergency} }

func (w letter) ticket(number int64) Ticket {
	return Ticket{
		Number: number, Type: Incident, Priority: Urgent, PrioritySet: true, Status: New,
		Organization: w.organization.ID, OrganizationName: w.organization.Name, Plan: w.organization.Plan,
		Requester: w.sender.Person, Subject: w.Subject,
		Scope: Scope{All: true}, ScopeUnverified: w.sender.ID == "",
		Details: Details{Incident: &IncidentDetails{}}, Page: Page{State: PageNone},
	}
}

// mailOnto adds a letter to its outage's ticket: as a reply of whom the ticket is
// about, as an internal note of anybody else. Either way the ticket is open afterwards,
// which pages if it was solved; one that staff have hidden stays so.
func (d *Desk) mailOnto(t Ticket, w letter) ([]Change, error) {
	actor := w.actor()
	if t.Hidden == Shown && t.concerns(w.sender.Person) {
		c, err := d.addReply(actor, t, Reply{})
		if err != nil {
			return nil, err
		}
		d.say(&c, w.Body, false)
		return []Change{c, d.asItCame(c.After, w)}, nil
	}
	c := d.change(actor, EventNoteAdded, t, t)
	d.say(&c, w.Body+"\n\n---\n\n"+w.about(), true)
	if t.Hidden != Shown {
		return []Change{c}, nil
	}
	to, err := next(t.Status, memberReplies)
	if err != nil || to == t.Status {
		return []Change{c}, err
	}
	after := c.After
	after.Status = to
	return []Change{c, d.change(emergencyMailbox, EventStatusChanged, c.After, after)}, nil
}

// concerns reports whether a member is the ticket's requester or a CC.
func (t Ticket) concerns(p Person) bool {
	return p.ID != "" && (t.Requester.ID == p.ID || t.hasCC(p.Email) ||
		slices.ContainsFunc(t.CCs, func(cc Person) bool { return cc.ID == p.ID }))
}

// asItCame is the note that has the file: what stands in the head of a mail, and in
// its hidden parts, is not for everybody who may read its text.
func (d *Desk) asItCame(t Ticket, w letter) Change {
	c := d.change(emergencyMailbox, EventNoteAdded, t, t)
	d.say(&c, w.about(), true)
	return c
}

// about is what staff are told of the mail.
func (w letter) about() string {
	lines := []string{"The mail as it came, received on " + w.Received.UTC().Format("2 January 2006 at 15:04:05 UTC") + "."}
	return strings.Join(append(lines, w.remarks...), " ")
}

// mailText makes text of a mail fit for storing, and reports whether some of it was cut.
func mailText(s string, most int, otherwise string, oneLine bool) (text string, cut bool) {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == 0:
			return -1
		case oneLine && unicode.IsControl(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if s = strings.TrimSpace(s); s == "" {
		return otherwise, false
	}
	text = firstRunes(s, most)
	return strings.TrimSpace(text), text != s
}
