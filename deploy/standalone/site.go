package standalone

import (
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
)

// site is what the HTTP listener serves: nothing yet, then a handler.
type site struct{ handler atomic.Pointer[http.Handler] }

func newSite() *site { return &site{} }

func (s *site) open(h http.Handler) { s.handler.Store(&h) }

// ServeHTTP implements http.Handler.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h := s.handler.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	// The pages of the demo's past reach their receiver, which forgets them.
	if strings.HasPrefix(r.URL.Path, "/dev/receiver/") && r.Method == http.MethodPost {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Retry-After", "1")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = io.WriteString(w, `{"type":"about:blank","title":"Service Unavailable","status":503,"reason":"STARTING","detail":"the suite is starting"}`+"\n")
}

// localOnly refuses requests for other hosts than this machine: a page on the
// web could otherwise reach the demo through a name that resolves to it.
func localOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		ip := net.ParseIP(strings.Trim(host, "[]"))
		if host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			http.Error(w, "the demo answers to localhost only", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}
