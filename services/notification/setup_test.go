package notification_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/metric/noop"
	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The staff of every test. Ada and Ben are engineers, Eve supervises.
var (
	ada = &eventv1.DirectoryPerson{Id: "00000000-0000-7000-8000-0000000000a1", Name: "Ada Park", Email: "ada@altis.test", Staff: true, Role: "engineer"}
	ben = &eventv1.DirectoryPerson{Id: "00000000-0000-7000-8000-0000000000b1", Name: "Ben Ito", Email: "ben@altis.test", Staff: true, Role: "engineer"}
	cem = &eventv1.DirectoryPerson{Id: "00000000-0000-7000-8000-0000000000c1", Name: "Cem Aksoy", Email: "cem@altis.test", Staff: true, Role: "agent"}
	eve = &eventv1.DirectoryPerson{Id: "00000000-0000-7000-8000-0000000000e1", Name: "Eve Lund", Email: "eve@altis.test", Staff: true, Role: "supervisor"}
	mia = &eventv1.DirectoryPerson{Id: "00000000-0000-7000-8000-0000000000d1", Name: "Mia Sol", Email: "mia@shop.test", Organization: "shop", Role: "user", OrganizationWide: true}
)

// world is notification with a ticket service and an identity that only record and tell.
type world struct {
	t        testing.TB
	db       *sqldb.DB
	service  *notification.Service
	server   *rpc.Server
	ticket   *ticketFake
	identity *identityFake
	sink     eventv1.EventSinkServiceClient
	pages    notificationv1.PageServiceClient
	onCall   notificationv1.OnCallServiceClient
	mails    notificationv1.MailServiceClient
	notices  notificationv1.NoticeServiceClient
	drills   notificationv1.DrillServiceClient
	feeds    notificationv1.CalendarServiceClient
	signer   *auth.Signer
	ackURL   string
	mailAddr string        // takes mails
	outbox   *testkit.Sink // of worlds whose mails can be answered
	replies  *repliesFake
	dns      *zone
	logs     *testkit.Logs
	stop     func()
	now      func() time.Time // of the process
}

// onBoth runs the test with a world on each engine.
func onBoth(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, cfg sqldb.Config) {
		test(t, setup(t, cfg, notification.Config{}))
	}, notification.Migrations()...)
}

func setup(t testing.TB, dbConfig sqldb.Config, cfg notification.Config) *world {
	t.Helper()
	return setupBeside(t, dbConfig, cfg, nil)
}

// setupBeside is setup with an emergency mailbox.
func setupBeside(t testing.TB, dbConfig sqldb.Config, cfg notification.Config, mailbox *mailboxFake) *world {
	t.Helper()
	w := &world{
		t: t, ticket: &ticketFake{}, identity: &identityFake{}, replies: &repliesFake{}, dns: &zone{texts: map[string]string{}}, logs: &testkit.Logs{},
		now: time.Now,
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	w.signer, err = auth.NewSigner("test", private)
	require.NoError(t, err)
	w.identity.tell(&eventv1.DirectoryEvent{Entity: &eventv1.DirectoryEvent_Key{Key: &eventv1.DirectoryKey{
		Id: "test", PublicKey: public, NotBefore: timestamppb.New(time.Now().Add(-time.Hour)), NotAfter: timestamppb.New(time.Now().Add(time.Hour)),
	}}})
	for _, p := range []*eventv1.DirectoryPerson{ada, ben, cem, eve, mia} {
		w.identity.person(p)
	}
	w.start(dbConfig, cfg, mailbox)
	return w
}

// replica returns another process of the same service, whose clock is off.
func (w *world) replica(dbConfig sqldb.Config, cfg notification.Config, off time.Duration) *world {
	w.t.Helper()
	r := &world{
		t: w.t, ticket: w.ticket, identity: w.identity, replies: w.replies, dns: w.dns, logs: w.logs, signer: w.signer,
		now: func() time.Time { return time.Now().Add(off) },
	}
	r.start(dbConfig, cfg, nil)
	return r
}

// start starts the process.
func (w *world) start(dbConfig sqldb.Config, cfg notification.Config, mailbox *mailboxFake) {
	t := w.t
	t.Helper()
	logger := slog.New(slog.NewTextHandler(io.MultiWriter(t.Output(), w.logs), &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	w.db, err = sqldb.Open(t.Context(), dbConfig)
	require.NoError(t, err)
	require.NoError(t, w.db.Migrate(t.Context(), notification.Migrations()...))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w.ackURL = "http://" + listener.Addr().String()

	cfg.AckBaseURL, cfg.AllowPrivateWebhooks = w.ackURL, true
	cfg.DashboardURL, cfg.MailFrom, cfg.EmergencyAddress = "https://desk.test", "support@desk.test", "emergency@desk.test"
	if cfg.SMTPAddr == "" && cfg.OutboxDir == "" {
		cfg.OutboxDir = t.TempDir()
	}
	deps := notification.Deps{
		DB: w.db, Identity: serve(t, logger, func(s *rpc.Server) { identityv1.RegisterDirectoryServiceServer(s, w.identity) }),
		Ticket: serve(t, logger, func(s *rpc.Server) {
			eventv1.RegisterEventSinkServiceServer(s, w.ticket)
			ticketv1.RegisterMailReplyServiceServer(s, w.replies)
		}),
		Logger: logger, Meter: noop.Meter{}, AckListener: listener, DNS: w.dns, Now: w.now,
	}
	if cfg.MailListen != "" {
		deps.MailListener, err = net.Listen("tcp", cfg.MailListen)
		require.NoError(t, err)
		w.mailAddr = deps.MailListener.Addr().String()
	}
	if mailbox != nil {
		deps.Emergency = serve(t, logger, func(s *rpc.Server) { notificationv1.RegisterEmergencyPageServiceServer(s, mailbox) })
	}
	w.service, err = notification.New(cfg, deps)
	require.NoError(t, err)
	w.server = rpc.NewServer(rpc.ServerOptions{Verifier: w.service.Verifier(), Logger: logger})
	w.service.Register(w.server)
	eventv1.RegisterEventSinkServiceServer(w.server, w.service.Sink())
	require.NoError(t, w.server.Start())
	w.sink = eventv1.NewEventSinkServiceClient(w.server.InProcess("ticket"))
	gateway := w.server.InProcess("gateway")
	w.pages = notificationv1.NewPageServiceClient(gateway)
	w.onCall = notificationv1.NewOnCallServiceClient(gateway)
	w.mails = notificationv1.NewMailServiceClient(gateway)
	w.notices = notificationv1.NewNoticeServiceClient(gateway)
	w.drills = notificationv1.NewDrillServiceClient(gateway)
	w.feeds = notificationv1.NewCalendarServiceClient(gateway)

	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.service.Run(ctx) }()
	w.stop = sync.OnceFunc(func() {
		cancel()
		require.NoError(t, <-done)
		require.NoError(t, w.db.Close())
		require.NotContains(t, w.logs.String(), "@", "a log names people by their ids")
	})
	t.Cleanup(w.stop)
	testkit.Eventually(t, func() bool {
		_, err := w.onCall.ListSchedules(w.as(eve), &notificationv1.ListSchedulesRequest{})
		return err == nil
	}, "the directory is not read")
}

// serve starts a server for one peer and returns notification's connection to it.
func serve(t testing.TB, logger *slog.Logger, register func(*rpc.Server)) grpc.ClientConnInterface {
	t.Helper()
	s := rpc.NewServer(rpc.ServerOptions{Logger: logger})
	register(s)
	require.NoError(t, s.Start())
	return s.InProcess("notification")
}

// as returns a context of calls by a person.
func (w *world) as(p *eventv1.DirectoryPerson) context.Context {
	w.t.Helper()
	token, err := w.signer.Sign(auth.User{
		ID: p.GetId(), Staff: p.GetStaff(), Organization: p.GetOrganization(), Role: auth.Role(p.GetRole()), SessionID: "login", TokenID: "t",
		IssuedAt: w.now().Add(-time.Second), ExpiresAt: w.now().Add(5 * time.Minute),
	})
	require.NoError(w.t, err)
	return rpc.WithToken(w.t.Context(), token)
}

// contact gives a person a webhook that is verified, and returns it with its secret.
func (w *world) contact(p *eventv1.DirectoryPerson, url string) *notificationv1.Contact {
	w.t.Helper()
	c, err := w.service.AddVerifiedContact(w.t.Context(), &notificationv1.Contact{
		Person: p.GetId(), Channel: notificationv1.Contact_CHANNEL_WEBHOOK, Address: url,
	})
	require.NoError(w.t, err)
	return c
}

// mailContact gives a person an e-mail contact that is verified.
func (w *world) mailContact(p *eventv1.DirectoryPerson) {
	w.t.Helper()
	_, err := w.service.AddVerifiedContact(w.t.Context(), &notificationv1.Contact{
		Person: p.GetId(), Channel: notificationv1.Contact_CHANNEL_EMAIL, Address: p.GetEmail(),
	})
	require.NoError(w.t, err)
}

func person(p *eventv1.DirectoryPerson) string { return "person:" + p.GetId() }

func step(timeout time.Duration, targets ...string) *notificationv1.EscalationStep {
	return &notificationv1.EscalationStep{Targets: targets, Timeout: durationpb.New(timeout)}
}

func (w *world) policy(p *notificationv1.EscalationPolicy) {
	w.t.Helper()
	p.Id = "default"
	_, err := w.onCall.UpdateEscalationPolicy(w.as(eve), &notificationv1.UpdateEscalationPolicyRequest{
		EscalationPolicy: p, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"*"}}, AllowMissing: true,
	})
	require.NoError(w.t, err)
}

// deliver hands an event of the ticket service to notification and returns its verdict.
func (w *world) deliver(sequence int64, e *eventv1.TicketEvent) eventv1.Outcome_Verdict {
	w.t.Helper()
	return w.deliverAged(sequence, 0, e)
}

// deliverAged is deliver for an event of an age.
func (w *world) deliverAged(sequence int64, age time.Duration, e *eventv1.TicketEvent) eventv1.Outcome_Verdict {
	w.t.Helper()
	e.Ticket.Sequence = sequence
	res, err := w.sink.Deliver(w.t.Context(), &eventv1.DeliverRequest{Events: []*eventv1.Event{{
		Id: fmt.Sprintf("%d-%d", e.GetTicket().GetNumber(), sequence), Source: "ticket", Aggregate: fmt.Sprint(e.GetTicket().GetNumber()),
		Sequence: sequence, OccurTime: timestamppb.New(time.Now().Add(-age)), Payload: &eventv1.Event_Ticket{Ticket: e},
	}}})
	require.NoError(w.t, err)
	return res.GetOutcomes()[0].GetVerdict()
}

// urgent delivers the creation of an urgent incident.
func (w *world) urgent(number, sequence int64) {
	w.t.Helper()
	require.Equal(w.t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(sequence, urgentEvent(number)))
}

func (w *world) page(id string) *notificationv1.Page {
	w.t.Helper()
	p, err := w.pages.GetPage(w.as(cem), &notificationv1.GetPageRequest{Page: id})
	require.NoError(w.t, err)
	return p
}

// onlyPage returns the only page of a ticket.
func (w *world) onlyPage(ticket int64) *notificationv1.Page {
	w.t.Helper()
	res, err := w.pages.ListPages(w.as(cem), &notificationv1.ListPagesRequest{Ticket: ticket})
	require.NoError(w.t, err)
	require.Len(w.t, res.GetPages(), 1)
	return w.page(res.GetPages()[0].GetId())
}

func snapshot(number int64) *eventv1.TicketSnapshot {
	return &eventv1.TicketSnapshot{
		Number: number, Id: fmt.Sprint("ticket-", number), Organization: "shop", OrganizationName: "Shop GmbH", Plan: "premium",
		Type: ticketv1.TicketType_TICKET_TYPE_INCIDENT, Priority: ticketv1.Priority_PRIORITY_URGENT, Status: ticketv1.TicketStatus_TICKET_STATUS_NEW,
		Subject: "checkout returns 502", Verified: true,
		Scope: &ticketv1.Scope{Targets: []*ticketv1.ScopeTarget{{
			Application: "app-1", Environment: "env-1", ApplicationName: "shop", EnvironmentName: "production",
		}}},
		Requester: &ticketv1.Person{Id: mia.GetId(), Name: mia.GetName(), Email: mia.GetEmail()},
		Ccs:       []*ticketv1.Person{{Name: "Noa", Email: "noa@shop.test"}},
		Incident: &ticketv1.IncidentDetails{
			SinceTime: timestamppb.New(time.Date(2026, 11, 24, 2, 5, 0, 0, time.UTC)), Impact: "nobody can pay", CallbackNumber: "+49 30 1234",
		},
		Excerpt: "Every checkout ends with 502.", CreateTime: timestamppb.Now(),
	}
}

func urgentEvent(number int64) *eventv1.TicketEvent {
	s := snapshot(number)
	return &eventv1.TicketEvent{
		Ticket: s, Actor: s.GetRequester(), BecameUrgent: true,
		Change: &eventv1.TicketEvent_Created{Created: &eventv1.TicketCreated{Message: &eventv1.PublicMessage{
			Id: fmt.Sprint("message-", number), Author: s.GetRequester(), Body: "Every checkout ends with **502**.", CreateTime: timestamppb.Now(),
		}}},
	}
}

// ticketFake records what notification tells.
type ticketFake struct {
	eventv1.UnimplementedEventSinkServiceServer
	mu     sync.Mutex
	events []*eventv1.Event
}

func (f *ticketFake) Deliver(_ context.Context, req *eventv1.DeliverRequest) (*eventv1.DeliverResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	res := &eventv1.DeliverResponse{}
	for _, e := range req.GetEvents() {
		f.events = append(f.events, e)
		res.Outcomes = append(res.Outcomes, &eventv1.Outcome{Event: e.GetId(), Verdict: eventv1.Outcome_VERDICT_APPLIED})
	}
	return res, nil
}

// told returns the page events, in the order of their sequence, as short text.
func (f *ticketFake) told(page string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	bySequence := map[int64]*eventv1.PageEvent{}
	var last int64
	for _, e := range f.events {
		if e.GetAggregate() == page {
			bySequence[e.GetSequence()] = e.GetPage()
			last = max(last, e.GetSequence())
		}
	}
	var out []string
	for i := int64(1); i <= last; i++ {
		e, ok := bySequence[i]
		if !ok {
			return nil // one is still on its way
		}
		text := e.GetKind().String()[len("KIND_"):]
		for _, p := range e.GetPeople() {
			text += " " + p.GetName()
		}
		out = append(out, text)
	}
	return out
}

// identityFake tells what is in the directory.
type identityFake struct {
	identityv1.UnimplementedDirectoryServiceServer
	mu      sync.Mutex
	changes []*eventv1.DirectoryEvent
}

func (f *identityFake) tell(e *eventv1.DirectoryEvent) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e.Version = int64(len(f.changes) + 1)
	f.changes = append(f.changes, e)
}

func (f *identityFake) person(p *eventv1.DirectoryPerson) {
	f.tell(&eventv1.DirectoryEvent{Entity: &eventv1.DirectoryEvent_Person{Person: p}})
}

func (f *identityFake) ListChanges(_ context.Context, req *identityv1.ListChangesRequest) (*identityv1.ListChangesResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	res := &identityv1.ListChangesResponse{}
	for _, e := range f.changes {
		if e.GetVersion() > req.GetAfterVersion() {
			res.Changes = append(res.Changes, e)
		}
	}
	return res, nil
}

func (f *identityFake) last() *eventv1.DirectoryEvent {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changes[len(f.changes)-1]
}
