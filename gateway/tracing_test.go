package gateway

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

func TestTracesHaveNoKeysOfLinks(t *testing.T) {
	before := otel.GetTracerProvider()
	spans := tracetest.NewSpanRecorder()
	otel.SetTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)))
	t.Cleanup(func() { otel.SetTracerProvider(before) })
	w := setup(t)
	const key = "S3CRET"
	for _, path := range []string{unsubscribePath + key, calendarsPath + key + calendarsSuffix} {
		resp, err := w.client.Get(w.url + path)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusNotFound, resp.StatusCode)
	}
	w.call("GET", "/v1/site", "")
	require.NoError(t, w.stop())
	names := map[string]bool{}
	for _, span := range spans.Ended() {
		names[span.Name()] = true
		text := fmt.Sprint(span.Name(), span.Attributes(), span.Events(), span.Status())
		require.NotContains(t, text, key)
	}
	for _, name := range []string{"GET /unsubscribe", "GET /calendars", "GET /v1/site"} {
		require.Contains(t, names, name)
	}
}
