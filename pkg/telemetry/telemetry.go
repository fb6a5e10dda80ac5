// Package telemetry sets up a process's logs, traces and metrics.
//
// Logs are JSON lines with the trace they belong to. Metrics are always there
// for Prometheus to read. Traces, and metrics by OTLP, leave the process only
// when the standard OTEL_* variables ask for it.
package telemetry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/contrib/exporters/autoexport"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Telemetry is what a process observes itself with.
type Telemetry struct {
	Logger   *slog.Logger
	Meter    metric.Meter
	Tracer   trace.Tracer
	Metrics  http.Handler                    // for Prometheus
	Shutdown func(ctx context.Context) error // sends what is still held back; call it last
}

type options struct {
	level  slog.Leveler
	output io.Writer
}

// Option changes a default of Setup.
type Option func(*options)

// WithLevel sets the lowest level that is logged. The default is Info.
func WithLevel(level slog.Leveler) Option {
	return func(o *options) { o.level = level }
}

// WithOutput sets where log lines go. The default is standard error.
func WithOutput(w io.Writer) Option {
	return func(o *options) { o.output = w }
}

// Setup starts the telemetry of a process and makes it the default of slog and
// OpenTelemetry, which instrumented libraries take theirs from. Call it once.
//
// service and version are attributes of all that is sent; OTEL_SERVICE_NAME and
// OTEL_RESOURCE_ATTRIBUTES override and add to them.
func Setup(ctx context.Context, service, version string, opts ...Option) (*Telemetry, error) {
	o := options{level: slog.LevelInfo, output: os.Stderr}
	for _, opt := range opts {
		opt(&o)
	}
	logger := slog.New(traceHandler{slog.NewJSONHandler(o.output, &slog.HandlerOptions{Level: o.level})}).With(slog.String("service", service))

	res, err := resource.New(ctx,
		resource.WithTelemetrySDK(),
		resource.WithAttributes(attribute.String("service.name", service), attribute.String("service.version", version)),
		resource.WithFromEnv(),
	)
	if err != nil {
		return nil, fmt.Errorf("telemetry resource: %w", err)
	}
	tracers, err := newTracerProvider(ctx, res)
	if err != nil {
		return nil, err
	}
	meters, metrics, err := newMeterProvider(ctx, res)
	if err != nil {
		return nil, errors.Join(err, tracers.Shutdown(ctx))
	}

	slog.SetDefault(logger)
	otel.SetTracerProvider(tracers)
	otel.SetMeterProvider(meters)
	otel.SetTextMapPropagator(propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{}))
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		logger.WarnContext(context.Background(), "telemetry failed", slog.Any("error", err))
	}))
	return &Telemetry{
		Logger:  logger,
		Meter:   meters.Meter(service),
		Tracer:  tracers.Tracer(service),
		Metrics: metrics,
		Shutdown: func(ctx context.Context) error {
			return errors.Join(tracers.Shutdown(ctx), meters.Shutdown(ctx))
		},
	}, nil
}

func newTracerProvider(ctx context.Context, res *resource.Resource) (*sdktrace.TracerProvider, error) {
	if !asked("TRACES") {
		// Spans still get ids, which tie the log lines of one request together
		// across services, but record nothing.
		return sdktrace.NewTracerProvider(sdktrace.WithResource(res), sdktrace.WithSampler(sdktrace.NeverSample())), nil
	}
	exporter, err := autoexport.NewSpanExporter(ctx)
	if err != nil {
		return nil, fmt.Errorf("exporter of OTEL_TRACES_EXPORTER: %w", err)
	}
	return sdktrace.NewTracerProvider(sdktrace.WithResource(res), sdktrace.WithBatcher(exporter)), nil
}

func newMeterProvider(ctx context.Context, res *resource.Resource) (*sdkmetric.MeterProvider, http.Handler, error) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	scraped, err := otelprometheus.New(otelprometheus.WithRegisterer(registry))
	if err != nil {
		return nil, nil, fmt.Errorf("prometheus exporter: %w", err)
	}
	opts := []sdkmetric.Option{sdkmetric.WithResource(res), sdkmetric.WithReader(scraped)}
	if asked("METRICS") {
		reader, err := autoexport.NewMetricReader(ctx)
		if err != nil {
			return nil, nil, fmt.Errorf("exporter of OTEL_METRICS_EXPORTER: %w", err)
		}
		opts = append(opts, sdkmetric.WithReader(reader))
	}
	return sdkmetric.NewMeterProvider(opts...), promhttp.HandlerFor(registry, promhttp.HandlerOpts{}), nil
}

// asked reports whether the environment names an exporter for the signal, or an
// endpoint for the default one. Without either the OpenTelemetry default would
// send to a collector on localhost that most installations do not have.
func asked(signal string) bool {
	switch os.Getenv("OTEL_" + signal + "_EXPORTER") {
	case "none":
		return false
	case "":
		return os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || os.Getenv("OTEL_EXPORTER_OTLP_"+signal+"_ENDPOINT") != ""
	default:
		return true
	}
}
