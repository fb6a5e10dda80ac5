package e2e

import (
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
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
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
)

// TestDurability creates urgent incidents without a pause while processes,
// Redis and PostgreSQL are killed, stopped and started. At the end every ticket
// that was acknowledged exists once, and everybody who had to be paged about it
// was, by a delivery of one id.
//
// With ALTIS_SOAK set it goes round many times.
func TestDurability(t *testing.T) {
	rounds, progress := 1, 3
	if os.Getenv("ALTIS_SOAK") != "" {
		rounds, progress = 10, 30
	}
	w := harness.NewWorld(t, harness.Processes(t, harness.Options{OwnPostgres: true}))
	require.NoError(t, w.Escalate(t.Context(), []string{"schedule:primary", "person:" + w.Backup.ID}))
	// Slow, so that every fault finds pages on their way.
	w.Pager.Respond(func(int, testkit.Request) testkit.Response { return testkit.Response{Delay: receiverDelay} })
	d := &durability{World: w, stream: startStream(t, w), progress: progress, paged: map[int64]map[string]delivered{}}
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

	read  int                            // requests of the receiver that are in paged
	paged map[int64]map[string]delivered // what arrived, by ticket and webhook-id
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

// caughtUp waits until everything acknowledged so far has been paged.
func (d *durability) caughtUp(t *testing.T, name string) {
	t.Helper()
	want := d.stream.acknowledged()
	await(t, recovery, func() bool {
		d.readWebhooks(t)
		for number := range want {
			if len(d.paged[number]) < 2 {
				return false
			}
		}
		return true
	}, name+": pages arrive")
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

// delivered is what makes a delivery different from every other one.
type delivered struct {
	page              string
	cycle, loop, step int32
	person            string
}

// readWebhooks adds what arrived since the last time.
func (d *durability) readWebhooks(t *testing.T) {
	t.Helper()
	requests := d.Pager.Requests()
	for _, r := range requests[d.read:] {
		n := opened(t, r).GetData()
		if d.paged[n.GetTicket()] == nil {
			d.paged[n.GetTicket()] = map[string]delivered{}
		}
		d.paged[n.GetTicket()][r.Header.Get("webhook-id")] = delivered{n.GetPage(), n.GetCycle(), n.GetLoop(), n.GetStep(), n.GetPerson().GetId()}
	}
	d.read = len(requests)
}

// everyTicketOnce compares the tickets that were acknowledged with those that
// exist, and repeats every request.
func (d *durability) everyTicketOnce(t *testing.T, made map[string]int64) {
	exist := map[int64]int{}
	for token := ""; ; {
		res, err := d.Agent.Tickets().ListTickets(t.Context(), &ticketv1.ListTicketsRequest{
			Filter: streamWord, OrderBy: "create_time", PageSize: 100, PageToken: token,
		})
		require.NoError(t, err)
		for _, ticket := range res.GetTickets() {
			exist[ticket.GetNumber()]++
		}
		if token = res.GetNextPageToken(); token == "" {
			break
		}
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
}

// everyPageOnce compares the webhooks that arrived with those that had to: one
// for each ticket and each of the two engineers.
func (d *durability) everyPageOnce(t *testing.T, made map[string]int64) {
	d.caughtUp(t, "at the end")
	want, got := map[string]delivered{}, map[string]delivered{}
	for _, number := range slices.Sorted(maps.Values(made)) {
		list, err := d.Agent.Pages().ListPages(t.Context(), &notificationv1.ListPagesRequest{Ticket: number})
		require.NoError(t, err)
		require.Len(t, list.GetPages(), 1, "ticket %d has one page", number)
		page, err := d.Agent.Pages().GetPage(t.Context(), &notificationv1.GetPageRequest{Page: list.GetPages()[0].GetId()})
		require.NoError(t, err)
		var people []string
		for _, delivery := range page.GetDeliveries() {
			if delivery.GetChannel() != "webhook" {
				continue // an attempt that a stopped process cut off began the next channel
			}
			people = append(people, delivery.GetPerson().GetId())
			want[delivery.GetId()] = delivered{page.GetId(), delivery.GetCycle(), delivery.GetLoop(), delivery.GetStep(), delivery.GetPerson().GetId()}
		}
		require.ElementsMatch(t, []string{d.Engineer.ID, d.Backup.ID}, people)
	}
	total, numbers := 0, map[int64]bool{}
	d.readWebhooks(t)
	for number, deliveries := range d.paged {
		numbers[number] = true
		maps.Copy(got, deliveries)
	}
	for _, n := range distinct(d.Pager.Requests()) {
		total += n
	}
	require.Equal(t, want, got, "what arrived is what had to, by its ids")
	require.Len(t, numbers, len(made))
	unique := map[delivered]bool{}
	for _, key := range got {
		unique[key] = true
		require.EqualValues(t, 1, key.cycle*key.loop*key.step)
	}
	require.Len(t, unique, 2*len(made))
	t.Logf("%d tickets acknowledged (%d creates repeated), %d webhooks: %d distinct, %d repeated",
		len(made), d.stream.repeated(), total, len(got), total-len(got))
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
