// Package gateway serves the REST API over the services' gRPC APIs, live updates to browsers, and the dashboard.
//
// It turns cookies and API tokens into access tokens, JSON into messages and faults into problem+json. It holds no data and
// knows no rule of the business: whoever talks gRPC to the services gets the same answers.
package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"

	"altis-dxp.com/support/gateway/web"
	"altis-dxp.com/support/pkg/fault"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second // of a whole request
	idleTimeout   = 2 * time.Minute
	drainTimeout  = 10 * time.Second
	// callTimeout bounds one call to a service, its retries included.
	callTimeout    = 30 * time.Second
	maxHeaderBytes = 64 << 10
)

// Deps is the world around the gateway.
type Deps struct {
	Identity, Ticket, Triage, Notification grpc.ClientConnInterface
	Redis                                  redis.UniversalClient // counts requests over all replicas; may be nil
	Logger                                 *slog.Logger
	// DemoLogins are offered to everybody who comes to the login page; nil but in a demo.
	DemoLogins func() ([]DemoLogin, error)
	Now        func() time.Time // nil = time.Now
}

// Gateway is the HTTP side of the suite. Its methods may be called concurrently.
type Gateway struct {
	config  Config
	logger  *slog.Logger
	login   identityv1.AuthServiceClient
	tokens  *tokens
	tickets ticketv1.TicketServiceClient

	mails       notificationv1.MailServiceClient // called on the gateway's own behalf
	attachments ticketv1.AttachmentServiceClient
	inbound     notificationv1.MailServiceClient
	calendars   notificationv1.CalendarServiceClient // called on the gateway's own behalf
	transfers   streams
	rest        http.Handler
	site        *web.Site
	demo        func() ([]DemoLogin, error)
	limits      limits
	streams     streams
	json        *marshaler
	draining    chan struct{} // closed when Serve begins to stop
}

// New returns a gateway to the services of deps.
func New(cfg Config, deps Deps) (*Gateway, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if deps.Now == nil {
		deps.Now = time.Now
	}
	limits, err := newLimits(cfg, deps.Redis, deps.Now)
	if err != nil {
		return nil, err
	}
	site, err := web.New(web.Built())
	if err != nil {
		return nil, err
	}
	g := &Gateway{
		config: cfg, logger: deps.Logger, site: site, demo: deps.DemoLogins, limits: limits, json: newMarshaler(), draining: make(chan struct{}),
		streams: streams{most: cfg.StreamsPerCredential, open: map[string]int{}},
		login:   identityv1.NewAuthServiceClient(deps.Identity),

		transfers: streams{most: transfersPerCredential, open: map[string]int{}},
	}
	g.tokens = newTokens(g.login, limits, deps.Now)
	conn := func(c grpc.ClientConnInterface) grpc.ClientConnInterface {
		return &tokenConn{conn: c, tokens: g.tokens}
	}
	g.tickets = ticketv1.NewTicketServiceClient(conn(deps.Ticket))
	g.mails = notificationv1.NewMailServiceClient(deps.Notification) // nobody's token: whoever has the link may
	g.attachments = ticketv1.NewAttachmentServiceClient(conn(deps.Ticket))
	g.inbound = notificationv1.NewMailServiceClient(conn(deps.Notification))
	g.calendars = notificationv1.NewCalendarServiceClient(deps.Notification)
	g.rest, err = g.newREST(conn(deps.Identity), conn(deps.Ticket), conn(deps.Triage), conn(deps.Notification))
	return g, err
}

// Handler answers everything under /v1, /openapi.json, the public keys, and the dashboard. What it does not know is a
// problem+json 404, or the dashboard's page where a browser navigates: mount others before it.
func (g *Gateway) Handler() http.Handler {
	protection := http.NewCrossOriginProtection()
	// No cookie is read there, so another site's page can do no more than whoever has the link. Browsers do not say that the
	// page's own button is of this site (it has no referrer), and mail programs in browsers are other sites.
	protection.AddInsecureBypassPattern(unsubscribePath)
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.problem(w, r, fault.New(fault.Denied, "CROSS_ORIGIN", "requests from pages of other sites are refused"))
	}))
	var h http.Handler = http.HandlerFunc(g.route)
	h = g.recovered(g.secured(protection.Handler(h)))
	return traced(h)
}

// route is a list and no ServeMux, which answers paths such as //v1 with HTML.
func (g *Gateway) route(w http.ResponseWriter, r *http.Request) {
	switch path := r.URL.Path; {
	case path == "/openapi.json":
		g.only(w, r, g.openAPI, http.MethodGet, http.MethodHead)
	case path == "/v1/auth/login":
		g.only(w, r, g.postLogin, http.MethodPost)
	case path == "/v1/auth/logout":
		g.only(w, r, g.postLogout, http.MethodPost)
	case path == "/v1/site":
		g.only(w, r, g.getSite, http.MethodGet)
	case path == "/v1/tickets:watch":
		g.only(w, r, g.admitted(g.watchTickets), http.MethodGet)
	case path == attachmentsPath:
		g.only(w, r, g.admitted(g.transfer(g.upload)), http.MethodPost)
	case strings.HasPrefix(path, attachmentsPath+"/"):
		g.only(w, r, g.admitted(g.transfer(g.download)), http.MethodGet, http.MethodHead)
	case isRawMail(path):
		g.only(w, r, g.admitted(g.transfer(g.rawMail)), http.MethodGet, http.MethodHead)
	case strings.HasPrefix(path, unsubscribePath):
		g.only(w, r, g.limited(g.unsubscribe), http.MethodGet, http.MethodHead, http.MethodPost)
	case strings.HasPrefix(path, calendarsPath):
		g.only(w, r, g.limited(g.getCalendar), http.MethodGet, http.MethodHead)
	case path == "/.well-known/jwks.json":
		g.limited(g.rest.ServeHTTP)(w, r)
	case strings.HasPrefix(path, "/v1/"):
		g.admitted(g.rest.ServeHTTP)(w, r)
	case !reserved(path) && g.site.Serve(w, r, g.hasSession(r)):
	default:
		g.problem(w, r, errNoRoute())
	}
}

// reserved reports whether a path belongs to programs, of this process or of others at the same address. There the
// dashboard's page would hide that something is missing.
func reserved(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch first {
	case "v1", "auth", ".well-known", "livez", "readyz", "metrics", "dev", "a", "unsubscribe", "calendars":
		return true
	}
	return false
}

func errNoRoute() error {
	return fault.New(fault.NotFound, "ROUTE_NOT_FOUND", "there is nothing at this path")
}

func (g *Gateway) only(w http.ResponseWriter, r *http.Request, h http.HandlerFunc, methods ...string) {
	for _, m := range methods {
		if r.Method == m {
			h(w, r)
			return
		}
	}
	g.notAllowed(w, r, methods)
}

func (g *Gateway) notAllowed(w http.ResponseWriter, r *http.Request, methods []string) {
	w.Header().Set("Allow", strings.Join(methods, ", "))
	g.problem(w, r, errMethod(r.Method))
}

// Serve serves h, which is Handler or contains it, until ctx ends. Then streams are told to come back, other requests may
// finish, and it returns within ten seconds. It is called once.
func (g *Gateway) Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(g.logger.Handler(), slog.LevelDebug),
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		close(g.draining)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
		defer cancel()
		stopped <- server.Shutdown(ctx)
	})
	err := server.Serve(l)
	if stop() {
		return fmt.Errorf("gateway: serve %s: %w", l.Addr(), err)
	}
	return errors.Join(<-stopped, server.Close())
}
