package domain

import (
	"context"
	"slices"
	"strings"

	"altis-dxp.com/support/pkg/fault"
)

// NewRequester says who asks from now on.
type NewRequester struct {
	Number     int64
	Requester  string // person id
	DropFormer bool   // the former requester gets no copies
	ETag       string
}

// ChangeRequester has a ticket be somebody else's: a member of its organization,
// who is sent the conversation so far unless they had copies. One that is Unassigned
// moves to the organization of the member. The former requester becomes a CC unless
// told otherwise, or has left, or has no account: nobody knows then whose address it
// is, until staff add it. Faults: Denied for members,
// Invalid UNKNOWN_MEMBER and TOO_MANY, NotFound, Conflict, Precondition TICKET_CLOSED.
func (d *Desk) ChangeRequester(ctx context.Context, caller Caller, n NewRequester) (Ticket, error) {
	before, err := d.Store.Ticket(ctx, caller.ID, n.Number)
	if err != nil {
		return Ticket{}, err
	}
	actor, facts, err := d.staff(ctx, caller, Ask{People: []string{n.Requester, before.Requester.ID}})
	if err != nil {
		return Ticket{}, err
	}
	return d.edit(ctx, actor, n.Number, n.ETag, false, func(ctx context.Context, tx Tx, t Ticket) ([]Change, error) {
		if err := checkOpen(t); err != nil {
			return nil, err
		}
		m, ok := facts.person(n.Requester)
		home := Organization{ID: t.Organization, Name: t.OrganizationName, Plan: t.Plan}
		if t.Organization == Unassigned {
			home = facts.Organizations[m.Organization]
		}
		if !ok || m.Gone || m.Staff || home.ID == "" || m.Organization != home.ID {
			return nil, fault.InvalidField("requester", "UNKNOWN_MEMBER", "is not a member of the ticket's organization")
		}
		if m.ID == t.Requester.ID {
			return nil, nil
		}
		former, _ := facts.person(t.Requester.ID)
		c, err := d.changeRequester(actor, t, m.Person, home, !n.DropFormer && t.Requester.ID != "" && !former.Gone)
		if err == nil && len(c.RemovedCCs) == 0 {
			c.Conversation, err = tx.Conversation(ctx, t.Number)
		}
		return []Change{c}, err
	})
}

func (d *Desk) changeRequester(actor Actor, t Ticket, requester Person, home Organization, keepFormer bool) (Change, error) {
	is := func(p Person) bool { return p.ID == requester.ID || strings.EqualFold(p.Email, requester.Email) }
	after := t
	after.Requester = requester
	after.Organization, after.OrganizationName, after.Plan = home.ID, home.Name, home.Plan
	if t.Organization == Unassigned {
		after.ScopeUnverified = t.ScopeUnverified && !t.Scope.All
	}
	after.CCs = slices.DeleteFunc(slices.Clone(t.CCs), is)
	removed := slices.DeleteFunc(slices.Clone(t.CCs), func(p Person) bool { return !is(p) })
	var added []Person
	if keepFormer && t.Requester.Email != "" && !after.hasCC(t.Requester.Email) {
		added = []Person{t.Requester}
		after.CCs = append(after.CCs, t.Requester)
	}
	f := &faults{}
	f.ccs(Facts{}, after, after.CCs, nil, "requester") // how many they may be
	if err := f.err(); err != nil {
		return Change{}, err
	}
	c := d.change(actor, EventRequesterChanged, t, after)
	c.AddedCCs, c.RemovedCCs = added, removed
	return c, nil
}
