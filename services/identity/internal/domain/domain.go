// Package domain is the rules of identity: who the people are, what they belong to, how they prove it, and what
// ends the proof.
//
// Everything that other services keep a copy of (organizations, applications, environments, people, keys and
// revocations) changes only inside Store.Change, which gives each change a version in commit order and tells the
// other services in the same transaction.
package domain

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// Role is what a person may do. Members and staff have sets of their own; "admin" is in both.
type Role string

// The roles.
const (
	RoleUser       Role = "user"       // member
	RoleDeveloper  Role = "developer"  // member
	RoleAdmin      Role = "admin"      // member: manages the team; staff: everything
	RoleAgent      Role = "agent"      // staff
	RoleEngineer   Role = "engineer"   // staff, on call
	RoleSupervisor Role = "supervisor" // staff
)

// Deps is what the rules need of the world.
type Deps struct {
	Store     Store
	Passwords Passwords
	Tokens    TokenMaker
	Logins    Limiter
	Sealer    Sealer
	Now       func() time.Time
	NewID     func() string
	Random    func(n int) []byte // from a cryptographic source
}

// Identity carries out the use cases. It is safe for concurrent use.
type Identity struct {
	Deps
	unknown string // a hash that no password has, so that an unknown address costs as much as a known one
	keys    keyring
}

// New returns the use cases. It hashes one password.
func New(ctx context.Context, deps Deps) (*Identity, error) {
	unknown, err := deps.Passwords.Hash(ctx, encodeSecret(deps.Random(secretBytes)))
	if err != nil {
		return nil, err
	}
	return &Identity{Deps: deps, unknown: unknown}, nil
}

// Passwords hashes passwords, slowly on purpose. Both methods wait for their turn; when too many wait already they
// are Exhausted PASSWORDS_BUSY.
type Passwords interface {
	Hash(ctx context.Context, password string) (string, error)
	Matches(ctx context.Context, password, hash string) (bool, error)
}

// TokenMaker signs access tokens with a key.
type TokenMaker interface {
	Make(key SigningKey, private []byte, t AccessToken) (string, error)
}

// Limiter says whether one more try is allowed for a key, else when the next one is.
type Limiter interface {
	Allow(ctx context.Context, key string) (ok bool, retryAfter time.Duration)
}

// Sealer keeps private keys unreadable where they are stored. Both bind the text to the key's id.
type Sealer interface {
	Seal(id string, private []byte) (string, error)
	Open(id, sealed string) ([]byte, error)
}

// Caller is the person who makes a call, as the access token says.
type Caller struct {
	Person       string
	Staff        bool
	Organization string // of members
	Role         Role
	Credential   string // id of the login session or API token behind the access token
}

// mustSee is nil when the caller may know that the organization exists. Others learn nothing.
func (c Caller) mustSee(organization string) error {
	if c.Staff || c.Organization == organization {
		return nil
	}
	return NotFound("organization")
}

// NotFound is the fault for a thing that does not exist, or is not the caller's to see: PERSON_NOT_FOUND for "person".
func NotFound(thing string) error {
	return fault.Newf(fault.NotFound, strings.ToUpper(strings.ReplaceAll(thing, " ", "_"))+"_NOT_FOUND", "there is no such %s", thing)
}

// changeAs is Store.Change for a caller who still is what the access token says. Tokens are refused one to two seconds
// after a revocation: too late for an admin who has just lost the role and would take it back.
func (i *Identity) changeAs(ctx context.Context, c Caller, fn func(ctx context.Context, tx Tx) error) error {
	return i.Store.Change(ctx, func(ctx context.Context, tx Tx) error {
		p, err := tx.Person(ctx, c.Person)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		if err != nil || p.Disabled || p.Role != c.Role || p.Organization != c.Organization {
			return fault.New(fault.Unauthenticated, "TOKEN_REVOKED", "the session has ended")
		}
		return fn(ctx, tx)
	})
}

const (
	secretBytes = 32
	// APITokenPrefix begins every API token, so that scanners for leaked secrets know them.
	APITokenPrefix = "altis_"
	sessionPrefix  = "session_"
)

func encodeSecret(random []byte) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random))
}

// secretHash is what is stored of a secret: it is random, so a fast hash without salt is enough.
func secretHash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
