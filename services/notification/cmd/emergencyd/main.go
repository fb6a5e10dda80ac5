// Command emergencyd runs the emergency mailbox alone, as independent of everything else as it can be.
package main

import (
	"context"

	"altis-dxp.com/support/pkg/config"
	"altis-dxp.com/support/services/notification/emergency"
)

func main() {
	var p emergency.Process
	config.Main("emergencyd", "Altis Support: the mailbox of last resort.", &p, func(ctx context.Context) error {
		return emergency.Serve(ctx, &p)
	})
}
