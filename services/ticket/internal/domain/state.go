package domain

import (
	"slices"

	"altis-dxp.com/support/pkg/fault"
)

// action is what somebody does that moves a ticket's state.
type action int

const (
	memberReplies action = iota
	staffReplies
	staffTakes // assigns a person
	solves
	reopens
	closes
)

// transitions is the state machine. What is absent is refused. A staff reply and
// an update by staff may choose another of replyStatuses than the one here.
var transitions = map[Status]map[action]Status{
	New:     {memberReplies: New, staffReplies: Pending, staffTakes: Open, solves: Solved},
	Open:    {memberReplies: Open, staffReplies: Pending, staffTakes: Open, solves: Solved},
	Pending: {memberReplies: Open, staffReplies: Pending, staffTakes: Pending, solves: Solved},
	OnHold:  {memberReplies: Open, staffReplies: Pending, staffTakes: OnHold, solves: Solved},
	Solved:  {memberReplies: Open, staffReplies: Pending, staffTakes: Solved, reopens: Open, closes: Closed},
	Closed:  {},
}

// replyStatuses are what staff may choose.
var replyStatuses = []Status{Open, Pending, OnHold, Solved}

func next(s Status, a action) (Status, error) {
	to, ok := transitions[s][a]
	if ok {
		return to, nil
	}
	switch {
	case s == Closed:
		return 0, checkOpen(Ticket{Status: Closed})
	case a == reopens:
		return 0, fault.New(fault.Precondition, "TICKET_NOT_SOLVED", "only a solved ticket can be reopened")
	default:
		return 0, fault.New(fault.Precondition, "STATUS_UNCHANGED", "the ticket is "+s.String()+" already")
	}
}

// chosen checks a status that a caller asks for.
func chosen(actor Actor, path string, s Status) error {
	if !actor.Staff {
		return fault.InvalidField(path, "STAFF_ONLY", "only staff choose the status")
	}
	if !slices.Contains(replyStatuses, s) {
		return fault.InvalidField(path, "INVALID_STATUS", "must be open, pending, on hold or solved")
	}
	return nil
}
