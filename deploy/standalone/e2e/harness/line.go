package harness

import (
	"io"
	"net"
	"sync"
	"testing"
)

// Line carries TCP connections to an address until it is cut. It puts one
// process out of reach of another while everybody else still reaches it.
type Line struct {
	Addr string // host:port to call instead of the address

	target   string
	listener net.Listener
	carrying sync.WaitGroup

	mu    sync.Mutex
	cut   bool
	conns []net.Conn // both ends of all that was ever carried
}

// NewLine returns a Line to target ("host:port"). It is cut at the end of the
// test at the latest.
func NewLine(t testing.TB, target string) *Line {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	l := &Line{Addr: listener.Addr().String(), target: target, listener: listener}
	l.carrying.Go(l.accept)
	t.Cleanup(l.Cut)
	return l
}

// Cut breaks all connections and closes the port, for good.
func (l *Line) Cut() {
	l.mu.Lock()
	l.cut = true
	for _, conn := range l.conns {
		_ = conn.Close() // it may have ended by itself
	}
	l.mu.Unlock()
	_ = l.listener.Close()
	l.carrying.Wait()
}

func (l *Line) accept() {
	for {
		from, err := l.listener.Accept()
		if err != nil {
			return
		}
		to, err := net.Dial("tcp", l.target)
		if err != nil {
			_ = from.Close()
			continue
		}
		if !l.keep(from, to) {
			return
		}
		l.carrying.Go(func() { carry(from, to) })
		l.carrying.Go(func() { carry(to, from) })
	}
}

// keep notes connections so that they can be cut. It closes them and returns
// false when the line is cut already.
func (l *Line) keep(conns ...net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut {
		for _, conn := range conns {
			_ = conn.Close()
		}
		return false
	}
	l.conns = append(l.conns, conns...)
	return true
}

// carry copies one direction. When that ends the connection ends.
func carry(to, from net.Conn) {
	_, _ = io.Copy(to, from) // its end is all that matters
	_ = to.Close()
	_ = from.Close()
}
