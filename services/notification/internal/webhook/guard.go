package webhook

import (
	"errors"
	"net"
	"net/netip"
	"syscall"
)

// ErrForbidden is the refusal to connect to an address of our own surroundings: whoever may enter a URL must not reach by
// it what only our network can.
var ErrForbidden = errors.New("this address is not allowed for webhooks")

// carrierGrade is shared address space (RFC 6598), which clouds use inside; net.IP.IsPrivate does not count it.
var carrierGrade = netip.MustParsePrefix("100.64.0.0/10")

// guard looks at every address just before it is dialled, after the name was resolved: a name that resolves differently
// the second time gains nothing.
func guard(allowPrivate bool) func(network, address string, c syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return ErrForbidden
		}
		if ip := net.ParseIP(host); ip == nil || !allowed(ip, allowPrivate) {
			return ErrForbidden
		}
		return nil
	}
}

// allowed admits public addresses, and loopback and private ones if allowPrivate. Link-local addresses, where clouds
// keep their metadata services, are never a pager.
func allowed(ip net.IP, allowPrivate bool) bool {
	addr, ok := netip.AddrFromSlice(ip)
	if !ok {
		return false
	}
	addr = addr.Unmap()
	switch {
	case addr.IsUnspecified(), addr.IsMulticast(), addr.IsLinkLocalUnicast(), addr == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return false
	case addr.IsLoopback(), addr.IsPrivate(), carrierGrade.Contains(addr):
		return allowPrivate
	}
	return true
}
