package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/proto"

	"altis-dxp.com/support/pkg/telemetry"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func setup(t *testing.T, opts ...telemetry.Option) *telemetry.Telemetry {
	t.Helper()
	tel, err := telemetry.Setup(t.Context(), "ticket", "1.2.3", opts...)
	require.NoError(t, err)
	return tel
}

func TestLogLinesCarryTheTrace(t *testing.T) {
	var out bytes.Buffer
	tel := setup(t, telemetry.WithOutput(&out), telemetry.WithLevel(slog.LevelWarn))
	ctx, span := tel.Tracer.Start(t.Context(), "reply")
	defer span.End()

	tel.Logger.InfoContext(ctx, "below the level")
	tel.Logger.With(slog.String("ticket", "t1")).WarnContext(ctx, "late")
	var line map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &line))
	require.Equal(t, "late", line["msg"])
	require.Equal(t, "ticket", line["service"])
	require.Equal(t, "t1", line["ticket"])
	require.Equal(t, span.SpanContext().TraceID().String(), line["trace_id"])
	require.Equal(t, span.SpanContext().SpanID().String(), line["span_id"])

	out.Reset()
	tel.Logger.WarnContext(t.Context(), "no trace")
	require.NotContains(t, out.String(), "trace_id")
	require.NoError(t, tel.Shutdown(t.Context()))
}

func TestTraceContinuesFromTheCaller(t *testing.T) {
	tel := setup(t)
	const traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
	carrier := propagation.MapCarrier{"traceparent": "00-" + traceID + "-00f067aa0ba902b7-01"}
	ctx := otel.GetTextMapPropagator().Extract(t.Context(), carrier)
	_, span := tel.Tracer.Start(ctx, "reply")
	defer span.End()
	require.Equal(t, traceID, span.SpanContext().TraceID().String())
	require.NoError(t, tel.Shutdown(t.Context()))
}

func TestMetricsAreServed(t *testing.T) {
	tel := setup(t)
	pages, err := tel.Meter.Int64Counter("pages.sent")
	require.NoError(t, err)
	pages.Add(t.Context(), 3)

	response := httptest.NewRecorder()
	tel.Metrics.ServeHTTP(response, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	body := response.Body.String()
	require.Equal(t, http.StatusOK, response.Code)
	require.Regexp(t, `(?m)^pages_sent_total\{.*\} 3$`, body)
	require.Regexp(t, `(?m)^target_info\{.*service_name="ticket".*service_version="1.2.3"`, body)
	require.Contains(t, body, "go_goroutines")
	require.NoError(t, tel.Shutdown(t.Context()))
}

// collector takes spans over OTLP and keeps their names and services.
type collector struct {
	mu    sync.Mutex
	spans []string
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body bytes.Buffer
	_, _ = body.ReadFrom(r.Body)
	var request collectortrace.ExportTraceServiceRequest
	if err := proto.Unmarshal(body.Bytes(), &request); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, resource := range request.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			for _, span := range scope.Spans {
				c.spans = append(c.spans, span.Name)
			}
		}
	}
}

func TestSpansAreExportedOnlyWhenTheEnvironmentAsks(t *testing.T) {
	tests := []struct {
		name string
		env  func(url string) map[string]string
		want []string
	}{
		{name: "silent", env: func(string) map[string]string { return nil }},
		{
			name: "endpoint",
			env: func(url string) map[string]string {
				return map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": url + "/v1/traces"}
			},
			want: []string{"reply"},
		},
		{
			name: "endpoint, exporter none",
			env: func(url string) map[string]string {
				return map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": url, "OTEL_TRACES_EXPORTER": "none"}
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var received collector
			server := httptest.NewServer(&received)
			defer server.Close()
			for key, value := range tt.env(server.URL) {
				t.Setenv(key, value)
			}
			tel := setup(t)
			ctx, span := tel.Tracer.Start(t.Context(), "reply")
			require.True(t, trace.SpanContextFromContext(ctx).IsValid())
			span.End()
			require.NoError(t, tel.Shutdown(context.WithoutCancel(t.Context())))
			received.mu.Lock()
			defer received.mu.Unlock()
			require.Equal(t, tt.want, received.spans)
		})
	}
}

func TestSetupRefusesAnUnknownExporter(t *testing.T) {
	t.Setenv("OTEL_TRACES_EXPORTER", "carrier-pigeon")
	_, err := telemetry.Setup(t.Context(), "ticket", "1.2.3")
	require.ErrorContains(t, err, "OTEL_TRACES_EXPORTER")
}
