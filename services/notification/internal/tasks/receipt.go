package tasks

import (
	"context"
	"errors"
	"log/slog"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
	"altis-dxp.com/support/services/notification/internal/twilio"
)

// askReceipt asks the provider whether what it took arrived. As long as it does not know it is asked again, a few times.
func (t *Tasks) askReceipt(ctx context.Context, task durable.Task) error {
	r, err := decode[domain.Receipt](task)
	if err != nil {
		return err
	}
	asking, cancel := context.WithTimeout(ctx, t.AttemptTimeout)
	defer cancel()
	outcome, answer, err := twilio.Ask(asking, t.Webhooks, t.SMS, r.ID)
	if err != nil {
		t.Logger.WarnContext(ctx, "cannot see whether a page arrived", slog.String("delivery", r.Delivery), slog.Any("error", err))
	}
	switch outcome {
	case twilio.Arrived:
		return nil
	case twilio.Failed:
		t.Logger.WarnContext(ctx, "page not delivered", slog.String("delivery", r.Delivery), slog.String("page", r.Page), slog.String("verdict", "undelivered"))
		return t.undelivered(ctx, r, answer)
	default:
		r.Round++
		return t.Store.Update(ctx, sqldb.Op{}, func(_ context.Context, tx *store.Tx) error {
			tx.AskLater(r)
			return nil
		})
	}
}

// undelivered records for each page of a message that it did not arrive.
func (t *Tasks) undelivered(ctx context.Context, r domain.Receipt, answer domain.Answer) error {
	deliveries := []domain.BundleMember{{Delivery: domain.Delivery{ID: r.Delivery, Page: r.Page}}}
	if r.Bundle != "" {
		b, err := t.Store.Bundle(ctx, r.Bundle)
		if err != nil && !errors.Is(err, fault.NotFound) {
			return err
		}
		deliveries = b.Members
	}
	for _, d := range deliveries {
		err := t.Store.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
			return t.Pager.Undelivered(ctx, tx, d.Page, d.ID, answer)
		})
		if err != nil && !errors.Is(err, fault.NotFound) { // it was pruned since
			return err
		}
	}
	return nil
}
