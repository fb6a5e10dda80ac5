// Command ticketd runs the ticket service alone.
package main

import (
	"context"
	"errors"

	"altis-dxp.com/support/pkg/config"
	"altis-dxp.com/support/pkg/daemon"
	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/services/ticket"
)

type cli struct {
	Command       string `arg:"" optional:"" enum:"serve,migrate,ready" default:"serve" help:"serve; migrate: bring the schema up to date and end; ready: ask the serving process of this machine whether it is ready, and end."`
	daemon.Flags  `embed:""`
	ticket.Config `embed:""`
	Identity      string `default:"identity:9000" help:"gRPC address of identity."`
	Triage        string `default:"triage:9000" help:"gRPC address of triage."`
	Notification  string `default:"notification:9000" help:"gRPC address of notification."`
	Emergency     string `help:"gRPC address of the emergency mailbox, which pages about urgent incidents when notification does not; none when empty."`
}

// Validate lists every fault.
func (c *cli) Validate() error { return c.Config.Validate() }

func main() {
	var c cli
	config.Main("ticketd", "Altis Support: tickets and their conversations.", &c, func(ctx context.Context) error {
		switch c.Command {
		case "migrate":
			return daemon.Migrate(ctx, &c.Flags, ticket.Migrations())
		case "ready":
			return lifecycle.Ready(ctx, c.Admin)
		default:
			return daemon.Serve(ctx, "ticket", &c.Flags, ticket.Migrations(), c.build)
		}
	})
}

func (c *cli) build(_ context.Context, w *daemon.World) (daemon.Service, error) {
	identity, err := w.Dial(c.Identity)
	triage, err2 := w.Dial(c.Triage)
	notification, err3 := w.Dial(c.Notification)
	if err := errors.Join(err, err2, err3); err != nil {
		return nil, err
	}
	deps := ticket.Deps{
		DB: w.DB, Identity: identity, Triage: triage, Notification: notification,
		Hub: w.Hub, Bell: w.Bell, Redis: w.Redis, Logger: w.Telemetry.Logger, Meter: w.Telemetry.Meter,
	}
	if c.Emergency != "" {
		var err error
		if deps.Emergency, err = w.Dial(c.Emergency); err != nil {
			return nil, err
		}
	}
	return ticket.New(c.Config, deps)
}
