package e2e

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

const (
	// lease is how long a task belongs to a process that is not heard of.
	lease = 5 * time.Second
	// recovery bounds the time until work goes on after a fault. It is long because
	// a passing test never waits for it.
	recovery = time.Minute
	// receiverDelay is how long the webhooks' receiver takes to answer.
	receiverDelay = 100 * time.Millisecond
	kills         = 2 // of each process in a round
	// firstStep is how long the first step waits: faults are longer and shorter.
	firstStep = 10 * time.Second
)

// TestDurability creates urgent incidents without a pause while processes,
// Redis and PostgreSQL are killed, stopped and started. Nobody acknowledges a
// page, so that the first step of the policy runs out, mostly during the faults.
// At the end every ticket that was acknowledged exists once, and everybody who
// had to be paged about it was, by a delivery of one id.
//
// With ALTIS_SOAK set it goes round many times.
func TestDurability(t *testing.T) {
	rounds, progress := 1, 3
	if os.Getenv("ALTIS_SOAK") != "" {
		rounds, progress = 10, 30
	}
	w := harness.NewWorld(t, harness.Processes(t, harness.Options{OwnPostgres: true}))
	require.NoError(t, w.EscalateBy(t.Context(),
		harness.Step(firstStep, "schedule:primary", "person:"+w.Backup.ID),
		harness.Step(24*time.Hour, "person:"+w.Supervisor.ID), // who has mail only
	))
	// Slow, so that every fault finds pages on their way.
	w.Pager.Respond(func(int, testkit.Request) testkit.Response { return testkit.Response{Delay: receiverDelay} })
	d := &durability{World: w, stream: startStream(t, w), progress: progress, arrived: map[string]paging{}}
	for round := range rounds {
		t.Run(fmt.Sprintf("round %d", round+1), d.round)
	}
	made := d.stream.end(t)
	d.everyTicketOnce(t, made)
	d.everyPageOnce(t, made)
}

// durability is the state of TestDurability.
type durability struct {
	*harness.World
	stream   *stream
	progress int // tickets to be acknowledged after each fault

	webhooks, mails int               // that were looked at
	pages           int               // that arrived, repeated ones too
	arrived         map[string]paging // by id
}

func (d *durability) round(t *testing.T) {
	for _, name := range []string{harness.Notification, harness.Ticket, harness.Triage, harness.Identity, harness.Gateway} {
		d.fault(t, "kill -9 of "+name, func() {
			for range kills {
				d.stream.advance(t, 1, "before kill -9 of "+name)
				d.Processes[name].Restart()
			}
		})
	}
	d.fault(t, "SIGSTOP of notification beside a replica", func() { d.pauseBesideReplica(t) })
	d.fault(t, "SIGSTOP of ticket", func() { d.pause(d.Processes[harness.Ticket]) })
	d.fault(t, "FLUSHALL", func() { d.Redis.FlushAll() })
	d.fault(t, "Redis away", func() {
		d.Redis.Stop()
		d.stream.advance(t, d.progress, "without Redis")
		d.Redis.Start()
	})
	d.fault(t, "PostgreSQL restarted", func() { d.Postgres.Restart() })
	d.fault(t, "identity away", func() { d.withoutIdentity(t) })
}

// fault does one thing to the suite and waits until tickets are acknowledged
// and paged again.
func (d *durability) fault(t *testing.T, name string, do func()) {
	t.Helper()
	start := time.Now()
	do()
	broken := time.Since(start)
	d.stream.advance(t, d.progress, name)
	d.caughtUp(t, name)
	t.Logf("%-42s %5.1f s, and %5.1f s until work went on", name, broken.Seconds(), (time.Since(start) - broken).Seconds())
}

// caughtUp waits until the first step of everything acknowledged so far has
// paged.
func (d *durability) caughtUp(t *testing.T, name string) {
	t.Helper()
	want := d.firstStep(slices.Collect(maps.Keys(d.stream.acknowledged())))
	d.await(t, recovery, want, name+": pages arrive")
}

// pause stops a process for longer than the lease of its tasks.
func (d *durability) pause(p *harness.Process) {
	p.Pause()
	<-time.After(lease + time.Second)
	p.Resume()
}

// pauseBesideReplica lets another process take over the tasks of a paused one,
// which then goes on as if it still had them.
func (d *durability) pauseBesideReplica(t *testing.T) {
	replica := d.Replica(t, harness.Notification)
	replica.Start()
	replica.Ready()
	d.stream.advance(t, d.progress, "beside a replica")
	d.pause(d.Processes[harness.Notification])
	d.stream.advance(t, d.progress, "beside a replica after the pause")
	replica.Stop()
}

// withoutIdentity starts ticket and notification afresh while identity is away:
// tickets are made and paged nevertheless.
func (d *durability) withoutIdentity(t *testing.T) {
	identity := d.Processes[harness.Identity]
	identity.Kill()
	d.Processes[harness.Ticket].Restart()
	d.Processes[harness.Notification].Restart()
	d.stream.advance(t, d.progress, "without identity")
	d.caughtUp(t, "without identity")
	identity.Start()
	identity.Ready()
}

// everyTicketOnce compares the tickets that were acknowledged with those that
// exist, repeats every request, and waits for triage.
func (d *durability) everyTicketOnce(t *testing.T, made map[string]int64) {
	exist := map[int64]int{}
	for _, ticket := range d.tickets(t) {
		exist[ticket.GetNumber()]++
	}
	want := map[int64]int{}
	for _, number := range made {
		want[number]++
	}
	require.Equal(t, want, exist, "every acknowledged ticket exists, once, and no other")
	for id, number := range made {
		again, err := d.Requester.Tickets().CreateTicket(t.Context(), d.stream.request(id))
		require.NoError(t, err)
		require.Equal(t, number, again.GetNumber(), "a repeated request returns its ticket")
	}
	await(t, recovery, func() bool {
		return !slices.ContainsFunc(d.tickets(t), func(ticket *ticketv1.Ticket) bool { return ticket.GetFirstResponseDueTime() == nil })
	}, "triage catches up with every ticket")
}

// tickets returns all tickets of the stream.
func (d *durability) tickets(t *testing.T) []*ticketv1.Ticket {
	t.Helper()
	return found(t.Context(), t, d.World, streamWord)
}

// found returns all tickets with a word, oldest first.
func found(ctx context.Context, t require.TestingT, w *harness.World, word string) (all []*ticketv1.Ticket) {
	for token := ""; ; {
		res, err := w.Agent.Tickets().ListTickets(ctx, &ticketv1.ListTicketsRequest{
			Filter: word, OrderBy: "create_time", PageSize: 100, PageToken: token,
		})
		require.NoError(t, err)
		all = append(all, res.GetTickets()...)
		if token = res.GetNextPageToken(); token == "" {
			return all
		}
	}
}

// streamWord is in the subject of every ticket of the stream.
const streamWord = "perpetuum"

func (s *stream) request(id string) *ticketv1.CreateTicketRequest {
	ticket := s.world.Urgent(streamWord + " " + id)
	ticket.GetIncident().SinceTime = s.since
	return &ticketv1.CreateTicketRequest{Ticket: ticket, RequestId: id}
}

// advance waits until n more tickets are acknowledged.
func (s *stream) advance(t *testing.T, n int, name string) {
	t.Helper()
	target := len(s.acknowledged()) + n
	await(t, recovery, func() bool { return len(s.acknowledged()) >= target }, name+": tickets are acknowledged")
}

// end stops the stream and returns the tickets by request id. What was begun is
// repeated until it is acknowledged.
func (s *stream) end(t *testing.T) map[string]int64 {
	t.Helper()
	close(s.stop)
	select {
	case <-s.done:
	case <-time.After(recovery):
		t.Fatal("the last creates are not acknowledged")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	require.Empty(t, s.surprises, "errors that tell the caller nothing of use:\n%s", strings.Join(s.surprises, "\n"))
	require.NotEmpty(t, s.made)
	return s.made
}
