package events

import (
	"context"
	"slices"
	"sync"

	"google.golang.org/protobuf/proto"

	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
)

const (
	// maxEvents is the receiver's limit of one call.
	maxEvents = 256
	// maxBytes stays below the receiver's limit of a message. A single larger event goes alone.
	maxBytes = 512 << 10
)

// batcher makes one call of what arrived during the last one: without traffic an event goes at once, under load the calls
// grow instead of queueing. Nothing lingers.
type batcher struct {
	sending chan struct{} // holds the token of who makes the call
	mu      sync.Mutex
	waiting []*delivery
}

type delivery struct {
	event  *eventv1.Event
	answer chan error // buffered: answering never blocks
}

func newBatcher() *batcher { return &batcher{sending: make(chan struct{}, 1)} }

// deliver returns what became of the event. Whoever finds no call under way makes the next, for all who wait; send
// answers each delivery that it is given.
func (b *batcher) deliver(ctx context.Context, event *eventv1.Event, send func(context.Context, []*delivery)) error {
	d := &delivery{event: event, answer: make(chan error, 1)}
	b.mu.Lock()
	b.waiting = append(b.waiting, d)
	b.mu.Unlock()
	for {
		select {
		case err := <-d.answer:
			return err
		case <-ctx.Done():
			b.forget(d)
			return ctx.Err()
		case b.sending <- struct{}{}:
			if batch := b.take(); len(batch) > 0 {
				send(ctx, batch)
			}
			<-b.sending
		}
	}
}

func (b *batcher) take() []*delivery {
	b.mu.Lock()
	defer b.mu.Unlock()
	n, size := 0, 0
	for n < len(b.waiting) && n < maxEvents {
		size += proto.Size(b.waiting[n].event)
		if n > 0 && size > maxBytes {
			break
		}
		n++
	}
	batch := slices.Clone(b.waiting[:n])
	b.waiting = slices.Delete(b.waiting, 0, n)
	return batch
}

func (b *batcher) forget(d *delivery) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting = slices.DeleteFunc(b.waiting, func(other *delivery) bool { return other == d })
}
