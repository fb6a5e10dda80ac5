package testkit

import (
	"net"
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
