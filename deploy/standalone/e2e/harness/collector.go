package harness

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonv1 "go.opentelemetry.io/proto/otlp/common/v1"
	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/grpc"
)

// Span is a span as a collector got it.
type Span struct {
	Service, Name     string
	Trace, ID, Parent string // in hex; Parent is "" for the first of a trace
	Kind              tracev1.Span_SpanKind
	Attributes        map[string]string
	Failed            bool
	// Text is all that the span says, to be searched.
	Text string
}

// Collector takes traces by OTLP, as those of OpenTelemetry do.
type Collector struct {
	collectortrace.UnimplementedTraceServiceServer
	addr  string
	mu    sync.Mutex
	spans []Span
}

// NewCollector starts a collector, which ends with the test.
func NewCollector(t testing.TB) *Collector {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	c := &Collector{addr: listener.Addr().String()}
	server := grpc.NewServer()
	collectortrace.RegisterTraceServiceServer(server, c)
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		server.Stop()
		if err := <-done; err != nil && !errors.Is(err, grpc.ErrServerStopped) {
			t.Errorf("the collector ended with %v", err)
		}
	})
	return c
}

// Environment is what processes are told of the collector by.
func (c *Collector) Environment() []string {
	return []string{
		"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://" + c.addr, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=grpc", "OTEL_BSP_SCHEDULE_DELAY=100",
	}
}

// Export implements collectortrace.TraceServiceServer.
func (c *Collector) Export(_ context.Context, req *collectortrace.ExportTraceServiceRequest) (*collectortrace.ExportTraceServiceResponse, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, resource := range req.GetResourceSpans() {
		service := attributes(resource.GetResource().GetAttributes())["service.name"]
		for _, scope := range resource.GetScopeSpans() {
			for _, s := range scope.GetSpans() {
				c.spans = append(c.spans, Span{
					Service: service, Name: s.GetName(), Kind: s.GetKind(), Attributes: attributes(s.GetAttributes()),
					Trace: hex.EncodeToString(s.GetTraceId()), ID: hex.EncodeToString(s.GetSpanId()), Parent: hex.EncodeToString(s.GetParentSpanId()),
					Failed: s.GetStatus().GetCode() == tracev1.Status_STATUS_CODE_ERROR, Text: fmt.Sprint(s),
				})
			}
		}
	}
	return &collectortrace.ExportTraceServiceResponse{}, nil
}

func attributes(list []*commonv1.KeyValue) map[string]string {
	read := map[string]string{}
	for _, a := range list {
		switch v := a.GetValue().GetValue().(type) {
		case *commonv1.AnyValue_StringValue:
			read[a.GetKey()] = v.StringValue
		default:
			read[a.GetKey()] = strings.Trim(fmt.Sprint(a.GetValue()), " ")
			if n := a.GetValue().GetIntValue(); n != 0 {
				read[a.GetKey()] = fmt.Sprint(n)
			}
		}
	}
	return read
}

// Spans returns what came so far.
func (c *Collector) Spans() []Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Span(nil), c.spans...)
}

// CheckSecrets fails the test for a text that holds a secret or an e-mail address of anybody.
func (s *Suite) CheckSecrets(t testing.TB, what, text string) {
	t.Helper()
	s.secrets.mu.Lock()
	defer s.secrets.mu.Unlock()
	for value, kind := range s.secrets.values {
		if strings.Contains(text, value) {
			t.Errorf("%s holds %s: %s", what, kind, text)
		}
	}
}

// Log returns the file of what the process has printed.
func (p *Process) Log() string { return p.log }
