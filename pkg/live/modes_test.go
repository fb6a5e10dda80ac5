package live_test

import (
	"testing"

	"altis-dxp.com/support/pkg/live"
	"altis-dxp.com/support/pkg/testkit"
)

// TestReplicasFindEachOtherAfterAFailover kills the primary that sentinels watch: its replica takes over.
func TestReplicasFindEachOtherAfterAFailover(t *testing.T) {
	t.Parallel()
	group := testkit.RedisSentinel(t)
	first, second := start(t, group.URL, "altis:"), start(t, group.URL, "altis:")
	own, others := first.Subscribe(t.Context()), second.Subscribe(t.Context())
	page := second.Listen(t.Context(), "page")
	hears(t, first, others, live.Hint{Ticket: "before"})
	group.Nodes[0].Stop()
	hears(t, first, own, live.Hint{Ticket: "during"})
	hears(t, first, others, live.Hint{Ticket: "after"})
	rings(t, first, page, "page")
}

// TestReplicasReachEachOtherThroughACluster has them hear each other before and after each node was away: the channel belongs
// to one of them.
func TestReplicasReachEachOtherThroughACluster(t *testing.T) {
	t.Parallel()
	group := testkit.RedisCluster(t)
	first, second := start(t, group.URL, "altis:"), start(t, group.URL, "altis:")
	own, others := first.Subscribe(t.Context()), second.Subscribe(t.Context())
	page := second.Listen(t.Context(), "page")
	hears(t, first, others, live.Hint{Ticket: "before"})
	for _, node := range group.Nodes {
		node.Stop()
		hears(t, first, own, live.Hint{Ticket: "without " + node.URL})
		node.Start()
		hears(t, first, others, live.Hint{Ticket: "after " + node.URL})
		rings(t, first, page, "page")
	}
}
