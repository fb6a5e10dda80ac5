package emergency

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"time"

	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/telemetry"
)

// stopTimeout bounds the whole end of the process.
const stopTimeout = 25 * time.Second

// Process is the configuration of a mailbox that is a process of its own.
type Process struct {
	Config       `embed:""`
	Notification string       `default:"notification:9000" help:"gRPC address of notification, which the roster comes from."`
	Ticket       string       `help:"gRPC address of ticket, which makes tickets of the mails; they become none when empty."`
	GRPC         string       `name:"grpc" default:":9000" help:"Address to serve gRPC on, for ticket and notification."`
	Admin        string       `default:":9090" help:"Address of /livez, /readyz, /metrics and /tasks/parked; not for the public."`
	TLS          rpc.TLSFiles `embed:"" prefix:"tls-"`
	LogLevel     slog.Level   `default:"info" help:"debug, info, warn or error."`
}

// Validate lists every fault. What a mailbox cannot help with is missing is one as well.
func (p *Process) Validate() error {
	var faults []error
	if len(p.Address) == 0 {
		faults = append(faults, errors.New("--address is needed: mails for other addresses are refused"))
	}
	if p.AckBaseURL == "" {
		faults = append(faults, errors.New("--ack-base-url is needed: pages carry links under it"))
	}
	if len(p.FallbackContact) == 0 {
		faults = append(faults, errors.New("--fallback-contact is needed: somebody must be paged before notification was ever reached"))
	}
	return errors.Join(append(faults, p.Config.Validate())...)
}

// Serve runs the mailbox until ctx ends.
func Serve(ctx context.Context, p *Process) (err error) {
	var stack lifecycle.Stack
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		err = errors.Join(err, stack.Close(ctx))
	}()
	t, err := telemetry.Setup(ctx, "emergency", telemetry.Version(), telemetry.WithLevel(p.LogLevel))
	if err != nil {
		return err
	}
	stack.Push("telemetry", t.Shutdown)
	db, err := Open(ctx, p.Config, t.Logger, nil)
	if err != nil {
		return err
	}
	stack.Push("database", func(context.Context) error { return db.Close() })
	deps := Deps{DB: db, Logger: t.Logger, Meter: t.Meter}
	if deps.Notification, err = p.dial("notification", p.Notification, t.Logger, &stack); err != nil {
		return err
	}
	if p.Ticket != "" {
		if deps.Ticket, err = p.dial("ticket", p.Ticket, t.Logger, &stack); err != nil {
			return err
		}
	}
	s, err := New(p.Config, deps)
	if err != nil {
		return err
	}
	server, err := p.server(s, t.Logger)
	if err != nil {
		return err
	}
	calls, err := lifecycle.Listen(ctx, p.GRPC, "--grpc")
	if err != nil {
		return err
	}
	admin, err := lifecycle.Listen(ctx, p.Admin, "--admin")
	if err != nil {
		return errors.Join(err, calls.Close())
	}
	g := lifecycle.NewGroup(ctx)
	g.Go("grpc", func(ctx context.Context) error { return server.Serve(ctx, calls) })
	g.Go("admin", lifecycle.NewAdmin(admin, t.Metrics, s.Checks()...).Handle("/tasks/", durable.ParkedHandler(s.Queue())).Run)
	g.Go("mailbox", s.Run)
	return g.Wait()
}

// server returns the started server of what ticket and notification ask. It takes no user's token: it must not need identity.
func (p *Process) server(s *Service, logger *slog.Logger) (*rpc.Server, error) {
	tls, err := p.TLS.Server()
	if err != nil {
		return nil, err
	}
	server := rpc.NewServer(rpc.ServerOptions{Logger: logger, TLS: tls})
	s.Register(server)
	return server, server.Start()
}

func (p *Process) dial(service, address string, logger *slog.Logger, stack *lifecycle.Stack) (grpc.ClientConnInterface, error) {
	tls, err := p.TLS.Client()
	if err != nil {
		return nil, err
	}
	conn, err := rpc.Dial(address, rpc.DialOptions{TLS: tls, Logger: logger})
	if err != nil {
		return nil, err
	}
	stack.Push("connection to "+service, func(context.Context) error { return conn.Close() })
	return conn, nil
}

// Open opens the private database of a mailbox and brings its tables up to date.
func Open(ctx context.Context, c Config, logger *slog.Logger, clock func() time.Time) (*sqldb.DB, error) {
	db, err := sqldb.Open(ctx, sqldb.Config{
		DSN: "sqlite:" + filepath.Join(c.withDefaults().Data, "emergency.db"), Clock: clock, Logger: logger,
	})
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx, Migrations()...); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}
