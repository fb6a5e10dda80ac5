package e2e

import (
	"bytes"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// testKilledPages kills notification at each step of a page's way to the receiver. Whatever it was about to do, the page
// comes, and by one id. The next contact, a mail, may come as well: that is another delivery.
func testKilledPages(t *testing.T, w *harness.World) {
	notification := w.Processes[harness.Notification]
	require.NoError(t, w.Escalate(t.Context(), []string{"person:" + w.Backup.ID}))
	t.Cleanup(func() { w.Pager.Respond(nil) })
	arrives := func(t *testing.T, number int64, most int) {
		t.Helper()
		testkit.Eventually(t, func() bool { return taken(t, w, number) }, "the receiver does not take it")
		testkit.Eventually(t, func() bool {
			return get(t.Context(), t, w.Agent, number).GetPage().GetState() == ticketv1.PageState_PAGE_STATE_DELIVERED
		}, "the ticket does not know that it was taken")
		got := webhooks(t, w, w.Backup, number)
		require.Len(t, distinct(got), 1, "what is repeated has the same id")
		require.LessOrEqual(t, len(got), most)
		solve(t, w, number)
	}
	// first has the receiver do something with the first request about a bird, and take all others: some may be of before.
	first := func(bird string, do func() testkit.Response) {
		var once atomic.Bool
		w.Pager.Respond(func(_ int, r testkit.Request) testkit.Response {
			if !bytes.Contains(r.Body, []byte(bird)) || once.Swap(true) {
				return testkit.Response{}
			}
			return do()
		})
	}
	// What failed once is claimed again: a page that is new belongs to its process without a claim.
	refuse := func() testkit.Response { return testkit.Response{Status: 503} }
	const claims = "NEW.owner <> '' AND NEW.kind = 'page.deliver'"
	t.Run("before the event is taken", func(t *testing.T) {
		notification.Kill()
		number := create(t, w.Requester, w.Urgent("kittiwake is down")).GetNumber()
		notification.Start()
		notification.Ready()
		arrives(t, number, 1)
	})
	t.Run("before the claim", func(t *testing.T) {
		first("lapwing", refuse)
		hold := w.Hold(t, "notification.tasks", claims)
		number := create(t, w.Requester, w.Urgent("lapwing is down")).GetNumber()
		testkit.Eventually(t, hold.Waiting, "nothing is claimed")
		notification.Kill()
		hold.Release()
		notification.Start()
		notification.Ready()
		arrives(t, number, 2)
	})
	t.Run("after the claim", func(t *testing.T) {
		first("merlin", refuse)
		hold := w.Hold(t, "notification.tasks", claims)
		number := create(t, w.Requester, w.Urgent("merlin is down")).GetNumber()
		testkit.Eventually(t, hold.Waiting, "nothing is claimed")
		hold.Lock("notification.page_deliveries")
		hold.LetChange()
		testkit.Eventually(t, hold.Blocked, "what was claimed is not read")
		notification.Kill()
		hold.Release()
		notification.Start()
		notification.Ready()
		arrives(t, number, 2)
	})
	t.Run("after the wire", func(t *testing.T) {
		answer := make(chan struct{})
		first("nuthatch", func() testkit.Response { <-answer; return testkit.Response{} })
		number := create(t, w.Requester, w.Urgent("nuthatch is down")).GetNumber()
		testkit.Eventually(t, func() bool { return len(webhooks(t, w, w.Backup, number)) == 1 }, "nothing is sent")
		notification.Restart()
		close(answer)
		arrives(t, number, 2)
	})
	t.Run("before the record", func(t *testing.T) {
		w.Pager.Respond(nil)
		hold := w.Hold(t, "notification.page_deliveries", "NEW.state = 'accepted'")
		number := create(t, w.Requester, w.Urgent("osprey is down")).GetNumber()
		testkit.Eventually(t, hold.Waiting, "nothing is recorded")
		require.Len(t, webhooks(t, w, w.Backup, number), 1)
		notification.Kill()
		hold.Release()
		notification.Start()
		notification.Ready()
		arrives(t, number, 2)
	})
	t.Run("stopped before the record for longer than the lease", func(t *testing.T) {
		hold := w.Hold(t, "notification.page_deliveries", "NEW.state = 'accepted'")
		number := create(t, w.Requester, w.Urgent("plover is down")).GetNumber()
		testkit.Eventually(t, hold.Waiting, "nothing is recorded")
		notification.Pause()
		<-time.After(lease + time.Second) // as long as the pause is
		hold.LetChange()
		notification.Resume()
		arrives(t, number, 1)
	})
	t.Run("stopped in the middle beside a replica", func(t *testing.T) {
		replica := w.Replica(t, harness.Notification)
		answer := make(chan struct{})
		first("redshank", func() testkit.Response { <-answer; return testkit.Response{} })
		number := create(t, w.Requester, w.Urgent("redshank is down")).GetNumber()
		testkit.Eventually(t, func() bool { return len(webhooks(t, w, w.Backup, number)) == 1 }, "nothing is sent")
		notification.Pause()
		replica.Start()
		replica.Ready()
		testkit.Eventually(t, func() bool { return len(webhooks(t, w, w.Backup, number)) == 2 }, "the replica does not take over")
		testkit.Eventually(t, func() bool {
			return get(t.Context(), t, w.Agent, number).GetPage().GetState() == ticketv1.PageState_PAGE_STATE_DELIVERED
		}, "the replica does not record it")
		close(answer)
		notification.Resume()
		notification.Ready()
		arrives(t, number, 2)
		replica.Stop()
	})
}

// taken reports that the receiver's answer to the page of a ticket is recorded.
func taken(t *testing.T, w *harness.World, number int64) bool {
	t.Helper()
	list, err := w.Agent.Pages().ListPages(t.Context(), &notificationv1.ListPagesRequest{Ticket: number})
	if fault.KindOf(err) == fault.Unavailable { // the connection has not noticed yet that notification is back
		return false
	}
	require.NoError(t, err)
	return len(list.GetPages()) > 0 && slices.ContainsFunc(onlyPage(t, w, number).GetDeliveries(), func(d *notificationv1.PageDelivery) bool {
		return d.GetChannel() == "webhook" && d.GetState() == "accepted"
	})
}
