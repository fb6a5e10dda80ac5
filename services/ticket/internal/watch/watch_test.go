package watch

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/live"
	"altis-dxp.com/support/services/ticket/internal/store"
)

// counted is a feed without changes.
type counted struct{ reads atomic.Int64 }

func (c *counted) FeedEnd(context.Context) (store.FeedPosition, error) {
	return store.FeedPosition{}, nil
}

func (c *counted) Feed(context.Context, store.FeedPosition, store.FeedFilter, int) ([]store.FeedEntry, error) {
	c.reads.Add(1)
	return nil, nil
}

func TestHintsAreFollowedForWatchersOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		feed, hub := &counted{}, live.NewLocal()
		tail := NewTail(feed, hub, slog.New(slog.DiscardHandler))
		ended := make(chan error)
		go func() { ended <- tail.Run(ctx) }()
		synctest.Wait()

		hub.Publish(ctx, live.Hint{})
		synctest.Wait()
		require.Zero(t, feed.reads.Load(), "nobody watches")

		w := tail.Watch(store.FeedFilter{})
		hub.Publish(ctx, live.Hint{})
		synctest.Wait()
		require.Positive(t, feed.reads.Load())

		w.Stop()
		stop()
		require.NoError(t, <-ended)
	})
}
