package e2e

import (
	"crypto/ed25519"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

const (
	// graceAfter is how long identity must be away before expired tokens are
	// taken, and graceLife how long after their end.
	graceAfter = 30 * time.Second
	graceLife  = 4 * time.Hour
)

// outage is a replica of the ticket service that cannot reach identity, while
// everybody else can: nobody waits for its half minute but it.
type outage struct {
	*harness.World
	key  ed25519.PrivateKey // that ticket trusts
	conn grpc.ClientConnInterface
}

// beginOutage starts the replica and cuts its line to identity.
func beginOutage(t *testing.T, w *harness.World) *outage {
	t.Helper()
	line := harness.NewLine(t, w.Processes[harness.Identity].GRPC())
	replica := w.Replica(t, harness.Ticket, "--identity="+line.Addr)
	replica.Start()
	replica.Ready()
	o := &outage{World: w, key: trust(t, w, "outage"), conn: w.Reach(t, harness.Ticket, replica)}
	expired := o.Bearing(o.token(t, time.Minute), o.conn)
	testkit.Eventually(t, func() bool { return o.refusal(t, expired) == "TOKEN_EXPIRED" }, "an expired token is refused while identity answers")
	line.Cut()
	require.Equal(t, "TOKEN_EXPIRED", o.refusal(t, expired), "and for a while after it did")
	return o
}

// token returns one of the requester's that expired some time ago.
func (o *outage) token(t *testing.T, ago time.Duration) string {
	t.Helper()
	ended := time.Now().Add(-ago)
	claims := claimsOf(o.Requester, ended.Add(-5*time.Minute))
	claims.Expiry = float64(ended.Unix())
	token := signed(t, "outage", "at+jwt", jose.EdDSA, o.key, claims)
	o.KeepFromLogs("an expired token", token)
	return token
}

// refusal lists tickets with an expired token and returns why that is refused, if it is.
func (o *outage) refusal(t *testing.T, conn grpc.ClientConnInterface) string {
	t.Helper()
	_, err := tickets(conn).ListTickets(t.Context(), &ticketv1.ListTicketsRequest{})
	return fault.ReasonOf(err)
}

// graced checks what an expired token is good for once identity has been away
// for long enough, and that the history tells of its use.
func (o *outage) graced(t *testing.T) {
	token := o.token(t, graceLife-time.Minute)
	conn := o.Bearing(token, o.conn)
	await(t, graceAfter+slack, func() bool { return o.refusal(t, conn) == "" }, "an expired token is taken")
	client := tickets(conn)
	made, err := client.CreateTicket(t.Context(), &ticketv1.CreateTicketRequest{Ticket: o.Urgent("puffin without identity")})
	require.NoError(t, err)
	number := made.GetNumber()
	_, err = client.ReplyToTicket(t.Context(), &ticketv1.ReplyToTicketRequest{Ticket: number, Body: "It still fails."})
	require.NoError(t, err)
	testkit.Eventually(t, func() bool { return len(webhooks(t, o.World, o.Engineer, number)) > 0 }, "it pages")

	_, err = client.SolveTicket(t.Context(), &ticketv1.SolveTicketRequest{Ticket: number})
	require.Equal(t, "TOKEN_EXPIRED", fault.ReasonOf(err), "what can wait for identity has to: %v", err)
	require.Equal(t, "TOKEN_EXPIRED", o.refusal(t, o.Bearing(o.token(t, graceLife+time.Minute), o.conn)), "grace ends")
	require.Equal(t, "TOKEN_EXPIRED", o.refusal(t, o.WithAccess(token)), "who reaches identity needs no grace")

	_, err = o.Requester.Tickets().ReplyToTicket(t.Context(), &ticketv1.ReplyToTicketRequest{Ticket: number, Body: "And still."})
	require.NoError(t, err)
	require.Equal(t, []audited{
		{ticketv1.Event_KIND_CREATED, true}, {ticketv1.Event_KIND_REPLIED, true}, {ticketv1.Event_KIND_REPLIED, false},
	}, o.audit(t, number))
	solve(t, o.World, number)
}

// audited is an event of the history, and whether an expired token was enough for it.
type audited struct {
	kind   ticketv1.Event_Kind
	graced bool
}

// audit returns what the requester did to a ticket by its history, as staff see it.
func (o *outage) audit(t *testing.T, number int64) []audited {
	t.Helper()
	res, err := o.Agent.Tickets().ListEvents(t.Context(), &ticketv1.ListEventsRequest{Ticket: number})
	require.NoError(t, err)
	var found []audited
	for _, e := range res.GetEvents() {
		if e.GetActor().GetId() == o.Requester.ID {
			found = append(found, audited{e.GetKind(), e.GetGraced()})
		}
	}
	theirs, err := o.Requester.Tickets().ListEvents(t.Context(), &ticketv1.ListEventsRequest{Ticket: number})
	require.NoError(t, err)
	for _, e := range theirs.GetEvents() {
		require.False(t, e.GetGraced(), "only staff see it")
	}
	return found
}
