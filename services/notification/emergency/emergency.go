// Package emergency is the mailbox of last resort: when nothing else of the suite works, a mail to it pages the engineers on
// call. It needs its own disk, and the providers that pages go to, and nothing else.
//
//	SMTP ──► spool (a file, fsync) ──► private SQLite: the mail's row, its page, its deliveries ──► 250
//	                                        │  notification's own store, rules and tasks
//	                                        ├──► webhooks and mail, again every five minutes until somebody acknowledges
//	                                        ├──◄ /a/{token}, served by this process
//	                                        └──► OpenMailTicket, until ticket has taken the mail
//	notification ──GetRoster, while it is up──► roster.pb ──► the private SQLite
//
// It is also the second path of pages: ticket hands it the urgent incidents that notification got to nobody in time
// (PageTicket), and notification takes them over when it is back (TakeOverPage).
//
// A mail is accepted when it lasts and its page does. Whatever ends the process before that, the sender's server tries again;
// whatever ends it after that, the next start goes on. Nothing is parsed before the page but the lines of the header, and
// nothing in them can keep a mail from paging: only a mail that says itself that nobody wrote it does not.
package emergency

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	netmail "net/mail"
	"path/filepath"
	"time"
	_ "time/tzdata" // schedules must work on machines without a zone database

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/metric"
	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/pkg/sqldb"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification/internal/acklink"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/mailauth"
	"altis-dxp.com/support/services/notification/internal/mailout"
	"altis-dxp.com/support/services/notification/internal/smtpin"
	"altis-dxp.com/support/services/notification/internal/spool"
	"altis-dxp.com/support/services/notification/internal/store"
	"altis-dxp.com/support/services/notification/internal/tasks"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

// Deps is the world around the mailbox.
type Deps struct {
	DB           *sqldb.DB                // private, SQLite, with the tables of Migrations
	Notification grpc.ClientConnInterface // where the roster comes from; nil = nowhere
	Ticket       grpc.ClientConnInterface // where mails become tickets; nil = they become none
	Logger       *slog.Logger
	Meter        metric.Meter
	Now          func() time.Time   // nil = time.Now
	NewID        func() string      // nil = UUIDv7
	Transport    mailout.Transport  // nil = as configured
	LookupTXT    mailauth.LookupTXT // nil = as configured
	SMTPListener net.Listener       // nil = Config.SMTP is opened by Run
	AckListener  net.Listener       // nil = Config.AckListen is opened by Run
}

// Service is the emergency mailbox. Its methods may be called concurrently.
type Service struct {
	cfg       Config
	deps      Deps
	spool     *spool.Spool
	queue     *durable.Queue
	store     *store.Store
	pager     domain.Pager
	roster    *roster
	tickets   ticketv1.MailTicketServiceClient // nil = mails become no tickets
	smtp      *smtpin.Server
	work      *tasks.Tasks
	watchdog  *tasks.Watchdog
	unsent    *tasks.Unsent
	retention *tasks.Retention
	ack       http.Handler
	meters    meters
	transport mailout.Transport
}

//go:embed migrations/*.sql
var files embed.FS

// Migrations returns the tables of the private database, in the order in which they are made.
func Migrations() []sqldb.Set {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return []sqldb.Set{
		durable.Migrations(), events.Migrations(), directory.Migrations(), store.Migrations(), {Name: "emergency", FS: sub},
	}
}

// New opens the spool and returns the mailbox. It takes mails in Run only.
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
	if deps.LookupTXT == nil {
		deps.LookupTXT = mailauth.Resolver(cfg.Resolver).LookupTXT
	}
	s := &Service{cfg: cfg, deps: deps, transport: deps.Transport}
	var err error
	if s.transport == nil {
		if s.transport, err = cfg.transport(); err != nil {
			return nil, err
		}
	}
	if s.spool, err = spool.Open(filepath.Join(cfg.Data, "mails"), cfg.SpoolLimit); err != nil {
		return nil, err
	}
	tls, err := smtpin.LoadTLS(cfg.TLSCert, cfg.TLSKey)
	if err != nil {
		return nil, err
	}
	s.smtp, err = smtpin.New(smtpin.Config{
		Hostname: cfg.Hostname, Addresses: cfg.Address, TLS: tls, MaxBytes: cfg.MaxMailBytes, MaxRecipients: maxRecipients, MaxConns: cfg.MaxConns,
		MaxConnsPerHost: cfg.MaxConnsPerHost, MailsPerMinute: cfg.MailsPerMinute, Timeout: cfg.Timeout, Now: deps.Now, Logger: deps.Logger,
	}, s.keep)
	if err != nil {
		return nil, err
	}
	if err := s.paging(); err != nil {
		return nil, err
	}
	s.roster = &roster{
		path: filepath.Join(cfg.Data, "roster.pb"), every: cfg.RosterEvery, repeat: cfg.RepeatAfter, fallback: cfg.fallback(),
		store: s.store, now: deps.Now, logger: deps.Logger,
	}
	if deps.Notification != nil {
		s.roster.client = notificationv1.NewEmergencyServiceClient(deps.Notification)
	}
	if deps.Ticket != nil {
		s.tickets = ticketv1.NewMailTicketServiceClient(deps.Ticket)
	}
	return s, nil
}

// paging builds what pages: the same parts that notification has.
func (s *Service) paging() error {
	instruments, err := tasks.NewInstruments(s.deps.Meter)
	if err != nil {
		return err
	}
	if s.meters, err = newMeters(s.deps.Meter); err != nil {
		return err
	}
	s.pager = domain.Pager{
		Render: webhook.Render, TicketURL: s.cfg.ticketURL,
		AckURL: func(key domain.AckKey, claim domain.AckClaim) string {
			return s.cfg.AckBaseURL + acklink.Path + acklink.Sign(key, claim)
		},
	}
	s.work = &tasks.Tasks{
		Pager: s.pager, Webhooks: webhook.NewSender(s.cfg.AllowPrivateWebhooks, s.deps.Now), SMS: s.cfg.Twilio, Mail: s.transport,
		Renderer: mailout.NewRenderer(netmail.Address{Name: "Altis Support", Address: s.cfg.MailFrom}, "", s.cfg.ticketURL),
		MailFrom: s.cfg.MailFrom, MailDomain: s.cfg.mailDomain(), AttemptTimeout: s.cfg.AttemptTimeout, MailRetry: 10 * time.Second,
		Logger: s.deps.Logger, Instruments: instruments,
	}
	handlers := s.work.Handlers()
	handlers[kindExamine] = durable.Handler{Run: s.examine}
	handlers[kindForward] = durable.Handler{
		Run: s.forward, Broken: s.brokenForward, Destination: func(durable.Task) string { return "notification" },
	}
	handlers[kindTicket] = durable.Handler{
		Run: s.ticket, Backoff: ticketBackoff, Timeout: ticketTimeout, Destination: func(durable.Task) string { return "ticket" },
	}
	handlers[kindReceipt] = durable.Handler{
		Run: s.receipt, DurableComplete: true, Timeout: receiptTimeout, Destination: func(durable.Task) string { return "mail server" },
	}
	handlers[kindBundle] = durable.Handler{Run: s.bundle, Broken: s.brokenBundle}
	s.queue, err = durable.New(durable.Options{DB: s.deps.DB, Handlers: handlers, Logger: s.deps.Logger, Service: "emergency"})
	if err != nil {
		return err
	}
	s.store = store.New(store.Options{DB: s.deps.DB, Queue: s.queue, Logger: s.deps.Logger, NewID: s.deps.NewID, MailDomain: s.cfg.mailDomain()})
	s.work.Store = s.store
	s.watchdog = &tasks.Watchdog{
		Tasks: s.work, OldestDue: s.queue.OldestDue, NewID: s.deps.NewID, Every: 5 * time.Second, Limit: 30 * time.Second,
	}
	s.unsent = &tasks.Unsent{Tasks: s.work, After: s.cfg.NextContactAfter}
	s.retention = &tasks.Retention{
		Store: s.store, KeepPages: s.cfg.KeepMails, KeepMails: s.cfg.KeepMails, Spread: 10 * time.Minute, Logger: s.deps.Logger,
	}
	s.ack = acklink.NewHandler(links{acklink.Stored{Store: s.store, Pager: s.pager}, s}, s.cfg.ticketURL, "", s.deps.Logger)
	return nil
}

// Queue is the mailbox's tasks.
func (s *Service) Queue() *durable.Queue { return s.queue }

// Run takes mails and pages until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	receiving, err := listen(ctx, s.deps.SMTPListener, s.cfg.SMTP, "--smtp")
	if err != nil {
		return err
	}
	acks, err := listen(ctx, s.deps.AckListener, s.cfg.AckListen, "--ack-listen")
	if err != nil {
		return errors.Join(err, receiving.Close())
	}
	if s.cfg.Hold {
		return errors.Join(receiving.Close(), s.hold(ctx, acks))
	}
	err = s.roster.load(ctx)
	if err == nil {
		err = s.recover(ctx)
	}
	if err != nil {
		return errors.Join(err, receiving.Close(), acks.Close())
	}
	if s.tickets == nil {
		s.deps.Logger.WarnContext(ctx, "there is no ticket service (--ticket): mails page, but become no tickets")
	}
	unregister, err := s.meters.observe(s)
	if err != nil {
		return errors.Join(err, receiving.Close(), acks.Close())
	}
	defer unregister()
	// What is received at the end still finds its workers.
	working, stopWorking := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWorking()
	g := lifecycle.NewGroup(ctx)
	inner := lifecycle.NewGroup(working)
	inner.Go("tasks", s.queue.Run)
	inner.Go("watchdog", s.watchdog.Run)
	inner.Go("unsent pages", s.unsent.Run)
	inner.Go("acknowledgement links", func(ctx context.Context) error { return acklink.Serve(ctx, acks, s.ack) })
	inner.Go("roster", s.roster.run)
	inner.Go("old mails", s.prune)
	inner.Go("old pages", s.retention.Run)
	g.Go("smtp", func(ctx context.Context) error {
		defer stopWorking()
		return s.smtp.Serve(ctx, receiving)
	})
	g.Go("pages", func(context.Context) error { return inner.Wait() })
	err = g.Wait()
	s.work.Webhooks.Close()
	s.transport.Close()
	return err
}

// hold serves links and keeps the roster until ctx ends. Mails and pages stay as they are.
func (s *Service) hold(ctx context.Context, acks net.Listener) error {
	s.deps.Logger.WarnContext(ctx, "nobody is paged and no mails are taken (--hold)")
	if err := s.roster.load(ctx); err != nil {
		return errors.Join(err, acks.Close())
	}
	g := lifecycle.NewGroup(ctx)
	g.Go("acknowledgement links", func(ctx context.Context) error { return acklink.Serve(ctx, acks, s.ack) })
	g.Go("roster", s.roster.run)
	return g.Wait()
}

func listen(ctx context.Context, given net.Listener, addr, flag string) (net.Listener, error) {
	if given != nil {
		return given, nil
	}
	return lifecycle.Listen(ctx, addr, flag)
}

// Checks are the conditions under which the mailbox should be sent mails.
func (s *Service) Checks() []lifecycle.Check {
	return []lifecycle.Check{
		{Name: "database", Do: s.deps.DB.Ping},
		{Name: "spool", Do: func(context.Context) error { return s.spool.Check() }},
		{Name: "people to page", Do: s.somebody, Note: s.roster.note},
	}
}

// somebody returns an error when there is nobody to page.
func (s *Service) somebody(ctx context.Context) error {
	staff, err := s.store.Staff(ctx)
	if err != nil {
		return err
	}
	for _, r := range staff {
		if len(r.Contacts) > 0 {
			return nil
		}
	}
	return errors.New("nobody: notification was never reached, and there is no --fallback-contact")
}
