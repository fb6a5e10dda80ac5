package tasks

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// watchdogTopic has one open page at most, however many replicas see the stall.
const watchdogTopic = "watchdog"

// Watchdog pages the fallback list when pages wait too long to be sent. It sends by itself: what keeps the page lane from
// running would keep its own page as well.
type Watchdog struct {
	Tasks     *Tasks
	OldestDue func(ctx context.Context, lane durable.Lane) (time.Duration, error)
	NewID     func() string
	Every     time.Duration
	Limit     time.Duration

	late bool // at the last look
}

// Run looks every Every until ctx ends. It returns nil.
func (w *Watchdog) Run(ctx context.Context) error {
	tick := time.NewTicker(w.Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := w.look(ctx); err != nil && ctx.Err() == nil {
			w.Tasks.Logger.WarnContext(ctx, "the watchdog could not look", slog.Any("error", err))
		}
	}
}

func (w *Watchdog) look(ctx context.Context) error {
	age, err := w.OldestDue(ctx, durable.LanePage)
	if err != nil {
		return err
	}
	if age <= w.Limit {
		w.late = false
		return w.clear(ctx)
	}
	if !w.late {
		// A clock that was set, and a machine that stood still, make pages late that are sent at once.
		w.late = true
		return nil
	}
	id := w.NewID()
	var page *domain.Page
	err = w.Tasks.Store.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
		if page, err = tx.LockOpenPage(ctx, watchdogTopic); err != nil || page != nil {
			return err
		}
		page, err = w.Tasks.Pager.Open(ctx, tx, domain.Opening{
			ID: domain.Hash("watchdog", id), Topic: watchdogTopic, Fallback: true,
			Incident: domain.Incident{
				Subject: "pages wait and are not sent", Urgent: true, Verified: true,
				Reason: "the oldest one has been due for " + age.Round(time.Second).String(),
			},
		})
		return err
	})
	if err != nil || page.ID != domain.Hash("watchdog", id) {
		return err // known already
	}
	w.Tasks.Instruments.Watchdog.Add(ctx, 1)
	w.Tasks.Logger.ErrorContext(ctx, "pages wait and are not sent", slog.Duration("oldest", age), slog.String("page", page.ID))
	return w.send(ctx, page.ID)
}

// send makes the first attempt of every delivery, side by side. The lane makes the others.
func (w *Watchdog) send(ctx context.Context, page string) error {
	deliveries, err := w.Tasks.Store.PageDeliveries(ctx, page)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	for _, d := range deliveries {
		wg.Go(func() {
			if err := w.Tasks.attemptNow(ctx, d.ID, true); err != nil {
				w.Tasks.Logger.ErrorContext(ctx, "the watchdog's page was not delivered", slog.String("delivery", d.ID), slog.Any("error", err))
			}
		})
	}
	wg.Wait()
	return nil
}

// clear ends the watchdog's page once pages are sent again.
func (w *Watchdog) clear(ctx context.Context) error {
	open, err := w.Tasks.Store.HasOpenPage(ctx, watchdogTopic)
	if err != nil || !open {
		return err
	}
	return w.Tasks.Store.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
		p, err := tx.LockOpenPage(ctx, watchdogTopic)
		if err != nil || p == nil {
			return err
		}
		return w.Tasks.Pager.Resolve(ctx, tx, p, domain.Entry{Kind: domain.EntryPagesSent})
	})
}
