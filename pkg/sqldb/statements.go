package sqldb

import (
	"context"
	"database/sql"
	"sync"
)

// maxStatements bounds a statement cache. Searches build their texts, so the distinct ones are without end; those that
// come after the first few hundred run unprepared.
const maxStatements = 512

type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// statements keeps SQLite statements prepared by their text: parsing costs as much as running a small one. They end with
// their connections.
type statements struct {
	db     preparer
	mu     sync.Mutex
	byText map[string]*sql.Stmt
}

func newStatements(db preparer) *statements {
	return &statements{db: db, byText: map[string]*sql.Stmt{}}
}

// get returns nil when the text is to be run unprepared, which then reports what is wrong with it.
func (s *statements) get(ctx context.Context, query string) *sql.Stmt {
	stmt, full := s.cached(query) //nolint:sqlclosecheck // kept until its connection closes
	if stmt != nil || full {
		return stmt
	}
	// Not under the lock: it may wait for a connection.
	stmt, err := s.db.PrepareContext(ctx, query)
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if first, ok := s.byText[query]; ok { // somebody was quicker
		_ = stmt.Close() //nolint:sqlclosecheck // the one to return is another
		return first
	}
	s.byText[query] = stmt
	return stmt
}

func (s *statements) cached(query string) (stmt *sql.Stmt, full bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byText[query], len(s.byText) >= maxStatements
}
