package rpc

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"buf.build/go/protovalidate"
	"github.com/fullstorydev/grpchan"
	"github.com/fullstorydev/grpchan/inprocgrpc"
	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc/filters"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"

	"altis-dxp.com/support/pkg/auth"
)

const (
	defaultMaxMessage = 1<<20 + 64<<10
	maxResponse       = 4 << 20 // what gRPC clients of all languages accept unless told otherwise
	drainTimeout      = 10 * time.Second
	// maxConnectionAge makes clients look up addresses again, so that they find new replicas. Streams may finish:
	// they end with their token, in ten minutes at most.
	maxConnectionAge      = 15 * time.Minute
	maxConnectionAgeGrace = 11 * time.Minute
)

// ServerOptions says how a Server serves.
type ServerOptions struct {
	Verifier        *auth.Verifier // nil: every access token is refused
	Logger          *slog.Logger   // nil = slog.Default()
	TLS             *tls.Config    // nil = plaintext
	MaxMessageBytes int            // largest request message; 0 = 1 MiB + 64 KiB
	Reflection      bool           // gRPC server reflection, for tooling
}

// Server serves gRPC services over TCP and inside the process, with one behaviour. Order of use: RegisterService,
// Start, then Serve and calls through InProcess.
type Server struct {
	options  ServerOptions
	grpc     *grpc.Server
	health   *health.Server
	rules    atomic.Pointer[rules] // nil until Start
	draining chan struct{}         // closed when Serve begins to stop
	drain    func()

	mu       sync.Mutex
	services []registration
	channels []*inprocgrpc.Channel
}

// rules is what Start has made of the registered services.
type rules struct {
	policies  auth.Policies
	validator protovalidate.Validator
}

type registration struct {
	desc *grpc.ServiceDesc
	impl any
}

var _ grpc.ServiceRegistrar = (*Server)(nil)

// NewServer returns a server with the health service, and reflection if asked for.
func NewServer(o ServerOptions) *Server {
	if o.MaxMessageBytes == 0 {
		o.MaxMessageBytes = defaultMaxMessage
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	creds := insecure.NewCredentials()
	if o.TLS != nil {
		creds = credentials.NewTLS(o.TLS)
	}
	s := &Server{options: o, health: health.NewServer(), draining: make(chan struct{})}
	s.drain = sync.OnceFunc(func() { close(s.draining) })
	s.grpc = grpc.NewServer(
		grpc.Creds(creds),
		grpc.StatsHandler(otelgrpc.NewServerHandler(otelgrpc.WithFilter(filters.Not(filters.HealthCheck())))),
		grpc.UnaryInterceptor(s.unary),
		grpc.StreamInterceptor(s.stream),
		// Twice our own limit: what is a little too large gets our answer, with its reason.
		grpc.MaxRecvMsgSize(2*o.MaxMessageBytes),
		grpc.KeepaliveParams(keepalive.ServerParameters{
			Time: keepaliveTime, Timeout: keepaliveTimeout,
			MaxConnectionAge: maxConnectionAge, MaxConnectionAgeGrace: maxConnectionAgeGrace,
		}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: keepaliveTime / 2, PermitWithoutStream: true}),
		grpc.WaitForHandlers(true),
	)
	healthv1.RegisterHealthServer(s, s.health)
	if o.Reflection {
		reflection.Register(s.grpc)
	}
	s.health.SetServingStatus("", healthv1.HealthCheckResponse_NOT_SERVING)
	return s
}

// RegisterService adds a service to both transports. It must come before Start.
func (s *Server) RegisterService(desc *grpc.ServiceDesc, impl any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rules.Load() != nil {
		panic("rpc: " + desc.ServiceName + " is registered after Start")
	}
	s.grpc.RegisterService(desc, impl)
	for _, ch := range s.channels {
		ch.RegisterService(desc, impl)
	}
	s.services = append(s.services, registration{desc, impl})
}

// Start loads the policies and validation rules of all registered services. Until then every call is answered
// Unavailable. It fails naming every method without a policy.
func (s *Server) Start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	info := s.grpc.GetServiceInfo()
	policies, err := auth.LoadPolicies(info)
	if err != nil {
		return err
	}
	validator, err := newValidator(info)
	if err != nil {
		return err
	}
	s.rules.Store(&rules{policies: policies, validator: validator})
	for _, r := range s.services {
		s.health.SetServingStatus(r.desc.ServiceName, healthv1.HealthCheckResponse_SERVING)
	}
	s.health.SetServingStatus("", healthv1.HealthCheckResponse_SERVING)
	return nil
}

// Serve answers calls on l until ctx ends; then calls under way have ten seconds to finish (server streams are told
// to come back at once). It closes l and returns nil, unless l fails.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	if s.rules.Load() == nil {
		return errors.Join(errors.New("rpc: Serve before Start"), l.Close())
	}
	failed := make(chan error, 1)
	go func() { failed <- s.grpc.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("rpc: serve %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	s.health.Shutdown()
	s.drain()
	force := time.AfterFunc(drainTimeout, s.grpc.Stop)
	defer force.Stop()
	s.grpc.GracefulStop()
	// A ctx that ended at once stops the server before it has begun to accept: that is an end like any other.
	if err := <-failed; !errors.Is(err, grpc.ErrServerStopped) {
		return err
	}
	return nil
}

// InProcess returns a connection to this server for the service caller of the same process. Every (caller, server)
// pair has its own: it is the proof of who calls.
func (s *Server) InProcess(caller string) grpc.ClientConnInterface {
	ch := &inprocgrpc.Channel{}
	ch.WithServerStatsHandler(otelgrpc.NewServerHandler()).
		WithClientStatsHandler(otelgrpc.NewClientHandler()).
		WithServerUnaryInterceptor(func(ctx context.Context, req any, info *grpc.UnaryServerInfo, h grpc.UnaryHandler) (any, error) {
			return s.unary(withCaller(ctx, caller), req, info, h)
		}).
		WithServerStreamInterceptor(func(impl any, ss grpc.ServerStream, info *grpc.StreamServerInfo, h grpc.StreamHandler) error {
			return s.stream(impl, &callerStream{ServerStream: ss, ctx: withCaller(ss.Context(), caller)}, info, h)
		})
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.services {
		ch.RegisterService(r.desc, r.impl)
	}
	s.channels = append(s.channels, ch)
	c := newClient(s.options.Logger)
	return grpchan.InterceptClientConn(&started{conn: ch, server: s}, c.unary, c.stream)
}

// callerStream is a stream whose context knows the caller.
type callerStream struct {
	grpc.ServerStream
	ctx context.Context
}

func (s *callerStream) Context() context.Context { return s.ctx }
