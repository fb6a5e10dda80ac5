package domain

import (
	"context"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// accessTokenLife is the most that verifiers accept.
const accessTokenLife = 10 * time.Minute

// Exchange gives an access token, and how long it lasts, for the secret of a session or an API token.
// Unauthenticated CREDENTIAL_INVALID when there is none such, it has expired, or its person is disabled.
func (i *Identity) Exchange(ctx context.Context, secret string) (token string, life time.Duration, err error) {
	now := i.Now() // before the person is read, see revocationMargin
	p, credential, end, err := i.use(ctx, secret, now)
	if err != nil {
		return "", 0, err
	}
	issued := now
	if p.TokensFrom.After(now) {
		issued = p.TokensFrom
	}
	expires := issued.Add(accessTokenLife)
	if end.Before(expires) {
		expires = end
	}
	if p.Disabled || !issued.Before(expires) {
		return "", 0, errCredential()
	}
	key, private, err := i.signingKey(ctx, issued)
	if err != nil {
		return "", 0, err
	}
	token, err = i.Tokens.Make(key, private, p, credential, i.NewID(), issued, expires)
	return token, expires.Sub(now), err
}

// use finds the credential of a secret, records its use and returns when it ends for good.
func (i *Identity) use(ctx context.Context, secret string, now time.Time) (p Person, id string, end time.Time, err error) {
	if strings.HasPrefix(secret, APITokenPrefix) {
		var t APIToken
		if t, p, err = i.Store.APIToken(ctx, secretHash(secret)); err != nil {
			return p, "", end, orInvalid(err)
		}
		if !now.Before(t.ExpiresAt) {
			return p, "", end, errCredential()
		}
		if now.Sub(t.LastUsedAt) >= touchEvery {
			err = i.Store.TouchAPIToken(ctx, t.ID, now)
		}
		return p, t.ID, t.ExpiresAt, err
	}
	s, p, err := i.Store.Session(ctx, secretHash(secret))
	if err != nil {
		return p, "", end, orInvalid(err)
	}
	if !now.Before(s.ExpiresAt()) {
		return p, "", end, errCredential()
	}
	if now.Sub(s.LastUsedAt) >= touchEvery {
		err = i.Store.TouchSession(ctx, s.ID, now)
	}
	return p, s.ID, s.CreatedAt.Add(sessionLife), err
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
