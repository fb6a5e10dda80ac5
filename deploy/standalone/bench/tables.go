package main

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite" // reads the databases of the one process from beside it

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
)

// taskTables reads the tasks of the services.
type taskTables interface {
	// busy names a task of one of the services that is due or leased, "" without any.
	busy(ctx context.Context, services []string) (string, error)
}

const anyTask = "SELECT COALESCE((SELECT kind || ' ' || last_error FROM tasks WHERE run_at < $1 AND parked_at = 0 LIMIT 1), '')"

// soon is the end of any lease that is held now. What is due later is a timer: a step of a page, housekeeping.
func soon() int64 { return time.Now().Add(6 * time.Second).UnixMicro() }

// postgresTables holds a connection per service.
type postgresTables struct {
	mu    sync.Mutex // a connection runs one statement at a time
	conns map[string]*pgx.Conn
}

// open connects as the role of a service, whose schema has the service's name.
func (p *postgresTables) open(ctx context.Context, service, dsn string) error {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return err
	}
	config.RuntimeParams["search_path"] = service
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conns == nil {
		p.conns = map[string]*pgx.Conn{}
	}
	p.conns[service] = conn
	return nil
}

func (p *postgresTables) close() {
	for _, conn := range p.conns {
		_ = conn.Close(context.Background()) // the process ends
	}
}

// busy implements taskTables.
func (p *postgresTables) busy(ctx context.Context, services []string) (busy string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, service := range services {
		if err := p.conns[service].QueryRow(ctx, anyTask, soon()).Scan(&busy); err != nil || busy != "" {
			return service + ": " + busy, err
		}
	}
	return "", nil
}

// postmaster returns the parent of the backends.
func (p *postgresTables) postmaster(ctx context.Context) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var backend int
	if err := p.conns[harness.Ticket].QueryRow(ctx, "SELECT pg_backend_pid()").Scan(&backend); err != nil {
		return 0, err
	}
	s, err := readStat(backend)
	return s.parent, err
}

// sqliteTables reads the files beside the process that owns them, which SQLite allows.
type sqliteTables struct{ dir string }

// busy implements taskTables. A file is opened for each look: one that stays open would keep the owner from tidying up.
func (s sqliteTables) busy(ctx context.Context, services []string) (string, error) {
	for _, service := range services {
		busy, err := s.look(ctx, service)
		if err != nil || busy != "" {
			return service + ": " + busy, err
		}
	}
	return "", nil
}

func (s sqliteTables) look(ctx context.Context, service string) (busy string, err error) {
	name := url.URL{Scheme: "file", Path: filepath.Join(s.dir, service+".db"), RawQuery: "mode=ro&_pragma=busy_timeout(5000)"}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return "", err
	}
	err = db.QueryRowContext(ctx, anyTask, soon()).Scan(&busy)
	return busy, errors.Join(err, db.Close())
}
