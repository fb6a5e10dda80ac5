package rpc_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/rpc"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// ticketService is the suite's ticket service, except that ReplyToTicket is a stream in both directions: no method
// of the suite is one.
func ticketService() *grpc.ServiceDesc {
	desc := ticketv1.TicketService_ServiceDesc
	desc.Methods = nil
	for _, m := range ticketv1.TicketService_ServiceDesc.Methods {
		if m.MethodName != "ReplyToTicket" {
			desc.Methods = append(desc.Methods, m)
		}
	}
	desc.Streams = append(desc.Streams[:len(desc.Streams):len(desc.Streams)], grpc.StreamDesc{
		StreamName: "ReplyToTicket", ClientStreams: true, ServerStreams: true,
		Handler: func(impl any, stream grpc.ServerStream) error {
			return impl.(*probe).handlers().reply(replyStream{ServerStream: stream})
		},
	})
	return &desc
}

type (
	replyStream = grpc.GenericServerStream[ticketv1.ReplyToTicketRequest, ticketv1.ReplyToTicketResponse]
	watchStream = grpc.ServerStreamingServer[ticketv1.WatchTicketsResponse]
)

// handlers is what a test case lets the services do.
type handlers struct {
	any   func() error // every unary call, but for those that have a handler of their own
	get   func(context.Context, *ticketv1.GetTicketRequest) (*ticketv1.Ticket, error)
	watch func(*ticketv1.WatchTicketsRequest, watchStream) error
	reply func(replyStream) error
}

// probe implements services of the suite by the handlers of the running test case.
type probe struct {
	ticketv1.UnimplementedTicketServiceServer
	identityv1.UnimplementedAuthServiceServer
	eventv1.UnimplementedEventSinkServiceServer

	mu      sync.Mutex
	current handlers
}

func (p *probe) handlers() handlers {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.current
}

func (p *probe) set(h handlers) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.current = h
}

func (p *probe) GetTicket(ctx context.Context, r *ticketv1.GetTicketRequest) (*ticketv1.Ticket, error) {
	if h := p.handlers(); h.get != nil {
		return h.get(ctx, r)
	}
	return &ticketv1.Ticket{}, p.any(nil)
}

func (p *probe) CreateTicket(_ context.Context, r *ticketv1.CreateTicketRequest) (*ticketv1.Ticket, error) {
	return r.GetTicket(), p.any(nil)
}

func (p *probe) AddNote(ctx context.Context, r *ticketv1.AddNoteRequest) (*ticketv1.Message, error) {
	_, unimplemented := p.UnimplementedTicketServiceServer.AddNote(ctx, r)
	return &ticketv1.Message{}, p.any(unimplemented)
}

func (p *probe) SolveTicket(ctx context.Context, r *ticketv1.SolveTicketRequest) (*ticketv1.Ticket, error) {
	_, unimplemented := p.UnimplementedTicketServiceServer.SolveTicket(ctx, r)
	return &ticketv1.Ticket{}, p.any(unimplemented)
}

// any is what the running test case answers to every call, else what it is without one.
func (p *probe) any(without error) error {
	if h := p.handlers(); h.any != nil {
		return h.any()
	}
	return without
}

func (p *probe) ListTickets(context.Context, *ticketv1.ListTicketsRequest) (*ticketv1.ListTicketsResponse, error) {
	return &ticketv1.ListTicketsResponse{}, nil
}

func (p *probe) WatchTickets(r *ticketv1.WatchTicketsRequest, s watchStream) error {
	return p.handlers().watch(r, s)
}

// Login answers with whom the server takes the caller for.
func (p *probe) Login(ctx context.Context, _ *identityv1.LoginRequest) (*identityv1.LoginResponse, error) {
	resp := &identityv1.LoginResponse{Person: "nobody"}
	if u := auth.FromContext(ctx).User; u != nil {
		resp.Person = u.ID
	}
	return resp, nil
}

func (p *probe) Deliver(ctx context.Context, _ *eventv1.DeliverRequest) (*eventv1.DeliverResponse, error) {
	return &eventv1.DeliverResponse{Outcomes: []*eventv1.Outcome{{Event: auth.FromContext(ctx).Service}}}, nil
}

// source is what identity has published.
type source struct {
	key         auth.Key
	mu          sync.Mutex
	revocations []auth.Revocation
	reachedAt   time.Time
}

func (s *source) Keys(context.Context) ([]auth.Key, error) { return []auth.Key{s.key}, nil }

func (s *source) Revocations(context.Context, time.Time) ([]auth.Revocation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.revocations, nil
}

func (s *source) IdentityReachedAt() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reachedAt
}

func (s *source) revoke(session string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revocations = append(s.revocations, auth.Revocation{Session: session})
}

func (s *source) unreachable() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reachedAt = time.Time{}
}

// fixture is a started server with a way to reach it.
type fixture struct {
	server *rpc.Server
	probe  *probe
	source *source
	signer *auth.Signer
	log    *logBuffer
}

func setup(t testing.TB, o rpc.ServerOptions) *fixture {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	f := &fixture{
		probe:  &probe{},
		source: &source{key: auth.Key{ID: "k1", Public: public}, reachedAt: time.Now()},
		log:    &logBuffer{},
	}
	f.signer, err = auth.NewSigner("k1", private)
	require.NoError(t, err)
	o.Logger = slog.New(slog.NewJSONHandler(f.log, nil))
	o.Verifier = auth.NewVerifier(f.source, time.Now, o.Logger)
	f.server = rpc.NewServer(o)
	f.server.RegisterService(ticketService(), f.probe)
	identityv1.RegisterAuthServiceServer(f.server, f.probe)
	eventv1.RegisterEventSinkServiceServer(f.server, f.probe)
	require.NoError(t, f.server.Start())
	goUntilDone(t, o.Verifier.Run)
	return f
}

// member returns the context of calls by a customer; staff likewise.
func (f *fixture) member(t testing.TB, ctx context.Context) context.Context {
	return f.as(t, ctx, auth.User{ID: "p1", Organization: "o1", Role: auth.RoleUser, SessionID: "s1"}, 0)
}

func (f *fixture) staff(t testing.TB, ctx context.Context) context.Context {
	return f.as(t, ctx, auth.User{ID: "p2", Staff: true, Role: auth.RoleAgent, SessionID: "s2"}, 0)
}

// as signs a token that is as old as given.
func (f *fixture) as(t testing.TB, ctx context.Context, u auth.User, age time.Duration) context.Context {
	t.Helper()
	u.IssuedAt = time.Now().Add(-age)
	u.ExpiresAt = u.IssuedAt.Add(auth.MaxLifetime)
	token, err := f.signer.Sign(u)
	require.NoError(t, err)
	return rpc.WithToken(ctx, token)
}

// serve starts the server on a port of its own until the test ends, and returns its address.
func (f *fixture) serve(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	goUntilDone(t, func(ctx context.Context) error { return f.server.Serve(ctx, l) })
	return l.Addr().String()
}

func dial(t testing.TB, target string, o rpc.DialOptions) *grpc.ClientConn {
	t.Helper()
	conn, err := rpc.Dial(target, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	return conn
}

// goUntilDone runs fn until the test ends and waits for it.
func goUntilDone(t testing.TB, fn func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- fn(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-done)
	})
}

// overTransports runs a subtest for every way to reach a server, by a caller that is the gateway where the transport
// can tell.
func overTransports(t *testing.T, run func(t *testing.T, f *fixture, conn grpc.ClientConnInterface, service string)) {
	t.Run("tcp", func(t *testing.T) {
		f := setup(t, rpc.ServerOptions{})
		run(t, f, dial(t, f.serve(t), rpc.DialOptions{}), "")
	})
	t.Run("mtls", func(t *testing.T) {
		ca := newAuthority(t)
		serverTLS, err := ca.issue(t, "ticket").Server()
		require.NoError(t, err)
		clientTLS, err := ca.issue(t, "gateway").Client()
		require.NoError(t, err)
		f := setup(t, rpc.ServerOptions{TLS: serverTLS})
		run(t, f, dial(t, f.serve(t), rpc.DialOptions{TLS: clientTLS}), "gateway")
	})
	t.Run("in-process", func(t *testing.T) {
		f := setup(t, rpc.ServerOptions{})
		run(t, f, f.server.InProcess("gateway"), "gateway")
	})
}

// logBuffer collects lines of log.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

var _ io.Writer = (*logBuffer)(nil)

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

// take returns the lines since the last take.
func (b *logBuffer) take() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	text := strings.TrimSpace(b.buf.String())
	b.buf.Reset()
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// authority issues certificates.
type authority struct {
	cert *x509.Certificate
	key  ed25519.PrivateKey
	dir  string
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{dir: t.TempDir()}
	a.cert, a.key = a.make(t, "ca", &x509.Certificate{
		Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	})
	return a
}

// issue returns the files of a service; its certificate is good for the hosts, without any for 127.0.0.1.
func (a *authority) issue(t *testing.T, service string, hosts ...string) rpc.TLSFiles {
	t.Helper()
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: service},
		URIs:    []*url.URL{{Scheme: "spiffe", Host: "altis-support", Path: "/" + service}},
	}
	if len(hosts) == 0 {
		hosts = []string{"127.0.0.1"}
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	a.make(t, service, template)
	return rpc.TLSFiles{Cert: a.path(service + ".pem"), Key: a.path(service + ".key"), CA: a.path("ca.pem")}
}

func (a *authority) path(name string) string { return filepath.Join(a.dir, name) }

// make writes <name>.pem and <name>.key, signed by the authority, or by itself if there is none yet.
func (a *authority) make(t *testing.T, name string, template *x509.Certificate) (*x509.Certificate, ed25519.PrivateKey) {
	t.Helper()
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	require.NoError(t, err)
	template.SerialNumber = serial
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, private
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, signer)
	require.NoError(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	write := func(file, kind string, der []byte) {
		text := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
		require.NoError(t, os.WriteFile(a.path(file), text, 0o600))
	}
	write(name+".pem", "CERTIFICATE", der)
	write(name+".key", "PRIVATE KEY", keyDER)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return cert, private
}
