package tasks

import (
	"context"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// Release has a mail of the quarantine appended, or become a ticket, for somebody who has looked at it. Faults: NotFound, Precondition
// MAIL_NOT_QUARANTINED or MAIL_OF_NO_TICKET.
func Release(ctx context.Context, s *store.Store, id, by string) (m domain.InboundMail, err error) {
	err = s.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		m, err = tx.LockInbound(ctx, id)
		switch {
		case err != nil:
			return err
		case m.Verdict != domain.InboundQuarantined:
			return notQuarantined()
		case m.Holder.Email == "" && !m.Request:
			return fault.New(fault.Precondition, "MAIL_OF_NO_TICKET", "it is not known whom its address was given to")
		}
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		m.Verdict, m.ReleasedBy, m.ReleasedAt = domain.InboundWaiting, by, now
		return tx.ReleaseInbound(ctx, m)
	})
	return m, err
}
