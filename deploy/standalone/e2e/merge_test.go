package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// testMerge merges duplicates while engineers are paged: one chain is left, and it is the other ticket's.
func testMerge(t *testing.T, w *harness.World) {
	agent := w.Agent.Tickets()
	merge := func(t *testing.T, number, into int64) {
		t.Helper()
		merged, err := agent.MergeTicket(t.Context(), &ticketv1.MergeTicketRequest{Ticket: number, Into: into})
		require.NoError(t, err)
		require.Equal(t, into, merged.GetMergedInto())
		require.Equal(t, ticketv1.TicketStatus_TICKET_STATUS_CLOSED, merged.GetStatus())
	}
	awaitPage := func(t *testing.T, number int64, state ticketv1.PageState) {
		t.Helper()
		testkit.Eventually(t, func() bool { return get(t.Context(), t, w.Agent, number).GetPage().GetState() == state }, "the page of #%d is not %s", number, state)
	}
	open := func(t *testing.T, number int64) (n int) {
		t.Helper()
		list, err := w.Agent.Pages().ListPages(t.Context(), &notificationv1.ListPagesRequest{Ticket: number})
		require.NoError(t, err)
		for _, p := range list.GetPages() {
			if p.GetState() != ticketv1.PageState_PAGE_STATE_RESOLVED {
				n++
			}
		}
		return n
	}
	t.Run("the other is no incident", func(t *testing.T) {
		source, into := create(t, w.Requester, w.Urgent("heron is down")).GetNumber(), create(t, w.Colleague, w.Question("heron does not answer")).GetNumber()
		awaitPage(t, source, ticketv1.PageState_PAGE_STATE_DELIVERED)
		calls := webhooks(t, w, w.Engineer, source)
		require.Len(t, calls, 1)
		merge(t, source, into)
		awaitPage(t, into, ticketv1.PageState_PAGE_STATE_DELIVERED)
		require.Equal(t, ticketv1.Priority_PRIORITY_URGENT, get(t.Context(), t, w.Agent, into).GetPriority())
		testkit.Eventually(t, func() bool { return open(t, source) == 0 && open(t, into) == 1 }, "the page is not the other's")
		pressLink(t, opened(t, calls[0]).GetData().GetAcknowledgeUrl())
		awaitPage(t, into, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED)
		require.Len(t, webhooks(t, w, w.Engineer, source), 1)
		require.Empty(t, webhooks(t, w, w.Engineer, into), "nobody is called again")

		// The requester of the duplicate is told, follows there, and answers there.
		letters := awaitLetters(t, w, w.Requester.Email, source, 2) // a receipt before
		require.True(t, slices.ContainsFunc(letters, func(l letter) bool {
			return strings.Contains(l.Text, fmt.Sprint("merged this ticket into #", into, ","))
		}), "%v", letters)
		require.Equal(t, into, get(t.Context(), t, w.Requester, source).GetMergedInto())
		answer, err := w.Requester.Tickets().ReplyToTicket(t.Context(), &ticketv1.ReplyToTicketRequest{Ticket: source, Body: "Still down."})
		require.NoError(t, err)
		require.Equal(t, into, answer.GetTicket().GetNumber())
	})
	t.Run("both are acknowledged by one", func(t *testing.T) {
		source, into := create(t, w.Requester, w.Urgent("ibis is down")).GetNumber(), create(t, w.Requester, w.Urgent("ibis is slow")).GetNumber()
		for _, number := range []int64{source, into} {
			awaitPage(t, number, ticketv1.PageState_PAGE_STATE_DELIVERED)
		}
		pressLink(t, opened(t, webhooks(t, w, w.Engineer, source)[0]).GetData().GetAcknowledgeUrl())
		awaitPage(t, source, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED)
		merge(t, source, into)
		awaitPage(t, into, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED)
		require.Equal(t, w.Engineer.Name, get(t.Context(), t, w.Agent, into).GetPage().GetAcknowledgedBy().GetName())
		require.Zero(t, open(t, source))
		require.Equal(t, 1, open(t, into))
	})
}
