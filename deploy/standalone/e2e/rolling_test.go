package e2e

import (
	"context"
	"fmt"
	"maps"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	triagev1 "altis-dxp.com/support/proto/gen/go/altis/support/triage/v1"
)

// rollingWord is in the subject of every ticket of the load.
const rollingWord = "conveyor"

// TestRollingRestart replaces every process of the suite, two replicas each behind a balancer that follows their readiness,
// while people report urgent incidents, read, answer and look on, over REST and over gRPC, by what docs/api.md says of
// trying again. None of them sees a failure, every ticket pages once, and no stream misses a change.
//
// With ALTIS_SOAK set it goes round many times.
func TestRollingRestart(t *testing.T) {
	rounds, progress := 1, 1
	if os.Getenv("ALTIS_SOAK") != "" {
		rounds, progress = 10, 10
	}
	w := harness.NewWorld(t, harness.Processes(t, harness.Options{Balanced: true}))
	order := append(harness.Services(), harness.Gateway)
	replicas := map[string][]*harness.Process{}
	for _, service := range order {
		second := w.Replica(t, service)
		second.Start()
		replicas[service] = []*harness.Process{w.Processes[service], second}
	}
	for _, service := range order {
		replicas[service][1].Ready()
		w.Balance(service, replicas[service][1], 2)
	}

	l := startLoad(t, w)
	for range rounds {
		for _, service := range order {
			for _, p := range replicas[service] {
				begin, lost := time.Now(), w.Balancer(service).Lost()
				l.advance(t, progress, "before the end of "+p.Name)
				told := time.Now()
				p.Stop()
				require.GreaterOrEqual(t, time.Since(told), harness.Drain, "it serves on while others learn that it will not")
				w.Balancer(service).Ready(1)
				l.advance(t, progress, "without "+p.Name)
				p.Start()
				p.Ready()
				w.Balancer(service).Ready(2)
				t.Logf("%-16s replaced after %4.1f s, %d connections lost", p.Name, time.Since(begin).Seconds(), w.Balancer(service).Lost()-lost)
			}
		}
	}
	l.end(t)
}

// load is what people do meanwhile.
type load struct {
	*harness.World
	ctx     context.Context // ends what looks on
	stop    func()          // nothing new is begun
	writers sync.WaitGroup
	done    atomic.Int64 // rounds of all writers

	mu       sync.Mutex
	made     map[int64]bool // tickets
	failures []string
	lookers  []*looker
}

func startLoad(t *testing.T, w *harness.World) *load {
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	l := &load{World: w, ctx: ctx, stop: sync.OnceFunc(func() { close(stopped) }), made: map[int64]bool{}}
	for i, as := range []func(*harness.Person) grpc.ClientConnInterface{
		func(p *harness.Person) grpc.ClientConnInterface { return patient{p.REST()} },
		func(p *harness.Person) grpc.ClientConnInterface { return patient{p.RESTAnew()} },
		func(p *harness.Person) grpc.ClientConnInterface { return plainClients(t, w, p) },
	} {
		customer, agent := as(w.Requester), as(w.Agent)
		l.writers.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stopped:
					return
				default:
				}
				l.round(customer, agent, fmt.Sprintf("c%dn%d", i, n))
				l.done.Add(1)
			}
		})
	}
	var looking sync.WaitGroup
	for _, conn := range []grpc.ClientConnInterface{w.Agent.REST(), plainClients(t, w, w.Agent)} {
		s := &looker{last: map[int64]string{}, begun: make(chan struct{})}
		l.lookers = append(l.lookers, s)
		looking.Go(func() { s.run(ctx, conn) })
	}
	t.Cleanup(func() {
		l.stop()
		l.writers.Wait()
		cancel()
		looking.Wait()
	})
	for _, s := range l.lookers {
		select {
		case <-s.begun:
		case <-time.After(recovery):
			s.mu.Lock()
			defer s.mu.Unlock()
			t.Fatalf("no stream begins: %v", s.end)
		}
	}
	return l
}

// round is one of each kind of call.
func (l *load) round(customer, agent grpc.ClientConnInterface, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(l.ctx), recovery)
	defer cancel()
	note := func(what string, err error) bool {
		if err != nil {
			l.mu.Lock()
			l.failures = append(l.failures, fmt.Sprintf("%s %s of %s: %v", time.Now().Format(time.StampMilli), what, id, err))
			l.mu.Unlock()
		}
		return err == nil
	}
	made, err := tickets(customer).CreateTicket(ctx, &ticketv1.CreateTicketRequest{Ticket: l.Urgent(rollingWord + " " + id), RequestId: id})
	if !note("create", err) {
		return
	}
	number := made.GetNumber()
	l.mu.Lock()
	l.made[number] = true
	l.mu.Unlock()
	_, err = tickets(customer).GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: number})
	note("get", err)
	_, err = tickets(agent).ReplyToTicket(ctx, &ticketv1.ReplyToTicketRequest{Ticket: number, Body: "We are on it.", RequestId: "reply-" + id})
	note("reply", err)
	_, err = tickets(agent).AddNote(ctx, &ticketv1.AddNoteRequest{Ticket: number, Body: "It is the disk.", RequestId: "note-" + id})
	note("note", err)
	res, err := tickets(customer).ListMessages(ctx, &ticketv1.ListMessagesRequest{Ticket: number})
	if note("messages", err) && len(res.GetMessages()) != 2 {
		note("messages", fmt.Errorf("%d instead of 2", len(res.GetMessages())))
	}
	_, err = tickets(agent).ListTickets(ctx, &ticketv1.ListTicketsRequest{Filter: rollingWord})
	note("list", err)
	_, err = tickets(agent).CountTickets(ctx, &ticketv1.CountTicketsRequest{Filter: rollingWord})
	note("count", err)
	_, err = notificationv1.NewOnCallServiceClient(agent).WhoIsOnCall(ctx, &notificationv1.WhoIsOnCallRequest{})
	note("who is on call", err)
	_, err = notificationv1.NewPageServiceClient(agent).ListPages(ctx, &notificationv1.ListPagesRequest{Ticket: number})
	note("pages", err)
	_, err = identityv1.NewAccountServiceClient(customer).GetSelf(ctx, &identityv1.GetSelfRequest{})
	note("self", err)
	_, err = triagev1.NewTriageServiceClient(customer).EvaluateTicket(ctx, &triagev1.EvaluateTicketRequest{
		Type: ticketv1.TicketType_TICKET_TYPE_QUESTION, Subject: "How?", Description: "How do I?", Scope: l.Quill.Scope("shop"),
	})
	note("evaluate", err)
}

// advance waits until the writers have gone through n more rounds each, about.
func (l *load) advance(t *testing.T, n int, name string) {
	t.Helper()
	target := l.done.Load() + int64(3*n)
	await(t, recovery, func() bool { return l.done.Load() >= target }, name+": the load goes on")
	l.check(t)
}

func (l *load) check(t *testing.T) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	require.Empty(t, l.failures)
}

// end stops the load and looks at what has come of it.
func (l *load) end(t *testing.T) {
	l.stop()
	l.writers.Wait()
	l.check(t)
	l.everyPageOnce(t)

	testkit.EventuallyPasses(t, func(t require.TestingT) {
		exist := map[int64]string{}
		for _, ticket := range found(l.ctx, t, l.World, rollingWord) {
			require.NotContains(t, exist, ticket.GetNumber())
			require.Contains(t, l.made, ticket.GetNumber(), "nobody was told of it")
			exist[ticket.GetNumber()] = ticket.GetEtag()
		}
		require.Len(t, exist, len(l.made))
		for _, s := range l.lookers {
			s.mu.Lock()
			last, resyncs := maps.Clone(s.last), s.resyncs
			s.mu.Unlock()
			require.Equal(t, exist, last, "the last change of each ticket has come")
			require.Zero(t, resyncs, "nothing is missed")
		}
	}, "every ticket exists once, and streams tell of every change")
	t.Logf("%d tickets; streams came back %d and %d times", len(l.made), l.lookers[0].returns, l.lookers[1].returns)
}
