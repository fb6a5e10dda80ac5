package domain

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// PublicMessage is a message that the customer may read. Mail is made of these only: an internal note has no way in.
type PublicMessage struct {
	ID     string    `json:"id"`
	Author Person    `json:"author"`
	Body   string    `json:"body"` // Markdown
	At     time.Time `json:"at"`

	Attachments []Attachment `json:"attachments,omitempty"`
}

// Attachment is a file that a mail names: it is in the dashboard only.
type Attachment struct {
	Filename string `json:"filename"`
	Size     int64  `json:"size"` // in bytes
}

// MailKind is what a mail is for.
type MailKind string

// The kinds of mail.
const (
	MailMessage      MailKind = "message"      // one message of the conversation
	MailConversation MailKind = "conversation" // the whole of it, for a CC or requester who is new
	MailReceipt      MailKind = "receipt"      // to the requester, who wrote the first message
	MailSolved       MailKind = "solved"
	MailReopened     MailKind = "reopened"
	MailMerged       MailKind = "merged"       // to whom the ticket that it was merged into concerns, too
	MailStaffTicket  MailKind = "staff_ticket" // to the staff: a ticket is new to their team
	MailStaffReply   MailKind = "staff_reply"  // to the staff: a customer has answered
	// To the staff: mails of a ticket do not reach somebody, or mails were held in the quarantine.
	MailStaffReturned MailKind = "staff_returned"
	MailStaffHeld     MailKind = "staff_held"
	MailDigest        MailKind = "digest" // to one of the staff, of what happened since the last one
)

// Notice reports whether the desk says it by itself, rather than a person.
func (k MailKind) Notice() bool {
	return k == MailReceipt || k == MailSolved || k == MailReopened || k == MailMerged || k.ToStaff()
}

// ToStaff reports whether the mail goes to people of the staff about their work.
func (k MailKind) ToStaff() bool {
	return k == MailStaffTicket || k == MailStaffReply || k == MailStaffReturned || k == MailStaffHeld || k == MailDigest
}

// MailContent is what is mailed, the same to all its recipients.
type MailContent struct {
	ID           string          `json:"id"`
	Kind         MailKind        `json:"kind"`
	Ticket       int64           `json:"ticket"`
	Subject      string          `json:"subject"` // of the ticket
	Participants []Person        `json:"participants"`
	Messages     []PublicMessage `json:"messages,omitempty"` // oldest first; none in a notice
	Actor        Person          `json:"actor"`              // who solved, reopened or merged
	FollowUpOf   int64           `json:"follow_up_of,omitempty"`
	MergedInto   int64           `json:"merged_into,omitempty"`
	Urgent       bool            `json:"urgent,omitempty"` // engineers are being paged
	Team         string          `json:"team,omitempty"`   // in mails to the staff, as all below
	Organization string          `json:"organization,omitempty"`
	Notices      []string        `json:"notices,omitempty"` // ids of those that a digest tells; there is no Ticket then
	More         int             `json:"more,omitempty"`    // how many it does not tell
	Returned     *Returning      `json:"returned,omitempty"`
	Held         *HeldMails      `json:"held,omitempty"`
	Source       string          `json:"-"` // what it was read from: equal for equal contents, "" = it was not read
}

// Recipient is somebody who gets a mail, and why.
type Recipient struct {
	Person Person
	Reason string // "requester", "cc", or one of those for the staff
}

// ToStaff reports whether they get it as people of the staff, about their work.
func (r Recipient) ToStaff() bool {
	return r.Reason == ReasonAssignee || r.Reason == ReasonTeam || r.Reason == ReasonHeld || r.Reason == ReasonDigest
}

// Outgoing is a mail and who gets it.
type Outgoing struct {
	Content    MailContent
	Recipients []Recipient
}

// TicketChange is what correspondence needs to know of a ticket event.
type TicketChange struct {
	Number       int64
	Sequence     int64
	Subject      string
	Requester    Person   // without an account: the unproven sender of a mail
	CCs          []Person // after the change
	Actor        Person   // zero when a service did it
	FollowUpOf   int64
	Receipt      bool           // a new ticket, of which a requester who wrote it gets a receipt
	Urgent       bool           // became urgent by this change
	Message      *PublicMessage // a message was added
	Solved       bool           // became solved without a message
	Reopened     bool           // left solved without a message
	MergedInto   int64          // the ticket is a duplicate of that one, 0 = it is none
	Told         []Person       // of a duplicate: who may see the other
	CCsAdded     []Person
	Conversation []PublicMessage // so far, for those added
	// The ticket is another member's now, who has not had the Conversation.
	RequesterChanged bool

	// For the staff.
	NewTicket    bool
	TeamChanged  bool   // to Team
	Team         string // after the change, as all below
	Assignee     Person
	Author       string // id of who wrote the first message, "" = not known
	Organization string // name
	Excerpt      string // of the first message
	CreatedAt    time.Time
	UrgentNow    bool
	Over         bool // solved or closed
}

// Correspondence returns the mails of a change: a public message to requester and CCs except its author, who gets a
// receipt for a new ticket instead, the conversation so far to CCs who were added and to a new requester, and a notice when
// the ticket is solved, reopened or merged into another without a message.
//
// Whoever wrote a mail without proof may have named somebody else's address. What the desk says by itself does not go there,
// nor does anything that the mail said, its subject and name included: only what staff answer.
func Correspondence(c TicketChange) []Outgoing {
	if c.unproven() {
		c.Requester.Name, c.Subject = "", UnprovenSubject
	}
	participants := recipients(append([]Recipient{{c.Requester, "requester"}}, ccs(c.CCs)...), Person{})
	content := MailContent{Ticket: c.Number, Subject: c.Subject, FollowUpOf: c.FollowUpOf, Actor: c.Actor, Urgent: c.Urgent}
	for _, r := range participants {
		content.Participants = append(content.Participants, r.Person)
	}
	var out []Outgoing
	add := func(kind MailKind, id string, messages []PublicMessage, to []Recipient) {
		if len(to) == 0 {
			return
		}
		m := content
		m.Kind, m.Messages = kind, messages
		m.ID = Hash("mail", string(kind), strconv.FormatInt(c.Number, 10), id)
		out = append(out, Outgoing{m, to})
	}
	sequence := strconv.FormatInt(c.Sequence, 10)
	if c.Message != nil {
		others := recipients(participants, c.Message.Author)
		wrote := !slices.ContainsFunc(others, func(r Recipient) bool { return r.Reason == "requester" })
		if !c.Message.Author.Staff {
			others = c.proven(others)
		}
		add(MailMessage, c.Message.ID, []PublicMessage{*c.Message}, others)
		if c.Receipt && wrote && !c.unproven() {
			add(MailReceipt, c.Message.ID, nil, recipients([]Recipient{{c.Requester, "requester"}}, Person{}))
		}
	}
	if len(c.CCsAdded) > 0 && len(c.Conversation) > 0 {
		add(MailConversation, sequence, c.Conversation, recipients(ccs(c.CCsAdded), Person{}))
	}
	if c.RequesterChanged && len(c.Conversation) > 0 {
		add(MailConversation, sequence, c.Conversation, recipients([]Recipient{{c.Requester, "requester"}}, c.Actor))
	}
	if c.Solved {
		add(MailSolved, sequence, nil, c.proven(recipients(participants, c.Actor)))
	}
	if c.MergedInto != 0 {
		content.MergedInto = c.MergedInto
		add(MailMerged, sequence, nil, slices.DeleteFunc(recipients(participants, c.Actor), func(r Recipient) bool {
			return !slices.ContainsFunc(c.Told, func(p Person) bool { return AddressKey(p.Email) == AddressKey(r.Person.Email) })
		}))
	}
	if c.Reopened {
		add(MailReopened, sequence, nil, c.proven(recipients(participants, c.Actor)))
	}
	return out
}

// UnprovenSubject stands for the subject of an unproven sender.
const UnprovenSubject = "Your mail to us"

func (c TicketChange) unproven() bool { return c.Requester.ID == "" }

// proven returns the list without an unproven requester.
func (c TicketChange) proven(list []Recipient) []Recipient {
	if !c.unproven() {
		return list
	}
	return slices.DeleteFunc(list, func(r Recipient) bool { return r.Reason == "requester" })
}

func ccs(people []Person) []Recipient {
	list := make([]Recipient, len(people))
	for i, p := range people {
		list[i] = Recipient{p, "cc"}
	}
	return list
}

// recipients returns those with an address, each address once, without one person.
func recipients(all []Recipient, except Person) []Recipient {
	var out []Recipient
	seen := map[string]bool{AddressKey(except.Email): true}
	for _, r := range all {
		key := AddressKey(r.Person.Email)
		if key == "" || seen[key] || except.ID != "" && r.Person.ID == except.ID {
			continue
		}
		seen[key] = true
		out = append(out, r)
	}
	return out
}

// AddressKey returns what is equal for addresses that are the same: upper and lower case do not matter.
func AddressKey(address string) string { return strings.ToLower(strings.TrimSpace(address)) }

// MailState is what became of a mail to one person.
type MailState string

// The states of a mail.
const (
	MailQueued   MailState = "queued"
	MailAccepted MailState = "accepted" // by the next mail server
	MailRefused  MailState = "refused"  // not tried again
	// MailBounced was accepted and came back, MailSuppressed not sent to an address from which mails came back.
	MailBounced    MailState = "bounced"
	MailSuppressed MailState = "suppressed"
)

// MailDelivery is one mail to one person: a row of the ledger.
type MailDelivery struct {
	ID         string
	Content    string
	Ticket     int64
	Recipient  Recipient
	Message    string // id of the conversation's message, "" for anything else
	MessageID  string // the same for every attempt
	Root       string // first mail of the thread, "" when this is it
	Parent     string
	Between    []string // newest mails of the thread between Root and Parent, oldest first; read with the content only
	Locale     string   // BCP 47, of a recipient with an account; read with the content only
	Subject    string
	Notices    []StaffNotice // that a digest tells and that are still known; read with the content only
	State      MailState
	Attempts   int
	LastAnswer Answer
	CreatedAt  time.Time
	QueuedAt   time.Time // the last time that it was to be sent: when it was made, or sent again by hand
	AcceptedAt time.Time
	NextAt     time.Time // of the next attempt
}

// MailID is the id of the delivery of a content to an address.
func MailID(content, address string) string {
	return Hash("mail-delivery", content, AddressKey(address))
}

// MailSubject is the subject line of a ticket's mails. It never changes within a thread, which some programs go by.
func MailSubject(ticket int64, subject string) string {
	return "[#" + strconv.FormatInt(ticket, 10) + "] " + subject
}

// mailPatience is how long a mail is tried, from its queuing on.
const mailPatience = 5 * 24 * time.Hour

// Requeued returns the delivery as it is when somebody wants it sent again now, with as much patience as a new one.
func (d MailDelivery) Requeued(now time.Time) MailDelivery {
	d.State, d.QueuedAt, d.NextAt = MailQueued, now, now
	return d
}

// MailAttempted returns the delivery after an attempt. A mail that its server will not take now is tried again after
// pause, in the end no more. A mail that has been accepted stays so, one that was refused while the attempt was under way keeps
// the reason, and one that came back before its acceptance was recorded has come back.
func MailAttempted(d MailDelivery, a Attempt, now time.Time, pause time.Duration) MailDelivery {
	d.Attempts++
	if d.State == MailBounced || d.State == MailRefused && !a.Accepted {
		return d
	}
	d.LastAnswer, d.NextAt = a.Answer, time.Time{}
	switch {
	case a.Accepted:
		d.State, d.AcceptedAt = MailAccepted, now
	case a.Final:
		d.State = MailRefused
	case now.Sub(d.QueuedAt) > mailPatience:
		d.State = MailRefused
		d.LastAnswer = Answer{Kind: AnswerGivenUp, Said: a.Answer.Text()}
	default:
		d.NextAt = now.Add(pause)
	}
	return d
}
