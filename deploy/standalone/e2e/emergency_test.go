package e2e

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// outageMail is a mail of its own by its word.
func outageMail(word string) string {
	return "From: Mia <mia@shop.example>\nMessage-ID: <" + word + "@shop.example>\nSubject: " + word + " is down\n\nNobody can pay.\n"
}

// pagesOf returns the pages that a receiver took, by their title, each by the ids of its deliveries.
func pagesOf(t require.TestingT, hook *testkit.Hook) map[string]map[string]*notificationv1.PageNotice {
	found := map[string]map[string]*notificationv1.PageNotice{}
	for _, r := range hook.Requests() {
		if harness.BringsCode(r) {
			continue
		}
		var opened notificationv1.PageOpened
		require.NoError(t, protojson.Unmarshal(r.Body, &opened))
		n := opened.GetData()
		if found[n.GetTitle()] == nil {
			found[n.GetTitle()] = map[string]*notificationv1.PageNotice{}
		}
		found[n.GetTitle()][r.Header.Get("Webhook-Id")] = n
	}
	return found
}

// pressLink acknowledges as somebody does who has nothing but the page.
func pressLink(t *testing.T, link string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, link, nil)
	require.NoError(t, err)
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Contains(t, string(body), "You acknowledged")
}

// TestTheMailboxLosesNothingByKill kills the mailbox while mails come in. Each that it has accepted pages, and under one id.
func TestTheMailboxLosesNothingByKill(t *testing.T) {
	t.Parallel()
	m := (*harness.Suite)(nil).Mailbox(t, "--pages-per-window=100000")
	t.Run("between 250 and the page", func(t *testing.T) {
		m.Pager.Down()
		require.NoError(t, m.Mail("mia@shop.example", outageMail("shop")))
		m.Kill()
		m.Pager.Up()
		m.Start()
		m.Ready()
		testkit.EventuallyPasses(t, func(t require.TestingT) {
			require.Len(t, pagesOf(t, m.Pager)["[Urgent] shop is down"], 1)
		}, "it is not paged after the restart")
	})
	t.Run("at any moment", func(t *testing.T) {
		var mu sync.Mutex
		var accepted []string
		for round := range 5 {
			stop := make(chan struct{})
			var senders sync.WaitGroup
			for sender := range 4 {
				senders.Go(func() {
					for n := 0; ; n++ {
						select {
						case <-stop:
							return
						default:
						}
						word := fmt.Sprintf("shop-%d-%d-%d", round, sender, n)
						if m.Mail("mia@shop.example", outageMail(word)) == nil {
							mu.Lock()
							accepted = append(accepted, word)
							mu.Unlock()
						}
					}
				})
			}
			enough := 10 * (round + 1)
			testkit.Eventually(t, func() bool { mu.Lock(); defer mu.Unlock(); return len(accepted) >= enough }, "mails are not accepted")
			m.Kill()
			close(stop)
			senders.Wait()
			m.Start()
			m.Ready()
		}
		testkit.EventuallyPasses(t, func(t require.TestingT) {
			pages := pagesOf(t, m.Pager)
			for _, word := range accepted {
				require.Len(t, pages["[Urgent] "+word+" is down"], 1, word)
			}
		}, "an accepted mail is not paged, or under several ids")
		t.Logf("%d mails", len(accepted))
	})
}

// testEverythingDown comes last, for it ends the suite: only the mailbox is left, with the roster that it has fetched.
func testEverythingDown(t *testing.T, w *harness.World) {
	m := w.Mailbox(t)
	awaitRoster(t, m)
	for _, service := range append(harness.Services(), harness.Gateway) {
		w.Processes[service].Kill()
	}
	require.NoError(t, m.Mail("mia@shop.example", outageMail("everything")))
	var link string
	testkit.EventuallyPasses(t, func(t require.TestingT) {
		deliveries := pagesOf(t, w.Pager)["[Urgent] everything is down"]
		require.NotEmpty(t, deliveries)
		for _, n := range deliveries {
			link = n.GetAcknowledgeUrl()
		}
	}, "who is on call is not paged")
	require.Empty(t, pagesOf(t, m.Pager), "the fallback contact is not needed")
	pressLink(t, link)
	require.Contains(t, link, m.AckURL)
}

// awaitRoster waits until the mailbox knows who is on call.
func awaitRoster(t *testing.T, m *harness.Mailbox) {
	t.Helper()
	testkit.Eventually(t, func() bool {
		res, err := http.Get("http://" + m.Admin + "/readyz")
		if err != nil {
			return false
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close() // it was read
		return err == nil && res.StatusCode == http.StatusOK && strings.Contains(string(body), "the roster is")
	}, "the roster is not fetched")
}
