package directory

import (
	"context"
	"database/sql"
	"errors"

	"github.com/georgysavva/scany/v2/sqlscan"

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
