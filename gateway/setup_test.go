package gateway

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/pkg/testkit"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	triagev1 "altis-dxp.com/support/proto/gen/go/altis/support/triage/v1"
)

func TestMain(m *testing.M) {
	otel.SetTextMapPropagator(propagation.TraceContext{}) // as telemetry.Setup does
	goleak.VerifyTestMain(m)
}

var discard = slog.New(slog.DiscardHandler)

const (
	email    = "ada@example.com"
	password = "correct horse battery"
)

// fakeIdentity knows one person and signs real access tokens.
type fakeIdentity struct {
	identityv1.UnimplementedAuthServiceServer
	identityv1.UnimplementedAccountServiceServer
	identityv1.UnimplementedDirectoryServiceServer
	clock     *testkit.Clock
	key       auth.Key
	signer    *auth.Signer
	life      atomic.Int64 // of access tokens, in seconds
	exchanges atomic.Int64
	sessions  atomic.Int64 // number of the newest session; others have ended
	away      atomic.Bool
	revoked   atomic.Pointer[time.Time]
	gate      atomic.Pointer[chan struct{}] // if set, exchanges wait for it
}

func newFakeIdentity(t testing.TB, clock *testkit.Clock) *fakeIdentity {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	signer, err := auth.NewSigner("key", private)
	require.NoError(t, err)
	f := &fakeIdentity{clock: clock, signer: signer, key: auth.Key{ID: "key", Public: public, NotBefore: clock.Now().Add(-time.Hour)}}
	f.life.Store(600)
	return f
}

func (f *fakeIdentity) Keys(context.Context) ([]auth.Key, error) { return []auth.Key{f.key}, nil }

func (f *fakeIdentity) Revocations(context.Context, time.Time) ([]auth.Revocation, error) {
	if at := f.revoked.Load(); at != nil {
		return []auth.Revocation{{Subject: "ada", IssuedBefore: *at}}, nil
	}
	return nil, nil
}

func (f *fakeIdentity) IdentityReachedAt() time.Time { return f.clock.Now() }

func (f *fakeIdentity) Login(_ context.Context, req *identityv1.LoginRequest) (*identityv1.LoginResponse, error) {
	if req.GetEmail() != email || req.GetPassword() != password {
		return nil, fault.New(fault.Unauthenticated, "CREDENTIALS_INVALID", "the address or the password is wrong")
	}
	secret := fmt.Sprintf("session_%d", f.sessions.Add(1))
	return &identityv1.LoginResponse{SessionToken: secret, Person: "ada", ExpireTime: timestamppb.New(f.clock.Now().Add(time.Hour))}, nil
}

func (f *fakeIdentity) Logout(context.Context, *identityv1.LogoutRequest) (*emptypb.Empty, error) {
	f.sessions.Add(1)
	return &emptypb.Empty{}, nil
}

func (f *fakeIdentity) ExchangeToken(ctx context.Context, req *identityv1.ExchangeTokenRequest) (*identityv1.ExchangeTokenResponse, error) {
	f.exchanges.Add(1)
	if gate := f.gate.Load(); gate != nil {
		select {
		case <-*gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if f.away.Load() {
		return nil, fault.New(fault.Unavailable, "DOWN", "down")
	}
	if req.GetToken() != "altis_good" && req.GetToken() != fmt.Sprintf("session_%d", f.sessions.Load()) {
		return nil, fault.New(fault.Unauthenticated, "CREDENTIAL_INVALID", "ended")
	}
	life := time.Duration(f.life.Load()) * time.Second
	return &identityv1.ExchangeTokenResponse{AccessToken: f.token(life), Lifetime: durationpb.New(life)}, nil
}

func (f *fakeIdentity) token(life time.Duration) string { return f.tokenOf("ada", life) }

func (f *fakeIdentity) tokenOf(person string, life time.Duration) string {
	now := f.clock.Now()
	token, err := f.signer.Sign(auth.User{ID: person, Organization: "acme", Role: auth.RoleUser, SessionID: "s", IssuedAt: now, ExpiresAt: now.Add(life)})
	if err != nil {
		panic(err)
	}
	return token
}

func (f *fakeIdentity) Jwks(context.Context, *identityv1.JwksRequest) (*identityv1.JwksResponse, error) {
	return &identityv1.JwksResponse{Keys: []*identityv1.Jwk{{Kid: "key"}}}, nil
}

func (f *fakeIdentity) GetSelf(ctx context.Context, _ *identityv1.GetSelfRequest) (*identityv1.Self, error) {
	return &identityv1.Self{Person: &identityv1.Self_Member{Member: &identityv1.Member{Id: auth.FromContext(ctx).User.ID}}}, nil
}

// fakeTicket answers what each test says.
type fakeTicket struct {
	ticketv1.UnimplementedTicketServiceServer
	create atomic.Pointer[func(*ticketv1.CreateTicketRequest) (*ticketv1.Ticket, error)]
	update atomic.Pointer[ticketv1.UpdateTicketRequest]
	list   atomic.Pointer[ticketv1.ListTicketsRequest]
	page   atomic.Pointer[ticketv1.ListTicketsResponse] // if set, what lists answer
	watch  atomic.Pointer[func(*ticketv1.WatchTicketsRequest, ticketv1.TicketService_WatchTicketsServer) error]
}

func (f *fakeTicket) CreateTicket(_ context.Context, req *ticketv1.CreateTicketRequest) (*ticketv1.Ticket, error) {
	if create := f.create.Load(); create != nil {
		return (*create)(req)
	}
	return req.GetTicket(), nil
}

func (f *fakeTicket) GetTicket(_ context.Context, req *ticketv1.GetTicketRequest) (*ticketv1.Ticket, error) {
	if req.GetTicket() == 404 {
		return nil, fault.New(fault.NotFound, "TICKET_NOT_FOUND", "there is no such ticket")
	}
	return &ticketv1.Ticket{Number: req.GetTicket(), Subject: "checkout"}, nil
}

func (f *fakeTicket) ListTickets(_ context.Context, req *ticketv1.ListTicketsRequest) (*ticketv1.ListTicketsResponse, error) {
	f.list.Store(req)
	if page := f.page.Load(); page != nil {
		return page, nil
	}
	if req.GetPageToken() != "" {
		return nil, fault.New(fault.Invalid, "PAGE_TOKEN_INVALID", "page token is malformed")
	}
	return &ticketv1.ListTicketsResponse{}, nil
}

func (f *fakeTicket) UpdateTicket(_ context.Context, req *ticketv1.UpdateTicketRequest) (*ticketv1.Ticket, error) {
	f.update.Store(req)
	return req.GetTicket(), nil
}

func (f *fakeTicket) ReplyToTicket(_ context.Context, req *ticketv1.ReplyToTicketRequest) (*ticketv1.ReplyToTicketResponse, error) {
	return &ticketv1.ReplyToTicketResponse{Message: &ticketv1.Message{Id: req.GetRequestId(), Body: req.GetBody()}}, nil
}

func (f *fakeTicket) SolveTicket(_ context.Context, req *ticketv1.SolveTicketRequest) (*ticketv1.Ticket, error) {
	switch req.GetEtag() {
	case "limit":
		return nil, &fault.Error{Kind: fault.Exhausted, Reason: "QUOTA", Msg: "slower", RetryAfter: 1500 * time.Millisecond}
	case "bug":
		return nil, fmt.Errorf("dial tcp: password=hunter2")
	case "panic":
		panic("boom")
	}
	return nil, fault.New(fault.Conflict, "ETAG_MISMATCH", "the ticket has changed").With("etag", "7")
}

func (f *fakeTicket) MergeTicket(_ context.Context, req *ticketv1.MergeTicketRequest) (*ticketv1.Ticket, error) {
	if req.GetInto() == 9 {
		return nil, fault.New(fault.Precondition, "INTO_MERGED", "#9 was merged into #8: merge into that one").With("ticket", "8")
	}
	return &ticketv1.Ticket{Number: req.GetTicket(), MergedInto: req.GetInto(), Subject: req.GetRequestId(), Etag: req.GetEtag()}, nil
}

func (f *fakeTicket) WatchTickets(req *ticketv1.WatchTicketsRequest, stream ticketv1.TicketService_WatchTicketsServer) error {
	return (*f.watch.Load())(req, stream)
}

// world is a gateway that listens, and the services behind it.
type world struct {
	t        testing.TB
	clock    *testkit.Clock
	identity *fakeIdentity
	ticket   *fakeTicket
	files    *fakeFiles
	copies   *fakeCopies
	gateway  *Gateway
	url      string
	client   *http.Client
	stop     func() error

	calendars calendarFake
}

func setup(t testing.TB, configure ...func(*Config)) *world {
	t.Helper()
	w := &world{t: t, clock: testkit.NewClock(time.Now().Truncate(time.Microsecond)), ticket: &fakeTicket{}, files: &fakeFiles{}, copies: &fakeCopies{}}
	w.identity = newFakeIdentity(t, w.clock)
	verifier := auth.NewVerifier(w.identity, w.clock.Now, discard)
	ctx, cancel := context.WithCancel(context.Background()) //nolint:usetesting // ends in a cleanup, after t.Context
	verified := make(chan error, 1)
	go func() { verified <- verifier.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-verified)
	})

	identity := rpc.NewServer(rpc.ServerOptions{Verifier: verifier, Logger: discard})
	identityv1.RegisterAuthServiceServer(identity, w.identity)
	identityv1.RegisterAccountServiceServer(identity, w.identity)
	identityv1.RegisterDirectoryServiceServer(identity, w.identity)
	ticket := rpc.NewServer(rpc.ServerOptions{Verifier: verifier, Logger: discard})
	ticketv1.RegisterTicketServiceServer(ticket, w.ticket)
	ticketv1.RegisterAttachmentServiceServer(ticket, w.files)
	rest := rpc.NewServer(rpc.ServerOptions{Verifier: verifier, Logger: discard})
	triagev1.RegisterTriageServiceServer(rest, triagev1.UnimplementedTriageServiceServer{})
	notificationv1.RegisterPageServiceServer(rest, notificationv1.UnimplementedPageServiceServer{})
	notificationv1.RegisterMailServiceServer(rest, w.copies)
	notificationv1.RegisterCalendarServiceServer(rest, &w.calendars)
	for _, s := range []*rpc.Server{identity, ticket, rest} {
		require.NoError(t, s.Start())
	}
	cfg := Config{}
	for _, c := range configure {
		c(&cfg)
	}
	var err error
	w.gateway, err = New(cfg, Deps{
		Identity: identity.InProcess("gateway"), Ticket: ticket.InProcess("gateway"),
		Triage: rest.InProcess("gateway"), Notification: rest.InProcess("gateway"), Logger: discard, Now: w.clock.Now,
	})
	require.NoError(t, err)
	w.serve()
	return w
}

func (w *world) serve() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(w.t, err)
	w.url = "http://" + listener.Addr().String()
	w.client = &http.Client{Transport: &http.Transport{}}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- w.gateway.Serve(ctx, listener, w.gateway.Handler()) }()
	w.stop = func() error {
		cancel()
		select {
		case err := <-served:
			served <- err
			return err
		case <-time.After(15 * time.Second):
			return fmt.Errorf("Serve does not return")
		}
	}
	w.t.Cleanup(func() {
		w.client.CloseIdleConnections()
		require.NoError(w.t, w.stop())
	})
}

// answer is a response that was read.
type answer struct {
	*http.Response
	body    string
	problem problem
}

type edit func(*http.Request)

func header(name, value string) edit { return func(r *http.Request) { r.Header.Set(name, value) } }

func bearer(token string) edit { return header("Authorization", "Bearer "+token) }

// call makes a request as ada, by an API token, unless an edit says otherwise.
func (w *world) call(method, path, body string, edits ...edit) answer {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, strings.NewReader(body))
	require.NoError(w.t, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return w.do(r, edits...)
}

// do makes a request as ada, likewise.
func (w *world) do(r *http.Request, edits ...edit) answer {
	w.t.Helper()
	bearer("altis_good")(r)
	for _, e := range edits {
		e(r)
	}
	resp, err := w.client.Do(r)
	require.NoError(w.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(w.t, err)
	a := answer{Response: resp, body: string(text)}
	if resp.StatusCode >= 400 {
		require.Equal(w.t, "application/problem+json", resp.Header.Get("Content-Type"), a.body)
		require.NoError(w.t, json.Unmarshal(text, &a.problem), a.body)
		require.Equal(w.t, resp.StatusCode, a.problem.Status)
		require.Equal(w.t, "about:blank", a.problem.Type)
		require.Equal(w.t, http.StatusText(resp.StatusCode), a.problem.Title)
		require.NotEmpty(w.t, a.problem.Reason)
		require.NotEmpty(w.t, a.problem.Detail)
	}
	require.Equal(w.t, "nosniff", resp.Header.Get("X-Content-Type-Options"))
	return a
}

func anonymous(r *http.Request) { r.Header.Del("Authorization") }
