package tasks

import (
	"context"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// Discard takes a mail out of the quarantine for good, for somebody who has looked at it. Faults: NotFound, Precondition
// MAIL_NOT_QUARANTINED.
func Discard(ctx context.Context, s *store.Store, id, by string) (m domain.InboundMail, err error) {
	err = s.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		if m, err = tx.LockInbound(ctx, id); err != nil {
			return err
		}
		if m.Verdict != domain.InboundQuarantined {
			return notQuarantined()
		}
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		m.Verdict, m.ReleasedBy, m.ReleasedAt = domain.InboundRejected, by, now
		return tx.DiscardInbound(ctx, m)
	})
	return m, err
}

func notQuarantined() error {
	return fault.New(fault.Precondition, "MAIL_NOT_QUARANTINED", "the mail is not in the quarantine")
}
