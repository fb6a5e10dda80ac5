// Package e2e proves the suite from the outside: real processes, PostgreSQL,
// Redis, SMTP and webhooks, and the one process on SQLite. What it needs is in
// package harness.
package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"google.golang.org/grpc"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestProcesses runs what is asked of both deployments on five processes,
// PostgreSQL and Redis.
func TestProcesses(t *testing.T) {
	t.Parallel()
	w := harness.NewWorld(t, harness.Processes(t, harness.Options{}))
	t.Run("main job", func(t *testing.T) { testMainJob(t, w) })
	t.Run("bad input", func(t *testing.T) { testBadInput(t, w) })
	t.Run("tokens", func(t *testing.T) { testTokens(t, w) })
	t.Run("policy", func(t *testing.T) { testPolicy(t, w) })
	t.Run("visibility", func(t *testing.T) { testVisibility(t, w) })
	t.Run("desk", func(t *testing.T) { testDesk(t, w) })
	t.Run("merge", func(t *testing.T) { testMerge(t, w) })
	t.Run("attachments", func(t *testing.T) { testAttachments(t, w) })
	t.Run("mail in", func(t *testing.T) { testMailIn(t, w) })
	t.Run("two gateways", func(t *testing.T) { testTwoGateways(t, w) })
	t.Run("faults", func(t *testing.T) { testFaults(t, w) })
	t.Run("a mail pages with everything else down", func(t *testing.T) { testEverythingDown(t, w) })
}

// TestOneProcess runs the same on one process with SQLite.
func TestOneProcess(t *testing.T) {
	t.Parallel()
	s := harness.OneProcess(t)
	t.Run("no demo", func(t *testing.T) { testNoDemoPages(t, s) })
	w := harness.NewWorld(t, s)
	t.Run("nothing is made up", func(t *testing.T) { testNothingMadeUp(t, w) })
	t.Run("main job", func(t *testing.T) { testMainJob(t, w) })
	t.Run("bad input", func(t *testing.T) { testBadInput(t, w) })
	t.Run("tokens", func(t *testing.T) { testTokens(t, w) })
	t.Run("policy", func(t *testing.T) { testPolicy(t, w) })
	t.Run("visibility", func(t *testing.T) { testVisibility(t, w) })
	t.Run("desk", func(t *testing.T) { testDesk(t, w) })
	t.Run("merge", func(t *testing.T) { testMerge(t, w) })
	t.Run("attachments", func(t *testing.T) { testAttachments(t, w) })
	t.Run("mail in", func(t *testing.T) { testMailIn(t, w) })
	t.Run("faults", func(t *testing.T) { testFaults(t, w) })
}

// transports are the two ways for a person to call.
var transports = []struct {
	name string
	as   func(p *harness.Person) grpc.ClientConnInterface
}{
	{"REST", (*harness.Person).REST},
	{"gRPC", (*harness.Person).GRPC},
}

func tickets(conn grpc.ClientConnInterface) ticketv1.TicketServiceClient {
	return ticketv1.NewTicketServiceClient(conn)
}

// create makes a ticket and returns it.
func create(t *testing.T, p *harness.Person, ticket *ticketv1.Ticket) *ticketv1.Ticket {
	t.Helper()
	made, err := p.Tickets().CreateTicket(t.Context(), &ticketv1.CreateTicketRequest{Ticket: ticket})
	require.NoError(t, err)
	return made
}

func get(ctx context.Context, t require.TestingT, p *harness.Person, number int64) *ticketv1.Ticket {
	ticket, err := p.Tickets().GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: number})
	require.NoError(t, err)
	return ticket
}

// letter is a mail of a ticket as its reader sees it.
type letter struct {
	testkit.Parts
	id      string   // Message-ID
	parent  []string // In-Reply-To
	thread  []string // References
	subject string
}

// letters returns the mails that an address got about a ticket, oldest first.
func letters(t *testing.T, w *harness.World, address string, number int64) []letter {
	t.Helper()
	var found []letter
	for _, m := range w.SMTP.Messages() {
		if !slices.ContainsFunc(m.To, func(to string) bool { return strings.EqualFold(to, address) }) {
			continue
		}
		l := letter{Parts: m.Parse(t)}
		var err error
		l.subject, err = l.Header.Subject()
		require.NoError(t, err)
		if !strings.Contains(l.subject, fmt.Sprintf("[#%d]", number)) {
			continue
		}
		require.Len(t, m.To, 1, "a mail to several people tells each of them of the others")
		l.id, err = l.Header.MessageID()
		require.NoError(t, err)
		l.parent, err = l.Header.MsgIDList("In-Reply-To")
		require.NoError(t, err)
		l.thread, err = l.Header.MsgIDList("References")
		require.NoError(t, err)
		found = append(found, l)
	}
	return found
}

// awaitLetters returns the mails that an address got about a ticket once there
// are n.
func awaitLetters(t *testing.T, w *harness.World, address string, number int64, n int) []letter {
	t.Helper()
	var got []letter
	testkit.Eventually(t, func() bool { got = letters(t, w, address, number); return len(got) >= n },
		"%d mails about #%d to %s", n, number, address)
	require.Len(t, got, n)
	return got
}
