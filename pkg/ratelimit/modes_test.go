package ratelimit_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
)

// TestACountIsOneKeyOfACluster counts for keys in all parts of a cluster.
func TestACountIsOneKeyOfACluster(t *testing.T) {
	t.Parallel()
	group := testkit.RedisCluster(t)
	first, second := newLimiter(t, hourly, open(t, group.URL)), newLimiter(t, hourly, open(t, group.URL))
	for n := range 50 {
		key := fmt.Sprint("key ", n)
		require.Equal(t, 3, allowed(t, first, key, 3))
		require.Equal(t, 2, allowed(t, second, key, 3))
	}
	group.Nodes[0].Stop()
	for n := range 50 {
		// What other nodes count, and what the process counts for the node that is away, may both come to five.
		require.GreaterOrEqual(t, allowed(t, first, fmt.Sprint("without a node ", n), 10), 5)
	}
	group.Nodes[0].Start()
	sharedAgain(t, group.URL)
}

// TestLimitsAfterAFailover: the counts are with the replica, but for what it had not got yet.
func TestLimitsAfterAFailover(t *testing.T) {
	t.Parallel()
	group := testkit.RedisSentinel(t)
	limiter := newLimiter(t, hourly, open(t, group.URL))
	require.Equal(t, 5, allowed(t, limiter, "key", 10))
	group.Nodes[0].Stop()
	require.GreaterOrEqual(t, allowed(t, limiter, "meanwhile", 10), 5, "each process counts by itself")
	sharedAgain(t, group.URL)
}

// sharedAgain waits until two processes share counts.
func sharedAgain(t *testing.T, url string) {
	t.Helper()
	first, second := newLimiter(t, hourly, open(t, url)), newLimiter(t, hourly, open(t, url))
	testkit.Eventually(t, func() bool {
		key := fmt.Sprint("probe ", time.Now().UnixNano())
		return allowed(t, first, key, 5) == 5 && allowed(t, second, key, 1) == 0
	}, "shared counts")
}
