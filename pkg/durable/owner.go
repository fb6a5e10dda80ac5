package durable

import (
	"context"
	"fmt"
	"hash/fnv"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/georgysavva/scany/v2/sqlscan"

	"altis-dxp.com/support/pkg/sqldb"
)

const (
	// sessionTimeout bounds the statements that tell whether this process still has its lock.
	sessionTimeout = 3 * time.Second
	// lateAfter is how long a statement of the dead may go on: its process was killed, not the server's side of it.
	lateAfter = time.Second
	// buryTimeout bounds the release of one owner's leases, of which there may be many thousands.
	buryTimeout = 30 * time.Second
)

// keepOwner has this process own an id by which its leases are known, a new one whenever the session that proves it is lost,
// and gives the leases of dead owners back: at once and then every second.
func (q *Queue) keepOwner(ctx context.Context) {
	wait := 50 * time.Millisecond
	for ctx.Err() == nil {
		session, owner, err := q.becomeOwner(ctx)
		if err != nil {
			if ctx.Err() == nil {
				q.logger.WarnContext(ctx, "durable: no owner's lock, nothing is claimed", slog.Any("error", err))
			}
			sleep(ctx, wait)
			wait = min(2*wait, time.Second)
			continue
		}
		wait = 50 * time.Millisecond
		err = q.serveOwner(ctx, session, owner)
		q.setOwner("")
		if ctx.Err() == nil {
			q.logger.WarnContext(ctx, "durable: the owner's lock is lost", slog.String("owner", owner), slog.Any("error", err))
		} else {
			q.retire(context.WithoutCancel(ctx), owner)
		}
		if err := session.Close(); err != nil && ctx.Err() != nil {
			q.logger.DebugContext(ctx, "durable: close the lock session", slog.Any("error", err))
		}
	}
}

// becomeOwner takes the lock of a new id and only then makes the id known: a known id whose lock is free is dead.
func (q *Queue) becomeOwner(ctx context.Context) (session *sqldb.LockSession, owner string, err error) {
	ctx, cancel := context.WithTimeout(ctx, sessionTimeout)
	defer cancel()
	session, err = q.db.LockSession(ctx)
	if err != nil {
		return nil, "", err
	}
	owner = newID()
	ok, err := session.TryLock(ctx, lockKey(owner))
	if err == nil && !ok {
		err = fmt.Errorf("durable: the lock of the new id %s is taken", owner)
	}
	if err == nil {
		err = q.db.Do(ctx, sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO task_owners (id, started_at) VALUES ($1, altis_now())", owner)
			return err
		})
	}
	if err != nil {
		_ = session.Close() // the first error says why
		return nil, "", err
	}
	return session, owner, nil
}

// serveOwner returns when the session is lost or ctx ends.
func (q *Queue) serveOwner(ctx context.Context, session *sqldb.LockSession, owner string) error {
	if err := q.reclaim(ctx, session, owner); err != nil {
		return err
	}
	q.setOwner(owner)
	q.signalAll()
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
		if err := q.checkSession(ctx, session); err != nil {
			return err
		}
		if err := q.reclaim(ctx, session, owner); err != nil {
			return err
		}
	}
}

func (q *Queue) checkSession(ctx context.Context, session *sqldb.LockSession) error {
	ctx, cancel := context.WithTimeout(ctx, sessionTimeout)
	defer cancel()
	return session.Ping(ctx)
}

// reclaim gives back the leases of all owners whose lock can be taken. An error means that the session is not to be trusted;
// other trouble is logged and tried again in a second.
func (q *Queue) reclaim(ctx context.Context, session *sqldb.LockSession, self string) error {
	var owners []string
	listing, cancel := context.WithTimeout(ctx, sessionTimeout)
	defer cancel()
	if err := sqlscan.Select(listing, q.db.Reader(), &owners, "SELECT id FROM task_owners WHERE id <> $1", self); err != nil {
		q.logger.WarnContext(ctx, "durable: list owners", slog.Any("error", err))
		return nil
	}
	maps.DeleteFunc(q.dead, func(owner string, _ time.Time) bool { return !slices.Contains(owners, owner) }) // forgotten by another replica
	for _, owner := range owners {
		if err := q.reclaimFrom(ctx, session, owner); err != nil {
			return err
		}
	}
	return nil
}

// reclaimFrom gives back the leases of an owner, if it is dead. The first time it only does that: a statement of the dead
// may commit later, with more leases. The id is forgotten by a later sweep that finds none.
func (q *Queue) reclaimFrom(ctx context.Context, session *sqldb.LockSession, owner string) error {
	trying, cancel := context.WithTimeout(ctx, sessionTimeout)
	defer cancel()
	dead, err := session.TryLock(trying, lockKey(owner))
	if err != nil || !dead {
		return err
	}
	since, known := q.dead[owner]
	n, err := q.bury(ctx, owner, func(released int64) bool { return known && released == 0 && q.now().Sub(since) >= lateAfter })
	q.probe("reclaimed")
	switch {
	case err != nil:
		q.logger.WarnContext(ctx, "durable: reclaim", slog.String("owner", owner), slog.Any("error", err))
	case n > 0 || !known:
		q.dead[owner] = q.now()
		q.logger.InfoContext(ctx, "durable: reclaimed the tasks of a dead owner", slog.String("owner", owner), slog.Int64("tasks", n))
	}
	if n > 0 {
		q.mu.Lock()
		q.stats.Reclaimed += n
		q.mu.Unlock()
		q.signalAll()
		q.ring()
	}
	unlocking, cancel := context.WithTimeout(ctx, sessionTimeout)
	defer cancel()
	return session.Unlock(unlocking, lockKey(owner))
}

// bury ends all leases of an owner, n of them, and forgets its id if forget says so. What a statement of a forgotten owner
// leaves is renewed by nobody: it lapses.
func (q *Queue) bury(ctx context.Context, owner string, forget func(released int64) bool) (n int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, buryTimeout)
	defer cancel()
	err = q.db.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx sqldb.Tx) error {
		result, err := tx.ExecContext(ctx, q.sql.release, owner)
		if err != nil {
			return err
		}
		if n, err = result.RowsAffected(); err != nil || !forget(n) {
			return err
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM task_owners WHERE id = $1", owner)
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// retire is the orderly end of an owner, none of whose statements is under way: what it still holds is free for others at
// once.
func (q *Queue) retire(ctx context.Context, owner string) {
	ctx, cancel := context.WithTimeout(ctx, sessionTimeout)
	defer cancel()
	n, err := q.bury(ctx, owner, func(int64) bool { return true })
	if err != nil {
		q.logger.WarnContext(ctx, "durable: leases are left to lapse", slog.Any("error", err))
	} else if n > 0 {
		q.ring()
	}
}

func (q *Queue) setOwner(owner string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.owner = owner
}

// lockKey makes an advisory lock's key of an owner's id.
func lockKey(owner string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte("altis-task-owner:" + owner)) // a hash never fails
	return int64(h.Sum64())
}
