package durable

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

const (
	scope = "altis-dxp.com/support/pkg/durable"
	// sampleInterval is how often the gauges ask the database.
	sampleInterval = 5 * time.Second
)

// meter holds the instruments.
type meter struct {
	service  attribute.KeyValue
	tracer   trace.Tracer
	meter    metric.Meter
	runs     metric.Float64Histogram
	latency  metric.Float64Histogram
	oldest   metric.Float64ObservableGauge
	parked   metric.Int64ObservableGauge
	holding  metric.Int64ObservableGauge
	due      [lanes]atomic.Int64 // last sample, microseconds
	parkedIn [lanes]atomic.Int64 // last sample
}

func newMeter(service string) (*meter, error) {
	m := &meter{service: attribute.String("service", service), tracer: otel.Tracer(scope), meter: otel.Meter(scope)}
	var err error
	if m.runs, err = m.meter.Float64Histogram("altis.task.run", metric.WithUnit("s"),
		metric.WithDescription("Time that one run of a task took, by its outcome.")); err != nil {
		return nil, err
	}
	if m.latency, err = m.meter.Float64Histogram("altis.task.latency", metric.WithUnit("s"),
		metric.WithDescription("Time from a task's creation to its successful end.")); err != nil {
		return nil, err
	}
	if m.oldest, err = m.meter.Float64ObservableGauge("altis.task.oldest_due", metric.WithUnit("s"),
		metric.WithDescription("How long the oldest task that is due has been due.")); err != nil {
		return nil, err
	}
	if m.parked, err = m.meter.Int64ObservableGauge("altis.task.parked",
		metric.WithDescription("Tasks that wait for a person.")); err != nil {
		return nil, err
	}
	if m.holding, err = m.meter.Int64ObservableGauge("altis.task.held",
		metric.WithDescription("Slots in use in this process: tasks that run or wait for a worker.")); err != nil {
		return nil, err
	}
	return m, nil
}

// observe lets the gauges read q until the returned function is called.
func (m *meter) observe(q *Queue) (unregister func(), err error) {
	registration, err := m.meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		stats := q.Stats()
		for l := range Lane(lanes) {
			attributes := metric.WithAttributes(m.service, laneAttribute(l))
			o.ObserveFloat64(m.oldest, float64(m.due[l].Load())/1e6, attributes)
			o.ObserveInt64(m.parked, m.parkedIn[l].Load(), attributes)
			o.ObserveInt64(m.holding, int64(stats.Held[l]), attributes)
		}
		return nil
	}, m.oldest, m.parked, m.holding)
	if err != nil {
		return nil, err
	}
	return func() { _ = registration.Unregister() }, nil
}

func laneAttribute(l Lane) attribute.KeyValue { return attribute.String("lane", l.String()) }

// ran records one run.
func (m *meter) ran(ctx context.Context, h *held, o outcome, took, age time.Duration) {
	name := "retried"
	switch {
	case o.done:
		name = "done"
	case o.park:
		name = "parked"
	case o.back:
		name = "interrupted"
	}
	attributes := []attribute.KeyValue{m.service, laneAttribute(h.task.Lane), attribute.String("kind", h.task.Kind)}
	if o.done {
		m.latency.Record(ctx, age.Seconds(), metric.WithAttributes(attributes...))
	}
	m.runs.Record(ctx, took.Seconds(), metric.WithAttributes(append(attributes, attribute.String("outcome", name))...))
}

// span starts the span of one attempt. The first continues the trace in which the task was made; later ones, which may come
// hours after it, start their own and link to it.
func (m *meter) span(ctx context.Context, task Task) (context.Context, func(error)) {
	options := []trace.SpanStartOption{
		trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithAttributes(m.service, laneAttribute(task.Lane), attribute.String("task", task.ID), attribute.Int("attempt", task.Attempt)),
	}
	origin := propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": task.Trace})
	if task.Attempt == 1 {
		ctx = origin
	} else if link := trace.LinkFromContext(origin); link.SpanContext.IsValid() {
		options = append(options, trace.WithNewRoot(), trace.WithLinks(link))
	}
	ctx, span := m.tracer.Start(ctx, "task "+task.Kind, options...)
	return ctx, func(err error) {
		if err != nil {
			span.RecordError(err)
			span.SetStatus(codes.Error, "failed")
		}
		span.End()
	}
}

// withTrace gives the specs that have no trace the one of ctx.
func withTrace(ctx context.Context, specs []Spec) []Spec {
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	parent := carrier.Get("traceparent")
	if parent == "" {
		return specs
	}
	traced := make([]Spec, len(specs))
	for i, s := range specs {
		if s.Trace == "" {
			s.Trace = parent
		}
		traced[i] = s
	}
	return traced
}

// sample asks the database every few seconds for what the gauges show.
func (q *Queue) sample(ctx context.Context) {
	for ctx.Err() == nil {
		if err := q.sampleOnce(ctx); err != nil && ctx.Err() == nil {
			q.logger.WarnContext(ctx, "durable: sample the queue", slog.Any("error", err))
		}
		sleep(ctx, sampleInterval)
	}
}

func (q *Queue) sampleOnce(ctx context.Context) error {
	for l := range Lane(lanes) {
		age, err := q.OldestDue(ctx, l)
		if err != nil {
			return err
		}
		n, err := q.countParked(ctx, l)
		if err != nil {
			return err
		}
		q.meter.due[l].Store(age.Microseconds())
		q.meter.parkedIn[l].Store(n)
	}
	return nil
}
