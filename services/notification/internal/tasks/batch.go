package tasks

import (
	"context"
	"errors"
	"sync"
)

// batch does the same thing for many at once: while it is being done, those who want it too wait for the next turn, which does
// it for all of them. Alone it costs nothing, and many share one commit.
type batch[Item, Result any] struct {
	do   func(ctx context.Context, items []Item) ([]Result, []error) // one of each for every item
	most int                                                         // items of a turn

	mu      sync.Mutex
	waiting []*turn[Item, Result]
	running bool
}

type turn[Item, Result any] struct {
	item   Item
	result Result
	err    error
	done   chan struct{}
}

// errBatch says that do has panicked.
var errBatch = errors.New("tasks: what was done for many at once did not come to an end")

// one has it done for an item and waits for that, whatever becomes of ctx: it is bounded by do.
func (b *batch[Item, Result]) one(ctx context.Context, item Item) (Result, error) {
	t := &turn[Item, Result]{item: item, err: errBatch, done: make(chan struct{})}
	b.mu.Lock()
	b.waiting = append(b.waiting, t)
	if !b.running {
		b.running = true
		go b.run(context.WithoutCancel(ctx))
	}
	b.mu.Unlock()
	<-t.done
	return t.result, t.err
}

// run goes on until nobody waits.
func (b *batch[Item, Result]) run(ctx context.Context) {
	for {
		b.mu.Lock()
		n := min(len(b.waiting), b.most)
		turns := b.waiting[:n:n]
		b.waiting = b.waiting[n:]
		if n == 0 {
			b.waiting, b.running = nil, false
			b.mu.Unlock()
			return
		}
		b.mu.Unlock()
		b.turn(ctx, turns)
	}
}

func (b *batch[Item, Result]) turn(ctx context.Context, turns []*turn[Item, Result]) {
	defer func() {
		_ = recover() // errBatch tells it
		for _, t := range turns {
			close(t.done)
		}
	}()
	items := make([]Item, len(turns))
	for i, t := range turns {
		items[i] = t.item
	}
	results, errs := b.do(ctx, items)
	for i, t := range turns {
		t.result, t.err = results[i], errs[i]
	}
}

// batches is a batch for each key: what one of them has to wait for holds up none of the others.
type batches[Item, Result any] struct {
	do   func(ctx context.Context, items []Item) ([]Result, []error)
	most int

	mu    sync.Mutex
	byKey map[string]*shared[Item, Result]
}

// shared is a batch and how many wait in it.
type shared[Item, Result any] struct {
	batch[Item, Result]
	users int
}

// one is batch.one with others of the same key.
func (b *batches[Item, Result]) one(ctx context.Context, key string, item Item) (Result, error) {
	b.mu.Lock()
	s := b.byKey[key]
	if s == nil {
		s = &shared[Item, Result]{batch: batch[Item, Result]{do: b.do, most: b.most}}
		if b.byKey == nil {
			b.byKey = map[string]*shared[Item, Result]{}
		}
		b.byKey[key] = s
	}
	s.users++
	b.mu.Unlock()
	defer func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if s.users--; s.users == 0 {
			delete(b.byKey, key)
		}
	}()
	return s.one(ctx, item)
}
