package auth

import (
	"context"
	"crypto/ed25519"
	"log/slog"
	"sync/atomic"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

const (
	// graceLife is how long after its expiry a token may still be accepted while identity is away.
	graceLife = 4 * time.Hour
	// graceAfter is how long identity must have been away for that.
	graceAfter = 30 * time.Second

	readEvery   = time.Second
	readTimeout = 5 * time.Second
	// readAtOnceEvery bounds the reads that unknown key ids cause.
	readAtOnceEvery = 250 * time.Millisecond
)

// Key is a public key of identity. It verifies tokens issued from NotBefore to NotAfter (zero: no bound).
type Key struct {
	ID        string
	Public    ed25519.PublicKey
	NotBefore time.Time
	NotAfter  time.Time
}

func (k Key) signsAt(t time.Time) bool {
	return !t.Before(k.NotBefore.Add(-skew)) && (k.NotAfter.IsZero() || !t.After(k.NotAfter))
}

// Revocation ends tokens before their time.
type Revocation struct {
	Subject      string    // person id
	Session      string    // "" = all sessions of the person
	IssuedBefore time.Time // of a person's revocation: tokens issued later are fine. A session never comes back
}

// Source is where a verifier reads what identity has published; it must answer while identity is away.
type Source interface {
	// Keys returns all keys that may have signed a token, future ones included.
	Keys(ctx context.Context) ([]Key, error)
	// Revocations returns at least all revocations made at since or later.
	Revocations(ctx context.Context, since time.Time) ([]Revocation, error)
	// IdentityReachedAt is when identity last answered this process; zero: never.
	IdentityReachedAt() time.Time
}

// snapshot is what was read at one time; it never changes.
type snapshot struct {
	keys     map[string]Key
	people   map[string]time.Time // person id -> tokens issued before are revoked
	sessions map[string]struct{}
}

func (s *snapshot) revoked(u User) bool {
	_, session := s.sessions[u.SessionID]
	before, person := s.people[u.ID]
	return session || person && u.IssuedAt.Before(before)
}

// Verifier checks access tokens without asking anyone: it holds keys and revocations in memory, and Run re-reads
// them each second, so that a revoked session is refused within two. While the source fails it goes on with what it
// has. It is safe for concurrent use.
type Verifier struct {
	source Source
	now    func() time.Time
	logger *slog.Logger

	current atomic.Pointer[snapshot]
	opened  openedTokens
	reading chan struct{} // holds one token: the right to read
	readAt  time.Time     // last read at once; owned by the holder of reading
}

// NewVerifier returns a verifier that reads source when the first token arrives, or when Run starts.
func NewVerifier(source Source, now func() time.Time, logger *slog.Logger) *Verifier {
	return &Verifier{source: source, now: now, logger: logger, reading: make(chan struct{}, 1)}
}

// Run re-reads keys and revocations each second until ctx ends. It returns nil.
func (v *Verifier) Run(ctx context.Context) error {
	tick := time.NewTicker(readEvery)
	defer tick.Stop()
	failing := false
	for {
		err := v.alone(ctx, v.read)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil && !failing {
			v.logger.WarnContext(ctx, "keys and revocations cannot be read, going on with the last ones", slog.Any("error", err))
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Verify returns the user of a token. With grace it accepts a token that expired at most four hours ago, provided
// that identity has been away for more than 30 seconds; User.Graced tells. Faults: Unauthenticated TOKEN_INVALID,
// TOKEN_EXPIRED, TOKEN_REVOKED; Unavailable KEYS_UNAVAILABLE when no key could be read since the start.
func (v *Verifier) Verify(ctx context.Context, token string, grace bool) (*User, error) {
	if o, ok := v.opened.get(token); ok {
		if s := v.current.Load(); o.holds(s) {
			return v.check(s, o.user, grace)
		}
	}
	t, kid, err := parse(token)
	if err != nil {
		return nil, invalid(err)
	}
	s, key, err := v.key(ctx, kid)
	if err != nil {
		return nil, err
	}
	u, err := open(t, key)
	if err != nil {
		return nil, invalid(err)
	}
	v.opened.put(token, openedToken{user: u, key: key})
	return v.check(s, u, grace)
}

// Recheck tells whether a user that Verify returned would still be accepted, by the same faults. It is for streams,
// which outlive the moment of their verification.
func (v *Verifier) Recheck(u *User, grace bool) error {
	_, err := v.check(v.current.Load(), *u, grace)
	return err
}

// check returns the user of an authentic token if it is valid now.
func (v *Verifier) check(s *snapshot, u User, grace bool) (*User, error) {
	now := v.now()
	if u.IssuedAt.After(now.Add(skew)) {
		return nil, fault.New(fault.Unauthenticated, "TOKEN_INVALID", "the access token is from the future")
	}
	if s.revoked(u) {
		return nil, fault.New(fault.Unauthenticated, "TOKEN_REVOKED", "the session has ended")
	}
	if now.Before(u.ExpiresAt) {
		return &u, nil
	}
	if grace && now.Before(u.ExpiresAt.Add(graceLife)) && now.Sub(v.source.IdentityReachedAt()) > graceAfter {
		u.Graced = true
		return &u, nil
	}
	return nil, fault.New(fault.Unauthenticated, "TOKEN_EXPIRED", "the access token has expired")
}

func invalid(err error) error {
	return &fault.Error{Kind: fault.Unauthenticated, Reason: "TOKEN_INVALID", Msg: "the access token is not valid", Err: err}
}

// key finds a key. An unknown one is looked for once more at the source: it may be newer than the last read.
func (v *Verifier) key(ctx context.Context, kid string) (*snapshot, Key, error) {
	if s := v.current.Load(); s != nil {
		if k, ok := s.keys[kid]; ok {
			return s, k, nil
		}
	}
	if err := v.readAtOnce(ctx); err != nil {
		v.logger.WarnContext(ctx, "keys cannot be read", slog.Any("error", err))
	}
	s := v.current.Load()
	if s == nil {
		return nil, Key{}, fault.New(fault.Unavailable, "KEYS_UNAVAILABLE", "access tokens cannot be checked at the moment")
	}
	k, ok := s.keys[kid]
	if !ok {
		return nil, Key{}, fault.New(fault.Unauthenticated, "TOKEN_INVALID", "the access token is of an unknown key")
	}
	return s, k, nil
}

// readAtOnce reads unless someone just did. Who finds a read going on waits for its end.
func (v *Verifier) readAtOnce(ctx context.Context) error {
	return v.alone(ctx, func(ctx context.Context) error {
		now := v.now()
		if age := now.Sub(v.readAt); age >= 0 && age < readAtOnceEvery {
			return nil
		}
		v.readAt = now
		return v.read(ctx)
	})
}

// alone calls f while nobody else reads. Of two reads side by side the one that looked first may end last, and what it
// found would bring back a session that has ended.
func (v *Verifier) alone(ctx context.Context, f func(context.Context) error) error {
	select {
	case v.reading <- struct{}{}:
		defer func() { <-v.reading }()
		return f(ctx)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// read replaces the snapshot.
func (v *Verifier) read(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	keys, err := v.source.Keys(ctx)
	if err != nil {
		return err
	}
	// Older revocations only concern tokens that even grace refuses.
	revocations, err := v.source.Revocations(ctx, v.now().Add(-MaxLifetime-graceLife-skew))
	if err != nil {
		return err
	}
	s := &snapshot{
		keys:     make(map[string]Key, len(keys)),
		people:   map[string]time.Time{},
		sessions: map[string]struct{}{},
	}
	for _, k := range keys {
		if len(k.Public) == ed25519.PublicKeySize {
			s.keys[k.ID] = k
		}
	}
	for _, r := range revocations {
		switch {
		case r.Session != "":
			s.sessions[r.Session] = struct{}{}
		case r.IssuedBefore.After(s.people[r.Subject]):
			s.people[r.Subject] = r.IssuedBefore
		}
	}
	v.current.Store(s)
	return nil
}
