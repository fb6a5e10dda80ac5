package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"altis-dxp.com/support/pkg/fault"
)

// IsUnique reports whether err is the violation of a unique index or a primary key.
func IsUnique(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "23505"
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		switch lite.Code() {
		case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
			return true
		}
	}
	return false
}

// IsFull reports whether err says that the database's disk is full. What was being written is not there then.
func IsFull(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "53100"
	}
	lite, ok := errors.AsType[*sqlite.Error](err)
	return ok && (lite.Code()&0xff == sqlite3.SQLITE_FULL || lite.Code() == sqlite3.SQLITE_IOERR_SHMSIZE)
}

// Classify turns connection, timeout and shutdown problems into fault.Unavailable with the reason DATABASE_UNAVAILABLE
// and a second's RetryAfter, and text that PostgreSQL cannot store (it holds a NUL or is not UTF-8) into fault.Invalid
// with the reason TEXT_INVALID. Whatever is a fault already, sql.ErrNoRows, a cancelled context and everything else stay.
func Classify(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && (pg.Code == "22021" || pg.Code == "22P05") { // the latter in JSON
		return fault.Wrap(fault.Invalid, "TEXT_INVALID", err)
	}
	if !unavailable(err) {
		return err
	}
	f := fault.Wrap(fault.Unavailable, "DATABASE_UNAVAILABLE", err)
	f.RetryAfter = time.Second
	return f
}

func unavailable(err error) bool {
	if errors.Is(err, ErrClosed) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, context.DeadlineExceeded) || lostConnection(err) || wasAborted(err) {
		return true
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		// 53: no connections or disk space left; 57014: statement timeout; 25006: a standby was promoted or demoted.
		return strings.HasPrefix(pg.Code, "53") || pg.Code == "57014" || pg.Code == "25006"
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM:
			return true
		}
	}
	return strings.HasPrefix(err.Error(), "sql: database is closed")
}

// wasAborted reports that PostgreSQL rolled the transaction back because of another one: running it again may succeed.
func wasAborted(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "40001" || pg.Code == "40P01")
}

// lostConnection reports that the connection ended or was never made.
func lostConnection(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		// 08: connection exceptions; 57P01..57P03: shutting down, crashed, starting up.
		return strings.HasPrefix(pg.Code, "08") || strings.HasPrefix(pg.Code, "57P")
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*net.OpError](err); ok {
		return true
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || pgconn.SafeToRetry(err)
}

// neverExecuted reports that the server did not see the statement, so that even one without a transaction may run again.
func neverExecuted(err error) bool {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	return errors.Is(err, driver.ErrBadConn) || pgconn.SafeToRetry(err)
}
