// Command notificationd runs the notification service alone.
package main

import (
	"context"
	"errors"

	"altis-dxp.com/support/pkg/config"
	"altis-dxp.com/support/pkg/daemon"
	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/services/notification"
)

type cli struct {
	Command             string `arg:"" optional:"" enum:"serve,migrate,ready" default:"serve" help:"serve; migrate: bring the schema up to date and end; ready: ask the serving process of this machine whether it is ready, and end."`
	daemon.Flags        `embed:""`
	notification.Config `embed:""`
	AckListen           string `default:":8081" help:"Address to serve acknowledgement links on."`
	Identity            string `default:"identity:9000" help:"gRPC address of identity."`
	Ticket              string `default:"ticket:9000" help:"gRPC address of ticket."`
	Emergency           string `help:"gRPC address of the emergency mailbox, whose pages are taken over after an outage; none when empty."`
}

// Validate lists every fault. A link to this machine would be of no use on an engineer's phone.
func (c *cli) Validate() error {
	c.Config.AckListen = c.AckListen
	var err error
	if c.Command == "serve" && c.AckBaseURL == "" {
		err = errors.New("--ack-base-url is needed: pages carry links under it")
	}
	return errors.Join(c.Config.Validate(), err)
}

func main() {
	var c cli
	config.Main("notificationd", "Altis Support: pages and mail.", &c, func(ctx context.Context) error {
		switch c.Command {
		case "migrate":
			return daemon.Migrate(ctx, &c.Flags, notification.Migrations())
		case "ready":
			return lifecycle.Ready(ctx, c.Admin)
		default:
			return daemon.Serve(ctx, "notification", &c.Flags, notification.Migrations(), c.build)
		}
	})
}

func (c *cli) build(_ context.Context, w *daemon.World) (daemon.Service, error) {
	identity, err := w.Dial(c.Identity)
	ticket, err2 := w.Dial(c.Ticket)
	if err := errors.Join(err, err2); err != nil {
		return nil, err
	}
	deps := notification.Deps{
		DB: w.DB, Identity: identity, Ticket: ticket,
		Bell: w.Bell, Logger: w.Telemetry.Logger, Meter: w.Telemetry.Meter,
	}
	if c.Emergency != "" {
		if deps.Emergency, err = w.Dial(c.Emergency); err != nil {
			return nil, err
		}
	}
	return notification.New(c.Config, deps)
}
