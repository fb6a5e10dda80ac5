package testkit

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"altis-dxp.com/support/pkg/sqldb"
)

// postgresVariable names a server to use instead of a private one. Its value is
// a postgres:// URL whose user may create databases.
const postgresVariable = "ALTIS_TEST_PG_DSN"

const installPostgres = "install PostgreSQL 15 or newer (Debian: apt-get install postgresql; macOS: brew install postgresql) or set " +
	postgresVariable + " to the postgres:// URL of a server where databases may be created"

// shared is the server that all tests of one process share.
type shared struct {
	url string
	// own keeps the private server reachable: collected as garbage, it would close
	// the pipe to its guardian, which then ends it.
	own *postgres
}

var sharedPostgres = sync.OnceValues(func() (shared, error) {
	if dsn := os.Getenv(postgresVariable); dsn != "" {
		dependOnVersions()
		return shared{url: dsn}, nil
	}
	server, err := newPostgres()
	if err != nil {
		return shared{}, err
	}
	return shared{url: server.url(), own: server}, server.start()
})

// Postgres returns the URL of a fresh, empty database and drops it when the test
// ends. The server is the one that ALTIS_TEST_PG_DSN names, else a private one
// that lives as long as the test process.
func Postgres(t testing.TB) string {
	t.Helper()
	return postgresWith(t, "", nil)
}

// postgresWith is Postgres after the migrations of the sets.
func postgresWith(t testing.TB, schema string, sets []sqldb.Set) string {
	t.Helper()
	server, err := sharedPostgres()
	must(t, err)
	template, err := templateOn(server.url, schema, sets)
	must(t, err)
	dsn, name, err := createDatabase(server.url, template)
	must(t, err)
	t.Cleanup(func() {
		must(t, administer(server.url, "DROP DATABASE "+name+" WITH (FORCE)"))
	})
	return dsn
}

// PostgresProc is a PostgreSQL server of one test, which may stop and start it.
type PostgresProc struct {
	t      testing.TB
	server *postgres
}

// PostgresServer starts a PostgreSQL server for this test alone. It is removed
// when the test ends.
func PostgresServer(t testing.TB) *PostgresProc {
	t.Helper()
	server, err := newPostgres()
	must(t, err)
	t.Cleanup(func() { must(t, server.remove()) })
	must(t, server.start())
	return &PostgresProc{t: t, server: server}
}

// Database returns the URL of a fresh, empty database on this server.
func (p *PostgresProc) Database() string {
	p.t.Helper()
	dsn, _, err := createDatabase(p.server.url(), "template1")
	must(p.t, err)
	return dsn
}

// Stop ends the server as a crash would: connections break, nothing is flushed
// that was not durable, and Start recovers from the log. Stopping a stopped
// server does nothing.
func (p *PostgresProc) Stop() {
	p.t.Helper()
	must(p.t, p.server.stop())
}

// Start starts the stopped server and returns once it answers.
func (p *PostgresProc) Start() {
	p.t.Helper()
	must(p.t, p.server.start())
}

// Restart is Stop and Start.
func (p *PostgresProc) Restart() {
	p.t.Helper()
	p.Stop()
	p.Start()
}

type postgres struct{ process }

func postgresProgram(name string) (string, error) {
	return program(name, installPostgres, "/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin")
}

// newPostgres makes the files of a server that listens on a unix socket only, so
// that no two servers ever compete for a port.
func newPostgres() (*postgres, error) {
	initdb, err := postgresProgram("initdb")
	if err != nil {
		return nil, err
	}
	binary, err := postgresProgram("postgres")
	if err != nil {
		return nil, err
	}
	credential, err := unprivileged()
	if err != nil {
		return nil, err
	}
	dir, err := serverDir(credential)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	cmd := exec.Command(initdb, "--pgdata="+data, "--username=postgres", "--auth=trust", "--no-sync",
		"--encoding=UTF8", "--lc-collate=C", "--lc-ctype=C.UTF-8")
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: credential}
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w\n%s", err, out), os.RemoveAll(dir))
	}
	p := &postgres{process{
		dir: dir,
		argv: []string{
			binary, "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "shared_buffers=32MB",
			"-c", "max_connections=200", "-c", "fsync=on",
		},
		signal:     "QUIT",
		credential: credential,
	}}
	p.ready = func() error { return administer(p.url(), "SELECT 1") }
	return p, nil
}

func (p *postgres) url() string {
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/postgres", RawQuery: url.Values{"host": {p.dir}}.Encode()}
	return u.String()
}

// createDatabase makes a copy of a database and returns its URL and its name.
func createDatabase(server, template string) (dsn, name string, err error) {
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return "", "", fmt.Errorf("%s is no postgres:// URL", postgresVariable)
	}
	name = "altis_" + strings.ToLower(rand.Text())
	if err := administer(server, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		return "", "", err
	}
	u.Scheme, u.Path = "postgres", "/"+name
	return u.String(), name, nil
}

// administer runs one statement on a connection of its own. It works in the
// cleanup of a test too, where the test's context has ended.
func administer(dsn, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}
