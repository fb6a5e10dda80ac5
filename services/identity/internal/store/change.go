package store

import (
	"context"
	"encoding/base64"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/identity/internal/domain"
)

// change implements domain.Tx.
type change struct {
	reads
	tx     *durable.Tx
	relays []*events.Relay
}

func (c *change) exec(ctx context.Context, statement string, args ...any) error {
	_, err := c.tx.ExecContext(ctx, statement, args...)
	return err
}

// execOne is exec for a statement that changes one row if there is one.
func (c *change) execOne(ctx context.Context, thing, statement string, args ...any) error {
	result, err := c.tx.ExecContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	rows, err := result.RowsAffected()
	if err == nil && rows == 0 {
		return domain.NotFound(thing)
	}
	return err
}

func (c *change) PutOrganization(ctx context.Context, o domain.Organization) error {
	err := c.exec(ctx, `INSERT INTO organizations (id, name, plan, members_see_all, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, plan = excluded.plan, members_see_all = excluded.members_see_all`,
		o.ID, o.Name, o.Plan, flag(o.MembersSeeAll), sqldb.Micros(o.CreatedAt))
	if err != nil {
		return err
	}
	return c.record(ctx, organizationEvent(o))
}

func (c *change) InsertApplication(ctx context.Context, a domain.Application) error {
	err := c.exec(ctx, "INSERT INTO applications (id, organization, name, name_key) VALUES ($1, $2, $3, $4)",
		a.ID, a.Organization, a.Name, strings.ToLower(a.Name))
	if sqldb.IsUnique(err) {
		return fault.New(fault.Exists, "APPLICATION_EXISTS", "the organization has an application of this name")
	}
	if err != nil {
		return err
	}
	if err := c.record(ctx, applicationEvent(a)); err != nil {
		return err
	}
	for n, e := range a.Environments {
		err := c.exec(ctx, "INSERT INTO environments (id, application, position, name, kind) VALUES ($1, $2, $3, $4, $5)",
			e.ID, a.ID, n, e.Name, e.Kind)
		if err != nil {
			return err
		}
		if err := c.record(ctx, environmentEvent(a, e)); err != nil {
			return err
		}
	}
	return nil
}

func (c *change) RemoveApplication(ctx context.Context, a domain.Application) error {
	if err := c.exec(ctx, "DELETE FROM applications WHERE id = $1", a.ID); err != nil {
		return err
	}
	for _, e := range a.Environments {
		if err := c.record(ctx, removed(environmentEvent(a, e))); err != nil {
			return err
		}
	}
	return c.record(ctx, removed(applicationEvent(a)))
}

func (c *change) InsertPerson(ctx context.Context, p domain.Person, passwordHash string) error {
	err := c.exec(ctx, `INSERT INTO people (id, organization, name, email, email_key, role, time_zone, locale, disabled, tokens_from, password_hash, teams)
		VALUES ($1, NULLIF($2, ''), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		p.ID, p.Organization, p.Name, p.Email, strings.ToLower(p.Email), string(p.Role), p.TimeZone, p.Locale,
		flag(p.Disabled), sqldb.Micros(p.TokensFrom), passwordHash, strings.Join(p.Teams, "\n"))
	if sqldb.IsUnique(err) {
		return fault.New(fault.Exists, "EMAIL_EXISTS", "a person with this e-mail address exists")
	}
	if err != nil {
		return err
	}
	return c.limit(ctx, p)
}

func (c *change) UpdatePerson(ctx context.Context, p domain.Person) error {
	err := c.execOne(ctx, "person", `UPDATE people SET name = $2, role = $3, time_zone = $4, locale = $5, disabled = $6, tokens_from = $7,
		teams = $8 WHERE id = $1`,
		p.ID, p.Name, string(p.Role), p.TimeZone, p.Locale, flag(p.Disabled), sqldb.Micros(p.TokensFrom), strings.Join(p.Teams, "\n"))
	if err != nil {
		return err
	}
	if err := c.exec(ctx, "DELETE FROM person_applications WHERE person = $1", p.ID); err != nil {
		return err
	}
	return c.limit(ctx, p)
}

// limit stores what a person is limited to and records the person.
func (c *change) limit(ctx context.Context, p domain.Person) error {
	for _, a := range p.Applications {
		if err := c.exec(ctx, "INSERT INTO person_applications (person, application) VALUES ($1, $2)", p.ID, a); err != nil {
			return err
		}
	}
	return c.record(ctx, personEvent(p))
}

func (c *change) RemovePerson(ctx context.Context, p domain.Person) error {
	if err := c.execOne(ctx, "person", "DELETE FROM people WHERE id = $1", p.ID); err != nil {
		return err
	}
	return c.record(ctx, removed(personEvent(p)))
}

func (c *change) Admins(ctx context.Context, organization string) (n int, err error) {
	err = c.tx.QueryRowContext(ctx,
		"SELECT COUNT(*) FROM people WHERE COALESCE(organization, '') = $1 AND role = 'admin' AND disabled = 0", organization).Scan(&n)
	return n, err
}

func (c *change) PasswordOf(ctx context.Context, person string) (hash string, err error) {
	err = c.tx.QueryRowContext(ctx, "SELECT password_hash FROM people WHERE id = $1 AND disabled = 0", person).Scan(&hash)
	return hash, orNotFound(err, "person")
}

func (c *change) SetPassword(ctx context.Context, person, hash string) error {
	return c.execOne(ctx, "person", "UPDATE people SET password_hash = $2 WHERE id = $1", person, hash)
}

func (c *change) InsertSession(ctx context.Context, s domain.Session, secretHash string) error {
	return c.exec(ctx, "INSERT INTO login_sessions (id, person, secret_hash, created_at, last_used_at) VALUES ($1, $2, $3, $4, $5)",
		s.ID, s.Person, secretHash, sqldb.Micros(s.CreatedAt), sqldb.Micros(s.LastUsedAt))
}

func (c *change) InsertAPIToken(ctx context.Context, t domain.APIToken, secretHash string) error {
	return c.exec(ctx, `INSERT INTO api_tokens (id, person, secret_hash, name, scopes, created_at, expires_at, last_used_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
		t.ID, t.Person, secretHash, t.Name, strings.Join(t.Scopes, ","), sqldb.Micros(t.CreatedAt), sqldb.Micros(t.ExpiresAt))
}

func (c *change) DeleteSession(ctx context.Context, person, id string) error {
	return c.execOne(ctx, "session", "DELETE FROM login_sessions WHERE person = $1 AND id = $2", person, id)
}

func (c *change) DeleteAPIToken(ctx context.Context, person, id string) error {
	return c.execOne(ctx, "API token", "DELETE FROM api_tokens WHERE person = $1 AND id = $2", person, id)
}

func (c *change) Revoke(ctx context.Context, r domain.Revocation) error {
	err := c.exec(ctx, "INSERT INTO revocations (id, person, credential, issued_before) VALUES ($1, $2, $3, $4)",
		r.ID, r.Person, r.Credential, sqldb.Micros(r.IssuedBefore))
	if err != nil {
		return err
	}
	return c.record(ctx, revocationEvent(r))
}

func (c *change) InsertKey(ctx context.Context, k domain.SigningKey) error {
	err := c.exec(ctx, "INSERT INTO signing_keys (id, public_key, private_key, not_before, not_after) VALUES ($1, $2, $3, $4, $5)",
		k.ID, base64.StdEncoding.EncodeToString(k.Public), k.Sealed, sqldb.Micros(k.NotBefore), sqldb.Micros(k.NotAfter))
	if err != nil {
		return err
	}
	return c.record(ctx, keyEvent(k))
}

func (c *change) UpdateKey(ctx context.Context, k domain.SigningKey) error {
	err := c.execOne(ctx, "key", "UPDATE signing_keys SET not_after = $2 WHERE id = $1", k.ID, sqldb.Micros(k.NotAfter))
	if err != nil {
		return err
	}
	return c.record(ctx, keyEvent(k))
}

func (c *change) RemoveKey(ctx context.Context, k domain.SigningKey) error {
	if err := c.execOne(ctx, "key", "DELETE FROM signing_keys WHERE id = $1", k.ID); err != nil {
		return err
	}
	return c.record(ctx, removed(keyEvent(k)))
}

func (c *change) Prune(ctx context.Context, now, idle, absolute, revoked time.Time) error {
	if err := c.exec(ctx, "DELETE FROM login_sessions WHERE last_used_at <= $1 OR created_at <= $2", sqldb.Micros(idle), sqldb.Micros(absolute)); err != nil {
		return err
	}
	if err := c.exec(ctx, "DELETE FROM api_tokens WHERE expires_at <= $1", sqldb.Micros(now)); err != nil {
		return err
	}
	if err := c.exec(ctx, "DELETE FROM changes WHERE kind = $1 AND thing IN (SELECT id FROM revocations WHERE issued_before < $2)",
		kindRevocation, sqldb.Micros(revoked)); err != nil {
		return err
	}
	return c.exec(ctx, "DELETE FROM revocations WHERE issued_before < $1", sqldb.Micros(revoked))
}

func (c *change) HousekeepIn(ctx context.Context, d time.Duration) error {
	if _, err := c.tx.Cancel(ctx, HousekeepKind, HousekeepKind); err != nil {
		return err
	}
	return c.tx.Enqueue(ctx, durable.Spec{
		Kind: HousekeepKind, Key: HousekeepKind, Lane: durable.LaneDigest, Payload: []byte("{}"), Delay: d,
	})
}
