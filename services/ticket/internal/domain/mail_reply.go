package domain

import (
	"context"
	"errors"
	"slices"
	"strings"

	"altis-dxp.com/support/pkg/fault"
)

// Mails adds messages that came by mail. Its methods may be called concurrently.
type Mails struct {
	Desk    *Desk
	Library *Library
	Store   MailReplies
}

// MailReplies keeps which mail made which message.
type MailReplies interface {
	// MailReply returns the message that a mail has made. Fault NotFound.
	MailReply(ctx context.Context, mail string) (UsedRequest, error)
	// DropUploads deletes the attachments of an uploader that no message has.
	DropUploads(ctx context.Context, uploader string) error
}

// MailReply is a public message that came by mail. Whether the mail is of whom it says was found out before.
type MailReply struct {
	Mail    string // id: told again it makes no other message
	Number  int64
	Person  string // id, "" = a CC without an account
	Address string // of the sender
	Body    string
	Quoted  string // what the mail quotes of the one that it answers
}

// MailFiles returns the next file of a mail; false when there are no more.
type MailFiles func() (Upload, bool, error)

// MailUploader is whose the files of a mail are until its message has them: they count for nobody's limit.
func MailUploader(mail string) string { return "mail:" + mail }

// Reply adds the message with its files, and returns the number of the ticket that has it, as Desk.Reply does. Faults: Invalid,
// NotFound, Denied PERSON_REMOVED, Precondition NOT_ON_TICKET or TICKET_HIDDEN, and those of files.
func (m *Mails) Reply(ctx context.Context, r MailReply, files MailFiles) (Message, error) {
	if made, err := m.made(ctx, r.Mail); !errors.Is(err, fault.NotFound) {
		return made, err
	}
	f := &faults{}
	f.text("reply.body", r.Body, 1, MaxBody, false)
	f.text("reply.quoted", r.Quoted, 0, MaxQuoted, false)
	if err := f.err(); err != nil {
		return Message{}, err
	}
	actor := Actor{Member: Member{Person: Person{Email: r.Address}}}
	if r.Person != "" {
		var err error
		if actor, err = m.Desk.Viewer(ctx, Caller{ID: r.Person}); err != nil {
			return Message{}, err
		}
	}
	// Before its files are taken, and once more when they are there.
	ticket, err := m.Desk.Store.Ticket(ctx, actor.ID, r.Number)
	if err == nil {
		_, err = sender(actor, ticket)
	}
	if err != nil {
		return Message{}, err
	}
	attachments, err := m.files(ctx, r.Mail, files)
	if err != nil {
		return Message{}, err
	}
	done, err := m.append(ctx, actor, r, attachments, 0)
	if errors.Is(err, errFollowUp) {
		var number int64
		if number, err = m.Desk.Store.NextNumber(ctx); err != nil {
			return Message{}, err
		}
		done, err = m.append(ctx, actor, r, attachments, number)
	}
	if err != nil {
		// Another attempt may have been faster.
		if made, again := m.made(ctx, r.Mail); again == nil {
			return made, nil
		}
		return Message{}, err
	}
	return *done.Message, nil
}

// made returns what an earlier attempt made. Fault NotFound: nothing.
func (m *Mails) made(ctx context.Context, mail string) (Message, error) {
	used, err := m.Store.MailReply(ctx, mail)
	if err != nil {
		return Message{}, err
	}
	made, err := m.Desk.Store.Message(ctx, used.Number, used.Sequence)
	if errors.Is(err, fault.NotFound) { // its ticket was purged
		return Message{Number: used.Number, Sequence: used.Sequence}, nil
	}
	return made, err
}

// sender returns the actor as the ticket names them, if they are on it.
func sender(actor Actor, t Ticket) (Actor, error) {
	if err := checkShown(t); err != nil {
		return actor, err
	}
	if actor.Staff || actor.ID != "" && actor.ID == t.Requester.ID {
		return actor, nil
	}
	if actor.ID == "" && strings.EqualFold(t.Requester.Email, actor.Email) { // who had no account when the address was given out
		actor.Person = t.Requester
		return actor, nil
	}
	i := slices.IndexFunc(t.CCs, func(p Person) bool { return actor.ID != "" && p.ID == actor.ID })
	if i < 0 {
		i = slices.IndexFunc(t.CCs, func(p Person) bool { return strings.EqualFold(p.Email, actor.Email) })
	}
	if i < 0 {
		return actor, fault.New(fault.Precondition, "NOT_ON_TICKET", "the sender is not on the ticket any more")
	}
	if actor.ID == "" {
		actor.Person = t.CCs[i]
	}
	return actor, nil
}

// append runs one transaction. followUp is the number to use if the ticket is closed, 0 = none yet.
func (m *Mails) append(ctx context.Context, actor Actor, r MailReply, attachments []Attachment, followUp int64) (done Change, err error) {
	d := m.Desk
	err = d.Store.Update(ctx, false, func(ctx context.Context, tx Tx) error {
		before, err := tx.Ticket(ctx, actor.ID, r.Number)
		if err != nil {
			return err
		}
		author, err := sender(actor, before)
		if err != nil {
			return err
		}
		// Who was on the duplicate stays who they are, whether they are on the other ticket or not.
		if before, err = goesOn(ctx, tx, ServiceViewer, before); err != nil {
			return err
		}
		switch {
		case before.Status != Closed:
			if done, err = d.addReply(author, before, Reply{}); err != nil {
				return err
			}
		case followUp == 0:
			return errFollowUp
		default:
			done = d.change(author, EventCreated, Ticket{}, d.followUp(author, before, Reply{}, followUp))
		}
		d.say(&done, r.Body, false)
		done.Message.Attachments, done.Message.Quoted = attachments, r.Quoted
		done.MailReply, done.Uploader = r.Mail, MailUploader(r.Mail)
		return tx.Save(ctx, done)
	})
	return done, err
}

// files takes the files of a mail. Those of an attempt that failed are of no use.
func (m *Mails) files(ctx context.Context, mail string, next MailFiles) ([]Attachment, error) {
	if err := m.Store.DropUploads(ctx, MailUploader(mail)); err != nil {
		return nil, err
	}
	var list []Attachment
	for {
		u, more, err := next()
		if err != nil || !more {
			return list, err
		}
		if len(list) == MaxAttachments {
			return nil, fault.InvalidField("file", "TOO_MANY", "a message has too many files")
		}
		a, err := m.Library.upload(ctx, MailUploader(mail), u)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
}
