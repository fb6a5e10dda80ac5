package daemon

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
)

const (
	// schemaEvery is how often a schema that is too old is looked at again.
	schemaEvery = time.Second
	// databaseBackoff is the pause after the first try to reach the database. It doubles up to databaseBackoffMax: the
	// processes of all services come together when a cluster starts, and the database is then busy with its own start.
	databaseBackoff    = 250 * time.Millisecond
	databaseBackoffMax = 5 * time.Second
)

// startup is what the administration port tells and serves until, and once, the service runs.
type startup struct {
	admin  net.Addr // of the administration port
	sets   []sqldb.Set
	logger *slog.Logger

	mu     sync.Mutex
	db     *sqldb.DB    // nil until it has answered
	away   error        // why it has not, nil before the first try
	fault  error        // why the service does not run yet; nil once it does
	parked http.Handler // nil until then
}

func newStartup(admin net.Addr, sets []sqldb.Set, logger *slog.Logger) *startup {
	return &startup{admin: admin, sets: sets, logger: logger, away: errors.New("not reached yet"), fault: errors.New("the service is starting")}
}

// database is the condition of readiness that the database answers.
func (s *startup) database(ctx context.Context) error {
	s.mu.Lock()
	db, away := s.db, s.away
	s.mu.Unlock()
	if db == nil {
		return away
	}
	return db.Ping(ctx)
}

// waitForDatabase opens the database as soon as it can be reached. It fails when ctx has ended before, and at once when
// trying again would not mend it, such as a wrong password.
func (s *startup) waitForDatabase(ctx context.Context, open func() (*sqldb.DB, error)) (*sqldb.DB, error) {
	said := false
	for pause := databaseBackoff; ; pause = min(2*pause, databaseBackoffMax) {
		db, err := open()
		switch {
		case err == nil:
			s.mu.Lock()
			s.db = db
			s.mu.Unlock()
			return db, nil
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case fault.KindOf(err) != fault.Unavailable:
			return nil, err
		}
		s.mu.Lock()
		s.away, s.fault = err, errors.New("waiting for the database")
		s.mu.Unlock()
		if !said {
			s.logger.WarnContext(ctx, "waiting for the database", slog.Any("error", err))
		}
		said = true
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(pause/2 + rand.N(pause/2)): //nolint:gosec // spreads processes, keeps no secret
		}
	}
}

// check is the condition of readiness.
func (s *startup) check(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fault
}

// waitForSchema returns true once the schema is new enough, and false when ctx has ended before. The log says it when the
// reason changes.
func (s *startup) waitForSchema(ctx context.Context) bool {
	said := ""
	for {
		err := s.db.CheckSchema(ctx, s.sets...)
		if err == nil {
			return true
		}
		s.mu.Lock()
		s.fault = err
		s.mu.Unlock()
		if ctx.Err() == nil && err.Error() != said {
			said = err.Error()
			s.logger.WarnContext(ctx, "waiting for the schema", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(schemaEvery):
		}
	}
}

// done makes the process ready.
func (s *startup) done(parked http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.parked = nil, parked
}

// ServeHTTP answers for the parked tasks.
func (s *startup) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	parked := s.parked
	s.mu.Unlock()
	if parked == nil {
		http.Error(w, "the service does not run yet", http.StatusServiceUnavailable)
		return
	}
	parked.ServeHTTP(w, r)
}
