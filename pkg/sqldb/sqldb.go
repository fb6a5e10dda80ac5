// Package sqldb opens a service's database and is the only way to write to it.
//
// Two engines serve the same portable SQL: PostgreSQL in production and an embedded SQLite file by default.
// Portable means `$1..$n` parameters, ON CONFLICT, RETURNING, instants as BIGINT microseconds UTC, JSON as TEXT,
// booleans as BIGINT 0/1, and the clock read by altis_now() only, so that tests can move it.
//
// Reads go through DB.Reader. Writes go through DB.Update (a transaction) or DB.Do (one statement). Each write names
// by its Op whether it belongs to the page lane, which waits for nobody else's writes, and whether a power cut may lose it.
package sqldb

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"
)

// Engine names the database product behind a DB.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// commitTimeout bounds a commit, which no longer listens to its caller: giving up on one leaves its outcome unknown.
const commitTimeout = 10 * time.Second

// ErrClosed is the cause of every failure after Close.
var ErrClosed = errors.New("sqldb: database is closed")

// ErrNested reports an Update or Do inside another one's function: on SQLite it would wait for itself.
var ErrNested = errors.New("sqldb: a write inside a write")

// Config says where a database is and how to use it.
type Config struct {
	// DSN is "sqlite:/path/to/file.db" (absolute or relative) or "postgres://...".
	DSN string
	// Schema is PostgreSQL's search_path; "" keeps the role's own. Ignored on SQLite.
	Schema string
	// NormalConns, SoftConns and PageConns size PostgreSQL's pools. 0 means 8, 2 and 0. With PageConns 0 the page lane
	// shares the other pools; with 2 or more, one of them is kept for the page lane's soft commits.
	NormalConns, SoftConns, PageConns int
	// Clock is what altis_now() reads on SQLite; nil means time.Now. PostgreSQL reads its own clock.
	Clock func() time.Time
	// Logger receives the few things that nobody else hears of; nil discards them.
	Logger *slog.Logger
}

// Queryer is the part of *sql.DB that reads and single statements need.
type Queryer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Tx is a transaction in progress. Rows must be closed before the next statement and before the function returns.
type Tx interface {
	Queryer
	// Post runs a statement whose result nobody needs. On PostgreSQL it costs no round trip: it goes out with the next
	// statement that is waited for, at the latest with the commit, and what is wrong with it is told there. Statements have
	// their effects in the order in which they were given. Once one that was posted has failed, so does the transaction.
	Post(ctx context.Context, query string, args ...any) error
	// Expect is Post for a statement that must change a number of rows: else the transaction fails with otherwise.
	Expect(ctx context.Context, rows int64, otherwise error, query string, args ...any) error
}

// waiting implements Post and Expect where a statement costs no round trip, or is the only one.
type waiting struct{ Queryer }

// Post implements Tx.
func (w waiting) Post(ctx context.Context, query string, args ...any) error {
	_, err := w.ExecContext(ctx, query, args...)
	return err
}

// Expect implements Tx.
func (w waiting) Expect(ctx context.Context, rows int64, otherwise error, query string, args ...any) error {
	result, err := w.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	if changed, err := result.RowsAffected(); err != nil || changed != rows {
		return cmp.Or(err, otherwise)
	}
	return nil
}

// Op says how a write is to be treated. The zero value is a normal, durable write.
type Op struct {
	Page bool // page lane: own connections, and on SQLite ahead of all others and in groups of its own
	Soft bool // a power cut may lose it (a crash of this process does not)
}

// DB is one service's database. Its methods may be called concurrently.
type DB struct {
	engine  Engine
	schema  string
	logger  *slog.Logger
	backend backend
}

// backend is what the two engines do differently.
type backend interface {
	reader() Queryer
	pageReader() Queryer
	ping(ctx context.Context) error
	close() error
	update(ctx context.Context, op Op, fn txFunc) error
	do(ctx context.Context, op Op, fn txFunc) error
	lockSession(ctx context.Context) (lockBackend, error)
	migrator() (*sql.DB, error)
}

type txFunc func(ctx context.Context, tx Tx) error

// Open opens the database and checks that it answers. On SQLite it creates the file and its directory where they are
// missing and takes the exclusive lock <path>.lock; if another process holds that, the error names the file.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	db := &DB{schema: cfg.Schema, logger: cfg.Logger}
	if db.logger == nil {
		db.logger = slog.New(slog.DiscardHandler)
	}
	var err error
	switch {
	case strings.HasPrefix(cfg.DSN, "sqlite:"):
		db.engine = SQLite
		db.backend, err = openSQLite(ctx, strings.TrimPrefix(cfg.DSN, "sqlite:"), cfg.Clock)
	case strings.HasPrefix(cfg.DSN, "postgres://"), strings.HasPrefix(cfg.DSN, "postgresql://"):
		db.engine = Postgres
		db.backend, err = openPostgres(ctx, cfg, db.logger)
	default: // the DSN itself stays out of the error: it may hold a password
		return nil, errors.New(`sqldb: the DSN must begin with "sqlite:" or "postgres://"`)
	}
	if err != nil {
		return nil, err
	}
	return db, nil
}

// Engine returns the engine in use.
func (db *DB) Engine() Engine { return db.engine }

// Ping checks that the database answers.
func (db *DB) Ping(ctx context.Context) error { return Classify(db.backend.ping(ctx)) }

// Close lets the writes that have begun finish, refuses all others, and closes every connection.
func (db *DB) Close() error { return db.backend.close() }

// Reader returns the connections for reading. It sees every write whose Update or Do has returned.
func (db *DB) Reader() Queryer { return db.backend.reader() }

// PageReader is Reader for what stands between an alarm and its page: on PostgreSQL it has the page lane's connections
// where Config.PageConns gives it some, so that it does not wait for anybody else's reads.
func (db *DB) PageReader() Queryer { return db.backend.pageReader() }

// Update runs fn in one transaction and commits if and only if fn returns nil.
//
// fn may run again (serialization failure, lost connection), so it touches nothing but tx and what it resets itself; it
// never nests and never calls other services. Once fn has returned nil the commit no longer listens to ctx. A ctx that
// ends while the write waits for its turn means that fn never ran. A panic in fn becomes an error. Errors have been
// through Classify; after DATABASE_UNAVAILABLE from a commit the outcome is unknown.
func (db *DB) Update(ctx context.Context, op Op, fn func(ctx context.Context, tx Tx) error) error {
	if nested(ctx) {
		return ErrNested
	}
	return Classify(db.backend.update(ctx, op, guard(fn)))
}

// Do is Update for a function that runs exactly one statement: on PostgreSQL it costs one round trip.
// Once started, the statement no longer listens to ctx.
func (db *DB) Do(ctx context.Context, op Op, fn func(ctx context.Context, tx Tx) error) error {
	if nested(ctx) {
		return ErrNested
	}
	return Classify(db.backend.do(ctx, op, guard(fn)))
}

// insideKey marks the context of a running write.
type insideKey struct{}

func nested(ctx context.Context) bool { return ctx.Value(insideKey{}) != nil }

// guard marks fn's context and turns a panic into an error: on SQLite fn runs in the writer's goroutine, which others need.
func guard(fn txFunc) txFunc {
	return func(ctx context.Context, tx Tx) (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("sqldb: the operation panicked: %v\n%s", p, debug.Stack())
			}
		}()
		return fn(context.WithValue(ctx, insideKey{}, true), tx)
	}
}
