package gateway

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
)

func TestAccessTokensAreKeptUntilAMinuteBeforeTheyExpire(t *testing.T) {
	w := setup(t)
	for range 3 {
		require.Equal(t, http.StatusOK, w.call("GET", "/v1/me", "").StatusCode)
	}
	require.EqualValues(t, 1, w.identity.exchanges.Load())
	w.clock.Advance(9*time.Minute - time.Second)
	w.call("GET", "/v1/me", "")
	require.EqualValues(t, 1, w.identity.exchanges.Load())
	w.clock.Advance(time.Second)
	require.Equal(t, http.StatusOK, w.call("GET", "/v1/me", "").StatusCode)
	require.EqualValues(t, 2, w.identity.exchanges.Load())
}

func TestRefusalsAreNotKept(t *testing.T) {
	w := setup(t)
	for n := range 2 {
		require.Equal(t, http.StatusUnauthorized, w.call("GET", "/v1/me", "", bearer("altis_bad")).StatusCode)
		require.EqualValues(t, n+1, w.identity.exchanges.Load())
	}
}

func TestRequestsTogetherShareOneExchange(t *testing.T) {
	w := setup(t)
	gate := make(chan struct{})
	w.identity.gate.Store(&gate)
	const n = 20
	statuses := make(chan int, n)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"/v1/me", nil)
			if err != nil {
				statuses <- 0
				return
			}
			bearer("altis_good")(r)
			resp, err := w.client.Do(r)
			if err != nil {
				statuses <- 0
				return
			}
			statuses <- resp.StatusCode
			_ = resp.Body.Close()
		})
	}
	testkit.Eventually(t, func() bool { return w.identity.exchanges.Load() == 1 }, "an exchange begins")
	close(gate)
	wg.Wait()
	for range n {
		require.Equal(t, http.StatusOK, <-statuses)
	}
	require.EqualValues(t, 1, w.identity.exchanges.Load())
}

// TestRevokedTokenIsRenewed is what happens when a person's role changes: the session goes on with a new token, and no
// request fails.
func TestRevokedTokenIsRenewed(t *testing.T) {
	w := setup(t)
	require.Equal(t, http.StatusOK, w.call("GET", "/v1/me", "").StatusCode)
	w.clock.Advance(time.Second)
	at := w.clock.Now()
	w.identity.revoked.Store(&at)
	testkit.Eventually(t, func() bool {
		require.Equal(t, http.StatusOK, w.call("GET", "/v1/me", "").StatusCode)
		return w.identity.exchanges.Load() == 2
	}, "the token is renewed")
}

func TestIdentityAway(t *testing.T) {
	w := setup(t)
	require.Equal(t, http.StatusOK, w.call("GET", "/v1/me", "").StatusCode)
	w.identity.away.Store(true)
	a := w.call("GET", "/v1/me", "", bearer("altis_other"))
	require.Equal(t, http.StatusServiceUnavailable, a.StatusCode, "nobody is told to log in again")
	require.NotEmpty(t, a.Header.Get("Retry-After"))

	w.clock.Advance(9*time.Minute + 30*time.Second)
	require.Equal(t, http.StatusOK, w.call("GET", "/v1/me", "").StatusCode, "the last token still counts")
	w.clock.Advance(time.Minute)
	a = w.call("GET", "/v1/me", "")
	require.Equal(t, http.StatusServiceUnavailable, a.StatusCode, "it has expired, and the method takes no such token")
	require.Equal(t, "IDENTITY_UNAVAILABLE", a.problem.Reason)

	w.identity.away.Store(false)
	w.clock.Advance(awayPause)
	require.Equal(t, http.StatusOK, w.call("GET", "/v1/me", "").StatusCode)
}

func TestTokensAreBounded(t *testing.T) {
	clock := testkit.NewClock(time.Now())
	tokens := newTokens(nil, limits{}, clock.Now)
	for n := range maxCached {
		tokens.keep(fmt.Sprint(n), "token", time.Minute)
	}
	clock.Advance(2 * time.Minute)
	tokens.keep("new", "token", time.Minute)
	require.Len(t, tokens.cached, 1, "what has expired goes first")
}
