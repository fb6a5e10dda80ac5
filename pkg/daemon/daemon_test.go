package daemon_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/daemon"
	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// idle is a service that has nothing but its tasks.
type idle struct {
	queue *durable.Queue
}

func (s idle) Register(grpc.ServiceRegistrar) {}
func (s idle) Verifier() *auth.Verifier       { return nil }
func (s idle) Queue() *durable.Queue          { return s.queue }
func (s idle) Run(ctx context.Context) error  { return s.queue.Run(ctx) }
func build(_ context.Context, w *daemon.World) (daemon.Service, error) {
	queue, err := durable.New(durable.Options{DB: w.DB, Service: "idle", Logger: slog.New(slog.DiscardHandler)})
	return idle{queue}, err
}

// free returns an address that nobody listens on.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

// get returns the status, 0 when nobody answers, and the body.
func get(url string) (int, string) {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 5 * time.Second}
	res, err := client.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(text)
}

// serve starts a process and returns what its end says.
func serve(ctx context.Context, f *daemon.Flags) <-chan error {
	ended := make(chan error, 1)
	go func() { ended <- daemon.Serve(ctx, "idle", f, []sqldb.Set{durable.Migrations()}, build) }()
	return ended
}

func TestAProcessWaitsForItsSchema(t *testing.T) {
	f := &daemon.Flags{Database: testkit.Postgres(t), GRPC: free(t), Admin: free(t), LogLevel: slog.LevelError}
	ctx, end := context.WithCancel(t.Context())
	defer end()
	ended := serve(ctx, f)
	admin := "http://" + f.Admin

	testkit.EventuallyPasses(t, func(t require.TestingT) {
		status, body := get(admin + "/readyz")
		require.Equal(t, http.StatusServiceUnavailable, status, body)
		require.Contains(t, body, "database: ok")
		require.Contains(t, body, "misses the migrations 1")
	}, "it says what it waits for")
	status, _ := get(admin + "/livez")
	require.Equal(t, http.StatusOK, status, "nothing is to be started again")
	status, _ = get(admin + "/tasks/parked")
	require.Equal(t, http.StatusServiceUnavailable, status)
	_, err := net.Dial("tcp", f.GRPC)
	require.Error(t, err, "no call comes to a service that has no tables")

	require.NoError(t, daemon.Migrate(t.Context(), f, []sqldb.Set{durable.Migrations()}))
	testkit.EventuallyPasses(t, func(t require.TestingT) {
		status, body := get(admin + "/readyz")
		require.Equal(t, http.StatusOK, status, body)
	}, "it starts by itself")
	conn, err := net.Dial("tcp", f.GRPC)
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	status, body := get(admin + "/tasks/parked")
	require.Equal(t, http.StatusOK, status, body)

	end()
	require.NoError(t, <-ended)
}

func TestAProcessEndsWhileItWaits(t *testing.T) {
	f := &daemon.Flags{Database: testkit.Postgres(t), GRPC: free(t), Admin: free(t), LogLevel: slog.LevelError}
	ctx, end := context.WithCancel(t.Context())
	defer end()
	ended := serve(ctx, f)
	testkit.Eventually(t, func() bool { status, _ := get("http://" + f.Admin + "/livez"); return status == http.StatusOK }, "no administration port")
	end()
	require.NoError(t, <-ended)
}

func TestAProcessThatCannotServeEnds(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	f := &daemon.Flags{Database: testkit.Postgres(t), GRPC: taken.Addr().String(), Admin: free(t), LogLevel: slog.LevelError}
	require.NoError(t, daemon.Migrate(t.Context(), f, []sqldb.Set{durable.Migrations()}))
	require.ErrorContains(t, <-serve(t.Context(), f), "choose another with --grpc")
}

func TestAProcessWaitsForItsDatabase(t *testing.T) {
	server := testkit.PostgresServer(t)
	// Redis is away as well, and stays away: without it a process does its work.
	f := &daemon.Flags{Database: server.Database(), Redis: "redis://" + free(t), GRPC: free(t), Admin: free(t), LogLevel: slog.LevelError}
	require.NoError(t, daemon.Migrate(t.Context(), f, []sqldb.Set{durable.Migrations()}))
	server.Stop()
	ctx, end := context.WithCancel(t.Context())
	defer end()
	ended := serve(ctx, f)
	admin := "http://" + f.Admin
	testkit.EventuallyPasses(t, func(t require.TestingT) {
		status, body := get(admin + "/readyz")
		require.Equal(t, http.StatusServiceUnavailable, status, body)
		require.Contains(t, body, "connect to PostgreSQL")
		require.Contains(t, body, "start: waiting for the database")
	}, "it says what it waits for")
	status, _ := get(admin + "/livez")
	require.Equal(t, http.StatusOK, status, "nothing is to be started again")

	server.Start()
	testkit.EventuallyPasses(t, func(t require.TestingT) {
		status, body := get(admin + "/readyz")
		require.Equal(t, http.StatusOK, status, body)
		require.Contains(t, body, "database: ok")
	}, "it starts by itself")
	end()
	require.NoError(t, <-ended)
}

func TestAProcessEndsWhileItWaitsForItsDatabase(t *testing.T) {
	f := &daemon.Flags{Database: "postgres://nobody@" + free(t) + "/none", GRPC: free(t), Admin: free(t), LogLevel: slog.LevelError}
	ctx, end := context.WithCancel(t.Context())
	defer end()
	ended := serve(ctx, f)
	testkit.Eventually(t, func() bool { status, _ := get("http://" + f.Admin + "/livez"); return status == http.StatusOK }, "no administration port")
	end()
	require.NoError(t, <-ended)
}

// TestWhatWaitingCannotMend: a person has to change something, and hears of it at once.
func TestWhatWaitingCannotMend(t *testing.T) {
	server := testkit.PostgresServer(t)
	dsn := server.Database()
	demandPassword(t, dsn)
	as := func(user *url.Userinfo) string {
		u, err := url.Parse(dsn)
		require.NoError(t, err)
		u.User = user
		return u.String()
	}
	nowhere, err := url.Parse(dsn)
	require.NoError(t, err)
	nowhere.Path = "/none"
	for _, c := range []struct {
		name, dsn, redis, says string
	}{
		{name: "password", dsn: as(url.UserPassword("guarded", "wrong")), says: "password authentication failed"},
		{name: "role", dsn: as(url.User("nobody")), says: `role "nobody" does not exist`},
		{name: "database", dsn: nowhere.String(), says: `database "none" does not exist`},
		{name: "no DSN", dsn: "host=db user=me", says: "the DSN must begin with"},
		{name: "malformed DSN", dsn: "postgres://db:port/x", says: "the PostgreSQL DSN"},
		{name: "malformed Redis URL", dsn: dsn, redis: "http://redis", says: "the Redis URL"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &daemon.Flags{Database: c.dsn, Redis: c.redis, GRPC: free(t), Admin: free(t), LogLevel: slog.LevelError}
			err := <-serve(t.Context(), f)
			require.ErrorContains(t, err, c.says)
			require.NotContains(t, err.Error(), "wrong", "a password")
		})
	}
}

// demandPassword makes a role that has to prove itself, on a server that trusts all others.
func demandPassword(t *testing.T, dsn string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(t.Context())) }()
	var file string
	require.NoError(t, conn.QueryRow(t.Context(), "SHOW hba_file").Scan(&file))
	for _, statement := range []string{
		"CREATE ROLE guarded LOGIN PASSWORD 'secret'",
		"COPY (VALUES ('local all guarded scram-sha-256'), ('local all all trust')) TO '" + file + "'",
		"SELECT pg_reload_conf()",
	} {
		_, err := conn.Exec(t.Context(), statement)
		require.NoError(t, err, statement)
	}
}
