package mailauth

import (
	"context"
	"fmt"
	"net"
	"strings"

	"blitiri.com.ar/go/spf"
)

// Route is how a mail came.
type Route struct {
	Remote string // IP address of the server that brought it, "" = not known
	From   string // envelope sender
}

// check asks whether the domain of the envelope's sender lets the server send for it (SPF, RFC 7208). The error says that DNS
// could not tell now. A mail without a sender is a report, which nobody wrote.
func (r Route) check(ctx context.Context, dns DNS) (string, error) {
	ip, domain := net.ParseIP(r.Remote), domainOf(r.From)
	if ip == nil || domain == "" {
		return "", nil
	}
	// The library bounds what one record can have asked.
	result, err := spf.CheckHostWithSender(ip, domain, r.From, spf.WithContext(ctx), spf.WithResolver(dns))
	if result == spf.TempError {
		return string(result), fmt.Errorf("mailauth: SPF: %w", err)
	}
	return string(result), nil
}

func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }
