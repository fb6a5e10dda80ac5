package domain

import (
	"context"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// accessTokenLife is the most that verifiers accept.
const accessTokenLife = 10 * time.Minute

// AccessToken is what an access token says.
type AccessToken struct {
	ID         string
	Person     Person
	Credential string   // login session or API token that it was made from
	Scopes     []string // what the credential is limited to; empty: all that the person may do
	IssuedAt   time.Time
	ExpiresAt  time.Time
}

// Exchange gives an access token, and how long it lasts, for the secret of a session or an API token.
// Unauthenticated CREDENTIAL_INVALID when there is none such, it has expired, or its person is disabled.
func (i *Identity) Exchange(ctx context.Context, secret string) (token string, life time.Duration, err error) {
	now := i.Now() // before the person is read, see revocationMargin
	t, end, err := i.use(ctx, secret, now)
	if err != nil {
		return "", 0, err
	}
	t.ID, t.IssuedAt = i.NewID(), now
	if t.Person.TokensFrom.After(now) {
		t.IssuedAt = t.Person.TokensFrom
	}
	t.ExpiresAt = t.IssuedAt.Add(accessTokenLife)
	if end.Before(t.ExpiresAt) {
		t.ExpiresAt = end
	}
	if t.Person.Disabled || !t.IssuedAt.Before(t.ExpiresAt) {
		return "", 0, errCredential()
	}
	key, private, err := i.signingKey(ctx, t.IssuedAt)
	if err != nil {
		return "", 0, err
	}
	token, err = i.Tokens.Make(key, private, t)
	return token, t.ExpiresAt.Sub(now), err
}

// use finds the credential of a secret, records its use and returns whose it is, what it is limited to and when it ends
// for good.
func (i *Identity) use(ctx context.Context, secret string, now time.Time) (t AccessToken, end time.Time, err error) {
	if strings.HasPrefix(secret, APITokenPrefix) {
		found, p, err := i.Store.APIToken(ctx, secretHash(secret))
		if err != nil {
			return t, end, orInvalid(err)
		}
		if !now.Before(found.ExpiresAt) {
			return t, end, errCredential()
		}
		if now.Sub(found.LastUsedAt) >= touchEvery {
			err = i.Store.TouchAPIToken(ctx, found.ID, now)
		}
		return AccessToken{Person: p, Credential: found.ID, Scopes: found.Scopes}, found.ExpiresAt, err
	}
	s, p, err := i.Store.Session(ctx, secretHash(secret))
	if err != nil {
		return t, end, orInvalid(err)
	}
	if !now.Before(s.ExpiresAt()) {
		return t, end, errCredential()
	}
	if now.Sub(s.LastUsedAt) >= touchEvery {
		err = i.Store.TouchSession(ctx, s.ID, now)
	}
	return AccessToken{Person: p, Credential: s.ID}, s.CreatedAt.Add(sessionLife), err
}

func orInvalid(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return errCredential()
	}
	return err
}

func errCredential() error {
	return fault.New(fault.Unauthenticated, "CREDENTIAL_INVALID", "the login session or API token has ended")
}
