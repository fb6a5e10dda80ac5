package gateway

import (
	"net/http"
	"strings"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/trace"
)

// traced makes a span of each request, which tells of no person. Those of links that are keys do not say more than where
// they lead: whoever reads traces would have the keys.
func traced(next http.Handler) http.Handler {
	whole := otelhttp.NewHandler(next, "gateway",
		otelhttp.WithTracerProvider(discreet{next: otel.GetTracerProvider()}),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return r.Method + " " + area(r.URL.Path) }))
	tracer := otel.Tracer("altis-dxp.com/support/gateway")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, path := range []string{unsubscribePath, calendarsPath} {
			if strings.HasPrefix(r.URL.Path, path) {
				ctx, span := tracer.Start(r.Context(), r.Method+" "+strings.TrimSuffix(path, "/"), trace.WithSpanKind(trace.SpanKindServer))
				defer span.End()
				next.ServeHTTP(w, r.WithContext(ctx))
				return
			}
		}
		whole.ServeHTTP(w, r)
	})
}

// area names spans by the first parts of a path, of which there are few.
func area(path string) string {
	parts := strings.SplitN(path, "/", 4)
	if len(parts) < 3 || parts[1] != "v1" {
		return "/"
	}
	noun, _, _ := strings.Cut(parts[2], ":")
	return "/v1/" + noun
}
