//go:build previous

package e2e

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// TestPreviousReleaseOnTheNewSchema upgrades an installation, and takes that back. The schema is this revision's all the
// time: it is migrated first. The programs are the previous ones, then these, then the previous ones again, on what these
// have written.
func TestPreviousReleaseOnTheNewSchema(t *testing.T) {
	previous, revision, err := harness.Previous()
	require.NoError(t, err)
	t.Logf("the previous programs are those of %s", revision)
	ticketd, err := harness.Binary("ticketd")
	require.NoError(t, err)
	present := filepath.Dir(ticketd)

	w := harness.NewWorld(t, harness.Processes(t, harness.Options{Serve: previous}))
	made := []int64{}
	for _, age := range []struct{ name, programs string }{{"before", previous}, {"upgraded", present}, {"rolled back", previous}} {
		for _, p := range w.Processes {
			p.Stop()
			p.Run(age.programs)
			p.Start()
		}
		for _, p := range w.Processes {
			p.Ready()
		}
		for _, over := range transports {
			t.Run(age.name+" over "+over.name, func(t *testing.T) {
				customer, agent := tickets(over.as(w.Requester)), tickets(over.as(w.Agent))
				made = append(made, workADay(t, w, customer, agent))
				require.Subset(t, listed(t, agent, ticketv1.ListTicketsRequest_VIEW_ALL, "heirloom"), made)
				for _, number := range made { // those of the other programs too
					res, err := customer.ListMessages(t.Context(), &ticketv1.ListMessagesRequest{Ticket: number})
					require.NoError(t, err)
					require.Len(t, res.GetMessages(), 2)
				}
			})
		}
	}
}

// workADay has a customer report an urgent incident, which pages, is acknowledged, answered by mail too, and solved.
func workADay(t *testing.T, w *harness.World, customer, agent ticketv1.TicketServiceClient) int64 {
	t.Helper()
	ctx := t.Context()
	ticket, err := customer.CreateTicket(ctx, &ticketv1.CreateTicketRequest{Ticket: w.Urgent("an heirloom is broken", w.Copied.Email)})
	require.NoError(t, err)
	number := ticket.GetNumber()
	testkit.Eventually(t, func() bool { return len(webhooks(t, w, w.Engineer, number)) > 0 }, "the engineer is paged")
	page := onlyPage(t, w, number)
	_, err = w.Engineer.Pages().AcknowledgePage(ctx, &notificationv1.AcknowledgePageRequest{Page: page.GetId()})
	require.NoError(t, err)
	testkit.EventuallyPasses(t, func(t require.TestingT) {
		seen := get(ctx, t, w.Requester, number)
		require.Equal(t, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED, seen.GetPage().GetState())
		require.NotNil(t, seen.GetFirstResponseDueTime())
	}, "ticket knows of the acknowledgement, and triage of the ticket")
	_, err = agent.ReplyToTicket(ctx, &ticketv1.ReplyToTicketRequest{Ticket: number, Body: "It is glued."})
	require.NoError(t, err)
	_, err = agent.AddNote(ctx, &ticketv1.AddNoteRequest{Ticket: number, Body: "With glue."})
	require.NoError(t, err)
	awaitLetters(t, w, w.Copied.Email, number, 2)
	_, err = agent.SolveTicket(ctx, &ticketv1.SolveTicketRequest{Ticket: number})
	require.NoError(t, err)
	return number
}
