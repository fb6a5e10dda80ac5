// Package watch follows the feed of all changes and wakes those whom they may
// concern.
//
// One loop per process reads the feed: at once after a hint if somebody watches,
// and every second whatever happens, so that a lost hint costs a second and
// nothing else. What a watcher then sends it reads itself, by the statement that
// lists use.
package watch

import (
	"context"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"altis-dxp.com/support/pkg/live"
	"altis-dxp.com/support/services/ticket/internal/store"
)

const (
	pollEvery = time.Second
	batch     = 500
	// presenceBuffer is how many hints a stream may lag behind.
	presenceBuffer = 64
)

// afterHint are the pauses of the reads that follow a hint: on PostgreSQL a
// committed change can be read only when older transactions have ended too.
var afterHint = []time.Duration{0, 5 * time.Millisecond, 25 * time.Millisecond, 125 * time.Millisecond}

// Feed is the part of the store that is read.
type Feed interface {
	FeedEnd(ctx context.Context) (store.FeedPosition, error)
	Feed(ctx context.Context, after store.FeedPosition, only store.FeedFilter, limit int) ([]store.FeedEntry, error)
}

// Tail follows the feed.
type Tail struct {
	feed   Feed
	hub    live.Hub
	logger *slog.Logger

	mu       sync.Mutex
	at       store.FeedPosition
	watchers map[*Watcher]struct{}
}

// Watcher is woken for changes that may concern one viewer.
type Watcher struct {
	tail *Tail
	only store.FeedFilter
	wake chan struct{}
	came chan int64
}

// NewTail returns a tail that follows nothing until Run.
func NewTail(feed Feed, hub live.Hub, logger *slog.Logger) *Tail {
	return &Tail{feed: feed, hub: hub, logger: logger, watchers: map[*Watcher]struct{}{}}
}

// Watch returns a watcher of the changes that pass the filter. Stop it.
func (t *Tail) Watch(only store.FeedFilter) *Watcher {
	w := &Watcher{tail: t, only: only, wake: make(chan struct{}, 1), came: make(chan int64, presenceBuffer)}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.watchers[w] = struct{}{}
	return w
}

// Woken receives when something may have changed.
func (w *Watcher) Woken() <-chan struct{} { return w.wake }

// Presence receives the numbers of tickets where who is there has changed, for
// watchers of what only staff see. Who does not keep up misses some.
func (w *Watcher) Presence() <-chan int64 { return w.came }

// Stop ends the watcher.
func (w *Watcher) Stop() {
	w.tail.mu.Lock()
	defer w.tail.mu.Unlock()
	delete(w.tail.watchers, w)
}

// Position is how far the feed has been read: what a read that begins now does not
// return up to here does not exist.
func (t *Tail) Position() store.FeedPosition {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.at
}

// Run follows the feed until ctx ends. It returns nil.
func (t *Tail) Run(ctx context.Context) error {
	hints := t.hub.Subscribe(ctx)
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	failing := false
	started := false
	for {
		reads := afterHint[:1]
		select {
		case <-ctx.Done():
			return nil
		case <-poll.C:
		case hint, ok := <-hints:
			if !ok {
				return nil
			}
			if hint.Presence {
				t.presence(hint.Ticket)
				continue
			}
			if !t.watched() {
				continue // the poll moves on, soon enough for whoever comes
			}
			reads = afterHint
		}
		err := t.start(ctx, &started)
		if err == nil {
			err = t.read(ctx, reads)
		}
		if err != nil && !failing && ctx.Err() == nil {
			t.logger.WarnContext(ctx, "the feed of changes cannot be read, watchers wait", slog.Any("error", err))
		}
		failing = err != nil
	}
}

func (t *Tail) watched() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.watchers) > 0
}

// start skips what happened before this process began to follow.
func (t *Tail) start(ctx context.Context, started *bool) error {
	if *started {
		return nil
	}
	end, err := t.feed.FeedEnd(ctx)
	if err != nil {
		return err
	}
	t.advance(end, nil)
	*started = true
	// Watchers that came before may have seen less than the end.
	t.mu.Lock()
	defer t.mu.Unlock()
	for w := range t.watchers {
		w.signal()
	}
	return nil
}

// read reads until there is something, with the pauses given, and then to the end.
func (t *Tail) read(ctx context.Context, pauses []time.Duration) error {
	for _, pause := range pauses {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
		for found := false; ; found = true {
			entries, err := t.feed.Feed(ctx, t.Position(), store.FeedFilter{Internal: true}, batch)
			if err != nil {
				return err
			}
			if len(entries) == 0 {
				if found {
					return nil
				}
				break
			}
			t.advance(entries[len(entries)-1].At, entries)
		}
	}
	return nil
}

func (t *Tail) advance(to store.FeedPosition, entries []store.FeedEntry) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.at = to
	for w := range t.watchers {
		for _, e := range entries {
			if w.only.Passes(e) {
				w.signal()
				break
			}
		}
	}
}

// presence passes a hint on.
func (t *Tail) presence(ticket string) {
	number, err := strconv.ParseInt(ticket, 10, 64)
	if err != nil {
		return // of a newer release
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for w := range t.watchers {
		if !w.only.Internal {
			continue
		}
		select {
		case w.came <- number:
		default:
		}
	}
}

func (w *Watcher) signal() {
	select {
	case w.wake <- struct{}{}:
	default: // is awake already
	}
}
