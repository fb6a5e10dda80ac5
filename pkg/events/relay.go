package events

import (
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/protobuf/proto"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
)

const (
	// An urgent event must not wait long on a replica that hangs: the next attempt may reach another one.
	pageTimeout  = 5 * time.Second
	batchTimeout = 15 * time.Second

	firstBackoff = 200 * time.Millisecond
	maxBackoff   = 5 * time.Second
	// maxPageBackoff bounds how long an urgent event waits after its receiver has come back.
	maxPageBackoff = 500 * time.Millisecond
)

// Relay delivers events to one service. Events of the page lane go singly and at once, those of each other lane in batches.
type Relay struct {
	target   string
	client   eventv1.EventSinkServiceClient
	logger   *slog.Logger
	outcomes metric.Int64Counter
	lanes    map[durable.Lane]*batcher
}

// NewRelay returns the relay to the service named target. Its handler belongs into the queue's handlers under Kind. The
// counter events.outcomes has the attributes target and verdict.
func NewRelay(target string, client eventv1.EventSinkServiceClient, logger *slog.Logger, meter metric.Meter) *Relay {
	outcomes, err := meter.Int64Counter("events.outcomes", metric.WithDescription("Events by the verdict of their receiver."))
	if err != nil {
		otel.Handle(err) // a meter refuses a name at the most; the counter works
	}
	// What is not there before the first time does not seem to grow by it.
	for _, verdict := range eventv1.Outcome_Verdict_name {
		if verdict != eventv1.Outcome_VERDICT_UNSPECIFIED.String() {
			outcomes.Add(context.Background(), 0, metric.WithAttributes(attribute.String("target", target), attribute.String("verdict", verdict)))
		}
	}
	return &Relay{
		target: target, client: client, logger: logger, outcomes: outcomes,
		lanes: map[durable.Lane]*batcher{
			durable.LaneReply: newBatcher(), durable.LaneNotice: newBatcher(), durable.LaneDigest: newBatcher(),
		},
	}
}

// Kind is the kind of the relay's tasks.
func (r *Relay) Kind() string { return "deliver." + r.target }

// Spec returns the task that delivers the event. Its key is the event's aggregate, which says what a task that cannot be
// read was about; tasks of one aggregate share it. Spec panics on text that is not UTF-8, which no request can bring in.
func (r *Relay) Spec(lane durable.Lane, event *eventv1.Event) durable.Spec {
	payload, err := proto.Marshal(event)
	if err != nil {
		panic(fmt.Sprintf("events: event %s cannot be stored: %v", event.GetId(), err))
	}
	return durable.Spec{
		Kind: r.Kind(), Lane: lane, Key: event.GetAggregate(), Payload: base64.StdEncoding.AppendEncode(nil, payload),
		Trace: event.GetTraceparent(),
	}
}

// Handler runs the relay's tasks. A receiver that is away is tried for ever.
func (r *Relay) Handler() durable.Handler { return r.HandlerWith(nil) }

// HandlerWith is Handler with a durable.Handler.Broken: what becomes of a task of the page lane whose event cannot be read.
// Without one it is tried for ever.
func (r *Relay) HandlerWith(broken func(ctx context.Context, task durable.Task, cause error) error) durable.Handler {
	return durable.Handler{
		Broken: broken,
		Run: func(ctx context.Context, task durable.Task) error {
			return durable.RetryAfter(backoff(task.Lane, task.Attempt), r.run(ctx, task))
		},
		// A hanging service must leave most of the page lane to the pages themselves. Elsewhere a batch is one call, however
		// many tasks wait for it.
		Destination: func(task durable.Task) string {
			if task.Lane == durable.LanePage {
				return r.target
			}
			return ""
		},
	}
}

func (r *Relay) run(ctx context.Context, task durable.Task) error {
	event, err := Decode(task.Payload)
	if err != nil {
		return fmt.Errorf("%w: %w", durable.ErrUndecodable, err)
	}
	if task.Lane != durable.LanePage {
		return r.lanes[task.Lane].deliver(ctx, event, r.send)
	}
	return r.Deliver(ctx, event)
}

// Decode reads the payload of a relay's task: an event in protobuf's encoding, which costs a tenth of JSON, as the text that a
// payload must be. Fields that only a newer release knows, since rolled back, go on to the receiver.
func Decode(payload []byte) (*eventv1.Event, error) {
	encoded, err := base64.StdEncoding.AppendDecode(nil, payload)
	if err != nil {
		return nil, err
	}
	event := &eventv1.Event{}
	return event, proto.Unmarshal(encoded, event)
}

// Rewrite returns the payload of a relay's task with its event changed, for what must not be told any more.
func Rewrite(payload []byte, change func(*eventv1.Event)) ([]byte, error) {
	event, err := Decode(payload)
	if err != nil {
		return nil, err
	}
	change(event)
	encoded, err := proto.Marshal(event)
	return base64.StdEncoding.AppendEncode(nil, encoded), err
}

// Deliver delivers an event at once and by itself, without a task. nil means that the receiver has recorded it.
func (r *Relay) Deliver(ctx context.Context, event *eventv1.Event) error {
	ctx, cancel := context.WithTimeout(ctx, pageTimeout)
	defer cancel()
	return r.one(ctx, event)
}

// send delivers a batch. When the receiver's transport rejects the whole of it, each event goes alone, so that the one that
// is malformed, or newer than the receiver, holds up no other.
func (r *Relay) send(ctx context.Context, batch []*delivery) {
	ctx, cancel := context.WithTimeout(ctx, batchTimeout)
	defer cancel()
	if len(batch) == 1 {
		batch[0].answer <- r.one(ctx, batch[0].event)
		return
	}
	// The call belongs to no single one of its events; the receiver continues the trace of each.
	ctx = trace.ContextWithSpanContext(ctx, trace.SpanContext{})
	events := make([]*eventv1.Event, len(batch))
	for i, d := range batch {
		events[i] = d.event
	}
	outcomes, err := r.call(ctx, events)
	if kind := fault.KindOf(err); err != nil && (kind == fault.Invalid || kind == fault.Exhausted) {
		for _, d := range batch {
			d.answer <- r.one(ctx, d.event)
		}
		return
	}
	for i, d := range batch {
		if err != nil {
			d.answer <- err
		} else {
			d.answer <- r.settle(ctx, d.event, outcomes[i])
		}
	}
}

func (r *Relay) one(ctx context.Context, event *eventv1.Event) error {
	outcomes, err := r.call(ctx, []*eventv1.Event{event})
	if err != nil {
		return err
	}
	return r.settle(ctx, event, outcomes[0])
}

// call returns one outcome per event.
func (r *Relay) call(ctx context.Context, events []*eventv1.Event) ([]*eventv1.Outcome, error) {
	response, err := r.client.Deliver(ctx, &eventv1.DeliverRequest{Events: events})
	if err != nil {
		return nil, fmt.Errorf("events: deliver to %s: %w", r.target, err)
	}
	outcomes := response.GetOutcomes()
	if len(outcomes) != len(events) {
		return nil, fmt.Errorf("events: %s answered %d outcomes for %d events", r.target, len(outcomes), len(events))
	}
	return outcomes, nil
}

// settle returns nil when the task is done with.
func (r *Relay) settle(ctx context.Context, event *eventv1.Event, outcome *eventv1.Outcome) error {
	verdict := outcome.GetVerdict()
	r.outcomes.Add(ctx, 1, metric.WithAttributes(attribute.String("target", r.target), attribute.String("verdict", verdict.String())))
	switch verdict {
	case eventv1.Outcome_VERDICT_APPLIED, eventv1.Outcome_VERDICT_DUPLICATE:
		return nil
	case eventv1.Outcome_VERDICT_REFUSED: // the receiver's inbox has a row of it
		r.logger.ErrorContext(ctx, "event refused",
			slog.String("target", r.target), slog.String("event", event.GetId()), slog.String("aggregate", event.GetAggregate()),
			slog.Int64("sequence", event.GetSequence()), slog.String("reason", outcome.GetReason()))
		return nil
	default:
		return fmt.Errorf("events: %s asks to try again: %s", r.target, outcome.GetReason())
	}
}

// backoff is between a tenth and the whole of a time that doubles: 20 to 200 ms after the first attempt.
func backoff(lane durable.Lane, attempt int) time.Duration {
	longest := maxBackoff
	if lane == durable.LanePage {
		longest = maxPageBackoff
	}
	high := min(firstBackoff<<min(max(attempt, 1)-1, 8), longest)
	low := high / 10
	return low + rand.N(high-low) //nolint:gosec // spreads retries, keeps no secret
}
