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

// statements keeps SQLite statements prepared by their text: parsing costs as much as running a small one.
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
	s.mu.Lock()
	defer s.mu.Unlock()
	if stmt, ok := s.byText[query]; ok {
		return stmt
	}
	if len(s.byText) >= maxStatements {
		return nil
	}
	stmt, err := s.db.PrepareContext(context.WithoutCancel(ctx), query)
	if err != nil {
		return nil
	}
	s.byText[query] = stmt
	return stmt
}

func (s *statements) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, stmt := range s.byText {
		_ = stmt.Close() // their connections close next
	}
	clear(s.byText)
}
