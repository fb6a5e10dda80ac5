//go:build soak

package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
)

// writesRecover is how long after the promotion of a standby writes are taken again, at the latest.
const writesRecover = 10 * time.Second

// startFaults is the beginning of TestDurability: urgent incidents without a pause, which page two people at once.
func startFaults(t *testing.T, w *harness.World) *durability {
	t.Helper()
	require.NoError(t, w.EscalateBy(t.Context(),
		harness.Step(firstStep, "schedule:primary", "person:"+w.Backup.ID), harness.Step(24*time.Hour, "person:"+w.Supervisor.ID)))
	w.Pager.Respond(func(int, testkit.Request) testkit.Response { return testkit.Response{Delay: receiverDelay} })
	d := &durability{World: w, stream: startStream(t, w), progress: 10, arrived: map[string]paging{}}
	d.stream.advance(t, d.progress, "before the fault")
	return d
}

// endFaults is its end: every ticket that was acknowledged is there once, and everybody was paged about it by one id.
func (d *durability) endFaults(t *testing.T) {
	t.Helper()
	made := d.stream.end(t)
	d.everyTicketOnce(t, made)
	d.everyPageOnce(t, made)
}

// TestPostgresFailover kills the primary under load and promotes its standby, for which commits waited.
func TestPostgresFailover(t *testing.T) {
	w := harness.NewWorld(t, harness.Processes(t, harness.Options{OwnPostgres: true, Standby: true}))
	d := startFaults(t, w)
	d.fault(t, "PostgreSQL's primary killed, its standby promoted", func() {
		w.Postgres.Stop()
		began := time.Now()
		w.Standby.Promote()
		promoted := time.Now()
		d.stream.advance(t, 1, "after the promotion")
		took := time.Since(promoted)
		t.Logf("promoted after %s, the next ticket was acknowledged %s later", promoted.Sub(began).Round(time.Millisecond), took.Round(time.Millisecond))
		require.Less(t, took, writesRecover)
	})
	d.endFaults(t)
}

// TestRedisSentinelFailover kills the primary of Redis under load.
func TestRedisSentinelFailover(t *testing.T) {
	group := testkit.RedisSentinel(t)
	w := harness.NewWorld(t, harness.Processes(t, harness.Options{RedisURL: group.URL}))
	d := startFaults(t, w)
	d.fault(t, "Redis' primary killed, its replica promoted", func() {
		group.Nodes[0].Stop()
		require.NoError(t, logsIn(t, w.Agent), "sessions are not in Redis")
	})
	testTwoGateways(t, w)
	d.endFaults(t)
}

// TestRedisCluster has nodes of a Redis Cluster go away and come back under load.
func TestRedisCluster(t *testing.T) {
	group := testkit.RedisCluster(t)
	w := harness.NewWorld(t, harness.Processes(t, harness.Options{RedisURL: group.URL}))
	testTwoGateways(t, w)
	d := startFaults(t, w)
	for _, node := range group.Nodes {
		d.fault(t, "a node of Redis Cluster away", func() {
			node.Stop()
			d.stream.advance(t, d.progress, "without a node")
			require.NoError(t, logsIn(t, w.Agent), "sessions are not in Redis")
			node.Start()
		})
	}
	testTwoGateways(t, w)
	d.endFaults(t)
}

func logsIn(t *testing.T, p *harness.Person) error {
	t.Helper()
	_, err := p.Login(t.Context())
	return err
}
