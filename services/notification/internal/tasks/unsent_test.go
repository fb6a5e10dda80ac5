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
)

// looks runs an Unsent in a bubble until each of the outcomes was that of a look, and returns when those were, from the
// start, and what was logged.
func looks(t *testing.T, outcomes ...error) (at []time.Duration, logged []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var text strings.Builder
		u := &Unsent{Tasks: &Tasks{Logger: slog.New(slog.NewTextHandler(&text, nil))}, After: 2 * time.Second}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		begun := time.Now()
		require.NoError(t, u.run(ctx, func(context.Context) error {
			at = append(at, time.Since(begun))
			if len(at) > len(outcomes) {
				cancel()
				return ctx.Err()
			}
			return outcomes[len(at)-1]
		}))
		logged = strings.Split(strings.TrimSpace(text.String()), "\n")
	})
	return at, logged
}

// TestWhatWaitedForTheServiceIsNotUnsent: after a pause everything that is queued is old, and is about to be sent.
func TestWhatWaitedForTheServiceIsNotUnsent(t *testing.T) {
	at, logged := looks(t, nil)
	require.Equal(t, []time.Duration{2 * time.Second, 2500 * time.Millisecond}, at)
	require.Equal(t, []string{""}, logged)
}

func TestTroubleIsLoggedOnceAndItsEnd(t *testing.T) {
	away := errors.New("the database is away")
	at, logged := looks(t, away, away, away, nil, nil, away)
	require.Len(t, at, 7)
	require.Len(t, logged, 3, "%s", logged)
	require.Contains(t, logged[0], "level=WARN")
	require.Contains(t, logged[0], "the database is away")
	require.Contains(t, logged[1], "level=INFO")
	require.Contains(t, logged[2], "level=WARN")
}
