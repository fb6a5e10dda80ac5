// Package auth says who calls and whether they may: principals, access tokens and the policies of methods.
//
// A principal has two halves that are never mixed: the service comes from the transport (a client certificate or
// an in-process channel), the user from an access token.
package auth

import (
	"context"
	"slices"
	"time"
)

// Role is a person's role. Customers and staff have separate sets; "admin" is in both and means different things.
type Role string

// Roles of customers and of staff.
const (
	RoleUser       Role = "user"       // customer: creates and follows tickets
	RoleDeveloper  Role = "developer"  // customer
	RoleAdmin      Role = "admin"      // customer: manages the team; staff: everything
	RoleAgent      Role = "agent"      // staff
	RoleEngineer   Role = "engineer"   // staff: on call
	RoleSupervisor Role = "supervisor" // staff
)

// Valid reports whether r is a role of staff, or of customers.
func (r Role) Valid(staff bool) bool {
	if staff {
		return slices.Contains([]Role{RoleAgent, RoleEngineer, RoleSupervisor, RoleAdmin}, r)
	}
	return slices.Contains([]Role{RoleUser, RoleDeveloper, RoleAdmin}, r)
}

// User is the person behind an access token.
type User struct {
	ID           string
	Staff        bool
	Organization string // of members; "" for staff
	Role         Role
	SessionID    string // the login session or API token that the access token was made from
	IssuedAt     time.Time
	ExpiresAt    time.Time
	TokenID      string
	Scopes       []string // names of policyv1.Scope that the token is limited to; empty: all that the person may do
	Graced       bool     // the token has expired and was accepted because identity is away
}

// Principal is who makes a call. The zero Principal is anyone.
type Principal struct {
	Service string // "gateway", "ticket", ...; "" for clients without a certificate of the suite
	User    *User  // nil without a token
}

type principalKey struct{}

// WithPrincipal returns a context of a call made by p.
func WithPrincipal(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// FromContext returns who makes the call of ctx.
func FromContext(ctx context.Context) Principal {
	p, _ := ctx.Value(principalKey{}).(Principal)
	return p
}
