package tasks

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/metric/noop"

	"altis-dxp.com/support/services/notification/internal/store"
)

func TestStuckMailsAreLoggedOnceAndTheirEnd(t *testing.T) {
	require.Less(t, stuckMailAge+stuckMailEvery, time.Minute)
	instruments, err := NewInstruments(noop.NewMeterProvider().Meter(""))
	require.NoError(t, err)
	stuck, away := store.StuckMails{Count: 3, Oldest: 40 * time.Second}, errors.New("the database is away")
	outcomes := []struct {
		found store.StuckMails
		err   error
	}{{}, {found: stuck}, {found: stuck}, {err: away}, {err: away}, {found: stuck}, {}, {}, {found: stuck}}
	synctest.Test(t, func(t *testing.T) {
		var text strings.Builder
		m := &StuckMails{&Tasks{Logger: slog.New(slog.NewTextHandler(&text, nil)), Instruments: instruments}}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		looks := 0
		require.NoError(t, m.run(ctx, func(context.Context) (store.StuckMails, error) {
			if looks == len(outcomes) {
				cancel()
				return store.StuckMails{}, ctx.Err()
			}
			looks++
			return outcomes[looks-1].found, outcomes[looks-1].err
		}))
		logged := strings.Split(strings.TrimSpace(text.String()), "\n")
		require.Len(t, logged, 4, "%s", logged)
		require.Contains(t, logged[0], "level=ERROR")
		require.Contains(t, logged[0], "mails=3 oldest=40s")
		require.Contains(t, logged[1], "the database is away")
		require.Contains(t, logged[2], "level=INFO")
		require.Contains(t, logged[3], "level=ERROR")
	})
}
