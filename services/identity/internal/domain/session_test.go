package domain_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/identity/internal/domain"
)

// oneMember is a store that knows one address.
type oneMember struct{ domain.Store }

func (oneMember) Password(_ context.Context, emailKey string) (domain.Person, string, error) {
	if emailKey != "ada@example.com" {
		return domain.Person{}, "", domain.NotFound("person")
	}
	return domain.Person{ID: "ada", Organization: "acme"}, "hash of ada", nil
}

// countingPasswords makes hashes that nothing matches and counts the comparisons.
type countingPasswords struct{ compared []string }

func (p *countingPasswords) Hash(context.Context, string) (string, error) {
	return "hash of nobody", nil
}

func (p *countingPasswords) Matches(_ context.Context, _, hash string) (bool, error) {
	p.compared = append(p.compared, hash)
	return false, nil
}

type limiter struct{ wait time.Duration }

func (l limiter) Allow(context.Context, string) (bool, time.Duration) { return l.wait == 0, l.wait }

func TestUnknownAddressesCostAsMuchAsKnownOnes(t *testing.T) {
	passwords := &countingPasswords{}
	deps := domain.Deps{Store: oneMember{}, Passwords: passwords, Logins: limiter{}, Random: func(n int) []byte { return make([]byte, n) }}
	identity, err := domain.New(t.Context(), deps)
	require.NoError(t, err)
	_, known := identity.Login(t.Context(), "Ada@example.com", "wrong")
	_, unknown := identity.Login(t.Context(), "eve@example.com", "wrong")
	require.Equal(t, known, unknown, "nothing tells them apart")
	require.Equal(t, []string{"hash of ada", "hash of nobody"}, passwords.compared)

	deps.Logins = limiter{wait: 3 * time.Second}
	identity, err = domain.New(t.Context(), deps)
	require.NoError(t, err)
	_, err = identity.Login(t.Context(), "ada@example.com", "wrong")
	require.Equal(t, "LOGIN_LIMIT", fault.ReasonOf(err))
	require.Len(t, passwords.compared, 2, "beyond the limit nothing is hashed")
}

func TestSessionExpiry(t *testing.T) {
	created := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		used time.Duration // after the login
		want time.Duration
	}{
		{name: "never used", want: 12 * time.Hour},
		{name: "used", used: 20 * time.Hour, want: 32 * time.Hour},
		{name: "used at the end", used: 30*24*time.Hour - time.Hour, want: 30 * 24 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := domain.Session{CreatedAt: created, LastUsedAt: created.Add(c.used)}
			require.Equal(t, created.Add(c.want), s.ExpiresAt())
		})
	}
}
