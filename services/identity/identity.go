// Package identity is the service that knows who people are: customers' organizations with their applications and
// members, the support staff, how each of them logs in, and which access tokens count.
//
// It tells every change to the services that keep a copy of what they need, so that none of them asks it while it
// works on a request.
package identity

import (
	"context"
	"crypto/rand"
	"log/slog"
	"time"
	_ "time/tzdata" // people's zones are checked the same way on every machine

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
	"go.opentelemetry.io/otel/metric"
	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/pkg/live"
	"altis-dxp.com/support/pkg/ratelimit"
	"altis-dxp.com/support/pkg/sqldb"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	"altis-dxp.com/support/services/identity/internal/domain"
	"altis-dxp.com/support/services/identity/internal/rpc"
	"altis-dxp.com/support/services/identity/internal/secret"
	"altis-dxp.com/support/services/identity/internal/store"
)

// Deps is the world around the service.
type Deps struct {
	DB *sqldb.DB // with the tables of Migrations
	// The services that are told about changes.
	Ticket, Triage, Notification grpc.ClientConnInterface
	Bell                         live.Bell             // may be nil
	Redis                        redis.UniversalClient // counts logins over all replicas; may be nil
	Logger                       *slog.Logger
	Meter                        metric.Meter
	Now                          func() time.Time // nil = time.Now
	NewID                        func() string    // nil = UUIDv7
}

// Service is identity. Its methods may be called concurrently.
type Service struct {
	identity *domain.Identity
	store    *store.Store
	queue    *durable.Queue
	verifier *auth.Verifier
}

// Migrations returns the tables of the service, in the order in which they are made.
func Migrations() []sqldb.Set { return []sqldb.Set{durable.Migrations(), store.Migrations()} }

// New returns the service. It does nothing by itself until Run, but answers calls.
func New(cfg Config, deps Deps) (*Service, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if deps.Now == nil {
		deps.Now = time.Now
	}
	if deps.NewID == nil {
		deps.NewID = func() string { return uuid.Must(uuid.NewV7()).String() }
	}
	sealer, err := secret.NewSealer(cfg.KeyEncryptionKey)
	if err != nil {
		return nil, err
	}
	logins, err := ratelimit.New(ratelimit.Limit{Per: cfg.LoginPeriod, Burst: cfg.LoginTries}, deps.Redis)
	if err != nil {
		return nil, err
	}

	s := &Service{}
	relays, handlers := relays(deps)
	handlers[store.HousekeepKind] = durable.Handler{
		Run: func(ctx context.Context, _ durable.Task) error { return s.identity.Housekeep(ctx) },
	}
	s.queue, err = durable.New(durable.Options{
		DB: deps.DB, Handlers: handlers, Bell: deps.Bell, Logger: deps.Logger, Service: "identity",
	})
	if err != nil {
		return nil, err
	}
	s.store = store.New(deps.DB, s.queue, relays, deps.Now)
	s.identity, err = domain.New(context.Background(), domain.Deps{
		Store:     s.store,
		Passwords: secret.NewPasswords(secret.Cost{MemoryKiB: cfg.PasswordMemoryKiB, Iterations: cfg.PasswordIterations}),
		Tokens:    secret.Tokens{},
		Logins:    logins,
		Sealer:    sealer,
		Now:       deps.Now,
		NewID:     deps.NewID,
		Random:    random,
	})
	if err != nil {
		return nil, err
	}
	s.verifier = auth.NewVerifier(s.store, deps.Now, deps.Logger)
	return s, nil
}

func relays(deps Deps) ([]*events.Relay, map[string]durable.Handler) {
	var all []*events.Relay
	handlers := map[string]durable.Handler{}
	for _, target := range []struct {
		name string
		conn grpc.ClientConnInterface
	}{{"ticket", deps.Ticket}, {"triage", deps.Triage}, {"notification", deps.Notification}} {
		r := events.NewRelay(target.name, eventv1.NewEventSinkServiceClient(target.conn), deps.Logger, deps.Meter)
		all = append(all, r)
		handlers[r.Kind()] = r.Handler()
	}
	return all, handlers
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: the runtime ends the process instead
	return b
}

// Register adds AuthService, AccountService and DirectoryService to a server.
func (s *Service) Register(r grpc.ServiceRegistrar) { rpc.Register(r, s.identity, s.store) }

// Queue is the service's tasks.
func (s *Service) Queue() *durable.Queue { return s.queue }

// Verifier verifies access tokens by the service's own tables.
func (s *Service) Verifier() *auth.Verifier { return s.verifier }

// Bootstrap makes the first admin of the staff and returns the person's id. It is a Precondition fault STAFF_EXISTS once
// there is any staff.
func (s *Service) Bootstrap(ctx context.Context, name, email, password string) (string, error) {
	return s.identity.Bootstrap(ctx, name, email, password)
}

// Run delivers changes, keeps house and re-reads keys and revocations until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	if err := s.identity.Housekeep(ctx); err != nil {
		return err
	}
	g := lifecycle.NewGroup(ctx)
	g.Go("tasks", s.queue.Run)
	g.Go("token verifier", s.verifier.Run)
	return g.Wait()
}
