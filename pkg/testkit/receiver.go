package testkit

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Request is a request that a Hook received.
type Request struct {
	At     time.Time // when its body had arrived
	Method string
	Path   string // with the query
	Header http.Header
	Body   []byte
}

// Response is a Hook's answer to one request. The zero value is 200 at once.
type Response struct {
	Status int // 0 = 200
	Header http.Header
	Body   string
	Delay  time.Duration
	Hang   bool // answer only after Release or Down, or never if the client goes first
	Drip   bool // as Hang, but an answer begins, and goes on so slowly that it never ends
}

// Hook is an HTTP server that records what it receives, such as a webhook's
// receiver or a pager's provider.
type Hook struct {
	URL string // without a slash at its end

	t       testing.TB
	address address

	mu       sync.Mutex
	requests []Request
	respond  func(n int, r Request) Response
	released chan struct{} // closed: nothing hangs
	server   *http.Server  // nil while down
	served   chan struct{} // closed when server has ended
}

// Receiver starts a Hook that answers 200 to everything. It ends with the test.
func Receiver(t testing.TB) *Hook {
	t.Helper()
	h := &Hook{t: t}
	h.Up()
	h.URL = "http://" + h.address.text
	t.Cleanup(h.Down)
	return h
}

// Requests returns what was received so far, in the order of arrival.
func (h *Hook) Requests() []Request {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.requests)
}

// Respond sets how requests are answered from now on. fn gets the number of the
// request, 1 for the first, and may be called concurrently.
func (h *Hook) Respond(fn func(n int, r Request) Response) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.respond = fn
}

// Release answers all requests that hang, and those that would from now on.
func (h *Hook) Release() {
	h.mu.Lock()
	defer h.mu.Unlock()
	select {
	case <-h.released:
	default:
		close(h.released)
	}
}

// Down closes the port and breaks all connections, until Up.
func (h *Hook) Down() {
	h.mu.Lock()
	server, served := h.server, h.served
	h.server = nil
	h.mu.Unlock()
	if server == nil {
		return
	}
	_ = server.Close()
	h.Release() // after the connections broke, or what hangs would be answered
	<-served
}

// Up opens the same port again after Down.
func (h *Hook) Up() {
	h.t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.server != nil {
		return
	}
	listener := h.address.listen(h.t)
	server := &http.Server{Handler: http.HandlerFunc(h.serve), ReadHeaderTimeout: time.Minute}
	served := make(chan struct{})
	h.server, h.served, h.released = server, served, make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(listener) // ends by Down only
	}()
}

func (h *Hook) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client has gone
	}
	request := Request{At: time.Now(), Method: r.Method, Path: r.URL.RequestURI(), Header: r.Header.Clone(), Body: body}
	h.mu.Lock()
	h.requests = append(h.requests, request)
	n, respond, released := len(h.requests), h.respond, h.released
	h.mu.Unlock()

	var response Response
	if respond != nil {
		response = respond(n, request)
	}
	if response.Drip {
		drip(w, released)
		return
	}
	if response.Hang {
		select {
		case <-released:
		case <-r.Context().Done():
			return
		}
	}
	if response.Delay > 0 {
		select {
		case <-time.After(response.Delay):
		case <-r.Context().Done():
			return
		}
	}
	for key, values := range response.Header {
		w.Header()[http.CanonicalHeaderKey(key)] = values
	}
	if response.Status != 0 {
		w.WriteHeader(response.Status)
	}
	_, _ = io.WriteString(w, response.Body)
}

// drip sends an answer byte by byte, until the client goes or nothing hangs any more, and breaks off.
func drip(w http.ResponseWriter, released <-chan struct{}) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return // the client has gone
	}
	defer conn.Close()
	for rest := "HTTP/1.1 200 OK\r\nX-Drip: " + strings.Repeat("x", 1000); rest != ""; rest = rest[1:] {
		if _, err := io.WriteString(conn, rest[:1]); err != nil {
			return
		}
		select {
		case <-released:
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
}
