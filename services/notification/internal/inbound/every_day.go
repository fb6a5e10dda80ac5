package inbound

import (
	"context"
	"math/rand/v2"
	"time"
)

// everyDay calls do after a random part of spread, so that replicas started together do not do it together, and then every day
// until ctx ends. It returns nil.
func everyDay(ctx context.Context, spread time.Duration, do func()) error {
	next := time.NewTimer(rand.N(spread)) //nolint:gosec // spreads load, guards nothing
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-next.C:
		}
		do()
		next.Reset(24 * time.Hour)
	}
}
