package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Group runs the loops of a process. The first one that fails ends them all.
type Group struct {
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu   sync.Mutex
	errs []error
}

// NewGroup returns a group whose loops end when ctx does.
func NewGroup(ctx context.Context) *Group {
	ctx, cancel := context.WithCancel(ctx)
	return &Group{ctx: ctx, cancel: cancel}
}

// Go runs fn until its context ends. An error of fn ends the context of every
// loop of the group; a cancelled context's own error after that end is none, and
// neither is a return of nil, at any time.
func (g *Group) Go(name string, fn func(ctx context.Context) error) {
	g.wg.Go(func() {
		err := fn(g.ctx)
		if err == nil || g.ctx.Err() != nil && errors.Is(err, context.Canceled) {
			return
		}
		g.mu.Lock()
		g.errs = append(g.errs, fmt.Errorf("%s: %w", name, err))
		g.mu.Unlock()
		g.cancel()
	})
}

// Wait returns once every loop has returned, with their errors in the order in
// which they happened, each with the name of its loop.
func (g *Group) Wait() error {
	g.wg.Wait()
	g.cancel()
	g.mu.Lock()
	defer g.mu.Unlock()
	return errors.Join(g.errs...)
}
