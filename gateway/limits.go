package gateway

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/ratelimit"
)

// limits bounds requests by who makes them; nil limiters allow everything.
type limits struct {
	byCredential, byAddress *ratelimit.Limiter
	proven                  *proven
}

func newLimits(cfg Config, client redis.UniversalClient, now func() time.Time) (l limits, err error) {
	l.proven = &proven{now: now, until: map[string]time.Time{}}
	if l.byCredential, err = perMinute(cfg.RequestsPerMinute, client); err != nil {
		return l, err
	}
	l.byAddress, err = perMinute(cfg.AnonymousPerMinute, client)
	return l, err
}

func perMinute(n int, client redis.UniversalClient) (*ratelimit.Limiter, error) {
	if n == 0 {
		return nil, nil
	}
	return ratelimit.New(ratelimit.Limit{Per: time.Minute, Burst: n}, client)
}

// request counts a request for its credential, or for the address if it has none. So it does for an access token that no
// service has accepted yet: whoever makes tokens up would have as many limits as tokens.
func (l limits) request(ctx context.Context, c credential) error {
	if c.key == "" || c.accessToken != "" && !l.proven.has(c.key) {
		return l.anonymous(ctx, c.ip)
	}
	return allow(ctx, l.byCredential, "credential:"+c.key)
}

func (l limits) anonymous(ctx context.Context, ip string) error {
	return allow(ctx, l.byAddress, "address:"+ip)
}

func allow(ctx context.Context, l *ratelimit.Limiter, key string) error {
	if l == nil {
		return nil
	}
	ok, retryAfter := l.Allow(ctx, key)
	if ok {
		return nil
	}
	f := fault.New(fault.Exhausted, "RATE_LIMIT", "too many requests: wait a little")
	f.RetryAfter = max(retryAfter, time.Second)
	return f
}

// proven is the access tokens that were given by clients and accepted by services.
type proven struct {
	now func() time.Time

	mu    sync.Mutex
	until map[string]time.Time // by credential.key
}

func (p *proven) has(key string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now().Before(p.until[key])
}

// note learns from how a call with the credential went.
func (p *proven) note(c credential, err error) {
	if c.accessToken == "" {
		return
	}
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case refused(err):
		delete(p.until, c.key)
	case err == nil:
		if len(p.until) >= maxCached {
			maps.DeleteFunc(p.until, func(_ string, until time.Time) bool { return !now.Before(until) })
			if len(p.until) >= maxCached {
				clear(p.until) // they prove themselves again
			}
		}
		p.until[c.key] = now.Add(auth.MaxLifetime)
	}
}

// admitted lets a request pass whose credential is well formed and within the limits. The credential is in its context
// from there on, and nowhere else.
func (g *Gateway) admitted(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := g.readCredential(r)
		if err == nil {
			err = g.limits.request(r.Context(), c)
		}
		if err != nil {
			g.problem(w, r, err)
			return
		}
		r = r.WithContext(context.WithValue(r.Context(), credentialKey{}, c))
		next(w, withoutSecrets(r))
	}
}

// limited is admitted for what anybody may have: a credential is not looked at.
func (g *Gateway) limited(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := g.limits.anonymous(r.Context(), g.clientIP(r)); err != nil {
			g.problem(w, r, err)
			return
		}
		next(w, withoutSecrets(r))
	}
}

// withoutSecrets takes out of the headers what must not be passed on, and what would change a call's deadline.
func withoutSecrets(r *http.Request) *http.Request {
	r = r.Clone(r.Context())
	for _, name := range []string{"Authorization", "Cookie", "Grpc-Timeout"} {
		r.Header.Del(name)
	}
	return r
}

// clientIP is the address of the client, or of the network that an IPv6 client can choose addresses of.
func (g *Gateway) clientIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if hops := g.config.ProxyHops; hops > 0 {
		// The client may have sent the header, too: only what the trusted proxies appended counts.
		entries := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if len(entries) >= hops {
			host = strings.TrimSpace(entries[len(entries)-hops])
		}
	}
	if ip := net.ParseIP(host); ip != nil && ip.To4() == nil {
		return ip.Mask(net.CIDRMask(64, 128)).String()
	}
	return host
}

// secured puts the headers on every answer that tell browsers to be careful with it.
func (g *Gateway) secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if !g.config.PlainHTTP {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// recovered answers a panic with a problem, if nothing was answered yet.
func (g *Gateway) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p) // how net/http is told to break the connection
			}
			g.logger.ErrorContext(r.Context(), "request panicked", slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
			g.problem(w, r, fault.New(fault.Internal, "PANIC", ""))
		}()
		next.ServeHTTP(w, r)
	})
}
