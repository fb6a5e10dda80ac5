package events_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func logger() *slog.Logger { return slog.New(slog.DiscardHandler) }

// service is the database of a service with an effect to see: the table effects, one row per event applied.
type service struct {
	db    *sqldb.DB
	queue *durable.Queue
}

func newService(t *testing.T, cfg sqldb.Config, handlers map[string]durable.Handler) service {
	db, err := sqldb.Open(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	require.NoError(t, db.Migrate(t.Context(), durable.Migrations(), events.Migrations()))
	require.NoError(t, db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `CREATE TABLE effects (event TEXT NOT NULL)`)
		return err
	}))
	queue, err := durable.New(durable.Options{DB: db, Handlers: handlers, Service: "test", Logger: logger()})
	require.NoError(t, err)
	return service{db: db, queue: queue}
}

// effect is an ApplyFunc that leaves a row.
func effect(ctx context.Context, tx *durable.Tx, event *eventv1.Event) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO effects (event) VALUES ($1)`, event.GetId())
	return err
}

func (s service) sink(apply events.ApplyFunc) *events.Sink {
	return events.NewSink(s.queue, apply, logger())
}

func (s service) count(t require.TestingT, query string, args ...any) (n int) {
	require.NoError(t, s.db.Reader().QueryRowContext(context.Background(), query, args...).Scan(&n))
	return n
}

func forEachEngine(t *testing.T, test func(t *testing.T, s service)) {
	testkit.Databases(t, "events", func(t *testing.T, cfg sqldb.Config) { test(t, newService(t, cfg, nil)) }, durable.Migrations(), events.Migrations())
}

// ticketEvent returns an event of the ticket service.
func ticketEvent(id, aggregate string, sequence int64) *eventv1.Event {
	event := events.NewEvent(context.Background(), "ticket", aggregate, sequence, id, time.Unix(1_700_000_000, 0))
	event.Payload = &eventv1.Event_Ticket{Ticket: &eventv1.TicketEvent{}}
	return event
}

func deliver(t *testing.T, sink *events.Sink, list ...*eventv1.Event) []*eventv1.Outcome {
	response, err := sink.Deliver(asService(t.Context(), "ticket"), &eventv1.DeliverRequest{Events: list})
	require.NoError(t, err)
	require.Len(t, response.GetOutcomes(), len(list))
	for i, outcome := range response.GetOutcomes() {
		require.Equal(t, list[i].GetId(), outcome.GetEvent())
	}
	return response.GetOutcomes()
}

func asService(ctx context.Context, name string) context.Context {
	return auth.WithPrincipal(ctx, auth.Principal{Service: name})
}

// Shorter names for the verdicts.
const (
	applied   = eventv1.Outcome_VERDICT_APPLIED
	duplicate = eventv1.Outcome_VERDICT_DUPLICATE
	retry     = eventv1.Outcome_VERDICT_RETRY
	refused   = eventv1.Outcome_VERDICT_REFUSED
)
