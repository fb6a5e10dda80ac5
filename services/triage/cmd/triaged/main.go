// Command triaged runs the triage service alone.
package main

import (
	"context"
	"errors"

	"altis-dxp.com/support/pkg/config"
	"altis-dxp.com/support/pkg/daemon"
	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/services/triage"
)

type cli struct {
	Command       string `arg:"" optional:"" enum:"serve,migrate,ready" default:"serve" help:"serve; migrate: bring the schema up to date and end; ready: ask the serving process of this machine whether it is ready, and end."`
	daemon.Flags  `embed:""`
	triage.Config `embed:""`
	Identity      string `default:"identity:9000" help:"gRPC address of identity."`
	Ticket        string `default:"ticket:9000" help:"gRPC address of ticket."`
}

// Validate lists every fault.
func (c *cli) Validate() error { return c.Config.Validate() }

func main() {
	var c cli
	config.Main("triaged", "Altis Support: priorities and due instants.", &c, func(ctx context.Context) error {
		switch c.Command {
		case "migrate":
			return daemon.Migrate(ctx, &c.Flags, triage.Migrations())
		case "ready":
			return lifecycle.Ready(ctx, c.Admin)
		default:
			return daemon.Serve(ctx, "triage", &c.Flags, triage.Migrations(), c.build)
		}
	})
}

func (c *cli) build(_ context.Context, w *daemon.World) (daemon.Service, error) {
	identity, err := w.Dial(c.Identity)
	ticket, err2 := w.Dial(c.Ticket)
	if err := errors.Join(err, err2); err != nil {
		return nil, err
	}
	return triage.New(c.Config, triage.Deps{
		DB: w.DB, Identity: identity, Ticket: ticket,
		Bell: w.Bell, Logger: w.Telemetry.Logger, Meter: w.Telemetry.Meter,
	})
}
