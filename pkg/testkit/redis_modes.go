package testkit

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// sentinelMaster is what sentinels call the servers that they watch.
const sentinelMaster = "altis"

// RedisGroup are several Redis servers of one test that belong together. All are on loopback TCP.
type RedisGroup struct {
	URL   string // for live.OpenRedis
	Nodes []*RedisProc
}

// RedisSentinel starts a primary (Nodes[0]), its replica (Nodes[1]) and three sentinels, which make the replica the primary
// when they have not heard of the primary for half a second.
func RedisSentinel(t testing.TB) *RedisGroup {
	t.Helper()
	ports := freePorts(t, 5)
	primary, replica := newRedis(t), newRedis(t)
	primary.listen(ports[0])
	replica.listen(ports[1])
	replica.process.argv = append(replica.process.argv, "--replicaof", "127.0.0.1 "+ports[0], "--repl-diskless-sync-delay", "0")
	primary.Start()
	replica.Start()
	query := url.Values{"master_name": {sentinelMaster}}
	for i, port := range ports[2:] {
		sentinel(t, port, ports[0])
		if i > 0 {
			query.Add("addr", "127.0.0.1:"+port)
		}
	}
	for _, port := range ports[2:] {
		must(t, poll(startTimeout, func() error { return knowsAll(port) }))
	}
	u := url.URL{Scheme: "redis", Host: "127.0.0.1:" + ports[2], Path: "/0", RawQuery: query.Encode()}
	return &RedisGroup{URL: u.String(), Nodes: []*RedisProc{primary, replica}}
}

// listen has a server listen on a port of loopback.
func (p *RedisProc) listen(port string) {
	p.network, p.addr = "tcp", net.JoinHostPort("127.0.0.1", port)
	p.URL = "redis://" + p.addr
	p.process.argv = append(p.process.argv, "--bind", "127.0.0.1", "--port", port)
}

func sentinel(t testing.TB, port, primary string) {
	t.Helper()
	p := newRedis(t)
	config := filepath.Join(p.process.dir, "sentinel.conf") // which it writes to
	text := fmt.Sprintf("bind 127.0.0.1\nport %s\nsentinel monitor %[2]s 127.0.0.1 %[3]s 2\nsentinel down-after-milliseconds %[2]s 500\nsentinel failover-timeout %[2]s 3000\n",
		port, sentinelMaster, primary)
	must(t, os.WriteFile(config, []byte(text), 0o600))
	p.network, p.addr = "tcp", net.JoinHostPort("127.0.0.1", port)
	p.process.argv = []string{p.process.argv[0], config, "--sentinel"}
	p.Start()
}

// knowsAll returns nil when a sentinel knows the replica, which is in step, and the other sentinels.
func knowsAll(port string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	client := redis.NewSentinelClient(&redis.Options{Addr: "127.0.0.1:" + port})
	defer client.Close()
	others, err := client.Sentinels(ctx, sentinelMaster).Result()
	replicas, err2 := client.Replicas(ctx, sentinelMaster).Result()
	switch {
	case errors.Join(err, err2) != nil:
		return errors.Join(err, err2)
	case len(others) != 2 || len(replicas) != 1 || replicas[0]["master-link-status"] != "ok":
		return fmt.Errorf("a sentinel knows of %d others and of the replicas %v", len(others), replicas)
	}
	return nil
}

// RedisCluster starts three nodes, each with a third of the slots and no replica.
func RedisCluster(t testing.TB) *RedisGroup {
	t.Helper()
	ports := freePorts(t, 6)
	g := &RedisGroup{}
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	for i := range 3 {
		node := newRedis(t)
		node.listen(ports[i])
		node.process.argv = append(node.process.argv, "--cluster-enabled", "yes", "--cluster-port", ports[3+i], "--cluster-node-timeout", "1000")
		node.Start()
		g.Nodes = append(g.Nodes, node)
	}
	const slots = 16384
	for i, node := range g.Nodes {
		client := redis.NewClient(&redis.Options{Addr: node.addr})
		err := client.ClusterAddSlotsRange(ctx, i*slots/3, (i+1)*slots/3-1).Err()
		if i > 0 {
			err = errors.Join(err, client.Do(ctx, "CLUSTER", "MEET", "127.0.0.1", ports[0], ports[3]).Err())
		}
		must(t, errors.Join(err, client.Close()))
	}
	must(t, poll(startTimeout, g.whole))
	u := url.URL{Scheme: "redis", Host: g.Nodes[0].addr, RawQuery: url.Values{"addr": {g.Nodes[1].addr, g.Nodes[2].addr}}.Encode()}
	g.URL = u.String()
	return g
}

// whole returns nil when every node of a cluster says that all slots are served.
func (g *RedisGroup) whole() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for _, node := range g.Nodes {
		client := redis.NewClient(&redis.Options{Addr: node.addr})
		info, err := client.ClusterInfo(ctx).Result()
		if err = errors.Join(err, client.Close()); err != nil {
			return err
		}
		if !strings.Contains(info, "cluster_state:ok") || !strings.Contains(info, "cluster_known_nodes:3") {
			return fmt.Errorf("a node of the cluster says: %s", info)
		}
	}
	return nil
}
