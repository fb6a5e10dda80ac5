// Package store keeps pages, mails and the on-call configuration in the service's database.
//
// A write is a transaction (Store.Update) whose Tx also collects what is to happen after its commit: tasks, timers and
// events. They are inserted by one statement at its end.
package store

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/georgysavva/scany/v2/sqlscan"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations returns the tables of this package.
func Migrations() sqldb.Set {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sqldb.Set{Name: "notification", FS: sub}
}

// Options are a Store's parts. All but PageEvent are required.
type Options struct {
	DB     *sqldb.DB
	Queue  *durable.Queue
	Logger *slog.Logger
	// NewID returns ids that rise with time.
	NewID func() string
	// PageEvent makes the task that tells the ticket service; nil = it is told nothing.
	PageEvent func(context.Context, domain.PageEvent) durable.Spec
	// MailDomain is the right side of Message-IDs.
	MailDomain string
}

// Store is the service's database. It is safe for concurrent use.
type Store struct {
	o      Options
	db     *sqldb.DB
	roster atomic.Pointer[versionedRoster]
	ackKey atomic.Pointer[domain.AckKey]
}

// New returns a store over a database that has the tables of Migrations, of pkg/durable and of pkg/directory.
func New(o Options) *Store { return &Store{o: o, db: o.DB} }

// Update runs fn in one transaction and inserts what the Tx collected. fn may run again.
func (s *Store) Update(ctx context.Context, op sqldb.Op, fn func(ctx context.Context, tx *Tx) error) error {
	return s.o.Queue.Update(ctx, op, func(ctx context.Context, tx *durable.Tx) error {
		return s.Within(ctx, tx, fn)
	})
}

// Within is Update inside a transaction that somebody else has begun.
func (s *Store) Within(ctx context.Context, tx *durable.Tx, fn func(ctx context.Context, tx *Tx) error) error {
	t := &Tx{q: tx, s: s}
	if err := fn(ctx, t); err != nil {
		return err
	}
	return t.flush(ctx)
}

// Tx is a transaction in progress.
type Tx struct {
	q       *durable.Tx
	s       *Store
	now     time.Time // zero until a statement brought it
	version int64     // of the roster; 0 until a statement brought it
	vacant  string    // id of a page that is not there, nor another open one about its ticket; "" until a statement brought it
	specs   []durable.Spec
	inserts []insert
	ackKey  *domain.AckKey // made by this transaction
}

// Now implements domain.PageTx.
func (tx *Tx) Now(ctx context.Context) (time.Time, error) {
	if tx.now.IsZero() {
		return tx.now, tx.readMoment(ctx)
	}
	return tx.now, nil
}

// Now is the clock of the database, for what is decided outside of a transaction.
func (s *Store) Now(ctx context.Context) (time.Time, error) {
	var now int64
	err := s.db.PageReader().QueryRowContext(ctx, `SELECT altis_now()`).Scan(&now)
	return sqldb.Time(now), sqldb.Classify(err)
}

// readMoment reads the clock and the version of the roster, unless another statement has brought them along.
func (tx *Tx) readMoment(ctx context.Context) error {
	var now, version int64
	err := tx.q.QueryRowContext(ctx, `SELECT altis_now(), version FROM roster`).Scan(&now, &version)
	if err != nil {
		return err
	}
	tx.version = version
	if tx.now.IsZero() {
		tx.now = sqldb.Time(now)
	}
	return nil
}

// insert is rows for one table: head is "INSERT INTO t (a, b) VALUES", tail what follows the values.
type insert struct {
	head, tail string
	rows       [][]any
}

// collect adds rows to those inserted at the end of the transaction, by one statement per table.
func (tx *Tx) collect(head, tail string, rows ...[]any) {
	for i := range tx.inserts {
		if tx.inserts[i].head == head {
			tx.inserts[i].rows = append(tx.inserts[i].rows, rows...)
			return
		}
	}
	tx.inserts = append(tx.inserts, insert{head, tail, rows})
}

// Discard implements domain.PageTx.
func (tx *Tx) Discard() { tx.inserts, tx.specs = nil, nil }

// flush writes what was collected.
func (tx *Tx) flush(ctx context.Context) error {
	for _, i := range tx.inserts {
		if len(i.rows) == 0 {
			continue
		}
		text, args := i.text()
		if err := tx.q.Post(ctx, text, args...); err != nil {
			return err
		}
	}
	return tx.q.Enqueue(ctx, tx.specs...)
}

// text returns the statement and its parameters.
func (i insert) text() (text string, args []any) {
	var b strings.Builder
	b.WriteString(i.head)
	for n, row := range i.rows {
		if n > 0 {
			b.WriteByte(',')
		}
		b.WriteString(" (")
		for j := range row {
			if j > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "$%d", len(args)+j+1)
		}
		b.WriteByte(')')
		args = append(args, row...)
	}
	return b.String() + i.tail, args
}

// one scans the only row. No row is a fault NotFound with the reason.
func one(ctx context.Context, q sqldb.Queryer, dst any, reason, query string, args ...any) error {
	err := sqlscan.Get(ctx, q, dst, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, reason, "no such thing")
	}
	return sqldb.Classify(err)
}

func all(ctx context.Context, q sqldb.Queryer, dst any, query string, args ...any) error {
	return sqldb.Classify(sqlscan.Select(ctx, q, dst, query, args...))
}

func toJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own types always marshal
	}
	return string(text)
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
