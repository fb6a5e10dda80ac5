package triage_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/metric/noop"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/config"
	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	triagev1 "altis-dxp.com/support/proto/gen/go/altis/support/triage/v1"
	"altis-dxp.com/support/services/triage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// created is when the tickets of the tests were made.
var created = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// suite is triage between an identity and a ticket service that the test plays, all connected as in one process.
type suite struct {
	t        *testing.T
	identity *identityPeer
	ticket   *ticketPeer
	triage   triagev1.TriageServiceClient
	server   *rpc.Server
	signer   *auth.Signer
	now      time.Time // of the calls
}

func forEachEngine(t *testing.T, test func(t *testing.T, s *suite)) {
	testkit.Databases(t, "triage", func(t *testing.T, cfg sqldb.Config) { test(t, newSuite(t, cfg)) }, triage.Migrations()...)
}

func newSuite(t *testing.T, database sqldb.Config) *suite {
	logger := slog.New(slog.DiscardHandler)
	s := &suite{t: t, ticket: &ticketPeer{}, now: time.Now().UTC().Truncate(time.Microsecond)}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	s.signer, err = auth.NewSigner("key", private)
	require.NoError(t, err)
	s.identity = &identityPeer{changes: acme(public)}

	db, err := sqldb.Open(t.Context(), database)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	require.NoError(t, db.Migrate(t.Context(), triage.Migrations()...))

	identity, ticket := rpc.NewServer(rpc.ServerOptions{Logger: logger}), rpc.NewServer(rpc.ServerOptions{Logger: logger})
	identityv1.RegisterDirectoryServiceServer(identity, s.identity)
	eventv1.RegisterEventSinkServiceServer(ticket, s.ticket)
	var cfg triage.Config
	require.NoError(t, config.Parse("triaged", "Tests.", &cfg, nil))
	service, err := triage.New(cfg, triage.Deps{
		DB: db, Identity: identity.InProcess("triage"), Ticket: ticket.InProcess("triage"),
		Logger: logger, Meter: noop.Meter{}, Now: func() time.Time { return s.now },
	})
	require.NoError(t, err)
	s.server = rpc.NewServer(rpc.ServerOptions{Verifier: service.Verifier(), Logger: logger})
	service.Register(s.server)
	eventv1.RegisterEventSinkServiceServer(s.server, service.Sink())
	for _, server := range []*rpc.Server{identity, ticket, s.server} {
		require.NoError(t, server.Start())
	}
	s.triage = triagev1.NewTriageServiceClient(s.server.InProcess("gateway"))

	ctx, cancel := context.WithCancel(context.Background()) //nolint:usetesting // t.Context ends before the cleanups
	group := lifecycle.NewGroup(ctx)
	group.Go("triage", service.Run)
	t.Cleanup(func() {
		cancel()
		require.NoError(t, group.Wait())
	})
	testkit.Eventually(t, func() bool {
		_, err := s.triage.ListSlaPolicies(s.staff(t.Context()), &triagev1.ListSlaPoliciesRequest{})
		return err == nil
	}, "the directory is read")
	return s
}

// acme is a premium customer with an application of two environments.
func acme(public ed25519.PublicKey) []*eventv1.DirectoryEvent {
	return []*eventv1.DirectoryEvent{
		{Version: 1, Entity: &eventv1.DirectoryEvent_Key{Key: &eventv1.DirectoryKey{Id: "key", PublicKey: public}}},
		{Version: 2, Entity: &eventv1.DirectoryEvent_Organization{Organization: &eventv1.DirectoryOrganization{Id: "acme", Plan: "premium"}}},
		{Version: 3, Entity: &eventv1.DirectoryEvent_Application{Application: &eventv1.DirectoryApplication{Id: "shop", Organization: "acme", Name: "Shop"}}},
		{Version: 4, Entity: &eventv1.DirectoryEvent_Environment{Environment: &eventv1.DirectoryEnvironment{
			Id: "live", Application: "shop", Organization: "acme", Name: "live", Kind: "production",
		}}},
		{Version: 5, Entity: &eventv1.DirectoryEvent_Environment{Environment: &eventv1.DirectoryEnvironment{
			Id: "try", Application: "shop", Organization: "acme", Name: "try", Kind: "staging",
		}}},
	}
}

func (s *suite) member(ctx context.Context) context.Context {
	return s.as(ctx, auth.User{ID: "ada", Organization: "acme", Role: auth.RoleUser})
}

func (s *suite) staff(ctx context.Context) context.Context {
	return s.as(ctx, auth.User{ID: "zoe", Staff: true, Role: auth.RoleAgent})
}

func (s *suite) as(ctx context.Context, user auth.User) context.Context {
	user.IssuedAt, user.ExpiresAt = s.now, s.now.Add(auth.MaxLifetime)
	token, err := s.signer.Sign(user)
	require.NoError(s.t, err)
	return rpc.WithToken(ctx, token)
}

// deliver sends events to triage as the ticket service does and returns the verdicts.
func (s *suite) deliver(list ...*eventv1.Event) (verdicts []eventv1.Outcome_Verdict) {
	response, err := eventv1.NewEventSinkServiceClient(s.server.InProcess("ticket")).
		Deliver(s.t.Context(), &eventv1.DeliverRequest{Events: list})
	require.NoError(s.t, err)
	for _, outcome := range response.GetOutcomes() {
		verdicts = append(verdicts, outcome.GetVerdict())
	}
	return verdicts
}

// createdEvent is a ticket's first event, of a problem of acme's unless change says otherwise.
func createdEvent(number int64, change func(*eventv1.TicketEvent)) *eventv1.Event {
	return ticketEvent(number, 1, func(e *eventv1.TicketEvent) {
		e.Change = &eventv1.TicketEvent_Created{Created: &eventv1.TicketCreated{}}
		if change != nil {
			change(e)
		}
	})
}

func ticketEvent(number, sequence int64, change func(*eventv1.TicketEvent)) *eventv1.Event {
	payload := &eventv1.TicketEvent{
		Ticket: &eventv1.TicketSnapshot{
			Number: number, Sequence: sequence, Organization: "acme", Plan: "standard",
			Type: ticketv1.TicketType_TICKET_TYPE_PROBLEM, Priority: ticketv1.Priority_PRIORITY_NORMAL,
			Subject: "Search is odd", CreateTime: timestamppb.New(created),
		},
		Change: &eventv1.TicketEvent_Replied{Replied: &eventv1.TicketReplied{}},
	}
	change(payload)
	return &eventv1.Event{
		Id: fmt.Sprintf("%d.%d", number, sequence), Source: "ticket", Aggregate: fmt.Sprint(number), Sequence: sequence,
		Payload: &eventv1.Event_Ticket{Ticket: payload},
	}
}

// identityPeer publishes the directory.
type identityPeer struct {
	identityv1.UnimplementedDirectoryServiceServer
	mu      sync.Mutex
	changes []*eventv1.DirectoryEvent
}

func (p *identityPeer) publish(change *eventv1.DirectoryEvent) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changes = append(p.changes, change)
}

func (p *identityPeer) ListChanges(_ context.Context, req *identityv1.ListChangesRequest) (*identityv1.ListChangesResponse, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	response := &identityv1.ListChangesResponse{}
	for _, change := range p.changes {
		if change.GetVersion() > req.GetAfterVersion() {
			response.Changes = append(response.Changes, change)
		}
	}
	return response, nil
}

// ticketPeer takes triage's answers.
type ticketPeer struct {
	eventv1.UnimplementedEventSinkServiceServer
	mu      sync.Mutex
	away    bool
	refused int
	events  []*eventv1.Event
}

func (p *ticketPeer) setAway(away bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = away
}

func (p *ticketPeer) refusals() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refused
}

func (p *ticketPeer) Deliver(_ context.Context, req *eventv1.DeliverRequest) (*eventv1.DeliverResponse, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.away {
		p.refused++
		return nil, errors.New("away")
	}
	response := &eventv1.DeliverResponse{}
	for _, event := range req.GetEvents() {
		p.events = append(p.events, event)
		response.Outcomes = append(response.Outcomes, &eventv1.Outcome{Event: event.GetId(), Verdict: eventv1.Outcome_VERDICT_APPLIED})
	}
	return response, nil
}

// answers waits for n distinct answers about a ticket and returns them by their sequence.
func (p *ticketPeer) answers(t *testing.T, number int64, n int) (list []*eventv1.Event) {
	t.Helper()
	testkit.Eventually(t, func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		byID := map[string]*eventv1.Event{}
		for _, event := range p.events {
			if event.GetTriage().GetTicket() == number {
				byID[event.GetId()] = event
			}
		}
		list = list[:0]
		for _, event := range byID {
			list = append(list, event)
		}
		slices.SortFunc(list, func(a, b *eventv1.Event) int { return int(a.GetSequence() - b.GetSequence()) })
		return len(list) >= n
	}, "%d answers about ticket %d", n, number)
	require.Len(t, list, n)
	return list
}
