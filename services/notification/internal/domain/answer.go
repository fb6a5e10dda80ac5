package domain

import "time"

// AnswerKind is what kind of answer an attempt had.
type AnswerKind int

// The kinds, with the numbers of the contract, and the values that each has.
const (
	AnswerProvider       AnswerKind = iota + 1 // Said
	AnswerLate                                 // none in time
	AnswerWaiting                              // After: none for so long, but it may still come
	AnswerForbidden                            // webhooks are not sent to such an address
	AnswerContactDeleted                       // so nothing was sent
	AnswerNoNotice                             // the notice of the page cannot be read
	AnswerNoMail                               // the mail cannot be written
	AnswerGivenUp                              // Said: the last answer of those for which the mail was tried again
	AnswerTicketSpam                           // not sent: the ticket was marked as spam
	AnswerTicketDeleted                        // not sent: the ticket was deleted
	AnswerBounced                              // Said: why a mail server sent back what had been accepted
	AnswerSuppressed                           // Said: why mails to the address came back before
)

// Answer is what came of the last attempt to deliver, as data: each reader has it in their own language. The zero value
// is none yet.
type Answer struct {
	Kind  AnswerKind    `json:"kind,omitempty"`
	Said  string        `json:"said,omitempty"` // what the provider said, or what went wrong on the way, without secrets
	After time.Duration `json:"after,omitempty"`
}

// Text is the answer in English.
func (a Answer) Text() string {
	switch a.Kind {
	case AnswerProvider:
		return a.Said
	case AnswerLate:
		return "no answer in time"
	case AnswerWaiting:
		return "no answer within " + a.After.String() + ", still waiting for it"
	case AnswerForbidden:
		return "this address is not allowed for webhooks"
	case AnswerContactDeleted:
		return "the contact was deleted"
	case AnswerNoNotice:
		return "the notice cannot be read"
	case AnswerNoMail:
		return "the mail cannot be written"
	case AnswerGivenUp:
		return "given up after 5 days: " + a.Said
	case AnswerTicketSpam:
		return "not sent: the ticket was marked as spam"
	case AnswerTicketDeleted:
		return "not sent: the ticket was deleted"
	case AnswerBounced:
		return "came back: " + a.Said
	case AnswerSuppressed:
		return "not sent: mails to the address came back: " + a.Said
	}
	return ""
}
