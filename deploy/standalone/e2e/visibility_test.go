package e2e

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/fault"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// testVisibility checks who gets to see which tickets, by every way to read.
func testVisibility(t *testing.T, w *harness.World) {
	const note = "internal quokka note"
	shop := create(t, w.Requester, w.Question("quokka in the shop", w.Copied.Email)).GetNumber()
	blog := w.Question("quokka in the blog")
	blog.Scope = w.Quill.Scope("blog/production")
	inBlog := create(t, w.Requester, blog).GetNumber()
	both := w.Question("quokka in both")
	both.Scope.Targets = append(both.Scope.Targets, w.Quill.Scope("blog").GetTargets()...)
	inBoth := create(t, w.Requester, both).GetNumber()
	everything := w.Question("quokka everywhere")
	everything.Scope = &ticketv1.Scope{All: true}
	all := create(t, w.Requester, everything).GetNumber()
	foreign := w.Question("quokka at loom")
	foreign.Scope = w.Loom.Scope("store")
	atLoom := create(t, w.Stranger, foreign).GetNumber()
	for _, number := range []int64{shop, inBlog, inBoth, all, atLoom} {
		_, err := w.Agent.Tickets().AddNote(t.Context(), &ticketv1.AddNoteRequest{Ticket: number, Body: note})
		require.NoError(t, err)
	}

	tests := []struct {
		name   string
		person *harness.Person
		sees   []int64
		cc     []int64
		mine   []int64
	}{
		{name: "requester", person: w.Requester, sees: []int64{shop, inBlog, inBoth, all}, mine: []int64{shop, inBlog, inBoth, all}},
		{name: "member in CC", person: w.Copied, sees: []int64{shop}, cc: []int64{shop}},
		{name: "colleague", person: w.Colleague},
		{name: "freelancer: only what lies within the own applications", person: w.Freelancer, sees: []int64{inBlog}},
		{name: "organization's admin", person: w.Owner, sees: []int64{shop, inBlog, inBoth, all}},
		{name: "stranger", person: w.Stranger, sees: []int64{atLoom}, mine: []int64{atLoom}},
		{name: "agent", person: w.Agent, sees: []int64{shop, inBlog, inBoth, all, atLoom}},
		{name: "engineer", person: w.Engineer, sees: []int64{shop, inBlog, inBoth, all, atLoom}},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			client := tickets(transports[i%len(transports)].as(tt.person))
			require.ElementsMatch(t, tt.sees, listed(t, client, ticketv1.ListTicketsRequest_VIEW_ALL, "quokka"))
			require.ElementsMatch(t, tt.mine, listed(t, client, ticketv1.ListTicketsRequest_VIEW_MINE, "quokka"))
			require.ElementsMatch(t, tt.cc, listed(t, client, ticketv1.ListTicketsRequest_VIEW_CC, "quokka"))
			for _, filter := range []string{"quokka org:quill", "quokka app:shop", "quokka is:open type:question"} {
				require.Subset(t, tt.sees, listed(t, client, ticketv1.ListTicketsRequest_VIEW_ALL, filter), filter)
			}
			for _, filter := range []string{`"` + note + `"`, `in:body "` + note + `"`} {
				found := listed(t, client, ticketv1.ListTicketsRequest_VIEW_ALL, filter)
				require.True(t, tt.person.Staff || len(found) == 0, "a member finds a ticket by its note: %v", found)
			}
			batch, err := client.BatchGetTickets(t.Context(), &ticketv1.BatchGetTicketsRequest{Tickets: []int64{shop, inBlog, inBoth, all, atLoom}})
			require.NoError(t, err)
			require.ElementsMatch(t, tt.sees, numbers(batch.GetTickets()))
			for _, number := range []int64{shop, inBlog, inBoth, all, atLoom} {
				readAll(t, client, tt.person, number, slices.Contains(tt.sees, number), note)
			}
		})
	}
	for _, over := range transports {
		t.Run("watch over "+over.name, func(t *testing.T) { testWatch(t, w, over.as, shop, atLoom) })
		t.Run("removal over "+over.name, func(t *testing.T) { testRemovedCC(t, w, over.as) })
	}
}

func listed(t *testing.T, client ticketv1.TicketServiceClient, view ticketv1.ListTicketsRequest_View, filter string) []int64 {
	t.Helper()
	res, err := client.ListTickets(t.Context(), &ticketv1.ListTicketsRequest{View: view, Filter: filter, PageSize: 100})
	require.NoError(t, err)
	return numbers(res.GetTickets())
}

func numbers(tickets []*ticketv1.Ticket) []int64 {
	list := make([]int64, len(tickets))
	for i, ticket := range tickets {
		list[i] = ticket.GetNumber()
	}
	return list
}

// readAll reads a ticket by every method that takes its number.
func readAll(t *testing.T, client ticketv1.TicketServiceClient, p *harness.Person, number int64, visible bool, note string) {
	t.Helper()
	ticket, err := client.GetTicket(t.Context(), &ticketv1.GetTicketRequest{Ticket: number})
	messages, err2 := client.ListMessages(t.Context(), &ticketv1.ListMessagesRequest{Ticket: number})
	events, err3 := client.ListEvents(t.Context(), &ticketv1.ListEventsRequest{Ticket: number})
	for _, err := range []error{err, err2, err3} {
		if !visible {
			require.ErrorIs(t, err, fault.NotFound)
			require.Equal(t, "TICKET_NOT_FOUND", fault.ReasonOf(err))
			continue
		}
		require.NoError(t, err)
	}
	if !visible {
		return
	}
	hasNote := slices.ContainsFunc(messages.GetMessages(), func(m *ticketv1.Message) bool {
		return m.GetBody() == note || m.GetKind() == ticketv1.Message_KIND_NOTE
	})
	hasEvent := slices.ContainsFunc(events.GetEvents(), func(e *ticketv1.Event) bool {
		return e.GetKind() == ticketv1.Event_KIND_NOTE_ADDED || strings.Contains(e.GetSummary(), note)
	})
	require.Equal(t, p.Staff, hasNote, "only staff read notes")
	require.Equal(t, p.Staff, hasEvent)
	if !p.Staff {
		require.Empty(t, ticket.GetPriorityReason())
		require.Empty(t, ticket.GetTags())
		require.Zero(t, ticket.GetPriority(), "members see a priority on incidents only")
	}
}

// watched opens a stream, from now or from a resume token.
func watched(ctx context.Context, t *testing.T, conn grpc.ClientConnInterface, resume string) ticketv1.TicketService_WatchTicketsClient {
	t.Helper()
	stream, err := tickets(conn).WatchTickets(ctx, &ticketv1.WatchTicketsRequest{ResumeToken: resume})
	require.NoError(t, err)
	first, err := stream.Recv()
	require.NoError(t, err)
	require.True(t, first.GetHeartbeat())
	require.NotEmpty(t, first.GetResumeToken())
	return stream
}

// testWatch changes a ticket of each organization, the stranger's last: what a
// watcher may not see never comes, because changes come in order.
func testWatch(t *testing.T, w *harness.World, as func(*harness.Person) grpc.ClientConnInterface, shop, atLoom int64) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	watch := func(p *harness.Person) ticketv1.TicketService_WatchTicketsClient { return watched(ctx, t, as(p), "") }
	var resume string // of what next returned last
	next := func(stream ticketv1.TicketService_WatchTicketsClient) *ticketv1.Ticket {
		for {
			res, err := stream.Recv()
			require.NoError(t, err)
			require.False(t, res.GetResync())
			require.NotEmpty(t, res.GetResumeToken())
			resume = res.GetResumeToken()
			if res.GetTicket() != nil {
				return res.GetTicket()
			}
		}
	}
	stranger, requester, copied, agent := watch(w.Stranger), watch(w.Requester), watch(w.Copied), watch(w.Agent)
	colleague := watch(w.Colleague)

	own := create(t, w.Colleague, w.Question("a marker for the watch")).GetNumber()
	_, err := w.Requester.Tickets().ReplyToTicket(t.Context(), &ticketv1.ReplyToTicketRequest{Ticket: shop, Body: "watched"})
	require.NoError(t, err)
	_, err = w.Stranger.Tickets().ReplyToTicket(t.Context(), &ticketv1.ReplyToTicketRequest{Ticket: atLoom, Body: "watched"})
	require.NoError(t, err)
	require.Equal(t, atLoom, next(stranger).GetNumber())
	require.Equal(t, shop, next(copied).GetNumber())
	seen := next(requester)
	require.Equal(t, shop, seen.GetNumber())
	before := resume
	require.Equal(t, own, next(colleague).GetNumber())
	for _, number := range []int64{own, shop, atLoom} {
		for next(agent).GetNumber() != number { // triage answers in between
			continue
		}
	}

	// Who comes back misses nothing.
	_, err = w.Requester.Tickets().ReplyToTicket(t.Context(), &ticketv1.ReplyToTicketRequest{Ticket: shop, Body: "missed"})
	require.NoError(t, err)
	again := watched(ctx, t, as(w.Requester), before)
	for missed := seen; missed.GetSequence() <= seen.GetSequence(); { // what was sent last may come again
		missed = next(again)
		require.Equal(t, shop, missed.GetNumber())
	}
	triaged(t, w, own) // or that comes on the stream of the next test
}

// testRemovedCC checks that a CC who is removed is an outsider at once, on open
// streams too.
func testRemovedCC(t *testing.T, w *harness.World, as func(*harness.Person) grpc.ClientConnInterface) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	copied := tickets(as(w.Copied))
	shop := create(t, w.Requester, w.Question("wombat in the shop", w.Copied.Email)).GetNumber()
	require.Equal(t, []int64{shop}, listed(t, copied, ticketv1.ListTicketsRequest_VIEW_CC, "wombat"))
	triaged(t, w, shop) // or that may come on the stream
	stream := watched(ctx, t, as(w.Copied), "")
	_, err := w.Requester.Tickets().RemoveCc(t.Context(), &ticketv1.RemoveCcRequest{Ticket: shop, Email: strings.ToUpper(w.Copied.Email)})
	require.NoError(t, err)
	_, err = copied.GetTicket(t.Context(), &ticketv1.GetTicketRequest{Ticket: shop})
	require.ErrorIs(t, err, fault.NotFound)
	require.Empty(t, listed(t, copied, ticketv1.ListTicketsRequest_VIEW_CC, "wombat"))

	_, err = w.Requester.Tickets().ReplyToTicket(t.Context(), &ticketv1.ReplyToTicketRequest{Ticket: shop, Body: "without you"})
	require.NoError(t, err)
	marker := create(t, w.Copied, w.Question("a marker after the removal")).GetNumber()
	for {
		res, err := stream.Recv()
		require.NoError(t, err)
		if res.GetTicket() != nil {
			require.Equal(t, marker, res.GetTicket().GetNumber())
			break
		}
	}
	triaged(t, w, marker) // or that comes on the stream of the next test
}
