package presence_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/live"
	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/ticket/internal/presence"
)

func TestMain(m *testing.M) {
	// What the client says about the outages that these tests make is of no use.
	live.SetRedisLogger(slog.New(slog.DiscardHandler))
	goleak.VerifyTestMain(m)
}

// board is a board whose clock the test moves.
type board struct {
	*presence.Board
	t   *testing.T
	now time.Time
}

func open(t *testing.T, url string) redis.UniversalClient {
	t.Helper()
	if url == "" {
		return nil
	}
	client, err := live.OpenRedis(url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return client
}

func start(t *testing.T, url string) *board {
	b := &board{t: t, now: time.Now()}
	b.Board = presence.New(open(t, url), func() time.Time { return b.now }, slog.New(slog.DiscardHandler))
	return b
}

func (b *board) report(person string, a presence.Activity) bool {
	return b.Report(b.t.Context(), 7, person, a)
}

func (b *board) at() map[string]presence.Activity {
	people := map[string]presence.Activity{}
	for _, e := range b.At(b.t.Context(), 7) {
		people[e.Person] = e.Activity
	}
	return people
}

func TestBoard(t *testing.T) {
	for name, url := range map[string]func(t *testing.T) string{
		"within the process": func(*testing.T) string { return "" },
		"Redis":              func(t *testing.T) string { return testkit.RedisServer(t).URL },
		"Redis is away":      func(*testing.T) string { return "unix:///tmp/altis-no-such.sock" },
	} {
		t.Run(name, func(t *testing.T) {
			b := start(t, url(t))
			require.Empty(t, b.at())
			require.True(t, b.report("sam", presence.Viewing))
			require.False(t, b.report("sam", presence.Viewing), "a repetition is no news")
			require.True(t, b.report("sam", presence.Typing))
			require.True(t, b.report("eve", presence.Viewing))
			require.Equal(t, map[string]presence.Activity{"sam": presence.Typing, "eve": presence.Viewing}, b.at())
			require.Empty(t, b.At(t.Context(), 8), "at another ticket")

			b.now = b.now.Add(30 * time.Second)
			require.False(t, b.report("eve", presence.Viewing))
			b.now = b.now.Add(15 * time.Second)
			require.Equal(t, map[string]presence.Activity{"eve": presence.Viewing}, b.at(), "who reports no more is gone")
			require.True(t, b.report("eve", presence.Left))
			require.False(t, b.report("eve", presence.Left))
			require.Empty(t, b.at())
			require.True(t, b.report("sam", presence.Viewing), "back again")
		})
	}
}

func TestReplicasShareABoard(t *testing.T) {
	server := testkit.RedisServer(t)
	one, other := start(t, server.URL), start(t, server.URL)
	one.report("sam", presence.Viewing)
	require.Equal(t, map[string]presence.Activity{"sam": presence.Viewing}, other.at())

	client := open(t, server.URL)
	require.NoError(t, client.FlushAll(t.Context()).Err())
	require.Empty(t, other.at())
	one.report("sam", presence.Viewing)
	require.Equal(t, map[string]presence.Activity{"sam": presence.Viewing}, other.at(), "the next report brings it back")
	require.NoError(t, client.HSet(t.Context(), "altis:presence:7", "mallory", "9 x", "eve", "").Err())
	require.Equal(t, map[string]presence.Activity{"sam": presence.Viewing}, other.at(), "what nobody understands is left out")

	server.Stop()
	require.Empty(t, other.at())
	require.Equal(t, map[string]presence.Activity{"sam": presence.Viewing}, one.at(), "what was reported here is known here")
	other.report("eve", presence.Typing)
	require.Equal(t, map[string]presence.Activity{"eve": presence.Typing}, other.at())
	server.Start()
	testkit.Eventually(t, func() bool { return one.report("sam", presence.Viewing) || other.at()["sam"] == presence.Viewing }, "shared again")
}
