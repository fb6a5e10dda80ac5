package auth_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/auth"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

// source is what identity has published, as a test arranges it.
type source struct {
	mu          sync.Mutex
	keys        []auth.Key
	revocations []auth.Revocation
	since       time.Time
	reachedAt   time.Time
	reads       int
	fail        error
}

func (s *source) Keys(context.Context) ([]auth.Key, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	return s.keys, s.fail
}

func (s *source) Revocations(_ context.Context, since time.Time) ([]auth.Revocation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.since = since
	return s.revocations, s.fail
}

func (s *source) IdentityReachedAt() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reachedAt
}

func (s *source) set(change func(*source)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

func (s *source) readCount() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads
}

var errDown = errors.New("database is down")

func newKey(t testing.TB) (ed25519.PublicKey, ed25519.PrivateKey) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	return public, private
}

type fixture struct {
	source   *source
	verifier *auth.Verifier
	signer   *auth.Signer
	private  ed25519.PrivateKey
	now      *time.Time
}

// setup returns a verifier with one key, "k1", at noon; identity has just been reached.
func setup(t testing.TB) *fixture {
	t.Helper()
	public, private := newKey(t)
	signer, err := auth.NewSigner("k1", private)
	require.NoError(t, err)
	now := noon
	src := &source{keys: []auth.Key{{ID: "k1", Public: public}}, reachedAt: noon}
	return &fixture{
		source:   src,
		verifier: auth.NewVerifier(src, func() time.Time { return now }, slog.New(slog.DiscardHandler)),
		signer:   signer,
		private:  private,
		now:      &now,
	}
}

func (f *fixture) sign(t testing.TB, u auth.User) string {
	t.Helper()
	token, err := f.signer.Sign(u)
	require.NoError(t, err)
	return token
}

// member is a user whose token was issued at noon.
func member() auth.User {
	return auth.User{
		ID: "p1", Organization: "o1", Role: auth.RoleDeveloper, SessionID: "s1", TokenID: "t1",
		IssuedAt: noon, ExpiresAt: noon.Add(auth.MaxLifetime),
	}
}
