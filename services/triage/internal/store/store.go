// Package store keeps the tickets of triage in SQL.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"

	"github.com/georgysavva/scany/v2/sqlscan"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/triage/internal/domain"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations creates the table tickets.
func Migrations() sqldb.Set {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sqldb.Set{Name: "triage", FS: sub}
}

// Tickets implements domain.Tickets.
type Tickets struct {
	q  sqldb.Queryer
	tx sqldb.Tx // nil outside of transactions
}

// New returns the tickets outside of transactions, for reading.
func New(db *sqldb.DB) Tickets { return Tickets{q: db.Reader()} }

// In returns the tickets inside a transaction.
func In(tx sqldb.Tx) Tickets { return Tickets{q: tx, tx: tx} }

type row struct {
	Number, Version, Sequence           int64
	Organization, Plan, Type            string
	Priority, PrioritySequence          int64
	PriorityReason                      string
	CreatedAt                           int64
	FirstResponseAt, SolvedAt           int64
	Policy                              string
	FirstResponseDueAt, ResolutionDueAt int64
	Answers                             int64
}

// Ticket implements domain.Tickets.
func (s Tickets) Ticket(ctx context.Context, number int64) (domain.Ticket, error) {
	var r row
	err := sqlscan.Get(ctx, s.q, &r, `
SELECT number, version, sequence, organization, plan, type, priority, priority_sequence, priority_reason,
  created_at, first_response_at, solved_at, policy, first_response_due_at, resolution_due_at, answers
FROM tickets WHERE number = $1`, number)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Ticket{}, fault.New(fault.NotFound, "TICKET_UNKNOWN", "triage knows no such ticket")
	}
	if err != nil {
		return domain.Ticket{}, sqldb.Classify(err)
	}
	return domain.Ticket{
		Number: r.Number, Version: r.Version, Sequence: r.Sequence,
		Organization: r.Organization, Plan: r.Plan, Type: domain.Type(r.Type),
		Priority: domain.Priority(r.Priority), PrioritySequence: r.PrioritySequence, PriorityReason: r.PriorityReason,
		Created: sqldb.Time(r.CreatedAt), FirstResponse: sqldb.Time(r.FirstResponseAt), Solved: sqldb.Time(r.SolvedAt),
		Due: domain.Due{
			Policy: r.Policy, FirstResponse: sqldb.Time(r.FirstResponseDueAt), Resolution: sqldb.Time(r.ResolutionDueAt),
		},
		Answers: r.Answers,
	}, nil
}

// Save implements domain.Tickets.
func (s Tickets) Save(ctx context.Context, t domain.Ticket) error {
	query := `
UPDATE tickets SET version = version + 1, sequence = $3, organization = $4, plan = $5, type = $6,
  priority = $7, priority_sequence = $8, priority_reason = $9, created_at = $10, first_response_at = $11, solved_at = $12,
  policy = $13, first_response_due_at = $14, resolution_due_at = $15, answers = $16
WHERE number = $1 AND version = $2`
	if t.Version == 0 {
		query = `
INSERT INTO tickets (number, version, sequence, organization, plan, type, priority, priority_sequence, priority_reason,
  created_at, first_response_at, solved_at, policy, first_response_due_at, resolution_due_at, answers)
VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (number) DO NOTHING`
	}
	changed := fault.New(fault.Conflict, "TICKET_CHANGED", "another event of the ticket was applied at the same time")
	return sqldb.Classify(s.tx.Expect(ctx, 1, changed, query, t.Number, t.Version, t.Sequence, t.Organization, t.Plan, string(t.Type),
		int64(t.Priority), t.PrioritySequence, t.PriorityReason,
		sqldb.Micros(t.Created), sqldb.Micros(t.FirstResponse), sqldb.Micros(t.Solved),
		t.Due.Policy, sqldb.Micros(t.Due.FirstResponse), sqldb.Micros(t.Due.Resolution), t.Answers))
}

// Moved is an open ticket whose organization has another plan than the one it was planned by.
type Moved struct {
	Number int64
	Plan   string // the organization's
}

// Moved returns up to limit such tickets after a number, by number. It reads the directory's organizations.
func (s Tickets) Moved(ctx context.Context, after int64, limit int) ([]Moved, error) {
	var moved []Moved
	err := sqlscan.Select(ctx, s.q, &moved, `
SELECT t.number, o.plan FROM directory_organizations o
JOIN tickets t ON t.organization = o.id AND t.solved_at = 0 AND t.plan <> o.plan
WHERE o.removed = 0 AND t.number > $1 ORDER BY t.number LIMIT $2`, after, limit)
	return moved, sqldb.Classify(err)
}
