package directory

import (
	"context"
	"log/slog"
	"time"

	"altis-dxp.com/support/pkg/sqldb"
)

// revocationLife is longer than any token is accepted: ten minutes, and four hours more while identity is away.
const revocationLife = 24 * time.Hour

// prune deletes revocations that concern no token any more. A missed round is made up for by the next one, of any replica.
func (m *Model) prune(ctx context.Context) {
	if err := m.pruneRevocations(ctx); err != nil && ctx.Err() == nil {
		m.logger.WarnContext(ctx, "old revocations not pruned", slog.Any("error", err))
	}
}

// pruneRevocations goes by the clock of those who verify tokens. A revocation without an instant is for ever.
func (m *Model) pruneRevocations(ctx context.Context) error {
	before := sqldb.Micros(m.now().Add(-revocationLife))
	return m.db.DeleteInChunks(ctx, `
DELETE FROM directory_revocations WHERE id IN (
  SELECT id FROM directory_revocations WHERE issued_before > 0 AND issued_before < $1 ORDER BY issued_before LIMIT $2)`, before)
}
