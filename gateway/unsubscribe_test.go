package gateway

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// fakeCopies knows one link, of ticket 7.
type fakeCopies struct {
	notificationv1.UnimplementedMailServiceServer
	stopped atomic.Int64
	away    atomic.Bool
	named   atomic.Bool // somebody called with a token of their own
}

func (f *fakeCopies) find(ctx context.Context, token string) (*notificationv1.Copies, error) {
	if auth.FromContext(ctx).User != nil {
		f.named.Store(true)
	}
	switch {
	case f.away.Load():
		return nil, fault.New(fault.Unavailable, "AWAY", "away")
	case token != "good":
		return nil, fault.New(fault.NotFound, "LINK_INVALID", "the link is not valid")
	}
	return &notificationv1.Copies{Ticket: 7}, nil
}

func (f *fakeCopies) GetCopies(ctx context.Context, req *notificationv1.GetCopiesRequest) (*notificationv1.Copies, error) {
	return f.find(ctx, req.GetToken())
}

func (f *fakeCopies) StopCopies(ctx context.Context, req *notificationv1.StopCopiesRequest) (*notificationv1.Copies, error) {
	copies, err := f.find(ctx, req.GetToken())
	if err == nil {
		f.stopped.Add(1)
	}
	return copies, err
}

func TestACCGetsNoMoreCopiesByOneClick(t *testing.T) {
	w := setup(t)
	visit := func(method, token, body string, edits ...edit) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, w.url+unsubscribePath+token, strings.NewReader(body))
		require.NoError(t, err)
		for _, e := range edits {
			e(r)
		}
		resp, err := w.client.Do(r)
		require.NoError(t, err)
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.Equal(t, "text/html; charset=utf-8", resp.Header.Get("Content-Type"), string(text))
		require.Equal(t, "no-store", resp.Header.Get("Cache-Control"))
		require.Equal(t, "no-referrer", resp.Header.Get("Referrer-Policy"))
		require.Contains(t, resp.Header.Get("Content-Security-Policy"), "default-src 'none'")
		return resp, string(text)
	}

	// Programs look at links to see whether they are dangerous.
	resp, text := visit("GET", "good", "", bearer("altis_good"))
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Contains(t, text, "Copies of ticket #7")
	require.Contains(t, text, `<form method="post"><button type="submit">No more copies</button></form>`)
	visit("HEAD", "good", "")
	require.Zero(t, w.copies.stopped.Load())

	_, text = visit("GET", "good", "", header("Accept-Language", "de-CH, en;q=0.5"))
	require.Contains(t, text, `<html lang="de">`)
	require.Contains(t, text, "Keine weiteren Kopien")

	// As a mail program does it, and as a person does.
	resp, text = visit("POST", "good", "List-Unsubscribe=One-Click", header("Content-Type", "application/x-www-form-urlencoded"))
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Contains(t, text, "You get no more copies.")
	require.NotContains(t, text, "<form")
	visit("POST", "good", "", header("Origin", w.url), header("Sec-Fetch-Site", "same-origin"))
	require.EqualValues(t, 2, w.copies.stopped.Load())
	require.False(t, w.copies.named.Load(), "it is the link that counts")

	for _, token := range []string{"", "bad", "a/b", strings.Repeat("x", 500)} {
		resp, text = visit("POST", token, "")
		require.Equal(t, http.StatusNotFound, resp.StatusCode, token)
		require.Contains(t, text, "This link is not valid")
	}
	w.copies.away.Store(true)
	resp, text = visit("POST", "good", "")
	require.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
	require.Equal(t, "5", resp.Header.Get("Retry-After"))
	require.Contains(t, text, "try again")
	require.EqualValues(t, 2, w.copies.stopped.Load())

	require.Equal(t, "GET, HEAD, POST", w.call("PUT", unsubscribePath+"good", "").Header.Get("Allow"))
}

func TestNoMoreCopiesFromWhereverTheLinkIs(t *testing.T) {
	w := setup(t)
	for i, edits := range [][]edit{
		{header("Origin", "null")}, // the page's own button, in browsers that say no more
		{header("Origin", "null"), header("Sec-Fetch-Site", "same-origin")},
		{header("Origin", "https://webmail.test"), header("Sec-Fetch-Site", "cross-site")}, // a mail program
	} {
		require.Equal(t, http.StatusOK, w.call("POST", unsubscribePath+"good", "", append(edits, anonymous)...).StatusCode)
		require.EqualValues(t, i+1, w.copies.stopped.Load())
		for _, path := range []string{"/v1/tickets", "/unsubscribe", "/unsubscribe/../v1/tickets", "/calendars/GOOD.ics"} {
			if i != 1 {
				require.Equal(t, "CROSS_ORIGIN", w.call("POST", path, "{}", edits...).problem.Reason, path)
			}
		}
	}
}
