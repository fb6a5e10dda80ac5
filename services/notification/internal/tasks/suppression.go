package tasks

import (
	"context"
	"log/slog"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// suppress has a mail not be sent because mails to its address came back. The ledger says so.
func (t *Tasks) suppress(ctx context.Context, d domain.MailDelivery, s domain.Suppression) error {
	err := t.Store.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx *store.Tx) error {
		d, err := tx.LockMail(ctx, d.ID)
		if err != nil || d.State != domain.MailQueued {
			return err
		}
		d = d.Suppressed(s)
		if err := tx.SaveMail(ctx, d); err != nil {
			return err
		}
		return tellReturned(ctx, tx, d)
	})
	if err == nil {
		t.Logger.WarnContext(ctx, "mail not sent: its address is suppressed", slog.String("delivery", d.ID), slog.Int64("ticket", d.Ticket))
	}
	return err
}

// recordReturned writes into the ledger that a delivery came back, and keeps mail from its address if more would come back. What was no
// trouble of a day is told to the staff.
func recordReturned(ctx context.Context, tx *store.Tx, delivery string, r domain.Returned) error {
	d, err := tx.LockMail(ctx, delivery)
	if err != nil {
		return err
	}
	soft := 0
	if !r.Complaint {
		d = d.Bounced(r)
		if err := tx.SaveMail(ctx, d); err != nil {
			return err
		}
		if soft, err = tx.Bounces(ctx, d.Recipient.Person.Email, domain.SoftWindow); err != nil {
			return err
		}
	}
	reason, duration := r.Suppress(soft)
	if duration > 0 {
		s := domain.Suppression{Address: d.Recipient.Person.Email, Reason: reason, Detail: r.Answer().Said, Delivery: d.ID}
		if err := tx.Suppress(ctx, s, duration); err != nil {
			return err
		}
		if r.Complaint { // the mail itself has been read
			return tellReturned(ctx, tx, d.Suppressed(s))
		}
	}
	if duration > 0 || r.ForGood() {
		return tellReturned(ctx, tx, d)
	}
	return nil
}
