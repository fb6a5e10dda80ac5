package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// FileCopy is an SQLite file and where its copy goes, which must not exist.
type FileCopy struct{ From, To string }

// CopyFiles copies SQLite files that other processes may have open and write to. All copies show one instant: for the moment
// in which their views are opened nobody writes to any of them.
func CopyFiles(ctx context.Context, files ...FileCopy) (err error) {
	views := make([]*sql.Conn, len(files))
	for i, f := range files {
		conn, closeFile, err2 := openFile(ctx, f.From)
		if err2 != nil {
			return err2
		}
		defer func() { err = errors.Join(err, closeFile()) }()
		views[i] = conn
	}
	if err := openViews(ctx, views, files); err != nil {
		return err
	}
	for i, f := range files {
		if err := copyView(views[i], f); err != nil {
			return err
		}
	}
	return nil
}

// How long writers are kept waiting for the moment in which nobody writes, and how long that moment is looked for: far less
// than they have patience, and again and again.
const (
	momentTimeout = time.Second
	momentPause   = 100 * time.Millisecond
	momentsLimit  = time.Minute
)

// openViews begins to read every file while it keeps all writers out.
func openViews(ctx context.Context, views []*sql.Conn, files []FileCopy) (err error) {
	guards := make([]*sql.Conn, len(files))
	for i, f := range files {
		guard, closeFile, err2 := openFile(ctx, f.From)
		if err2 != nil {
			return err2
		}
		defer func() { err = errors.Join(err, closeFile()) }() // which ends the transaction
		// A writer that has much to do leaves its file for microseconds: who waits for longer and longer never finds it free.
		if _, err := guard.ExecContext(ctx, "PRAGMA busy_timeout = 0"); err != nil {
			return fmt.Errorf("sqldb: %s: %w", f.From, err)
		}
		guards[i] = guard
	}
	for limit := time.Now().Add(momentsLimit); ; {
		err := keepOut(ctx, guards)
		if err == nil {
			break
		}
		if !isBusy(err) || time.Now().After(limit) {
			return fmt.Errorf("sqldb: keep writers out: %w", err)
		}
		sleepFor(ctx, momentPause)
	}
	for i, f := range files {
		var tables int
		_, err := views[i].ExecContext(ctx, "BEGIN")
		if err == nil {
			err = views[i].QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master").Scan(&tables)
		}
		if err != nil {
			return fmt.Errorf("sqldb: read %s: %w", f.From, err)
		}
	}
	return nil
}

// keepOut takes the place of the writer in every file, or in none.
func keepOut(ctx context.Context, guards []*sql.Conn) error {
	limit := time.Now().Add(momentTimeout)
	for i, guard := range guards {
		_, err := guard.ExecContext(ctx, "BEGIN IMMEDIATE")
		for isBusy(err) && time.Now().Before(limit) && ctx.Err() == nil {
			sleepFor(ctx, 500*time.Microsecond)
			_, err = guard.ExecContext(ctx, "BEGIN IMMEDIATE")
		}
		if err == nil {
			continue
		}
		for _, taken := range guards[:i] {
			if _, err2 := taken.ExecContext(ctx, "ROLLBACK"); err2 != nil {
				err = errors.Join(err2, err)
			}
		}
		return err
	}
	return nil
}

func isBusy(err error) bool {
	lite, ok := errors.AsType[*sqlite.Error](err)
	return ok && lite.Code()&0xff == sqlite3.SQLITE_BUSY
}

func sleepFor(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// openFile opens a connection of its own to a file that exists.
func openFile(ctx context.Context, path string) (*sql.Conn, func() error, error) {
	if _, err := os.Stat(path); err != nil { // SQLite would make it
		return nil, nil, fmt.Errorf("sqldb: %w", err)
	}
	connector, err := newLiteConnector(path, time.Now)
	if err != nil {
		return nil, nil, err
	}
	db := sql.OpenDB(connector)
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("sqldb: open %s: %w", path, err), db.Close())
	}
	return conn, func() error { return errors.Join(conn.Close(), db.Close()) }, nil
}

// copyView copies what an open view shows.
func copyView(view *sql.Conn, f FileCopy) error {
	if err := os.MkdirAll(filepath.Dir(f.To), 0o700); err != nil {
		return fmt.Errorf("sqldb: %w", err)
	}
	target, err := os.OpenFile(f.To, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("sqldb: %w", err)
	}
	if err := target.Close(); err != nil {
		return fmt.Errorf("sqldb: %w", err)
	}
	err = view.Raw(func(conn any) error {
		source, ok := conn.(interface {
			NewBackup(target string) (*sqlite.Backup, error)
		})
		if !ok {
			return driver.ErrSkip
		}
		copying, err := source.NewBackup(fileURI(f.To))
		if err != nil {
			return err
		}
		if _, err := copying.Step(-1); err != nil {
			return errors.Join(err, copying.Finish())
		}
		return copying.Finish()
	})
	if err != nil {
		return fmt.Errorf("sqldb: copy %s: %w", f.From, err)
	}
	return nil
}
