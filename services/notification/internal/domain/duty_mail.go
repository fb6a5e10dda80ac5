package domain

import (
	"strconv"
	"time"
)

// DutyKind is what people are mailed about on-call.
type DutyKind string

// The kinds.
const (
	DutyBegins DutyKind = "duty_begins" // the recipient is on call from now on
	DutyEnds   DutyKind = "duty_ends"   // the recipient is not on call any more
	GapAhead   DutyKind = "gap_ahead"   // nobody will be on call
	GapNow     DutyKind = "gap_now"     // nobody is on call
	PolicyGap  DutyKind = "policy_gap"  // some of the policy reaches nobody
)

// DutyNotice is what such a mail tells of a schedule.
type DutyNotice struct {
	Kind     DutyKind  `json:"kind"`
	Schedule string    `json:"schedule"`
	Name     string    `json:"name"`
	Zone     string    `json:"zone"` // IANA
	Start    time.Time `json:"start"`
	End      time.Time `json:"end,omitzero"`       // zero = not to be seen
	OnCall   []string  `json:"on_call,omitempty"`  // names, of DutyEnds; of a gap those who have no verified contact
	Steps    []int     `json:"steps,omitempty"`    // that reach nobody, of PolicyGap
	Fallback bool      `json:"fallback,omitempty"` // it reaches nobody, of PolicyGap
}

// canWait reports whether there is time until then: not for what calls for somebody now, and not if a gap has begun by then.
func (n DutyNotice) canWait(until time.Time) bool {
	return n.Kind == DutyEnds || n.Kind == GapAhead && n.Start.After(until)
}

// DutyMail is a notice to one person: a row of its ledger.
type DutyMail struct {
	MailDelivery
	Notice DutyNotice
	Hold   time.Duration // how long it waits first, as the recipient's quiet hours say; of one to be inserted
}

// dutyMail is told once of the same beginning to the same address.
func dutyMail(n DutyNotice, to Person) DutyMail {
	id := Hash("duty-mail", string(n.Kind), n.Schedule, strconv.FormatInt(n.Start.UnixMicro(), 10), AddressKey(to.Email))
	return DutyMail{MailDelivery: MailDelivery{ID: id, Recipient: Recipient{Person: to}}, Notice: n}
}
