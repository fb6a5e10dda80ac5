package emergency

import (
	"context"
	"log/slog"
	"time"

	"github.com/georgysavva/scany/v2/sqlscan"

	"altis-dxp.com/support/pkg/sqldb"
)

// pruneEvery is how often old mails are looked for.
const pruneEvery = 6 * time.Hour

// prune deletes mails that are older than they are kept, until ctx ends. It returns nil.
func (s *Service) prune(ctx context.Context) error {
	tick := time.NewTicker(pruneEvery)
	defer tick.Stop()
	for {
		if err := s.pruneMails(ctx); err != nil && ctx.Err() == nil {
			s.deps.Logger.WarnContext(ctx, "old mails not deleted", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// pruneMails deletes the file first: a row without one is found again, a file without a row would be taken for a new mail.
func (s *Service) pruneMails(ctx context.Context) error {
	var old []string
	err := sqlscan.Select(ctx, s.deps.DB.Reader(), &old, `SELECT id FROM emergency_mails WHERE received_at < altis_now() - $1 ORDER BY received_at LIMIT 1000`,
		s.cfg.KeepMails.Microseconds())
	if err != nil {
		return sqldb.Classify(err)
	}
	for _, id := range old {
		if err := s.spool.Remove(id); err != nil {
			return err
		}
		err := s.deps.DB.Do(ctx, sqldb.Op{Soft: true}, func(ctx context.Context, tx sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, `DELETE FROM emergency_mails WHERE id = $1`, id)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
