package domain

import (
	"context"

	"altis-dxp.com/support/pkg/fault"
)

// SelfChange is what people change of themselves; nil leaves a thing as it is.
type SelfChange struct {
	Name, TimeZone, Locale, NewPassword *string
	OldPassword                         string // needed with NewPassword
}

// UpdateSelf changes the caller. A new password ends the caller's other login sessions. Invalid PASSWORD_WRONG about
// old_password; Exhausted LOGIN_LIMIT after too many tries.
func (i *Identity) UpdateSelf(ctx context.Context, c Caller, change SelfChange) (p Person, err error) {
	oldHash, newHash, err := i.rehash(ctx, c, change)
	if err != nil {
		return Person{}, err
	}
	err = i.changeAs(ctx, c, func(ctx context.Context, tx Tx) error {
		before, err := tx.Person(ctx, c.Person)
		if err != nil {
			return err
		}
		p = before
		assign(&p.Name, change.Name)
		assign(&p.TimeZone, change.TimeZone)
		assign(&p.Locale, change.Locale)
		p.complete()
		if err := p.problems("").err(); err != nil {
			return err
		}
		if newHash != "" {
			if current, err := tx.PasswordOf(ctx, p.ID); err != nil {
				return err
			} else if current != oldHash {
				return fault.New(fault.Conflict, "PASSWORD_CHANGED", "the password was changed in the meantime")
			}
			if err := tx.SetPassword(ctx, p.ID, newHash); err != nil {
				return err
			}
			if err := i.endSessions(ctx, tx, p.ID, c.Credential); err != nil {
				return err
			}
		}
		if p.Name == before.Name && p.TimeZone == before.TimeZone && p.Locale == before.Locale {
			return nil
		}
		return tx.UpdatePerson(ctx, p)
	})
	return p, err
}

// rehash checks the old password and returns its hash and that of the new one; "" when the password stays.
func (i *Identity) rehash(ctx context.Context, c Caller, change SelfChange) (oldHash, newHash string, err error) {
	if change.NewPassword == nil {
		return "", "", nil
	}
	var ps problems
	if ps.password("new_password", *change.NewPassword); ps.err() != nil {
		return "", "", ps.err()
	}
	if err := i.allow(ctx, "password:"+c.Person); err != nil {
		return "", "", err
	}
	p, err := i.Store.Person(ctx, c.Person)
	if err != nil {
		return "", "", err
	}
	if _, oldHash, err = i.Store.Password(ctx, emailKey(p.Email)); err != nil {
		return "", "", err
	}
	ok, err := i.Passwords.Matches(ctx, change.OldPassword, oldHash)
	if err != nil {
		return "", "", err
	}
	if !ok {
		return "", "", fault.InvalidField("old_password", "PASSWORD_WRONG", "is not the present password")
	}
	newHash, err = i.Passwords.Hash(ctx, *change.NewPassword)
	return oldHash, newHash, err
}

func assign(to, from *string) {
	if from != nil {
		*to = *from
	}
}
