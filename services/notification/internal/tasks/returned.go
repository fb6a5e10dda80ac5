package tasks

import (
	"context"
	"errors"
	"fmt"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/intake"
	"altis-dxp.com/support/services/notification/internal/store"
)

// tellReturned has the staff told, once of each ticket and address, that a mail has not reached somebody. Of their own mails
// nothing is told: that would be one more mail that does not reach them.
func tellReturned(ctx context.Context, tx *store.Tx, d domain.MailDelivery) error {
	if d.Ticket == 0 || d.Recipient.ToStaff() {
		return nil
	}
	state, err := tx.Ticket(ctx, d.Ticket)
	if errors.Is(err, fault.NotFound) || err == nil && state.Hidden { // the staff is told nothing of those
		return nil
	}
	if err != nil {
		return err
	}
	c, err := intake.Present(state.Snapshot)
	if err != nil {
		return fmt.Errorf("snapshot of ticket %d: %w", d.Ticket, err)
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	notice, mail, err := domain.TellReturned(ctx, tx, c, d, now)
	if err != nil {
		return err
	}
	fresh, err := tx.InsertNoticeOnce(ctx, notice, now)
	if err != nil || !fresh {
		return err
	}
	return tx.InsertMails(ctx, []domain.Outgoing{mail})
}
