package domain

import (
	"context"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

const (
	apiTokenLife    = 90 * 24 * time.Hour
	maxAPITokenLife = 366 * 24 * time.Hour
	maxAPITokens    = 50 // of one person
)

// APIToken lets scripts act as its owner.
type APIToken struct {
	ID         string
	Person     string
	Name       string
	Scopes     []string // what it is limited to, as access tokens have it; empty: all that its owner may do
	CreatedAt  time.Time
	ExpiresAt  time.Time
	LastUsedAt time.Time // zero: never
}

// Position is where the token stands in a list.
func (t APIToken) Position() Moment { return Moment{At: t.CreatedAt, ID: t.ID} }

// CreateAPIToken makes a token of the caller and returns its secret, which nobody can see again. A life of 0 is 90 days.
// Denied LOGIN_REQUIRED for a caller who is an API token: a leaked one could make itself last for ever, or do more than it
// is limited to.
func (i *Identity) CreateAPIToken(ctx context.Context, c Caller, name string, scopes []string, life time.Duration) (APIToken, string, error) {
	if life == 0 {
		life = apiTokenLife
	}
	var ps problems
	ps.name("name", name)
	if life < 0 || life > maxAPITokenLife {
		ps.add("lifetime", "LIFETIME_RANGE", "must be more than zero and at most 366 days")
	}
	if err := ps.err(); err != nil {
		return APIToken{}, "", err
	}
	secret := APITokenPrefix + encodeSecret(i.Random(secretBytes))
	now := i.Now()
	t := APIToken{ID: i.NewID(), Person: c.Person, Name: name, Scopes: scopes, CreatedAt: now, ExpiresAt: now.Add(life)}
	err := i.changeAs(ctx, c, func(ctx context.Context, tx Tx) error {
		tokens, err := tx.APITokens(ctx, c.Person, Moment{}, all)
		if err != nil {
			return err
		}
		for _, t := range tokens {
			if t.ID == c.Credential {
				return fault.New(fault.Denied, "LOGIN_REQUIRED", "an API token cannot make another")
			}
		}
		if len(tokens) >= maxAPITokens {
			return fault.New(fault.Precondition, "TOO_MANY_API_TOKENS", "you have 50 API tokens already: delete one first")
		}
		return tx.InsertAPIToken(ctx, t, secretHash(secret))
	})
	return t, secret, err
}

// DeleteAPIToken ends an API token of the caller. NotFound API_TOKEN_NOT_FOUND.
func (i *Identity) DeleteAPIToken(ctx context.Context, c Caller, id string) error {
	return i.changeAs(ctx, c, func(ctx context.Context, tx Tx) error {
		if err := tx.DeleteAPIToken(ctx, c.Person, id); err != nil {
			return err
		}
		return i.revoke(ctx, tx, c.Person, id)
	})
}
