package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// WatchSchedules has schedules, or the policy, looked at now, and from then on whenever who is on call changes: they are new, or have changed.
func (tx *Tx) WatchSchedules(ctx context.Context, ids ...string) error {
	for _, id := range slices.Sorted(slices.Values(ids)) {
		var generation int64
		err := tx.q.QueryRowContext(ctx, `
INSERT INTO duty_watches (schedule, generation, looked_at, named, on_call, gap_since, gap_told) VALUES ($1, 1, 0, 0, '[]', 0, 0)
ON CONFLICT (schedule) DO UPDATE SET generation = duty_watches.generation + 1 RETURNING generation`, id).Scan(&generation)
		if err != nil {
			return err
		}
		if _, err := tx.q.Cancel(ctx, KindWatch, id); err != nil {
			return err
		}
		tx.watch(id, generation, 0)
	}
	return nil
}

func (tx *Tx) watch(schedule string, generation int64, in time.Duration) {
	payload := toJSON(WatchTask{Schedule: schedule, Generation: generation})
	tx.specs = append(tx.specs, durable.Spec{Kind: KindWatch, Lane: durable.LaneNotice, Key: schedule, Payload: []byte(payload), Delay: in})
}

// LockWatch returns what was seen of a schedule, which nobody else changes until the end of the transaction. It reports
// false when another task looks at the schedule, or none does any more.
func (tx *Tx) LockWatch(ctx context.Context, t WatchTask) (domain.DutyWatch, bool, error) {
	w := domain.DutyWatch{Schedule: t.Schedule}
	var lookedAt, gapSince, gapTold int64
	var onCall string
	err := tx.q.QueryRowContext(ctx, `
UPDATE duty_watches SET generation = generation WHERE schedule = $1 AND generation = $2
RETURNING looked_at, named, on_call, gap_since, gap_told`, t.Schedule, t.Generation).Scan(&lookedAt, &w.Named, &onCall, &gapSince, &gapTold)
	if errors.Is(err, sql.ErrNoRows) {
		return w, false, nil
	}
	if err != nil {
		return w, false, err
	}
	w.LookedAt, w.GapSince, w.GapTold = sqldb.Time(lookedAt), sqldb.Time(gapSince), sqldb.Time(gapTold)
	if err := json.Unmarshal([]byte(onCall), &w.OnCall); err != nil {
		return w, false, fmt.Errorf("%w: watch of schedule %s: %w", durable.ErrUndecodable, t.Schedule, err)
	}
	return w, true, nil
}

// SaveWatch writes what was seen, and has the schedule looked at again.
func (tx *Tx) SaveWatch(ctx context.Context, t WatchTask, w domain.DutyWatch, again time.Duration) error {
	if w.OnCall == nil {
		w.OnCall = []string{}
	}
	_, err := tx.q.ExecContext(ctx, `
UPDATE duty_watches SET generation = $2, looked_at = $3, named = $4, on_call = $5, gap_since = $6, gap_told = $7 WHERE schedule = $1`,
		t.Schedule, t.Generation+1, sqldb.Micros(w.LookedAt), flag(w.Named), toJSON(w.OnCall), sqldb.Micros(w.GapSince), sqldb.Micros(w.GapTold))
	tx.watch(t.Schedule, t.Generation+1, again)
	return err
}

// Unwatched returns the schedules, and the policy, that nobody looks at: those of before there were watches.
func (s *Store) Unwatched(ctx context.Context) (ids []string, err error) {
	err = all(ctx, s.db.Reader(), &ids, `
SELECT id FROM schedules WHERE id NOT IN (SELECT schedule FROM duty_watches)
UNION ALL SELECT $1 FROM escalation_policies WHERE id = $2 AND NOT EXISTS (SELECT 1 FROM duty_watches WHERE schedule = $1)`,
		domain.PolicyWatch, domain.PolicyID)
	return ids, err
}

// Gaps counts the schedules that have nobody on call now though somebody should be, and the policy if some of it reaches
// nobody.
func (s *Store) Gaps(ctx context.Context) (n int64, err error) {
	err = s.db.Reader().QueryRowContext(ctx, `SELECT COUNT(*) FROM duty_watches WHERE gap_since > 0`).Scan(&n)
	return n, sqldb.Classify(err)
}
