package testkit_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
)

type answer struct {
	status int
	body   string
	err    error
}

func post(ctx context.Context, url, body string) answer {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return answer{err: err}
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		return answer{err: err}
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return answer{status: res.StatusCode, body: string(text), err: err}
}

func TestReceiverRecordsAndAnswers(t *testing.T) {
	hook := testkit.Receiver(t)
	start := time.Now()
	require.Equal(t, answer{status: http.StatusOK}, post(t.Context(), hook.URL+"/page?to=a", "one"))

	hook.Respond(func(n int, r testkit.Request) testkit.Response {
		require.Equal(t, "two", string(r.Body))
		return testkit.Response{Status: http.StatusTeapot + n, Body: "short and stout", Delay: 20 * time.Millisecond}
	})
	require.Equal(t, answer{status: http.StatusTeapot + 2, body: "short and stout"}, post(t.Context(), hook.URL, "two"))
	requests := hook.Requests()
	require.Len(t, requests, 2)
	require.Equal(t, "/page?to=a", requests[0].Path)
	require.Equal(t, http.MethodPost, requests[0].Method)
	require.Equal(t, "one", string(requests[0].Body))
	require.WithinRange(t, requests[0].At, start, requests[1].At)
	require.GreaterOrEqual(t, time.Since(requests[1].At), 20*time.Millisecond)
}

func TestReceiverHangs(t *testing.T) {
	tests := []struct {
		name   string
		end    func(hook *testkit.Hook, cancel context.CancelFunc)
		status int
		err    error
	}{
		{name: "until released", end: func(hook *testkit.Hook, _ context.CancelFunc) { hook.Release() }, status: http.StatusAccepted},
		{name: "until the client gives up", end: func(_ *testkit.Hook, cancel context.CancelFunc) { cancel() }, err: context.Canceled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			hook := testkit.Receiver(t)
			hook.Respond(func(int, testkit.Request) testkit.Response {
				return testkit.Response{Status: http.StatusAccepted, Hang: true}
			})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			answers := make(chan answer, 1)
			go func() { answers <- post(ctx, hook.URL, "") }()
			testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "the request")
			require.Empty(t, answers)
			tt.end(hook, cancel)
			got := <-answers
			require.Equal(t, tt.status, got.status)
			require.ErrorIs(t, got.err, tt.err)
		})
	}
}

func TestReceiverDrips(t *testing.T) {
	hook := testkit.Receiver(t)
	hook.Respond(func(int, testkit.Request) testkit.Response { return testkit.Response{Drip: true} })
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(hook.URL, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	require.NoError(t, err)
	begun := make([]byte, 2)
	_, err = io.ReadFull(conn, begun)
	require.NoError(t, err)
	require.Equal(t, "HT", string(begun))
	hook.Release()
	rest, err := io.ReadAll(conn)
	require.NoError(t, err)
	require.NotContains(t, string(rest), "\r\n\r\n", "it has no end")
}

func TestReceiverGoesDownAndUpOnTheSamePort(t *testing.T) {
	hook := testkit.Receiver(t)
	hook.Respond(func(int, testkit.Request) testkit.Response { return testkit.Response{Hang: true} })
	answers := make(chan answer, 1)
	go func() { answers <- post(t.Context(), hook.URL, "") }()
	testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "the request")
	hook.Down()
	require.Error(t, (<-answers).err)
	require.ErrorIs(t, post(t.Context(), hook.URL, "").err, syscall.ECONNREFUSED)

	hook.Respond(nil)
	hook.Up()
	got := post(t.Context(), hook.URL, "")
	require.NoError(t, got.err)
	require.Equal(t, http.StatusOK, got.status)
}
