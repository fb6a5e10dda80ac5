package lifecycle_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/lifecycle"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errBroken = errors.New("broken")

func TestStackClosesInReverseAndNamesEveryError(t *testing.T) {
	var order []string
	var stack lifecycle.Stack
	for _, name := range []string{"database", "queue", "server"} {
		stack.Push(name, func(context.Context) error {
			order = append(order, name)
			if name == "queue" {
				return nil
			}
			return errBroken
		})
	}

	err := stack.Close(t.Context())
	require.Equal(t, []string{"server", "queue", "database"}, order)
	require.ErrorIs(t, err, errBroken)
	require.EqualError(t, err, "close server: broken\nclose database: broken")

	require.NoError(t, stack.Close(t.Context()))
	require.Len(t, order, 3)
}

func TestStackRunsEveryCleanupAfterTheDeadline(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var stack lifecycle.Stack
	ran := false
	stack.Push("database", func(context.Context) error { ran = true; return nil })
	stack.Push("server", func(ctx context.Context) error { cancel(); return ctx.Err() })

	require.ErrorIs(t, stack.Close(ctx), context.Canceled)
	require.True(t, ran)
}

func untilDone(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestGroup(t *testing.T) {
	tests := []struct {
		name  string
		loops map[string]func(ctx context.Context) error
		stop  bool // end the parent's context
		want  string
	}{
		{
			name: "a failure ends the others and is named",
			loops: map[string]func(ctx context.Context) error{
				"server": untilDone,
				"queue":  func(context.Context) error { return errBroken },
			},
			want: "queue: broken",
		},
		{
			name:  "an ordered end is no failure",
			loops: map[string]func(ctx context.Context) error{"server": untilDone},
			stop:  true,
		},
		{
			name: "a failure to end is reported",
			loops: map[string]func(ctx context.Context) error{
				"server": func(ctx context.Context) error { <-ctx.Done(); return errBroken },
			},
			stop: true,
			want: "server: broken",
		},
		{
			name: "a cancelled call of a running loop is a failure",
			loops: map[string]func(ctx context.Context) error{
				"queue": func(context.Context) error { return context.Canceled },
			},
			want: "queue: context canceled",
		},
		{
			name:  "a loop may end by itself",
			loops: map[string]func(ctx context.Context) error{"import": func(context.Context) error { return nil }},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			group := lifecycle.NewGroup(ctx)
			for name, fn := range tt.loops {
				group.Go(name, fn)
			}
			if tt.stop {
				cancel()
			}
			err := group.Wait()
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, tt.want)
		})
	}
}

func TestListenNamesTheFlagOfATakenPort(t *testing.T) {
	first, err := lifecycle.Listen(t.Context(), "127.0.0.1:0", "--http")
	require.NoError(t, err)
	defer first.Close()
	addr := first.Addr().String()

	_, err = lifecycle.Listen(t.Context(), addr, "--http")
	require.EqualError(t, err, "address "+addr+" is in use: choose another with --http")
	require.ErrorIs(t, err, syscall.EADDRINUSE)

	_, err = lifecycle.Listen(t.Context(), "127.0.0.1:http-alt-of-nobody", "--admin")
	require.ErrorContains(t, err, "--admin")
}

func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	// A kept connection would outlive the test.
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(text)
}

func TestAdmin(t *testing.T) {
	listener, err := lifecycle.Listen(t.Context(), "127.0.0.1:0", "--admin")
	require.NoError(t, err)
	var database error
	admin := lifecycle.NewAdmin(listener,
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "rpcs_total 3\n") }),
		lifecycle.Check{Name: "database", Do: func(context.Context) error { return database }},
		lifecycle.Check{Name: "queue", Do: func(context.Context) error { return nil }, Note: func() string { return "empty" }},
	).Handle("GET /tasks/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.Path) }))
	ctx, cancel := context.WithCancel(t.Context())
	group := lifecycle.NewGroup(ctx)
	group.Go("admin", admin.Run)
	base := "http://" + listener.Addr().String()

	status, body := get(t, base+"/livez")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "ok\n", body)

	status, body = get(t, base+"/metrics")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "rpcs_total 3\n", body)

	status, body = get(t, base+"/readyz")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "database: ok\nqueue: ok (empty)\n", body)
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	for _, address := range []string{listener.Addr().String(), ":" + port, "0.0.0.0:" + port, "[::]:" + port} {
		require.NoError(t, lifecycle.Ready(t.Context(), address))
	}

	status, body = get(t, base+"/tasks/parked")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "/tasks/parked", body)

	database = errBroken
	status, body = get(t, base+"/readyz")
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Equal(t, "database: broken\nqueue: ok (empty)\n", body)
	require.EqualError(t, lifecycle.Ready(t.Context(), ":"+port), "not ready: database: broken\nqueue: ok (empty)")
	status, _ = get(t, base+"/livez")
	require.Equal(t, http.StatusOK, status)

	cancel()
	require.NoError(t, group.Wait())
	_, err = http.Get(base + "/livez")
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	require.ErrorIs(t, lifecycle.Ready(t.Context(), ":"+port), syscall.ECONNREFUSED)
}

func TestAdminReadinessDoesNotWaitForAHungCheck(t *testing.T) {
	listener, err := lifecycle.Listen(t.Context(), "127.0.0.1:0", "--admin")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	group := lifecycle.NewGroup(ctx)
	group.Go("admin", lifecycle.NewAdmin(listener, http.NotFoundHandler(), lifecycle.Check{Name: "database", Do: untilDone}).Run)

	status, body := get(t, "http://"+listener.Addr().String()+"/readyz")
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Equal(t, "database: context deadline exceeded\n", body)

	cancel()
	require.NoError(t, group.Wait())
}

func TestAdminEndsBeforeItServes(t *testing.T) {
	listener, err := lifecycle.Listen(t.Context(), "127.0.0.1:0", "--admin")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, lifecycle.NewAdmin(listener, http.NotFoundHandler()).Run(ctx))
	_, err = http.Get("http://" + listener.Addr().String() + "/livez")
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
}
