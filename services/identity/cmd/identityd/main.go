// Command identityd runs the identity service alone.
package main

import (
	"context"
	"errors"

	"altis-dxp.com/support/pkg/config"
	"altis-dxp.com/support/pkg/daemon"
	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/services/identity"
)

type cli struct {
	Command         string `arg:"" optional:"" enum:"serve,migrate,ready,init" default:"serve" help:"serve; migrate: bring the schema up to date and end; ready: ask the serving process of this machine whether it is ready, and end; init: make the first admin of the staff, print the password and end."`
	daemon.Flags    `embed:""`
	identity.Config `embed:""`
	Ticket          string `default:"ticket:9000" help:"gRPC address of ticket."`
	Triage          string `default:"triage:9000" help:"gRPC address of triage."`
	Notification    string `default:"notification:9000" help:"gRPC address of notification."`
	Name            string `help:"init: name of the first admin."`
	Email           string `help:"init: address that the admin logs in with."`
}

// Validate lists every fault.
func (c *cli) Validate() error {
	var err error
	if c.Command == "init" && (c.Name == "" || c.Email == "") {
		err = errors.New("init needs --name and --email")
	}
	return errors.Join(c.Config.Validate(), err)
}

func main() {
	var c cli
	config.Main("identityd", "Altis Support: people and who they are.", &c, func(ctx context.Context) error {
		switch c.Command {
		case "migrate":
			return daemon.Migrate(ctx, &c.Flags, identity.Migrations())
		case "ready":
			return lifecycle.Ready(ctx, c.Admin)
		case "init":
			return c.init(ctx)
		default:
			return daemon.Serve(ctx, "identity", &c.Flags, identity.Migrations(), c.build)
		}
	})
}

func (c *cli) build(_ context.Context, w *daemon.World) (daemon.Service, error) {
	ticket, err := w.Dial(c.Ticket)
	triage, err2 := w.Dial(c.Triage)
	notification, err3 := w.Dial(c.Notification)
	if err := errors.Join(err, err2, err3); err != nil {
		return nil, err
	}
	return identity.New(c.Config, identity.Deps{
		DB: w.DB, Ticket: ticket, Triage: triage, Notification: notification,
		Bell: w.Bell, Redis: w.Redis, Logger: w.Telemetry.Logger, Meter: w.Telemetry.Meter,
	})
}
