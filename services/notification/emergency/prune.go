package emergency

import (
	"context"
	"errors"
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
		if err := errors.Join(s.pruneMails(ctx), s.pruneTickets(ctx)); err != nil && ctx.Err() == nil {
			s.deps.Logger.WarnContext(ctx, "old mails not deleted", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// pruneMails deletes the file first: a row without one is found again, a file without a row would be taken for a new mail. A
// mail whose page nobody has acknowledged, or that is still to become a ticket, stays, however old it is.
func (s *Service) pruneMails(ctx context.Context) error {
	var old []mail
	err := sqlscan.Select(ctx, s.deps.DB.Reader(), &old, `
SELECT `+mailColumns+` FROM emergency_mails
WHERE received_at < altis_now() - $1 AND ticket <> 0 AND page NOT IN (SELECT id FROM pages WHERE state IN ('paging', 'delivered', 'exhausted'))
ORDER BY received_at LIMIT 1000`, s.cfg.KeepMails.Microseconds())
	if err != nil {
		return sqldb.Classify(err)
	}
	for _, m := range old {
		if err := s.spool.Remove(m.ID); err != nil {
			return err
		}
		if err := s.deps.DB.Update(ctx, sqldb.Op{Soft: true}, func(ctx context.Context, tx sqldb.Tx) error { return deleteMail(ctx, tx, m) }); err != nil {
			return err
		}
	}
	return nil
}

// pruneTickets deletes the pages of tickets that somebody has acknowledged or notification has taken over.
func (s *Service) pruneTickets(ctx context.Context) error {
	var old []mail
	err := sqlscan.Select(ctx, s.deps.DB.Reader(), &old, `
SELECT p.id AS page FROM pages p
WHERE p.opened_at < altis_now() - $1 AND p.state IN ('acknowledged', 'handed_over') AND NOT EXISTS (SELECT 1 FROM emergency_mails m WHERE m.page = p.id)
LIMIT 1000`, s.cfg.KeepMails.Microseconds())
	if err != nil {
		return sqldb.Classify(err)
	}
	for _, page := range old {
		if err := s.deps.DB.Update(ctx, sqldb.Op{Soft: true}, func(ctx context.Context, tx sqldb.Tx) error { return deleteMail(ctx, tx, page) }); err != nil {
			return err
		}
	}
	return nil
}

// deleteMail deletes a mail and its page. Several mails may have one, which goes with the first.
func deleteMail(ctx context.Context, tx sqldb.Tx, m mail) error {
	for _, statement := range []string{`DELETE FROM page_log WHERE page = $1`, `DELETE FROM page_deliveries WHERE page = $1`, `DELETE FROM pages WHERE id = $1`} {
		if _, err := tx.ExecContext(ctx, statement, m.Page); err != nil {
			return err
		}
	}
	for _, statement := range []string{`DELETE FROM emergency_receipts WHERE mail = $1`, `DELETE FROM emergency_mails WHERE id = $1`} {
		if _, err := tx.ExecContext(ctx, statement, m.ID); err != nil {
			return err
		}
	}
	return nil
}
