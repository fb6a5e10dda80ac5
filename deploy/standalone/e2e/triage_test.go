package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// triaged waits for triage's answer about a ticket and returns the ticket as staff see it.
func triaged(t *testing.T, w *harness.World, number int64) *ticketv1.Ticket {
	t.Helper()
	var ticket *ticketv1.Ticket
	testkit.Eventually(t, func() bool {
		ticket = get(t.Context(), t, w.Agent, number)
		return ticket.GetFirstResponseDueTime() != nil
	}, "triage answers about #%d", number)
	return ticket
}

// triage checks what triage makes of the incident, whose priority its reporter
// chose, and of a question, which has none.
func (j *mainJob) triage(t *testing.T) {
	question := j.Question("Is there a vulnerability in the " + j.word + "?")
	asked, err := tickets(j.as(j.Requester)).CreateTicket(t.Context(), &ticketv1.CreateTicketRequest{Ticket: question})
	require.NoError(t, err)
	tests := []struct {
		name                      string
		number                    int64
		priority                  ticketv1.Priority
		reason                    string
		shown                     ticketv1.Priority // to members
		team                      string
		firstResponse, resolution time.Duration // by Quill's plan
	}{
		{
			name: "incident", number: j.number, priority: ticketv1.Priority_PRIORITY_URGENT, shown: ticketv1.Priority_PRIORITY_URGENT,
			team: "engineering", firstResponse: 30 * time.Minute, resolution: 4 * time.Hour,
		},
		{
			name: "question", number: asked.GetNumber(), priority: ticketv1.Priority_PRIORITY_HIGH, reason: "High: the text mentions security.",
			team: "support", firstResponse: 2 * time.Hour, resolution: 24 * time.Hour,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ticket := triaged(t, j.World, tt.number)
			require.Equal(t, tt.priority, ticket.GetPriority())
			require.Equal(t, tt.reason, ticket.GetPriorityReason())
			require.Equal(t, tt.team, ticket.GetTeam())
			created := ticket.GetCreateTime().AsTime()
			require.Equal(t, created.Add(tt.firstResponse), ticket.GetFirstResponseDueTime().AsTime())
			require.Equal(t, created.Add(tt.resolution), ticket.GetResolutionDueTime().AsTime())

			seen, err := tickets(j.as(j.Requester)).GetTicket(t.Context(), &ticketv1.GetTicketRequest{Ticket: tt.number})
			require.NoError(t, err)
			require.Equal(t, tt.shown, seen.GetPriority())
			require.Empty(t, seen.GetPriorityReason())
			require.Equal(t, ticket.GetFirstResponseDueTime().AsTime(), seen.GetFirstResponseDueTime().AsTime())
		})
	}
}
