// Package ratelimit limits how often something may happen for a key, across
// replicas by Redis and by each process alone while Redis is away. It uses GCRA:
// a burst at once, then one more each time the share of one has passed.
package ratelimit

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/throttled/throttled/v2"
	"github.com/throttled/throttled/v2/store/goredisstore.v9"
	"github.com/throttled/throttled/v2/store/memstore"
)

const (
	// maxKeys bounds the memory of one process's limiter; the least recently used
	// key is forgotten, and with it its limit.
	maxKeys = 1 << 16
	// memoryAttempts is far above what contention within a process can need.
	memoryAttempts = 1000
	// redisTimeout is how long a request waits for Redis before this process
	// decides alone, and redisPause how long it then does not ask again.
	redisTimeout = 100 * time.Millisecond
	redisPause   = time.Second
)

// Limit allows Burst events at once, and Burst in each Per after that, evenly
// spread: {Per: time.Minute, Burst: 5} allows five, then one every 12 seconds.
type Limit struct {
	Per   time.Duration
	Burst int // 1..
}

// Limiter applies one limit to any number of keys.
type Limiter struct {
	memory     *throttled.GCRARateLimiterCtx
	redis      *throttled.GCRARateLimiterCtx // nil without Redis
	store      *redisStore
	patience   time.Duration // with Redis, per call
	retryAfter time.Duration
}

// New returns a limiter that shares its counts with all others of the same limit
// on the same Redis. A nil client limits in this process only. The client should
// heed the deadlines of contexts (option ContextTimeoutEnabled), or a Redis that
// hangs holds up each call by the client's own timeouts.
func New(limit Limit, client redis.UniversalClient) (*Limiter, error) {
	if limit.Burst < 1 || limit.Per < time.Duration(limit.Burst) {
		return nil, fmt.Errorf("rate limit of %d in %s: the burst must be at least 1 and the time longer", limit.Burst, limit.Per)
	}
	quota := throttled.RateQuota{MaxRate: throttled.PerDuration(limit.Burst, limit.Per), MaxBurst: limit.Burst - 1}
	memory, err := memstore.NewCtx(maxKeys)
	if err != nil {
		return nil, fmt.Errorf("rate limit: %w", err)
	}
	l := &Limiter{patience: redisTimeout, retryAfter: limit.Per / time.Duration(limit.Burst)}
	if l.memory, err = throttled.NewGCRARateLimiterCtx(memory, quota); err != nil {
		return nil, fmt.Errorf("rate limit: %w", err)
	}
	l.memory.SetMaxCASAttemptsLimit(memoryAttempts)
	if client == nil {
		return l, nil
	}
	// Counts of one limit mean nothing to another, even for the same key.
	shared, err := goredisstore.NewCtx(client, fmt.Sprintf("altis:limit:%d/%s:", limit.Burst, limit.Per))
	if err != nil {
		return nil, fmt.Errorf("rate limit: %w", err)
	}
	l.store = &redisStore{GCRAStoreCtx: shared}
	if l.redis, err = throttled.NewGCRARateLimiterCtx(l.store, quota); err != nil {
		return nil, fmt.Errorf("rate limit: %w", err)
	}
	return l, nil
}

// Allow counts one event for the key. When it is over the limit, it is not
// counted, and retryAfter is when the next one will be allowed. Allow takes at
// most 100 ms, and while Redis is away decides by this process's own counts.
func (l *Limiter) Allow(ctx context.Context, key string) (ok bool, retryAfter time.Duration) {
	if l.redis != nil && l.store.available() {
		ctx, cancel := context.WithTimeout(ctx, l.patience)
		defer cancel()
		if limited, result, err := l.redis.RateLimitCtx(ctx, key, 1); err == nil {
			return !limited, max(result.RetryAfter, 0)
		}
	}
	limited, result, err := l.memory.RateLimitCtx(ctx, key, 1)
	if err != nil {
		// A thousand others changed the key's count meanwhile.
		return false, l.retryAfter
	}
	return !limited, max(result.RetryAfter, 0)
}

// redisStore stops asking Redis for a while after a failure, so that an outage
// costs one wait a second and not one a request. A limiter's error alone cannot
// tell an outage from contention on one key, which is no reason to stop.
type redisStore struct {
	throttled.GCRAStoreCtx
	pausedUntil atomic.Int64 // Unix nanoseconds
}

func (s *redisStore) available() bool {
	return time.Now().UnixNano() >= s.pausedUntil.Load()
}

func (s *redisStore) note(ctx context.Context, err error) {
	// A caller that gave up says nothing about Redis.
	if err != nil && !errors.Is(context.Cause(ctx), context.Canceled) {
		s.pausedUntil.Store(time.Now().Add(redisPause).UnixNano())
	}
}

func (s *redisStore) GetWithTime(ctx context.Context, key string) (int64, time.Time, error) {
	value, now, err := s.GCRAStoreCtx.GetWithTime(ctx, key)
	s.note(ctx, err)
	return value, now, err
}

func (s *redisStore) SetIfNotExistsWithTTL(ctx context.Context, key string, value int64, ttl time.Duration) (bool, error) {
	set, err := s.GCRAStoreCtx.SetIfNotExistsWithTTL(ctx, key, value, ttl)
	s.note(ctx, err)
	return set, err
}

func (s *redisStore) CompareAndSwapWithTTL(ctx context.Context, key string, before, after int64, ttl time.Duration) (bool, error) {
	swapped, err := s.GCRAStoreCtx.CompareAndSwapWithTTL(ctx, key, before, after, ttl)
	s.note(ctx, err)
	return swapped, err
}
