package tasks

import (
	"context"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// held has the staff told of the mails that wait for their word, if there are new ones.
func (t *Tasks) held(ctx context.Context, _ durable.Task) error {
	return t.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		h, err := tx.Held(ctx)
		if err != nil || h.New == 0 {
			return err
		}
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		notice, mail, err := domain.TellHeld(ctx, tx, h, now)
		if err != nil {
			return err
		}
		tx.InsertNotice(notice, now)
		return tx.InsertHeldMail(ctx, mail)
	})
}
