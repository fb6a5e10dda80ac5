package gateway

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

type watchStream = ticketv1.TicketService_WatchTicketsServer

// stream reads the blocks of a stream of server-sent events.
type stream struct {
	t        testing.TB
	response *http.Response
	lines    *bufio.Scanner
}

func (w *world) watch(path string, edits ...edit) *stream {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.url+path, nil)
	require.NoError(w.t, err)
	bearer("altis_good")(r)
	for _, e := range edits {
		e(r)
	}
	resp, err := w.client.Do(r)
	require.NoError(w.t, err)
	w.t.Cleanup(func() { _ = resp.Body.Close() })
	return &stream{t: w.t, response: resp, lines: bufio.NewScanner(resp.Body)}
}

// next returns the lines of the next block, none at the end.
func (s *stream) next() (block []string) {
	s.t.Helper()
	for s.lines.Scan() {
		if s.lines.Text() == "" {
			return block
		}
		block = append(block, s.lines.Text())
	}
	require.NoError(s.t, s.lines.Err())
	return block
}

func (w *world) onWatch(f func(*ticketv1.WatchTicketsRequest, watchStream) error) {
	w.ticket.watch.Store(&f)
}

func ticketUpdate(token string, number int64) *ticketv1.WatchTicketsResponse {
	return &ticketv1.WatchTicketsResponse{ResumeToken: token, Update: &ticketv1.WatchTicketsResponse_Ticket{Ticket: &ticketv1.Ticket{Number: number}}}
}

func beat(token string) *ticketv1.WatchTicketsResponse {
	return &ticketv1.WatchTicketsResponse{ResumeToken: token, Update: &ticketv1.WatchTicketsResponse_Heartbeat{Heartbeat: true}}
}

func TestWatch(t *testing.T) {
	w := setup(t)
	w.onWatch(func(_ *ticketv1.WatchTicketsRequest, s watchStream) error {
		for _, r := range []*ticketv1.WatchTicketsResponse{
			beat("t0"), ticketUpdate("t1", 7),
			{ResumeToken: "t1a", Update: &ticketv1.WatchTicketsResponse_Removed{Removed: 8}},
			{ResumeToken: "t1b", Update: &ticketv1.WatchTicketsResponse_Presence{Presence: 9}},
			{ResumeToken: "t2", Update: &ticketv1.WatchTicketsResponse_Resync{Resync: true}},
		} {
			if err := s.Send(r); err != nil {
				return err
			}
		}
		return fault.New(fault.Unavailable, "SHUTTING_DOWN", "bye")
	})
	s := w.watch("/v1/tickets:watch")
	require.Equal(t, http.StatusOK, s.response.StatusCode)
	require.Equal(t, "text/event-stream", s.response.Header.Get("Content-Type"))
	require.Equal(t, []string{"retry: 1000"}, s.next())
	require.Equal(t, []string{": heartbeat", "id: t0"}, s.next())
	ticket := s.next()
	require.Equal(t, []string{"id: t1", "event: ticket"}, ticket[:2])
	require.Contains(t, strings.ReplaceAll(ticket[2], " ", ""), `data:{"number":"7"`)
	require.Equal(t, []string{"id: t1a", "event: removed", `data: {"number":"8"}`}, s.next())
	require.Equal(t, []string{"id: t1b", "event: presence", `data: {"number":"9"}`}, s.next())
	require.Equal(t, []string{"id: t2", "event: resync", "data: {}"}, s.next())
	require.Equal(t, []string{"event: end", `data: {"reason":"SHUTTING_DOWN"}`}, s.next())
	require.Empty(t, s.next())
}

func TestWatchResumes(t *testing.T) {
	w := setup(t)
	resumed := make(chan string, 1)
	w.onWatch(func(req *ticketv1.WatchTicketsRequest, s watchStream) error {
		resumed <- req.GetResumeToken()
		return s.Send(beat("t"))
	})
	for _, c := range []struct {
		name, query, last string
		want              string
	}{
		{name: "from now"},
		{name: "parameter", query: "?resumeToken=p", want: "p"},
		{name: "browser that comes back", query: "?resumeToken=p", last: "l", want: "l"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.watch("/v1/tickets:watch"+c.query, header("Last-Event-ID", c.last))
			require.Equal(t, c.want, <-resumed)
		})
	}
}

func TestWatchRefusedIsAProblem(t *testing.T) {
	w := setup(t)
	w.onWatch(func(*ticketv1.WatchTicketsRequest, watchStream) error {
		return fault.New(fault.Invalid, "RESUME_TOKEN_INVALID", "not a resume token")
	})
	a := w.call("GET", "/v1/tickets:watch?resumeToken=x", "")
	require.Equal(t, http.StatusBadRequest, a.StatusCode)
	require.Equal(t, "RESUME_TOKEN_INVALID", a.problem.Reason)
	require.Equal(t, http.StatusUnauthorized, w.call("GET", "/v1/tickets:watch", "", anonymous).StatusCode)
	require.Equal(t, http.StatusUnauthorized, w.call("GET", "/v1/tickets:watch", "", bearer("altis_bad")).StatusCode)
}

// TestWatchEndsWithItsToken goes on with the next token, as a browser does.
func TestWatchEndsWithItsToken(t *testing.T) {
	w := setup(t)
	w.onWatch(func(_ *ticketv1.WatchTicketsRequest, s watchStream) error {
		if err := s.Send(beat("t0")); err != nil {
			return err
		}
		<-s.Context().Done()
		return s.Context().Err()
	})
	s := w.watch("/v1/tickets:watch")
	s.next()
	require.Equal(t, []string{": heartbeat", "id: t0"}, s.next())
	w.clock.Advance(10 * time.Minute)
	require.Equal(t, []string{"event: end", `data: {"reason":"TOKEN_EXPIRED"}`}, s.next())
	require.Empty(t, s.next())

	s = w.watch("/v1/tickets:watch", header("Last-Event-ID", "t0"))
	require.Equal(t, http.StatusOK, s.response.StatusCode)
	require.EqualValues(t, 2, w.identity.exchanges.Load())
}

func TestWatchRenewsARevokedToken(t *testing.T) {
	w := setup(t)
	w.onWatch(func(_ *ticketv1.WatchTicketsRequest, s watchStream) error { return s.Send(beat("t0")) })
	require.Equal(t, http.StatusOK, w.watch("/v1/tickets:watch").response.StatusCode)
	w.clock.Advance(time.Second)
	at := w.clock.Now()
	w.identity.revoked.Store(&at)
	testkit.Eventually(t, func() bool {
		s := w.watch("/v1/tickets:watch")
		require.Equal(t, http.StatusOK, s.response.StatusCode, "browsers do not come back after a refusal: %s", s.next())
		return w.identity.exchanges.Load() == 2
	}, "the token is renewed")
}

func TestStreamsOfOnePersonAreLimited(t *testing.T) {
	w := setup(t, func(c *Config) { c.StreamsPerCredential = 2 })
	w.onWatch(func(_ *ticketv1.WatchTicketsRequest, s watchStream) error {
		if err := s.Send(beat("t0")); err != nil {
			return err
		}
		<-s.Context().Done()
		return s.Context().Err()
	})
	first := w.watch("/v1/tickets:watch")
	require.Equal(t, http.StatusOK, first.response.StatusCode)
	require.Equal(t, http.StatusOK, w.watch("/v1/tickets:watch").response.StatusCode)
	a := w.call("GET", "/v1/tickets:watch", "")
	require.Equal(t, http.StatusTooManyRequests, a.StatusCode)
	require.Equal(t, "TOO_MANY_STREAMS", a.problem.Reason)
	require.Equal(t, "15", a.Header.Get("Retry-After"))
	require.Equal(t, http.StatusOK, w.call("GET", "/v1/tickets", "").StatusCode, "other requests go on")
	a = w.call("GET", "/v1/tickets:watch", "", bearer(w.identity.token(time.Minute)))
	require.Equal(t, "TOO_MANY_STREAMS", a.problem.Reason, "another credential of the same person")
	other := w.watch("/v1/tickets:watch", bearer(w.identity.tokenOf("bob", time.Minute)))
	require.Equal(t, http.StatusOK, other.response.StatusCode, "another person")

	require.NoError(t, first.response.Body.Close())
	testkit.Eventually(t, func() bool {
		return w.watch("/v1/tickets:watch").response.StatusCode == http.StatusOK
	}, "a stream that has ended gives its place back")
}

// TestStreamsOfForgedTokensAreNobodys: whoever makes a token up writes into it whose it is.
func TestStreamsOfForgedTokensAreNobodys(t *testing.T) {
	w := setup(t, func(c *Config) { c.StreamsPerCredential = 1 })
	w.onWatch(func(_ *ticketv1.WatchTicketsRequest, s watchStream) error {
		if err := s.Send(beat("t0")); err != nil {
			return err
		}
		<-s.Context().Done()
		return s.Context().Err()
	})
	require.Equal(t, http.StatusOK, w.watch("/v1/tickets:watch").response.StatusCode)
	require.Equal(t, http.StatusTooManyRequests, w.call("GET", "/v1/tickets:watch", "", bearer(w.identity.token(time.Minute))).StatusCode)
	forged := newFakeIdentity(t, w.clock).token(time.Minute)
	require.Equal(t, http.StatusUnauthorized, w.call("GET", "/v1/tickets:watch", "", bearer(forged)).StatusCode, "before anything is counted")
	for _, token := range []string{"", "a.b.c", "a.e30.c", "a.b"} {
		_, ok := ownerStreams(token)
		require.False(t, ok, token)
	}
}

func TestStreamsAreForgotten(t *testing.T) {
	s := streams{most: 1, open: map[string]int{}}
	leave, err := s.enter("a")
	require.NoError(t, err)
	_, err = s.enter("a")
	require.ErrorIs(t, err, fault.Exhausted)
	leave()
	require.Empty(t, s.open)

	s = streams{open: map[string]int{}}
	for range 100 {
		_, err = s.enter("192.0.2.1")
		require.NoError(t, err, "no limit")
	}
}

func TestStopEndsStreams(t *testing.T) {
	w := setup(t)
	w.onWatch(func(_ *ticketv1.WatchTicketsRequest, s watchStream) error {
		if err := s.Send(beat("t0")); err != nil {
			return err
		}
		<-s.Context().Done()
		return s.Context().Err()
	})
	s := w.watch("/v1/tickets:watch")
	s.next()
	s.next()
	begun := time.Now()
	go func() { _ = w.stop() }()
	require.Equal(t, []string{"event: end", `data: {"reason":"SHUTTING_DOWN"}`}, s.next())
	require.Empty(t, s.next())
	require.NoError(t, w.stop())
	require.Less(t, time.Since(begun), drainTimeout, "without waiting for the stream")
}

// TestHeartbeat lets the time of a bubble pass.
func TestHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		updates := make(chan update)
		out := &recorder{header: http.Header{}, blocks: make(chan string, 10)}
		g := &Gateway{draining: make(chan struct{})}
		done := make(chan struct{})
		go func() {
			defer close(done)
			g.pass(t.Context(), &sse{w: out, control: http.NewResponseController(out)}, updates)
		}()
		begun := time.Now()
		require.Equal(t, ": heartbeat\n\n", <-out.blocks)
		require.Equal(t, heartbeat, time.Since(begun))
		<-time.After(heartbeat - time.Second)
		updates <- update{response: beat("t1")}
		require.Equal(t, ": heartbeat\nid: t1\n\n", <-out.blocks)
		begun = time.Now()
		require.Equal(t, ": heartbeat\n\n", <-out.blocks)
		require.Equal(t, heartbeat, time.Since(begun), "after what was sent last")
		close(g.draining)
		<-done
	})
}

// recorder is a connection that takes everything.
type recorder struct {
	header http.Header
	blocks chan string
}

func (r *recorder) Header() http.Header              { return r.header }
func (r *recorder) WriteHeader(int)                  {}
func (r *recorder) Flush()                           {}
func (r *recorder) SetWriteDeadline(time.Time) error { return nil }
func (r *recorder) Write(text []byte) (int, error)   { r.blocks <- string(text); return len(text), nil }
