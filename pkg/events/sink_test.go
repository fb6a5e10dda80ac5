package events_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
)

func TestSinkAppliesOnce(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s service) {
		sink := s.sink(effect)
		event := ticketEvent("e1", "7", 1)
		require.Equal(t, applied, deliver(t, sink, event)[0].GetVerdict())
		require.Equal(t, duplicate, deliver(t, sink, event)[0].GetVerdict())
		both := deliver(t, sink, ticketEvent("e2", "7", 2), ticketEvent("e2", "7", 2))
		require.Equal(t, []eventv1.Outcome_Verdict{applied, duplicate}, []eventv1.Outcome_Verdict{both[0].GetVerdict(), both[1].GetVerdict()})
		require.Equal(t, 2, s.count(t, `SELECT COUNT(*) FROM effects`))
		require.Equal(t, 1, s.count(t, `SELECT COUNT(*) FROM inbox WHERE source = 'ticket' AND event = 'e1' AND aggregate = '7' AND sequence = 1 AND verdict = 'applied'`))
	})
}

func TestSinkAppliesOnceWhenDeliveredTwiceAtOnce(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s service) {
		sink := s.sink(effect)
		var mu sync.Mutex
		var verdicts []eventv1.Outcome_Verdict
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				response, err := sink.Deliver(asService(t.Context(), "ticket"), &eventv1.DeliverRequest{Events: []*eventv1.Event{ticketEvent("e", "7", 1)}})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					verdicts = append(verdicts, response.GetOutcomes()[0].GetVerdict())
				}
			})
		}
		wg.Wait()
		slices.Sort(verdicts)
		require.Equal(t, []eventv1.Outcome_Verdict{applied, duplicate, duplicate, duplicate, duplicate, duplicate, duplicate, duplicate}, verdicts)
		require.Equal(t, 1, s.count(t, `SELECT COUNT(*) FROM effects`))
	})
}

func TestSinkRecordsRefusal(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s service) {
		calls := 0
		sink := s.sink(func(ctx context.Context, tx *durable.Tx, event *eventv1.Event) error {
			if err := effect(ctx, tx, event); err != nil {
				return err
			}
			calls++
			return fault.New(fault.Invalid, "NO_SUCH_TICKET", "there is no ticket 7")
		})
		event := ticketEvent("e1", "7", 1)
		for range 2 {
			outcome := deliver(t, sink, event)[0]
			require.Equal(t, refused, outcome.GetVerdict())
			require.Equal(t, "NO_SUCH_TICKET: there is no ticket 7", outcome.GetReason())
		}
		require.Equal(t, 1, calls, "a refusal is final")
		require.Zero(t, s.count(t, `SELECT COUNT(*) FROM effects`), "the effect is undone")
		require.Equal(t, 1, s.count(t, `SELECT COUNT(*) FROM inbox WHERE verdict = 'refused' AND reason = 'NO_SUCH_TICKET: there is no ticket 7'`))
	})
}

func TestSinkAsksToRetry(t *testing.T) {
	cases := []struct {
		name   string
		event  *eventv1.Event
		apply  error
		panics bool
		reason string
	}{
		{name: "fault", event: ticketEvent("e", "7", 1), apply: fault.New(fault.Unavailable, "SOMETHING_AWAY", "secret detail"), reason: "SOMETHING_AWAY"},
		{name: "plain error", event: ticketEvent("e", "7", 1), apply: errors.New("secret detail"), reason: "INTERNAL"},
		{name: "unknown to the receiver's rules", event: ticketEvent("e", "7", 1), apply: fmt.Errorf("new: %w", events.ErrUnknown), reason: "UNKNOWN_EVENT"},
		{name: "payload of a newer release", event: &eventv1.Event{Id: "e", Source: "ticket", Aggregate: "7", Sequence: 1}, reason: "UNKNOWN_EVENT"},
		{name: "panic", event: ticketEvent("e", "7", 1), panics: true, reason: "INTERNAL"},
	}
	forEachEngine(t, func(t *testing.T, s service) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				sink := s.sink(func(ctx context.Context, tx *durable.Tx, event *eventv1.Event) error {
					if c.panics {
						panic("secret detail")
					}
					return errors.Join(effect(ctx, tx, event), c.apply)
				})
				outcome := deliver(t, sink, c.event)[0]
				require.Equal(t, retry, outcome.GetVerdict())
				require.Equal(t, c.reason, outcome.GetReason())
				require.Zero(t, s.count(t, `SELECT COUNT(*) FROM inbox`)+s.count(t, `SELECT COUNT(*) FROM effects`), "nothing is committed")
			})
		}
		require.Equal(t, applied, deliver(t, s.sink(effect), cases[0].event)[0].GetVerdict(), "the next attempt succeeds")
	})
}

func TestSinkOneBadEventBlocksNone(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s service) {
		sink := s.sink(func(ctx context.Context, tx *durable.Tx, event *eventv1.Event) error {
			switch event.GetId() {
			case "bad":
				return fault.New(fault.Invalid, "BAD", "bad")
			case "later":
				return errors.New("later")
			}
			return effect(ctx, tx, event)
		})
		var verdicts []eventv1.Outcome_Verdict
		for _, outcome := range deliver(t, sink,
			ticketEvent("a", "1", 1), ticketEvent("bad", "1", 2), ticketEvent("b", "1", 3), ticketEvent("later", "2", 1), ticketEvent("c", "2", 2)) {
			verdicts = append(verdicts, outcome.GetVerdict())
		}
		require.Equal(t, []eventv1.Outcome_Verdict{applied, refused, applied, retry, applied}, verdicts)
	})
}

// Events share a transaction, and what spoils it for one of them spoils it for no other.
func TestSinkAppliesTogether(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s service) {
		var mu sync.Mutex
		transactions := map[*durable.Tx]bool{}
		sink := s.sink(func(ctx context.Context, tx *durable.Tx, event *eventv1.Event) error {
			mu.Lock()
			defer mu.Unlock()
			transactions[tx] = true
			return effect(ctx, tx, event)
		})
		var list []*eventv1.Event
		for i := range 100 {
			list = append(list, ticketEvent(fmt.Sprint("e", i), fmt.Sprint(i), 1))
		}
		deliver(t, sink, list[:50]...)
		require.Len(t, transactions, 2)
		for i, outcome := range deliver(t, sink, list...) { // half of them again
			want := applied
			if i < 50 {
				want = duplicate
			}
			require.Equal(t, want, outcome.GetVerdict(), "event %d", i)
		}
		require.Equal(t, 100, s.count(t, `SELECT COUNT(*) FROM effects`))
		require.Equal(t, 100, s.count(t, `SELECT COUNT(*) FROM inbox WHERE verdict = 'applied'`))
	})
}

// Whatever spoils a transaction, the others of it are applied all the same, and their tasks begin once.
func TestSinkOneBadEventSpoilsNoTransaction(t *testing.T) {
	for _, c := range []struct {
		name    string
		bad     *eventv1.Event
		fails   func() error
		verdict eventv1.Outcome_Verdict
	}{
		{name: "refused", bad: ticketEvent("bad", "3", 1), fails: func() error { return fault.New(fault.Invalid, "BAD", "bad") }, verdict: refused},
		{name: "later", bad: ticketEvent("bad", "3", 1), fails: func() error { return errors.New("later") }, verdict: retry},
		{name: "panics", bad: ticketEvent("bad", "3", 1), fails: func() error { panic("bad") }, verdict: retry},
		{name: "unknown payload", bad: &eventv1.Event{Id: "bad", Source: "ticket", Aggregate: "3", Sequence: 1}, verdict: retry},
	} {
		t.Run(c.name, func(t *testing.T) {
			forEachEngine(t, func(t *testing.T, s service) {
				sink := s.sink(func(ctx context.Context, tx *durable.Tx, event *eventv1.Event) error {
					if err := tx.Enqueue(ctx, durable.Spec{Kind: "follow", Key: event.GetId()}); err != nil {
						return err
					}
					if event.GetId() == "bad" {
						return c.fails()
					}
					return effect(ctx, tx, event)
				})
				list := []*eventv1.Event{ticketEvent("a", "1", 1), ticketEvent("b", "2", 1), c.bad, ticketEvent("d", "4", 1)}
				for i, outcome := range deliver(t, sink, list...) {
					want := applied
					if i == 2 {
						want = c.verdict
					}
					require.Equal(t, want, outcome.GetVerdict(), "event %d", i)
				}
				require.Equal(t, 3, s.count(t, `SELECT COUNT(*) FROM effects`))
				require.Equal(t, 3, s.count(t, `SELECT COUNT(*) FROM tasks WHERE kind = 'follow' AND key <> 'bad'`))
				require.Equal(t, 3, s.count(t, `SELECT COUNT(*) FROM tasks`))
			})
		})
	}
}

// Two sources tell of the same tickets by aggregates of their own: their transactions must lock the tickets in one order.
func TestSinkLocksInOneOrder(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s service) {
		var mu sync.Mutex
		order := map[string][]int64{}
		transactions := map[*durable.Tx]bool{}
		sink := s.sink(func(_ context.Context, tx *durable.Tx, event *eventv1.Event) error {
			mu.Lock()
			defer mu.Unlock()
			ticket := event.GetPage().GetTicket() + event.GetTriage().GetTicket()
			order[event.GetSource()] = append(order[event.GetSource()], ticket)
			transactions[tx] = true
			return nil
		})
		for _, source := range []string{"triage", "notification"} {
			var list []*eventv1.Event
			for i := range 20 {
				event := events.NewEvent(t.Context(), source, fmt.Sprint(i), 1, fmt.Sprint(i), time.Now())
				event.Payload = &eventv1.Event_Triage{Triage: &eventv1.TriageEvent{Ticket: int64(i)}}
				if source == "notification" {
					event.Aggregate = fmt.Sprintf("page %02d", 20-i)
					event.Payload = &eventv1.Event_Page{Page: &eventv1.PageEvent{Ticket: int64(i)}}
				}
				list = append(list, event)
			}
			_, err := sink.Deliver(asService(t.Context(), source), &eventv1.DeliverRequest{Events: list})
			require.NoError(t, err)
		}
		require.Len(t, transactions, 2)
		require.Len(t, order["triage"], 20)
		require.Equal(t, order["triage"], order["notification"])

		clear(transactions)
		var list []*eventv1.Event
		for i := range 5 {
			event := events.NewEvent(t.Context(), "identity", fmt.Sprint("person/", i), 1, fmt.Sprint(i), time.Now())
			event.Payload = &eventv1.Event_Directory{Directory: &eventv1.DirectoryEvent{Version: int64(i)}}
			list = append(list, event)
		}
		_, err := sink.Deliver(asService(t.Context(), "identity"), &eventv1.DeliverRequest{Events: list})
		require.NoError(t, err)
		require.Len(t, transactions, 5, "the reader of changes locks in another order")
	})
}

// However many events one ticket has, a transaction takes so many.
func TestSinkBoundsItsTransactions(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s service) {
		size := map[*durable.Tx]int{}
		var last int64
		sink := s.sink(func(_ context.Context, tx *durable.Tx, event *eventv1.Event) error {
			size[tx]++ // one goroutine: it is one ticket
			require.Greater(t, event.GetSequence(), last, "in order")
			last = event.GetSequence()
			return nil
		})
		var list []*eventv1.Event
		for i := range 100 {
			list = append(list, ticketEvent(fmt.Sprint("e", i), "7", int64(i+1)))
		}
		deliver(t, sink, list...)
		require.Len(t, size, 4)
		for _, n := range size {
			require.LessOrEqual(t, n, 32)
		}
	})
}

func TestSinkKeepsOrderWithinAggregate(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s service) {
		var mu sync.Mutex
		order := map[string][]int64{}
		sink := s.sink(func(_ context.Context, _ *durable.Tx, event *eventv1.Event) error {
			mu.Lock()
			defer mu.Unlock()
			order[event.GetAggregate()] = append(order[event.GetAggregate()], event.GetSequence())
			return nil
		})
		var list []*eventv1.Event
		for i := range 200 {
			list = append(list, ticketEvent(fmt.Sprint("e", i), fmt.Sprint(i%5), int64(i)))
		}
		deliver(t, sink, list...)
		require.Len(t, order, 5)
		for aggregate, sequences := range order {
			require.Len(t, sequences, 40)
			require.True(t, slices.IsSorted(sequences), "aggregate %s: %v", aggregate, sequences)
		}
	})
}

func TestSinkTakesOnlyTheCallersEvents(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s service) {
		sink := s.sink(effect)
		_, err := sink.Deliver(asService(t.Context(), "triage"), &eventv1.DeliverRequest{Events: []*eventv1.Event{ticketEvent("e", "7", 1)}})
		require.ErrorIs(t, err, fault.Denied)
		require.Equal(t, "SOURCE_MISMATCH", fault.ReasonOf(err))
		require.Zero(t, s.count(t, `SELECT COUNT(*) FROM effects`))
	})
}

func TestSinkContinuesTheTrace(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s service) {
		request := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: trace.FlagsSampled})
		event := events.NewEvent(trace.ContextWithSpanContext(t.Context(), request), "ticket", "7", 1, "e", time.Now())
		event.Payload = &eventv1.Event_Ticket{Ticket: &eventv1.TicketEvent{}}
		var got trace.TraceID
		sink := s.sink(func(ctx context.Context, _ *durable.Tx, _ *eventv1.Event) error {
			got = trace.SpanContextFromContext(ctx).TraceID()
			return nil
		})
		deliver(t, sink, event)
		require.Equal(t, request.TraceID(), got)
	})
}

// An urgent event comes alone, in its own trace: what it has done hangs below the call that brought it.
func TestSinkHangsBelowTheCallOfItsTrace(t *testing.T) {
	forEachEngine(t, func(t *testing.T, s service) {
		spans := tracetest.NewSpanRecorder()
		tracer := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)).Tracer("test")
		request, end := tracer.Start(t.Context(), "request")
		event := func(id string) *eventv1.Event {
			e := events.NewEvent(request, "ticket", "7", 1, id, time.Now())
			e.Payload = &eventv1.Event_Ticket{Ticket: &eventv1.TicketEvent{}}
			return e
		}
		end.End()
		own, ownCall := tracer.Start(request, "call")
		batch, batchCall := tracer.Start(t.Context(), "call of many")
		sink := s.sink(func(context.Context, *durable.Tx, *eventv1.Event) error { return nil })
		for ctx, id := range map[context.Context]string{own: "alone", batch: "with others"} {
			_, err := sink.Deliver(asService(ctx, "ticket"), &eventv1.DeliverRequest{Events: []*eventv1.Event{event(id)}})
			require.NoError(t, err)
		}
		ownCall.End()
		batchCall.End()
		parents := map[trace.SpanID]int{}
		for _, span := range spans.Ended() {
			if span.Name() != "apply event" {
				continue
			}
			require.Equal(t, end.SpanContext().TraceID(), span.SpanContext().TraceID())
			parents[span.Parent().SpanID()] = len(span.Links())
		}
		require.Equal(t, map[trace.SpanID]int{ownCall.SpanContext().SpanID(): 0, end.SpanContext().SpanID(): 1}, parents)
	})
}

func TestSinkPrunes(t *testing.T) {
	testkit.Databases(t, "events", func(t *testing.T, cfg sqldb.Config) {
		clock := testkit.NewClock(time.Now())
		cfg.Clock = clock.Now
		s := newService(t, cfg, nil)
		sink := s.sink(effect)
		require.NoError(t, s.db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			for i := range 2100 { // more than are deleted at once
				if _, err := tx.ExecContext(ctx, `
INSERT INTO inbox (source, event, aggregate, sequence, verdict, reason, received_at)
VALUES ('ticket', $1, '1', 1, 'applied', '', altis_now())`, fmt.Sprint("old", i)); err != nil {
					return err
				}
			}
			return nil
		}))
		clock.AdvanceDatabase(t, s.db, 36*24*time.Hour)
		recent := ticketEvent("recent", "1", 2)
		deliver(t, sink, recent)

		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { require.NoError(t, sink.Run(ctx)) })
		defer func() { stop(); wg.Wait() }()
		testkit.Eventually(t, func() bool { return s.count(t, `SELECT COUNT(*) FROM inbox`) == 1 }, "the old rows are deleted")
		require.Equal(t, duplicate, deliver(t, sink, recent)[0].GetVerdict())
	}, durable.Migrations(), events.Migrations())
}
