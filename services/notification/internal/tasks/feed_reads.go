package tasks

import (
	"context"
	"log/slog"

	"altis-dxp.com/support/services/notification/internal/store"
)

// feedReadsWaiting is how many reads of calendars may wait to be noted. More are passed over: the next read is noted as well.
const feedReadsWaiting = 64

// FeedReads notes when calendars are read, beside the answers: whoever reads one does not wait for a write, and has the
// calendar though the note fails.
type FeedReads struct {
	store   *store.Store
	logger  *slog.Logger
	waiting chan string
}

// NewFeedReads returns FeedReads that note what they are told of while they run.
func NewFeedReads(s *store.Store, logger *slog.Logger) *FeedReads {
	return &FeedReads{store: s, logger: logger, waiting: make(chan string, feedReadsWaiting)}
}

// Note has it noted that a feed is read now. It never waits.
func (r *FeedReads) Note(feed string) {
	select {
	case r.waiting <- feed:
	default:
	}
}

// Run notes until ctx ends. It returns nil.
func (r *FeedReads) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case feed := <-r.waiting:
			if err := r.store.CalendarFeedRead(ctx, feed); err != nil && ctx.Err() == nil {
				r.logger.WarnContext(ctx, "not noted that a calendar was read", slog.String("feed", feed), slog.Any("error", err))
			}
		}
	}
}
