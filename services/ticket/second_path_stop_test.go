package ticket_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// TestTheMailboxHearsThatAnIncidentIsOver: notification, which would tell it, is down.
func TestTheMailboxHearsThatAnIncidentIsOver(t *testing.T) {
	onBothWithMailbox(t, 100*time.Millisecond, func(f *fixture) {
		f.notification.setRefuse(true)
		solve := func(number int64) {
			_, err := f.client.SolveTicket(f.as("sam"), &ticketv1.SolveTicketRequest{Ticket: number})
			require.NoError(f.t, err)
		}
		paged := f.create("uma", urgent()).GetNumber()
		testkit.Eventually(f.t, func() bool { return len(f.mailbox.got()) == 1 && f.watches() == 0 }, "the mailbox is not handed the event")
		require.Empty(f.t, f.mailbox.stopped())
		f.mailbox.setDown(true)
		solve(paged)
		f.mailbox.setDown(false)
		testkit.Eventually(f.t, func() bool { return len(f.mailbox.stopped()) == 1 }, "the mailbox is not told")
		require.Equal(f.t, []int64{paged}, f.mailbox.stopped())
		event := f.mailbox.ended[0]
		require.Greater(f.t, event.GetSequence(), f.mailbox.got()[0].GetSequence(), "it is of the page before")
		require.Empty(f.t, event.GetTicket().GetTicket().GetSubject(), "nothing that could be redacted is in it")

		delivered := f.create("uma", urgent()).GetNumber()
		f.deliver("notification", pageEvent(delivered, 1, 1, eventv1.PageEvent_KIND_DELIVERED, ticketv1.PageState_PAGE_STATE_DELIVERED), eventv1.Outcome_VERDICT_APPLIED)
		solve(delivered)
		last := f.create("uma", urgent()).GetNumber()
		testkit.Eventually(f.t, func() bool { return len(f.mailbox.got()) == 2 }, "the mailbox is not handed the event")
		solve(last)
		testkit.Eventually(f.t, func() bool { return len(f.mailbox.stopped()) == 2 }, "the mailbox is not told")
		require.Equal(f.t, []int64{paged, last}, f.mailbox.stopped(), "what notification has delivered it ends itself")
	})
}
