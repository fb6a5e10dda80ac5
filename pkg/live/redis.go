package live

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"altis-dxp.com/support/pkg/lifecycle"
)

const (
	outBuffer      = 1024 // what waits for Redis before more is lost
	batchLimit     = 128
	publishTimeout = time.Second
	healthInterval = time.Second // of the subscription's connection
)

// Redis delivers within this process at once, and to the other replicas by a
// Redis channel. While Redis is away only the second part is lost; nobody who
// publishes or subscribes notices. Run does the second part.
type Redis struct {
	*Local
	client  redis.UniversalClient
	channel string
	logger  *slog.Logger
	self    string // tells our own messages, delivered already, from the others'
	out     chan message
}

// message is what one replica tells the others.
type message struct {
	From  string   `json:"from"`
	Hints []Hint   `json:"hints,omitempty"`
	Rings []string `json:"rings,omitempty"`
}

var (
	_ Hub  = (*Redis)(nil)
	_ Bell = (*Redis)(nil)
)

// NewRedis returns a hub and bell for all processes with the same prefix on the
// same Redis. client stays the caller's, who closes it after Run has returned.
func NewRedis(client redis.UniversalClient, prefix string, logger *slog.Logger) *Redis {
	return &Redis{
		Local:   NewLocal(),
		client:  client,
		channel: prefix + "live",
		logger:  logger,
		self:    rand.Text(),
		out:     make(chan message, outBuffer),
	}
}

// Publish implements Hub.
func (r *Redis) Publish(ctx context.Context, hint Hint) {
	r.Local.Publish(ctx, hint)
	r.send(message{Hints: []Hint{hint}})
}

// Ring implements Bell.
func (r *Redis) Ring(topic string) {
	r.Local.Ring(topic)
	r.send(message{Rings: []string{topic}})
}

func (r *Redis) send(m message) {
	select {
	case r.out <- m:
	default:
	}
}

// Run connects this process with the others until ctx ends. It keeps trying
// while Redis is away, and fails only when the client was closed.
func (r *Redis) Run(ctx context.Context) error {
	group := lifecycle.NewGroup(ctx)
	group.Go("receive", r.receive)
	group.Go("publish", r.publish)
	return group.Wait()
}

func (r *Redis) receive(ctx context.Context) error {
	subscription := r.client.Subscribe(ctx, r.channel)
	defer subscription.Close()
	// The channel reconnects by itself, however long Redis is away.
	incoming := subscription.Channel(redis.WithChannelHealthCheckInterval(healthInterval))
	for {
		select {
		case <-ctx.Done():
			return nil
		case raw, ok := <-incoming:
			if !ok {
				return redis.ErrClosed
			}
			r.deliver(ctx, raw.Payload)
		}
	}
}

func (r *Redis) deliver(ctx context.Context, payload string) {
	var m message
	if err := json.Unmarshal([]byte(payload), &m); err != nil {
		r.logger.WarnContext(ctx, "live hint is malformed", slog.String("channel", r.channel), slog.Any("error", err))
		return
	}
	if m.From == r.self {
		return
	}
	for _, hint := range m.Hints {
		r.Local.Publish(ctx, hint)
	}
	for _, topic := range m.Rings {
		r.Local.Ring(topic)
	}
}

// publish sends what waits, all that came during the last send in one message.
func (r *Redis) publish(ctx context.Context) error {
	away := false
	for {
		select {
		case <-ctx.Done():
			return nil
		case first := <-r.out:
			err := r.publishBatch(ctx, r.batch(first))
			switch {
			case err != nil && !away && ctx.Err() == nil:
				r.logger.WarnContext(ctx, "Redis is away: other replicas get no live hints", slog.Any("error", err))
			case err == nil && away:
				r.logger.InfoContext(ctx, "Redis is back: other replicas get live hints again")
			}
			away = err != nil
		}
	}
}

func (r *Redis) batch(m message) message {
	m.From = r.self
	for range batchLimit {
		select {
		case next := <-r.out:
			m.Hints = append(m.Hints, next.Hints...)
			for _, topic := range next.Rings {
				if !slices.Contains(m.Rings, topic) {
					m.Rings = append(m.Rings, topic)
				}
			}
		default:
			return m
		}
	}
	return m
}

func (r *Redis) publishBatch(ctx context.Context, m message) error {
	payload, err := json.Marshal(m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()
	return r.client.Publish(ctx, r.channel, payload).Err()
}
