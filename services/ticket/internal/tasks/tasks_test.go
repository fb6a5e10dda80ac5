package tasks_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/metric/noop"
	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/fault"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/tasks"
)

// desk is one ticket, or none.
type desk struct {
	remaining time.Duration
	ticket    domain.Ticket
	err       error
}

func (d desk) Close(context.Context, int64) (time.Duration, error) { return d.remaining, d.err }

func (d desk) Current(_ context.Context, number int64) (domain.Ticket, error) {
	if number != d.ticket.Number {
		return domain.Ticket{}, fault.NotFound
	}
	return d.ticket, d.err
}

func (d desk) PagedOnSecondPath(context.Context, int64, domain.SecondPath) error { return d.err }

// notification takes every event.
type notification struct{ told []*eventv1.Event }

func (n *notification) Deliver(_ context.Context, req *eventv1.DeliverRequest, _ ...grpc.CallOption) (*eventv1.DeliverResponse, error) {
	n.told = append(n.told, req.GetEvents()...)
	res := &eventv1.DeliverResponse{}
	for _, e := range req.GetEvents() {
		res.Outcomes = append(res.Outcomes, &eventv1.Outcome{Event: e.GetId(), Verdict: eventv1.Outcome_VERDICT_APPLIED})
	}
	return res, nil
}

func handlers(d desk) (map[string]durable.Handler, *notification) {
	n := &notification{}
	logger := slog.New(slog.DiscardHandler)
	plan := &tasks.Plan{
		Notification: events.NewRelay("notification", n, logger, noop.Meter{}), Triage: events.NewRelay("triage", n, logger, noop.Meter{}),
		CloseAfter: time.Hour, Logger: logger,
	}
	return plan.Handlers(d), n
}

func TestClose(t *testing.T) {
	away := errors.New("away")
	for _, test := range []struct {
		name string
		desk desk
		done bool
	}{
		{"closed", desk{}, true},
		{"too early", desk{remaining: time.Hour}, false},
		{"no such ticket", desk{err: fault.NotFound}, true},
		{"failed", desk{err: away}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			all, _ := handlers(test.desk)
			err := all["close"].Run(t.Context(), durable.Task{Spec: durable.Spec{Payload: []byte("7")}})
			require.Equal(t, test.done, err == nil, "%v", err)
			if test.desk.remaining > 0 {
				require.Equal(t, durable.RetryAfter(time.Hour, errors.Unwrap(err)), err, "again when the time has come")
			}
		})
	}
}

func TestBrokenUrgentEventIsRestored(t *testing.T) {
	urgent := domain.Ticket{
		Number: 7, Sequence: 5, Type: domain.Incident, Priority: domain.Urgent, Status: domain.Open, Subject: "Down",
		Page: domain.Page{State: domain.PagePaging, Occurrence: 3},
	}
	over := urgent
	over.Status = domain.Solved
	for _, test := range []struct {
		name     string
		desk     desk
		key      string
		sequence int64 // 0 = nothing can be told
		became   bool
	}{
		{"urgent", desk{ticket: urgent}, "7", 3, true},
		{"not urgent any more", desk{ticket: over}, "7", 5, false},
		{"no such ticket", desk{ticket: urgent}, "8", 0, false},
		{"a task without a ticket", desk{ticket: urgent}, "", 0, false},
		{"the database is away", desk{ticket: urgent, err: fault.Unavailable}, "7", 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			all, n := handlers(test.desk)
			task := durable.Task{Spec: durable.Spec{Kind: "deliver.notification", Lane: durable.LanePage, Key: test.key, Payload: []byte("{")}}
			err := all[task.Kind].Broken(t.Context(), task, durable.ErrUndecodable)
			if test.sequence == 0 {
				require.Error(t, err, "tried again")
				require.Empty(t, n.told)
				return
			}
			require.NoError(t, err)
			require.Len(t, n.told, 1)
			require.Equal(t, "7", n.told[0].GetAggregate())
			require.Equal(t, test.sequence, n.told[0].GetSequence())
			told := n.told[0].GetTicket()
			require.Equal(t, test.became, told.GetBecameUrgent())
			require.Equal(t, !test.became, told.GetEndedUrgency())
			require.Equal(t, "Down", told.GetTicket().GetSubject())
		})
	}
}
