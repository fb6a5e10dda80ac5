// Package domain holds the rules of triage: which priority a ticket without one deserves, which team works on it, and when
// it is due. They are pure functions of a ticket, its plan and the instants on it.
package domain

import (
	"context"
	"time"
)

// Type is what kind of help a ticket asks for.
type Type string

// The types.
const (
	Incident Type = "incident" // unplanned, hurting service now
	Problem  Type = "problem"  // an ongoing issue
	Task     Type = "task"     // a change of infrastructure
	Question Type = "question"
)

// Priority orders work. The numbers are stored, and are those of the API.
type Priority int

// The priorities. People choose those of incidents; Urgent exists only there.
const (
	Low Priority = iota + 1
	Normal
	High
	Urgent
)

// Priorities in rising order.
func Priorities() []Priority { return []Priority{Low, Normal, High, Urgent} }

// String returns the priority's name in sentences.
func (p Priority) String() string {
	switch p {
	case Low:
		return "low"
	case Normal:
		return "normal"
	case High:
		return "high"
	case Urgent:
		return "urgent"
	}
	return "none"
}

// Teams names who works on which type.
type Teams map[Type]string

// Ticket is what triage keeps of a ticket.
type Ticket struct {
	Number       int64
	Sequence     int64 // of the newest ticket event that was seen
	Organization string
	Plan         string
	Type         Type
	Priority     Priority
	// PrioritySequence is the sequence of the event that Priority was read from, 0 when triage chose it.
	PrioritySequence int64
	PriorityReason   string // of triage's choice; "" when people chose
	Created          time.Time
	FirstResponse    time.Time // zero: none yet
	Solved           time.Time // zero: open
	Due              Due
	Answers          int64 // how many were given: the sequence of the newest
	Version          int64 // of the stored row, 0 before the first; the store's
}

// Chosen reports whether triage chose the priority.
func (t Ticket) Chosen() bool { return t.PriorityReason != "" }

// Due is by when a ticket is to be answered and solved.
type Due struct {
	Policy        string // name of the SLA policy
	FirstResponse time.Time
	Resolution    time.Time
}

func (d Due) same(o Due) bool {
	return d.Policy == o.Policy && d.FirstResponse.Equal(o.FirstResponse) && d.Resolution.Equal(o.Resolution)
}

// Tickets is where the tickets are kept.
type Tickets interface {
	// Ticket returns a ticket; fault NotFound TICKET_UNKNOWN.
	Ticket(ctx context.Context, number int64) (Ticket, error)
	// Save stores a ticket, a new one if its Version is 0. fault Conflict TICKET_CHANGED when another version is stored.
	Save(ctx context.Context, ticket Ticket) error
}
