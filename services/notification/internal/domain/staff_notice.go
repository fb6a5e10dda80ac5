package domain

import (
	"context"
	"slices"
	"strconv"
	"time"
)

// NoticeKind is what the staff is told of.
type NoticeKind string

// The kinds.
const (
	NoticeNewTicket NoticeKind = "new_ticket" // it is new to its team
	NoticeReply     NoticeKind = "reply"      // of a customer
	// Mails of the ticket do not reach somebody.
	NoticeReturned NoticeKind = "mail_returned"
	// Mails were held in the quarantine, of no ticket.
	NoticeHeld NoticeKind = "mail_held"
)

// Why somebody of the staff gets a mail.
const (
	ReasonAssignee = "assignee"
	ReasonTeam     = "team"
	ReasonHeld     = "held"
	ReasonDigest   = "digest"
)

// StaffNotice is something that the staff is told of: the assignee, or the team where there is none.
type StaffNotice struct {
	ID           string
	Ticket       int64
	Kind         NoticeKind
	Team         string
	Assignee     string   // person, "" = it is the team's
	Authors      []string // persons who did it: they are not told
	AuthorName   string   // of a reply; of NoticeReturned the address that mails do not reach
	Organization string   // name
	Subject      string
	Mails        int64    // how many were held
	Mailed       []string // persons who wanted it by mail when it came; nil = that was not noted
	At           time.Time
}

// Colleague is somebody of the staff with what they want to be told.
type Colleague struct {
	Person
	Zone        string // IANA
	Teams       []string
	Preferences NoticePreferences
}

// StaffTx finds out whom to tell.
type StaffTx interface {
	// Colleague returns somebody of the staff who is not disabled; false when there is nobody of that id.
	Colleague(ctx context.Context, id string) (Colleague, bool, error)
	// Mailed returns the people of a team who want a mail at once about a kind of notice, by id: about what is new as about new
	// tickets, about mails that do not reach somebody as about answers. A team that nobody is in is
	// everybody's: desks that are small have no teams.
	Mailed(ctx context.Context, team string, kind NoticeKind) ([]Person, error)
}

// TellStaff returns what the staff is told of a change, nil = nothing, and the mail to those who want it at once.
//
// An urgent incident that is new is not told: engineers are being paged about it, on channels that are louder.
func TellStaff(ctx context.Context, tx StaffTx, c TicketChange) (*StaffNotice, *Outgoing, error) {
	n := &StaffNotice{Ticket: c.Number, Team: c.Team, Organization: c.Organization, Subject: c.Subject}
	content := MailContent{Ticket: c.Number, Subject: c.Subject, Participants: c.participants(), Team: c.Team, Organization: c.Organization}
	answered := c.Message != nil && !c.Message.Author.Staff && !c.NewTicket
	// What a customer writes on a closed ticket begins another one, which is the assignee's from the beginning.
	answered = answered || c.NewTicket && c.Assignee.ID != "" && c.Message != nil && !c.Message.Author.Staff
	switch {
	case c.Over:
		return nil, nil, nil
	case answered:
		n.Kind, n.ID = NoticeReply, Hash("notice", string(NoticeReply), c.Message.ID)
		n.AuthorName, n.Authors = c.Message.Author.Label(), []string{c.Message.Author.ID}
		content.Kind, content.Messages = MailStaffReply, []PublicMessage{*c.Message}
	case (c.NewTicket || c.TeamChanged) && c.Team != "" && c.Assignee.ID == "" && !c.UrgentNow:
		n.Kind = NoticeNewTicket
		n.ID = Hash("notice", string(NoticeNewTicket), strconv.FormatInt(c.Number, 10), strconv.FormatInt(c.Sequence, 10))
		n.Authors = []string{c.Actor.ID, c.Author}
		content.Kind, content.Messages = MailStaffTicket, []PublicMessage{c.first()}
	default:
		return nil, nil, nil
	}
	n.Authors = slices.DeleteFunc(n.Authors, func(id string) bool { return id == "" })
	content.ID = Hash("mail", string(content.Kind), n.ID)
	to, err := n.recipients(ctx, tx, c.Assignee.ID)
	if err != nil {
		return nil, nil, err
	}
	n.Mailed = personIDs(to)
	// Who has the message as a participant, or wrote it, does not need it twice.
	to = slices.DeleteFunc(to, func(r Recipient) bool {
		return slices.Contains(n.Authors, r.Person.ID) || n.Kind == NoticeReply && slices.ContainsFunc(content.Participants, func(p Person) bool {
			return AddressKey(p.Email) == AddressKey(r.Person.Email)
		})
	})
	return n, &Outgoing{content, recipients(to, Person{})}, nil
}

// recipients returns who is mailed at once. An assignee who has left is none: then it is the team's.
func (n *StaffNotice) recipients(ctx context.Context, tx StaffTx, assignee string) ([]Recipient, error) {
	if assignee != "" {
		c, ok, err := tx.Colleague(ctx, assignee)
		if err != nil {
			return nil, err
		}
		if ok {
			n.Assignee = assignee
			if c.Preferences.ReplyMine != NoticeMail {
				return nil, nil
			}
			return []Recipient{{c.Person, ReasonAssignee}}, nil
		}
	}
	people, err := tx.Mailed(ctx, n.Team, n.Kind)
	list := make([]Recipient, len(people))
	for i, p := range people {
		list[i] = Recipient{p, ReasonTeam}
	}
	return list, err
}

// first is the beginning of the ticket's first message, for those who have not read it. Its author is named when that is known
// to be the requester.
func (c TicketChange) first() PublicMessage {
	if c.Message != nil {
		return *c.Message
	}
	m := PublicMessage{Body: c.Excerpt, At: c.CreatedAt}
	if c.Author == "" || c.Author == c.Requester.ID {
		m.Author = c.Requester
	}
	return m
}

// participants are requester and CCs.
func (c TicketChange) participants() []Person {
	var people []Person
	for _, r := range recipients(append([]Recipient{{c.Requester, "requester"}}, ccs(c.CCs)...), Person{}) {
		people = append(people, r.Person)
	}
	return people
}

// Digest returns those of the notices that a colleague wants gathered, in their order. manned are the teams that somebody is in.
//
// They may have chosen otherwise since: what was mailed when it came is not told twice, and what was not is told now, unless they
// want to hear nothing.
func (c Colleague) Digest(notices []StaffNotice, manned map[string]bool) []StaffNotice {
	var out []StaffNotice
	for _, n := range notices {
		channel := c.Preferences.NewTicket
		switch {
		case n.Assignee != "":
			channel = c.Preferences.ReplyMine
		case n.Kind == NoticeReply, n.Kind == NoticeReturned:
			channel = c.Preferences.ReplyTeam
		}
		mine := n.Assignee == c.ID || n.Assignee == "" && (slices.Contains(c.Teams, n.Team) || !manned[n.Team])
		wanted := channel == NoticeDigest || channel == NoticeMail && n.Mailed != nil
		if wanted && mine && !slices.Contains(n.Authors, c.ID) && !slices.Contains(n.Mailed, c.ID) {
			out = append(out, n)
		}
	}
	return out
}

// DigestSubject is what the ledger calls digests; the mails themselves speak their recipient's language.
const DigestSubject = "Digest"

// DigestMail is the mail that tells somebody what was gathered for them until an instant, and how much more there was.
func DigestMail(to Person, notices []StaffNotice, more int, until time.Time) Outgoing {
	c := MailContent{Kind: MailDigest, More: more, ID: Hash("mail", string(MailDigest), to.ID, strconv.FormatInt(until.UnixMicro(), 10))}
	for _, n := range notices {
		c.Notices = append(c.Notices, n.ID)
	}
	return Outgoing{c, []Recipient{{to, ReasonDigest}}}
}
