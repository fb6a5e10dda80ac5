package domain

import (
	"altis-dxp.com/support/pkg/fault"
)

// Preview is a ticket that nobody has submitted yet.
type Preview struct {
	Facts
	Plan     string
	Priority Priority // 0 = not chosen
	Staff    bool     // the author is of the staff
}

// Evaluation is what triage would decide.
type Evaluation struct {
	Priority       Priority // 0 when the author may not see it
	PriorityReason string   // for staff
	Due            Due
	Pages          bool // creating the ticket would page the on-call engineers
}

// Evaluate returns what would be decided about a ticket that is created at p.Created. Customers see priorities of incidents
// only. faults: Invalid about "priority" when the author may not choose it.
func Evaluate(p Preview) (Evaluation, error) {
	switch {
	case p.Type != Incident && p.Priority == Urgent:
		return Evaluation{}, fault.InvalidField("priority", "URGENT_INCIDENTS_ONLY", "only incidents can be urgent")
	case p.Type != Incident && p.Priority != 0 && !p.Staff:
		return Evaluation{}, fault.InvalidField("priority", "PRIORITY_INCIDENTS_ONLY", "the priority can be chosen for incidents only")
	}
	ticket := begin(Seen{Facts: p.Facts, Plan: p.Plan, Priority: p.Priority})
	if ticket.Priority == 0 {
		ticket.Priority = Normal
	}
	e := Evaluation{Due: ticket.Due, Pages: p.Type == Incident && ticket.Priority == Urgent}
	if p.Type == Incident || p.Staff {
		e.Priority = ticket.Priority
	}
	if p.Staff {
		e.PriorityReason = ticket.PriorityReason
	}
	return e, nil
}
