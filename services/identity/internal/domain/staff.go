package domain

import (
	"context"

	"altis-dxp.com/support/pkg/fault"
)

// CreateStaff adds a person to the staff with a first password. Exists EMAIL_EXISTS.
func (i *Identity) CreateStaff(ctx context.Context, c Caller, p Person, password string) (Person, error) {
	p.Organization, p.Applications = "", nil
	return i.create(ctx, c, p, password)
}

// UpdateStaff applies edit to a person of the staff, as UpdateMember does. Precondition LAST_ADMIN.
func (i *Identity) UpdateStaff(ctx context.Context, c Caller, id string, edit func(*Person) error) (after Person, err error) {
	err = i.changeAs(ctx, c, func(ctx context.Context, tx Tx) error {
		before, err := tx.Person(ctx, id)
		if err != nil {
			return err
		}
		if !before.Staff() {
			return NotFound("person")
		}
		after = before
		if err := edit(&after); err != nil {
			return err
		}
		if err := i.update(ctx, tx, before, after); err != nil {
			return err
		}
		if before.isAdmin() && !after.isAdmin() {
			return adminRemains(ctx, tx, c, "")
		}
		return nil
	})
	return after, err
}

// Bootstrap makes the first admin of the staff and returns the person's id. Precondition STAFF_EXISTS once there is any
// staff.
func (i *Identity) Bootstrap(ctx context.Context, name, email, password string) (string, error) {
	p := Person{ID: i.NewID(), Name: name, Email: email, Role: RoleAdmin}
	p.complete()
	ps := p.problems("")
	ps.password("password", password)
	if err := ps.err(); err != nil {
		return "", err
	}
	hash, err := i.Passwords.Hash(ctx, password)
	if err != nil {
		return "", err
	}
	return p.ID, i.Store.Change(ctx, func(ctx context.Context, tx Tx) error {
		staff, err := tx.Staff(ctx, Position{}, 1)
		if err != nil {
			return err
		}
		if len(staff) > 0 {
			return fault.New(fault.Precondition, "STAFF_EXISTS", "there is staff already: an admin of the staff adds more")
		}
		return tx.InsertPerson(ctx, p, hash)
	})
}
