package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// LockSession holds advisory locks: named by 64-bit keys, exclusive among all sessions on the database, and gone the
// moment the session ends, however it ends. On PostgreSQL it is a connection of its own (never through a pooler that
// shares sessions); on SQLite the locks live in this process, which alone has the file.
//
// A LockSession is for one goroutine.
type LockSession struct{ backend lockBackend }

type lockBackend interface {
	tryLock(ctx context.Context, key int64) (bool, error)
	unlock(ctx context.Context, key int64) error
	ping(ctx context.Context) error
	close() error
}

// LockSession opens a session. It holds nothing yet.
func (db *DB) LockSession(ctx context.Context) (*LockSession, error) {
	b, err := db.backend.lockSession(ctx)
	if err != nil {
		return nil, Classify(fmt.Errorf("sqldb: lock session: %w", err))
	}
	return &LockSession{b}, nil
}

// TryLock takes the lock if nobody has it, and reports whether it did. A session does not take a lock twice.
func (s *LockSession) TryLock(ctx context.Context, key int64) (bool, error) {
	ok, err := s.backend.tryLock(ctx, key)
	return ok, Classify(err)
}

// Lock waits for the lock, asking ten times a second: a waiting statement on PostgreSQL would hold a snapshot, for which
// CREATE INDEX CONCURRENTLY under the same lock would wait in turn.
func (s *LockSession) Lock(ctx context.Context, key int64) error {
	for {
		ok, err := s.TryLock(ctx, key)
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return Classify(ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// Unlock gives back a lock of this session.
func (s *LockSession) Unlock(ctx context.Context, key int64) error {
	return Classify(s.backend.unlock(ctx, key))
}

// Ping reports whether the session, and with it every lock, still exists.
func (s *LockSession) Ping(ctx context.Context) error { return Classify(s.backend.ping(ctx)) }

// Close ends the session and gives back its locks.
func (s *LockSession) Close() error { return s.backend.close() }

type postgresLocks struct{ conn *pgx.Conn }

func (p *postgres) lockSession(ctx context.Context) (lockBackend, error) {
	config := p.config.Copy()
	// The server must notice within seconds that this host is gone, else its locks would outlive it by hours.
	config.RuntimeParams["tcp_keepalives_idle"] = "5"
	config.RuntimeParams["tcp_keepalives_interval"] = "2"
	config.RuntimeParams["tcp_keepalives_count"] = "3"
	config.RuntimeParams["application_name"] = "altis-locks"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	return postgresLocks{conn}, nil
}

func (l postgresLocks) tryLock(ctx context.Context, key int64) (ok bool, err error) {
	err = l.conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", key).Scan(&ok)
	return ok, err
}

func (l postgresLocks) unlock(ctx context.Context, key int64) error {
	_, err := l.conn.Exec(ctx, "SELECT pg_advisory_unlock($1)", key)
	return err
}

func (l postgresLocks) ping(ctx context.Context) error { return l.conn.Ping(ctx) }

func (l postgresLocks) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return l.conn.Close(ctx)
}

// liteLocks are the keys of lite.keys that belong to one session.
type liteLocks struct {
	lite *lite
	held map[int64]bool
}

func (l *lite) lockSession(context.Context) (lockBackend, error) {
	return &liteLocks{lite: l, held: map[int64]bool{}}, nil
}

func (l *liteLocks) tryLock(_ context.Context, key int64) (bool, error) {
	l.lite.mu.Lock()
	defer l.lite.mu.Unlock()
	if l.held == nil {
		return false, sql.ErrConnDone
	}
	if l.lite.keys[key] {
		return false, nil
	}
	l.lite.keys[key], l.held[key] = true, true
	return true, nil
}

func (l *liteLocks) unlock(_ context.Context, key int64) error {
	l.lite.mu.Lock()
	defer l.lite.mu.Unlock()
	if !l.held[key] {
		return errors.New("sqldb: unlock of a lock that is not held")
	}
	delete(l.held, key)
	delete(l.lite.keys, key)
	return nil
}

func (l *liteLocks) ping(context.Context) error { return nil }

func (l *liteLocks) close() error {
	l.lite.mu.Lock()
	defer l.lite.mu.Unlock()
	for key := range l.held {
		delete(l.lite.keys, key)
	}
	l.held = nil
	return nil
}
