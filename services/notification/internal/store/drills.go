package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// The kinds of tasks of drills. The key of the first two is the drill's id.
const (
	KindDrillEvent = "drill.event"
	KindDrillDue   = "drill.due"
	KindDrillStart = "drill.start"
)

// DrillTask is the payload of KindDrillEvent and KindDrillDue.
type DrillTask struct {
	Drill string `json:"drill"`
}

// DrillStartTask is the payload of KindDrillStart.
type DrillStartTask struct {
	Generation int64 `json:"generation"`
}

const drillColumns = `id, starter, state, started_at, accept_within, acknowledge_within, accepted_at, acknowledger, acknowledged_at,
  alarmed_at, ended_at`

type drillRow struct {
	ID, Starter, State, Acknowledger string

	StartedAt, AcceptWithin, AcknowledgeWithin, AcceptedAt, AcknowledgedAt, AlarmedAt, EndedAt int64
}

func (r drillRow) drill() (domain.Drill, error) {
	d := domain.Drill{
		ID: r.ID, State: domain.DrillState(r.State), StartedAt: sqldb.Time(r.StartedAt), AcceptWithin: duration(r.AcceptWithin),
		AcknowledgeWithin: duration(r.AcknowledgeWithin), AcceptedAt: sqldb.Time(r.AcceptedAt), AcknowledgedAt: sqldb.Time(r.AcknowledgedAt),
		AlarmedAt: sqldb.Time(r.AlarmedAt), EndedAt: sqldb.Time(r.EndedAt),
	}
	if err := errors.Join(readPerson(r.Starter, &d.StartedBy), readPerson(r.Acknowledger, &d.AcknowledgedBy)); err != nil {
		return d, fmt.Errorf("%w: drill %s: %w", durable.ErrUndecodable, r.ID, err)
	}
	return d, nil
}

// readPerson is the reverse of personText.
func readPerson(text string, p *domain.Person) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), p)
}

func duration(micros int64) time.Duration { return time.Duration(micros) * time.Microsecond }

func personText(p domain.Person) string {
	if p == (domain.Person{}) {
		return ""
	}
	return toJSON(p)
}

// InsertDrill implements domain.DrillTx.
func (tx *Tx) InsertDrill(ctx context.Context, d domain.Drill) (bool, error) {
	result, err := tx.q.ExecContext(ctx, `
INSERT INTO drills (`+drillColumns+`) VALUES ($1, $2, $3, $4, $5, $6, 0, '', 0, 0, 0) ON CONFLICT DO NOTHING`,
		d.ID, personText(d.StartedBy), string(d.State), sqldb.Micros(d.StartedAt), d.AcceptWithin.Microseconds(), d.AcknowledgeWithin.Microseconds())
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// LockDrill implements domain.DrillTx.
func (tx *Tx) LockDrill(ctx context.Context, id string) (domain.Drill, error) {
	var row drillRow
	err := one(ctx, tx.q, &row, "DRILL_UNKNOWN", `UPDATE drills SET id = id WHERE id = $1 RETURNING `+drillColumns, id)
	if err != nil {
		return domain.Drill{}, err
	}
	return row.drill()
}

// SaveDrill implements domain.DrillTx.
func (tx *Tx) SaveDrill(ctx context.Context, d domain.Drill) error {
	_, err := tx.q.ExecContext(ctx, `
UPDATE drills SET state = $2, accepted_at = $3, acknowledger = $4, acknowledged_at = $5, alarmed_at = $6, ended_at = $7 WHERE id = $1`,
		d.ID, string(d.State), sqldb.Micros(d.AcceptedAt), personText(d.AcknowledgedBy), sqldb.Micros(d.AcknowledgedAt),
		sqldb.Micros(d.AlarmedAt), sqldb.Micros(d.EndedAt))
	return err
}

// RaiseDrill implements domain.DrillTx.
func (tx *Tx) RaiseDrill(id string) {
	payload := toJSON(DrillTask{Drill: id})
	tx.specs = append(tx.specs, durable.Spec{Kind: KindDrillEvent, Lane: durable.LanePage, Key: id, Payload: []byte(payload)})
}

// DrillDue implements domain.PageTx.
func (tx *Tx) DrillDue(drill string, delay time.Duration) {
	payload := toJSON(DrillTask{Drill: drill})
	tx.specs = append(tx.specs, durable.Spec{Kind: KindDrillDue, Lane: durable.LaneNotice, Key: drill, Payload: []byte(payload), Delay: delay})
}

// Drill returns a drill. NotFound.
func (s *Store) Drill(ctx context.Context, id string) (domain.Drill, error) {
	var row drillRow
	if err := one(ctx, s.db.Reader(), &row, "DRILL_UNKNOWN", `SELECT `+drillColumns+` FROM drills WHERE id = $1`, id); err != nil {
		return domain.Drill{}, err
	}
	return row.drill()
}

// Drills returns drills before a position, newest first.
func (s *Store) Drills(ctx context.Context, before PagePosition, limit int) ([]domain.Drill, error) {
	var rows []drillRow
	err := all(ctx, s.db.Reader(), &rows, `
SELECT `+drillColumns+` FROM drills WHERE CAST($1 AS BIGINT) = 0 OR (started_at, id) < (CAST($1 AS BIGINT), $2) ORDER BY started_at DESC, id DESC LIMIT $3`,
		before.OpenedAt, before.ID, limit)
	drills := make([]domain.Drill, len(rows))
	for i, row := range rows {
		d, err := row.drill()
		if err != nil {
			return nil, err
		}
		drills[i] = d
	}
	return drills, err
}

// DrillAge returns how long ago the last drill passed, or the first one began if none did; false when there was none.
func (s *Store) DrillAge(ctx context.Context) (age time.Duration, known bool, err error) {
	var micros sql.NullInt64
	err = s.db.Reader().QueryRowContext(ctx, `
SELECT altis_now() - COALESCE(MAX(CASE WHEN state = 'passed' THEN ended_at END), MIN(started_at)) FROM drills`).Scan(&micros)
	return duration(micros.Int64), micros.Valid, sqldb.Classify(err)
}

const drillScheduleColumns = `enabled, weekday, minute, zone, accept_within, acknowledge_within, next_at, generation`

type drillScheduleRow struct {
	Enabled bool
	Zone    string

	Weekday, Minute                                     int
	AcceptWithin, AcknowledgeWithin, NextAt, Generation int64
}

func (r drillScheduleRow) schedule() (domain.DrillSchedule, error) {
	zone, err := time.LoadLocation(r.Zone)
	return domain.DrillSchedule{
		Enabled: r.Enabled, Weekday: time.Weekday(r.Weekday % 7), Minute: r.Minute, Zone: zone, AcceptWithin: duration(r.AcceptWithin),
		AcknowledgeWithin: duration(r.AcknowledgeWithin), NextAt: sqldb.Time(r.NextAt), Generation: r.Generation,
	}, err
}

// DrillSchedule returns when there is a drill each week.
func (s *Store) DrillSchedule(ctx context.Context) (domain.DrillSchedule, error) {
	var row drillScheduleRow
	err := one(ctx, s.db.Reader(), &row, "DRILL_SCHEDULE_UNKNOWN", `SELECT `+drillScheduleColumns+` FROM drill_schedule WHERE id = 1`)
	if err != nil {
		return domain.DrillSchedule{}, err
	}
	return row.schedule()
}

// LockDrillSchedule is Store.DrillSchedule; nobody else changes it until the end of the transaction. It reports false when
// the generation is over.
func (tx *Tx) LockDrillSchedule(ctx context.Context, generation int64) (domain.DrillSchedule, bool, error) {
	var row drillScheduleRow
	err := one(ctx, tx.q, &row, "DRILL_SCHEDULE_UNKNOWN",
		`UPDATE drill_schedule SET id = id WHERE id = 1 AND generation = $1 RETURNING `+drillScheduleColumns, generation)
	if errors.Is(err, fault.NotFound) {
		return domain.DrillSchedule{}, false, nil
	}
	if err != nil {
		return domain.DrillSchedule{}, false, err
	}
	schedule, err := row.schedule()
	return schedule, true, err
}

// SaveDrillSchedule writes the schedule, as the next generation, with the task of its next drill.
func (tx *Tx) SaveDrillSchedule(ctx context.Context, s domain.DrillSchedule, now time.Time) error {
	var generation int64
	weekday := (int(s.Weekday)+6)%7 + 1
	err := tx.q.QueryRowContext(ctx, `
UPDATE drill_schedule SET enabled = $1, weekday = $2, minute = $3, zone = $4, accept_within = $5, acknowledge_within = $6, next_at = $7,
  generation = generation + 1 WHERE id = 1 RETURNING generation`, flag(s.Enabled), weekday, s.Minute, s.Zone.String(),
		s.AcceptWithin.Microseconds(), s.AcknowledgeWithin.Microseconds(), sqldb.Micros(s.NextAt)).Scan(&generation)
	if err != nil || !s.Enabled {
		return err
	}
	payload := toJSON(DrillStartTask{Generation: generation})
	tx.specs = append(tx.specs, durable.Spec{
		Kind: KindDrillStart, Lane: durable.LaneNotice, Key: "drill", Payload: []byte(payload), Delay: max(s.NextAt.Sub(now), 0),
	})
	return nil
}
