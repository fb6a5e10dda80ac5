package store

import (
	"context"

	"github.com/georgysavva/scany/v2/sqlscan"

	"altis-dxp.com/support/pkg/sqldb"
)

// Late counts the open tickets of which one due instant is near or over.
type Late struct {
	ResponseAtRisk, ResponseOverdue     int64
	ResolutionAtRisk, ResolutionOverdue int64
}

// Late counts them by the database's clock. At risk is what has less than a quarter of its time left; what is overdue is
// counted as that alone.
func (s Tickets) Late(ctx context.Context) (Late, error) {
	var late Late
	err := sqlscan.Get(ctx, s.q, &late, `
SELECT
  count(CASE WHEN first_response_at = 0 AND first_response_due_at > now AND (first_response_due_at - now) * 4 < first_response_due_at - created_at THEN 1 END) AS response_at_risk,
  count(CASE WHEN first_response_at = 0 AND first_response_due_at <= now THEN 1 END) AS response_overdue,
  count(CASE WHEN resolution_due_at > now AND (resolution_due_at - now) * 4 < resolution_due_at - created_at THEN 1 END) AS resolution_at_risk,
  count(CASE WHEN resolution_due_at <= now THEN 1 END) AS resolution_overdue
FROM (SELECT first_response_at, first_response_due_at, resolution_due_at, created_at, altis_now() AS now
  FROM tickets WHERE solved_at = 0) open`)
	return late, sqldb.Classify(err)
}
