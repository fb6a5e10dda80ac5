package lifecycle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// checkTimeout bounds one readiness check. It is below the usual timeout of a
// probe, so that the probe gets the answer and not its own timeout.
const checkTimeout = 800 * time.Millisecond

// shutdownTimeout bounds the end of requests to the administration endpoints.
const shutdownTimeout = 2 * time.Second

// Check is one condition of readiness. Do returns nil when it holds. Note, if there is one, says more of a condition that
// holds.
type Check struct {
	Name string
	Do   func(ctx context.Context) error
	Note func() string
}

// Admin serves the endpoints of the administration port, which is not for the
// public: /livez answers 200 while the process runs, /readyz 200 while every
// check holds and else 503 with the errors, /metrics the metrics. Handle adds
// others.
type Admin struct {
	listener net.Listener
	checks   []Check
	mux      *http.ServeMux
	server   *http.Server
}

// NewAdmin returns the endpoints on a listener that Run closes.
func NewAdmin(listener net.Listener, metrics http.Handler, checks ...Check) *Admin {
	a := &Admin{listener: listener, checks: checks, mux: http.NewServeMux()}
	a.mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	a.mux.HandleFunc("GET /readyz", a.ready)
	a.mux.Handle("GET /metrics", metrics)
	a.server = &http.Server{Handler: a.mux, ReadHeaderTimeout: 5 * time.Second}
	return a
}

// Handle adds an endpoint, before Run, and returns a.
func (a *Admin) Handle(pattern string, h http.Handler) *Admin {
	a.mux.Handle(pattern, h)
	return a
}

// Run serves until ctx ends.
func (a *Admin) Run(ctx context.Context) error {
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		stopped <- a.server.Shutdown(ctx)
	})
	err := a.server.Serve(a.listener)
	if stop() {
		return fmt.Errorf("administration port: %w", err)
	}
	return errors.Join(<-stopped, a.server.Close())
}

func (a *Admin) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), checkTimeout)
	defer cancel()
	errs := make([]error, len(a.checks))
	var wg sync.WaitGroup
	for i, check := range a.checks {
		wg.Go(func() { errs[i] = check.Do(ctx) })
	}
	wg.Wait()

	status := http.StatusOK
	var body bytes.Buffer
	for i, check := range a.checks {
		if errs[i] == nil {
			fmt.Fprintf(&body, "%s: ok", check.Name)
			if check.Note != nil {
				fmt.Fprintf(&body, " (%s)", check.Note())
			}
			fmt.Fprintln(&body)
			continue
		}
		status = http.StatusServiceUnavailable
		fmt.Fprintf(&body, "%s: %v\n", check.Name, errs[i])
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
}
