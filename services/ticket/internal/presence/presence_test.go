package presence_test

import (
	"log/slog"
	"strconv"
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
	t    *testing.T
	now  time.Time
	last int64
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
	return b.reportOf(presence.Report{Person: person, Activity: a})
}

func (b *board) reportOf(r presence.Report) bool { return b.Report(b.t.Context(), 7, r) }

// next counts reports.
func (b *board) next() int64 {
	b.last++
	return b.last
}

func (b *board) at() map[string]presence.Activity {
	people := map[string]presence.Activity{}
	for _, e := range b.At(b.t.Context(), 7) {
		people[e.Person] = e.Activity
	}
	return people
}

// everyBoard runs a test on a board of each kind.
func everyBoard(t *testing.T, test func(t *testing.T, b *board)) {
	for name, url := range map[string]func(t *testing.T) string{
		"within the process": func(*testing.T) string { return "" },
		"Redis":              func(t *testing.T) string { return testkit.RedisServer(t).URL },
		"Redis is away":      func(*testing.T) string { return "unix:///tmp/altis-no-such.sock" },
	} {
		t.Run(name, func(t *testing.T) { test(t, start(t, url(t))) })
	}
}

func TestBoard(t *testing.T) {
	everyBoard(t, func(t *testing.T, b *board) {
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

// TestOvertaken: requests of a page that is left travel on several connections.
func TestOvertaken(t *testing.T) {
	everyBoard(t, func(t *testing.T, b *board) {
		say := func(page string, sequence int64, a presence.Activity) bool {
			return b.reportOf(presence.Report{Person: "sam", Page: page, Sequence: sequence, Activity: a})
		}
		require.True(t, say("one", 1, presence.Viewing))
		require.True(t, say("one", 3, presence.Left))
		require.False(t, say("one", 2, presence.Typing), "overtaken by the end of its page")
		require.Empty(t, b.at())
		require.True(t, say("two", 1, presence.Viewing), "another page has numbers of its own")
		require.False(t, say("one", 2, presence.Typing))
		require.Equal(t, map[string]presence.Activity{"sam": presence.Viewing}, b.at())
		b.now = b.now.Add(39 * time.Second)
		require.False(t, say("two", 2, presence.Viewing))
		require.False(t, say("one", 2, presence.Typing), "as long as a report counts")
		require.False(t, say("three", 2, presence.Left))
		require.False(t, say("three", 1, presence.Viewing), "not even its first report came in time")
		require.True(t, say("two", 3, presence.Left))
		require.Empty(t, b.at())
		require.True(t, say("one", 4, presence.Viewing), "the page was come back to")
		require.False(t, say("one", 4, presence.Viewing), "the same report twice")
	})
}

// TestTabs: closing one does not take a person away from the other.
func TestTabs(t *testing.T) {
	everyBoard(t, func(t *testing.T, b *board) {
		say := func(page string, a presence.Activity) bool {
			return b.reportOf(presence.Report{Person: "sam", Page: page, Sequence: b.next(), Activity: a})
		}
		require.True(t, say("one", presence.Typing))
		require.False(t, say("two", presence.Viewing), "who writes in one tab writes")
		require.False(t, b.report("sam", presence.Viewing), "a browser of the release before counts as one more")
		require.Equal(t, map[string]presence.Activity{"sam": presence.Typing}, b.at())
		require.True(t, say("one", presence.Left))
		require.Equal(t, map[string]presence.Activity{"sam": presence.Viewing}, b.at())
		require.False(t, b.report("sam", presence.Left))
		require.True(t, say("two", presence.Left))
		require.Empty(t, b.at())

		for range 8 {
			b.now = b.now.Add(time.Second)
			say(strconv.FormatInt(b.next(), 10), presence.Typing)
		}
		b.now = b.now.Add(time.Second)
		for range 8 {
			say(strconv.FormatInt(b.next(), 10), presence.Viewing)
		}
		require.Equal(t, map[string]presence.Activity{"sam": presence.Viewing}, b.at(), "more tabs than anybody has: the latest count")
	})
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
	require.NoError(t, client.HSet(t.Context(), "altis:presence:7", "mallory", "9 x", "eve", "", "zoe", "1 2 3 4", "max", "4 9999999999999").Err())
	require.Equal(t, map[string]presence.Activity{"sam": presence.Viewing}, other.at(), "what nobody understands is left out")

	server.Stop()
	require.Equal(t, map[string]presence.Activity{"sam": presence.Viewing}, one.at(), "what was reported here is known here")
	other.report("eve", presence.Typing)
	require.Equal(t, map[string]presence.Activity{"eve": presence.Typing}, other.at())
	server.Start()
	testkit.Eventually(t, func() bool { return one.report("sam", presence.Viewing) || other.at()["sam"] == presence.Viewing }, "shared again")
}

// TestReplicasShareABoardInEveryMode: what is written of a ticket is under one key.
func TestReplicasShareABoardInEveryMode(t *testing.T) {
	for name, group := range map[string]func(testing.TB) *testkit.RedisGroup{"Sentinel": testkit.RedisSentinel, "Cluster": testkit.RedisCluster} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := group(t)
			one, other := start(t, g.URL), start(t, g.URL)
			for ticket := range int64(20) {
				require.True(t, one.Report(t.Context(), ticket, presence.Report{Person: "sam", Activity: presence.Viewing}))
				require.Equal(t, []presence.Entry{{Person: "sam", Activity: presence.Viewing}}, other.At(t.Context(), ticket))
			}
		})
	}
}

// TestOvertakenAtAnotherReplica: the requests of one page may come to several processes.
func TestOvertakenAtAnotherReplica(t *testing.T) {
	server := testkit.RedisServer(t)
	one, other := start(t, server.URL), start(t, server.URL)
	say := func(b *board, sequence int64, a presence.Activity) bool {
		return b.reportOf(presence.Report{Person: "ben", Page: "p", Sequence: sequence, Activity: a})
	}
	require.True(t, say(one, 1, presence.Viewing))
	require.False(t, say(other, 2, presence.Viewing), "the other replica has told it")
	require.True(t, say(other, 4, presence.Left))
	require.False(t, say(one, 3, presence.Typing))
	require.Empty(t, one.at())
	require.Empty(t, other.at())
}
