package domain

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"altis-dxp.com/support/pkg/fault"
)

// Application is an Altis instance of an organization.
type Application struct {
	ID           string
	Organization string
	Name         string // unique in the organization, whatever the case
	Environments []Environment
}

// Environment belongs to an application.
type Environment struct {
	ID   string
	Name string // unique in the application, whatever the case
	Kind string // "production", "staging" or "development"
}

// Position is where the application stands in a list.
func (a Application) Position() Position { return Position{Name: strings.ToLower(a.Name), ID: a.ID} }

// CreateApplication makes an application with its environments. NotFound ORGANIZATION_NOT_FOUND; Exists
// APPLICATION_EXISTS.
func (i *Identity) CreateApplication(ctx context.Context, c Caller, a Application) (Application, error) {
	if err := a.check(); err != nil {
		return Application{}, err
	}
	a.ID = i.NewID()
	for n := range a.Environments {
		a.Environments[n].ID = i.NewID()
	}
	err := i.changeAs(ctx, c, func(ctx context.Context, tx Tx) error {
		if _, err := tx.Organization(ctx, a.Organization); err != nil {
			return err
		}
		return tx.InsertApplication(ctx, a)
	})
	return a, err
}

// DeleteApplication removes an application and takes it from the members that are limited to it. It is refused while
// a member is limited to this one alone: with none left the member would see nothing or everything.
func (i *Identity) DeleteApplication(ctx context.Context, c Caller, organization, id string) error {
	return i.changeAs(ctx, c, func(ctx context.Context, tx Tx) error {
		a, err := tx.Application(ctx, organization, id)
		if err != nil {
			return err
		}
		people, err := tx.LimitedTo(ctx, id)
		if err != nil {
			return err
		}
		for _, p := range people {
			p.Applications = without(p.Applications, id)
			if len(p.Applications) == 0 {
				return fault.New(fault.Precondition, "APPLICATION_IN_USE", "a member is limited to this application alone").With("member", p.ID)
			}
			if err := tx.UpdatePerson(ctx, p); err != nil {
				return err
			}
		}
		return tx.RemoveApplication(ctx, a)
	})
}

func (a Application) check() error {
	p := problems{prefix: "application."}
	if a.Organization == "" {
		p.add("organization", "REQUIRED", "must name the organization")
	}
	p.name("name", a.Name)
	if len(a.Environments) > maxEnvironments {
		p.add("environments", "TOO_MANY", "must be at most 20")
		return p.err()
	}
	seen := map[string]bool{}
	for n, e := range a.Environments {
		field := fmt.Sprintf("environments[%d].", n)
		p.name(field+"name", e.Name)
		if !slices.Contains(environmentKinds, e.Kind) {
			p.add(field+"kind", "KIND_REQUIRED", "must be production, staging or development")
		}
		if key := strings.ToLower(e.Name); seen[key] {
			p.add(field+"name", "DUPLICATE", "must be unique in the application")
		} else {
			seen[key] = true
		}
	}
	return p.err()
}

func without(values []string, gone string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == gone })
}
