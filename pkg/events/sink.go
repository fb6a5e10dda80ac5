package events

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
)

const (
	// maxConcurrent bounds the transactions of one call, so that others get connections too.
	maxConcurrent = 4
	// maxTogether bounds the events of one transaction, which pages may have to wait for.
	maxTogether = 32

	// keepFor is how long the inbox recognizes an event that is sent again. Tasks that are older than 30 days need an operator.
	keepFor    = 35 * 24 * time.Hour
	pruneEvery = time.Hour
)

// Verdicts in the inbox.
const (
	applied = "applied"
	refused = "refused"
)

// ApplyFunc does what an event demands, within the transaction of its inbox row, which may be that of other events too. It
// may run again and touches nothing but tx. Of an event that is known already it may find the first of its statements failed.
// A fault of kind Invalid says that the event can never be applied: it is undone, and the refusal recorded. ErrUnknown and any other error are answered 'retry'. Events of one aggregate may come in any
// order.
type ApplyFunc func(ctx context.Context, tx *durable.Tx, event *eventv1.Event) error

// Sink is the EventSinkService of a service.
type Sink struct {
	eventv1.UnimplementedEventSinkServiceServer
	queue  *durable.Queue
	apply  ApplyFunc
	insert string // inbox rows, from parameter 1
	logger *slog.Logger
}

// NewSink returns a sink that applies events through the queue's database, which has this package's table.
func NewSink(queue *durable.Queue, apply ApplyFunc, logger *slog.Logger) *Sink {
	return &Sink{queue: queue, apply: apply, logger: logger, insert: `
INSERT INTO inbox (source, event, aggregate, sequence, verdict, reason, received_at)
SELECT x.source, x.event, x.aggregate, x.sequence, 'applied', '', altis_now() FROM ` +
		sqldb.RowSource(queue.DB().Engine(), 1, "source text", "event text", "aggregate text", "sequence bigint") + `
WHERE true ON CONFLICT (source, event) DO NOTHING`} // SQLite would take ON for a join without the WHERE
}

// Deliver implements eventv1.EventSinkServiceServer. Events share transactions; those of one that fails are tried each by
// itself. Those of one aggregate follow each other. It answers after the commits. A service may only deliver events of its
// own: else fault Denied SOURCE_MISMATCH.
func (s *Sink) Deliver(ctx context.Context, req *eventv1.DeliverRequest) (*eventv1.DeliverResponse, error) {
	caller := auth.FromContext(ctx).Service
	for _, event := range req.GetEvents() {
		if event.GetSource() != caller {
			return nil, fault.New(fault.Denied, "SOURCE_MISMATCH", "an event is of another service than its caller").
				With("source", event.GetSource()).With("caller", caller)
		}
	}
	outcomes := make([]*eventv1.Outcome, len(req.GetEvents()))
	all := groups(req.GetEvents())
	if len(all) == 1 { // as of a page: another goroutine would only cost its stack
		s.takeInTurn(ctx, req.GetEvents(), all[0], outcomes)
		return &eventv1.DeliverResponse{Outcomes: outcomes}, nil
	}
	slots := make(chan struct{}, maxConcurrent)
	var wg sync.WaitGroup
	for _, group := range all {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			s.takeInTurn(ctx, req.GetEvents(), group, outcomes)
		})
	}
	wg.Wait()
	return &eventv1.DeliverResponse{Outcomes: outcomes}, nil
}

// groups returns the indexes of the events whose transactions follow each other, in about as many as one transaction
// takes. What is about one thing is in one group, in its order. Things are in the order of their names in all groups,
// calls and sources: transactions lock their rows in that order and never wait for each other in a circle. Events of the
// directory go alone, as its reader of changes locks in another order.
func groups(events []*eventv1.Event) [][]int {
	indexes := make([]int, len(events))
	for i := range indexes {
		indexes[i] = i
	}
	slices.SortStableFunc(indexes, func(a, b int) int { return strings.Compare(subject(events[a]), subject(events[b])) })
	var all [][]int
	for i, index := range indexes {
		joins := i > 0 && subject(events[indexes[i-1]]) == subject(events[index])
		if !joins && i > 0 && events[index].GetDirectory() == nil && events[indexes[i-1]].GetDirectory() == nil {
			joins = len(all[len(all)-1]) < maxTogether
		}
		if !joins {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], index)
	}
	return all
}

// subject names what an event is about, whoever tells of it: what its receiver locks.
func subject(event *eventv1.Event) string {
	switch payload := event.GetPayload().(type) {
	case *eventv1.Event_Page:
		return strconv.FormatInt(payload.Page.GetTicket(), 10)
	case *eventv1.Event_Triage:
		return strconv.FormatInt(payload.Triage.GetTicket(), 10)
	}
	return event.GetAggregate() // of a ticket its number
}

// takeInTurn applies the events of a group, as many together as one transaction takes.
func (s *Sink) takeInTurn(ctx context.Context, all []*eventv1.Event, group []int, outcomes []*eventv1.Outcome) {
	for indexes := range slices.Chunk(group, maxTogether) {
		s.takeAll(ctx, all, indexes, outcomes)
	}
}

// takeAll applies some of the events and notes their outcomes: in one transaction or, if that fails, each by itself.
func (s *Sink) takeAll(ctx context.Context, all []*eventv1.Event, indexes []int, outcomes []*eventv1.Outcome) {
	events := make([]*eventv1.Event, len(indexes))
	for i, index := range indexes {
		events[i] = all[index]
	}
	together := len(events) > 1 && s.together(ctx, events)
	for i, index := range indexes {
		if together {
			outcomes[index] = &eventv1.Outcome{Event: events[i].GetId(), Verdict: eventv1.Outcome_VERDICT_APPLIED}
		} else {
			outcomes[index] = s.take(ctx, events[i])
		}
	}
}

// together applies events in one transaction. It reports false, having done nothing, if one of them is known already or
// cannot be applied.
func (s *Sink) together(ctx context.Context, events []*eventv1.Event) bool {
	op := sqldb.Op{Page: slices.ContainsFunc(events, urgent)}
	err := s.queue.Update(ctx, op, func(ctx context.Context, tx *durable.Tx) error {
		if err := s.insertAll(ctx, tx, events); err != nil {
			return err
		}
		for _, event := range events {
			if err := s.applyTraced(ctx, tx, event); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.logger.DebugContext(ctx, "events are applied one by one", slog.Int("events", len(events)), slog.Any("error", err))
	}
	return err == nil
}

var errKnown = errors.New("events: one of them is known already")

// insertAll writes the inbox rows of events that are about to be applied, which must all be new.
func (s *Sink) insertAll(ctx context.Context, tx *durable.Tx, events []*eventv1.Event) error {
	type row struct {
		Source    string `json:"source"`
		Event     string `json:"event"`
		Aggregate string `json:"aggregate"`
		Sequence  int64  `json:"sequence"`
	}
	rows := make([]row, len(events))
	for i, event := range events {
		if event.GetPayload() == nil {
			return ErrUnknown
		}
		rows[i] = row{event.GetSource(), event.GetId(), event.GetAggregate(), event.GetSequence()}
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("events: encode inbox rows: %w", err)
	}
	return tx.Expect(ctx, int64(len(events)), errKnown, s.insert, string(text))
}

func (s *Sink) applyTraced(ctx context.Context, tx *durable.Tx, event *eventv1.Event) error {
	ctx, span := continueTrace(ctx, event)
	defer span.End()
	return s.apply(ctx, tx, event)
}

// take applies one event by itself, in the trace of the request that caused it.
func (s *Sink) take(ctx context.Context, event *eventv1.Event) *eventv1.Outcome {
	ctx, span := continueTrace(ctx, event)
	defer span.End()
	verdict, reason := s.verdict(ctx, event)
	return &eventv1.Outcome{Event: event.GetId(), Verdict: verdict, Reason: reason}
}

func (s *Sink) verdict(ctx context.Context, event *eventv1.Event) (eventv1.Outcome_Verdict, string) {
	if event.GetPayload() == nil { // set, but to something that only a newer release knows
		return eventv1.Outcome_VERDICT_RETRY, "UNKNOWN_EVENT"
	}
	earlier, reason, err := s.commit(ctx, event, applied, "")
	if fault.KindOf(err) == fault.Invalid {
		s.logger.ErrorContext(ctx, "event refused", slog.String("source", event.GetSource()), slog.String("event", event.GetId()),
			slog.String("aggregate", event.GetAggregate()), slog.Any("error", err))
		refusal := fault.ReasonOf(err) + ": " + public(err)
		if earlier, reason, err = s.commit(ctx, event, refused, refusal); err == nil && earlier == "" {
			return eventv1.Outcome_VERDICT_REFUSED, refusal
		}
	}
	switch {
	case errors.Is(err, ErrUnknown):
		return eventv1.Outcome_VERDICT_RETRY, "UNKNOWN_EVENT"
	case err != nil:
		s.logger.WarnContext(ctx, "event not applied, to be sent again", slog.String("source", event.GetSource()),
			slog.String("event", event.GetId()), slog.String("aggregate", event.GetAggregate()), slog.Any("error", err))
		return eventv1.Outcome_VERDICT_RETRY, cmp.Or(fault.ReasonOf(err), "INTERNAL")
	case earlier == refused:
		return eventv1.Outcome_VERDICT_REFUSED, reason
	case earlier == applied:
		return eventv1.Outcome_VERDICT_DUPLICATE, ""
	}
	return eventv1.Outcome_VERDICT_APPLIED, ""
}

// commit writes the inbox row and, if the verdict is applied, the effect. If there is a row already it changes nothing and
// returns that row's verdict and reason.
func (s *Sink) commit(ctx context.Context, event *eventv1.Event, verdict, reason string) (earlier, earlierReason string, err error) {
	op := sqldb.Op{Page: urgent(event)}
	err = s.queue.Update(ctx, op, func(ctx context.Context, tx *durable.Tx) error {
		err := tx.Expect(ctx, 1, errKnown, `
INSERT INTO inbox (source, event, aggregate, sequence, verdict, reason, received_at)
VALUES ($1, $2, $3, $4, $5, $6, altis_now())
ON CONFLICT (source, event) DO NOTHING`,
			event.GetSource(), event.GetId(), event.GetAggregate(), event.GetSequence(), verdict, reason)
		if err != nil || verdict != applied {
			return err
		}
		return s.apply(ctx, tx, event)
	})
	if !errors.Is(err, errKnown) {
		return "", "", err
	}
	err = s.queue.DB().Do(ctx, op, func(ctx context.Context, tx sqldb.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT verdict, reason FROM inbox WHERE source = $1 AND event = $2`,
			event.GetSource(), event.GetId()).Scan(&earlier, &earlierReason)
	})
	return earlier, earlierReason, err
}

// urgent reports whether a pager waits for the event.
func urgent(event *eventv1.Event) bool {
	return event.GetTicket().GetBecameUrgent() || event.GetTicket().GetEndedUrgency() || event.GetDrill() != nil
}

// Run deletes what the inbox need no longer remember, every hour until ctx ends. It returns nil. It needs no durable task: a
// missed round is made up for by the next one, of any replica.
func (s *Sink) Run(ctx context.Context) error {
	tick := time.NewTicker(pruneEvery)
	defer tick.Stop()
	for {
		if err := s.Prune(ctx, keepFor); err != nil && ctx.Err() == nil {
			s.logger.WarnContext(ctx, "inbox not pruned", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Prune deletes inbox rows that are older than age by the database's clock, in small transactions.
func (s *Sink) Prune(ctx context.Context, age time.Duration) error {
	return s.queue.DB().DeleteInChunks(ctx, `
DELETE FROM inbox WHERE (source, event) IN (
  SELECT source, event FROM inbox WHERE received_at < altis_now() - $1 ORDER BY received_at LIMIT $2)`, age.Microseconds())
}

// continueTrace starts a span in the trace of the request that made the event. A call that belongs to that trace, as of an
// urgent event, is its parent; one that brought events of many is linked.
func continueTrace(ctx context.Context, event *eventv1.Event) (context.Context, trace.Span) {
	call := trace.SpanFromContext(ctx)
	tracer := call.TracerProvider().Tracer(scope)
	origin := propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": event.GetTraceparent()})
	if call.SpanContext().TraceID() == trace.SpanContextFromContext(origin).TraceID() {
		return tracer.Start(ctx, "apply event")
	}
	return tracer.Start(origin, "apply event", trace.WithLinks(trace.Link{SpanContext: call.SpanContext()}))
}

// public returns what may be shown of an error.
func public(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Public()
	}
	return ""
}
