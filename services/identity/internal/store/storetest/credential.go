package storetest

import (
	"context"
	"crypto/ed25519"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/identity/internal/domain"
)

func credentials(t *testing.T, s Store) {
	ps := populate(t, s)
	old := domain.Session{ID: "old", Person: "user", CreatedAt: start, LastUsedAt: start}
	young := domain.Session{ID: "young", Person: "user", CreatedAt: start.Add(time.Hour), LastUsedAt: start.Add(time.Hour)}
	token := domain.APIToken{
		ID: "token", Person: "user", Name: "script", Scopes: []string{"READ", "WRITE"}, CreatedAt: start, ExpiresAt: start.Add(time.Hour),
	}
	do(t, s, func(ctx context.Context, tx domain.Tx) error {
		if err := tx.InsertSession(ctx, old, "old-hash"); err != nil {
			return err
		}
		if err := tx.InsertSession(ctx, young, "young-hash"); err != nil {
			return err
		}
		return tx.InsertAPIToken(ctx, token, "token-hash")
	})

	p, hash, err := s.Password(t.Context(), "user@example.com")
	require.NoError(t, err)
	require.Equal(t, ps.user, p)
	require.Equal(t, "hash of user", hash)

	found, p, err := s.Session(t.Context(), "old-hash")
	require.NoError(t, err)
	require.Equal(t, old, found)
	require.Equal(t, ps.user, p)
	sessions, err := s.Sessions(t.Context(), "user", domain.Moment{}, 10)
	require.NoError(t, err)
	require.Equal(t, []domain.Session{young, old}, sessions)

	foundToken, p, err := s.APIToken(t.Context(), "token-hash")
	require.NoError(t, err)
	require.Equal(t, token, foundToken)
	require.Equal(t, ps.user, p)

	later := start.Add(30 * time.Minute)
	require.NoError(t, s.TouchSession(t.Context(), "old", later))
	require.NoError(t, s.TouchSession(t.Context(), "old", start.Add(time.Minute)), "an earlier use arrives late")
	require.NoError(t, s.TouchAPIToken(t.Context(), "token", later))
	old.LastUsedAt, token.LastUsedAt = later, later
	found, _, err = s.Session(t.Context(), "old-hash")
	require.NoError(t, err)
	require.Equal(t, old, found)
	tokens, err := s.APITokens(t.Context(), "user", domain.Moment{}, 10)
	require.NoError(t, err)
	require.Equal(t, []domain.APIToken{token}, tokens)

	for _, c := range []struct {
		name   string
		change func(ctx context.Context, tx domain.Tx) error
		reason string
	}{
		{
			name:   "a session of somebody else",
			change: func(ctx context.Context, tx domain.Tx) error { return tx.DeleteSession(ctx, "admin", "old") },
			reason: "SESSION_NOT_FOUND",
		},
		{
			name:   "an API token of somebody else",
			change: func(ctx context.Context, tx domain.Tx) error { return tx.DeleteAPIToken(ctx, "admin", "token") },
			reason: "API_TOKEN_NOT_FOUND",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.reason, fault.ReasonOf(s.Change(t.Context(), c.change)))
		})
	}

	do(t, s, func(ctx context.Context, tx domain.Tx) error {
		if err := tx.SetPassword(ctx, "user", "new hash"); err != nil {
			return err
		}
		hash, err := tx.PasswordOf(ctx, "user")
		require.Equal(t, "new hash", hash)
		return err
	})
	do(t, s, func(ctx context.Context, tx domain.Tx) error {
		admins, err := tx.Admins(ctx, "acme")
		require.Equal(t, 1, admins)
		return err
	})
}

func pruning(t *testing.T, s Store) {
	populate(t, s)
	now := start.Add(100 * 24 * time.Hour)
	do(t, s, func(ctx context.Context, tx domain.Tx) error {
		for id, used := range map[string]time.Time{"idle": now.Add(-2 * time.Hour), "used": now.Add(-time.Minute)} {
			if err := tx.InsertSession(ctx, domain.Session{ID: id, Person: "user", CreatedAt: now.Add(-3 * time.Hour), LastUsedAt: used}, id); err != nil {
				return err
			}
		}
		if err := tx.InsertSession(ctx, domain.Session{ID: "ancient", Person: "user", CreatedAt: start, LastUsedAt: now}, "ancient"); err != nil {
			return err
		}
		for id, end := range map[string]time.Time{"over": now, "valid": now.Add(time.Second)} {
			if err := tx.InsertAPIToken(ctx, domain.APIToken{ID: id, Person: "user", Name: id, CreatedAt: start, ExpiresAt: end}, id); err != nil {
				return err
			}
		}
		for id, before := range map[string]time.Time{"long-ago": now.Add(-25 * time.Hour), "recent": now.Add(-time.Hour)} {
			if err := tx.Revoke(ctx, domain.Revocation{ID: id, Person: "user", IssuedBefore: before}); err != nil {
				return err
			}
		}
		return nil
	})
	do(t, s, func(ctx context.Context, tx domain.Tx) error {
		return tx.Prune(ctx, now, now.Add(-time.Hour), now.Add(-30*24*time.Hour), now.Add(-24*time.Hour))
	})
	sessions, err := s.Sessions(t.Context(), "user", domain.Moment{}, 10)
	require.NoError(t, err)
	require.Equal(t, "used", ids(sessions, func(s domain.Session) string { return s.ID }))
	tokens, err := s.APITokens(t.Context(), "user", domain.Moment{}, 10)
	require.NoError(t, err)
	require.Equal(t, "valid", ids(tokens, func(t domain.APIToken) string { return t.ID }))
	changes, _, err := s.Changes(t.Context(), 0, 100)
	require.NoError(t, err)
	var revocations []string
	for _, e := range changes {
		if r := e.GetRevocation(); r != nil {
			revocations = append(revocations, r.GetId())
		}
	}
	require.Equal(t, []string{"recent"}, revocations)
	require.Len(t, changes, 2+2*3+7+1, "nothing else is pruned")
}

func keysAndRevocations(t *testing.T, s Store) {
	populate(t, s)
	public := ed25519.PublicKey(make([]byte, ed25519.PublicKeySize))
	later := domain.SigningKey{ID: "a-later", Public: public, Sealed: "sealed", NotBefore: start.Add(time.Hour)}
	first := domain.SigningKey{ID: "first", Public: public, Sealed: "sealed", NotBefore: start}
	do(t, s, func(ctx context.Context, tx domain.Tx) error {
		if err := tx.InsertKey(ctx, later); err != nil {
			return err
		}
		return tx.InsertKey(ctx, first)
	})
	keys, err := s.SigningKeys(t.Context())
	require.NoError(t, err)
	require.Equal(t, []domain.SigningKey{first, later}, keys)

	first.NotAfter = start.Add(2 * time.Hour)
	do(t, s, func(ctx context.Context, tx domain.Tx) error { return tx.UpdateKey(ctx, first) })
	public1, err := s.Keys(t.Context())
	require.NoError(t, err)
	require.Equal(t, auth.Key{ID: "first", Public: public, NotBefore: first.NotBefore, NotAfter: first.NotAfter}, public1[0])
	do(t, s, func(ctx context.Context, tx domain.Tx) error { return tx.RemoveKey(ctx, first) })
	changes, _, err := s.Changes(t.Context(), 0, 100)
	require.NoError(t, err)
	last := changes[len(changes)-1]
	require.True(t, last.GetRemoved())
	require.Equal(t, "first", last.GetKey().GetId())

	do(t, s, func(ctx context.Context, tx domain.Tx) error {
		if err := tx.Revoke(ctx, domain.Revocation{ID: "r1", Person: "user", IssuedBefore: start}); err != nil {
			return err
		}
		return tx.Revoke(ctx, domain.Revocation{ID: "r2", Person: "user", Credential: "session", IssuedBefore: start.Add(time.Hour)})
	})
	revocations, err := s.Revocations(t.Context(), start.Add(time.Minute))
	require.NoError(t, err)
	require.Equal(t, []auth.Revocation{{Subject: "user", Session: "session", IssuedBefore: start.Add(time.Hour)}}, revocations)
	revocations, err = s.Revocations(t.Context(), start)
	require.NoError(t, err)
	require.Len(t, revocations, 2)
}
