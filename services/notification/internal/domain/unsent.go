package domain

import (
	"context"
	"time"
)

// Unsent starts the person's next contact when a delivery of a page that still waits has had no outcome for a while: its
// receiver is slow, or so busy that the delivery was not even sent. The delivery itself goes on. Called again it does
// nothing.
func (g Pager) Unsent(ctx context.Context, tx PageTx, page, delivery string, after time.Duration) error {
	p, err := tx.LockPage(ctx, page)
	if err != nil {
		return err
	}
	d, err := tx.Delivery(ctx, delivery)
	if err != nil || d.State != DeliveryQueued || d.Attempts > 0 || !p.State.Waiting() {
		return err
	}
	now, err := tx.Now(ctx)
	if err != nil {
		return err
	}
	_, err = g.passOn(ctx, tx, p, d, now, Entry{Kind: EntryUnsent, After: after})
	return err
}
