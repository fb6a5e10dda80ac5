package tasks

import (
	"context"
	"log/slog"
	"time"

	"altis-dxp.com/support/services/ticket/internal/domain"
)

// sweepLook is how often a replica looks whether it is time to sweep.
const sweepLook = time.Hour

// Sweep deletes what is left of attachments that nobody needs. It needs no durable
// task: a missed round is made up for by the next one, of any replica.
type Sweep struct {
	Library *domain.Library
	Logger  *slog.Logger
}

// Run sweeps until ctx ends. It returns nil.
func (s *Sweep) Run(ctx context.Context) error {
	tick := time.NewTicker(sweepLook)
	defer tick.Stop()
	for {
		if err := s.Library.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.Logger.WarnContext(ctx, "attachments not swept", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
