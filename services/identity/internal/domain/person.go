package domain

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// Person is a member of an organization, or staff.
type Person struct {
	ID           string
	Organization string // "" for staff
	Name         string
	Email        string // unique over all people, whatever the case
	Role         Role
	Applications []string // what a member is limited to; empty: organization-wide
	Teams        []string // of staff: whose tickets are their business
	TimeZone     string
	Locale       string
	Disabled     bool
	TokensFrom   time.Time // access tokens issued before are revoked
}

// Staff reports whether the person belongs to the support staff.
func (p Person) Staff() bool { return p.Organization == "" }

// Position is where the person stands in a list.
func (p Person) Position() Position { return Position{Name: p.Name, ID: p.ID} }

func (p Person) isAdmin() bool { return p.Role == RoleAdmin && !p.Disabled }

// complete fills what may be left out.
func (p *Person) complete() {
	p.TimeZone = orDefault(p.TimeZone, "UTC")
	p.Locale = orDefault(p.Locale, "en")
	slices.Sort(p.Applications)
	p.Applications = slices.Compact(p.Applications)
	teams := make([]string, 0, len(p.Teams))
	for _, team := range p.Teams {
		teams = append(teams, strings.TrimSpace(team))
	}
	slices.Sort(teams)
	p.Teams = slices.Compact(teams)
}

func (p Person) problems(prefix string) *problems {
	ps := &problems{prefix: prefix}
	ps.name("name", p.Name)
	ps.email("email", p.Email)
	ps.role(p.Role, p.Staff())
	ps.zone("time_zone", p.TimeZone)
	ps.locale("locale", p.Locale)
	ps.teams(p.Teams)
	switch {
	case len(p.Applications) > maxApplications:
		ps.add("applications", "TOO_MANY", "must be at most 100")
	case len(p.Applications) > 0 && p.Role == RoleAdmin:
		ps.add("applications", "ADMIN_LIMITED", "must be empty for an admin, who sees the whole organization")
	}
	return ps
}

// applicationsExist checks that what a member is limited to belongs to the organization.
func applicationsExist(ctx context.Context, tx Tx, p Person) error {
	ps := problems{prefix: "member."}
	for n, id := range p.Applications {
		switch _, err := tx.Application(ctx, p.Organization, id); {
		case fault.KindOf(err) == fault.NotFound:
			ps.add(fmt.Sprintf("applications[%d]", n), "APPLICATION_UNKNOWN", "must be an application of the organization")
		case err != nil:
			return err
		}
	}
	return ps.err()
}

// insert adds a new person.
func (i *Identity) insert(ctx context.Context, c Caller, p Person, passwordHash string) error {
	return i.changeAs(ctx, c, func(ctx context.Context, tx Tx) error {
		if !p.Staff() {
			if _, err := tx.Organization(ctx, p.Organization); err != nil {
				return err
			}
		}
		if err := applicationsExist(ctx, tx, p); err != nil {
			return err
		}
		return tx.InsertPerson(ctx, p, passwordHash)
	})
}

// update stores what became of a person and ends what the person may no longer do.
func (i *Identity) update(ctx context.Context, tx Tx, before, after Person) error {
	after.complete()
	if err := after.problems(prefixOf(after)).err(); err != nil {
		return err
	}
	if err := applicationsExist(ctx, tx, after); err != nil {
		return err
	}
	if before.Role != after.Role || before.Disabled != after.Disabled || !slices.Equal(before.Applications, after.Applications) {
		if err := i.revokeAll(ctx, tx, &after); err != nil {
			return err
		}
	}
	if after.Disabled && !before.Disabled {
		if err := i.endSessions(ctx, tx, after.ID, ""); err != nil {
			return err
		}
	}
	return tx.UpdatePerson(ctx, after)
}

func prefixOf(p Person) string {
	if p.Staff() {
		return "staff."
	}
	return "member."
}

// adminRemains fails when a change that took an admin away left none who can log in. Staff may do that to an
// organization, which others can repair, but not to the staff, which nobody could.
func adminRemains(ctx context.Context, tx Tx, c Caller, organization string) error {
	if c.Staff && organization != "" {
		return nil
	}
	admins, err := tx.Admins(ctx, organization)
	if err != nil {
		return err
	}
	if admins == 0 {
		return fault.New(fault.Precondition, "LAST_ADMIN", "one admin who can log in must remain")
	}
	return nil
}
