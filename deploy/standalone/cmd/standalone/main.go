// Command standalone is the whole of Altis Support in one process.
package main

import (
	"context"
	"errors"
	"os"

	"altis-dxp.com/support/deploy/standalone"
	"altis-dxp.com/support/pkg/config"
)

type cli struct {
	Command           string `arg:"" optional:"" enum:"serve,init" default:"serve" help:"serve, or init: make the first admin of the staff, print the password and end."`
	standalone.Config `embed:""`
	Name              string `help:"init: name of the first admin."`
	Email             string `help:"init: address that the admin logs in with."`
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
	config.Main("altis", "Altis Support in one process.", &c, func(ctx context.Context) error {
		if c.Command == "init" {
			return standalone.Init(ctx, &c.Config, c.Name, c.Email, os.Stdout)
		}
		return standalone.Serve(ctx, &c.Config, os.Stdout)
	})
}
