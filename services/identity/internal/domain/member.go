package domain

import (
	"context"

	"altis-dxp.com/support/pkg/fault"
)

// CreateMember adds a person to an organization with a first password. NotFound ORGANIZATION_NOT_FOUND; Exists
// EMAIL_EXISTS.
func (i *Identity) CreateMember(ctx context.Context, c Caller, p Person, password string) (Person, error) {
	if err := c.mustSee(p.Organization); err != nil {
		return Person{}, err
	}
	if p.Organization == "" {
		return Person{}, fault.InvalidField("member.organization", "REQUIRED", "must name the organization")
	}
	return i.create(ctx, c, p, password)
}

func (i *Identity) create(ctx context.Context, c Caller, p Person, password string) (Person, error) {
	p.ID = i.NewID()
	p.complete()
	ps := p.problems(prefixOf(p))
	ps.prefix = ""
	ps.password("password", password)
	if err := ps.err(); err != nil {
		return Person{}, err
	}
	hash, err := i.Passwords.Hash(ctx, password)
	if err != nil {
		return Person{}, err
	}
	return p, i.insert(ctx, c, p, hash)
}

// UpdateMember applies edit to a member. A change of role, applications or disabled ends the access tokens that the
// member has; disabling ends the login sessions too. Precondition LAST_ADMIN.
func (i *Identity) UpdateMember(ctx context.Context, c Caller, organization, id string, edit func(*Person) error) (after Person, err error) {
	if err := c.mustSee(organization); err != nil {
		return Person{}, err
	}
	err = i.changeAs(ctx, c, func(ctx context.Context, tx Tx) error {
		before, err := member(ctx, tx, organization, id)
		if err != nil {
			return err
		}
		after = before
		if err := edit(&after); err != nil {
			return err
		}
		if err := i.update(ctx, tx, before, after); err != nil {
			return err
		}
		if before.isAdmin() && !after.isAdmin() {
			return adminRemains(ctx, tx, c, organization)
		}
		return nil
	})
	return after, err
}

// DeleteMember removes a member and ends all that the member could do. Precondition LAST_ADMIN.
func (i *Identity) DeleteMember(ctx context.Context, c Caller, organization, id string) error {
	if err := c.mustSee(organization); err != nil {
		return err
	}
	return i.changeAs(ctx, c, func(ctx context.Context, tx Tx) error {
		p, err := member(ctx, tx, organization, id)
		if err != nil {
			return err
		}
		if err := i.revokeAll(ctx, tx, &p); err != nil {
			return err
		}
		if err := tx.RemovePerson(ctx, p); err != nil {
			return err
		}
		if p.isAdmin() {
			return adminRemains(ctx, tx, c, organization)
		}
		return nil
	})
}

func member(ctx context.Context, tx Tx, organization, id string) (Person, error) {
	p, err := tx.Person(ctx, id)
	if err == nil && (p.Staff() || p.Organization != organization) {
		return Person{}, NotFound("person")
	}
	return p, err
}
