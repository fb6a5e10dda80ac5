package harness

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"altis-dxp.com/support/pkg/testkit"
)

const (
	// probeEvery is how often a balancer asks each process whether it is ready.
	probeEvery = 100 * time.Millisecond
	// probeTimeout is longer than what /readyz takes at the most.
	probeTimeout = 2 * time.Second
	// Drain is what processes behind a balancer serve on after SIGTERM. It is some probes long even on a busy machine.
	Drain = time.Second
)

// Balancer stands before the replicas of a service as a Service of Kubernetes does: a new connection goes to one of those
// that say at /readyz that they are ready, in turn; connections that there are stay where they are; and one that the chosen
// process refuses is lost, since nobody tries another.
type Balancer struct {
	Addr string // host:port to call

	t        testing.TB
	listener net.Listener
	ctx      context.Context
	running  sync.WaitGroup
	http     *http.Client

	mu    sync.Mutex
	next  int
	ready []string // addresses that take connections, in the order in which they became ready
	lost  int
}

// NewBalancer returns a balancer without replicas. It ends with the test.
func NewBalancer(t testing.TB) *Balancer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	b := &Balancer{
		Addr: listener.Addr().String(), t: t, listener: listener, ctx: ctx,
		http: &http.Client{Timeout: probeTimeout, Transport: &http.Transport{DisableKeepAlives: true}},
	}
	b.running.Go(b.accept)
	t.Cleanup(func() {
		cancel()
		_ = listener.Close()
		b.running.Wait()
	})
	return b
}

// Add has the balancer watch a replica, by its administration port, and pass connections on to its address.
func (b *Balancer) Add(address, admin string) {
	b.running.Go(func() {
		tick := time.NewTicker(probeEvery)
		defer tick.Stop()
		for {
			b.set(address, b.probe(admin))
			select {
			case <-b.ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
}

func (b *Balancer) probe(admin string) bool {
	request, err := http.NewRequestWithContext(b.ctx, http.MethodGet, "http://"+admin+"/readyz", nil)
	if err != nil {
		return false
	}
	res, err := b.http.Do(request)
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

func (b *Balancer) set(address string, ready bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, known := range b.ready {
		if known == address {
			if !ready {
				b.ready = append(b.ready[:i:i], b.ready[i+1:]...)
			}
			return
		}
	}
	if ready {
		b.ready = append(b.ready, address)
	}
}

// Ready returns once n replicas take connections.
func (b *Balancer) Ready(n int) {
	b.t.Helper()
	testkit.Eventually(b.t, func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return len(b.ready) == n
	}, "the balancer at %s passes on to %d", b.Addr, n)
}

// Lost returns how many connections were lost because nobody was ready, or who seemed to be refused them.
func (b *Balancer) Lost() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lost
}

func (b *Balancer) choose() (string, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.ready) == 0 {
		return "", false
	}
	b.next++
	return b.ready[b.next%len(b.ready)], true
}

func (b *Balancer) accept() {
	for {
		from, err := b.listener.Accept()
		if err != nil {
			return // closed
		}
		b.running.Go(func() { b.carry(from) })
	}
}

func (b *Balancer) carry(from net.Conn) {
	defer from.Close()
	var to net.Conn
	target, ok := b.choose()
	if ok {
		var dialer net.Dialer
		var err error
		to, err = dialer.DialContext(b.ctx, "tcp", target)
		ok = err == nil
	}
	if !ok {
		b.mu.Lock()
		b.lost++
		b.mu.Unlock()
		return
	}
	defer to.Close()
	stop := context.AfterFunc(b.ctx, func() {
		_ = from.Close()
		_ = to.Close()
	})
	defer stop()
	back := make(chan struct{})
	go func() {
		carry(from, to)
		close(back)
	}()
	carry(to, from)
	<-back
}
