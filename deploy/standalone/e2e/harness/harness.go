// Package harness runs the whole suite for end-to-end tests and benchmarks:
// five processes on PostgreSQL and Redis, as production does, or one process on
// SQLite. Both are a Suite, in which a World of customers and staff lives that
// calls it over REST and gRPC.
package harness

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/testkit"
)

// The services of the suite, as their certificates name them.
const (
	Identity     = "identity"
	Ticket       = "ticket"
	Triage       = "triage"
	Notification = "notification"
	Gateway      = "gateway"
	Emergency    = "emergency" // the mailbox of last resort, which only Mailbox starts
)

// Services are those that serve gRPC.
func Services() []string { return []string{Identity, Ticket, Triage, Notification} }

// Suite is a running suite.
type Suite struct {
	URL    string        // of the REST API, without a slash at its end
	AckURL string        // of acknowledge links, likewise
	SMTP   *testkit.Sink // where all mail goes
	Inbox  string        // host:port that mails come in at
	DNS    *testkit.DNS  // by which the senders of those are verified

	// Processes by service; nil when there is only one process.
	Processes map[string]*Process
	Redis     *testkit.RedisProc    // nil when there is only one process, or another Redis was named
	Postgres  *testkit.PostgresProc // nil unless asked for
	Standby   *testkit.PostgresProc // nil unless asked for
	DSN       string                // of the administrator of the services' database; "" when there is only one process

	// Bootstrap makes the first admin of the staff.
	bootstrap func(ctx context.Context, name, email, password string) error
	// tooling reaches a service without a certificate, as tooling does.
	tooling map[string]grpc.ClientConnInterface
	// peer reaches the service callee as the service caller.
	peer func(caller, callee string) grpc.ClientConnInterface
	// dial connects to another process of a service; nil when there is only one process.
	dial func(t testing.TB, service, address string) grpc.ClientConnInterface
	http *http.Client
	// ofMailbox are the flags by which the emergency mailbox reaches notification and ticket.
	ofMailbox []string
	mailbox   string // gRPC address of the emergency mailbox, "" = it serves nobody
	toMailbox func(t testing.TB, caller string) grpc.ClientConnInterface
	roles     map[string]string // of the database, by service
	// balancers stand before the services, and ackBalancer before the acknowledge links; nil without.
	balancers   map[string]*Balancer
	ackBalancer *Balancer
	// authorities are the files of those that vouch for the processes of a service.
	authorities map[string]string
	// environment is more of it for every process.
	environment []string
	// secrets never appear in a log.
	secrets *secrets
}

// Tooling returns a connection to a service without a client certificate.
func (s *Suite) Tooling(service string) grpc.ClientConnInterface { return s.tooling[service] }

// Peer returns a connection to the service callee that proves to be the service caller.
func (s *Suite) Peer(caller, callee string) grpc.ClientConnInterface { return s.peer(caller, callee) }

// Reach returns a connection to a replica of a service without a client certificate.
func (s *Suite) Reach(t testing.TB, service string, replica *Process) grpc.ClientConnInterface {
	t.Helper()
	return s.dial(t, service, replica.GRPC())
}

// ServiceOf returns the service that serves a full method ("/altis.support.ticket.v1.TicketService/GetTicket").
// Methods that several services serve belong to none: "".
func ServiceOf(fullMethod string) string {
	rest, ok := strings.CutPrefix(fullMethod, "/altis.support.")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, ".")
	for _, service := range Services() {
		if name == service {
			return service
		}
	}
	return ""
}

// client returns the suite's HTTP client. Its connections end with the test.
func newHTTPClient(t testing.TB) *http.Client {
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
}

// router sends each call to the service that serves it.
type router map[string]grpc.ClientConnInterface

func (r router) pick(method string) (grpc.ClientConnInterface, error) {
	conn, ok := r[ServiceOf(method)]
	if !ok {
		return nil, fmt.Errorf("harness: no service for %s", method)
	}
	return conn, nil
}

// Invoke implements grpc.ClientConnInterface.
func (r router) Invoke(ctx context.Context, method string, req, reply any, opts ...grpc.CallOption) error {
	conn, err := r.pick(method)
	if err != nil {
		return err
	}
	return conn.Invoke(ctx, method, req, reply, opts...)
}

// NewStream implements grpc.ClientConnInterface.
func (r router) NewStream(ctx context.Context, desc *grpc.StreamDesc, method string, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	conn, err := r.pick(method)
	if err != nil {
		return nil, err
	}
	return conn.NewStream(ctx, desc, method, opts...)
}

// Poll calls ready until it returns nil, and returns its last error once the
// limit is over.
func Poll(limit time.Duration, ready func() error) error {
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := ready()
		if err == nil {
			return nil
		}
		select {
		case <-deadline.C:
			return fmt.Errorf("after %s: %w", limit, err)
		case <-tick.C:
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
