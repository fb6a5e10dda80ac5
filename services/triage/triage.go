// Package triage is the service that decides what comes first: the priority of tickets for which customers choose none, the
// team that works on a ticket, and by when it is to be answered and solved.
//
// It learns of tickets by events and answers by events, so that tickets are created, answered and paged while it is away;
// it catches up when it returns.
package triage

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/metric"
	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/pkg/live"
	"altis-dxp.com/support/pkg/sqldb"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	"altis-dxp.com/support/services/triage/internal/rpc"
	"altis-dxp.com/support/services/triage/internal/store"
	"altis-dxp.com/support/services/triage/internal/tasks"
)

// Deps is the world around the service.
type Deps struct {
	DB       *sqldb.DB // with the tables of Migrations
	Identity grpc.ClientConnInterface
	Ticket   grpc.ClientConnInterface
	Bell     live.Bell // may be nil
	Logger   *slog.Logger
	Meter    metric.Meter
	Now      func() time.Time // nil = time.Now
	NewID    func() string    // nil = UUIDv7
}

// Service is triage. Its methods may be called concurrently.
type Service struct {
	db        *sqldb.DB
	now       func() time.Time
	queue     *durable.Queue
	directory *directory.Model
	verifier  *auth.Verifier
	tasks     *tasks.Tasks
	sink      *events.Sink
}

// Migrations returns the tables of the service, in the order in which they are made.
func Migrations() []sqldb.Set {
	return []sqldb.Set{durable.Migrations(), events.Migrations(), directory.Migrations(), store.Migrations()}
}

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
	ticket := events.NewRelay("ticket", eventv1.NewEventSinkServiceClient(deps.Ticket), deps.Logger, deps.Meter)
	queue, err := durable.New(durable.Options{
		DB: deps.DB, Handlers: map[string]durable.Handler{ticket.Kind(): ticket.Handler()},
		Bell: deps.Bell, Logger: deps.Logger, Service: "triage",
	})
	if err != nil {
		return nil, err
	}
	instruments, err := tasks.NewInstruments(deps.Meter)
	if err != nil {
		return nil, err
	}
	s := &Service{db: deps.DB, now: deps.Now, queue: queue}
	s.directory = directory.New(deps.DB, identityv1.NewDirectoryServiceClient(deps.Identity), deps.Logger).WithClock(deps.Now)
	s.verifier = auth.NewVerifier(s.directory, deps.Now, deps.Logger)
	s.tasks = tasks.New(tasks.Deps{
		DB: deps.DB, Queue: queue, Directory: s.directory, Ticket: ticket, Teams: cfg.teams(),
		Logger: deps.Logger, Now: deps.Now, NewID: deps.NewID, Instruments: instruments,
	})
	s.sink = events.NewSink(queue, s.tasks.Apply, deps.Logger)
	return s, nil
}

// Register adds TriageService to a server.
func (s *Service) Register(r grpc.ServiceRegistrar) {
	rpc.Register(r, store.New(s.db), s.directory.Lookup, s.now)
}

// Sink takes the events of other services. It is registered where they call: not on an address that several services share.
func (s *Service) Sink() eventv1.EventSinkServiceServer { return s.sink }

// Queue is the service's tasks.
func (s *Service) Queue() *durable.Queue { return s.queue }

// Verifier verifies access tokens by what identity has published.
func (s *Service) Verifier() *auth.Verifier { return s.verifier }

// Run works until ctx ends: delivers answers, reads the directory, re-reads keys and revocations, plans anew.
func (s *Service) Run(ctx context.Context) error {
	g := lifecycle.NewGroup(ctx)
	g.Go("tasks", s.queue.Run)
	g.Go("directory", s.directory.Run)
	g.Go("token verifier", s.verifier.Run)
	g.Go("inbox", s.sink.Run)
	g.Go("plans", s.tasks.Run)
	g.Go("due times", s.tasks.Watch)
	return g.Wait()
}
