package tasks

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/store"
)

// unsentAtOnce leaves connections to the pages that can be sent.
const unsentAtOnce = 2

// Unsent sees to it that a page whose receiver is slow, or has so many others before it that nothing was sent yet, goes on
// to the person's next contact. The rows tell it, not the tasks: who holds those may be stuck. Every replica looks.
type Unsent struct {
	Tasks *Tasks
	After time.Duration // how long a delivery may be without an outcome; a quarter of that is how often Run looks
}

// Run looks until ctx ends. It returns nil.
func (u *Unsent) Run(ctx context.Context) error {
	tick := time.NewTicker(max(u.After/4, 10*time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := u.look(ctx); err != nil && ctx.Err() == nil {
			u.Tasks.Logger.WarnContext(ctx, "pages that are not sent cannot be looked for", slog.Any("error", err))
		}
	}
}

func (u *Unsent) look(ctx context.Context) error {
	found, err := u.Tasks.Store.Unsent(ctx, u.After)
	if err != nil {
		return err
	}
	slots := make(chan struct{}, unsentAtOnce)
	var wg sync.WaitGroup
	for _, d := range found {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			u.passOn(ctx, d)
		})
	}
	wg.Wait()
	return nil
}

func (u *Unsent) passOn(ctx context.Context, d store.Unsent) {
	err := u.Tasks.Store.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
		return u.Tasks.Pager.Unsent(ctx, tx, d.Page, d.Delivery, u.After)
	})
	if err != nil && ctx.Err() == nil {
		u.Tasks.Logger.WarnContext(ctx, "the next contact of a page that is not sent was not started",
			slog.String("delivery", d.Delivery), slog.String("page", d.Page), slog.Any("error", err))
	}
}
