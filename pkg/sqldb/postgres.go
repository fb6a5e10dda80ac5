package sqldb

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// maxAttempts bounds how often one write is tried. The pauses between double from 5 ms to 320 ms, 0.8 s in all at the
// most: enough for a failover that drops connections, too short to hold a caller.
const maxAttempts = 8

// postgres is the backend with one pool per kind of write, so that none waits for connections of another.
type postgres struct {
	config                       *pgx.ConnConfig
	normal, soft, page, pageSoft *sql.DB // page and pageSoft may be the same as normal and soft
	pools                        []*sql.DB
	logger                       *slog.Logger
	closing                      context.Context
	cancelWarmup                 context.CancelFunc
	warmups                      sync.WaitGroup
}

func openPostgres(ctx context.Context, cfg Config, logger *slog.Logger) (*postgres, error) {
	config, err := pgx.ParseConfig(cfg.DSN)
	if err != nil {
		return nil, fmt.Errorf("sqldb: the PostgreSQL DSN: %w", err) // pgx keeps the password out of it
	}
	if cfg.Schema != "" {
		config.RuntimeParams["search_path"] = pgx.Identifier{cfg.Schema}.Sanitize()
	}
	config.RuntimeParams["jit"] = "off" // it only pays for statements that run for seconds
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 5 * time.Second
	}
	p := &postgres{config: config, logger: logger}
	p.closing, p.cancelWarmup = context.WithCancel(context.Background())
	p.normal = p.pool(cmp.Or(cfg.NormalConns, 8), false)
	p.soft = p.pool(cmp.Or(cfg.SoftConns, 2), true)
	p.page, p.pageSoft = p.normal, p.soft
	switch {
	case cfg.PageConns >= 2:
		p.page, p.pageSoft = p.pool(cfg.PageConns-1, false), p.pool(1, true)
	case cfg.PageConns == 1:
		p.page = p.pool(1, false)
	}
	if err := p.normal.PingContext(ctx); err != nil {
		_ = p.close() // the ping's error says more
		return nil, Classify(fmt.Errorf("sqldb: connect to PostgreSQL: %w", err))
	}
	for _, pool := range p.pools {
		p.warmUp(pool)
	}
	return p, nil
}

func (p *postgres) pool(conns int, soft bool) *sql.DB {
	config := p.config.Copy()
	if soft {
		config.RuntimeParams["synchronous_commit"] = "off"
		// Soft writes find their rows by index. A plan made while the table was empty would scan it, and go on doing so in
		// this connection when the table has a hundred thousand rows, until the next autovacuum.
		config.RuntimeParams["enable_seqscan"] = "off"
	}
	pool := sql.OpenDB(sessions{stdlib.GetConnector(*config)})
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	p.pools = append(p.pools, pool)
	return pool
}

// warmUp opens the pool's connections in the background: the first burst must not wait for handshakes, nor must the start.
func (p *postgres) warmUp(pool *sql.DB) {
	conns := make(chan *sql.Conn, pool.Stats().MaxOpenConnections)
	var opening sync.WaitGroup
	for range cap(conns) {
		opening.Go(func() {
			conn, err := pool.Conn(p.closing)
			if err != nil {
				p.logger.DebugContext(p.closing, "sqldb: warm-up connection", slog.Any("error", err))
				return
			}
			conns <- conn
		})
	}
	// All are held until the last is open: one given back early would only be taken again.
	p.warmups.Go(func() {
		opening.Wait()
		close(conns)
		for conn := range conns {
			_ = conn.Close() // back to its pool
		}
	})
}

func (p *postgres) reader() Queryer { return p.normal }

func (p *postgres) pageReader() Queryer { return p.page }

func (p *postgres) ping(ctx context.Context) error { return p.normal.PingContext(ctx) }

func (p *postgres) close() error {
	p.cancelWarmup()
	p.warmups.Wait()
	var first error
	for _, pool := range p.pools {
		if err := pool.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

func (p *postgres) choose(op Op) *sql.DB {
	switch {
	case op.Page && op.Soft:
		return p.pageSoft
	case op.Page:
		return p.page
	case op.Soft:
		return p.soft
	}
	return p.normal
}

// update runs fn in a transaction, again while PostgreSQL aborts it or its connection is lost before the commit.
func (p *postgres) update(ctx context.Context, op Op, fn txFunc) error {
	pool := p.choose(op)
	for attempt := 1; ; attempt++ {
		committing, err := transaction(ctx, pool, fn)
		again := wasAborted(err) || !committing && lostConnection(err)
		if err == nil || !again || !pause(ctx, attempt) {
			return err
		}
	}
}

// transaction reports whether err comes from the commit: then its outcome is unknown, unless PostgreSQL says otherwise.
func transaction(ctx context.Context, pool *sql.DB, fn txFunc) (committing bool, err error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = conn.Close() }() // back to the pool, which drops it if it is broken
	tx := postgresTx{conn}
	if err := tx.use((*session).begin); err != nil {
		return false, err
	}
	failure := fn(ctx, tx)
	// The end does not listen to ctx, and has a time limit of its own, lest a peer that went silent hold the caller and the
	// connection.
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	err = tx.use(func(s *session) error {
		if failure != nil {
			return s.rollback(ending, s.reason(ending, failure))
		}
		committing, failure = s.commit(ending)
		return s.rollback(ending, failure)
	})
	if errors.Is(err, sql.ErrConnDone) && failure != nil { // it was given up because of that
		err = failure
	}
	if committing && err != nil && ending.Err() != nil {
		err = fmt.Errorf("sqldb: the commit took longer than %s: %w", commitTimeout, context.DeadlineExceeded)
	}
	return committing, err
}

// do runs fn's single statement as a transaction of its own, again only while the server cannot have executed it.
func (p *postgres) do(ctx context.Context, op Op, fn txFunc) error {
	pool := p.choose(op)
	for attempt := 1; ; attempt++ {
		err := single(ctx, pool, fn)
		if err == nil || !wasAborted(err) && !neverExecuted(err) || !pause(ctx, attempt) {
			return err
		}
	}
}

func single(ctx context.Context, pool *sql.DB, fn txFunc) error {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	return fn(detached, waiting{conn})
}

// pause waits before the next attempt and reports whether there is to be one.
func pause(ctx context.Context, attempt int) bool {
	if attempt >= maxAttempts {
		return false
	}
	limit := 5 * time.Millisecond << (attempt - 1)
	select {
	case <-ctx.Done():
		return false
	case <-time.After(limit/2 + rand.N(limit/2)): //nolint:gosec // spreads load, keeps no secret
		return true
	}
}

func (p *postgres) migrator() (*sql.DB, error) {
	pool := stdlib.OpenDB(*p.config.Copy())
	pool.SetMaxOpenConns(1)
	return pool, nil
}
