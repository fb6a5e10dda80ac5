package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// TestObserved looks at all processes as their operators do.
func TestObserved(t *testing.T) {
	t.Parallel()
	collector := harness.NewCollector(t)
	w := harness.NewWorld(t, harness.Processes(t, harness.Options{Emergency: true, Environment: collector.Environment()}))
	mailbox := w.Mailbox(t)
	awaitRoster(t, mailbox)
	processes := []*harness.Process{mailbox.Process}
	for _, p := range w.Processes {
		processes = append(processes, p)
	}
	t.Run("one trace leads from the request to the provider", func(t *testing.T) { testTrace(t, w, collector) })
	t.Run("metrics", func(t *testing.T) { testMetrics(t, w, mailbox) })
	t.Run("readiness says what is missing", func(t *testing.T) { testReadiness(t, w) })
	t.Run("log lines", func(t *testing.T) {
		traced := 0
		for _, p := range processes {
			traced += testLog(t, p.Name, p)
			text, err := os.ReadFile(p.Log())
			require.NoError(t, err)
			for _, said := range []string{"heron is down", "Every checkout fails", "7946 0012", w.Requester.Name, w.Engineer.Name, w.Quill.Name} {
				require.NotContains(t, string(text), said, "of %s", p.Name)
			}
		}
		require.Positive(t, traced, "no line belongs to a trace")
	})
}

// testTrace follows the urgent incident that a customer reports over REST.
func testTrace(t *testing.T, w *harness.World, collector *harness.Collector) {
	ticket := w.Urgent("heron is down", outsider)
	made, err := tickets(w.Requester.REST()).CreateTicket(t.Context(), &ticketv1.CreateTicketRequest{Ticket: ticket})
	require.NoError(t, err)
	testkit.Eventually(t, func() bool { return len(webhooks(t, w, w.Engineer, made.GetNumber())) == 1 }, "the page is sent")

	type step struct{ service, name, kind string }
	want := []step{
		{"gateway", "POST /v1/tickets", "server"},
		{"gateway", "altis.support.ticket.v1.TicketService/CreateTicket", "client"},
		{"ticket", "altis.support.ticket.v1.TicketService/CreateTicket", "server"},
		{"ticket", "task deliver.notification", "consumer"},
		{"ticket", "altis.support.event.v1.EventSinkService/Deliver", "client"},
		{"notification", "altis.support.event.v1.EventSinkService/Deliver", "server"},
		{"notification", "apply event", "internal"},
		{"notification", "task page.deliver", "consumer"},
		{"notification", "page provider", "client"},
	}
	var path []harness.Span
	testkit.EventuallyPasses(t, func(t require.TestingT) {
		path = wayTo(collector.Spans(), "page provider", "POST /v1/tickets")
		var got []step
		for _, s := range path {
			got = append(got, step{s.Service, s.Name, strings.ToLower(strings.TrimPrefix(s.Kind.String(), "SPAN_KIND_"))})
		}
		require.Equal(t, want, got)
	}, "one trace")
	for _, s := range path {
		require.Equal(t, path[0].Trace, s.Trace)
		require.False(t, s.Failed, s.Text)
	}
	require.Equal(t, "200", path[0].Attributes["http.response.status_code"])
	require.Equal(t, "page", path[3].Attributes["lane"])
	require.Equal(t, "1", path[7].Attributes["attempt"])
	require.Equal(t, "200", path[8].Attributes["http.response.status_code"])
	require.Equal(t, "127.0.0.1", path[8].Attributes["server.address"])
	require.Equal(t, http.MethodPost, path[8].Attributes["http.request.method"])

	for _, s := range collector.Spans() {
		w.CheckSecrets(t, "a span", s.Text)
		for _, said := range []string{ticket.GetSubject(), "Every checkout fails", "Nobody can buy", "7946 0012", outsider, w.Requester.Name, w.Engineer.Name, w.Pager.URL} {
			require.NotContains(t, s.Text, said)
		}
		for key, value := range s.Attributes {
			for _, about := range []string{"client.", "user_agent", "network.peer", "url.path", "url.query"} {
				require.False(t, strings.HasPrefix(key, about), "%s=%s of %s tells of a person", key, value, s.Name)
			}
		}
	}
}

// wayTo returns the spans from one of a name, which has no parent that was sent, to one of another name below it.
func wayTo(spans []harness.Span, last, first string) []harness.Span {
	byID := map[string]harness.Span{}
	for _, s := range spans {
		byID[s.Trace+s.ID] = s
	}
	for _, s := range spans {
		if s.Name != last {
			continue
		}
		path := []harness.Span{s}
		for {
			parent, ok := byID[s.Trace+path[0].Parent]
			if !ok {
				break
			}
			path = slices.Insert(path, 0, parent)
		}
		if path[0].Name == first {
			return path
		}
	}
	return nil
}

// testReadiness takes its database from each service.
func testReadiness(t *testing.T, w *harness.World) {
	for _, service := range harness.Services() {
		letIn := w.LockOut(t, service)
		testkit.EventuallyPasses(t, func(t require.TestingT) {
			status, body := readiness(t, w.Processes[service])
			require.Equal(t, http.StatusServiceUnavailable, status)
			require.Regexp(t, `(?m)^database: .*\w`, body)
			require.NotContains(t, body, "database: ok")
			require.Contains(t, body, "start: ok", "what is well is said as well")
		}, "%s says what is missing", service)
		letIn()
		testkit.EventuallyPasses(t, func(t require.TestingT) {
			status, body := readiness(t, w.Processes[service])
			require.Equal(t, http.StatusOK, status, body)
		}, "%s is ready again", service)
	}
	status, _ := readiness(t, w.Processes[harness.Gateway])
	require.Equal(t, http.StatusOK, status, "a gateway keeps nothing")
}

func readiness(t require.TestingT, p *harness.Process) (int, string) {
	return scrape(t, p, "/readyz")
}

func scrape(t require.TestingT, p *harness.Process, path string) (int, string) {
	res, err := http.Get("http://" + p.Admin + path)
	require.NoError(t, err)
	defer res.Body.Close()
	var body bytes.Buffer
	_, err = body.ReadFrom(res.Body)
	require.NoError(t, err)
	return res.StatusCode, body.String()
}

// testLog looks at what a process has logged so far, and returns how many lines belong to a trace. That nobody's secrets are
// in it is looked at at its end.
func testLog(t *testing.T, service string, p *harness.Process) (traced int) {
	t.Helper()
	file, err := os.Open(p.Log())
	require.NoError(t, err)
	defer file.Close()
	lines := 0
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var line struct {
			Time    time.Time `json:"time"`
			Level   string    `json:"level"`
			Msg     string    `json:"msg"`
			Service string    `json:"service"`
			Trace   string    `json:"trace_id"`
			Span    string    `json:"span_id"`
		}
		require.NoError(t, json.Unmarshal(scanner.Bytes(), &line), "%s: %s", service, scanner.Text())
		require.False(t, line.Time.IsZero(), scanner.Text())
		require.Contains(t, []string{"DEBUG", "INFO", "WARN", "ERROR"}, line.Level, scanner.Text())
		require.NotEmpty(t, line.Msg, scanner.Text())
		require.Equal(t, service, line.Service, scanner.Text())
		require.Equal(t, line.Trace == "", line.Span == "", scanner.Text())
		if line.Trace != "" {
			require.Regexp(t, `^[0-9a-f]{32}$`, line.Trace)
			require.Regexp(t, `^[0-9a-f]{16}$`, line.Span)
			traced++
		}
		lines++
	}
	require.NoError(t, scanner.Err())
	require.Positive(t, lines, "%s logs nothing", service)
	return traced
}
