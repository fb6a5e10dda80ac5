// Package standalone is the whole suite in one process: the services' own
// constructors on embedded databases, joined by in-process gRPC.
package standalone

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"

	"altis-dxp.com/support/deploy/standalone/demo"
	"altis-dxp.com/support/gateway"
	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/pkg/live"
	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/telemetry"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/identity"
	"altis-dxp.com/support/services/notification"
	"altis-dxp.com/support/services/notification/emergency"
	"altis-dxp.com/support/services/ticket"
	"altis-dxp.com/support/services/triage"
)

// The services by name: the caller that a policy sees.
const (
	identityName     = "identity"
	ticketName       = "ticket"
	triageName       = "triage"
	notificationName = "notification"
	gatewayName      = "gateway"
	emergencyName    = "emergency"
)

// stopTimeout bounds the end of the process.
const stopTimeout = 20 * time.Second

// service is what all four have in common.
type service interface {
	Register(registrar grpc.ServiceRegistrar)
	Verifier() *auth.Verifier
	Queue() *durable.Queue
	Run(ctx context.Context) error
}

// Suite is a built suite. Run starts it.
type Suite struct {
	addContact demo.AddContact
	cfg        *Config
	telemetry  *telemetry.Telemetry
	clock      *demo.Clock
	mailer     *muted // nil outside of the demo
	actorsMu   sync.Mutex
	actors     map[string]actor // by address; of the demo
	local      *live.Local
	hints      *live.Redis // nil without Redis
	redis      redis.UniversalClient
	databases  map[string]*sqldb.DB
	servers    map[string]*rpc.Server // for calls within the process
	public     *rpc.Server            // for tooling, over TCP
	services   map[string]service
	links      []*link
	identity   *identity.Service
	gateway    *gateway.Gateway
	mailbox    *emergency.Service // nil without an emergency address, as are its database and listeners
	mailboxDB  *sqldb.DB

	http, grpc, ack, admin net.Listener
	smtp, emergencyAck     net.Listener
	mails                  net.Listener // nil unless mails come in
	cleanups               lifecycle.Stack
}

// New opens the listeners and the databases, brings the schemas up to date and
// builds the services. Errors name the flag to change.
func New(ctx context.Context, cfg *Config, t *telemetry.Telemetry) (*Suite, error) {
	return newAt(ctx, cfg, t, time.Now)
}

// newAt is New with a present of its own.
func newAt(ctx context.Context, cfg *Config, t *telemetry.Telemetry, present func() time.Time) (_ *Suite, err error) {
	s := &Suite{
		cfg: cfg, telemetry: t, clock: demo.NewClock(present), local: live.NewLocal(),
		databases: map[string]*sqldb.DB{}, servers: map[string]*rpc.Server{}, services: map[string]service{}, actors: map[string]actor{},
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close(ctx))
		}
	}()
	for _, step := range []func(context.Context) error{s.listen, s.open, s.openRedis, s.build, s.join} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// close releases what New has opened.
func (s *Suite) close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	return s.cleanups.Close(ctx)
}

// listen comes first: a taken port is the likeliest fault, and nothing has been touched yet.
func (s *Suite) listen(ctx context.Context) error {
	for _, l := range []struct {
		addr, flag string
		listener   *net.Listener
	}{
		{s.cfg.HTTP, "--http", &s.http},
		{s.cfg.GRPC, "--grpc", &s.grpc},
		{s.cfg.Ack, "--ack", &s.ack},
		{s.cfg.Admin, "--admin", &s.admin},
	} {
		listener, err := lifecycle.Listen(ctx, l.addr, l.flag)
		if err != nil {
			return err
		}
		*l.listener = listener
		s.closeAtEnd(listener, l.flag)
	}
	return errors.Join(s.listenForEmergencies(ctx), s.listenForMails(ctx))
}

func (s *Suite) closeAtEnd(l net.Listener, flag string) {
	s.cleanups.Push("listener of "+flag, func(context.Context) error {
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil // whoever served on it has closed it
	})
}

// open opens a database per service and brings its schema up to date.
func (s *Suite) open(ctx context.Context) error {
	if err := s.cfg.prepareDemo(ctx); err != nil {
		return err
	}
	if s.cfg.filling() {
		demo.Rewind(s.clock)
	}
	for name, sets := range map[string][]sqldb.Set{
		identityName: identity.Migrations(), ticketName: ticket.Migrations(),
		triageName: triage.Migrations(), notificationName: notification.Migrations(),
	} {
		db, err := sqldb.Open(ctx, sqldb.Config{
			DSN: "sqlite:" + filepath.Join(s.cfg.Data, name+".db"), Clock: s.clock.Now, Logger: s.telemetry.Logger,
		})
		if err != nil {
			return fmt.Errorf("%w: choose another directory with --data", err)
		}
		s.databases[name] = db
		s.cleanups.Push("database of "+name, func(context.Context) error { return db.Close() })
		if err := db.Migrate(ctx, sets...); err != nil {
			return err
		}
	}
	return s.openMailbox(ctx)
}

func (s *Suite) openRedis(context.Context) error {
	if s.cfg.Redis == "" {
		return nil
	}
	client, err := live.OpenRedis(s.cfg.Redis)
	if err != nil {
		return fmt.Errorf("--redis: %w", err)
	}
	live.SetRedisLogger(s.telemetry.Logger)
	s.redis, s.hints = client, live.NewRedis(client, "altis:", s.telemetry.Logger)
	s.cleanups.Push("redis", func(context.Context) error { return client.Close() })
	return nil
}

// join starts the servers of the services, and the one that tooling calls.
func (s *Suite) join(context.Context) error {
	s.public = rpc.NewServer(rpc.ServerOptions{Verifier: s.identity.Verifier(), Logger: s.telemetry.Logger, Reflection: true})
	for name, service := range s.services {
		server := rpc.NewServer(rpc.ServerOptions{Verifier: service.Verifier(), Logger: s.telemetry.Logger})
		service.Register(server)
		service.Register(s.public)
		// Events are taken from the other services only, within the process.
		if receiver, ok := service.(interface {
			Sink() eventv1.EventSinkServiceServer
		}); ok {
			eventv1.RegisterEventSinkServiceServer(server, receiver.Sink())
		}
		if err := server.Start(); err != nil {
			return err
		}
		s.servers[name] = server
	}
	if s.mailbox != nil {
		server := rpc.NewServer(rpc.ServerOptions{Logger: s.telemetry.Logger})
		s.mailbox.Register(server)
		if err := server.Start(); err != nil {
			return err
		}
		s.servers[emergencyName] = server
	}
	for _, l := range s.links {
		l.conn = s.servers[l.callee].InProcess(l.caller)
	}
	return s.public.Start()
}

// HTTPAddr is the address of the REST API.
func (s *Suite) HTTPAddr() string { return s.http.Addr().String() }

// GRPCAddr is the address of all gRPC services.
func (s *Suite) GRPCAddr() string { return s.grpc.Addr().String() }

// AckAddr is the address of the acknowledgement links.
func (s *Suite) AckAddr() string { return s.ack.Addr().String() }

// Tooling is a connection as a tool has one: it calls with tokens only.
func (s *Suite) Tooling() grpc.ClientConnInterface { return s.public.InProcess("") }

// Bootstrap makes the first admin of the staff.
func (s *Suite) Bootstrap(ctx context.Context, name, email, password string) (string, error) {
	return s.identity.Bootstrap(ctx, name, email, password)
}

// InProcess is a connection to a service as another one of the suite has it.
func (s *Suite) InProcess(caller, callee string) grpc.ClientConnInterface {
	return s.servers[callee].InProcess(caller)
}
