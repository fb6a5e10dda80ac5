package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/metric/noop"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/domain/oncall"
	"altis-dxp.com/support/services/notification/internal/store"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

// day is notification without its queue, whose tasks it runs one by one when they are due: by one of two processes, which
// share nothing but the database.
type day struct {
	t         *testing.T
	db        *sqldb.DB
	clock     *testkit.Clock
	processes []*Tasks
	handlers  []map[string]durable.Handler
	turn      int
	runs      map[string]int // of tasks, by their id
	mu        sync.Mutex     // guards what the receiver notes: calls, took and the messages of storms
	calls     map[string][]time.Time
	took      map[string]int // how often the receiver took a delivery
	storms    []*storm
}

func simulateDay(t *testing.T, cfg sqldb.Config, script []incident, storms []*storm) {
	d := &day{
		t: t, clock: testkit.NewClock(dayBegins.Add(-time.Hour)), runs: map[string]int{}, calls: map[string][]time.Time{}, took: map[string]int{}, storms: storms,
	}
	cfg.Clock = d.clock.Now
	var err error
	d.db, err = sqldb.Open(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.db.Close()) })
	d.stopServersClock()
	receiver := httptest.NewServer(http.HandlerFunc(d.receive))
	t.Cleanup(receiver.Close)
	for range 2 {
		d.process(t)
	}
	d.configure(receiver.URL)

	for _, step := range d.happenings(script) {
		d.runUntil(step.at)
		d.moveTo(step.at)
		step.do()
	}
	d.runUntil(dayEnds.Add(24 * time.Hour))
	d.compare(script)
}

// stopServersClock has PostgreSQL's altis_now() stand still, as SQLite's does here.
func (d *day) stopServersClock() {
	if d.db.Engine() == sqldb.Postgres {
		d.exec(`CREATE TABLE day_clock (micros BIGINT NOT NULL)`)
		d.exec(`INSERT INTO day_clock (micros) VALUES ($1)`, d.clock.Now().UnixMicro())
		d.exec(`CREATE OR REPLACE FUNCTION altis_now() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS 'SELECT micros FROM day_clock'`)
	}
}

func (d *day) moveTo(at time.Time) {
	if now := d.clock.Now(); at.After(now) {
		d.clock.Advance(at.Sub(now))
		if d.db.Engine() == sqldb.Postgres {
			d.exec(`UPDATE day_clock SET micros = $1`, at.UnixMicro())
		}
	}
}

func (d *day) exec(query string, args ...any) {
	d.t.Helper()
	require.NoError(d.t, d.db.Update(d.t.Context(), sqldb.Op{Soft: true}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	}))
}

// process adds a process.
func (d *day) process(t *testing.T) {
	logger := slog.New(slog.DiscardHandler)
	queue, err := durable.New(durable.Options{DB: d.db, Service: "notification"})
	require.NoError(t, err)
	instruments, err := NewInstruments(noop.Meter{})
	require.NoError(t, err)
	sender := webhook.NewSender(true, time.Now)
	t.Cleanup(sender.Close)
	p := &Tasks{
		Webhooks: sender, AttemptTimeout: time.Minute, Logger: logger, Instruments: instruments,
		Bundling: Bundling{After: d.storms[0].alone, Hold: stormHold},
		Pager: domain.Pager{
			Render: webhook.Render, RenderBundle: webhook.RenderBundle, TicketURL: func(number int64) string { return "https://desk.test/tickets/" + strconv.FormatInt(number, 10) },
			AckURL: func(domain.AckKey, domain.AckClaim) string { return "https://desk.test/a/link" },
		},
	}
	p.Store = store.New(store.Options{
		DB: d.db, Queue: queue, Logger: logger, MailDomain: "desk.test", NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
		PageEvent: func(_ context.Context, e domain.PageEvent) durable.Spec {
			return durable.Spec{Kind: "event", Lane: durable.LaneNotice, Key: e.Page.ID, Payload: []byte(strconv.Itoa(int(e.Kind)))}
		},
	})
	d.processes, d.handlers = append(d.processes, p), append(d.handlers, p.Handlers())
}

// configure makes the people, schedules and policy of the oracle.
func (d *day) configure(receiver string) {
	require.NoError(d.t, d.db.Update(d.t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		for i, id := range dayPeople {
			role := "engineer"
			if id == dayPerson.ID {
				role = "supervisor"
			}
			err := directory.Apply(ctx, tx, &eventv1.DirectoryEvent{Version: int64(i + 1), Entity: &eventv1.DirectoryEvent_Person{
				Person: &eventv1.DirectoryPerson{Id: id, Name: id, Staff: true, Role: role},
			}})
			if err != nil {
				return err
			}
			for n := range contactsInDay(id) {
				if id == "p11" {
					break
				}
				contact := contactInDay(id, n)
				_, err := tx.ExecContext(ctx, `
INSERT INTO contacts (id, person, channel, address, secret, position, created_at, verified_at) VALUES ($1, $2, 'webhook', $3, $4, $5, 1, 1)`,
					contact, id, receiver+"/"+contact, webhook.NewSecret(), n+1)
				if err != nil {
					return err
				}
			}
		}
		return nil
	}))
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(d.t, err)
	wall := func(day, hour int) time.Time { return time.Date(2026, 10, day, hour, 0, 0, 0, time.UTC) }
	at := func(hour float64) time.Time { return dayBegins.Add(time.Duration(hour * float64(time.Hour))) }
	d.update(func(ctx context.Context, tx *store.Tx) error {
		err := errors.Join(
			tx.PutSchedule(ctx, oncall.Schedule{ID: "primary", Name: "Primary", Zone: berlin, Layers: []oncall.Layer{
				{Name: "below", Unit: oncall.Day, Length: 1, Start: wall(1, 0), People: []string{"p05"}},
				{Name: "turns", Unit: oncall.Hour, Length: 8, Start: wall(24, 22), People: []string{"p00", "p01", "p02", "p03", "p04"}},
			}}),
			tx.PutSchedule(ctx, oncall.Schedule{ID: "secondary", Name: "Secondary", Zone: berlin, Layers: []oncall.Layer{
				{Unit: oncall.Week, Length: 1, Start: wall(1, 0), People: []string{"p09"}, Restrictions: []oncall.Restriction{{From: 8 * time.Hour, Until: 20 * time.Hour}}},
			}}),
			tx.PutPolicy(ctx, domain.PolicyID, dayPolicy),
		)
		for _, o := range []oncall.Override{
			{Kind: oncall.Replace, Person: "p06", Replaced: "p01", Start: at(9), End: at(11)},
			{Kind: oncall.Add, Person: "p07", Start: at(16), End: at(17)},
			{Kind: oncall.ReplaceAll, Person: "p08", Start: at(22), End: at(23)},
		} {
			_, failed := tx.InsertOverride(ctx, "primary", o, "p10")
			err = errors.Join(err, failed)
		}
		for _, person := range []string{"p00", "p03", "p09"} {
			steps := []domain.RuleStep{{Contact: contactInDay(person, 0)}, {Contact: contactInDay(person, 1), After: dayRuleDelay}}
			_, failed := tx.LockRules(ctx, person)
			err = errors.Join(err, failed, tx.PutRules(ctx, person, domain.Rules{Urgent: steps}))
		}
		return err
	})
}

func (d *day) policy(p domain.Policy) {
	d.update(func(ctx context.Context, tx *store.Tx) error { return tx.PutPolicy(ctx, domain.PolicyID, p) })
}

// disable takes somebody off duty, or back.
func (d *day) disable(person string, version int64, disabled bool) {
	require.NoError(d.t, d.db.Update(d.t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		return directory.Apply(ctx, tx, &eventv1.DirectoryEvent{Version: version, Entity: &eventv1.DirectoryEvent_Person{
			Person: &eventv1.DirectoryPerson{Id: person, Name: person, Staff: true, Role: "engineer", Disabled: disabled},
		}})
	}))
}

// one returns the process whose turn it is.
func (d *day) one() *Tasks {
	d.turn++
	return d.processes[d.turn%len(d.processes)]
}

func (d *day) update(fn func(ctx context.Context, tx *store.Tx) error) {
	d.t.Helper()
	require.NoError(d.t, d.one().Store.Update(d.t.Context(), sqldb.Op{Page: true}, fn))
}

// runUntil runs what is due before an instant, each task at its time.
func (d *day) runUntil(end time.Time) {
	for {
		var task durable.Task
		var payload string
		var runAt int64
		rows, err := d.db.Reader().QueryContext(d.t.Context(), `
SELECT id, kind, key, payload, run_at FROM tasks WHERE lane = $1 AND run_at < $2 ORDER BY run_at, id LIMIT 1`, int64(durable.LanePage), end.UnixMicro())
		require.NoError(d.t, err)
		found := rows.Next()
		if found {
			require.NoError(d.t, rows.Scan(&task.ID, &task.Kind, &task.Key, &payload, &runAt))
		}
		require.NoError(d.t, errors.Join(rows.Err(), rows.Close()))
		if !found {
			return
		}
		task.Lane, task.Payload = durable.LanePage, []byte(payload)
		d.moveTo(time.UnixMicro(runAt).UTC())
		d.run(task)
	}
}

// run runs a task once and writes what came of it, unless its process is killed before.
func (d *day) run(task durable.Task) {
	d.one()
	handler := d.handlers[d.turn%len(d.processes)][task.Kind]
	require.NotNil(d.t, handler.Run, task.Kind)
	d.runs[task.ID]++
	task.Attempt = d.runs[task.ID]
	err := handler.Run(d.t.Context(), task)
	killed := dice("crash", task.ID)%25 == 0 && task.Attempt == 1
	if task.Kind == store.KindDeliver {
		p, err := decode[store.DeliverTask](task)
		require.NoError(d.t, err)
		killed = forgets(p.Delivery, task.Attempt)
	}
	pause := dayLease
	switch {
	case killed:
	case err == nil:
		d.exec(`DELETE FROM tasks WHERE id = $1`, task.ID)
		return
	default:
		require.Contains(d.t, []string{store.KindDeliver, store.KindBundle}, task.Kind, "%v", err)
		pause = handler.Pause(task, err)
	}
	d.exec(`UPDATE tasks SET run_at = altis_now() + $2 WHERE id = $1`, task.ID, pause.Microseconds())
}

// receive is everybody's pager.
func (d *day) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	id := r.Header.Get("webhook-id")
	person, number, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "-")
	contact, err := strconv.Atoi(number)
	if err != nil {
		d.t.Errorf("called at %s", r.URL.Path)
	}
	if person == "p20" || person == "p21" {
		w.WriteHeader(d.receiveInStorm(person, contact, id, body))
		return
	}
	var notice struct{ Data struct{ Delivery string } }
	if err := json.Unmarshal(body, &notice); err != nil || notice.Data.Delivery != id {
		d.t.Errorf("delivery %s says that it is %s: %v", id, notice.Data.Delivery, err)
	}
	now := d.clock.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls[id] = append(d.calls[id], now)
	v := judge(id, contact, len(d.calls[id]), now)
	if v.took() {
		d.took[id]++
	}
	switch {
	case v.status == 0:
		panic(http.ErrAbortHandler)
	case v.after > 0:
		w.Header().Set("Retry-After", strconv.Itoa(v.after))
	}
	w.WriteHeader(v.status)
}
