package domain

import (
	"strings"
	"time"
)

// Verdict is what became of a mail that came in.
type Verdict string

// The verdicts.
const (
	InboundWaiting     Verdict = "waiting"     // not examined yet
	InboundAppended    Verdict = "appended"    // it is a message of its ticket
	InboundCreated     Verdict = "created"     // it is the first message of a ticket; its own, or a follow-up of a closed one
	InboundQuarantined Verdict = "quarantined" // a person is to judge it
	InboundRejected    Verdict = "rejected"    // there is nothing in it that could be a message, or a person discarded it
	InboundIgnored     Verdict = "ignored"     // nobody wrote it
	InboundRecorded    Verdict = "recorded"    // it is a bounce or complaint about a delivery, or the wish for no more copies
)

// The reasons of verdicts.
const (
	ReasonOwnMail       = "OWN_MAIL"           // this desk has sent it
	ReasonAutomatic     = "AUTOMATIC"          // detail: by what it is known
	ReasonBounce        = "BOUNCE"             // detail: what the mail server said
	ReasonDelayed       = "DELAYED"            // a mail server still tries
	ReasonComplaint     = "COMPLAINT"          // the recipient called a mail of ours unwanted
	ReasonCopiesStopped = "COPIES_STOPPED"     // a CC wants no more of them
	ReasonCopy          = "COPY"               // the same mail came to an address of a ticket; detail: that one's id
	ReasonUnknown       = "UNKNOWN"            // there is nothing any more that its address is about
	ReasonExpired       = "EXPIRED"            // the address is
	ReasonBounceAddress = "BOUNCE_ADDRESS"     // a person wrote to an address for bounces
	ReasonUnknownSender = "UNKNOWN_SENDER"     // the author of a mail to the desk is no customer
	ReasonOtherSender   = "OTHER_SENDER"       // the author is not whom the address was given to
	ReasonNotVerified   = "NOT_VERIFIED"       // the author's domain does not vouch for the mail, and would have to
	ReasonTooMany       = "TOO_MANY"           // that sender's answers to the ticket, or mails to the desk or to all tickets, come too fast
	ReasonTooManyDomain = "TOO_MANY_OF_DOMAIN" // those of that domain do
	ReasonNotAllowed    = "NOT_ALLOWED"        // ticket takes no message of the sender; detail: its reason
	ReasonNotAppended   = "NOT_APPENDED"       // ticket could not take it for a day; detail: its reason
	ReasonEmpty         = "EMPTY"              // it says nothing and has no file
	ReasonUnreadable    = "UNREADABLE"         // it made the reading of it panic
	ReasonForgotten     = "FORGOTTEN"          // the mail itself is not there any more
)

// InboundMail is a mail that came in: one row, whatever becomes of it.
type InboundMail struct {
	ID           string
	Dedupe       string // equal for the same mail to the same address
	Fingerprint  string // equal for the same mail to any address; "" = nothing tells it from another with the same text
	Object       string // that holds it, "" = it was forgotten
	Size         int64
	EnvelopeFrom string
	Recipient    string // address of ours
	Request      bool   // that is the desk's: the mail is to become a ticket
	Remote       string
	TLS          bool
	MessageID    string
	Sender       string
	SenderName   string
	Subject      string
	ReceivedAt   time.Time
	Copies       int

	Verdict     Verdict
	Reason      string
	Detail      string
	Verified    bool   // the author's domain vouches for it; looked at when the verdict hangs on it
	SPF         string // what the domain of EnvelopeFrom said then of the server that brought it, "" = it was not asked
	DecidedAt   time.Time
	Ticket      int64  // that the address belongs to, 0 = none
	Holder      Person // whom the address was given to; of a request the customer who was proven to have written it
	Delivery    string // that came back
	ReleasedBy  string // person, who may have discarded it instead
	ReleasedAt  time.Time
	ReplyTicket int64
	Message     string // that it became
}

// InboundAnswer is what is known of a mail that a person wrote to an address of a ticket.
type InboundAnswer struct {
	Known      bool // whom the address was given to
	Expired    bool
	ForBounces bool   // the address is for mails that come back
	FromHolder bool   // its one author is whom the address was given to
	Staff      bool   // the holder, who could do more than answer
	Signed     bool   // by the author's domain
	Sent       bool   // by a server of the author's domain
	Strict     bool   // the author's domain asks not to take mails for its own that it does not vouch for
	TooMany    string // the brake that it meets, "" = none
	Released   bool   // somebody looked at it
}

// Verified reports whether the author's domain vouches for the mail. Its server alone is not enough for one of the staff: others
// may send by the same provider's.
func (a InboundAnswer) Verified() bool { return a.Signed || a.Sent && !a.Staff }

// JudgeAnswer returns why an answer is not to be appended by itself, "" = it is. Whoever has the address has a copy of the
// mail, but copies are passed on: only who got it from us writes with it.
func JudgeAnswer(a InboundAnswer) (reason string) {
	switch {
	case !a.Known:
		return ReasonUnknown
	case a.Released:
		return ""
	case a.ForBounces:
		return ReasonBounceAddress
	case a.Expired:
		return ReasonExpired
	case !a.FromHolder:
		return ReasonOtherSender
	case (a.Staff || a.Strict) && !a.Verified():
		return ReasonNotVerified
	}
	return a.TooMany
}

// MailReply is a mail that is to become a message of a ticket.
type MailReply struct {
	Mail   string
	Ticket int64
	Sender Person
	Body   string // Markdown
	Quoted string // what it quotes of the mail that it answers
}

// MailRequest is a mail that is to become a ticket.
type MailRequest struct {
	Mail    string
	Person  string // the customer who was proven to have written it, "" = nobody
	Sender  Person // as it says
	Subject string
	Body    string
	About   int64 // the ticket that it seems to be about, 0 = none
}

// InboundRequest is what is known of a mail that a person wrote to the desk.
type InboundRequest struct {
	Member   bool // its one author is a customer
	Verified bool
	TooMany  string // the brake that it meets, "" = none
	Released bool   // somebody looked at it
}

// JudgeRequest returns why a mail is not to become a ticket by itself, "" = it is.
func JudgeRequest(r InboundRequest) (reason string) {
	switch {
	case r.Released:
		return ""
	case !r.Member:
		return ReasonUnknownSender
	case !r.Verified:
		return ReasonNotVerified
	}
	return r.TooMany
}

// Suppression keeps correspondence from an address that mails have come back from.
type Suppression struct {
	ID        string
	Address   string // in lower case
	Reason    string // of SuppressedBounce, SuppressedComplaint
	Detail    string
	Delivery  string
	CreatedAt time.Time
	EndsAt    time.Time
}

// Why an address is suppressed.
const (
	SuppressedBounce    = "bounce"
	SuppressedComplaint = "complaint"
)

// For how long an address gets no mail.
const (
	hardSuppression = 30 * 24 * time.Hour // after a mail that came back for good, or a complaint
	softSuppression = 7 * 24 * time.Hour  // after SoftBounces of the others
	// SoftBounces within SoftWindow suppress an address for a while.
	SoftBounces = 3
	SoftWindow  = 30 * 24 * time.Hour
)

// SuppressionID is the id of an address's suppression.
func SuppressionID(address string) string { return Hash("suppression", AddressKey(address)) }

// Returned is what a report says of a delivery.
type Returned struct {
	Complaint bool
	Loose     bool   // it came to an address that others may know: it is recorded, and suppresses nothing
	Status    string // enhanced status code (RFC 3463), "" = unknown
	Said      string
}

// Suppress returns for how long an address gets no mail after a report, 0 = it still does. soft is how many mails have come
// back from it lately, this one included.
func (r Returned) Suppress(soft int) (reason string, d time.Duration) {
	switch {
	case r.Loose:
		return "", 0
	case r.Complaint:
		return SuppressedComplaint, hardSuppression
	case r.ForGood():
		return SuppressedBounce, hardSuppression
	case soft >= SoftBounces:
		return SuppressedBounce, softSuppression
	}
	return "", 0
}

// ForGood reports that the address itself is the trouble: not a full mailbox, the size or content of that mail, nor a policy
// that may be about us.
func (r Returned) ForGood() bool {
	if !strings.HasPrefix(r.Status, "5.") {
		return false
	}
	for _, other := range []string{"5.2.2", "5.2.3", "5.3.1", "5.3.4"} {
		if r.Status == other {
			return false
		}
	}
	return !strings.HasPrefix(r.Status, "5.6.") && !strings.HasPrefix(r.Status, "5.7.")
}

// NoSuchRecipient keeps mail from the address of a delivery of which the next server said at once that there is no such
// recipient, as a bounce that says so does.
func (d MailDelivery) NoSuchRecipient(a Answer) (Suppression, time.Duration) {
	return Suppression{Address: d.Recipient.Person.Email, Reason: SuppressedBounce, Detail: a.Said, Delivery: d.ID}, hardSuppression
}

// Answer is the row of the ledger for what came back.
func (r Returned) Answer() Answer {
	said := r.Said
	if r.Status != "" && !strings.Contains(said, r.Status) {
		said = strings.TrimSpace(r.Status + " " + said)
	}
	return Answer{Kind: AnswerBounced, Said: said}
}

// Bounced returns the delivery after it came back.
func (d MailDelivery) Bounced(r Returned) MailDelivery {
	d.State, d.NextAt, d.LastAnswer = MailBounced, time.Time{}, r.Answer()
	return d
}

// Suppressed returns the delivery as one that is not sent because of its address.
func (d MailDelivery) Suppressed(s Suppression) MailDelivery {
	d.State, d.NextAt, d.LastAnswer = MailSuppressed, time.Time{}, Answer{Kind: AnswerSuppressed, Said: s.Detail}
	return d
}
