package standalone

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"

	"altis-dxp.com/support/gateway"
	"altis-dxp.com/support/services/identity"
	"altis-dxp.com/support/services/notification"
	"altis-dxp.com/support/services/notification/emergency"
	"altis-dxp.com/support/services/ticket"
	"altis-dxp.com/support/services/triage"
)

// Config is the whole suite's configuration.
type Config struct {
	Data     string     `help:"Directory of the databases." default:"data"`
	HTTP     string     `name:"http" help:"Address of the REST API." default:"127.0.0.1:8080"`
	GRPC     string     `name:"grpc" help:"Address of the gRPC services." default:"127.0.0.1:9000"`
	Ack      string     `help:"Address of the acknowledgement links." default:"127.0.0.1:8081"`
	Admin    string     `help:"Address of /livez, /readyz, /metrics and /tasks/parked; not for the public." default:"127.0.0.1:9090"`
	Redis    string     `help:"Redis URL; hints and limits stay within the process when empty."`
	LogLevel slog.Level `help:"debug, info, warn or error." default:"warn"`
	Hold     bool       `help:"Page nobody and mail nothing: all that waits, waits. For a copy that was made of a backup."`
	Demo     bool       `help:"Fill an empty data directory with a demo desk, show mail and pages at /dev/outbox, send nothing. Loopback only."`

	Identity     identity.Config     `embed:"" prefix:"identity-"`
	Ticket       ticket.Config       `embed:"" prefix:"ticket-"`
	Triage       triage.Config       `embed:"" prefix:"triage-"`
	Notification notification.Config `embed:"" prefix:"notification-"`
	Gateway      gateway.Config      `embed:"" prefix:"gateway-"`
	Emergency    emergency.Config    `embed:"" prefix:"emergency-"`
}

// Validate lists every fault.
func (c *Config) Validate() error {
	var faults []error
	if c.Demo {
		for _, listener := range []struct{ flag, addr string }{
			{"--http", c.HTTP},
			{"--grpc", c.GRPC},
			{"--ack", c.Ack},
			{"--admin", c.Admin},
			{"--emergency-smtp", c.Emergency.SMTP},
			{"--emergency-ack-listen", c.Emergency.AckListen},
			{mailListenFlag, c.mailIn().MailListen},
		} {
			if !loopback(listener.addr) {
				faults = append(faults, fmt.Errorf("%s: %s is no loopback address: a demo gives its passwords away and is for this machine only", listener.flag, listener.addr))
			}
		}
	}
	for _, part := range []interface{ Validate() error }{c.Identity, c.Ticket, c.Triage, c.mailIn(), c.Gateway, c.Emergency} {
		faults = append(faults, part.Validate())
	}
	return errors.Join(faults...)
}

func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (c *Config) outbox() string   { return filepath.Join(c.Data, "outbox") }
func (c *Config) demoFile() string { return filepath.Join(c.Data, "demo.txt") }

// fillingFile exists while the demo desk is being filled: a half-filled one is made anew.
func (c *Config) fillingFile() string { return filepath.Join(c.Data, "demo.filling") }

func (c *Config) filling() bool {
	_, err := os.Stat(c.fillingFile())
	return c.Demo && err == nil
}
