package daemon

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"altis-dxp.com/support/pkg/sqldb"
)

// schemaEvery is how often a schema that is too old is looked at again.
const schemaEvery = time.Second

// startup is what the administration port tells and serves until, and once, the service runs.
type startup struct {
	admin  net.Addr // of the administration port
	db     *sqldb.DB
	sets   []sqldb.Set
	logger *slog.Logger

	mu     sync.Mutex
	fault  error        // why the service does not run yet; nil once it does
	parked http.Handler // nil until then
}

func newStartup(admin net.Addr, db *sqldb.DB, sets []sqldb.Set, logger *slog.Logger) *startup {
	return &startup{admin: admin, db: db, sets: sets, logger: logger, fault: errors.New("the service is starting")}
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
