// Package live passes hints between goroutines and, through Redis, between
// replicas: "this ticket changed", "there is work". A hint only ever makes
// something happen sooner. It may be lost at any time, so whoever waits for one
// also looks by itself now and then, and bodies always come from the database.
package live

import "context"

// Hint says that a ticket has changed.
type Hint struct {
	Organization string
	Ticket       string
	Sequence     int64 // of the change within the ticket
	Presence     bool  `json:",omitempty"` // who is at the ticket has changed, not the ticket
}

// Hub spreads hints to all subscribers of all replicas.
type Hub interface {
	// Publish never blocks and never fails. A subscriber that does not keep up
	// loses hints.
	Publish(ctx context.Context, hint Hint)
	// Subscribe returns the hints published from now on. The channel is closed
	// when ctx ends.
	Subscribe(ctx context.Context) <-chan Hint
}

// Bell wakes those who wait for a topic, in all replicas.
type Bell interface {
	// Ring never blocks and never fails.
	Ring(topic string)
	// Listen returns a channel that holds a value when the topic was rung since
	// the last receive, however often. The channel is closed when ctx ends.
	Listen(ctx context.Context, topic string) <-chan struct{}
}
