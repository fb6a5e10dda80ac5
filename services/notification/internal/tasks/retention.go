package tasks

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification/internal/store"
)

const retentionEvery = 24 * time.Hour

// Retention deletes what is over and old. It needs no durable task: a missed round is made up for by the next one, of any
// replica.
type Retention struct {
	Store     *store.Store
	KeepPages time.Duration // from a page's opening
	KeepMails time.Duration // from a mail's queuing, or a ticket's last event
	Spread    time.Duration // longest time to the first look, more than 0
	Logger    *slog.Logger
}

// Run prunes after a random part of Spread, so that replicas started together do not do it together, and then every day
// until ctx ends. It returns nil.
func (r *Retention) Run(ctx context.Context) error {
	next := time.NewTimer(rand.N(r.Spread)) //nolint:gosec // spreads load, guards nothing
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-next.C:
		}
		if err := r.prune(ctx); err != nil && ctx.Err() == nil {
			r.Logger.WarnContext(ctx, "old pages and mails not pruned", slog.Any("error", err))
		}
		next.Reset(retentionEvery)
	}
}

func (r *Retention) prune(ctx context.Context) error {
	return errors.Join(
		r.Store.PrunePages(ctx, r.KeepPages),
		r.Store.PruneBundles(ctx, r.KeepPages),
		r.Store.PruneMails(ctx, r.KeepMails),
		r.Store.PruneDutyMails(ctx, r.KeepMails),
		r.Store.PruneNotices(ctx, r.KeepMails),
		// Of a ticket that is not closed it must stay known which event ended its urgency: an older one may still arrive.
		r.Store.PruneTickets(ctx, r.KeepMails, closed),
	)
}

func closed(snapshot string) bool {
	var t eventv1.TicketSnapshot
	err := protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal([]byte(snapshot), &t)
	return err == nil && t.GetStatus() == ticketv1.TicketStatus_TICKET_STATUS_CLOSED
}
