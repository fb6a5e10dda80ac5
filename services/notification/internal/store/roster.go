package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/domain/oncall"
)

// versionedRoster is a roster as of a version.
type versionedRoster struct {
	version int64
	roster  domain.Roster
}

// Roster implements domain.PageTx: as remembered while its version, read in this transaction, has not changed.
func (tx *Tx) Roster(ctx context.Context) (*domain.Roster, error) {
	if tx.version == 0 {
		if err := tx.readMoment(ctx); err != nil {
			return nil, err
		}
	}
	return tx.s.rosterAt(ctx, tx.q, tx.version)
}

// Roster returns the configuration and the database's clock.
func (s *Store) Roster(ctx context.Context) (*domain.Roster, time.Time, error) {
	var now, version int64
	if err := s.db.Reader().QueryRowContext(ctx, `SELECT altis_now(), version FROM roster`).Scan(&now, &version); err != nil {
		return nil, time.Time{}, sqldb.Classify(err)
	}
	r, err := s.rosterAt(ctx, s.db.Reader(), version)
	return r, sqldb.Time(now), err
}

func (s *Store) rosterAt(ctx context.Context, q sqldb.Queryer, version int64) (*domain.Roster, error) {
	if known := s.roster.Load(); known != nil && known.version == version {
		return &known.roster, nil
	}
	fresh := &versionedRoster{version: version}
	var err error
	if fresh.roster, err = readRoster(ctx, q); err != nil {
		return nil, err
	}
	// Outside of a transaction a change may have come between the version and the rest.
	var after int64
	if err := q.QueryRowContext(ctx, `SELECT version FROM roster`).Scan(&after); err != nil {
		return nil, sqldb.Classify(err)
	}
	if after == version {
		s.roster.Store(fresh)
	}
	return &fresh.roster, nil
}

type scheduleRow struct {
	ID, Name, Zone, Layers string
}

type overrideRow struct {
	ID, Schedule, Kind, Person, Replaced, Layers string
	StartAt, EndAt                               int64
}

func readRoster(ctx context.Context, q sqldb.Queryer) (domain.Roster, error) {
	r := domain.Roster{Schedules: map[string]oncall.Schedule{}}
	var schedules []scheduleRow
	if err := all(ctx, q, &schedules, `SELECT id, name, zone, layers FROM schedules`); err != nil {
		return r, err
	}
	for _, row := range schedules {
		zone, err := time.LoadLocation(row.Zone)
		if err != nil {
			return r, fmt.Errorf("zone of schedule %s: %w", row.ID, err)
		}
		s := oncall.Schedule{ID: row.ID, Name: row.Name, Zone: zone}
		if s.Layers, err = readLayers(row.Layers, zone); err != nil {
			return r, fmt.Errorf("layers of schedule %s: %w", row.ID, err)
		}
		r.Schedules[s.ID] = s
	}
	var overrides []overrideRow
	err := all(ctx, q, &overrides, `SELECT id, schedule, kind, person, replaced, layers, start_at, end_at FROM overrides ORDER BY id`)
	if err != nil {
		return r, err
	}
	for _, row := range overrides {
		s := r.Schedules[row.Schedule]
		o := oncall.Override{
			ID: row.ID, Kind: oncall.Kind(row.Kind), Person: row.Person, Replaced: row.Replaced, Start: sqldb.Time(row.StartAt), End: sqldb.Time(row.EndAt),
		}
		if o.Layers, err = readLayers(row.Layers, s.Zone); err != nil {
			return r, fmt.Errorf("layers of override %s: %w", row.ID, err)
		}
		s.Overrides = append(s.Overrides, o)
		r.Schedules[row.Schedule] = s
	}
	var documents []string
	if err := all(ctx, q, &documents, `SELECT document FROM escalation_policies WHERE id = $1`, domain.PolicyID); err != nil {
		return r, err
	}
	for _, document := range documents {
		r.Policy = &domain.Policy{}
		if err := json.Unmarshal([]byte(document), r.Policy); err != nil {
			return r, fmt.Errorf("escalation policy: %w", err)
		}
	}
	return r, nil
}

// changed makes every replica read the roster again.
func (tx *Tx) changed(ctx context.Context) error {
	_, err := tx.q.ExecContext(ctx, `UPDATE roster SET version = version + 1`)
	return err
}

// LockRoster returns the configuration, which nobody else changes until the end of the transaction. It is read afresh:
// what is remembered must be of a version that is committed.
func (tx *Tx) LockRoster(ctx context.Context) (domain.Roster, error) {
	if err := tx.changed(ctx); err != nil {
		return domain.Roster{}, err
	}
	return readRoster(ctx, tx.q)
}

// PutSchedule creates or replaces a schedule, but for its overrides.
func (tx *Tx) PutSchedule(ctx context.Context, s oncall.Schedule) error {
	_, err := tx.q.ExecContext(ctx, `
INSERT INTO schedules (id, name, zone, layers) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, zone = excluded.zone, layers = excluded.layers`,
		s.ID, s.Name, s.Zone.String(), layersText(s.Layers))
	if err != nil {
		return err
	}
	return tx.changed(ctx)
}

// DeleteSchedule removes a schedule with its overrides. One that is not there stays so.
func (tx *Tx) DeleteSchedule(ctx context.Context, id string) error {
	for _, statement := range []string{
		`DELETE FROM overrides WHERE schedule = $1`, `DELETE FROM schedules WHERE id = $1`, `DELETE FROM duty_watches WHERE schedule = $1`,
	} {
		if _, err := tx.q.ExecContext(ctx, statement, id); err != nil {
			return err
		}
	}
	return tx.changed(ctx)
}

// InsertOverride adds an override to a schedule; it makes its id.
func (tx *Tx) InsertOverride(ctx context.Context, schedule string, o oncall.Override, by string) (oncall.Override, error) {
	o.ID = tx.s.o.NewID()
	if err := tx.putOverride(ctx, schedule, o, by); err != nil {
		return o, err
	}
	return o, tx.changed(ctx)
}

func (tx *Tx) putOverride(ctx context.Context, schedule string, o oncall.Override, by string) error {
	_, err := tx.q.ExecContext(ctx, `
INSERT INTO overrides (id, schedule, kind, person, replaced, layers, start_at, end_at, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, altis_now())`,
		o.ID, schedule, string(o.Kind), o.Person, o.Replaced, layersText(o.Layers), sqldb.Micros(o.Start), sqldb.Micros(o.End), by)
	return err
}

// DeleteOverride removes an override. NotFound.
func (tx *Tx) DeleteOverride(ctx context.Context, schedule, id string) error {
	result, err := tx.q.ExecContext(ctx, `DELETE FROM overrides WHERE id = $1 AND schedule = $2`, id, schedule)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "OVERRIDE_UNKNOWN", "no such override")
	}
	return tx.changed(ctx)
}

// PutPolicy creates or replaces an escalation policy.
func (tx *Tx) PutPolicy(ctx context.Context, id string, p domain.Policy) error {
	_, err := tx.q.ExecContext(ctx, `
INSERT INTO escalation_policies (id, document) VALUES ($1, $2)
ON CONFLICT (id) DO UPDATE SET document = excluded.document`, id, toJSON(p))
	if err != nil {
		return err
	}
	return tx.changed(ctx)
}
