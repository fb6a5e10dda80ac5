package ticket_test

import (
	"context"
	"crypto/ed25519"
	"log/slog"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/metric/noop"
	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/pkg/live"
	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket"
	"altis-dxp.com/support/services/ticket/internal/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// peers are the other services: an identity that knows the world of storetest, and
// sinks that keep what they are told.
type peers struct {
	eventv1.UnimplementedEventSinkServiceServer
	identityv1.UnimplementedDirectoryServiceServer

	changes []*eventv1.DirectoryEvent

	mu     sync.Mutex
	told   []*eventv1.Event
	refuse bool // ask to try again
}

func (p *peers) ListChanges(_ context.Context, req *identityv1.ListChangesRequest) (*identityv1.ListChangesResponse, error) {
	res := &identityv1.ListChangesResponse{}
	for _, c := range p.changes {
		if c.GetVersion() > req.GetAfterVersion() {
			res.Changes = append(res.Changes, c)
		}
	}
	return res, nil
}

func (p *peers) Deliver(_ context.Context, req *eventv1.DeliverRequest) (*eventv1.DeliverResponse, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	res := &eventv1.DeliverResponse{}
	for _, e := range req.GetEvents() {
		verdict := eventv1.Outcome_VERDICT_APPLIED
		if p.refuse {
			verdict = eventv1.Outcome_VERDICT_RETRY
		} else {
			p.told = append(p.told, proto.CloneOf(e))
		}
		res.Outcomes = append(res.Outcomes, &eventv1.Outcome{Event: e.GetId(), Verdict: verdict})
	}
	return res, nil
}

// of returns what was told of a ticket, by its sequence.
func (p *peers) of(number int64) map[int64]*eventv1.TicketEvent {
	p.mu.Lock()
	defer p.mu.Unlock()
	byNumber := map[int64]*eventv1.TicketEvent{}
	for _, e := range p.told {
		if e.GetAggregate() == strconv.FormatInt(number, 10) {
			byNumber[e.GetSequence()] = e.GetTicket()
		}
	}
	return byNumber
}

// handed returns what was told of a ticket that the mailbox pages about.
func (p *peers) handed(number int64) *eventv1.Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.told {
		if e.GetAggregate() == strconv.FormatInt(number, 10) && e.GetTicket().GetEmergencyPage() != "" {
			return e
		}
	}
	return nil
}

func (p *peers) setRefuse(refuse bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse = refuse
}

// fixture is the service in process.
type fixture struct {
	t            *testing.T
	db           *sqldb.DB
	signer       *auth.Signer
	server       *rpc.Server
	client       ticketv1.TicketServiceClient // through the gateway
	notification *peers
	triage       *peers
	mailbox      *mailbox // nil = there is none
}

// everyEngine runs a test on both.
func everyEngine(t *testing.T, test func(f *fixture)) {
	testkit.Databases(t, "ticket", func(t *testing.T, cfg sqldb.Config) { test(start(t, cfg)) }, ticket.Migrations()...)
}

func start(t *testing.T, cfg sqldb.Config) *fixture {
	t.Helper()
	f := &fixture{}
	f.start(t, cfg, ticket.Config{})
	return f
}

func (f *fixture) start(t *testing.T, cfg sqldb.Config, config ticket.Config) {
	t.Helper()
	db, err := sqldb.Open(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	require.NoError(t, db.Migrate(t.Context(), ticket.Migrations()...))
	f.t, f.db, f.notification, f.triage = t, db, &peers{}, &peers{}

	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	f.signer, err = auth.NewSigner("k1", private)
	require.NoError(t, err)
	identity := &peers{changes: append(storetest.World(t), &eventv1.DirectoryEvent{
		Entity: &eventv1.DirectoryEvent_Key{Key: &eventv1.DirectoryKey{Id: "k1", PublicKey: public}},
	})}
	for i, c := range identity.changes {
		c.Version = int64(i + 1)
	}

	hub := live.NewLocal()
	config.CloseAfter, config.AttachmentsURL = time.Hour, "file://"+t.TempDir()
	deps := ticket.Deps{
		DB:       db,
		Identity: peer(t, func(r grpc.ServiceRegistrar) { identityv1.RegisterDirectoryServiceServer(r, identity) }),
		Triage:   peer(t, func(r grpc.ServiceRegistrar) { eventv1.RegisterEventSinkServiceServer(r, f.triage) }),
		Notification: peer(t, func(r grpc.ServiceRegistrar) {
			eventv1.RegisterEventSinkServiceServer(r, f.notification)
		}),
		Hub: hub, Bell: hub, Logger: slog.New(slog.DiscardHandler), Meter: noop.Meter{},
	}
	if f.mailbox != nil {
		deps.Emergency = peer(t, func(r grpc.ServiceRegistrar) { notificationv1.RegisterEmergencyPageServiceServer(r, f.mailbox) })
	}
	service, err := ticket.New(config, deps)
	require.NoError(t, err)
	f.server = rpc.NewServer(rpc.ServerOptions{Verifier: service.Verifier(), Logger: slog.New(slog.DiscardHandler)})
	service.Register(f.server)
	eventv1.RegisterEventSinkServiceServer(f.server, service.Sink())
	require.NoError(t, f.server.Start())
	f.client = ticketv1.NewTicketServiceClient(f.server.InProcess("gateway"))

	ctx, cancel := context.WithCancel(context.Background()) //nolint:usetesting // ends before t.Context's cleanups
	g := lifecycle.NewGroup(ctx)
	g.Go("ticket", service.Run)
	t.Cleanup(func() {
		cancel()
		require.NoError(t, g.Wait())
	})
	testkit.Eventually(t, func() bool {
		_, err := f.client.ListTickets(f.as("sam"), &ticketv1.ListTicketsRequest{})
		return err == nil
	}, "the directory is read")
}

// peer returns the connection of ticket to another service.
func peer(t *testing.T, register func(grpc.ServiceRegistrar)) grpc.ClientConnInterface {
	s := rpc.NewServer(rpc.ServerOptions{Logger: slog.New(slog.DiscardHandler)})
	register(s)
	require.NoError(t, s.Start())
	return s.InProcess("ticket")
}

// as returns the context of a person's calls.
func (f *fixture) as(id string) context.Context {
	f.t.Helper()
	staff := id == "sam" || id == "eve"
	u := auth.User{
		ID: id, Staff: staff, Role: auth.RoleUser, Organization: "acme", SessionID: "s-" + id, TokenID: "t",
		IssuedAt: time.Now(), ExpiresAt: time.Now().Add(5 * time.Minute),
	}
	if staff {
		u.Role, u.Organization = auth.RoleAgent, ""
	}
	token, err := f.signer.Sign(u)
	require.NoError(f.t, err)
	return rpc.WithToken(f.t.Context(), token)
}

func question() *ticketv1.Ticket {
	return &ticketv1.Ticket{
		Type: ticketv1.TicketType_TICKET_TYPE_QUESTION, Subject: "How do I purge the cache?", Description: "The docs do not say.",
		Scope: &ticketv1.Scope{Targets: []*ticketv1.ScopeTarget{{Application: "shop"}}},
	}
}

func urgent() *ticketv1.Ticket {
	t := question()
	t.Type, t.Priority, t.Subject = ticketv1.TicketType_TICKET_TYPE_INCIDENT, ticketv1.Priority_PRIORITY_URGENT, "Checkout returns 502"
	return t
}

func (f *fixture) create(who string, t *ticketv1.Ticket) *ticketv1.Ticket {
	f.t.Helper()
	created, err := f.client.CreateTicket(f.as(who), &ticketv1.CreateTicketRequest{Ticket: t})
	require.NoError(f.t, err)
	return created
}

// deliver sends an event of another service and requires the verdict.
func (f *fixture) deliver(source string, e *eventv1.Event, want eventv1.Outcome_Verdict) {
	f.t.Helper()
	e.Source = source
	res, err := eventv1.NewEventSinkServiceClient(f.server.InProcess(source)).Deliver(f.t.Context(), &eventv1.DeliverRequest{Events: []*eventv1.Event{e}})
	require.NoError(f.t, err)
	require.Equal(f.t, want, res.GetOutcomes()[0].GetVerdict(), res.GetOutcomes()[0].GetReason())
}
