// Package daemon is what the main functions of the services share: flags, the
// order of starting and ending, and the migration command.
package daemon

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/pkg/live"
	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/telemetry"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
)

// stopTimeout bounds the whole end of a process. It is below the grace period
// that Kubernetes gives by default, 30 seconds.
const stopTimeout = 25 * time.Second

// Flags are what every service with a database is told.
type Flags struct {
	Database    string       `required:"" help:"postgres://... or sqlite:PATH; better given in the environment."`
	Schema      string       `help:"PostgreSQL schema; the role's own when empty."`
	NormalConns int          `default:"8" help:"PostgreSQL connections for normal work."`
	SoftConns   int          `default:"2" help:"PostgreSQL connections for claims and completions."`
	PageConns   *int         `help:"PostgreSQL connections that only pages use; when not given, 4 in ticket and notification, which pages go through, and 0 in the others."`
	GRPC        string       `name:"grpc" default:":9000" help:"Address to serve gRPC on."`
	Admin       string       `default:":9090" help:"Address of /livez, /readyz, /metrics and /tasks/parked; not for the public."`
	TLS         rpc.TLSFiles `embed:"" prefix:"tls-"`
	Reflection  bool         `help:"Serve gRPC reflection."`
	Redis       string       `help:"Redis URL; hints and limits stay within the process when empty."`
	// Drain is for whoever has no preStop of Kubernetes.
	Drain    time.Duration `default:"0s" help:"How long to serve on after SIGTERM, not ready, so that a balancer that asks /readyz sends nothing new before the end."`
	LogLevel slog.Level    `default:"info" help:"debug, info, warn or error."`
}

// World is what a service is built from.
type World struct {
	DB        *sqldb.DB
	Telemetry *telemetry.Telemetry
	Redis     redis.UniversalClient // nil without Redis
	Hub       live.Hub
	Bell      live.Bell
	hints     *live.Redis // nil without Redis
	// Dial connects to another service with this one's certificate.
	Dial func(target string) (grpc.ClientConnInterface, error)
}

// Service is the face that every service package has.
type Service interface {
	Register(registrar grpc.ServiceRegistrar)
	Verifier() *auth.Verifier
	Queue() *durable.Queue
	Run(ctx context.Context) error
}

// pageConns is PageConns or else the service's own default. Without connections of their own pages would queue behind
// whatever else the service does.
func (f *Flags) pageConns(service string) int {
	switch {
	case f.PageConns != nil:
		return *f.PageConns
	case service == "ticket", service == "notification":
		return 4
	}
	return 0
}

// Open opens the database that the flags name, for a command that is no running service.
func (f *Flags) Open(ctx context.Context, logger *slog.Logger) (*sqldb.DB, error) {
	return f.open(ctx, "", logger)
}

func (f *Flags) open(ctx context.Context, service string, logger *slog.Logger) (*sqldb.DB, error) {
	return sqldb.Open(ctx, sqldb.Config{
		DSN: f.Database, Schema: f.Schema,
		NormalConns: f.NormalConns, SoftConns: f.SoftConns, PageConns: f.pageConns(service),
		Logger: logger,
	})
}

// Migrate brings the schema up to date.
func Migrate(ctx context.Context, f *Flags, sets []sqldb.Set) error {
	db, err := f.Open(ctx, slog.Default())
	if err != nil {
		return err
	}
	return errors.Join(db.Migrate(ctx, sets...), db.Close())
}

// Serve runs one service until ctx ends, and for Drain longer. Until the database answers, and its schema is new enough, which
// only Migrate makes it, the process answers on its administration port that it is not ready, and nothing else: in whatever order
// programs, database and schema come up, nobody needs to start anything again. What waiting cannot mend ends it at once.
func Serve(ctx context.Context, name string, f *Flags, sets []sqldb.Set, build func(context.Context, *World) (Service, error)) (err error) {
	var stack lifecycle.Stack
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		err = errors.Join(err, stack.Close(ctx))
	}()
	t, err := telemetry.Setup(ctx, name, telemetry.Version(), telemetry.WithLevel(f.LogLevel))
	if err != nil {
		return err
	}
	stack.Push("telemetry", t.Shutdown)
	world := &World{Telemetry: t}
	if err := f.connect(world, &stack); err != nil {
		return err
	}
	listener, err := lifecycle.Listen(ctx, f.Admin, "--admin")
	if err != nil {
		return err
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	working, stopWorking := lifecycle.Linger(ctx, f.Drain)
	defer stopWorking()
	group := lifecycle.NewGroup(working)
	starting := newStartup(listener.Addr(), sets, t.Logger)
	admin := lifecycle.NewAdmin(listener, t.Metrics,
		lifecycle.Check{Name: "database", Do: starting.database}, lifecycle.Check{Name: "start", Do: starting.check}, lifecycle.Ending(ctx))
	admin.Handle("/tasks/", starting)
	group.Go("admin", func(ctx context.Context) error {
		defer end() // the start must not wait for what nobody can see
		return admin.Run(ctx)
	})
	err = f.start(ctx, name, world, starting, build, group, &stack)
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = nil // told to end while it waited
	}
	if err != nil || starting.check(ctx) != nil {
		stopWorking() // nobody is served
		return errors.Join(err, group.Wait())
	}
	return group.Wait()
}

// start waits for the database and its schema, builds the service and adds its loops to the group. An end of ctx is no error.
func (f *Flags) start(ctx context.Context, name string, w *World, starting *startup, build func(context.Context, *World) (Service, error),
	group *lifecycle.Group, stack *lifecycle.Stack,
) error {
	db, err := starting.waitForDatabase(ctx, func() (*sqldb.DB, error) { return f.open(ctx, name, w.Telemetry.Logger) })
	if err != nil {
		return err
	}
	stack.Push("database", func(context.Context) error { return db.Close() })
	w.DB = db
	if !starting.waitForSchema(ctx) {
		return nil
	}
	service, err := build(ctx, w)
	if err != nil {
		return err
	}
	address, err := f.serve(ctx, w, service, group)
	if err != nil {
		return err
	}
	starting.done(durable.ParkedHandler(service.Queue()))
	w.Telemetry.Logger.InfoContext(ctx, "serving", slog.String("grpc", address.String()), slog.String("admin", starting.admin.String()))
	return nil
}

// connect opens what a service is built from besides the database and pushes the cleanups. It waits for nobody: Redis may be
// away, and certificates are files.
func (f *Flags) connect(w *World, stack *lifecycle.Stack) error {
	logger := w.Telemetry.Logger
	if err := f.openRedis(logger, w, stack); err != nil {
		return err
	}
	tls, err := f.TLS.Client()
	if err != nil {
		return err
	}
	w.Dial = func(target string) (grpc.ClientConnInterface, error) {
		conn, err := rpc.Dial(target, rpc.DialOptions{TLS: tls, Logger: logger})
		if err != nil {
			return nil, err
		}
		stack.Push("connection to "+target, func(context.Context) error { return conn.Close() })
		return conn, nil
	}
	return nil
}

func (f *Flags) openRedis(logger *slog.Logger, w *World, stack *lifecycle.Stack) error {
	if f.Redis == "" {
		local := live.NewLocal()
		w.Hub, w.Bell = local, local
		return nil
	}
	client, err := live.OpenRedis(f.Redis)
	if err != nil {
		return err
	}
	live.SetRedisLogger(logger)
	stack.Push("redis", func(context.Context) error { return client.Close() })
	hints := live.NewRedis(client, "altis:", logger)
	w.Redis, w.Hub, w.Bell, w.hints = client, hints, hints, hints
	return nil
}

// serve adds the listener of gRPC and the service's own loops to the group, side by side. At the end calls come to their end
// first: what they commit still finds its workers.
func (f *Flags) serve(ctx context.Context, w *World, service Service, group *lifecycle.Group) (net.Addr, error) {
	server, err := f.server(w, service)
	if err != nil {
		return nil, err
	}
	listener, err := lifecycle.Listen(ctx, f.GRPC, "--grpc")
	if err != nil {
		return nil, err
	}
	working, stopWorking := context.WithCancel(context.WithoutCancel(ctx))
	group.Go("grpc", func(ctx context.Context) error {
		defer stopWorking()
		return server.Serve(ctx, listener)
	})
	group.Go("service", func(context.Context) error { return service.Run(working) })
	if w.hints != nil {
		group.Go("redis", func(context.Context) error { return w.hints.Run(working) })
	}
	return listener.Addr(), nil
}

// server returns the started server of everything that the service answers.
func (f *Flags) server(w *World, service Service) (*rpc.Server, error) {
	tls, err := f.TLS.Server()
	if err != nil {
		return nil, err
	}
	server := rpc.NewServer(rpc.ServerOptions{Verifier: service.Verifier(), Logger: w.Telemetry.Logger, TLS: tls, Reflection: f.Reflection})
	service.Register(server)
	if receiver, ok := service.(interface {
		Sink() eventv1.EventSinkServiceServer
	}); ok {
		eventv1.RegisterEventSinkServiceServer(server, receiver.Sink())
	}
	return server, server.Start()
}
