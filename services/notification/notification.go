// Package notification is the service that reaches people: it pages the engineers on call about urgent incidents, takes
// their acknowledgements, and mails the correspondence of tickets.
//
// It learns of tickets by events that carry all it needs, and serves the acknowledgement links itself: between an urgent
// event and the ringing pager stand only its own database and the provider.
package notification

import (
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"
	_ "time/tzdata" // schedules must work on machines without a zone database

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
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/acklink"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/intake"
	"altis-dxp.com/support/services/notification/internal/mailauth"
	"altis-dxp.com/support/services/notification/internal/mailbox"
	"altis-dxp.com/support/services/notification/internal/mailout"
	"altis-dxp.com/support/services/notification/internal/rpc"
	"altis-dxp.com/support/services/notification/internal/store"
	"altis-dxp.com/support/services/notification/internal/tasks"
	"altis-dxp.com/support/services/notification/internal/tickets"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

// Deps is the world around the service.
type Deps struct {
	DB          *sqldb.DB // with the tables of Migrations
	Identity    grpc.ClientConnInterface
	Ticket      grpc.ClientConnInterface
	Emergency   grpc.ClientConnInterface // the emergency mailbox; nil = there is none
	Bell        live.Bell                // may be nil
	Logger      *slog.Logger
	Meter       metric.Meter
	Now         func() time.Time // nil = time.Now
	NewID       func() string    // nil = UUIDv7
	Transport   Transport        // nil = as configured
	AckListener net.Listener     // nil = Config.AckListen is opened by Run
	// MailListener takes mails that come in, DNS verifies their senders; nil = as configured.
	MailListener net.Listener
	DNS          mailauth.DNS
	IMAPRoots    *x509.CertPool // of the IMAP server's certificate; nil = those that the machine trusts
}

// Transport hands mails to the next server.
type Transport = mailout.Transport

// Envelope is what a Transport is told besides the message.
type Envelope = mailout.Envelope

// Refused is a Transport's final no to a recipient.
type Refused = mailout.Refused

// Service is notification. Its methods may be called concurrently.
type Service struct {
	cfg       Config
	queue     *durable.Queue
	directory *directory.Model
	verifier  *auth.Verifier
	sink      *events.Sink
	watchdog  *tasks.Watchdog
	unsent    *tasks.Unsent
	stuck     *tasks.StuckMails
	duties    *tasks.DutyWatches
	digests   *tasks.Digests
	retention *tasks.Retention
	feedReads *tasks.FeedReads
	webhooks  *webhook.Sender
	transport mailout.Transport
	rpc       rpc.Deps
	ack       http.Handler
	listener  net.Listener
	inbound   *incoming // nil = no mails come in
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
	cfg = cfg.withDefaults()
	if deps.Now == nil {
		deps.Now = time.Now
	}
	if deps.NewID == nil {
		deps.NewID = func() string { return uuid.Must(uuid.NewV7()).String() }
	}
	instruments, err := tasks.NewInstruments(deps.Meter)
	if err != nil {
		return nil, err
	}
	if deps.Transport == nil {
		if deps.Transport, err = cfg.transport(); err != nil {
			return nil, err
		}
	}
	addresses, err := cfg.addresses()
	if err != nil {
		return nil, err
	}
	if deps.DNS == nil {
		deps.DNS = mailauth.Resolver(cfg.MailResolver)
	}
	ticketURL := func(number int64) string { return cfg.DashboardURL + "/tickets/" + strconv.FormatInt(number, 10) }
	pager := domain.Pager{
		Render: webhook.Render, RenderBundle: webhook.RenderBundle, TicketURL: ticketURL, PagesURL: cfg.pagesURL(), FlapHold: cfg.FlapHold,
		AckURL: func(key domain.AckKey, claim domain.AckClaim) string {
			return cfg.AckBaseURL + acklink.Path + acklink.Sign(key, claim)
		},
		Unheard: func(ctx context.Context, page string) {
			deps.Logger.ErrorContext(ctx, "nobody is left to call about a page", slog.String("page", page))
		},
	}
	s := &Service{
		cfg: cfg, webhooks: webhook.NewSender(cfg.AllowPrivateWebhooks, deps.Now), transport: deps.Transport, listener: deps.AckListener,
	}
	renderer := mailout.NewRenderer(cfg.from(), cfg.EmergencyAddress, ticketURL)
	renderer.QuarantineURL = cfg.quarantineURL()
	renderer.Answers, renderer.Stop = addresses.Domain != "", addresses.Stop
	work := &tasks.Tasks{
		Pager: pager, Webhooks: s.webhooks, SMS: cfg.Twilio, Mail: s.transport, Renderer: renderer, Replies: tickets.New(deps.Ticket), DNS: deps.DNS, SPF: cfg.MailSPF,
		MailFrom: cfg.MailFrom, Addresses: addresses, MailDomain: cfg.mailDomain(), SupportAddress: cfg.MailSupportAddress,
		AttemptTimeout: cfg.AttemptTimeout, MailRetry: cfg.MailRetry, Held: cfg.Hold, DiscardBefore: cfg.DiscardMailsBefore,
		Logger: deps.Logger, Instruments: instruments, Bundling: tasks.Bundling{After: cfg.BundleAfter, Hold: cfg.BundleHold},
	}
	take := intake.Intake{Pager: pager, Receipts: !cfg.NoReceipts}
	if deps.Emergency != nil {
		work.Mailbox, work.WatchAfter, take.WatchAfter = mailbox.New(deps.Emergency), cfg.PageWatch, cfg.PageWatch
	}
	relay := events.NewRelay("ticket", eventv1.NewEventSinkServiceClient(deps.Ticket), deps.Logger, deps.Meter)
	handlers := work.Handlers()
	if cfg.Hold { // tasks that nobody handles wait
		clear(handlers)
	}
	handlers[relay.Kind()] = relay.Handler()
	s.queue, err = durable.New(durable.Options{DB: deps.DB, Handlers: handlers, Bell: deps.Bell, Logger: deps.Logger, Service: "notification", Now: deps.Now})
	if err != nil {
		return nil, err
	}
	work.Store = store.New(store.Options{
		DB: deps.DB, Queue: s.queue, Logger: deps.Logger, NewID: deps.NewID, MailDomain: cfg.mailDomain(),
		PageEvent: func(ctx context.Context, e domain.PageEvent) durable.Spec {
			if e.Kind == domain.EventExhausted {
				deps.Logger.ErrorContext(ctx, "a page is exhausted: nobody acknowledged, or nobody can be paged",
					slog.String("page", e.Page.ID), slog.Int64("ticket", e.Page.Ticket))
			}
			return tasks.PageEvent(ctx, relay, e)
		},
	})
	if err := s.takeMails(deps, work); err != nil {
		return nil, err
	}
	s.directory = directory.New(deps.DB, identityv1.NewDirectoryServiceClient(deps.Identity), deps.Logger).WithClock(deps.Now)
	s.verifier = auth.NewVerifier(s.directory, deps.Now, deps.Logger)
	take.Store = work.Store
	s.sink = events.NewSink(s.queue, take.Apply, deps.Logger)
	work.Sink = s.sink
	s.watchdog = &tasks.Watchdog{
		Tasks: work, OldestDue: s.queue.OldestDue, NewID: deps.NewID, Every: cfg.WatchdogEvery, Limit: cfg.WatchdogLimit,
	}
	s.unsent = &tasks.Unsent{Tasks: work, After: cfg.NextContactAfter}
	s.stuck = &tasks.StuckMails{Tasks: work}
	s.duties = &tasks.DutyWatches{Tasks: work}
	s.digests = &tasks.Digests{Tasks: work}
	s.retention = &tasks.Retention{
		Store: work.Store, KeepPages: cfg.KeepPages, KeepMails: cfg.KeepMails, Spread: cfg.RetentionSpread, Logger: deps.Logger,
	}
	s.feedReads = tasks.NewFeedReads(work.Store, deps.Logger)
	s.rpc = rpc.Deps{
		Store: work.Store, Pager: pager, Tester: work, NewID: deps.NewID, AllowPrivate: cfg.AllowPrivateWebhooks, SMS: cfg.Twilio.Configured(), Inbox: work.Inbox, Copies: work,
		CalendarURL: cfg.calendarURL, CalendarHost: cfg.mailDomain(), FeedReads: s.feedReads,
	}
	s.ack = acklink.NewHandler(acklink.Stored{Store: work.Store, Pager: pager}, ticketURL, cfg.pagesURL(), deps.Logger)
	return s, nil
}

// Register adds the services of notification to a server.
func (s *Service) Register(r grpc.ServiceRegistrar) { rpc.Register(r, s.rpc) }

// AddVerifiedContact adds a contact that is used at once, without a code: for the data of demonstrations, whose receivers are
// nobody's.
func (s *Service) AddVerifiedContact(ctx context.Context, c *notificationv1.Contact) (*notificationv1.Contact, error) {
	return rpc.AddVerifiedContact(ctx, s.rpc, c)
}

// Sink takes the events of other services. It is registered where they call: not on an address that several services share.
func (s *Service) Sink() eventv1.EventSinkServiceServer { return s.sink }

// Queue is the service's tasks.
func (s *Service) Queue() *durable.Queue { return s.queue }

// Verifier verifies access tokens by what identity has published.
func (s *Service) Verifier() *auth.Verifier { return s.verifier }

// Run works until ctx ends: pages, mails, serves acknowledgement links, reads the directory, watches over itself.
func (s *Service) Run(ctx context.Context) error {
	listener := s.listener
	if listener == nil {
		var err error
		if listener, err = lifecycle.Listen(ctx, s.cfg.AckListen, "--ack-listen"); err != nil {
			return err
		}
	}
	if err := s.inbound.listen(ctx); err != nil {
		return errors.Join(err, listener.Close())
	}
	g := lifecycle.NewGroup(ctx)
	g.Go("tasks", s.queue.Run)
	g.Go("directory", s.directory.Run)
	g.Go("token verifier", s.verifier.Run)
	g.Go("inbox", s.sink.Run)
	g.Go("reads of calendars", s.feedReads.Run)
	g.Go("acknowledgement links", func(ctx context.Context) error { return acklink.Serve(ctx, listener, s.ack) })
	if s.cfg.Hold {
		s.unsent.Tasks.Logger.WarnContext(ctx, "nothing is paged or mailed (--hold)")
	} else {
		s.reachOut(g)
	}
	err := g.Wait()
	s.webhooks.Close()
	s.transport.Close()
	return errors.Join(err, s.inbound.close())
}

// reachOut adds what sends, makes something to be sent, takes mails, or forgets.
func (s *Service) reachOut(g *lifecycle.Group) {
	g.Go("watchdog", s.watchdog.Run)
	g.Go("unsent pages", s.unsent.Run)
	g.Go("stuck mails", s.stuck.Run)
	g.Go("duties", s.duties.Run)
	g.Go("digests", s.digests.Run)
	g.Go("pauses", s.unsent.Tasks.Awake.Run)
	g.Go("retention", s.retention.Run)
	if s.inbound != nil {
		g.Go("mails that come in", s.inbound.run)
	}
}
