package directory

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/sqldb"
)

// Keys implements auth.Source.
func (m *Model) Keys(ctx context.Context) ([]auth.Key, error) {
	var rows []struct {
		ID, PublicKey       string
		NotBefore, NotAfter int64
	}
	if err := m.all(ctx, &rows, `SELECT id, public_key, not_before, not_after FROM directory_keys WHERE removed = 0 ORDER BY id`); err != nil {
		return nil, err
	}
	keys := make([]auth.Key, len(rows))
	for i, row := range rows {
		public, err := base64.StdEncoding.DecodeString(row.PublicKey)
		if err != nil {
			return nil, fmt.Errorf("directory: key %s: %w", row.ID, err)
		}
		keys[i] = auth.Key{ID: row.ID, Public: public, NotBefore: sqldb.Time(row.NotBefore), NotAfter: sqldb.Time(row.NotAfter)}
	}
	return keys, nil
}

// Revocations implements auth.Source.
func (m *Model) Revocations(ctx context.Context, since time.Time) ([]auth.Revocation, error) {
	var rows []struct {
		Person, LoginSession string
		IssuedBefore         int64
	}
	err := m.all(ctx, &rows, `
SELECT person, login_session, issued_before FROM directory_revocations
WHERE removed = 0 AND (issued_before >= $1 OR issued_before = 0) ORDER BY id`, sqldb.Micros(since))
	if err != nil {
		return nil, err
	}
	revocations := make([]auth.Revocation, len(rows))
	for i, row := range rows {
		revocations[i] = auth.Revocation{Subject: row.Person, Session: row.LoginSession, IssuedBefore: sqldb.Time(row.IssuedBefore)}
	}
	return revocations, nil
}

// IdentityReachedAt implements auth.Source: when ListChanges was last answered, zero if never.
func (m *Model) IdentityReachedAt() time.Time {
	if at := m.reachedAt.Load(); at != nil {
		return *at
	}
	return time.Time{}
}
