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
	assignee, err := facts.staff(a.Assignee)
	if err != nil {
		return Ticket{}, err
	}
	return d.edit(ctx, actor, a.Number, a.ETag, false, func(_ context.Context, _ Tx, t Ticket) ([]Change, error) {
		if err := checkOpen(t); err != nil {
			return nil, err
		}
		return d.assign(actor, t, &assignee, a.Team)
	})
}

// staff returns a person of the staff, nobody for "".
func (f Facts) staff(id string) (Person, error) {
	if id == "" {
		return Person{}, nil
	}
	m, ok := f.person(id)
	if !ok || m.Gone || !m.Staff {
		return Person{}, fault.InvalidField("assignee", "UNKNOWN_STAFF", "is nobody of the staff")
	}
	return m.Person, nil
}

// assign gives a ticket to somebody, nil = as it is, and a team, "" = as it is.
// Taking a new ticket opens it.
func (d *Desk) assign(actor Actor, t Ticket, assignee *Person, team string) ([]Change, error) {
	f := &faults{}
	f.text("team", team, 0, maxTeam, true)
	if err := f.err(); err != nil {
		return nil, err
	}
	after := t
	if team = strings.TrimSpace(team); team != "" {
		after.Team = team
	}
	if assignee != nil {
		after.Assignee = *assignee
		if assignee.ID != "" {
			var err error
			if after.Status, err = next(t.Status, staffTakes); err != nil {
				return nil, err
			}
		}
	}
	if after.Assignee.ID == t.Assignee.ID && after.Team == t.Team && after.Status == t.Status {
		return nil, nil
	}
	return []Change{d.change(actor, EventAssigneeChanged, t, after)}, nil
}
