package store

import "altis-dxp.com/support/services/ticket/internal/domain"

// FactsQuery returns the statement of Facts.
func (s *Store) FactsQuery(ask domain.Ask) (query string, args []any) { return s.facts(ask) }
