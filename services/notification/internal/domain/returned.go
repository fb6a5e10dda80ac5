package domain

import (
	"context"
	"slices"
	"strconv"
	"time"
)

// Returning is what the staff is told of mails that do not reach somebody.
type Returning struct {
	Address string `json:"address"`
	Answer  Answer `json:"answer"` // why, of the mail by which that was noticed
}

// TellReturned returns what the staff is told when a mail of a ticket has not reached an address, and the mail to those who want
// it at once: the assignee, or the team where there is none, as with an answer. They are told too when the ticket is over, for its
// solution may be what somebody has not read.
//
// The notice is the same for each mail of the ticket to that address: whoever was told needs to be told no more.
func TellReturned(ctx context.Context, tx StaffTx, c TicketChange, d MailDelivery, now time.Time) (StaffNotice, Outgoing, error) {
	address := d.Recipient.Person.Email
	n := StaffNotice{
		ID:     Hash("notice", string(NoticeReturned), strconv.FormatInt(c.Number, 10), AddressKey(address)),
		Ticket: c.Number, Kind: NoticeReturned, Team: c.Team, Organization: c.Organization, Subject: c.Subject, AuthorName: address,
	}
	to, err := n.recipients(ctx, tx, c.Assignee.ID)
	// Whose own address it is would not get it either.
	to = slices.DeleteFunc(to, func(r Recipient) bool { return AddressKey(r.Person.Email) == AddressKey(address) })
	n.Mailed = personIDs(to)
	content := MailContent{
		ID: Hash("mail", string(MailStaffReturned), n.ID, strconv.FormatInt(now.UnixMicro(), 10)), Kind: MailStaffReturned, Ticket: c.Number, Subject: c.Subject,
		Participants: c.participants(), Team: c.Team, Organization: c.Organization, Returned: &Returning{Address: address, Answer: d.LastAnswer},
	}
	return n, Outgoing{content, recipients(to, Person{})}, err
}

// personIDs are those of the recipients; never nil, as that means that they were not noted.
func personIDs(to []Recipient) []string {
	list := make([]string, len(to))
	for i, r := range to {
		list[i] = r.Person.ID
	}
	return list
}
