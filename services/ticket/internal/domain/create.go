package domain

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"altis-dxp.com/support/pkg/fault"
)

// NewTicket is what a caller says of a ticket to be.
type NewTicket struct {
	Organization string // members leave it and Requester empty
	Requester    string // person id
	Type         Type
	Priority     Priority // 0 = unset
	Subject      string
	Description  string
	Scope        Scope
	CCs          []string
	Tags         []string
	Details      Details
	Attachments  []string // ids
}

// Create opens a ticket. Faults: Invalid with the fields, Exists
// REQUEST_ID_REUSED, Denied, and Unavailable while the caller is not known yet.
func (d *Desk) Create(ctx context.Context, caller Caller, n NewTicket, request Request) (Ticket, error) {
	var created Ticket
	used, err := d.once(ctx, request, func() error {
		draft, actor, err := d.draft(ctx, caller, n)
		if err != nil {
			return err
		}
		attachments, err := d.attached(ctx, actor, n.Attachments)
		if err != nil {
			return err
		}
		if draft.Number, err = d.Store.NextNumber(ctx); err != nil {
			return err
		}
		c := d.change(actor, EventCreated, Ticket{}, draft)
		d.say(&c, n.Description, false)
		c.Message.Attachments = attachments
		c.Request = request.orNil()
		created = actor.show(c.After)
		return d.Store.Create(ctx, c)
	})
	if err == nil && used != nil {
		return d.Store.Full(ctx, caller.ID, used.Number)
	}
	return created, err
}

func (r Request) orNil() *Request {
	if r.ID == "" {
		return nil
	}
	return &r
}

// draft checks everything and returns the ticket, which only lacks its number.
func (d *Desk) draft(ctx context.Context, caller Caller, n NewTicket) (Ticket, Actor, error) {
	f := &faults{}
	ccs := f.addresses(n.CCs, func(i int) string { return fmt.Sprintf("ticket.ccs[%d].email", i) })

	ask := Ask{People: []string{caller.ID}, Emails: lower(ccs), Urgent: n.Priority == Urgent}
	ask.askScope(n.Scope)
	if n.Organization != "" {
		ask.Organizations = []string{n.Organization}
	}
	if n.Requester != "" {
		ask.People = append(ask.People, n.Requester)
	}
	facts, err := d.Directory.Facts(ctx, ask)
	if err != nil {
		return Ticket{}, Actor{}, err
	}
	actor, err := facts.actor(caller)
	if err != nil {
		return Ticket{}, Actor{}, err
	}

	t := Ticket{
		Type: n.Type, Priority: n.Priority, PrioritySet: n.Priority != 0, Status: New, Subject: n.Subject,
		Scope: n.Scope, Tags: sortedTags(n.Tags), Details: n.Details, Page: Page{State: PageNone},
	}
	if t.Priority == 0 {
		t.Priority = Normal
	}
	requester := f.requester(facts, actor, n)
	t.Requester, t.Organization = requester.Person, requester.Organization
	if o, ok := facts.Organizations[t.Organization]; ok {
		t.OrganizationName, t.Plan = o.Name, o.Plan
	} else if actor.Staff && requester.ID != "" {
		f.add("ticket.organization", "UNKNOWN_ORGANIZATION", "is not an organization")
	}
	if !actor.Staff {
		f.memberFields(n)
	}
	f.content(t)
	f.text("ticket.description", n.Description, 1, MaxBody, false)
	t.Scope, t.ScopeUnverified = f.scope(d, facts, actor, t)
	t.CCs = f.ccs(facts, t, nil, ccs, "ticket.ccs")
	return t, actor, f.err()
}

// memberFields refuses what customers do not choose.
func (f *faults) memberFields(n NewTicket) {
	if n.Priority != 0 && n.Type != Incident {
		f.add("ticket.priority", "INCIDENTS_ONLY", "choose a priority for incidents only")
	}
	if len(n.Tags) > 0 {
		f.add("ticket.tags", "STAFF_ONLY", "only staff choose tags")
	}
}

// requester returns who asks: the member who calls, or the one whom staff name.
func (f *faults) requester(facts Facts, actor Actor, n NewTicket) Member {
	if !actor.Staff {
		if n.Organization != "" && n.Organization != actor.Organization {
			f.add("ticket.organization", "NOT_YOURS", "leave it empty: it is your own")
		}
		if n.Requester != "" && n.Requester != actor.ID {
			f.add("ticket.requester", "NOT_YOU", "leave it empty: it is you")
		}
		return actor.Member
	}
	if n.Organization == "" {
		f.add("ticket.organization", "REQUIRED", "name the customer's organization")
	}
	m, ok := facts.person(n.Requester)
	switch {
	case n.Requester == "":
		f.add("ticket.requester.id", "REQUIRED", "name the member who asks")
	case !ok || m.Gone || m.Staff || m.Organization != n.Organization:
		f.add("ticket.requester.id", "UNKNOWN_MEMBER", "is not a member of the organization")
	default:
		return m
	}
	return Member{Organization: n.Organization}
}

// ccs joins addresses to those a ticket has: distinct whatever the case, without
// the requester, at most MaxCCs. Members of the organization get id and name.
func (f *faults) ccs(facts Facts, t Ticket, have []Person, add []string, path string) []Person {
	t.CCs = slices.Clone(have)
	for _, email := range add {
		if strings.EqualFold(email, t.Requester.Email) || t.hasCC(email) {
			continue
		}
		p := Person{Email: email}
		if m, ok := facts.memberByEmail(t.Organization, email); ok {
			p = m.Person
		}
		if p.ID != "" && p.ID == t.Requester.ID {
			continue
		}
		t.CCs = append(t.CCs, p)
	}
	if len(t.CCs) > MaxCCs {
		f.add(path, "TOO_MANY", fmt.Sprintf("at most %d people can have copies", MaxCCs))
	}
	return t.CCs
}

func lower(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.ToLower(s)
	}
	return out
}

// who returns the caller as an actor, with the other facts of ask.
func (d *Desk) who(ctx context.Context, caller Caller, ask Ask) (Actor, Facts, error) {
	ask.People = append(ask.People, caller.ID)
	facts, err := d.Directory.Facts(ctx, ask)
	if err != nil {
		return Actor{}, Facts{}, err
	}
	actor, err := facts.actor(caller)
	return actor, facts, err
}

// staff is who for what only staff do.
func (d *Desk) staff(ctx context.Context, caller Caller, ask Ask) (Actor, Facts, error) {
	actor, facts, err := d.who(ctx, caller, ask)
	if err == nil && !actor.Staff {
		err = fault.New(fault.Denied, "STAFF_ONLY", "only staff may do this")
	}
	return actor, facts, err
}

// Viewer returns the caller as the directory knows it now. Faults as of Create.
func (d *Desk) Viewer(ctx context.Context, caller Caller) (Actor, error) {
	actor, _, err := d.who(ctx, caller, Ask{})
	return actor, err
}
