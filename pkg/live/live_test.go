package live_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/pkg/live"
	"altis-dxp.com/support/pkg/testkit"
)

func TestMain(m *testing.M) {
	// What the client says about the outages that these tests make is of no use.
	live.SetRedisLogger(slog.New(slog.DiscardHandler))
	goleak.VerifyTestMain(m)
}

// replica is what a process has of this package.
type replica interface {
	live.Hub
	live.Bell
}

func open(t *testing.T, url string) redis.UniversalClient {
	t.Helper()
	client, err := live.OpenRedis(url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return client
}

// start runs a replica until the test ends.
func start(t *testing.T, url, prefix string) *live.Redis {
	t.Helper()
	r := live.NewRedis(open(t, url), prefix, slog.New(slog.NewTextHandler(t.Output(), nil)))
	group := lifecycle.NewGroup(t.Context())
	group.Go("live", r.Run)
	t.Cleanup(func() { require.NoError(t, group.Wait()) })
	return r
}

func TestOneProcess(t *testing.T) {
	replicas := map[string]func(t *testing.T) replica{
		"local":              func(*testing.T) replica { return live.NewLocal() },
		"redis":              func(t *testing.T) replica { return start(t, testkit.Redis(t), "altis:") },
		"redis, always away": func(t *testing.T) replica { return start(t, "unix:///tmp/altis-no-such.sock", "altis:") },
		"redis, not running": func(t *testing.T) replica {
			return live.NewRedis(open(t, testkit.Redis(t)), "altis:", slog.New(slog.DiscardHandler))
		},
	}
	for name, make := range replicas {
		t.Run(name+"/every subscriber gets each hint once", func(t *testing.T) {
			r := make(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			first, second := r.Subscribe(ctx), r.Subscribe(ctx)
			want := []live.Hint{{Organization: "o1", Ticket: "t1", Sequence: 1}, {Organization: "o1", Ticket: "t2", Sequence: 7}}
			for _, hint := range want {
				r.Publish(ctx, hint)
			}
			for _, hint := range want {
				require.Equal(t, hint, <-first)
				require.Equal(t, hint, <-second)
			}
			cancel()
			for _, ch := range []<-chan live.Hint{first, second} {
				hint, ok := <-ch
				require.False(t, ok, "%v", hint)
			}
		})
		t.Run(name+"/a slow subscriber holds up nobody", func(t *testing.T) {
			r := make(t)
			slow := r.Subscribe(t.Context())
			for i := range int64(10_000) {
				r.Publish(t.Context(), live.Hint{Ticket: "t1", Sequence: i})
			}
			require.NotEmpty(t, slow)
			require.Less(t, len(slow), 10_000)
			require.EqualValues(t, 0, (<-slow).Sequence)
		})
		t.Run(name+"/rings of a topic come as one", func(t *testing.T) {
			r := make(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			page, mail := r.Listen(ctx, "page"), r.Listen(ctx, "mail")
			r.Ring("page")
			r.Ring("page")
			<-page
			require.Empty(t, page)
			require.Empty(t, mail)
			r.Ring("page")
			<-page
			cancel()
			_, ok := <-page
			require.False(t, ok)
			_, ok = <-mail
			require.False(t, ok)
			r.Ring("page")
		})
	}
}

func TestSubscribersComeAndGoDuringPublishing(t *testing.T) {
	local := live.NewLocal()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				ctx, cancel := context.WithCancel(t.Context())
				hints, bell := local.Subscribe(ctx), local.Listen(ctx, "page")
				local.Publish(ctx, live.Hint{})
				local.Ring("page")
				<-hints
				<-bell
				cancel()
			}
		})
	}
	wg.Wait()
}

// hears waits until a hint published by one replica reaches the subscriber of
// another, which takes as long as its subscription does.
func hears(t *testing.T, from live.Hub, to <-chan live.Hint, hint live.Hint) {
	t.Helper()
	testkit.Eventually(t, func() bool {
		from.Publish(t.Context(), hint)
		for {
			select {
			case got := <-to:
				if got == hint {
					return true
				}
			default:
				return false
			}
		}
	}, "hint %v", hint)
}

func rings(t *testing.T, from live.Bell, to <-chan struct{}, topic string) {
	t.Helper()
	testkit.Eventually(t, func() bool {
		from.Ring(topic)
		select {
		case <-to:
			return true
		default:
			return false
		}
	}, "bell %s", topic)
}

func TestReplicasReachEachOtherThroughRedis(t *testing.T) {
	url := testkit.Redis(t)
	first, second, stranger := start(t, url, "altis:"), start(t, url, "altis:"), start(t, url, "other:")
	hints, strange := second.Subscribe(t.Context()), stranger.Subscribe(t.Context())
	page, mail := second.Listen(t.Context(), "page"), second.Listen(t.Context(), "mail")

	hears(t, first, hints, live.Hint{Organization: "o1", Ticket: "t1", Sequence: 3})
	rings(t, first, page, "page")
	require.Empty(t, mail)
	require.Empty(t, strange)
}

func TestReplicaHearsItsOwnHintOnlyOnce(t *testing.T) {
	url := testkit.Redis(t)
	first, second := start(t, url, "altis:"), start(t, url, "altis:")
	own, others := first.Subscribe(t.Context()), second.Subscribe(t.Context())
	// Both ways are open once a hint has come through either.
	hears(t, second, own, live.Hint{Ticket: "from second"})
	hears(t, first, others, live.Hint{Ticket: "from first"})
	for len(own) > 0 {
		<-own
	}

	first.Publish(t.Context(), live.Hint{Ticket: "once"})
	// One connection delivers in order: when the marker is with second, "once" has
	// been through Redis, and its echo would reach first before the last hint.
	hears(t, first, others, live.Hint{Ticket: "marker"})
	second.Publish(t.Context(), live.Hint{Ticket: "last"})
	count := 0
	for hint := range own {
		switch hint.Ticket {
		case "once":
			count++
		case "last":
			require.Equal(t, 1, count)
			return
		}
	}
}

func TestReplicasFindEachOtherAgainAfterAnOutage(t *testing.T) {
	server := testkit.RedisServer(t)
	first, second := start(t, server.URL, "altis:"), start(t, server.URL, "altis:")
	own, others := first.Subscribe(t.Context()), second.Subscribe(t.Context())
	hears(t, first, others, live.Hint{Ticket: "before"})

	server.Stop()
	hears(t, first, own, live.Hint{Ticket: "during"})

	server.Start()
	hears(t, first, others, live.Hint{Ticket: "after"})
}

func TestRunFailsWhenItsClientIsClosed(t *testing.T) {
	client, err := live.OpenRedis(testkit.Redis(t))
	require.NoError(t, err)
	r := live.NewRedis(client, "altis:", slog.New(slog.DiscardHandler))
	require.NoError(t, client.Close())
	require.ErrorIs(t, r.Run(t.Context()), redis.ErrClosed)
}

func TestMalformedMessagesAreIgnored(t *testing.T) {
	url := testkit.Redis(t)
	first, second := start(t, url, "altis:"), start(t, url, "altis:")
	hints := second.Subscribe(t.Context())
	hears(t, first, hints, live.Hint{Ticket: "before"})
	require.NoError(t, open(t, url).Publish(t.Context(), "altis:live", "{").Err())
	hears(t, first, hints, live.Hint{Ticket: "after"})
}

func TestOpenRedis(t *testing.T) {
	tests := []struct {
		name   string
		target string
		want   redis.UniversalClient
		err    string
	}{
		{name: "one server", target: "redis://localhost:6379/2", want: &redis.Client{}},
		{name: "TLS", target: "rediss://user:secret@redis.example.com", want: &redis.Client{}},
		{name: "sentinel", target: "redis://localhost:26379/0?master_name=altis&addr=localhost:26380", want: &redis.Client{}},
		{name: "cluster", target: "redis://localhost:7000?addr=localhost:7001", want: &redis.ClusterClient{}},
		{name: "another scheme", target: "http://localhost", err: "scheme"},
		{name: "malformed, with a password", target: "redis://user:secret@local host", err: "malformed"},
		{name: "unknown option", target: "redis://localhost?colour=red", err: "colour"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			client, err := live.OpenRedis(tt.target)
			if tt.err != "" {
				require.ErrorContains(t, err, tt.err)
				require.NotContains(t, err.Error(), "secret")
				return
			}
			require.NoError(t, err)
			require.IsType(t, tt.want, client)
			require.NoError(t, client.Close())
		})
	}
}
