package main

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// forwarder passes each connection on to the first of its targets that accepts it.
type forwarder struct {
	listener net.Listener
	targets  atomic.Pointer[[]string]
}

func (b *bench) newForwarder() *forwarder {
	var listen net.ListenConfig
	listener, err := listen.Listen(b.ctx, "tcp", "127.0.0.1:0")
	b.must(err)
	f := &forwarder{listener: listener}
	f.forward()
	ctx, stop := context.WithCancel(b.ctx)
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // closed
			}
			running.Go(func() { f.serve(ctx, conn) })
		}
	})
	b.Cleanup(func() {
		_ = listener.Close() // that ends the loop
		stop()
		running.Wait()
	})
	return f
}

func (f *forwarder) address() string { return f.listener.Addr().String() }

// forward sets the targets of connections from now on.
func (f *forwarder) forward(targets ...string) { f.targets.Store(&targets) }

func (f *forwarder) serve(ctx context.Context, from net.Conn) {
	defer from.Close()
	dialer := net.Dialer{Timeout: time.Second}
	for _, target := range *f.targets.Load() {
		to, err := dialer.DialContext(ctx, "tcp", target)
		if err != nil {
			continue
		}
		defer to.Close()
		end := context.AfterFunc(ctx, func() { _, _ = from.Close(), to.Close() })
		defer end()
		var copying sync.WaitGroup
		for _, way := range [][2]net.Conn{{from, to}, {to, from}} {
			copying.Go(func() {
				_, _ = io.Copy(way[1], way[0]) // ends with either side
				_, _ = way[0].Close(), way[1].Close()
			})
		}
		copying.Wait()
		return
	}
}
