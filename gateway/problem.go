package gateway

import (
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/status"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/rpc"
)

// problem is an RFC 9457 problem: type "about:blank", so that title is the status in words. Programs look at reason.
type problem struct {
	Type     string            `json:"type"`
	Title    string            `json:"title"`
	Status   int               `json:"status"`
	Detail   string            `json:"detail"`
	Reason   string            `json:"reason"` // UPPER_SNAKE; part of the API
	Fields   []problemField    `json:"fields,omitempty"`
	Metadata map[string]string `json:"metadata,omitempty"`
	TraceID  string            `json:"traceId,omitempty"` // what to tell the support of the support desk
}

// problemField is one offending field of the request, by its path in the message ("ticket.subject", "ccs[3]").
type problemField struct {
	Path        string `json:"path"`
	Reason      string `json:"reason"`
	Description string `json:"description"`
}

// The reasons of problems that are found here and have a status of their own.
const (
	reasonMethod    = "METHOD_NOT_ALLOWED"
	reasonMediaType = "MEDIA_TYPE_UNSUPPORTED"
	reasonTooLarge  = "MESSAGE_TOO_LARGE"
)

func errMethod(method string) error {
	return fault.Newf(fault.Invalid, reasonMethod, "%.20q is not a method of this path", method)
}

// statusOf is the HTTP status of a fault, as Google's APIs map it.
func statusOf(f *fault.Error) int {
	switch f.Reason {
	case reasonMethod:
		return http.StatusMethodNotAllowed
	case reasonMediaType:
		return http.StatusUnsupportedMediaType
	case reasonTooLarge, reasonFileTooLarge:
		return http.StatusRequestEntityTooLarge
	}
	if f.Reason == reasonRange {
		return http.StatusRequestedRangeNotSatisfiable
	}
	switch f.Kind {
	case fault.Invalid, fault.Precondition:
		return http.StatusBadRequest
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Exists, fault.Conflict:
		return http.StatusConflict
	case fault.Denied:
		return http.StatusForbidden
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Exhausted:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// asFault returns the fault in err, whether a client restored it or it is still a status.
func asFault(err error) *fault.Error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	if st, ok := status.FromError(err); ok {
		f, _ := errors.AsType[*fault.Error](rpc.FromStatus(st))
		return f
	}
	f, _ := errors.AsType[*fault.Error](rpc.FromStatus(rpc.ToStatus(err)))
	return f
}

// problem answers a request that failed. An internal error is logged, and the caller learns no more than that it was one.
func (g *Gateway) problem(w http.ResponseWriter, r *http.Request, err error) {
	ctx, f := r.Context(), asFault(err)
	p := problem{Type: "about:blank", Status: statusOf(f), Detail: f.Public(), Reason: f.Reason, Metadata: f.Meta}
	p.Title = http.StatusText(p.Status)
	if f.Kind == fault.Internal {
		p.Detail = fault.Internal.Error()
		g.logger.ErrorContext(ctx, "request failed", slog.String("method", r.Method), slog.Any("error", err))
	}
	if p.Reason == "" {
		p.Reason = "INTERNAL"
	}
	for _, field := range f.Fields {
		p.Fields = append(p.Fields, problemField(field))
	}
	if sc := trace.SpanContextFromContext(ctx); sc.HasTraceID() {
		p.TraceID = sc.TraceID().String()
	}
	body, err := json.Marshal(p)
	if err != nil { // strings and numbers always marshal
		body = []byte(`{"type":"about:blank"}`)
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	if f.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	} else if p.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", strconv.Itoa(int(unavailableRetry.Seconds())))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n')) // the client has gone
}

// unavailableRetry is what clients are told when a service does not say it.
const unavailableRetry = time.Second
