package domain

import (
	"context"
	"strings"

	"altis-dxp.com/support/pkg/fault"
)

const maxTeam = 64

// Assignment gives a ticket to somebody.
type Assignment struct {
	Number   int64
	Assignee string // person id of staff; "" = nobody
	Team     string // "" = as it is
	ETag     string
}

// Assign gives a ticket to a person of the staff and a team. Taking a new ticket
// opens it. Faults: Denied for members, Invalid UNKNOWN_STAFF, NotFound, Conflict,
// Precondition TICKET_CLOSED.
func (d *Desk) Assign(ctx context.Context, caller Caller, a Assignment) (Ticket, error) {
	ask := Ask{}
	if a.Assignee != "" {
		ask.People = []string{a.Assignee}
	}
	actor, facts, err := d.staff(ctx, caller, ask)
	if err != nil {
		return Ticket{}, err
	}
	f := &faults{}
	f.text("team", a.Team, 0, maxTeam, true)
	if err := f.err(); err != nil {
		return Ticket{}, err
	}
	var assignee Person
	if a.Assignee != "" {
		m, ok := facts.person(a.Assignee)
		if !ok || m.Gone || !m.Staff {
			return Ticket{}, fault.InvalidField("assignee", "UNKNOWN_STAFF", "is nobody of the staff")
		}
		assignee = m.Person
	}
	return d.edit(ctx, actor, a.Number, a.ETag, false, func(_ context.Context, _ Tx, t Ticket) ([]Change, error) {
		if err := checkOpen(t); err != nil {
			return nil, err
		}
		after := t
		after.Assignee = assignee
		if team := strings.TrimSpace(a.Team); team != "" {
			after.Team = team
		}
		if assignee.ID != "" {
			var err error
			if after.Status, err = next(t.Status, staffTakes); err != nil {
				return nil, err
			}
		}
		if after.Assignee.ID == t.Assignee.ID && after.Team == t.Team && after.Status == t.Status {
			return nil, nil
		}
		return []Change{d.change(actor, EventAssigneeChanged, t, after)}, nil
	})
}
