// Package domain holds the rules of tickets: what a valid ticket is, how its
// state moves, who may change what, and what must follow from a change.
//
// Every use case is a method of Desk. It reads the directory, decides, and hands
// the store Changes: the ticket before and after, the history entry and the
// message. What other services must hear follows from the Change alone.
package domain

import (
	"context"
	"errors"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// Desk is where tickets are worked on. Its methods may be called concurrently.
type Desk struct {
	Store      Store
	Directory  Directory
	Now        func() time.Time
	NewID      func() string
	CloseAfter time.Duration // from solved to closed
}

// Store keeps tickets. Visible means visible to the viewer named by a person id,
// judged inside the statement that reads; what is not visible is NotFound.
// Reading as ServiceViewer sees everything.
type Store interface {
	// NextNumber returns a ticket number that nobody else gets.
	NextNumber(ctx context.Context) (int64, error)
	// Create commits a new ticket (Change.Before is zero) and all that follows
	// from it. It returns ErrRequestUsed when the change's request id was used
	// before; nothing is written then.
	Create(ctx context.Context, c Change) error
	// Update runs fn in one transaction and commits if and only if it returns nil.
	// fn may run again and touches nothing but tx and what it sets itself. urgent
	// writes go ahead of all others.
	Update(ctx context.Context, urgent bool, fn func(ctx context.Context, tx Tx) error) error
	// Remember commits a request id that makes nothing by itself. ErrRequestUsed as in Create.
	Remember(ctx context.Context, r Request) error
	// Used returns what a request id made in the last 24 hours; NotFound if nothing.
	Used(ctx context.Context, r Request) (UsedRequest, error)
	// MailTicket returns the number of the ticket that a mail became, or became a
	// message of, even if that was purged. Fault NotFound.
	MailTicket(ctx context.Context, mail string) (int64, error)
	// Ticket returns a visible ticket, without its description.
	Ticket(ctx context.Context, viewer string, number int64) (Ticket, error)
	// Full is Ticket with the description.
	Full(ctx context.Context, viewer string, number int64) (Ticket, error)
	// Message returns the message that a ticket's event of this sequence added.
	Message(ctx context.Context, number, sequence int64) (Message, error)
	// Claimable returns those of the attachments that the person has uploaded and no
	// message has.
	Claimable(ctx context.Context, person string, ids []string) ([]Attachment, error)
}

// Tx is a transaction of a Store.
type Tx interface {
	// Ticket returns a visible ticket for changing, with the present names and
	// addresses of its people, and keeps others from changing it until the end.
	Ticket(ctx context.Context, viewer string, number int64) (Ticket, error)
	// Message returns a message of a ticket by its id. Fault NotFound.
	Message(ctx context.Context, number int64, id string) (Message, error)
	// MessageAt returns the message that the event of a sequence added. Fault NotFound.
	MessageAt(ctx context.Context, number, sequence int64) (Message, error)
	// History returns the entries of a ticket that have a change of the field, oldest first.
	History(ctx context.Context, number int64, field string) ([]Event, error)
	// Quoting returns, of each other ticket whose mails may quote the ticket's messages, the
	// first one that quotes anything: of what followed it, and of the one that it was merged into.
	Quoting(ctx context.Context, number int64) ([]Message, error)
	// Conversation returns the newest public messages that have 512 KiB together,
	// oldest first: what follows must fit into one event.
	Conversation(ctx context.Context, number int64) ([]Message, error)
	// Save writes a change and all that follows from it. A zero Change.Before makes
	// a new ticket. ErrRequestUsed as in Store.Create, and when its mail was saved
	// before. The attachments of its message are the message's from then on;
	// ErrAttachmentClaimed if they cannot be.
	Save(ctx context.Context, c Change) error
	// MergedInto returns the number of a ticket that was merged into this one, 0 if none was.
	MergedInto(ctx context.Context, number int64) (int64, error)
	// AddAttachment is Attachments.AddAttachment in this transaction, without a limit.
	AddAttachment(ctx context.Context, person string, a Attachment, written string) (added Attachment, object string, err error)
}

// Directory is what is known of people, organizations and applications. It
// answers while identity is away.
type Directory interface {
	// Facts looks everything up at once. What is unknown is absent from the answer.
	Facts(ctx context.Context, ask Ask) (Facts, error)
	// IdentityAway reports that identity has been out of reach for 30 seconds, so
	// that what is unknown here may exist nevertheless.
	IdentityAway() bool
}

// ServiceViewer is the viewer of the services' own work: it sees every ticket.
const ServiceViewer = ""

// ErrRequestUsed says that a request id has made something before.
var ErrRequestUsed = errors.New("domain: the request id was used before")

// Request identifies an attempt of a caller, so that a repetition has no effect.
type Request struct {
	Principal string // person id
	Method    string
	ID        string // "" = the caller wants no such protection
	Hash      string // of the request's content
}

// UsedRequest is what a request made.
type UsedRequest struct {
	Hash             string
	Number, Sequence int64 // of the event
}

// once runs do, and turns its failure into the result of the first attempt when
// this was a repetition of a request that succeeded. The check comes after the
// failure so that the usual case does not pay for it; do fails on every
// repetition, by ErrRequestUsed at the latest.
func (d *Desk) once(ctx context.Context, r Request, do func() error) (*UsedRequest, error) {
	err := do()
	if err == nil || r.ID == "" || errors.Is(err, fault.Unavailable) {
		return nil, err
	}
	used, lookup := d.Store.Used(ctx, r)
	switch {
	case errors.Is(lookup, fault.NotFound):
		return nil, err
	case lookup != nil:
		return nil, lookup
	case used.Hash != r.Hash:
		return nil, fault.New(fault.Exists, "REQUEST_ID_REUSED", "the request id was used for another request before")
	}
	return &used, nil
}

func checkETag(t Ticket, etag string) error {
	if etag != "" && etag != t.ETag() {
		return fault.New(fault.Conflict, "ETAG_MISMATCH", "the ticket has changed since it was read").With("etag", t.ETag())
	}
	return nil
}

func checkOpen(t Ticket) error {
	if err := checkShown(t); err != nil {
		return err
	}
	if t.Status == Closed {
		return fault.New(fault.Precondition, "TICKET_CLOSED", "a closed ticket is locked: a reply opens a follow-up")
	}
	return nil
}
