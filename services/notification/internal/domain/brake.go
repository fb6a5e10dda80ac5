package domain

import "time"

// Brakes of what becomes messages by mail, so that what gets past all marks of automatic mail ends in the quarantine, where a person
// looks at it: two programs that answer each other, on one ticket, on many, or in the names of many; and what a customer's monitoring
// sends. There is none over all senders: in a large outage many customers write at once, and none of them is to wait for a person.
const (
	MaxAnswers  = 20  // of one sender to one ticket within AnswerWindow
	MaxOfSender = 60  // of one sender to all tickets and the desk
	MaxOfDomain = 200 // of all senders of one domain, unless it gives addresses to anybody

	AnswerWindow = 10 * time.Minute

	MaxRequests   = 10 // tickets of one sender within RequestWindow
	RequestWindow = time.Hour
)

// RecentMails are how many mails have become messages within AnswerWindow, and tickets within RequestWindow.
type RecentMails struct {
	Answers  int // of the sender to the ticket
	Requests int // of the sender
	OfSender int
	OfDomain int // 0 where the domain gives addresses to anybody, or is the staff's own
}

// Brake returns the reason to hold one more, "" = there is none.
func (r RecentMails) Brake() string {
	switch {
	case r.Answers >= MaxAnswers, r.Requests >= MaxRequests, r.OfSender >= MaxOfSender:
		return ReasonTooMany
	case r.OfDomain >= MaxOfDomain:
		return ReasonTooManyDomain
	}
	return ""
}
