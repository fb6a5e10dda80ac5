// Command gatewayd runs the gateway alone.
package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"google.golang.org/grpc"

	"altis-dxp.com/support/gateway"
	"altis-dxp.com/support/pkg/config"
	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/pkg/live"
	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/pkg/telemetry"
)

// stopTimeout is for what is left when the requests have ended.
const stopTimeout = 10 * time.Second

type cli struct {
	Command        string `arg:"" optional:"" enum:"serve" default:"serve" help:"serve."`
	gateway.Config `embed:""`
	HTTP           string       `name:"http" default:":8080" help:"Address to serve the REST API on."`
	Admin          string       `default:":9090" help:"Address of /livez, /readyz and /metrics."`
	TLS            rpc.TLSFiles `embed:"" prefix:"tls-"`
	Identity       string       `default:"identity:9000" help:"gRPC address of identity."`
	Ticket         string       `default:"ticket:9000" help:"gRPC address of ticket."`
	Triage         string       `default:"triage:9000" help:"gRPC address of triage."`
	Notification   string       `default:"notification:9000" help:"gRPC address of notification."`
	Redis          string       `help:"Redis URL; limits stay within the process when empty."`
	LogLevel       slog.Level   `default:"info" help:"debug, info, warn or error."`
}

// Validate lists every fault.
func (c *cli) Validate() error { return c.Config.Validate() }

func main() {
	var c cli
	config.Main("gatewayd", "Altis Support: the REST API.", &c, c.serve)
}

func (c *cli) serve(ctx context.Context) (err error) {
	var stack lifecycle.Stack
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		err = errors.Join(err, stack.Close(ctx))
	}()
	t, err := telemetry.Setup(ctx, "gateway", telemetry.Version(), telemetry.WithLevel(c.LogLevel))
	if err != nil {
		return err
	}
	stack.Push("telemetry", t.Shutdown)
	deps, err := c.dial(t.Logger, &stack)
	if err != nil {
		return err
	}
	g, err := gateway.New(c.Config, deps)
	if err != nil {
		return err
	}
	http, err := lifecycle.Listen(ctx, c.HTTP, "--http")
	if err != nil {
		return err
	}
	admin, err := lifecycle.Listen(ctx, c.Admin, "--admin")
	if err != nil {
		return errors.Join(err, http.Close())
	}
	group := lifecycle.NewGroup(ctx)
	group.Go("http", func(ctx context.Context) error { return g.Serve(ctx, http, g.Handler()) })
	group.Go("admin", lifecycle.NewAdmin(admin, t.Metrics).Run)
	t.Logger.InfoContext(ctx, "serving", slog.String("http", http.Addr().String()), slog.String("admin", admin.Addr().String()))
	return group.Wait()
}

// dial connects to the services, and to Redis where there is one.
func (c *cli) dial(logger *slog.Logger, stack *lifecycle.Stack) (deps gateway.Deps, err error) {
	deps.Logger = logger
	if c.Redis != "" {
		live.SetRedisLogger(logger)
		if deps.Redis, err = live.OpenRedis(c.Redis); err != nil {
			return deps, err
		}
		stack.Push("redis", func(context.Context) error { return deps.Redis.Close() })
	}
	tls, err := c.TLS.Client()
	if err != nil {
		return deps, err
	}
	for _, peer := range []struct {
		target string
		conn   *grpc.ClientConnInterface
	}{{c.Identity, &deps.Identity}, {c.Ticket, &deps.Ticket}, {c.Triage, &deps.Triage}, {c.Notification, &deps.Notification}} {
		conn, err := rpc.Dial(peer.target, rpc.DialOptions{TLS: tls, Logger: logger})
		if err != nil {
			return deps, err
		}
		stack.Push("connection to "+peer.target, func(context.Context) error { return conn.Close() })
		*peer.conn = conn
	}
	return deps, nil
}
