package rpc

import (
	"context"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

const (
	maxAttempts     = 4
	backoffGrowth   = 3
	backoffJitter   = 0.2
	budgetFull      = 100.0
	budgetPerAnswer = 0.2
	// maxDelay is the longest delay that a server may ask for and the call still be repeated here. Beyond that the caller
	// knows better what to do in the meantime.
	maxDelay = 5 * time.Second
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
	if ctx.Err() != nil {
		return false
	}
	switch status.Code(err) {
	case codes.Unavailable:
	case codes.DeadlineExceeded, codes.Canceled: // may be the caller's end, and then says nothing of the server
		return false
	default: // a refusal: the server is well
		r.budget.answered()
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
	pause = jittered(min(pause, backoffMax), -backoffJitter)
	if delay := askedDelay(err); delay > maxDelay {
		return false
	} else if delay > 0 {
		pause = max(pause, jittered(delay, 0))
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= pause {
		return false // the caller learns now what else it would learn at its deadline, or not at all
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// jittered returns d and a part of it more, from least (at most 0) to backoffJitter, so that callers do not come together.
func jittered(d time.Duration, least float64) time.Duration {
	part := least + rand.Float64()*(backoffJitter-least) //nolint:gosec // spreads callers, guards nothing
	return d + time.Duration(part*float64(d))
}

// askedDelay returns how long the server asks to be left alone, 0 if it says nothing.
func askedDelay(err error) time.Duration {
	for _, d := range status.Convert(err).Details() {
		if info, ok := d.(*errdetails.RetryInfo); ok {
			return info.GetRetryDelay().AsDuration()
		}
	}
	return 0
}

// budget keeps a server in trouble from getting four times the load: retries stop while more than half of it is spent.
// A failure costs one, and five answers earn one, be they refusals: who answers NotFound is alive.
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

func (b *budget) answered() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tokens = min(b.tokens+budgetPerAnswer, budgetFull)
}

// idempotentByName returns the linked-in methods of the suite whose name says that calling twice is calling once.
func idempotentByName() []string {
	prefixes := []string{"Get", "List", "Count", "Read", "BatchGet", "WhoIs", "Evaluate", "Explain", "Deliver", "Acknowledge", "ExchangeToken", "Jwks"}
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
