package gateway

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/embedded"
)

// discreet is a provider of tracers that start spans only with what tells of no person: no address of a client, no program
// of theirs, no path, in which ids may be e-mail addresses.
type discreet struct {
	embedded.TracerProvider
	next trace.TracerProvider
}

// Tracer implements trace.TracerProvider.
func (d discreet) Tracer(name string, options ...trace.TracerOption) trace.Tracer {
	return discreetTracer{next: d.next.Tracer(name, options...)}
}

type discreetTracer struct {
	embedded.Tracer
	next trace.Tracer
}

// told are the attributes that spans start with.
var told = map[attribute.Key]bool{
	"http.request.method": true, "http.route": true, "url.scheme": true, "network.protocol.version": true,
}

// Start implements trace.Tracer.
func (d discreetTracer) Start(ctx context.Context, name string, options ...trace.SpanStartOption) (context.Context, trace.Span) {
	config := trace.NewSpanStartConfig(options...)
	var attributes []attribute.KeyValue
	for _, a := range config.Attributes() {
		if told[a.Key] {
			attributes = append(attributes, a)
		}
	}
	kept := []trace.SpanStartOption{
		trace.WithSpanKind(config.SpanKind()), trace.WithLinks(config.Links()...), trace.WithAttributes(attributes...),
	}
	if config.NewRoot() {
		kept = append(kept, trace.WithNewRoot())
	}
	if at := config.Timestamp(); !at.IsZero() {
		kept = append(kept, trace.WithTimestamp(at))
	}
	return d.next.Start(ctx, name, kept...)
}
