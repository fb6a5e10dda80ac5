package directory

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"altis-dxp.com/support/pkg/sqldb"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
)

const (
	// pollEvery is also how often identity's reachability is learnt.
	pollEvery   = 2 * time.Second
	callTimeout = 5 * time.Second
	pruneEvery  = time.Hour
	pageSize    = 500
	// generation rises when this package learns to keep more (a new kind of thing, a new column), so that the next start
	// reads all changes again: what an older release passed over is behind the cursor.
	generation = 2
)

// Model is the copy and what keeps it current. It is safe for concurrent use.
type Model struct {
	Lookup
	db        *sqldb.DB
	identity  identityv1.DirectoryServiceClient
	logger    *slog.Logger
	now       func() time.Time
	reachedAt atomic.Pointer[time.Time]
}

// New returns the model over db, which has this package's tables. Its clock is time.Now.
func New(db *sqldb.DB, identity identityv1.DirectoryServiceClient, logger *slog.Logger) *Model {
	return &Model{Lookup: Lookup{q: db.Reader(), in: db.In}, db: db, identity: identity, logger: logger, now: time.Now}
}

// WithClock has IdentityReachedAt read this clock, the one that its callers compare it with. Call it before Run.
func (m *Model) WithClock(now func() time.Time) *Model {
	m.now = now
	return m
}

// Run reads identity's changes at once and every two seconds until ctx ends, and forgets revocations that matter no more.
// It returns nil. While identity is away the copy answers as it is.
func (m *Model) Run(ctx context.Context) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	prune := time.NewTicker(pruneEvery)
	defer prune.Stop()
	m.prune(ctx)
	failing := false
	for {
		err := m.catchUp(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && !failing:
			m.logger.WarnContext(ctx, "changes of the directory cannot be read, going on with what is known", slog.Any("error", err))
		case err == nil && failing:
			m.logger.InfoContext(ctx, "changes of the directory are read again")
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-prune.C:
			m.prune(ctx)
		}
	}
}

// catchUp applies all changes behind the cursor. Each page and its cursor are one transaction.
func (m *Model) catchUp(ctx context.Context) error {
	after, err := m.cursor(ctx)
	if err != nil {
		return err
	}
	for {
		changes, more, err := m.changes(ctx, after)
		if err != nil || len(changes) == 0 {
			return err
		}
		after = changes[len(changes)-1].GetVersion()
		err = m.db.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			return m.apply(ctx, tx, changes, after)
		})
		if err != nil || !more {
			return err
		}
	}
}

// changes asks identity. more is false at the end.
func (m *Model) changes(ctx context.Context, after int64) (changes []*eventv1.DirectoryEvent, more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	page, err := m.identity.ListChanges(ctx, &identityv1.ListChangesRequest{AfterVersion: after, PageSize: pageSize})
	if err != nil {
		return nil, false, fmt.Errorf("directory: list changes: %w", err)
	}
	now := m.now()
	m.reachedAt.Store(&now)
	return page.GetChanges(), page.GetMore(), nil
}

// apply writes changes and how far they reach. A kind of thing that only a newer release knows is passed over: it must
// not keep keys and revocations behind it from being read.
func (m *Model) apply(ctx context.Context, tx sqldb.Tx, changes []*eventv1.DirectoryEvent, reached int64) error {
	for _, change := range changes {
		err := Apply(ctx, tx, change)
		if errors.Is(err, ErrUnknown) {
			m.logger.WarnContext(ctx, "passed over a change of the directory that only a newer release understands", slog.Int64("version", change.GetVersion()))
			continue
		}
		if err != nil {
			return fmt.Errorf("directory: apply version %d: %w", change.GetVersion(), err)
		}
	}
	// Replicas read side by side: the cursor never goes back, unless a newer generation starts over.
	_, err := tx.ExecContext(ctx, `
INSERT INTO directory_cursor (id, version, generation) VALUES (1, $1, $2)
ON CONFLICT (id) DO UPDATE SET version = excluded.version, generation = excluded.generation
WHERE directory_cursor.generation < excluded.generation
  OR directory_cursor.generation = excluded.generation AND directory_cursor.version < excluded.version`, reached, generation)
	return err
}

// cursor returns the version up to which this generation has read.
func (m *Model) cursor(ctx context.Context) (int64, error) {
	var version int64
	err := m.q.QueryRowContext(ctx, `SELECT version FROM directory_cursor WHERE id = 1 AND generation >= $1`, generation).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return version, sqldb.Classify(err)
}
