package auth_test

import (
	"crypto/ed25519"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
)

func TestSignAndVerify(t *testing.T) {
	f := setup(t)
	staff := member()
	staff.Staff, staff.Organization, staff.Role = true, "", auth.RoleEngineer
	scoped := member()
	scoped.Scopes = []string{"SCOPE_TICKETS_READ", "SCOPE_ON_CALL_READ"}
	for _, u := range []auth.User{member(), staff, scoped} {
		got, err := f.verifier.Verify(t.Context(), f.sign(t, u), false)
		require.NoError(t, err)
		require.Equal(t, &u, got)
	}
}

func TestSignRefuses(t *testing.T) {
	f := setup(t)
	for _, c := range []struct {
		name   string
		change func(*auth.User)
	}{
		{name: "no id", change: func(u *auth.User) { u.ID = "" }},
		{name: "unknown role", change: func(u *auth.User) { u.Role = "root" }},
		{name: "staff role for a member", change: func(u *auth.User) { u.Role = auth.RoleEngineer }},
		{name: "member without organization", change: func(u *auth.User) { u.Organization = "" }},
		{name: "staff with organization", change: func(u *auth.User) { u.Staff, u.Role = true, auth.RoleAgent }},
		{name: "too long", change: func(u *auth.User) { u.ExpiresAt = u.ExpiresAt.Add(time.Second) }},
		{name: "ends before it starts", change: func(u *auth.User) { u.ExpiresAt = u.IssuedAt }},
	} {
		t.Run(c.name, func(t *testing.T) {
			u := member()
			c.change(&u)
			_, err := f.signer.Sign(u)
			require.Error(t, err)
		})
	}
}

func TestNewSignerRefuses(t *testing.T) {
	_, private := newKey(t)
	_, err := auth.NewSigner("", private)
	require.Error(t, err)
	_, err = auth.NewSigner("k1", private[:10])
	require.Error(t, err)
}

// claims is a payload that the verifier accepts at noon.
func claims() auth.Claims {
	at := float64(noon.Unix())
	return auth.Claims{
		Issuer: auth.Issuer, Audience: jwt.Audience{auth.Audience}, Subject: "p1", SessionID: "s1",
		IssuedAt: at, Expiry: at + 600, Organization: "o1", Role: auth.RoleUser,
	}
}

func TestVerifyRefusesForgeries(t *testing.T) {
	f := setup(t)
	_, stranger := newKey(t)
	// forge signs with everything under the forger's control.
	forge := func(alg jose.SignatureAlgorithm, key any, kid, typ string, payload any) string {
		o := &jose.SignerOptions{}
		if typ != "" {
			o = o.WithType(jose.ContentType(typ))
		}
		s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, o)
		require.NoError(t, err)
		text, err := json.Marshal(payload)
		require.NoError(t, err)
		signed, err := s.Sign(text)
		require.NoError(t, err)
		token, err := signed.CompactSerialize()
		require.NoError(t, err)
		return token
	}
	with := func(change func(*auth.Claims)) string {
		c := claims()
		change(&c)
		return forge(jose.EdDSA, f.private, "k1", "at+jwt", c)
	}
	good := with(func(*auth.Claims) {})
	_, err := f.verifier.Verify(t.Context(), good, false)
	require.NoError(t, err, "the base of all forgeries is fine")
	header, rest, _ := strings.Cut(good, ".")
	payload, signature, _ := strings.Cut(rest, ".")
	none := "eyJhbGciOiJub25lIiwia2lkIjoiazEiLCJ0eXAiOiJhdCtqd3QifQ"

	for _, c := range []struct {
		name, token string
	}{
		{name: "empty"},
		{name: "noise", token: "a.b.c"},
		{name: "another key under the same id", token: forge(jose.EdDSA, stranger, "k1", "at+jwt", claims())},
		{name: "unknown key", token: forge(jose.EdDSA, f.private, "k2", "at+jwt", claims())},
		{name: "no key id", token: forge(jose.EdDSA, f.private, "", "at+jwt", claims())},
		{name: "another type", token: forge(jose.EdDSA, f.private, "k1", "JWT", claims())},
		{name: "no type", token: forge(jose.EdDSA, f.private, "k1", "", claims())},
		{name: "public key as HMAC secret", token: forge(jose.HS256, []byte(f.private.Public().(ed25519.PublicKey)), "k1", "at+jwt", claims())},
		{name: "alg none", token: none + "." + payload + "."},
		{name: "alg none with a signature", token: none + "." + payload + "." + signature},
		{name: "no signature", token: header + "." + payload + "."},
		{name: "too long", token: with(func(c *auth.Claims) { c.SessionID = strings.Repeat("x", 5000) })},
		{name: "payload is no object", token: forge(jose.EdDSA, f.private, "k1", "at+jwt", []int{1})},
		{name: "issuer", token: with(func(c *auth.Claims) { c.Issuer = "someone" })},
		{name: "audience", token: with(func(c *auth.Claims) { c.Audience = jwt.Audience{"other"} })},
		{name: "one of two audiences", token: with(func(c *auth.Claims) { c.Audience = append(c.Audience, "other") })},
		{name: "no audience", token: with(func(c *auth.Claims) { c.Audience = nil })},
		{name: "no subject", token: with(func(c *auth.Claims) { c.Subject = "" })},
		{name: "role", token: with(func(c *auth.Claims) { c.Role = "root" })},
		{name: "lives too long", token: with(func(c *auth.Claims) { c.Expiry = c.IssuedAt + 601 })},
		{name: "no issue time", token: with(func(c *auth.Claims) { c.IssuedAt = 0 })},
		{name: "from the future", token: with(func(c *auth.Claims) { c.IssuedAt += 40; c.Expiry += 40 })},
		{name: "absurd instants", token: with(func(c *auth.Claims) { c.IssuedAt, c.Expiry = 1e300, 1e300 })},
	} {
		t.Run(c.name, func(t *testing.T) {
			*f.now = f.now.Add(time.Second) // unknown keys are looked for at most four times a second
			defer func() { *f.now = noon }()
			u, err := f.verifier.Verify(t.Context(), c.token, false)
			require.Nil(t, u)
			require.ErrorIs(t, err, fault.Unauthenticated)
			require.Equal(t, "TOKEN_INVALID", fault.ReasonOf(err))
		})
	}
}

func FuzzVerify(f *testing.F) {
	x := setup(f)
	good := x.sign(f, member())
	f.Add(good)
	f.Add(good[:len(good)-1])
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Add(`{"payload":"e30","protected":"e30","signature":""}`)
	f.Fuzz(func(t *testing.T, token string) {
		u, err := x.verifier.Verify(t.Context(), token, true)
		if err == nil {
			want := member()
			require.Equal(t, &want, u, "accepted a token that was never signed")
			return
		}
		require.ErrorIs(t, err, fault.Unauthenticated)
		require.Nil(t, u)
	})
}
