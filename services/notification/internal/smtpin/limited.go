package smtpin

import (
	"net"
	"net/netip"
	"sync"
	"time"
)

// limited is a listener that turns away connections beyond a number, of one host and in all.
type limited struct {
	net.Listener
	most, mostPerHost int

	mu       sync.Mutex
	conns    map[*limitedConn]bool
	perHost  map[netip.Addr]int
	draining bool
}

func newLimited(l net.Listener, most, mostPerHost int) *limited {
	return &limited{Listener: l, most: most, mostPerHost: mostPerHost, conns: map[*limitedConn]bool{}, perHost: map[netip.Addr]int{}}
}

// Accept implements net.Listener.
func (l *limited) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c, ok := l.admit(conn); ok {
			return c, nil
		}
		_ = conn.SetWriteDeadline(time.Now().Add(100 * time.Millisecond)) // it may not listen
		_, _ = conn.Write([]byte("421 4.3.2 Too many connections: try again later\r\n"))
		_ = conn.Close()
	}
}

func (l *limited) admit(conn net.Conn) (net.Conn, bool) {
	c := &limitedConn{Conn: conn, of: l, host: network(hostOf(conn.RemoteAddr()))}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.conns) >= l.most || l.perHost[c.host] >= l.mostPerHost || l.draining {
		return nil, false
	}
	l.conns[c] = true
	l.perHost[c.host]++
	return c, true
}

// drain ends connections that wait for a command: those that send a mail may go on for a while.
func (l *limited) drain() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.draining = true
	for c := range l.conns {
		_ = c.SetReadDeadline(time.Now().Add(stopTimeout / 5))
	}
}

// closeAll breaks what still goes on.
func (l *limited) closeAll() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.conns {
		_ = c.Conn.Close() // its end takes it off the list
	}
}

type limitedConn struct {
	net.Conn
	of   *limited
	host netip.Addr
	once sync.Once
}

// Close implements net.Conn.
func (c *limitedConn) Close() error {
	c.once.Do(func() {
		c.of.mu.Lock()
		defer c.of.mu.Unlock()
		delete(c.of.conns, c)
		if c.of.perHost[c.host]--; c.of.perHost[c.host] <= 0 {
			delete(c.of.perHost, c.host)
		}
	})
	return c.Conn.Close()
}

// hostOf returns the address of a peer without its port.
func hostOf(addr net.Addr) netip.Addr {
	parsed, err := netip.ParseAddrPort(addr.String())
	if err != nil {
		return netip.IPv6Unspecified()
	}
	return parsed.Addr().Unmap().WithZone("")
}

// network returns what one host can have: of IPv6 that is 64 bits of addresses.
func network(ip netip.Addr) netip.Addr {
	if !ip.Is6() {
		return ip
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return ip
	}
	return prefix.Addr()
}
