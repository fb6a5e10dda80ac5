package live

import (
	"context"
	"sync"
)

// hintBuffer is how many hints a subscriber may lag behind before it loses some.
const hintBuffer = 256

// Local delivers within this process.
type Local struct {
	mu          sync.Mutex
	subscribers map[chan Hint]struct{}
	listeners   map[string]map[chan struct{}]struct{}
}

var (
	_ Hub  = (*Local)(nil)
	_ Bell = (*Local)(nil)
)

// NewLocal returns a hub and bell without subscribers.
func NewLocal() *Local {
	return &Local{
		subscribers: make(map[chan Hint]struct{}),
		listeners:   make(map[string]map[chan struct{}]struct{}),
	}
}

// Publish implements Hub.
func (l *Local) Publish(_ context.Context, hint Hint) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for ch := range l.subscribers {
		select {
		case ch <- hint:
		default:
		}
	}
}

// Subscribe implements Hub.
func (l *Local) Subscribe(ctx context.Context) <-chan Hint {
	ch := make(chan Hint, hintBuffer)
	l.mu.Lock()
	l.subscribers[ch] = struct{}{}
	l.mu.Unlock()
	context.AfterFunc(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.subscribers, ch)
		close(ch)
	})
	return ch
}

// Ring implements Bell.
func (l *Local) Ring(topic string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for ch := range l.listeners[topic] {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

// Listen implements Bell.
func (l *Local) Listen(ctx context.Context, topic string) <-chan struct{} {
	ch := make(chan struct{}, 1)
	l.mu.Lock()
	if l.listeners[topic] == nil {
		l.listeners[topic] = make(map[chan struct{}]struct{})
	}
	l.listeners[topic][ch] = struct{}{}
	l.mu.Unlock()
	context.AfterFunc(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.listeners[topic], ch)
		if len(l.listeners[topic]) == 0 {
			delete(l.listeners, topic)
		}
		close(ch)
	})
	return ch
}
