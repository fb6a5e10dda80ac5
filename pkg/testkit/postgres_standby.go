package testkit

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Standby starts a server that follows this one by streaming replication, and returns once it does. It is removed when the
// test ends.
func (p *PostgresProc) Standby() *PostgresProc {
	p.t.Helper()
	standby, err := p.server.follower()
	must(p.t, err)
	p.t.Cleanup(func() { must(p.t, standby.remove()) })
	must(p.t, standby.start())
	p.awaitReplication("state = 'streaming'")
	return &PostgresProc{t: p.t, server: standby}
}

// follower makes the files of a standby by a base backup.
func (p *postgres) follower() (*postgres, error) {
	program, err := postgresProgram("pg_basebackup")
	if err != nil {
		return nil, err
	}
	dir, err := serverDir(p.credential)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	cmd := exec.Command(program, "--host="+p.dir, "--username=postgres", "--pgdata="+data,
		"--write-recovery-conf", "--wal-method=stream", "--create-slot", "--slot=follower", "--checkpoint=fast", "--no-sync")
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.credential}
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("pg_basebackup: %w\n%s", err, out), os.RemoveAll(dir))
	}
	standby := &postgres{process{dir: dir, signal: p.signal, credential: p.credential}}
	standby.argv = append([]string{p.argv[0], "-D", data, "-k", dir}, p.argv[5:]...)
	standby.ready = func() error { return administer(standby.url(), "SELECT 1") }
	return standby, nil
}

// Synchronous has commits of this server wait for its standby, as far as level says: "on" or "remote_apply".
func (p *PostgresProc) Synchronous(level string) {
	p.t.Helper()
	for _, statement := range []string{
		"ALTER SYSTEM SET synchronous_standby_names = '*'", "ALTER SYSTEM SET synchronous_commit = '" + level + "'", "SELECT pg_reload_conf()",
	} {
		must(p.t, administer(p.server.url(), statement))
	}
	p.awaitReplication("sync_state = 'sync'")
}

// awaitReplication waits until the standby is as the condition on pg_stat_replication says.
func (p *PostgresProc) awaitReplication(condition string) {
	p.t.Helper()
	must(p.t, poll(startTimeout, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		conn, err := pgx.Connect(ctx, p.server.url())
		if err != nil {
			return err
		}
		var well int
		err = conn.QueryRow(ctx, "SELECT COUNT(*) FROM pg_stat_replication WHERE application_name = 'walreceiver' AND "+condition).Scan(&well)
		if err == nil && well == 0 {
			err = fmt.Errorf("no standby has %s", condition)
		}
		return errors.Join(err, conn.Close(ctx))
	}))
}

// Promote makes a standby a primary, and returns once it is.
func (p *PostgresProc) Promote() {
	p.t.Helper()
	must(p.t, administer(p.server.url(), "SELECT pg_promote()"))
}

// WithStandby returns the URL of a database of this server that leads to whichever of the two is the primary.
func (p *PostgresProc) WithStandby(dsn string, standby *PostgresProc) string {
	p.t.Helper()
	u, err := url.Parse(dsn)
	must(p.t, err)
	query := u.Query()
	query.Set("host", p.server.dir+","+standby.server.dir)
	query.Set("target_session_attrs", "read-write")
	u.RawQuery = query.Encode()
	return u.String()
}
