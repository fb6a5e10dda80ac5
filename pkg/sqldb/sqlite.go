package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"modernc.org/sqlite"
)

// lite is the backend over one SQLite file that this process owns.
type lite struct {
	connector liteConnector
	lock      *os.File // holds the exclusive lock until closed
	write     *writer
	read      *sql.DB
	cached    cachedReader
	mu        sync.Mutex
	keys      map[int64]bool // advisory locks held by this process's sessions
}

func openSQLite(ctx context.Context, path string, clock func() time.Time) (_ *lite, err error) {
	if path == "" {
		return nil, errors.New("sqldb: the SQLite DSN names no file")
	}
	if clock == nil {
		clock = time.Now
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, fmt.Errorf("sqldb: data directory: %w", err)
	}
	lock, err := lockFile(path)
	if err != nil {
		return nil, err
	}
	// Nobody else is to read what is in it. SQLite gives its other files the mode of this one.
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = file.Close()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sqldb: data file: %w", err), lock.Close())
	}
	defer func() {
		if err != nil {
			_ = lock.Close()
		}
	}()
	l := &lite{lock: lock, keys: map[int64]bool{}}
	l.connector, err = newLiteConnector(path, clock)
	if err != nil {
		return nil, err
	}
	if l.write, err = newWriter(ctx, l.connector); err != nil {
		return nil, fmt.Errorf("sqldb: open %s: %w", path, err)
	}
	readers := l.connector
	readers.dsn += "&_pragma=query_only(1)"
	l.read = sql.OpenDB(readers)
	l.read.SetMaxOpenConns(max(4, runtime.NumCPU()))
	l.read.SetMaxIdleConns(max(4, runtime.NumCPU()))
	l.cached = cachedReader{db: l.read, statements: newStatements(l.read)}
	return l, nil
}

// lockFile takes the lock that keeps a second process off the data file.
func lockFile(path string) (*os.File, error) {
	name := path + ".lock"
	file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sqldb: lock file: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("sqldb: %s is in use by another process (directory %s, lock %s)", path, filepath.Dir(path), name)
		}
		return nil, fmt.Errorf("sqldb: lock %s: %w", name, err)
	}
	return file, nil
}

func (l *lite) reader() Queryer { return l.cached }

func (l *lite) pageReader() Queryer { return l.cached }

func (l *lite) ping(ctx context.Context) error { return l.read.PingContext(ctx) }

func (l *lite) update(ctx context.Context, op Op, fn txFunc) error {
	return l.write.submit(ctx, op, fn)
}

func (l *lite) do(ctx context.Context, op Op, fn txFunc) error { return l.write.submit(ctx, op, fn) }

func (l *lite) close() error {
	return errors.Join(l.read.Close(), l.write.close(), l.lock.Close())
}

func (l *lite) migrator() (*sql.DB, error) {
	db := sql.OpenDB(l.connector)
	db.SetMaxOpenConns(1)
	return db, nil
}

// liteConnector opens connections with a driver of their own, whose altis_now() reads this database's clock.
type liteConnector struct {
	driver *sqlite.Driver
	dsn    string
}

func newLiteConnector(path string, clock func() time.Time) (liteConnector, error) {
	c := liteConnector{driver: &sqlite.Driver{}}
	err := c.driver.RegisterScalarFunction("altis_now", 0, func(*sqlite.FunctionContext, []driver.Value) (driver.Value, error) {
		return clock().UnixMicro(), nil
	})
	if err != nil {
		return c, fmt.Errorf("sqldb: register altis_now: %w", err)
	}
	c.dsn = fileURI(path) + "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)"
	return c, nil
}

// fileURI names a file to SQLite, whatever characters it has.
func fileURI(path string) string {
	file := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	return file.String()
}

// Connect and Driver implement driver.Connector.
func (c liteConnector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }

// Driver implements driver.Connector.
func (c liteConnector) Driver() driver.Driver { return c.driver }

// cachedReader is the reader pool with its statements kept prepared.
type cachedReader struct {
	db         *sql.DB
	statements *statements
}

func (r cachedReader) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return r.db.ExecContext(ctx, query, args...) // query_only: it can only fail, as it should
}

func (r cachedReader) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s := r.statements.get(ctx, query); s != nil {
		return s.QueryContext(ctx, args...)
	}
	return r.db.QueryContext(ctx, query, args...)
}

func (r cachedReader) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if s := r.statements.get(ctx, query); s != nil {
		return s.QueryRowContext(ctx, args...)
	}
	return r.db.QueryRowContext(ctx, query, args...)
}
