package notification_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// request calls an acknowledgement link on a connection of its own.
func (w *world) request(method, url string) (status int, body string) {
	w.t.Helper()
	status, body, _ = w.requestHeaders(method, url)
	return status, body
}

func (w *world) requestHeaders(method, url string) (status int, body string, header http.Header) {
	req, err := http.NewRequestWithContext(w.t.Context(), method, url, nil)
	require.NoError(w.t, err)
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	require.NoError(w.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(w.t, err)
	return res.StatusCode, string(text), res.Header
}

// paged opens an urgent incident that pages Ada and Ben, and returns their links.
func paged(t *testing.T, w *world, hook *testkit.Hook, ticket int64) (adas, bens string) {
	t.Helper()
	before := len(hook.Requests())
	w.urgent(ticket, 1)
	testkit.Eventually(t, func() bool { return len(hook.Requests()) == before+2 }, "pages")
	for _, r := range hook.Requests()[before:] {
		if r.Path == "/ada" {
			adas = notice(t, r).GetAcknowledgeUrl()
		} else {
			bens = notice(t, r).GetAcknowledgeUrl()
		}
	}
	return adas, bens
}

func withLinks(t *testing.T, w *world) *testkit.Hook {
	t.Helper()
	hook := testkit.Receiver(t)
	w.contact(ada, hook.URL+"/ada")
	w.contact(ben, hook.URL+"/ben")
	w.policy(&notificationv1.EscalationPolicy{
		Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada), person(ben))}, Loops: 1, Fallback: []string{eve.GetId()},
	})
	return hook
}

func TestOnlyAPostAcknowledges(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := withLinks(t, w)
		adas, bens := paged(t, w, hook, 1)

		status, body, header := w.requestHeaders(http.MethodGet, adas)
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, body, "Acknowledge as Ada Park")
		require.Contains(t, body, "[Urgent] shop/production: checkout returns 502")
		require.NotContains(t, strings.ToLower(body), "<script")
		require.Equal(t, "no-store", header.Get("Cache-Control"))
		require.Equal(t, "no-referrer", header.Get("Referrer-Policy"))
		require.Contains(t, header.Get("Content-Security-Policy"), "default-src 'none'")
		status, _ = w.request(http.MethodHead, adas)
		require.Equal(t, http.StatusOK, status)
		status, _ = w.request(http.MethodPut, adas)
		require.Equal(t, http.StatusMethodNotAllowed, status)
		id := w.onlyPage(1).GetId()
		require.NotEqual(t, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED, w.page(id).GetState())

		status, body = w.request(http.MethodPost, adas)
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, body, "You acknowledged")
		p := w.page(id)
		require.Equal(t, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED, p.GetState())
		require.Equal(t, "Ada Park", p.GetAcknowledgedBy().GetName())
		require.Nil(t, p.GetNextStepTime())

		// Pressed twice, and by the other.
		_, body = w.request(http.MethodPost, adas)
		require.Contains(t, body, "You acknowledged")
		status, body = w.request(http.MethodPost, bens)
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, body, "<strong>Ada Park</strong> acknowledged")
		require.Equal(t, "Ada Park", w.page(id).GetAcknowledgedBy().GetName())
		testkit.EventuallyPasses(t, func(t require.TestingT) {
			told := w.ticket.told(id)
			require.NotEmpty(t, told)
			require.Equal(t, "ACKNOWLEDGED Ada Park", told[len(told)-1])
		}, "events")

		// An old link does nothing to a later incident of the same ticket.
		w.urgent(1, 50)
		_, _ = w.request(http.MethodPost, adas)
		open, err := w.pages.ListPages(w.as(cem), &notificationv1.ListPagesRequest{Ticket: 1, Open: true})
		require.NoError(t, err)
		require.Len(t, open.GetPages(), 1)
		require.NotEqual(t, id, open.GetPages()[0].GetId())
	})
}

func TestForgedLinksAreRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := withLinks(t, w)
		adas, _ := paged(t, w, hook, 1)
		token := adas[strings.LastIndexByte(adas, '/')+1:]
		flipped := []byte(token)
		flipped[20] ^= 1
		for _, forged := range []string{"x", strings.Repeat("A", 4000), token[:len(token)-4], string(flipped)} {
			status, _ := w.request(http.MethodPost, w.ackURL+"/a/"+forged)
			require.Equal(t, http.StatusNotFound, status, forged)
		}
		require.Nil(t, w.onlyPage(1).GetAcknowledgedBy())
	})
}

func TestTwoAcknowledgeAtOnceOneOwnsAndBothAreTold(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := withLinks(t, w)
		for ticket := int64(1); ticket <= 5; ticket++ {
			adas, bens := paged(t, w, hook, ticket)
			id := w.onlyPage(ticket).GetId()
			bodies := make([]string, 2)
			var api *notificationv1.Page
			var wg sync.WaitGroup
			wg.Go(func() { _, bodies[0] = w.request(http.MethodPost, adas) })
			wg.Go(func() { _, bodies[1] = w.request(http.MethodPost, bens) })
			wg.Go(func() {
				api, _ = w.pages.AcknowledgePage(w.as(eve), &notificationv1.AcknowledgePageRequest{Page: id})
			})
			wg.Wait()
			owner := w.page(id).GetAcknowledgedBy().GetName()
			require.Equal(t, owner, api.GetAcknowledgedBy().GetName())
			for i, name := range []string{"Ada Park", "Ben Ito"} {
				if name == owner {
					require.Contains(t, bodies[i], "You acknowledged")
				} else {
					require.Contains(t, bodies[i], "<strong>"+owner+"</strong> acknowledged")
				}
			}
			testkit.EventuallyPasses(t, func(t require.TestingT) {
				n := 0
				for _, e := range w.ticket.told(id) {
					if strings.HasPrefix(e, "ACKNOWLEDGED") {
						n++
					}
				}
				require.Equal(t, 1, n)
			}, "events")
		}
	})
}
