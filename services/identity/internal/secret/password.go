// Package secret is what identity does with secrets: it hashes passwords, seals private keys and signs access tokens.
package secret

import (
	"context"
	"fmt"
	"time"

	"github.com/alexedwards/argon2id"

	"altis-dxp.com/support/pkg/fault"
)

const (
	// atOnce is how many hashes are made side by side: each takes tens of MiB and a whole core.
	atOnce = 2
	// maxWaiting is how many may wait for that. Beyond it the wait would be seconds, and a flood of logins would hold
	// memory and connections.
	maxWaiting = 32
)

// Cost is how expensive a password is to hash, and so to guess.
type Cost struct {
	MemoryKiB  uint32
	Iterations uint32
}

// Passwords implements domain.Passwords with argon2id.
type Passwords struct {
	params  argon2id.Params
	waiting chan struct{}
	running chan struct{}
}

// NewPasswords returns a hasher. Hashes of another cost keep matching.
func NewPasswords(c Cost) *Passwords {
	return &Passwords{
		params:  argon2id.Params{Memory: c.MemoryKiB, Iterations: c.Iterations, Parallelism: 1, SaltLength: 16, KeyLength: 32},
		waiting: make(chan struct{}, atOnce+maxWaiting),
		running: make(chan struct{}, atOnce),
	}
}

// Hash returns the hash of a password with its salt and cost.
func (p *Passwords) Hash(ctx context.Context, password string) (hash string, err error) {
	err = p.turn(ctx, func() error {
		hash, err = argon2id.CreateHash(password, &p.params)
		return err
	})
	return hash, err
}

// Matches reports whether a hash was made of the password.
func (p *Passwords) Matches(ctx context.Context, password, hash string) (ok bool, err error) {
	err = p.turn(ctx, func() error {
		ok, err = argon2id.ComparePasswordAndHash(password, hash)
		return err
	})
	return ok, err
}

func (p *Passwords) turn(ctx context.Context, work func() error) error {
	select {
	case p.waiting <- struct{}{}:
		defer func() { <-p.waiting }()
	default:
		f := fault.New(fault.Exhausted, "PASSWORDS_BUSY", "too many people are logging in: try again in a moment")
		f.RetryAfter = 2 * time.Second
		return f
	}
	select {
	case p.running <- struct{}{}:
		defer func() { <-p.running }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := work(); err != nil {
		return fmt.Errorf("secret: password hash: %w", err)
	}
	return nil
}
