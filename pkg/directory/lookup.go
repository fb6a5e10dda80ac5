package directory

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/georgysavva/scany/v2/sqlscan"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
)

// Lookup answers questions from the copy. Its errors have been through sqldb.Classify. Model has the one that reads
// outside of transactions; In makes one that reads inside.
type Lookup struct {
	q  sqldb.Queryer
	in func(param int) string
}

// In returns the lookups inside a transaction, which its other statements see and SQLite's writer allows.
func (l Lookup) In(tx sqldb.Tx) Lookup { return Lookup{q: tx, in: l.in} }

// Organization returns an organization; fault NotFound ORGANIZATION_UNKNOWN.
func (l Lookup) Organization(ctx context.Context, id string) (Organization, error) {
	var o Organization
	err := l.one(ctx, &o, `SELECT id, name, plan, sees_all FROM directory_organizations WHERE id = $1 AND removed = 0`, id)
	return o, unknown(err, "ORGANIZATION_UNKNOWN", "no such organization")
}

// Environments returns the environments of all applications of an organization by application and name.
func (l Lookup) Environments(ctx context.Context, organization string) ([]Environment, error) {
	var list []Environment
	err := l.all(ctx, &list, `
SELECT id, application, name, kind FROM directory_environments
WHERE organization = $1 AND removed = 0 ORDER BY application, name, id`, organization)
	return list, err
}

type personRow struct {
	ID, Organization, Name, Email, Role, Applications, Zone, Locale string

	Staff, OrganizationWide, Disabled bool
	Version                           int64
}

func (r personRow) person() (Person, error) {
	p := Person{
		ID: r.ID, Organization: r.Organization, Name: r.Name, Email: r.Email, Staff: r.Staff, Role: auth.Role(r.Role),
		OrganizationWide: r.OrganizationWide, Removed: r.Disabled, Version: r.Version, Zone: r.Zone, Locale: r.Locale,
	}
	if err := json.Unmarshal([]byte(r.Applications), &p.Applications); err != nil {
		return Person{}, fmt.Errorf("directory: applications of person %s: %w", r.ID, err)
	}
	return p, nil
}

// Person returns a person, a disabled one too (Person.Removed); fault NotFound PERSON_UNKNOWN.
func (l Lookup) Person(ctx context.Context, id string) (Person, error) {
	var row personRow
	err := l.one(ctx, &row, `
SELECT id, organization, name, email, staff, role, organization_wide, applications, zone, locale, disabled, version
FROM directory_people WHERE id = $1 AND removed = 0`, id)
	if err != nil {
		return Person{}, unknown(err, "PERSON_UNKNOWN", "no such person")
	}
	return row.person()
}

func (l Lookup) one(ctx context.Context, dst any, query string, args ...any) error {
	return sqldb.Classify(sqlscan.Get(ctx, l.q, dst, query, args...))
}

func (l Lookup) all(ctx context.Context, dst any, query string, args ...any) error {
	return sqldb.Classify(sqlscan.Select(ctx, l.q, dst, query, args...))
}

func unknown(err error, reason, msg string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, reason, msg)
	}
	return err
}
