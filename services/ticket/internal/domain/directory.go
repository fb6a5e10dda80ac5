package domain

import (
	"slices"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// Ask names what to look up. Organizations of the people asked for are included.
type Ask struct {
	People        []string // ids
	Emails        []string // in lower case
	Organizations []string
	Applications  []string
	Environments  []string
	Urgent        bool // a page waits for the answer
}

// Facts is what the directory knows of what was asked.
type Facts struct {
	People        []Member
	Organizations map[string]Organization
	Applications  map[string]Application
	Environments  map[string]Environment
}

// Member is a person of an organization or of the staff.
type Member struct {
	Person
	Organization     string // "" for staff
	OrganizationWide bool
	Supervisor       bool     // of the staff, or admin
	Applications     []string // of one who is not organization-wide
	Gone             bool     // removed or disabled
}

// Organization is a customer.
type Organization struct{ ID, Name, Plan string }

// Application belongs to an organization.
type Application struct{ ID, Organization, Name string }

// Environment belongs to an application.
type Environment struct{ ID, Application, Name string }

// Caller is the authenticated person behind a request.
type Caller struct {
	ID     string
	Graced bool // by a token that has expired while identity was away
}

// Actor is who makes a change: a person, or else a service, or a person whose mail a
// service brings.
type Actor struct {
	Member
	Service string
	Graced  bool
}

// show returns what the actor may see of a ticket.
func (a Actor) show(t Ticket) Ticket {
	if a.Staff {
		return t
	}
	t.MergedInto = 0 // nobody has looked whether they may see that one
	return t.ForMember()
}

// retryUnknown is when a person who is not in the directory yet should be.
const retryUnknown = 2 * time.Second

// actor returns the caller as the directory knows it now, whatever the token says.
func (f Facts) actor(c Caller) (Actor, error) {
	m, ok := f.person(c.ID)
	if !ok {
		e := fault.New(fault.Unavailable, "PERSON_UNKNOWN_YET", "this account is not known here yet")
		e.RetryAfter = retryUnknown
		return Actor{}, e
	}
	if m.Gone {
		return Actor{}, fault.New(fault.Denied, "PERSON_REMOVED", "this account was removed")
	}
	return Actor{Member: m, Graced: c.Graced}, nil
}

func (f Facts) person(id string) (Member, bool) {
	i := slices.IndexFunc(f.People, func(m Member) bool { return m.ID == id })
	if i < 0 {
		return Member{}, false
	}
	return f.People[i], true
}

// memberByEmail finds a present member of the organization. People of others are
// not told apart from strangers: a CC must not reveal who has an account.
func (f Facts) memberByEmail(organization, email string) (Member, bool) {
	i := slices.IndexFunc(f.People, func(m Member) bool {
		return m.Organization == organization && organization != "" && !m.Gone && strings.EqualFold(m.Email, email)
	})
	if i < 0 {
		return Member{}, false
	}
	return f.People[i], true
}
