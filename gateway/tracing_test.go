package gateway

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
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

func TestTracesTellOfNoPerson(t *testing.T) {
	before := otel.GetTracerProvider()
	spans := tracetest.NewSpanRecorder()
	otel.SetTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)))
	t.Cleanup(func() { otel.SetTracerProvider(before) })
	w := setup(t)
	const address = "ada@shop.example"
	req, err := http.NewRequest(http.MethodGet, w.url+"/v1/suppressions/"+address+"?q="+address, http.NoBody)
	require.NoError(t, err)
	req.Header.Set("User-Agent", "the program of Ada")
	req.Header.Set("X-Forwarded-For", "203.0.113.9")
	resp, err := w.client.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.NoError(t, w.stop())
	whole := false
	for _, span := range spans.Ended() {
		text := fmt.Sprint(span.Name(), span.Attributes(), span.Events(), span.Status())
		for _, secret := range []string{address, "Ada", "203.0.113.9", "127.0.0.1"} {
			require.NotContains(t, text, secret)
		}
		if span.Name() == "GET /v1/suppressions" {
			whole = true
			require.Contains(t, span.Attributes(), attribute.String("http.request.method", "GET"))
			require.Contains(t, span.Attributes(), attribute.Int("http.response.status_code", resp.StatusCode))
		}
	}
	require.True(t, whole)
}
