package tasks

import (
	"context"
	"log/slog"
	"time"

	"altis-dxp.com/support/services/notification/internal/store"
)

// Together they are less than a minute: the time in which somebody must be able to know.
const (
	stuckMailAge   = 30 * time.Second
	stuckMailEvery = 15 * time.Second
)

// StuckMails says in the log and by a metric when mails are not sent, whatever the cause: the rows tell it, not the tasks. Another
// metric says for how long a mail that came in has waited for a person's word.
type StuckMails struct{ Tasks *Tasks }

// Run looks until ctx ends. It returns nil.
func (m *StuckMails) Run(ctx context.Context) error {
	return m.run(ctx, func(ctx context.Context) (store.StuckMails, error) {
		age, err := m.Tasks.Store.OldestHeld(ctx)
		if err != nil {
			return store.StuckMails{}, err
		}
		m.Tasks.Instruments.HeldAge.Record(ctx, int64(age.Seconds()))
		return m.Tasks.Store.StuckMails(ctx, stuckMailAge)
	})
}

func (m *StuckMails) run(ctx context.Context, look func(context.Context) (store.StuckMails, error)) error {
	next := time.NewTicker(stuckMailEvery)
	defer next.Stop()
	stuck, failing := false, false
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-next.C:
		}
		found, err := look(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			if !failing {
				m.Tasks.Logger.WarnContext(ctx, "cannot see whether mails are stuck; it is tried again", slog.Any("error", err))
			}
			failing = true
			continue
		}
		failing = false
		m.Tasks.Instruments.StuckMails.Record(ctx, found.Count)
		switch {
		case found.Count > 0 && !stuck:
			m.Tasks.Logger.ErrorContext(ctx, "mails are stuck: they are tried on, see the last answers in the ledger",
				slog.Int64("mails", found.Count), slog.Duration("oldest", found.Oldest))
		case found.Count == 0 && stuck:
			m.Tasks.Logger.InfoContext(ctx, "no mail is stuck any more")
		}
		stuck = found.Count > 0
	}
}
