package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// testTwoGateways has people look on through one gateway while others change
// tickets through another. Each reaches a ticket service of its own, as behind a
// load balancer.
func testTwoGateways(t *testing.T, w *harness.World) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute) // or a lost change is waited for
	defer cancel()
	ticket := w.Replica(t, harness.Ticket)
	gateway := w.Replica(t, harness.Gateway, "--ticket="+ticket.GRPC())
	start := func(p *harness.Process) { p.Start(); p.Ready() }
	start(ticket)
	start(gateway)
	first, second := w.Requester.REST(), w.Requester.RESTAt(gateway)
	ask := func(over grpc.ClientConnInterface, subject string) int64 {
		made, err := tickets(over).CreateTicket(ctx, &ticketv1.CreateTicketRequest{Ticket: w.Question(subject)})
		require.NoError(t, err)
		triaged(t, w, made.GetNumber()) // after which nothing more is heard of it
		return made.GetNumber()
	}

	atFirst, atSecond := watched(ctx, t, first, ""), watched(ctx, t, second, "")
	_, _ = readTo(t, atSecond, ask(first, "asked at the first gateway"))
	_, _ = readTo(t, atFirst, ask(second, "asked at the second gateway"))

	// goesOn reads a stream at one gateway, has it end, and comes back to the other.
	goesOn := func(stream ticketv1.TicketService_WatchTicketsClient, end func(), other grpc.ClientConnInterface) {
		t.Helper()
		last, _ := readTo(t, stream, ask(other, "read before the stream ended"))
		end()
		for err := error(nil); err == nil; _, err = stream.Recv() {
			continue
		}
		var missed []int64
		for n := range 5 {
			missed = append(missed, ask(other, fmt.Sprintf("missed %d", n)))
		}
		again := watched(harness.LastEventID(ctx, last), t, other, "")
		_, seen := readTo(t, again, ask(other, "after the stream came back"))
		require.Subset(t, seen, missed)
	}
	goesOn(atSecond, gateway.Kill, first)
	start(gateway)
	leaving, leave := context.WithCancel(ctx)
	goesOn(watched(leaving, t, first, ""), leave, second)
}

// readTo reads a stream up to a change of a ticket. It returns the id of that
// event and the tickets of which it read.
func readTo(t *testing.T, stream ticketv1.TicketService_WatchTicketsClient, number int64) (last string, seen []int64) {
	t.Helper()
	for {
		res, err := stream.Recv()
		require.NoError(t, err, "before #%d, after %v", number, seen)
		require.False(t, res.GetResync())
		if n := res.GetTicket().GetNumber(); n != 0 {
			seen = append(seen, n)
			if n == number {
				return res.GetResumeToken(), seen
			}
		}
	}
}
