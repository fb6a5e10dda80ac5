package tasks

import (
	"cmp"
	"context"
	"fmt"
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
	// After is how long a delivery may be without an outcome, since it was made or since Run began, whichever is later. A
	// quarter of that is how often Run looks.
	After time.Duration
}

// Run looks until ctx ends. It returns nil.
func (u *Unsent) Run(ctx context.Context) error { return u.run(ctx, u.look) }

// run waits for the whole of After before the first look: what is older than this process, which may be all there was to
// send it, waited for no receiver.
func (u *Unsent) run(ctx context.Context, look func(context.Context) error) error {
	next := time.NewTimer(u.After)
	defer next.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-next.C:
		}
		err := look(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && !failing:
			u.Tasks.Logger.WarnContext(ctx, "pages that are not sent do not go on to the next contact; it is tried again", slog.Any("error", err))
		case err == nil && failing:
			u.Tasks.Logger.InfoContext(ctx, "pages that are not sent go on to the next contact again")
		}
		failing = err != nil
		next.Reset(max(u.After/4, 10*time.Millisecond))
	}
}

// look returns one of what went wrong.
func (u *Unsent) look(ctx context.Context) error {
	found, err := u.Tasks.Store.Unsent(ctx, u.After, u.ask(), 2*u.Tasks.Bundling.Hold)
	if err != nil {
		return err
	}
	slots := make(chan struct{}, unsentAtOnce)
	var wg sync.WaitGroup
	failures := make([]error, len(found))
	for i, d := range found {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			failures[i] = u.passOn(ctx, d)
		})
	}
	wg.Wait()
	return cmp.Or(failures...)
}

// ask is the age from which on the emergency mailbox is asked first, 0 without one.
func (u *Unsent) ask() time.Duration {
	if u.Tasks.Mailbox == nil {
		return 0
	}
	return u.Tasks.WatchAfter
}

func (u *Unsent) passOn(ctx context.Context, d store.Unsent) error {
	err := u.Tasks.Store.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
		return u.Tasks.Pager.Unsent(ctx, tx, d.Page, d.Delivery, u.After)
	})
	if err != nil {
		return fmt.Errorf("delivery %s of page %s: %w", d.Delivery, d.Page, err)
	}
	return nil
}
