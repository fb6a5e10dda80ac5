package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"google.golang.org/grpc"

	"altis-dxp.com/support/gateway"
	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/pkg/live"
	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/pkg/telemetry"
)

// stopTimeout is for what is left when the requests have ended.
const stopTimeout = 10 * time.Second

// serve runs the gateway until ctx ends, and for Drain longer.
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
	listener, err := lifecycle.Listen(ctx, c.HTTP, "--http")
	if err != nil {
		return err
	}
	admin, err := lifecycle.Listen(ctx, c.Admin, "--admin")
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	working, stopWorking := lifecycle.Linger(ctx, c.Drain)
	defer stopWorking()
	group := lifecycle.NewGroup(working)
	group.Go("http", func(working context.Context) error { return g.Serve(working, listener, leaving(ctx, g.Handler())) })
	group.Go("admin", lifecycle.NewAdmin(admin, t.Metrics, lifecycle.Ending(ctx)).Run)
	t.Logger.InfoContext(ctx, "serving", slog.String("http", listener.Addr().String()), slog.String("admin", admin.Addr().String()))
	return group.Wait()
}

// leaving has clients that keep their connections leave by themselves, with the first answer after ctx has ended: a connection
// that is closed while a request is on its way fails it.
func leaving(ctx context.Context, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ctx.Err() != nil {
			w.Header().Set("Connection", "close")
		}
		h.ServeHTTP(w, r)
	})
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
