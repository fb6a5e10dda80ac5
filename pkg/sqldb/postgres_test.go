package sqldb_test

import (
	"context"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
)

func TestEachKindOfWriteHasItsConnections(t *testing.T) {
	db := open(t, sqldb.Config{DSN: testkit.Postgres(t), Schema: "svc_test", NormalConns: 2, SoftConns: 1, PageConns: 2})
	setting := func(op sqldb.Op) (commit, path string) {
		require.NoError(t, db.Do(t.Context(), op, func(ctx context.Context, tx sqldb.Tx) error {
			return tx.QueryRowContext(ctx, "SELECT current_setting('synchronous_commit'), current_setting('search_path')").Scan(&commit, &path)
		}))
		return commit, path
	}
	for op, want := range map[sqldb.Op]string{{}: "on", {Soft: true}: "off", {Page: true}: "on", {Page: true, Soft: true}: "off"} {
		commit, path := setting(op)
		require.Equal(t, want, commit, "%+v", op)
		require.Equal(t, `"svc_test"`, path)
	}
	// While all connections of the other lanes are taken, the page lane has its own.
	inside, release := make(chan struct{}), make(chan struct{})
	var busy sync.WaitGroup
	for _, op := range []sqldb.Op{{}, {}, {Soft: true}} {
		busy.Go(func() {
			_ = db.Update(t.Context(), op, func(context.Context, sqldb.Tx) error {
				inside <- struct{}{}
				<-release
				return nil
			})
		})
		<-inside
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	require.NoError(t, db.Update(ctx, sqldb.Op{Page: true}, insert("page")))
	require.NoError(t, db.Update(ctx, sqldb.Op{Page: true, Soft: true}, insert("page soft")))
	var n int
	require.NoError(t, db.PageReader().QueryRowContext(ctx, "SELECT COUNT(*) FROM things WHERE id LIKE 'page%'").Scan(&n))
	require.Equal(t, 2, n)
	close(release)
	busy.Wait()
}

// proxy stands between a pool and PostgreSQL until it falls silent: it still takes what it is sent, but passes nothing on.
type proxy struct {
	listener net.Listener
	silent   atomic.Bool
	swallows chan struct{} // told of the first thing that it swallows
	conns    sync.WaitGroup
}

func startProxy(t *testing.T, network, address string) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxy{listener: listener, swallows: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	p.conns.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial(network, address)
			if err != nil {
				_ = client.Close()
				continue
			}
			context.AfterFunc(ctx, func() { _, _ = client.Close(), server.Close() })
			p.conns.Go(func() { p.pass(server, client) })
			p.conns.Go(func() { p.pass(client, server) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		cancel()
		p.conns.Wait()
	})
	return p
}

func (p *proxy) pass(to, from net.Conn) {
	buffer := make([]byte, 1<<16)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			_ = to.Close()
			return
		}
		if p.silent.Load() {
			select {
			case p.swallows <- struct{}{}:
			default:
			}
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			_ = from.Close()
			return
		}
	}
}

func TestASilentServerHoldsNoCallerBeyondItsContext(t *testing.T) {
	config, err := pgx.ParseConfig(testkit.Postgres(t))
	require.NoError(t, err)
	network, address := pgconn.NetworkAddress(config.Host, config.Port)
	p := startProxy(t, network, address)
	dsn := url.URL{
		Scheme: "postgres", User: url.UserPassword(config.User, config.Password), Host: p.listener.Addr().String(),
		Path: "/" + config.Database, RawQuery: "sslmode=disable",
	}
	db := open(t, sqldb.Config{DSN: dsn.String(), Schema: "svc_test", NormalConns: 1})
	require.NoError(t, db.Update(t.Context(), sqldb.Op{}, insert("before")))

	p.silent.Store(true)
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() { failed <- db.Update(ctx, sqldb.Op{}, insert("never")) }()
	<-p.swallows
	cancel()
	select {
	case err := <-failed:
		require.ErrorIs(t, err, context.Canceled)
	case <-time.After(5 * time.Second):
		require.FailNow(t, "the caller is still held")
	}

	// Its only connection is not held either.
	p.silent.Store(false)
	require.NoError(t, db.Update(t.Context(), sqldb.Op{}, insert("after")))
	require.Zero(t, count(t, db, "never"))
}

func TestDeadlocksAreRetried(t *testing.T) {
	db := open(t, sqldb.Config{DSN: testkit.Postgres(t), Schema: "svc_test"})
	for _, id := range []string{"a", "b"} {
		require.NoError(t, db.Update(t.Context(), sqldb.Op{}, insert(id)))
	}
	var meeting sync.WaitGroup // both hold their first row before either asks for its second, the first time
	meeting.Add(2)
	var group sync.WaitGroup
	runs := make(chan struct{}, 100)
	for _, order := range [][2]string{{"a", "b"}, {"b", "a"}} {
		group.Go(func() {
			meet := sync.OnceFunc(func() { meeting.Done(); meeting.Wait() })
			err := db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
				runs <- struct{}{}
				for _, id := range order {
					if _, err := tx.ExecContext(ctx, "UPDATE things SET n = n + 1 WHERE id = $1", id); err != nil {
						return err
					}
					meet()
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	require.Greater(t, len(runs), 2, "one had to run again")
	var n int
	require.NoError(t, db.Reader().QueryRowContext(t.Context(), "SELECT SUM(n) FROM things").Scan(&n))
	require.Equal(t, 4, n)
}

func TestARestartOfTheServer(t *testing.T) {
	server := testkit.PostgresServer(t)
	dsn := server.Database()
	db := open(t, sqldb.Config{DSN: dsn, Schema: "svc_test"})
	session, err := db.LockSession(t.Context())
	require.NoError(t, err)
	defer func() { _ = session.Close() }()
	for range 4 { // several connections that will be dead
		require.NoError(t, db.Update(t.Context(), sqldb.Op{}, func(context.Context, sqldb.Tx) error { return nil }))
	}
	server.Restart()
	runs := 0
	require.NoError(t, db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		runs++
		return insert("after the restart")(ctx, tx)
	}))
	require.Equal(t, 1, count(t, db, "after the restart"))
	require.Error(t, session.Ping(t.Context()), "a session knows that it is lost")

	server.Stop()
	require.ErrorIs(t, db.Update(t.Context(), sqldb.Op{}, insert("never")), fault.Unavailable)
	require.ErrorIs(t, db.Do(t.Context(), sqldb.Op{}, insert("never")), fault.Unavailable)
	require.ErrorIs(t, db.Ping(t.Context()), fault.Unavailable)
	_, err = sqldb.Open(t.Context(), sqldb.Config{DSN: dsn})
	require.ErrorIs(t, err, fault.Unavailable)
	server.Start()
	require.NoError(t, db.Do(t.Context(), sqldb.Op{}, insert("again")))
	require.Zero(t, count(t, db, "never"))
}
