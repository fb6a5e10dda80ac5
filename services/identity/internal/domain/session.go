package domain

import (
	"context"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

const (
	sessionIdle = 12 * time.Hour
	sessionLife = 30 * 24 * time.Hour
	// touchEvery is how exact the last use of a credential is kept: a row is not written for each exchange.
	touchEvery = time.Minute
)

// Session is one login of a person.
type Session struct {
	ID         string
	Person     string
	CreatedAt  time.Time
	LastUsedAt time.Time
}

// Position is where the session stands in a list.
func (s Session) Position() Moment { return Moment{At: s.CreatedAt, ID: s.ID} }

// ExpiresAt is when the session ends if it is not used again.
func (s Session) ExpiresAt() time.Time {
	idle, end := s.LastUsedAt.Add(sessionIdle), s.CreatedAt.Add(sessionLife)
	if idle.Before(end) {
		return idle
	}
	return end
}

// Login is a new login session.
type Login struct {
	Secret    string // shown only now
	ExpiresAt time.Time
	Person    string
}

// Login opens a session for an address and its password. Unauthenticated CREDENTIALS_INVALID whatever of them is wrong,
// after the same work; Exhausted LOGIN_LIMIT after too many tries for the address, right or wrong.
func (i *Identity) Login(ctx context.Context, email, password string) (Login, error) {
	key := emailKey(email)
	if err := i.allow(ctx, "login:"+secretHash(key)); err != nil {
		return Login{}, err
	}
	p, hash, err := i.Store.Password(ctx, key)
	known := err == nil
	switch {
	case fault.KindOf(err) == fault.NotFound:
		hash = i.unknown
	case err != nil:
		return Login{}, err
	}
	ok, err := i.Passwords.Matches(ctx, password, hash)
	if err != nil {
		return Login{}, err
	}
	if !ok || !known || p.Disabled {
		return Login{}, errCredentials()
	}

	secret := sessionPrefix + encodeSecret(i.Random(secretBytes))
	now := i.Now()
	s := Session{ID: i.NewID(), Person: p.ID, CreatedAt: now, LastUsedAt: now}
	err = i.Store.Change(ctx, func(ctx context.Context, tx Tx) error {
		// What was checked above may have changed while the password was hashed.
		switch current, err := tx.PasswordOf(ctx, p.ID); {
		case fault.KindOf(err) == fault.NotFound:
			return errCredentials()
		case err != nil:
			return err
		case current != hash:
			return errCredentials()
		}
		return tx.InsertSession(ctx, s, secretHash(secret))
	})
	return Login{Secret: secret, ExpiresAt: now.Add(sessionLife), Person: p.ID}, err
}

func errCredentials() error {
	return fault.New(fault.Unauthenticated, "CREDENTIALS_INVALID", "the address or the password is wrong")
}

// allow bounds how often passwords can be tried for a key.
func (i *Identity) allow(ctx context.Context, key string) error {
	ok, retryAfter := i.Logins.Allow(ctx, key)
	if ok {
		return nil
	}
	f := fault.New(fault.Exhausted, "LOGIN_LIMIT", "too many tries: wait a little")
	f.RetryAfter = retryAfter
	return f
}

// Logout ends the session of a secret. One that is unknown has ended already.
func (i *Identity) Logout(ctx context.Context, secret string) error {
	// Looked for outside of a change: anybody may call this, with anything.
	s, _, err := i.Store.Session(ctx, secretHash(secret))
	if err == nil {
		err = i.Store.Change(ctx, func(ctx context.Context, tx Tx) error { return i.endSession(ctx, tx, s) })
	}
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}

// DeleteSession ends a session of the caller. NotFound SESSION_NOT_FOUND.
func (i *Identity) DeleteSession(ctx context.Context, c Caller, id string) error {
	return i.changeAs(ctx, c, func(ctx context.Context, tx Tx) error {
		return i.endSession(ctx, tx, Session{ID: id, Person: c.Person})
	})
}

func (i *Identity) endSession(ctx context.Context, tx Tx, s Session) error {
	if err := tx.DeleteSession(ctx, s.Person, s.ID); err != nil {
		return err
	}
	return i.revoke(ctx, tx, s.Person, s.ID)
}

// endSessions ends the sessions of a person, all but one if that is named.
func (i *Identity) endSessions(ctx context.Context, tx Tx, person, except string) error {
	sessions, err := tx.Sessions(ctx, person, Moment{}, all)
	if err != nil {
		return err
	}
	for _, s := range sessions {
		if s.ID == except {
			continue
		}
		if err := i.endSession(ctx, tx, s); err != nil {
			return err
		}
	}
	return nil
}
