package lifecycle

import (
	"context"
	"errors"
	"time"
)

// Linger returns a context that ends d after ctx has, or when cancel is called. A process serves with it for a while after
// it was told to end and says at /readyz that it is not ready: what balances over replicas takes it out before it refuses
// anybody.
func Linger(ctx context.Context, d time.Duration) (lingering context.Context, cancel context.CancelFunc) {
	lingering, end := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			end()
		case <-lingering.Done():
		}
	})
	return lingering, func() {
		stop()
		end()
	}
}

// Ending returns the check that holds until ctx ends.
func Ending(ctx context.Context) Check {
	return Check{Name: "end", Do: func(context.Context) error {
		if ctx.Err() != nil {
			return errors.New("the process is ending")
		}
		return nil
	}}
}
