// Package store keeps identity's data in its database.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/identity/internal/domain"
)

// HousekeepKind is the kind of the task that runs Identity.Housekeep.
const HousekeepKind = "housekeep"

//go:embed migrations/*.sql
var files embed.FS

// Migrations returns the tables of this package.
func Migrations() sqldb.Set {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sqldb.Set{Name: "identity", FS: sub}
}

// Store implements domain.Store and auth.Source.
type Store struct {
	reads
	db     *sqldb.DB
	queue  *durable.Queue
	relays []*events.Relay
	now    func() time.Time
}

var _ domain.Store = (*Store)(nil)

// New returns a store whose changes are told to the relays' targets. The database has the tables of Migrations and of
// durable.
func New(db *sqldb.DB, queue *durable.Queue, relays []*events.Relay, now func() time.Time) *Store {
	return &Store{reads: reads{q: db.Reader()}, db: db, queue: queue, relays: relays, now: now}
}

// Change runs fn in one transaction, alone among all changes.
func (s *Store) Change(ctx context.Context, fn func(ctx context.Context, tx domain.Tx) error) error {
	return s.queue.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *durable.Tx) error {
		// The lock of this row orders changes, so that a version that is visible has no smaller one still to come.
		if _, err := tx.ExecContext(ctx, "UPDATE directory_version SET version = version WHERE id = 1"); err != nil {
			return err
		}
		return fn(ctx, &change{reads: reads{q: tx}, tx: tx, relays: s.relays})
	})
}

// TouchSession records the last use of a session; an earlier one than recorded changes nothing.
func (s *Store) TouchSession(ctx context.Context, id string, at time.Time) error {
	return s.touch(ctx, "UPDATE login_sessions SET last_used_at = $2 WHERE id = $1 AND last_used_at < $2", id, at)
}

// TouchAPIToken records the last use of an API token; an earlier one than recorded changes nothing.
func (s *Store) TouchAPIToken(ctx context.Context, id string, at time.Time) error {
	return s.touch(ctx, "UPDATE api_tokens SET last_used_at = $2 WHERE id = $1 AND last_used_at < $2", id, at)
}

func (s *Store) touch(ctx context.Context, update, id string, at time.Time) error {
	return s.db.Do(ctx, sqldb.Op{Soft: true}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, update, id, sqldb.Micros(at))
		return err
	})
}

// orNotFound names what a query did not find.
func orNotFound(err error, thing string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return domain.NotFound(thing)
	}
	return sqldb.Classify(err)
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
