package domain

import (
	"context"
	"errors"

	"altis-dxp.com/support/pkg/fault"
)

// SecondPath says that the emergency mailbox pages about a ticket, because
// notification got a page to nobody in time.
type SecondPath struct {
	Page       string
	Occurrence int64
}

// Unpaged reports that the occurrence lasts and no provider has taken a page yet.
func (t Ticket) Unpaged(occurrence int64) bool {
	return t.Urgent() && t.Page.Occurrence == occurrence && (t.Page.State == PageNone || t.Page.State == PagePaging)
}

// PagedOnSecondPath records that the emergency mailbox has taken a page. What else
// happened meanwhile does not matter: notification must hear of it, to take the page
// over. A ticket that is gone is none.
func (d *Desk) PagedOnSecondPath(ctx context.Context, number int64, s SecondPath) error {
	err := d.Store.Update(ctx, true, func(ctx context.Context, tx Tx) error {
		t, err := tx.Ticket(ctx, ServiceViewer, number)
		if err != nil {
			return err
		}
		after := t
		if after.Page.Occurrence == s.Occurrence && after.Page.ID == "" {
			after.Page.ID = s.Page
		}
		c := d.change(Actor{Service: ServiceEmergency}, EventPageChanged, t, after)
		c.Event.Summary = "The on-call engineers are being paged on the second path"
		c.SecondPath = &s
		return tx.Save(ctx, c)
	})
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
