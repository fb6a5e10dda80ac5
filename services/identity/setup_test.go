package identity_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/metric/noop"
	"go.uber.org/goleak"
	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/directory"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/events"
	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	"altis-dxp.com/support/services/identity"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const password = "correct horse battery"

// fixture is identity running in process, with a service that it tells its changes to.
type fixture struct {
	t       *testing.T
	clock   *testkit.Clock
	service *identity.Service
	server  *rpc.Server
	db      *sqldb.DB
	peer    *peer

	auth      identityv1.AuthServiceClient
	account   identityv1.AccountServiceClient
	directory identityv1.DirectoryServiceClient
	root      context.Context // of a staff admin
}

type option func(*identity.Config)

func setup(t *testing.T, opts ...option) *fixture {
	t.Helper()
	clock := testkit.NewClock(time.Now().Truncate(time.Microsecond))
	db := testkit.Database(t, sqldb.SQLite, "identity", identity.Migrations()...)
	db.Clock = clock.Now
	return start(t, db, clock, opts...)
}

func start(t *testing.T, db sqldb.Config, clock *testkit.Clock, opts ...option) *fixture {
	t.Helper()
	f := &fixture{t: t, clock: clock, db: open(t, db, identity.Migrations()...)}
	f.peer = newPeer(t, f)
	cfg := identity.Config{PasswordMemoryKiB: 8, PasswordIterations: 1, LoginTries: 1000, LoginPeriod: time.Minute}
	for _, o := range opts {
		o(&cfg)
	}
	var err error
	f.service, err = identity.New(cfg, identity.Deps{
		DB: f.db, Ticket: f.peer.sink, Triage: f.peer.sink, Notification: f.peer.sink,
		Logger: slog.New(slog.DiscardHandler), Meter: noop.Meter{}, Now: clock.Now,
	})
	require.NoError(t, err)
	f.server = rpc.NewServer(rpc.ServerOptions{Verifier: f.service.Verifier(), Logger: slog.New(slog.DiscardHandler)})
	f.service.Register(f.server)
	require.NoError(t, f.server.Start())
	gateway := f.server.InProcess("gateway")
	f.auth, f.account, f.directory = identityv1.NewAuthServiceClient(gateway), identityv1.NewAccountServiceClient(gateway), identityv1.NewDirectoryServiceClient(gateway)
	f.peer.follow(f.server.InProcess("ticket"))

	run(t, f.service.Run, f.peer.run)
	_, err = f.service.Bootstrap(t.Context(), "Root", "root@example.com", password)
	require.NoError(t, err)
	f.root = f.login("root@example.com")
	return f
}

// run runs loops until the test ends.
func run(t *testing.T, loops ...func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background()) //nolint:usetesting // ends before t.Context's cleanups
	g := lifecycle.NewGroup(ctx)
	for _, loop := range loops {
		g.Go("loop", loop)
	}
	t.Cleanup(func() {
		cancel()
		require.NoError(t, g.Wait())
	})
}

func open(t *testing.T, cfg sqldb.Config, sets ...sqldb.Set) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	require.NoError(t, db.Migrate(t.Context(), sets...))
	return db
}

// login returns the context of calls made by a person, with an access token.
func (f *fixture) login(email string) context.Context {
	f.t.Helper()
	return f.exchange(f.session(email))
}

func (f *fixture) session(email string) string {
	f.t.Helper()
	resp, err := f.auth.Login(f.t.Context(), &identityv1.LoginRequest{Email: email, Password: password})
	require.NoError(f.t, err)
	return resp.GetSessionToken()
}

func (f *fixture) exchange(secret string) context.Context {
	f.t.Helper()
	resp, err := f.auth.ExchangeToken(f.t.Context(), &identityv1.ExchangeTokenRequest{Token: secret})
	require.NoError(f.t, err)
	return rpc.WithToken(f.t.Context(), resp.GetAccessToken())
}

func (f *fixture) organization(name string) *identityv1.Organization {
	f.t.Helper()
	o, err := f.directory.CreateOrganization(f.root, &identityv1.CreateOrganizationRequest{
		Organization: &identityv1.Organization{Name: name, Plan: "premium", MembersSeeAll: true},
	})
	require.NoError(f.t, err)
	return o
}

func (f *fixture) application(organization, name string) *identityv1.Application {
	f.t.Helper()
	a, err := f.directory.CreateApplication(f.root, &identityv1.CreateApplicationRequest{Application: &identityv1.Application{
		Organization: organization, Name: name,
		Environments: []*identityv1.Environment{{Name: "production", Kind: identityv1.Environment_KIND_PRODUCTION}},
	}})
	require.NoError(f.t, err)
	return a
}

func (f *fixture) member(organization, email string, role identityv1.MemberRole, applications ...string) *identityv1.Member {
	f.t.Helper()
	m, err := f.directory.CreateMember(f.root, &identityv1.CreateMemberRequest{Password: password, Member: &identityv1.Member{
		Organization: organization, Name: strings.Split(email, "@")[0], Email: email, Role: role, Applications: applications,
	}})
	require.NoError(f.t, err)
	return m
}

func (f *fixture) staff(email string, role identityv1.StaffRole) *identityv1.Staff {
	f.t.Helper()
	s, err := f.directory.CreateStaff(f.root, &identityv1.CreateStaffRequest{Password: password, Staff: &identityv1.Staff{
		Name: strings.Split(email, "@")[0], Email: email, Role: role,
	}})
	require.NoError(f.t, err)
	return s
}

// peer is another service: it applies identity's events to a read model and verifies access tokens by that.
type peer struct {
	db       *sqldb.DB
	queue    *durable.Queue
	sink     grpc.ClientConnInterface
	now      func() time.Time
	model    *directory.Model
	verifier *auth.Verifier
}

func newPeer(t *testing.T, f *fixture) *peer {
	t.Helper()
	sets := []sqldb.Set{durable.Migrations(), events.Migrations(), directory.Migrations()}
	db := open(t, testkit.Database(t, sqldb.SQLite, "peer", sets...), sets...)
	queue, err := durable.New(durable.Options{DB: db, Service: "ticket"})
	require.NoError(t, err)
	sink := events.NewSink(queue, func(ctx context.Context, tx *durable.Tx, ev *eventv1.Event) error {
		return directory.Apply(ctx, tx, ev.GetDirectory())
	}, slog.New(slog.DiscardHandler))
	server := rpc.NewServer(rpc.ServerOptions{Logger: slog.New(slog.DiscardHandler)})
	eventv1.RegisterEventSinkServiceServer(server, sink)
	require.NoError(t, server.Start())
	return &peer{db: db, queue: queue, sink: server.InProcess("identity"), now: f.clock.Now}
}

func (p *peer) follow(conn grpc.ClientConnInterface) {
	p.model = directory.New(p.db, identityv1.NewDirectoryServiceClient(conn), slog.New(slog.DiscardHandler))
	p.verifier = auth.NewVerifier(p.model, p.now, slog.New(slog.DiscardHandler))
}

func (p *peer) run(ctx context.Context) error {
	g := lifecycle.NewGroup(ctx)
	g.Go("queue", p.queue.Run)
	g.Go("model", p.model.Run)
	g.Go("verifier", p.verifier.Run)
	return g.Wait()
}
