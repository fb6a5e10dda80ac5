// Command gatewayd runs the gateway alone.
package main

import (
	"context"
	"log/slog"
	"time"

	"altis-dxp.com/support/gateway"
	"altis-dxp.com/support/pkg/config"
	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/pkg/rpc"
)

type cli struct {
	Command        string `arg:"" optional:"" enum:"serve,ready" default:"serve" help:"serve, or ready: ask the serving process of this machine whether it is ready, and end."`
	gateway.Config `embed:""`
	HTTP           string       `name:"http" default:":8080" help:"Address to serve the REST API on."`
	Admin          string       `default:":9090" help:"Address of /livez, /readyz and /metrics."`
	TLS            rpc.TLSFiles `embed:"" prefix:"tls-"`
	Identity       string       `default:"identity:9000" help:"gRPC address of identity."`
	Ticket         string       `default:"ticket:9000" help:"gRPC address of ticket."`
	Triage         string       `default:"triage:9000" help:"gRPC address of triage."`
	Notification   string       `default:"notification:9000" help:"gRPC address of notification."`
	Redis          string       `help:"Redis URL; limits stay within the process when empty."`
	// Drain is for whoever has no preStop of Kubernetes.
	Drain    time.Duration `default:"0s" help:"How long to serve on after SIGTERM, not ready, so that a balancer that asks /readyz sends nothing new before the end."`
	LogLevel slog.Level    `default:"info" help:"debug, info, warn or error."`
}

// Validate lists every fault.
func (c *cli) Validate() error { return c.Config.Validate() }

func main() {
	var c cli
	config.Main("gatewayd", "Altis Support: the REST API.", &c, func(ctx context.Context) error {
		if c.Command == "ready" {
			return lifecycle.Ready(ctx, c.Admin)
		}
		return c.serve(ctx)
	})
}
