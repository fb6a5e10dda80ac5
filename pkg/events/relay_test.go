package events_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/metric/noop"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
)

// receiver is an EventSinkServiceClient whose answers the test decides.
type receiver struct {
	mu     sync.Mutex
	calls  [][]string // event ids
	answer func(ctx context.Context, list []*eventv1.Event) ([]*eventv1.Outcome, error)
}

func (r *receiver) Deliver(ctx context.Context, req *eventv1.DeliverRequest, _ ...grpc.CallOption) (*eventv1.DeliverResponse, error) {
	var ids []string
	for _, event := range req.GetEvents() {
		ids = append(ids, event.GetId())
	}
	r.mu.Lock()
	r.calls = append(r.calls, ids)
	r.mu.Unlock()
	outcomes, err := r.answer(ctx, req.GetEvents())
	return &eventv1.DeliverResponse{Outcomes: outcomes}, err
}

func (r *receiver) sizes() (sizes []int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, call := range r.calls {
		sizes = append(sizes, len(call))
	}
	return sizes
}

func all(verdict eventv1.Outcome_Verdict) func(context.Context, []*eventv1.Event) ([]*eventv1.Outcome, error) {
	return func(_ context.Context, list []*eventv1.Event) ([]*eventv1.Outcome, error) {
		outcomes := make([]*eventv1.Outcome, len(list))
		for i, event := range list {
			outcomes[i] = &eventv1.Outcome{Event: event.GetId(), Verdict: verdict}
		}
		return outcomes, nil
	}
}

func newRelay(r *receiver) *events.Relay {
	return events.NewRelay("notification", r, logger(), noop.Meter{})
}

func TestRelayCarriesTheEventWhole(t *testing.T) {
	event := ticketEvent("e", "7", 1)
	event.Traceparent = "00-01000000000000000000000000000000-0200000000000000-01"
	event.GetTicket().Ticket = &eventv1.TicketSnapshot{Subject: "säge \x00 \u2028 \"x\"", Number: 1 << 60}
	var got *eventv1.Event
	relay := newRelay(&receiver{answer: func(ctx context.Context, list []*eventv1.Event) ([]*eventv1.Outcome, error) {
		got = list[0]
		return all(applied)(ctx, list)
	}})
	spec := relay.Spec(durable.LanePage, event)
	require.Equal(t, "deliver.notification", spec.Kind)
	require.Equal(t, relay.Kind(), spec.Kind)
	require.Equal(t, event.GetTraceparent(), spec.Trace)
	require.Equal(t, "7", spec.Key, "what a broken task was about is known without its payload")
	require.NotContains(t, string(spec.Payload), "\x00", "text columns cannot hold it")
	require.NoError(t, relay.Handler().Run(t.Context(), durable.Task{Spec: spec, Attempt: 1}))
	require.True(t, proto.Equal(event, got))
}

func TestRelayVerdicts(t *testing.T) {
	cases := []struct {
		name   string
		answer func(context.Context, []*eventv1.Event) ([]*eventv1.Outcome, error)
		done   bool
	}{
		{name: "applied", answer: all(applied), done: true},
		{name: "duplicate", answer: all(duplicate), done: true},
		{name: "refused", answer: all(refused), done: true},
		{name: "retry", answer: all(retry)},
		{name: "verdict of a newer release", answer: all(99)},
		{name: "unavailable", answer: func(context.Context, []*eventv1.Event) ([]*eventv1.Outcome, error) {
			return nil, fault.New(fault.Unavailable, "AWAY", "away")
		}},
		{name: "rejected by the transport", answer: func(context.Context, []*eventv1.Event) ([]*eventv1.Outcome, error) {
			return nil, fault.InvalidField("events[0].id", "REQUIRED", "is missing")
		}},
		{name: "no outcome", answer: func(context.Context, []*eventv1.Event) ([]*eventv1.Outcome, error) { return nil, nil }},
	}
	for _, c := range cases {
		for _, lane := range []durable.Lane{durable.LanePage, durable.LaneNotice} {
			t.Run(c.name+" "+lane.String(), func(t *testing.T) {
				relay := newRelay(&receiver{answer: c.answer})
				err := relay.Handler().Run(t.Context(), durable.Task{Spec: relay.Spec(lane, ticketEvent("e", "7", 1)), Attempt: 1})
				require.Equal(t, c.done, err == nil, "%v", err)
			})
		}
	}
}

func TestRelayCannotDecode(t *testing.T) {
	relay := newRelay(&receiver{answer: all(applied)})
	err := relay.Handler().Run(t.Context(), durable.Task{Spec: durable.Spec{Kind: relay.Kind(), Payload: []byte(`{"id":`)}})
	require.ErrorIs(t, err, durable.ErrUndecodable)

	err = relay.Handler().Run(t.Context(), durable.Task{Spec: durable.Spec{Kind: relay.Kind(), Payload: []byte("bm8gZXZlbnQ=")}})
	require.ErrorIs(t, err, durable.ErrUndecodable)
}

func TestRewrite(t *testing.T) {
	var got *eventv1.Event
	relay := newRelay(&receiver{answer: func(ctx context.Context, list []*eventv1.Event) ([]*eventv1.Outcome, error) {
		got = list[0]
		return all(applied)(ctx, list)
	}})
	spec := relay.Spec(durable.LanePage, ticketEvent("e", "7", 1))
	payload, err := events.Rewrite(spec.Payload, func(e *eventv1.Event) { e.Aggregate = "8" })
	require.NoError(t, err)
	spec.Payload = payload
	require.NoError(t, relay.Handler().Run(t.Context(), durable.Task{Spec: spec, Attempt: 1}))
	require.True(t, proto.Equal(ticketEvent("e", "8", 1), got))
	_, err = events.Rewrite([]byte("{"), func(*eventv1.Event) {})
	require.Error(t, err)
}

func TestRelayPassesOnWhatItDoesNotKnow(t *testing.T) {
	event := ticketEvent("e", "7", 1)
	event.ProtoReflect().SetUnknown(protowire.AppendVarint(protowire.AppendTag(nil, 5000, protowire.VarintType), 7)) // of a newer release
	var got *eventv1.Event
	relay := newRelay(&receiver{answer: func(ctx context.Context, list []*eventv1.Event) ([]*eventv1.Outcome, error) {
		got = list[0]
		return all(applied)(ctx, list)
	}})
	require.NoError(t, relay.Handler().Run(t.Context(), durable.Task{Spec: relay.Spec(durable.LanePage, event), Attempt: 1}))
	require.True(t, proto.Equal(event, got))
}

// What cannot be read is handed over in the page lane, until somebody takes it.
func TestRelayHandsBrokenEventsOver(t *testing.T) {
	testkit.Databases(t, "sender", func(t *testing.T, cfg sqldb.Config) {
		client := &receiver{answer: func(ctx context.Context, list []*eventv1.Event) ([]*eventv1.Outcome, error) {
			if list[0].GetId() == "panics" {
				panic("no such thing")
			}
			return all(applied)(ctx, list)
		}}
		relay := newRelay(client)
		var mu sync.Mutex
		handed := map[string]int{} // by key
		handler := relay.HandlerWith(func(ctx context.Context, task durable.Task, cause error) error {
			mu.Lock()
			defer mu.Unlock()
			handed[task.Key]++
			if handed[task.Key] == 1 {
				return errors.New("not now")
			}
			return relay.Deliver(ctx, ticketEvent("restored-"+task.Key, task.Key, 1))
		})
		sender := newService(t, cfg, map[string]durable.Handler{relay.Kind(): handler})
		require.NoError(t, sender.queue.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx *durable.Tx) error {
			unreadable := relay.Spec(durable.LanePage, ticketEvent("unreadable", "7", 1))
			unreadable.Payload = []byte(`{"id":`)
			return tx.Enqueue(ctx, unreadable,
				relay.Spec(durable.LanePage, ticketEvent("panics", "8", 1)), relay.Spec(durable.LanePage, ticketEvent("fine", "9", 1)))
		}))
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { require.NoError(t, sender.queue.Run(ctx)) })
		defer func() { stop(); wg.Wait() }()
		testkit.Eventually(t, func() bool { return sender.count(t, `SELECT COUNT(*) FROM tasks`) == 0 }, "every task ends")
		mu.Lock()
		defer mu.Unlock()
		require.Equal(t, map[string]int{"7": 2, "8": 2}, handed)
		client.mu.Lock()
		defer client.mu.Unlock()
		require.Contains(t, client.calls, []string{"restored-7"})
		require.Contains(t, client.calls, []string{"restored-8"})
	}, durable.Migrations(), events.Migrations())
}

// many runs one delivery per event side by side and returns their errors by event id.
func many(t *testing.T, relay *events.Relay, lane durable.Lane, list []*eventv1.Event) (wait func() map[string]error) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	results := map[string]error{}
	for _, event := range list {
		wg.Go(func() {
			err := relay.Handler().Run(t.Context(), durable.Task{Spec: relay.Spec(lane, event), Attempt: 1})
			mu.Lock()
			defer mu.Unlock()
			results[event.GetId()] = err
		})
	}
	return func() map[string]error { wg.Wait(); return results }
}

func numbered(n int) (list []*eventv1.Event) {
	for i := range n {
		list = append(list, ticketEvent(fmt.Sprint("e", i), fmt.Sprint(i), 1))
	}
	return list
}

// The first call holds the first event; all that arrive meanwhile go together in the next.
func TestRelayBatchesWhatArrivedDuringTheLastCall(t *testing.T) {
	first, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	sink := &receiver{answer: func(ctx context.Context, list []*eventv1.Event) ([]*eventv1.Outcome, error) {
		once.Do(func() { close(first); <-release })
		return all(applied)(ctx, list)
	}}
	relay := newRelay(sink)
	waitFirst := many(t, relay, durable.LaneReply, numbered(1))
	<-first
	entered := make(chan struct{}, 300)
	counting := &entering{Context: t.Context(), entered: entered}
	var wg sync.WaitGroup
	for _, event := range numbered(300) {
		wg.Go(func() {
			_ = relay.Handler().Run(counting, durable.Task{Spec: relay.Spec(durable.LaneReply, event), Attempt: 1})
		})
	}
	for range 300 {
		<-entered
	}
	close(release)
	wg.Wait()
	waitFirst()
	require.Equal(t, []int{1, 256, 44}, sink.sizes())
}

// entering is a context that tells when a delivery has begun to wait on it.
type entering struct {
	context.Context
	entered chan struct{}
}

func (e *entering) Done() <-chan struct{} {
	select {
	case e.entered <- struct{}{}:
	default:
	}
	return e.Context.Done()
}

func TestRelayBatchesStayBelowTheMessageLimit(t *testing.T) {
	large := numbered(7)
	for _, event := range large {
		event.GetTicket().Ticket = &eventv1.TicketSnapshot{Excerpt: strings.Repeat("x", 200<<10)}
	}
	sink := &receiver{}
	sink.answer = func(ctx context.Context, list []*eventv1.Event) ([]*eventv1.Outcome, error) {
		if size := proto.Size(&eventv1.DeliverRequest{Events: list}); size > 1<<20 {
			return nil, fmt.Errorf("too large: %d", size)
		}
		return all(applied)(ctx, list)
	}
	for id, err := range many(t, newRelay(sink), durable.LaneReply, large)() {
		require.NoError(t, err, id)
	}
}

func TestRelayPageLaneGoesSinglyAndAtOnce(t *testing.T) {
	var together sync.WaitGroup
	together.Add(5)
	sink := &receiver{answer: func(ctx context.Context, list []*eventv1.Event) ([]*eventv1.Outcome, error) {
		together.Done()
		together.Wait() // returns only if all five calls are under way at the same time
		return all(applied)(ctx, list)
	}}
	for id, err := range many(t, newRelay(sink), durable.LanePage, numbered(5))() {
		require.NoError(t, err, id)
	}
	require.Equal(t, []int{1, 1, 1, 1, 1}, sink.sizes())
}

func TestRelayOneMalformedEventHoldsUpNoOther(t *testing.T) {
	sink := &receiver{answer: func(ctx context.Context, list []*eventv1.Event) ([]*eventv1.Outcome, error) {
		for _, event := range list {
			if event.GetId() == "e3" {
				return nil, fault.InvalidField("events", "BAD", "bad")
			}
		}
		return all(applied)(ctx, list)
	}}
	for id, err := range many(t, newRelay(sink), durable.LaneNotice, numbered(8))() {
		require.Equal(t, id == "e3", err != nil, "%s: %v", id, err)
	}
}

func TestRelayGivesUpWaitingWhenItsTaskEnds(t *testing.T) {
	release := make(chan struct{})
	first := make(chan struct{})
	var once sync.Once
	sink := &receiver{answer: func(ctx context.Context, list []*eventv1.Event) ([]*eventv1.Outcome, error) {
		once.Do(func() { close(first); <-release })
		return all(applied)(ctx, list)
	}}
	relay := newRelay(sink)
	wait := many(t, relay, durable.LaneReply, numbered(1))
	<-first
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := relay.Handler().Run(ctx, durable.Task{Spec: relay.Spec(durable.LaneReply, ticketEvent("late", "9", 1)), Attempt: 1})
	require.ErrorIs(t, err, context.Canceled)
	close(release)
	require.NoError(t, wait()["e0"])
	require.Equal(t, []int{1}, sink.sizes(), "the next attempt will send it")
}

// From one database to another, while the receiver is away, fails after its commit, and comes back.
func TestDeliveryEndToEnd(t *testing.T) {
	testkit.Databases(t, "sender", func(t *testing.T, cfg sqldb.Config) {
		target := newService(t, sqldb.Config{DSN: "sqlite:" + t.TempDir() + "/receiver.db"}, nil)
		sink := target.sink(effect)
		var mu sync.Mutex
		calls := 0
		client := &receiver{answer: func(ctx context.Context, list []*eventv1.Event) ([]*eventv1.Outcome, error) {
			mu.Lock()
			calls++
			call := calls
			mu.Unlock()
			if call <= 2 {
				return nil, errors.New("away")
			}
			response, err := sink.Deliver(asService(ctx, "ticket"), &eventv1.DeliverRequest{Events: list})
			if call <= 4 { // the answer is lost
				return nil, errors.New("connection lost")
			}
			return response.GetOutcomes(), err
		}}
		relay := newRelay(client)
		sender := newService(t, cfg, map[string]durable.Handler{relay.Kind(): relay.Handler()})
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { require.NoError(t, sender.queue.Run(ctx)) })
		defer func() { stop(); wg.Wait() }()

		for i, event := range numbered(20) {
			lane := durable.LaneNotice
			if i%4 == 0 {
				lane = durable.LanePage
			}
			require.NoError(t, sender.queue.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx *durable.Tx) error {
				return tx.Enqueue(ctx, relay.Spec(lane, event))
			}))
		}
		testkit.Eventually(t, func() bool {
			return sender.count(t, `SELECT COUNT(*) FROM tasks`) == 0
		}, "every task ends")
		require.Equal(t, 20, target.count(t, `SELECT COUNT(*) FROM effects`))
		require.Equal(t, 20, target.count(t, `SELECT COUNT(DISTINCT event) FROM effects`))
	}, durable.Migrations(), events.Migrations())
}

func TestRelayBackoff(t *testing.T) {
	cases := []struct {
		lane      durable.Lane
		attempt   int
		low, high time.Duration
	}{
		{lane: durable.LaneNotice, attempt: 1, low: 20 * time.Millisecond, high: 200 * time.Millisecond},
		{lane: durable.LaneNotice, attempt: 2, low: 40 * time.Millisecond, high: 400 * time.Millisecond},
		{lane: durable.LaneNotice, attempt: 1000, low: 500 * time.Millisecond, high: 5 * time.Second},
		{lane: durable.LanePage, attempt: 1, low: 20 * time.Millisecond, high: 200 * time.Millisecond},
		{lane: durable.LanePage, attempt: 1000, low: 50 * time.Millisecond, high: 500 * time.Millisecond},
	}
	for _, c := range cases {
		t.Run(fmt.Sprint(c.lane, c.attempt), func(t *testing.T) {
			for range 100 {
				pause := events.Backoff(c.lane, c.attempt)
				require.GreaterOrEqual(t, pause, c.low)
				require.Less(t, pause, c.high)
			}
		})
	}
}
