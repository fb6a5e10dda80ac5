// Package daemon is what the main functions of the services share: flags, the
// order of starting and ending, and the migration command.
package daemon

import (
	"context"
	"errors"
	"log/slog"
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
	LogLevel    slog.Level   `default:"info" help:"debug, info, warn or error."`
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

// Serve runs one service until ctx ends. The schema must be new enough; only
// Migrate changes it.
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
	world, err := f.world(ctx, name, t, sets, &stack)
	if err != nil {
		return err
	}
	service, err := build(ctx, world)
	if err != nil {
		return err
	}
	return f.serve(ctx, world, service)
}

// world opens what a service is built from and pushes the cleanups.
func (f *Flags) world(ctx context.Context, name string, t *telemetry.Telemetry, sets []sqldb.Set, stack *lifecycle.Stack) (*World, error) {
	db, err := f.open(ctx, name, t.Logger)
	if err != nil {
		return nil, err
	}
	stack.Push("database", func(context.Context) error { return db.Close() })
	if err := db.CheckSchema(ctx, sets...); err != nil {
		return nil, err
	}
	w := &World{DB: db, Telemetry: t}
	if err := f.openRedis(t.Logger, w, stack); err != nil {
		return nil, err
	}
	tls, err := f.TLS.Client()
	if err != nil {
		return nil, err
	}
	w.Dial = func(target string) (grpc.ClientConnInterface, error) {
		conn, err := rpc.Dial(target, rpc.DialOptions{TLS: tls, Logger: t.Logger})
		if err != nil {
			return nil, err
		}
		stack.Push("connection to "+target, func(context.Context) error { return conn.Close() })
		return conn, nil
	}
	return w, nil
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

// serve runs the listeners and the service's own loops side by side. At the end
// calls come to their end first: what they commit still finds its workers.
func (f *Flags) serve(ctx context.Context, w *World, service Service) error {
	server, err := f.server(w, service)
	if err != nil {
		return err
	}
	grpcListener, err := lifecycle.Listen(ctx, f.GRPC, "--grpc")
	if err != nil {
		return err
	}
	adminListener, err := lifecycle.Listen(ctx, f.Admin, "--admin")
	if err != nil {
		return errors.Join(err, grpcListener.Close())
	}
	working, stopWorking := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWorking()
	group := lifecycle.NewGroup(ctx)
	group.Go("grpc", func(ctx context.Context) error {
		defer stopWorking()
		return server.Serve(ctx, grpcListener)
	})
	admin := lifecycle.NewAdmin(adminListener, w.Telemetry.Metrics, lifecycle.Check{Name: "database", Do: w.DB.Ping})
	group.Go("admin", admin.Handle("/tasks/", durable.ParkedHandler(service.Queue())).Run)
	group.Go("service", func(context.Context) error { return service.Run(working) })
	if w.hints != nil {
		group.Go("redis", func(context.Context) error { return w.hints.Run(working) })
	}
	w.Telemetry.Logger.InfoContext(ctx, "serving",
		slog.String("grpc", grpcListener.Addr().String()), slog.String("admin", adminListener.Addr().String()))
	return group.Wait()
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
