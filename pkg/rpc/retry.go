package rpc

import (
	"context"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

const (
	maxAttempts      = 4
	backoffGrowth    = 3
	backoffJitter    = 0.2
	budgetFull       = 100.0
	budgetPerSuccess = 0.2
)

// retries says which calls of a connection are made again, how often and when.
type retries struct {
	idempotent map[string]bool // by full method
	budget     budget
}

func newRetries(methods []string) *retries {
	r := &retries{idempotent: make(map[string]bool, len(methods)), budget: budget{tokens: budgetFull}}
	for _, m := range methods {
		r.idempotent[m] = true
	}
	return r
}

// safe reports whether making the call twice is making it once: by its method, or because the request carries an id by
// which the server knows it again.
func (r *retries) safe(method string, req any) bool {
	if r.idempotent[method] {
		return true
	}
	m, ok := req.(proto.Message)
	if !ok {
		return false
	}
	// The descriptor has an index of its fields by name.
	id := m.ProtoReflect().Descriptor().Fields().ByName("request_id")
	return id != nil && id.Kind() == protoreflect.StringKind && !id.IsList() && m.ProtoReflect().Get(id).String() != ""
}

// again waits until a call that failed for the attempt-th time may be made again. It reports false when it may not.
func (r *retries) again(ctx context.Context, method string, req any, err error, attempt int) bool {
	if status.Code(err) != codes.Unavailable || ctx.Err() != nil {
		return false
	}
	// A failure counts even if the call is not repeated: it tells of the server.
	if afford := r.budget.failed(); !afford || attempt >= maxAttempts || !r.safe(method, req) {
		return false
	}
	pause := backoffBase
	for range attempt - 1 {
		pause *= backoffGrowth
	}
	pause = min(pause, backoffMax)
	pause += time.Duration((2*rand.Float64() - 1) * backoffJitter * float64(pause)) //nolint:gosec // spreads callers, guards nothing
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// budget keeps a server in trouble from getting four times the load: retries stop while more than half of it is spent.
// A failure costs one, and five calls that succeed earn one.
type budget struct {
	mu     sync.Mutex
	tokens float64
}

// failed counts a failure and reports whether a retry can be afforded.
func (b *budget) failed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tokens = max(b.tokens-1, 0)
	return b.tokens > budgetFull/2
}

func (b *budget) succeeded() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tokens = min(b.tokens+budgetPerSuccess, budgetFull)
}

// idempotentByName returns the linked-in methods of the suite whose name says that calling twice is calling once.
func idempotentByName() []string {
	prefixes := []string{"Get", "List", "BatchGet", "WhoIs", "Evaluate", "Explain", "Deliver", "Acknowledge", "ExchangeToken", "Jwks"}
	methods := []string{}
	protoregistry.GlobalFiles.RangeFiles(func(fd protoreflect.FileDescriptor) bool {
		if !strings.HasPrefix(string(fd.Package()), "altis.support.") {
			return true
		}
		for i := range fd.Services().Len() {
			service := fd.Services().Get(i)
			for j := range service.Methods().Len() {
				name := string(service.Methods().Get(j).Name())
				for _, p := range prefixes {
					if strings.HasPrefix(name, p) {
						methods = append(methods, "/"+string(service.FullName())+"/"+name)
						break
					}
				}
			}
		}
		return true
	})
	return methods
}
