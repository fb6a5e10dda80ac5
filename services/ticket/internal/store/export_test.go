package store

import "altis-dxp.com/support/services/ticket/internal/domain"

// FactsQuery returns the statement of Facts.
func (s *Store) FactsQuery(ask domain.Ask) (query string, args []any) { return s.facts(ask) }

// ListQuery returns the statement of List without words.
func (s *Store) ListQuery(l domain.List) (query string, args []any) {
	q := s.listQuery(l)
	statement := q.statement(l, "tickets t", q.always, "")
	return statement.text, statement.args
}
