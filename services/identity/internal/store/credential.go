package store

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/georgysavva/scany/v2/sqlscan"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/identity/internal/domain"
)

func (r reads) Password(ctx context.Context, emailKey string) (domain.Person, string, error) {
	var row struct {
		personRow
		PasswordHash string
	}
	err := sqlscan.Get(ctx, r.q, &row, "SELECT p.password_hash, "+personColumns+"FROM people p WHERE p.email_key = $1", emailKey)
	return row.person(), row.PasswordHash, orNotFound(err, "person")
}

type sessionRow struct {
	CredentialID string
	Person       string
	CreatedAt    int64
	LastUsedAt   int64
}

func (r sessionRow) session() domain.Session {
	return domain.Session{ID: r.CredentialID, Person: r.Person, CreatedAt: sqldb.Time(r.CreatedAt), LastUsedAt: sqldb.Time(r.LastUsedAt)}
}

const sessionColumns = "c.id AS credential_id, c.person, c.created_at, c.last_used_at"

func (r reads) Session(ctx context.Context, secretHash string) (domain.Session, domain.Person, error) {
	var row struct {
		sessionRow
		personRow
	}
	err := sqlscan.Get(ctx, r.q, &row,
		"SELECT "+sessionColumns+", "+personColumns+"FROM login_sessions c JOIN people p ON p.id = c.person WHERE c.secret_hash = $1", secretHash)
	return row.session(), row.person(), orNotFound(err, "session")
}

// newestFirst selects those of the person $1 before the instant and id $2, $3.
const newestFirst = " WHERE c.person = $1 AND (c.created_at, c.id) < ($2, $3) ORDER BY c.created_at DESC, c.id DESC LIMIT $4"

// before is the instant that a list of the newest first goes on from.
func before(m domain.Moment) int64 {
	if m.At.IsZero() {
		return math.MaxInt64
	}
	return sqldb.Micros(m.At)
}

func (r reads) Sessions(ctx context.Context, person string, after domain.Moment, limit int) ([]domain.Session, error) {
	var rows []sessionRow
	err := sqlscan.Select(ctx, r.q, &rows, "SELECT "+sessionColumns+" FROM login_sessions c"+newestFirst, person, before(after), after.ID, limit)
	return mapped(rows, sessionRow.session), sqldb.Classify(err)
}

type apiTokenRow struct {
	CredentialID string
	Person       string
	TokenName    string
	Scopes       string // joined by commas, which names do not have
	CreatedAt    int64
	ExpiresAt    int64
	LastUsedAt   int64
}

func (r apiTokenRow) token() domain.APIToken {
	t := domain.APIToken{
		ID: r.CredentialID, Person: r.Person, Name: r.TokenName,
		CreatedAt: sqldb.Time(r.CreatedAt), ExpiresAt: sqldb.Time(r.ExpiresAt), LastUsedAt: sqldb.Time(r.LastUsedAt),
	}
	if r.Scopes != "" {
		t.Scopes = strings.Split(r.Scopes, ",")
	}
	return t
}

const apiTokenColumns = "c.id AS credential_id, c.person, c.name AS token_name, c.scopes, c.created_at, c.expires_at, c.last_used_at" //nolint:gosec // names of columns

func (r reads) APIToken(ctx context.Context, secretHash string) (domain.APIToken, domain.Person, error) {
	var row struct {
		apiTokenRow
		personRow
	}
	err := sqlscan.Get(ctx, r.q, &row,
		"SELECT "+apiTokenColumns+", "+personColumns+"FROM api_tokens c JOIN people p ON p.id = c.person WHERE c.secret_hash = $1", secretHash)
	return row.token(), row.person(), orNotFound(err, "API token")
}

func (r reads) APITokens(ctx context.Context, person string, after domain.Moment, limit int) ([]domain.APIToken, error) {
	var rows []apiTokenRow
	err := sqlscan.Select(ctx, r.q, &rows, "SELECT "+apiTokenColumns+" FROM api_tokens c"+newestFirst, person, before(after), after.ID, limit)
	return mapped(rows, apiTokenRow.token), sqldb.Classify(err)
}

func (r reads) SigningKeys(ctx context.Context) ([]domain.SigningKey, error) {
	var rows []struct {
		ID         string
		PublicKey  string
		PrivateKey string
		NotBefore  int64
		NotAfter   int64
	}
	err := sqlscan.Select(ctx, r.q, &rows, "SELECT id, public_key, private_key, not_before, not_after FROM signing_keys ORDER BY not_before, id")
	if err != nil {
		return nil, sqldb.Classify(err)
	}
	keys := make([]domain.SigningKey, len(rows))
	for n, row := range rows {
		public, err := base64.StdEncoding.DecodeString(row.PublicKey)
		if err != nil || len(public) != ed25519.PublicKeySize {
			return nil, fmt.Errorf("store: public key %s is damaged", row.ID)
		}
		keys[n] = domain.SigningKey{
			ID: row.ID, Public: public, Sealed: row.PrivateKey, NotBefore: sqldb.Time(row.NotBefore), NotAfter: sqldb.Time(row.NotAfter),
		}
	}
	return keys, nil
}

// Keys implements auth.Source.
func (s *Store) Keys(ctx context.Context) ([]auth.Key, error) {
	keys, err := s.SigningKeys(ctx)
	return mapped(keys, func(k domain.SigningKey) auth.Key {
		return auth.Key{ID: k.ID, Public: k.Public, NotBefore: k.NotBefore, NotAfter: k.NotAfter}
	}), err
}

// Revocations implements auth.Source.
func (s *Store) Revocations(ctx context.Context, since time.Time) ([]auth.Revocation, error) {
	var rows []struct {
		Person       string
		Credential   string
		IssuedBefore int64
	}
	err := sqlscan.Select(ctx, s.q, &rows, "SELECT person, credential, issued_before FROM revocations WHERE issued_before >= $1", sqldb.Micros(since))
	if err != nil {
		return nil, sqldb.Classify(err)
	}
	revocations := make([]auth.Revocation, len(rows))
	for n, row := range rows {
		revocations[n] = auth.Revocation{Subject: row.Person, Session: row.Credential, IssuedBefore: sqldb.Time(row.IssuedBefore)}
	}
	return revocations, nil
}

// IdentityReachedAt implements auth.Source: this is identity.
func (s *Store) IdentityReachedAt() time.Time { return s.now() }
