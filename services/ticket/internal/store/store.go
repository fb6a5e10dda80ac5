// Package store keeps tickets in a service's database, on both engines by one
// SQL text. What truly differs is in dialect.go.
//
// Who may see what is a condition of every statement that reads for a person,
// over the directory's tables in the same database: see visible.go.
package store

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations creates the tables of tickets.
func Migrations() sqldb.Set {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sqldb.Set{Name: "ticket", FS: sub}
}

// Follow decides what must happen after a change: tasks to be made in its
// transaction, earlier ones that it makes pointless, and those that must not tell
// any more what they were made to tell.
type Follow interface {
	Specs(ctx context.Context, c domain.Change) []durable.Spec
	Cancels(c domain.Change) []Cancel
	Rewrites(c domain.Change) []Rewrite
	// Purged are the tasks that follow from a ticket being removed for good.
	Purged(ctx context.Context, t domain.Ticket) []durable.Spec
}

// Cancel names tasks to be deleted.
type Cancel struct{ Kind, Key string }

// Rewrite changes the payload of tasks that have not run. Payload returns the same
// for what stays as it is.
type Rewrite struct {
	Kind, Key string
	Payload   func(payload []byte) []byte
}

// Options are a Store's parts.
type Options struct {
	DB        *sqldb.DB
	Queue     *durable.Queue
	Follow    Follow
	Committed func(ctx context.Context, c domain.Change) // after a commit; must not block
	// IdentityReachedAt says when identity last answered.
	IdentityReachedAt func() time.Time
	Now               func() time.Time
	Nearby            int // tickets that a text search looks into first; 0 = 1000
}

// Store implements domain.Store and domain.Directory, and the reads of the API.
type Store struct {
	Options
	dialect
	numbers numbers
}

var (
	_ domain.Store     = (*Store)(nil)
	_ domain.Directory = (*Store)(nil)
)

// New returns the store over a database with Migrations, and with those of
// packages durable and directory.
func New(o Options) *Store {
	if o.Nearby == 0 {
		o.Nearby = defaultNearby
	}
	return &Store{Options: o, dialect: dialectOf(o.DB)}
}
