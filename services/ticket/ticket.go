// Package ticket is the service that keeps tickets: who may see them, their
// conversation and history, search, and the feed of changes.
//
// A change and all that must follow from it are one transaction. Other services
// hear of it by events, which are delivered until they are acknowledged; their
// answers come back the same way. No request of a caller waits for one of them.
package ticket

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"
	_ "time/tzdata" // the zones of tasks are checked the same way on every machine

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
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
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket/internal/bucket"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/presence"
	"altis-dxp.com/support/services/ticket/internal/rpc"
	"altis-dxp.com/support/services/ticket/internal/store"
	"altis-dxp.com/support/services/ticket/internal/tasks"
	"altis-dxp.com/support/services/ticket/internal/watch"
)

// Deps is the world around the service.
type Deps struct {
	DB           *sqldb.DB // with the tables of Migrations
	Identity     grpc.ClientConnInterface
	Triage       grpc.ClientConnInterface
	Notification grpc.ClientConnInterface
	Emergency    grpc.ClientConnInterface // the emergency mailbox, which pages when notification does not; nil = none
	Hub          live.Hub                 // nil = hints stay within the process
	Bell         live.Bell                // may be nil
	Redis        redis.UniversalClient    // keeps who is at which ticket over all replicas; may be nil
	Logger       *slog.Logger
	Meter        metric.Meter
	Now          func() time.Time // nil = time.Now
	NewID        func() string    // nil = UUIDv7
}

// Service is ticket. Its methods may be called concurrently.
type Service struct {
	queue       *durable.Queue
	directory   *directory.Model
	verifier    *auth.Verifier
	store       *store.Store
	tail        *watch.Tail
	bucket      *bucket.Bucket
	sweep       *tasks.Sweep
	sink        *events.Sink
	api         *rpc.Server
	files       *rpc.AttachmentServer
	mailTickets *rpc.MailServer
	mailReplies *rpc.MailReplyServer
	hub         live.Hub
	logger      *slog.Logger
	now         func() time.Time
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
	if deps.Hub == nil {
		deps.Hub = live.NewLocal()
	}
	desk := &domain.Desk{Now: deps.Now, NewID: deps.NewID, CloseAfter: cfg.CloseAfter}
	plan := &tasks.Plan{
		Notification: events.NewRelay("notification", eventv1.NewEventSinkServiceClient(deps.Notification), deps.Logger, deps.Meter),
		Triage:       events.NewRelay("triage", eventv1.NewEventSinkServiceClient(deps.Triage), deps.Logger, deps.Meter),
		CloseAfter:   cfg.CloseAfter, Logger: deps.Logger,
	}
	if deps.Emergency != nil && !cfg.Hold {
		plan.Emergency, plan.WatchAfter = notificationv1.NewEmergencyPageServiceClient(deps.Emergency), cmp.Or(cfg.PageWatch, 15*time.Second)
	}
	queue, err := durable.New(durable.Options{
		DB: deps.DB, Handlers: plan.Handlers(desk), Bell: deps.Bell, Logger: deps.Logger, Service: "ticket",
	})
	if err != nil {
		return nil, err
	}
	s := &Service{queue: queue, hub: deps.Hub, logger: deps.Logger, now: deps.Now}
	s.directory = directory.New(deps.DB, identityv1.NewDirectoryServiceClient(deps.Identity), deps.Logger).WithClock(deps.Now)
	s.verifier = auth.NewVerifier(s.directory, deps.Now, deps.Logger)
	s.store = store.New(store.Options{
		DB: deps.DB, Queue: queue, Follow: plan, Committed: hint(deps.Hub),
		IdentityReachedAt: s.directory.IdentityReachedAt, Now: deps.Now,
	})
	desk.Store, desk.Directory = s.store, s.store
	s.tail = watch.NewTail(s.store, deps.Hub, deps.Logger)
	views := &domain.Views{Store: s.store, Directory: s.store, Now: deps.Now, NewID: deps.NewID}
	s.api = &rpc.Server{Desk: desk, Views: views, Store: s.store, Tail: s.tail, Hub: deps.Hub, Now: deps.Now}
	s.api.Presence = presence.New(deps.Redis, deps.Now, deps.Logger)
	// What the bucket needs of the machine is looked up at its first use.
	if s.bucket, err = bucket.Open(context.Background(), cfg.AttachmentsURL); err != nil {
		return nil, err
	}
	library := &domain.Library{Desk: desk, Store: s.store, Contents: s.bucket, Logger: deps.Logger}
	s.files = &rpc.AttachmentServer{Library: library, Store: s.store}
	s.mailTickets = &rpc.MailServer{Library: library}
	s.mailReplies = &rpc.MailReplyServer{Mails: &domain.Mails{Desk: desk, Library: library, Store: s.store}}
	s.sweep = &tasks.Sweep{Library: library, Logger: deps.Logger}
	inbox := &tasks.Inbox{Desk: desk, Store: s.store}
	s.sink = events.NewSink(queue, inbox.Apply, deps.Logger)
	return s, nil
}

// hint tells watchers, of all replicas, that there is something to read.
func hint(hub live.Hub) func(ctx context.Context, c domain.Change) {
	return func(ctx context.Context, c domain.Change) {
		hub.Publish(ctx, live.Hint{Organization: c.After.Organization, Ticket: c.After.ID(), Sequence: c.After.Sequence})
	}
}

// Register adds the services of package ticketv1 to a server.
func (s *Service) Register(r grpc.ServiceRegistrar) {
	ticketv1.RegisterTicketServiceServer(r, s.api)
	ticketv1.RegisterViewServiceServer(r, s.api)
	ticketv1.RegisterPresenceServiceServer(r, s.api)
	ticketv1.RegisterAttachmentServiceServer(r, s.files)
	ticketv1.RegisterMailTicketServiceServer(r, s.mailTickets)
	ticketv1.RegisterMailReplyServiceServer(r, s.mailReplies)
}

// Sink takes the events of other services. It is registered where they call: not on an address that several services share.
func (s *Service) Sink() eventv1.EventSinkServiceServer { return sink{s.sink, s.hub} }

// sink has watchers look at what events of other services changed.
type sink struct {
	*events.Sink
	hub live.Hub
}

// Deliver implements eventv1.EventSinkServiceServer.
func (s sink) Deliver(ctx context.Context, req *eventv1.DeliverRequest) (*eventv1.DeliverResponse, error) {
	res, err := s.Sink.Deliver(ctx, req)
	if err == nil {
		s.hub.Publish(ctx, live.Hint{})
	}
	return res, err
}

// Queue is the service's tasks.
func (s *Service) Queue() *durable.Queue { return s.queue }

// Verifier verifies access tokens by what identity has published.
func (s *Service) Verifier() *auth.Verifier { return s.verifier }

// Run works until ctx ends: delivers events, closes solved tickets, reads the
// directory, re-reads keys and revocations, follows the feed, forgets old requests
// and files, and purges what was deleted long ago. Calls must have ended before.
func (s *Service) Run(ctx context.Context) error {
	g := lifecycle.NewGroup(ctx)
	g.Go("tasks", s.queue.Run)
	g.Go("directory", s.directory.Run)
	g.Go("token verifier", s.verifier.Run)
	g.Go("inbox", s.sink.Run)
	g.Go("feed", s.tail.Run)
	g.Go("retention", s.prune)
	g.Go("attachments", s.sweep.Run)
	return errors.Join(g.Wait(), s.bucket.Close())
}

const pruneEvery = time.Hour

// prune forgets old requests and deleted tickets every hour. A missed round is made
// up for by the next.
func (s *Service) prune(ctx context.Context) error {
	tick := time.NewTicker(pruneEvery)
	defer tick.Stop()
	for {
		err := errors.Join(s.store.Prune(ctx), s.store.Purge(ctx, s.now().Add(-domain.PurgeAfter)))
		if err != nil && ctx.Err() == nil {
			s.logger.WarnContext(ctx, "old requests or deleted tickets not forgotten", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
