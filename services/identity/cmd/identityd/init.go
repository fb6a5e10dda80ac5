package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"

	"go.opentelemetry.io/otel/metric/noop"

	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/services/identity"
)

// init makes the first admin and tells the password once: only its hash is kept.
func (c *cli) init(ctx context.Context) (err error) {
	db, err := c.Open(ctx, slog.Default())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.CheckSchema(ctx, identity.Migrations()...); err != nil {
		return err
	}
	// The change is told to the other services by a task, which runs once identity serves: nobody is called here.
	nobody := rpc.NewServer(rpc.ServerOptions{Logger: slog.Default()}).InProcess("identity")
	service, err := identity.New(c.Config, identity.Deps{
		DB: db, Ticket: nobody, Triage: nobody, Notification: nobody, Logger: slog.Default(), Meter: noop.Meter{},
	})
	if err != nil {
		return err
	}
	password := rand.Text()
	if _, err := service.Bootstrap(ctx, c.Name, c.Email, password); err != nil {
		return err
	}
	fmt.Printf("%s can log in with the password %s\nIt is not shown again.\n", c.Email, password)
	return nil
}
