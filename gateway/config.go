package gateway

import (
	"errors"
	"fmt"
)

// Config is the gateway's part of a process's configuration.
type Config struct {
	PlainHTTP            bool   `name:"plain-http" help:"The public address is plain http: cookies are sent without encryption. For a demo on one machine only."`
	RequestsPerMinute    int    `help:"Requests that one login session or API token may make in a minute; 0 is no limit." default:"1200"`
	AnonymousPerMinute   int    `help:"Logins, first uses of credentials and requests without any that one address may make in a minute; 0 is no limit." default:"120"`
	StreamsPerCredential int    `help:"Streams of live updates that one person may have open at this process; 0 is no limit." default:"8"`
	EmergencyAddress     string `help:"Mailbox of last resort, which the dashboard shows with its warning: the one that emergencyd takes mails for."`
	ProxyHops            int    `help:"Trusted proxies in front, each of which appends to X-Forwarded-For." default:"0"`
}

// Validate lists every fault.
func (c Config) Validate() error {
	var faults []error
	for name, n := range map[string]int{
		"requests per minute": c.RequestsPerMinute, "anonymous requests per minute": c.AnonymousPerMinute,
		"streams per credential": c.StreamsPerCredential, "proxy hops": c.ProxyHops,
	} {
		if n < 0 {
			faults = append(faults, fmt.Errorf("%s must not be negative", name))
		}
	}
	return errors.Join(faults...)
}
