package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// testDesk has staff do what they do all day, and looks at what customers see of it.
func testDesk(t *testing.T, w *harness.World) {
	for _, over := range transports {
		d := &desk{World: w, agent: tickets(over.as(w.Agent)), customer: tickets(over.as(w.Requester)), as: over.as}
		t.Run("requesters over "+over.name, d.requesters)
		t.Run("batch over "+over.name, d.batch)
		t.Run("type over "+over.name, d.changeType)
		t.Run("redact over "+over.name, d.redact)
		t.Run("spam and deletion over "+over.name, d.hide)
		t.Run("views over "+over.name, d.views)
		t.Run("presence over "+over.name, d.presence)
	}
}

type desk struct {
	*harness.World
	agent, customer ticketv1.TicketServiceClient
	as              func(p *harness.Person) grpc.ClientConnInterface
}

// requesters: an agent opens a ticket for a customer, and hands it to a colleague of theirs.
func (d *desk) requesters(t *testing.T) {
	ctx := t.Context()
	question := d.Question("asked by telephone")
	question.Organization, question.Requester = d.Quill.ID, &ticketv1.Person{Id: d.Requester.ID}
	opened, err := d.agent.CreateTicket(ctx, &ticketv1.CreateTicketRequest{Ticket: question})
	require.NoError(t, err)
	n := opened.GetNumber()
	require.Contains(t, listed(t, d.customer, ticketv1.ListTicketsRequest_VIEW_MINE, "is:new"), n)
	awaitLetters(t, d.World, d.Requester.Email, n, 1)

	colleague := tickets(d.as(d.Colleague))
	_, err = colleague.GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: n})
	require.ErrorIs(t, err, fault.NotFound)
	_, err = d.agent.ChangeRequester(ctx, &ticketv1.ChangeRequesterRequest{Ticket: n, Requester: d.Stranger.ID})
	require.ErrorIs(t, err, fault.Invalid)
	_, err = d.agent.ChangeRequester(ctx, &ticketv1.ChangeRequesterRequest{Ticket: n, Requester: d.Colleague.ID})
	require.NoError(t, err)
	require.Contains(t, awaitLetters(t, d.World, d.Colleague.Email, n, 1)[0].Text, "Every checkout fails", "the conversation so far")
	require.Contains(t, listed(t, colleague, ticketv1.ListTicketsRequest_VIEW_MINE, ""), n)
	require.Contains(t, listed(t, d.customer, ticketv1.ListTicketsRequest_VIEW_CC, ""), n)
	require.Contains(t, d.changes(t, n), "requester: "+d.Requester.Name+" -> "+d.Colleague.Name)

	_, err = d.agent.ChangeRequester(ctx, &ticketv1.ChangeRequesterRequest{Ticket: n, Requester: d.Requester.ID, DropFormer: true})
	require.NoError(t, err)
	_, err = colleague.GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: n})
	require.ErrorIs(t, err, fault.NotFound)
}

// changes returns the changes in the history that the customer sees.
func (d *desk) changes(t *testing.T, number int64) (list []string) {
	t.Helper()
	res, err := d.customer.ListEvents(t.Context(), &ticketv1.ListEventsRequest{Ticket: number})
	require.NoError(t, err)
	for _, e := range res.GetEvents() {
		for _, c := range e.GetChanges() {
			list = append(list, c.GetField()+": "+c.GetOldValue()+" -> "+c.GetNewValue())
		}
	}
	return list
}

func (d *desk) batch(t *testing.T) {
	one, two := create(t, d.Requester, d.Question("one of many")), create(t, d.Requester, d.Question("two of many"))
	req := &ticketv1.BatchUpdateTicketsRequest{RequestId: "batch-" + one.GetEtag() + two.GetCreateTime().AsTime().String(), Updates: []*ticketv1.TicketUpdate{
		{Ticket: one.GetNumber(), Assignee: proto.String(d.Agent.ID), Team: "billing", AddTags: []string{"vip"}},
		{Ticket: 1 << 40, Status: ticketv1.TicketStatus_TICKET_STATUS_SOLVED},
		{Ticket: two.GetNumber(), Status: ticketv1.TicketStatus_TICKET_STATUS_SOLVED},
	}}
	for range 2 {
		res, err := d.agent.BatchUpdateTickets(t.Context(), req)
		require.NoError(t, err)
		require.Len(t, res.GetResults(), 3)
		require.Equal(t, []string{"vip"}, res.GetResults()[0].GetTicket().GetTags())
		require.Equal(t, codes.NotFound, codes.Code(res.GetResults()[1].GetError().GetCode()))
		require.Len(t, res.GetResults()[1].GetError().GetDetails(), 1)
		require.Equal(t, ticketv1.TicketStatus_TICKET_STATUS_SOLVED, res.GetResults()[2].GetTicket().GetStatus(), "once, however often it is asked for")
	}
	seen, err := d.customer.GetTicket(t.Context(), &ticketv1.GetTicketRequest{Ticket: one.GetNumber()})
	require.NoError(t, err)
	require.Equal(t, d.Agent.Name, seen.GetAssignee().GetName())
	require.Empty(t, seen.GetTags())
	require.Contains(t, listed(t, d.agent, ticketv1.ListTicketsRequest_VIEW_ALL, "team:billing assignee:@me"), one.GetNumber())
	_, err = d.customer.BatchUpdateTickets(t.Context(), req)
	require.ErrorIs(t, err, fault.Denied)
}

// changeType: what was an urgent incident pages no more.
func (d *desk) changeType(t *testing.T) {
	n := create(t, d.Requester, d.Urgent("no outage after all")).GetNumber()
	state := func() ticketv1.PageState { return get(t.Context(), t, d.Agent, n).GetPage().GetState() }
	testkit.Eventually(t, func() bool { return state() == ticketv1.PageState_PAGE_STATE_DELIVERED }, "engineers are paged")
	changed, err := d.agent.ChangeType(t.Context(), &ticketv1.ChangeTypeRequest{Ticket: n, Type: ticketv1.TicketType_TICKET_TYPE_PROBLEM})
	require.NoError(t, err)
	require.Equal(t, ticketv1.Priority_PRIORITY_HIGH, changed.GetPriority())
	require.Equal(t, "Nobody can buy.", changed.GetProblem().GetActual())
	testkit.Eventually(t, func() bool { return state() == ticketv1.PageState_PAGE_STATE_RESOLVED }, "paging ends")
	require.Contains(t, d.changes(t, n), "type: incident -> problem")
	seen, err := d.customer.GetTicket(t.Context(), &ticketv1.GetTicketRequest{Ticket: n})
	require.NoError(t, err)
	require.Zero(t, seen.GetPriority())
	messages, err := d.agent.ListMessages(t.Context(), &ticketv1.ListMessagesRequest{Ticket: n})
	require.NoError(t, err)
	require.Contains(t, messages.GetMessages()[1].GetBody(), "+44 20 7946 0012", "what has no field is in a note")
	messages, err = d.customer.ListMessages(t.Context(), &ticketv1.ListMessagesRequest{Ticket: n})
	require.NoError(t, err)
	require.Len(t, messages.GetMessages(), 1)
}

func (d *desk) redact(t *testing.T) {
	ctx := t.Context()
	question := d.Question("cannot log in", d.Copied.Email)
	question.Description = "My password is correcthorse, is it not?"
	n := create(t, d.Requester, question).GetNumber()
	messages, err := d.agent.ListMessages(ctx, &ticketv1.ListMessagesRequest{Ticket: n})
	require.NoError(t, err)
	id := messages.GetMessages()[0].GetId()
	require.Contains(t, listed(t, d.agent, ticketv1.ListTicketsRequest_VIEW_ALL, "correcthorse"), n)
	_, err = d.customer.RedactMessage(ctx, &ticketv1.RedactMessageRequest{Ticket: n, Message: id, Reason: "x"})
	require.ErrorIs(t, err, fault.Denied)
	redacted, err := d.agent.RedactMessage(ctx, &ticketv1.RedactMessageRequest{Ticket: n, Message: id, Reason: "a password", Texts: []string{"correcthorse"}})
	require.NoError(t, err)
	require.Equal(t, "My password is [redacted], is it not?", redacted.GetBody())
	seen, err := d.customer.GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: n})
	require.NoError(t, err)
	require.Equal(t, redacted.GetBody(), seen.GetDescription())
	require.NotContains(t, listed(t, d.agent, ticketv1.ListTicketsRequest_VIEW_ALL, "correcthorse"), n)
	// Who is copied in from now on gets it without the password.
	_, err = d.agent.AddCcs(ctx, &ticketv1.AddCcsRequest{Ticket: n, Emails: []string{d.Colleague.Email}})
	require.NoError(t, err)
	require.Contains(t, awaitLetters(t, d.World, d.Colleague.Email, n, 1)[0].Text, redacted.GetBody())
}

func (d *desk) hide(t *testing.T) {
	ctx := t.Context()
	n := create(t, d.Requester, d.Question("buy cheap wombats")).GetNumber()
	supervisor := tickets(d.as(d.Supervisor))
	all := func(c ticketv1.TicketServiceClient, filter string) []int64 {
		return listed(t, c, ticketv1.ListTicketsRequest_VIEW_ALL, "wombats "+filter)
	}
	customerSees := func(want bool) {
		t.Helper()
		_, err := d.customer.GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: n})
		require.Equal(t, want, err == nil, "%v", err)
		if !want {
			require.Equal(t, "TICKET_NOT_FOUND", fault.ReasonOf(err))
		}
		count, err := d.customer.CountTickets(ctx, &ticketv1.CountTicketsRequest{Filter: "wombats"})
		require.NoError(t, err)
		require.Equal(t, want, count.GetCount() > 0)
		require.Equal(t, want, len(all(d.customer, "")) > 0)
	}
	customerSees(true)
	marked, err := d.agent.MarkSpam(ctx, &ticketv1.MarkSpamRequest{Ticket: n})
	require.NoError(t, err)
	require.NotNil(t, marked.GetSpamTime())
	customerSees(false)
	require.Empty(t, all(d.agent, ""))
	require.Equal(t, []int64{n}, all(d.agent, "is:spam"))
	_, err = d.agent.ReplyToTicket(ctx, &ticketv1.ReplyToTicketRequest{Ticket: n, Body: "x"})
	require.Equal(t, "TICKET_HIDDEN", fault.ReasonOf(err))

	deleted, err := d.agent.DeleteTicket(ctx, &ticketv1.DeleteTicketRequest{Ticket: n})
	require.NoError(t, err)
	require.NotNil(t, deleted.GetPurgeTime())
	customerSees(false)
	require.Empty(t, all(d.agent, "is:deleted"))
	_, err = d.agent.RestoreTicket(ctx, &ticketv1.RestoreTicketRequest{Ticket: n})
	require.ErrorIs(t, err, fault.NotFound)
	require.Contains(t, all(supervisor, "is:deleted"), n)
	_, err = supervisor.RestoreTicket(ctx, &ticketv1.RestoreTicketRequest{Ticket: n})
	require.NoError(t, err)
	customerSees(true)
	hidings := func(c ticketv1.TicketServiceClient) (count int) {
		events, err := c.ListEvents(ctx, &ticketv1.ListEventsRequest{Ticket: n})
		require.NoError(t, err)
		for _, e := range events.GetEvents() {
			if e.GetKind() >= ticketv1.Event_KIND_MARKED_SPAM {
				count++
			}
		}
		return count
	}
	require.Equal(t, 3, hidings(d.agent))
	require.Zero(t, hidings(d.customer), "customers do not read that their ticket was taken for spam")
	_, err = d.agent.DeleteTicket(ctx, &ticketv1.DeleteTicketRequest{Ticket: n}) // the next transport's list is empty again
	require.NoError(t, err)
}

func (d *desk) views(t *testing.T) {
	ctx := t.Context()
	of := func(p *harness.Person) ticketv1.ViewServiceClient { return ticketv1.NewViewServiceClient(d.as(p)) }
	names := func(p *harness.Person) (list []string) {
		res, err := of(p).ListViews(ctx, &ticketv1.ListViewsRequest{})
		require.NoError(t, err)
		for _, v := range res.GetViews() {
			list = append(list, v.GetName())
		}
		return list
	}
	mine, err := of(d.Agent).CreateView(ctx, &ticketv1.CreateViewRequest{View: &ticketv1.View{Name: "My work", Filter: "is:open assignee:@me", Position: 2}})
	require.NoError(t, err)
	_, err = of(d.Agent).CreateView(ctx, &ticketv1.CreateViewRequest{View: &ticketv1.View{Name: "Broken", Filter: "is:opne"}})
	require.ErrorIs(t, err, fault.Invalid)
	_, err = of(d.Agent).CreateView(ctx, &ticketv1.CreateViewRequest{View: &ticketv1.View{Name: "All", Shared: true}})
	require.Equal(t, "SUPERVISOR_ONLY", fault.ReasonOf(err))
	shared, err := of(d.Supervisor).CreateView(ctx, &ticketv1.CreateViewRequest{View: &ticketv1.View{Name: "Nobody's", Filter: "is:unassigned", OrderBy: "create_time", Shared: true}})
	require.NoError(t, err)
	require.Equal(t, []string{"Nobody's", "My work"}, names(d.Agent))
	require.Equal(t, []string{"Nobody's"}, names(d.Engineer))
	_, err = of(d.Engineer).UpdateView(ctx, &ticketv1.UpdateViewRequest{View: &ticketv1.View{Id: mine.GetId(), Name: "x"}, UpdateMask: mask("name")})
	require.Equal(t, "VIEW_NOT_FOUND", fault.ReasonOf(err))
	renamed, err := of(d.Agent).UpdateView(ctx, &ticketv1.UpdateViewRequest{View: &ticketv1.View{Id: mine.GetId(), Name: "Mine"}, UpdateMask: mask("name")})
	require.NoError(t, err)
	require.Equal(t, "is:open assignee:@me", renamed.GetFilter())
	count, err := d.agent.CountTickets(ctx, &ticketv1.CountTicketsRequest{Filter: shared.GetFilter()})
	require.NoError(t, err)
	require.Len(t, listed(t, d.agent, ticketv1.ListTicketsRequest_VIEW_ALL, shared.GetFilter()), min(100, int(count.GetCount())))
	require.GreaterOrEqual(t, count.GetCount(), count.GetUnreadCount())
	_, err = of(d.Agent).DeleteView(ctx, &ticketv1.DeleteViewRequest{View: mine.GetId()})
	require.NoError(t, err)
	_, err = of(d.Supervisor).DeleteView(ctx, &ticketv1.DeleteViewRequest{View: shared.GetId()})
	require.NoError(t, err)
	require.Empty(t, names(d.Agent))
	_, err = of(d.Requester).ListViews(ctx, &ticketv1.ListViewsRequest{})
	require.ErrorIs(t, err, fault.Denied)
}

func (d *desk) presence(t *testing.T) {
	ctx := t.Context()
	n := create(t, d.Requester, d.Question("who is there")).GetNumber()
	of := func(p *harness.Person) ticketv1.PresenceServiceClient {
		return ticketv1.NewPresenceServiceClient(d.as(p))
	}
	report := func(p *harness.Person, a ticketv1.Activity) []*ticketv1.PersonPresence {
		res, err := of(p).ReportPresence(ctx, &ticketv1.ReportPresenceRequest{Ticket: n, Activity: a})
		require.NoError(t, err)
		return res.GetPeople()
	}
	require.Empty(t, report(d.Agent, ticketv1.Activity_ACTIVITY_TYPING))
	people := report(d.Engineer, ticketv1.Activity_ACTIVITY_VIEWING)
	require.Len(t, people, 1)
	require.Equal(t, d.Agent.Name, people[0].GetPerson().GetName())
	require.Equal(t, ticketv1.Activity_ACTIVITY_TYPING, people[0].GetActivity())
	require.Len(t, report(d.Agent, ticketv1.Activity_ACTIVITY_LEFT), 1)
	seen, err := of(d.Engineer).GetPresence(ctx, &ticketv1.GetPresenceRequest{Ticket: n})
	require.NoError(t, err)
	require.Empty(t, seen.GetPeople())
	_, err = of(d.Requester).GetPresence(ctx, &ticketv1.GetPresenceRequest{Ticket: n})
	require.ErrorIs(t, err, fault.Denied)
}
