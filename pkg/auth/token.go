package auth

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// What every access token says of itself; a verifier accepts nothing else.
const (
	Audience = "altis-support"
	Issuer   = "altis-identity"
	// MaxLifetime is the longest life of an access token. Verifiers enforce it too: a stolen signer cannot make
	// tokens that outlive the removal of its key by more.
	MaxLifetime = 10 * time.Minute
)

const (
	tokenType     = "at+jwt" // RFC 9068; keeps other tokens of the same key apart
	maxTokenBytes = 4096
	// skew is how far the clock of identity may be ahead of a verifier's.
	skew = 30 * time.Second
)

// Claims is the payload of an access token. Instants are seconds with microseconds as fraction.
type Claims struct {
	Issuer       string       `json:"iss"`
	Audience     jwt.Audience `json:"aud"`
	Subject      string       `json:"sub"`
	TokenID      string       `json:"jti,omitempty"`
	IssuedAt     float64      `json:"iat"`
	Expiry       float64      `json:"exp"`
	SessionID    string       `json:"sid,omitempty"`
	Staff        bool         `json:"staff,omitempty"`
	Organization string       `json:"org,omitempty"`
	Role         Role         `json:"role"`
	Scopes       []string     `json:"scopes,omitempty"` // a list with an unknown scope, or "", is a limit all the same
}

// Signer makes access tokens with one key. It is safe for concurrent use.
type Signer struct {
	jws jose.Signer
}

// NewSigner returns a signer whose tokens name the key kid.
func NewSigner(kid string, key ed25519.PrivateKey) (*Signer, error) {
	if kid == "" || len(key) != ed25519.PrivateKeySize {
		return nil, errors.New("auth: a signer needs a key id and an Ed25519 private key")
	}
	jws, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.EdDSA, Key: jose.JSONWebKey{Key: key, KeyID: kid}},
		(&jose.SignerOptions{}).WithType(tokenType),
	)
	if err != nil {
		return nil, fmt.Errorf("auth: signer: %w", err)
	}
	return &Signer{jws: jws}, nil
}

// Sign returns the token of u, valid from u.IssuedAt to u.ExpiresAt, at most MaxLifetime.
func (s *Signer) Sign(u User) (string, error) {
	if err := u.check(); err != nil {
		return "", err
	}
	token, err := jwt.Signed(s.jws).Claims(Claims{
		Issuer:       Issuer,
		Audience:     jwt.Audience{Audience},
		Subject:      u.ID,
		TokenID:      u.TokenID,
		IssuedAt:     seconds(u.IssuedAt),
		Expiry:       seconds(u.ExpiresAt),
		SessionID:    u.SessionID,
		Staff:        u.Staff,
		Organization: u.Organization,
		Role:         u.Role,
		Scopes:       u.Scopes,
	}).Serialize()
	if err != nil {
		return "", fmt.Errorf("auth: sign: %w", err)
	}
	return token, nil
}

// check returns what makes u unfit for a token.
func (u *User) check() error {
	life := u.ExpiresAt.Sub(u.IssuedAt)
	switch {
	case u.ID == "":
		return errors.New("auth: user without id")
	case !u.Role.Valid(u.Staff):
		return fmt.Errorf("auth: role %q does not exist (staff: %t)", u.Role, u.Staff)
	case u.Staff == (u.Organization != ""):
		return errors.New("auth: members have an organization, staff has none")
	case life <= 0 || life > MaxLifetime:
		return fmt.Errorf("auth: token life of %s, at most %s", life, MaxLifetime)
	}
	return nil
}

// parse returns the unverified token and the id of the key that must have signed it.
func parse(token string) (*jwt.JSONWebToken, string, error) {
	if len(token) > maxTokenBytes {
		return nil, "", errors.New("token is too long")
	}
	t, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.EdDSA})
	if err != nil {
		return nil, "", err
	}
	if len(t.Headers) != 1 || t.Headers[0].KeyID == "" {
		return nil, "", errors.New("token names no key")
	}
	if t.Headers[0].ExtraHeaders[jose.HeaderType] != tokenType {
		return nil, "", errors.New("not an access token")
	}
	return t, t.Headers[0].KeyID, nil
}

// open verifies the signature and returns the user; whether the token is valid now is not asked here.
func open(t *jwt.JSONWebToken, key Key) (User, error) {
	var c Claims
	if err := t.Claims(key.Public, &c); err != nil {
		return User{}, err
	}
	if c.Issuer != Issuer || len(c.Audience) != 1 || c.Audience[0] != Audience {
		return User{}, errors.New("wrong issuer or audience")
	}
	u := User{
		ID:           c.Subject,
		Staff:        c.Staff,
		Organization: c.Organization,
		Role:         c.Role,
		SessionID:    c.SessionID,
		IssuedAt:     instant(c.IssuedAt),
		ExpiresAt:    instant(c.Expiry),
		TokenID:      c.TokenID,
		Scopes:       c.Scopes,
	}
	if err := u.check(); err != nil {
		return User{}, err
	}
	if !key.signsAt(u.IssuedAt) {
		return User{}, errors.New("issued outside of its key's time")
	}
	return u, nil
}

func seconds(t time.Time) float64 { return float64(t.UnixMicro()) / 1e6 }

// instant is the inverse of seconds; years outside of 1970..5138 become 1970, which no check accepts.
func instant(s float64) time.Time {
	if s < 0 || s > 1e11 {
		return time.UnixMicro(0).UTC()
	}
	return time.UnixMicro(int64(math.Round(s * 1e6))).UTC()
}
