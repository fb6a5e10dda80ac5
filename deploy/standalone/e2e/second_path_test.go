package e2e

import (
	"slices"
	"strings"
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

const onSecondPath = "The on-call engineers are being paged on the second path"

// pageWatch is how long notification has, instead of 15 seconds.
const pageWatch = 2 * time.Second

// flapHold is how long people are not called about an incident that is urgent again, instead of 30 seconds.
const flapHold = 8 * time.Second

// secondPath is the suite beside the process of the emergency mailbox.
type secondPath struct {
	*harness.World
	mailbox *harness.Mailbox
}

// TestSecondPath has notification fail in every way while an incident becomes urgent.
func TestSecondPath(t *testing.T) {
	t.Parallel()
	flag := []string{"--page-watch=" + pageWatch.String()}
	w := harness.NewWorld(t, harness.Processes(t, harness.Options{
		Emergency: true, Args: map[string][]string{harness.Ticket: flag, harness.Notification: append(flag, "--flap-hold="+flapHold.String())},
	}))
	s := secondPath{w, w.Mailbox(t)}
	awaitRoster(t, s.mailbox)
	notification := w.Processes[harness.Notification]
	t.Run("the mailbox listens to ticket and notification only", s.policy)
	t.Run("nothing is wrong", func(t *testing.T) { s.well(t, "albatross") })
	t.Run("notification is down", func(t *testing.T) {
		notification.Kill()
		number := create(t, w.Requester, w.Urgent("bittern is down")).GetNumber()
		s.pagesInstead(t, number, func() { notification.Start(); notification.Ready() })
		require.Len(t, webhooks(t, w, w.Engineer, number), 1, "nothing is repeated")
	})
	t.Run("notification is killed when it has taken the event", func(t *testing.T) {
		w.Pager.Down()
		w.SMTP.Down() // the next contact is tried at once, and would take the page before the kill
		number := create(t, w.Requester, w.Urgent("curlew is down")).GetNumber()
		testkit.Eventually(t, func() bool { return s.attempted(t, number) }, "notification does not take the event")
		notification.Kill()
		w.Pager.Up()
		w.SMTP.Up()
		s.pagesInstead(t, number, func() { notification.Start(); notification.Ready() })
	})
	t.Run("notification hangs when it has sent the page", func(t *testing.T) {
		var sent atomic.Bool
		w.Pager.Respond(func(int, testkit.Request) testkit.Response {
			return testkit.Response{Status: 204, Hang: !sent.Swap(true)}
		})
		number := create(t, w.Requester, w.Urgent("dunlin is down")).GetNumber()
		testkit.Eventually(t, func() bool { return len(webhooks(t, w, w.Engineer, number)) == 1 }, "notification sends nothing")
		notification.Pause()
		s.pagesInstead(t, number, notification.Resume)
		w.Pager.Release()
	})
	t.Run("the database of notification is out of reach", func(t *testing.T) {
		letIn := w.LockOut(t, harness.Notification)
		number := create(t, w.Requester, w.Urgent("egret is down")).GetNumber()
		s.pagesInstead(t, number, letIn)
		require.Len(t, webhooks(t, w, w.Engineer, number), 1, "nothing is repeated")
	})
	t.Run("a duplicate is merged while notification is down", func(t *testing.T) {
		notification.Kill()
		source, into := create(t, w.Requester, w.Urgent("jackdaw is down")).GetNumber(), create(t, w.Requester, w.Question("jackdaw")).GetNumber()
		_, err := w.Agent.Tickets().MergeTicket(t.Context(), &ticketv1.MergeTicketRequest{Ticket: source, Into: into})
		require.NoError(t, err)
		s.pagesInstead(t, into, func() { notification.Start(); notification.Ready() })
		require.Empty(t, webhooks(t, w, w.Engineer, source), "one chain")
	})
	t.Run("notification is killed while it waits whether an incident lasts", s.pagesAboutAFlap)
	t.Run("the mailbox is down", func(t *testing.T) {
		s.mailbox.Kill()
		s.well(t, "fulmar")
	})
}

// policy asks the mailbox as every service of the suite does, by its certificate.
func (s secondPath) policy(t *testing.T) {
	for _, caller := range append(harness.Services(), harness.Gateway, harness.Emergency) {
		client := notificationv1.NewEmergencyPageServiceClient(s.ToMailbox(t, caller))
		_, err := client.TakeOverPage(t.Context(), &notificationv1.TakeOverPageRequest{Page: nothing})
		if caller == harness.Notification {
			require.Equal(t, "PAGE_UNKNOWN", fault.ReasonOf(err), caller)
		} else {
			require.Equal(t, "SERVICE_NOT_ALLOWED", fault.ReasonOf(err), caller)
		}
		if caller != harness.Ticket {
			_, err = client.PageTicket(t.Context(), &notificationv1.PageTicketRequest{})
			require.Equal(t, "SERVICE_NOT_ALLOWED", fault.ReasonOf(err), caller)
		}
	}
}

// well has an incident that notification pages about.
func (s secondPath) well(t *testing.T, word string) {
	number := create(t, s.Requester, s.Urgent(word+" is down")).GetNumber()
	s.awaitState(t, number, ticketv1.PageState_PAGE_STATE_DELIVERED)
	pages := webhooks(t, s.World, s.Engineer, number)
	require.Len(t, pages, 1)
	link := opened(t, pages[0]).GetData().GetAcknowledgeUrl()
	require.True(t, strings.HasPrefix(link, s.AckURL+"/"), link)
	pressLink(t, link)
	s.awaitState(t, number, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED)
	require.NotContains(t, s.history(t, number), onSecondPath)
}

// pagesInstead waits for the mailbox's page, acknowledges it there, repairs notification and checks that this was all.
func (s secondPath) pagesInstead(t *testing.T, number int64, repair func()) {
	t.Helper()
	began, link := time.Now(), ""
	await(t, pageWatch+slack, func() bool {
		for _, r := range webhooks(t, s.World, s.Engineer, number) {
			if n := opened(t, r).GetData(); strings.HasPrefix(n.GetAcknowledgeUrl(), s.mailbox.AckURL+"/") {
				link = n.GetAcknowledgeUrl()
			}
		}
		return link != ""
	}, "the mailbox does not page")
	t.Logf("paged by the mailbox after %s", time.Since(began).Round(time.Millisecond))
	pressLink(t, link)
	repair()
	s.awaitState(t, number, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED)
	testkit.Eventually(t, func() bool {
		page := onlyPage(t, s.World, number)
		return slices.ContainsFunc(page.GetLog(), func(e *notificationv1.PageLogEntry) bool {
			return e.GetKind() == notificationv1.PageLogEntry_KIND_TAKEN_OVER
		})
	}, "notification does not take the page over")
	ticket := get(t.Context(), t, s.Agent, number)
	require.Equal(t, s.Engineer.Name, ticket.GetPage().GetAcknowledgedBy().GetName())
	require.Contains(t, s.history(t, number), onSecondPath)
	page := onlyPage(t, s.World, number)
	require.Nil(t, page.GetNextStepTime(), "its steps stop")
	ids := map[string]bool{}
	for _, r := range webhooks(t, s.World, s.Engineer, number) {
		ids[r.Header.Get("Webhook-Id")] = true
	}
	require.Len(t, ids, 1, "what is sent again is the same")
	require.Empty(t, webhooks(t, s.World, s.Backup, number))
	for _, d := range page.GetDeliveries() {
		require.Equal(t, s.Engineer.ID, d.GetPerson().GetId())
	}
}

// pagesAboutAFlap has an incident that is over and urgent again, and lasts.
func (s secondPath) pagesAboutAFlap(t *testing.T) {
	notification := s.Processes[harness.Notification]
	number := create(t, s.Requester, s.Urgent("gannet is down")).GetNumber()
	s.awaitState(t, number, ticketv1.PageState_PAGE_STATE_DELIVERED)
	_, err := s.Agent.Tickets().SolveTicket(t.Context(), &ticketv1.SolveTicketRequest{Ticket: number})
	require.NoError(t, err)
	_, err = s.Requester.Tickets().ReopenTicket(t.Context(), &ticketv1.ReopenTicketRequest{Ticket: number})
	require.NoError(t, err)
	testkit.Eventually(t, func() bool {
		return slices.ContainsFunc(s.history(t, number), func(summary string) bool { return strings.Contains(summary, "they are paged again if it lasts") })
	}, "notification does not say that it waits")
	began := time.Now()
	notification.Kill()
	var calls []testkit.Request
	await(t, flapHold+pageWatch+slack, func() bool {
		calls = webhooks(t, s.World, s.Engineer, number)
		return len(calls) == 2
	}, "the mailbox does not page")
	require.Greater(t, time.Since(began), flapHold-slack, "it waits as long as notification would")
	link := opened(t, calls[1]).GetData().GetAcknowledgeUrl()
	require.True(t, strings.HasPrefix(link, s.mailbox.AckURL+"/"), link)
	pressLink(t, link)
	notification.Start()
	notification.Ready()
	s.awaitState(t, number, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED)
	require.Contains(t, s.history(t, number), onSecondPath)
	calls = webhooks(t, s.World, s.Engineer, number)
	require.Len(t, calls, 2, "one for each time that it was urgent")
	require.NotEqual(t, calls[0].Header.Get("Webhook-Id"), calls[1].Header.Get("Webhook-Id"))
}

// attempted reports that notification has the page of a ticket and tried to send it.
func (s secondPath) attempted(t *testing.T, number int64) bool {
	list, err := s.Agent.Pages().ListPages(t.Context(), &notificationv1.ListPagesRequest{Ticket: number})
	require.NoError(t, err)
	if len(list.GetPages()) == 0 {
		return false
	}
	return slices.ContainsFunc(onlyPage(t, s.World, number).GetDeliveries(), func(d *notificationv1.PageDelivery) bool { return d.GetAttempts() > 0 })
}

func (s secondPath) awaitState(t *testing.T, number int64, state ticketv1.PageState) {
	t.Helper()
	testkit.Eventually(t, func() bool { return get(t.Context(), t, s.Agent, number).GetPage().GetState() == state }, "the ticket's page is not %s", state)
}

func (s secondPath) history(t *testing.T, number int64) (summaries []string) {
	t.Helper()
	res, err := s.Agent.Tickets().ListEvents(t.Context(), &ticketv1.ListEventsRequest{Ticket: number})
	require.NoError(t, err)
	for _, e := range res.GetEvents() {
		summaries = append(summaries, e.GetSummary())
	}
	return summaries
}
