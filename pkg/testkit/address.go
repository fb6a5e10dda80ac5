package testkit

import (
	"net"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
)

// address is a TCP address on this machine that a test's server listens on, from
// time to time.
type address struct{ text string }

// listen takes a free port the first time and the same one after.
func (a *address) listen(t testing.TB) net.Listener {
	t.Helper()
	text := a.text
	if text == "" {
		text = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", text)
	must(t, err)
	a.text = listener.Addr().String()
	return listener
}

// portsTried keeps tests that run side by side from being given the same port.
var portsTried atomic.Int64

// freePorts returns n different loopback ports that nobody listens on, for servers that must be told theirs. They are below
// the range that outgoing connections take their ports from, so that they stay free until a server listens on them.
func freePorts(t testing.TB, n int) (ports []string) {
	t.Helper()
	for len(ports) < n {
		port := 20000 + os.Getpid()%9000 + int(portsTried.Add(1))
		if port >= 32000 {
			t.Fatal("no free port below 32000")
		}
		listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			continue
		}
		must(t, listener.Close())
		ports = append(ports, strconv.Itoa(port))
	}
	return ports
}
