// Command emergencyd runs the emergency mailbox alone, as independent of everything else as it can be.
package main

import (
	"context"

	"altis-dxp.com/support/pkg/config"
	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/services/notification/emergency"
)

type cli struct {
	Command           string `arg:"" optional:"" enum:"serve,ready" default:"serve" help:"serve, or ready: ask the serving process of this machine whether it is ready, and end."`
	emergency.Process `embed:""`
}

func main() {
	var c cli
	config.Main("emergencyd", "Altis Support: the mailbox of last resort.", &c, func(ctx context.Context) error {
		if c.Command == "ready" {
			return lifecycle.Ready(ctx, c.Admin)
		}
		return emergency.Serve(ctx, &c.Process)
	})
}
