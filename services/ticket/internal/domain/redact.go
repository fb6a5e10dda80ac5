package domain

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"altis-dxp.com/support/pkg/fault"
)

// Redacted stands where text was.
const Redacted = "[redacted]"

// Limits of a redaction.
const (
	maxReason      = 500
	maxRedactTexts = 20
)

// Redaction takes text out of a message for good.
type Redaction struct {
	Number  int64
	Message string   // id
	Reason  string   // for the history; staff read it
	Texts   []string // what goes, wherever it stands
	// Ids of attachments that go. Without texts and attachments all of the message goes.
	Attachments []string
}

// Redact replaces text of a message by Redacted, wherever this service and others
// have it. With text of an emergency mail goes the mail as it came, which has the
// same in an encoding of its own; with any text all that the message's mail quotes, and
// what later mails quote of the message: they wrap lines and mark them. The history says who, when and why, never what, also
// that of another ticket whose mails have quoted it. It
// works on closed tickets too. Faults: Denied for members, Invalid with the fields (TEXT_NOT_FOUND,
// ATTACHMENT_NOT_FOUND, REASON_REPEATS_TEXT), NotFound.
func (d *Desk) Redact(ctx context.Context, caller Caller, r Redaction) (Message, error) {
	if err := r.check(); err != nil {
		return Message{}, err
	}
	actor, _, err := d.staff(ctx, caller, Ask{})
	if err != nil {
		return Message{}, err
	}
	var m Message
	err = d.Store.Update(ctx, false, func(ctx context.Context, tx Tx) error {
		before, err := tx.Ticket(ctx, actor.ID, r.Number)
		if err != nil {
			return err
		}
		if m, err = tx.Message(ctx, r.Number, r.Message); err != nil {
			return err
		}
		redacted, err := r.apply(m)
		if err != nil || redacted.Body == m.Body && redacted.Quoted == m.Quoted && len(redacted.Attachments) == len(m.Attachments) {
			return err
		}
		unquote := redacted.Body != m.Body && !m.Note // notes are in no mail
		m = redacted
		c := d.redaction(actor, before, m, strings.TrimSpace(r.Reason))
		c.Unquote = unquote
		m = *c.Redacted
		if unquote {
			if err := d.unquoteOthers(ctx, tx, actor, r.Number, r.Reason); err != nil {
				return err
			}
		}
		if err := tx.Save(ctx, c); err != nil || len(r.Texts) == 0 && len(r.Attachments) > 0 {
			return err
		}
		_, err = d.redactMail(ctx, tx, actor, c.After, m, r)
		return err
	})
	return m, err
}

// unquoteOthers has the mails of other tickets quote nothing that a ticket says, and says so in the history of each: who
// has one open must see it go, as must whoever has a copy.
func (d *Desk) unquoteOthers(ctx context.Context, tx Tx, actor Actor, number int64, reason string) error {
	quoting, err := tx.Quoting(ctx, number)
	if err != nil {
		return err
	}
	for _, m := range quoting {
		other, err := tx.Ticket(ctx, actor.ID, m.Number)
		if err != nil {
			return err
		}
		m.Quoted = ""
		c := d.redaction(actor, other, m, strings.TrimSpace(reason))
		c.Unquote = true // what comes after it
		if err := tx.Save(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// redactMail takes the mail as it came, of which a message was made, from the note that
// has it. It returns the ticket after that.
func (d *Desk) redactMail(ctx context.Context, tx Tx, actor Actor, t Ticket, m Message, r Redaction) (Ticket, error) {
	note, err := tx.MessageAt(ctx, r.Number, m.Sequence+1)
	if errors.Is(err, fault.NotFound) || err == nil && !note.asItCame() {
		return t, nil
	}
	if err != nil {
		return t, err
	}
	note.Attachments = withoutMail(note.Attachments)
	c := d.redaction(actor, t, note, strings.TrimSpace(r.Reason))
	return c.After, tx.Save(ctx, c)
}

// asItCame reports that a note of the emergency mailbox has the file of the message before it.
func (m Message) asItCame() bool {
	return m.Note && m.Author.ID == "" && m.Author.Name == emergencyMailbox.Name && len(withoutMail(m.Attachments)) < len(m.Attachments)
}

// withoutMail returns the attachments but a mail as it came.
func withoutMail(all []Attachment) (kept []Attachment) {
	for _, a := range all {
		if a.Filename != mailFilename || a.ContentType != mailType {
			kept = append(kept, a)
		}
	}
	return kept
}

// redaction returns the change that replaces a message by m.
func (d *Desk) redaction(actor Actor, before Ticket, m Message, reason string) Change {
	after := before
	if m.Sequence == 1 {
		after.Excerpt = firstRunes(m.Body, excerptLength)
	}
	c := d.change(actor, EventMessageRedacted, before, after)
	c.Event.Message, c.Event.Summary = m.ID, "Text of a message was redacted"
	c.Event.Changes = append(c.Event.Changes, FieldChange{Field: redactionReason, New: reason})
	if m.Note {
		c.Event.Internal, c.After.UpdateTime = true, before.UpdateTime
	}
	m.RedactTime = c.Event.Time
	c.Redacted = &m
	return c
}

func (r Redaction) check() error {
	f := &faults{}
	f.redaction(r.Reason, r.Texts)
	return f.err()
}

func (f *faults) redaction(reason string, texts []string) {
	f.text("reason", reason, 1, maxReason, true)
	if len(texts) > maxRedactTexts {
		f.add("texts", "TOO_MANY", fmt.Sprintf("at most %d", maxRedactTexts))
	}
	for i, text := range texts {
		f.text(fmt.Sprintf("texts[%d]", i), text, 1, MaxBody, false)
		if text != "" && strings.Contains(reason, text) {
			f.add("reason", "REASON_REPEATS_TEXT", "must not repeat what is to be redacted: it stays in the history")
		}
	}
}

// apply returns the message without what goes.
func (r Redaction) apply(m Message) (Message, error) {
	if len(r.Texts) == 0 && len(r.Attachments) == 0 {
		m.Body, m.Quoted, m.Attachments = Redacted, "", nil
		return m, nil
	}
	f := &faults{}
	m.Body = r.withoutTexts(f, m)
	if len(r.Texts) > 0 {
		m.Quoted = ""
		if m.Note { // the mail of a stranger is a note, with its file
			m.Attachments = withoutMail(m.Attachments)
		}
	}
	var kept []Attachment
	for _, a := range m.Attachments {
		if !slices.Contains(r.Attachments, a.ID) {
			kept = append(kept, a)
		}
	}
	for i, id := range r.Attachments {
		if !slices.ContainsFunc(m.Attachments, func(a Attachment) bool { return a.ID == id }) {
			f.add(fmt.Sprintf("attachments[%d]", i), "ATTACHMENT_NOT_FOUND", "the message has no such attachment")
		}
	}
	m.Attachments = kept
	return m, f.err()
}

// withoutTexts returns the body of a message without the texts.
func (r Redaction) withoutTexts(f *faults, m Message) string {
	for i, text := range r.Texts {
		if !strings.Contains(m.Body, text) && !strings.Contains(m.Quoted, text) {
			f.add(fmt.Sprintf("texts[%d]", i), "TEXT_NOT_FOUND", "is not in the message")
		}
	}
	rest := without(m.Body, r.Texts)
	if utf8.RuneCountInString(rest) > MaxBody {
		f.add("texts", "TOO_LONG", "the message would become too long: redact the whole of it")
	}
	return rest
}

// without returns a text without the texts that go. Where they overlap, all of it goes.
func without(body string, texts []string) string {
	gone := make([]bool, len(body))
	for _, text := range texts {
		for at := 0; ; at++ {
			found := strings.Index(body[at:], text)
			if found < 0 {
				break
			}
			at += found
			for j := range len(text) {
				gone[at+j] = true
			}
		}
	}
	var b strings.Builder
	for i := range len(body) {
		switch {
		case !gone[i]:
			_ = b.WriteByte(body[i]) // never fails
		case i == 0 || !gone[i-1]:
			_, _ = b.WriteString(Redacted) // never fails
		}
	}
	return b.String()
}
