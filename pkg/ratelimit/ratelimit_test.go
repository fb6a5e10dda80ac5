package ratelimit_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/live"
	"altis-dxp.com/support/pkg/ratelimit"
	"altis-dxp.com/support/pkg/testkit"
)

func TestMain(m *testing.M) {
	// What the client says about the outages that these tests make is of no use.
	live.SetRedisLogger(slog.New(slog.DiscardHandler))
	goleak.VerifyTestMain(m)
}

func open(t *testing.T, url string) redis.UniversalClient {
	t.Helper()
	client, err := live.OpenRedis(url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return client
}

func newLimiter(t *testing.T, limit ratelimit.Limit, client redis.UniversalClient) *ratelimit.Limiter {
	t.Helper()
	limiter, err := ratelimit.New(limit, client)
	require.NoError(t, err)
	limiter.SetPatience(time.Minute)
	return limiter
}

// allowed counts how many of n events are allowed.
func allowed(t *testing.T, limiter *ratelimit.Limiter, key string, n int) int {
	t.Helper()
	count := 0
	for range n {
		if ok, _ := limiter.Allow(t.Context(), key); ok {
			count++
		}
	}
	return count
}

// hourly is a limit that does not refill within a test.
var hourly = ratelimit.Limit{Per: time.Hour, Burst: 5}

func TestAllow(t *testing.T) {
	clients := map[string]func(t *testing.T) redis.UniversalClient{
		"memory": func(*testing.T) redis.UniversalClient { return nil },
		"redis":  func(t *testing.T) redis.UniversalClient { return open(t, testkit.Redis(t)) },
		"redis, away": func(t *testing.T) redis.UniversalClient {
			return open(t, "unix:///tmp/altis-no-such.sock")
		},
	}
	for name, client := range clients {
		t.Run(name+"/a burst, then none", func(t *testing.T) {
			limiter := newLimiter(t, hourly, client(t))
			for range hourly.Burst {
				ok, retryAfter := limiter.Allow(t.Context(), "key")
				require.True(t, ok)
				require.Zero(t, retryAfter)
			}
			ok, retryAfter := limiter.Allow(t.Context(), "key")
			require.False(t, ok)
			require.InDelta(t, 12*time.Minute, retryAfter, float64(time.Minute))
			require.Equal(t, hourly.Burst, allowed(t, limiter, "another key", 10))
		})
		t.Run(name+"/refills evenly", func(t *testing.T) {
			limiter := newLimiter(t, ratelimit.Limit{Per: 500 * time.Millisecond, Burst: 2}, client(t))
			start := time.Now()
			require.Equal(t, 2, allowed(t, limiter, "key", 2))
			testkit.Eventually(t, func() bool {
				ok, _ := limiter.Allow(t.Context(), "key")
				return ok
			}, "the next one")
			require.Greater(t, time.Since(start), 240*time.Millisecond)
		})
		t.Run(name+"/never more than the burst, however concurrent", func(t *testing.T) {
			limiter := newLimiter(t, hourly, client(t))
			var count atomic.Int64
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() { count.Add(int64(allowed(t, limiter, "key", 10))) })
			}
			wg.Wait()
			require.EqualValues(t, hourly.Burst, count.Load())
		})
	}
}

func TestReplicasShareTheCountsOfOneLimit(t *testing.T) {
	url := testkit.Redis(t)
	first, second := newLimiter(t, hourly, open(t, url)), newLimiter(t, hourly, open(t, url))
	require.Equal(t, 3, allowed(t, first, "key", 3))
	require.Equal(t, 2, allowed(t, second, "key", 3))

	other := newLimiter(t, ratelimit.Limit{Per: time.Hour, Burst: 4}, open(t, url))
	require.Equal(t, 4, allowed(t, other, "key", 10), "another limit counts by itself")
}

func TestLimitsSurviveAnOutageOfRedis(t *testing.T) {
	server := testkit.RedisServer(t)
	limiter := newLimiter(t, hourly, open(t, server.URL))
	require.Equal(t, 5, allowed(t, limiter, "key", 10))

	server.Stop()
	require.Equal(t, 5, allowed(t, limiter, "key", 10), "each process counts by itself")

	server.Start()
	peer := newLimiter(t, hourly, open(t, server.URL))
	testkit.Eventually(t, func() bool { // it asks Redis again
		key := fmt.Sprint("probe ", time.Now().UnixNano())
		return allowed(t, limiter, key, 5) == 5 && allowed(t, peer, key, 1) == 0
	}, "shared counts")
}

func TestAHungRedisCostsOneWaitASecond(t *testing.T) {
	// The kernel completes the connections; nobody ever answers on them.
	hung, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer hung.Close()
	limiter, err := ratelimit.New(ratelimit.Limit{Per: time.Hour, Burst: 1000}, open(t, "redis://"+hung.Addr().String()))
	require.NoError(t, err)
	start := time.Now()
	require.Equal(t, 500, allowed(t, limiter, "key", 500))
	require.Less(t, time.Since(start), 5*time.Second)
	require.Greater(t, time.Since(start), 90*time.Millisecond, "it was asked")
}

func TestACallerThatGivesUpDoesNotEndTheSharing(t *testing.T) {
	url := testkit.Redis(t)
	first, second := newLimiter(t, hourly, open(t, url)), newLimiter(t, hourly, open(t, url))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	first.Allow(ctx, "key")
	require.Equal(t, 5, allowed(t, first, "other key", 5))
	require.Zero(t, allowed(t, second, "other key", 1))
}

func TestNewRefusesALimitWithoutMeaning(t *testing.T) {
	for _, limit := range []ratelimit.Limit{{}, {Per: time.Second}, {Burst: 1}, {Per: time.Second, Burst: -1}, {Per: 2, Burst: 3}} {
		_, err := ratelimit.New(limit, nil)
		require.Error(t, err, "%+v", limit)
	}
}
