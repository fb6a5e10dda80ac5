package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// outsider is in CC without an account.
const outsider = "cto@partner.example"

// testMainJob follows an urgent incident from the customer's request to the
// archive, once with every call over REST and once over gRPC. Over REST the
// engineer acknowledges by the page's link, over gRPC by the API.
func testMainJob(t *testing.T, w *harness.World) {
	for _, over := range transports {
		t.Run(over.name, func(t *testing.T) {
			job := &mainJob{World: w, as: over.as, word: "checkout" + strings.ToLower(over.name)}
			job.create(t)
			job.page(t)
			job.triage(t)
			if over.name == "REST" {
				job.acknowledgeByLink(t)
			} else {
				job.acknowledgeByAPI(t)
			}
			job.acknowledged(t)
			job.agentReplies(t)
			job.customerReplies(t)
			job.solve(t)
			job.find(t)
			job.history(t)
			job.ledger(t)
		})
	}
}

type mainJob struct {
	*harness.World
	as     func(*harness.Person) grpc.ClientConnInterface
	word   string // in the subject, to search for
	number int64
	notice *notificationv1.PageNotice
}

// Bodies of the conversation.
const (
	agentSays    = "We replaced the broken **gateway**. Does checkout work again?"
	customerSays = "It does, thank you!"
)

func (j *mainJob) create(t *testing.T) {
	ticket := j.Urgent(j.word+" returns 502", j.Copied.Email, outsider)
	made, err := tickets(j.as(j.Requester)).CreateTicket(t.Context(), &ticketv1.CreateTicketRequest{Ticket: ticket, RequestId: j.word})
	require.NoError(t, err)
	j.number = made.GetNumber()
	require.Positive(t, j.number)
	require.Equal(t, ticketv1.Priority_PRIORITY_URGENT, made.GetPriority())
	require.Equal(t, ticketv1.TicketStatus_TICKET_STATUS_NEW, made.GetStatus())
	require.Equal(t, ticketv1.WaitingOn_WAITING_ON_SUPPORT, made.GetWaitingOn())
	require.Equal(t, j.Quill.Name, made.GetOrganizationName())
	require.Equal(t, j.Requester.ID, made.GetRequester().GetId())
	require.Equal(t, "shop", made.GetScope().GetTargets()[0].GetApplicationName())
	require.Equal(t, "production", made.GetScope().GetTargets()[0].GetEnvironmentName())
	require.Len(t, made.GetCcs(), 2)
	require.False(t, made.GetScopeUnverified())

	again, err := tickets(j.as(j.Requester)).CreateTicket(t.Context(), &ticketv1.CreateTicketRequest{Ticket: ticket, RequestId: j.word})
	require.NoError(t, err)
	require.Equal(t, j.number, again.GetNumber(), "a retry returns the ticket made first")

	for _, address := range []string{j.Copied.Email, outsider} {
		first := awaitLetters(t, j.World, address, j.number, 1)[0]
		require.Contains(t, first.subject, ticket.GetSubject())
		require.Contains(t, first.Text, "Every checkout fails since 09:58 UTC.")
		require.Contains(t, first.HTML, "<em>502 Bad Gateway</em>")
		require.Empty(t, first.parent)
		require.Empty(t, first.thread)
	}
	// Nobody is mailed what they wrote themselves: the requester gets a receipt.
	receipt := awaitLetters(t, j.World, j.Requester.Email, j.number, 1)[0]
	require.Equal(t, "auto-replied", receipt.Header.Get("Auto-Submitted"))
	require.NotContains(t, receipt.Text, "Every checkout fails")
}

// webhooks returns the webhooks that a person got about a ticket.
func webhooks(t *testing.T, w *harness.World, p *harness.Person, number int64) []testkit.Request {
	t.Helper()
	var found []testkit.Request
	for _, r := range w.PageRequests() {
		if strings.HasPrefix(r.Path, "/"+p.ID) && opened(t, r).GetData().GetTicket() == number {
			found = append(found, r)
		}
	}
	return found
}

func opened(t *testing.T, r testkit.Request) *notificationv1.PageOpened {
	t.Helper()
	var page notificationv1.PageOpened
	require.NoError(t, protojson.Unmarshal(r.Body, &page))
	return &page
}

// page checks the signed webhook of the engineer on call.
func (j *mainJob) page(t *testing.T) {
	var got []testkit.Request
	testkit.Eventually(t, func() bool { got = webhooks(t, j.World, j.Engineer, j.number); return len(got) > 0 }, "the page of #%d", j.number)
	request := got[0]
	require.Equal(t, http.MethodPost, request.Method)
	require.Equal(t, "application/json", request.Header.Get("Content-Type"))

	verifier, err := standardwebhooks.NewWebhook(j.Signing[j.Engineer.ID])
	require.NoError(t, err)
	require.NoError(t, verifier.Verify(request.Body, request.Header))
	require.Error(t, verifier.Verify(append(request.Body, ' '), request.Header))
	other, err := standardwebhooks.NewWebhook(j.Signing[j.Backup.ID])
	require.NoError(t, err)
	require.Error(t, other.Verify(request.Body, request.Header), "each contact has a secret of its own")

	page := opened(t, request)
	require.Equal(t, "page.opened.v1", page.GetType())
	n := page.GetData()
	require.Equal(t, request.Header.Get("webhook-id"), n.GetDelivery())
	require.Equal(t, "[Urgent] shop/production: "+j.word+" returns 502", n.GetTitle())
	require.Equal(t, j.Quill.Name, n.GetOrganizationName())
	require.Equal(t, []string{"shop/production"}, n.GetScope())
	require.True(t, n.GetVerified())
	require.Equal(t, j.Requester.Email, n.GetRequester().GetEmail())
	require.Equal(t, "+44 20 7946 0012", n.GetCallbackNumber())
	require.Equal(t, "Nobody can buy.", n.GetImpact())
	require.Contains(t, n.GetExcerpt(), "Every checkout fails since 09:58 UTC.")
	require.NotNil(t, n.GetSinceTime())
	require.Equal(t, j.Engineer.ID, n.GetPerson().GetId())
	require.Contains(t, n.GetWhy(), "Primary")
	require.EqualValues(t, 1, n.GetStep())
	require.EqualValues(t, 1, n.GetLoop())
	require.EqualValues(t, 1, n.GetCycle())
	require.NotNil(t, n.GetNextStepTime())
	require.True(t, strings.HasPrefix(n.GetAcknowledgeUrl(), j.AckURL+"/a/"), n.GetAcknowledgeUrl())
	require.NotEmpty(t, n.GetTicketUrl())
	j.notice = n

	testkit.EventuallyPasses(t, func(r require.TestingT) {
		require.Equal(r, ticketv1.PageState_PAGE_STATE_DELIVERED, get(t.Context(), r, j.Requester, j.number).GetPage().GetState())
	}, "the ticket says that the page was delivered")
}

func (j *mainJob) link(t *testing.T, method string) harness.Answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, j.notice.GetAcknowledgeUrl(), nil)
	require.NoError(t, err)
	return j.Send(t, request)
}

func (j *mainJob) acknowledgeByLink(t *testing.T) {
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		shown := j.link(t, method)
		require.Equal(t, http.StatusOK, shown.Status)
		require.Contains(t, shown.Header.Get("Content-Type"), "text/html")
		if method == http.MethodGet {
			require.Contains(t, string(shown.Body), j.word)
			require.NotContains(t, string(shown.Body), "<script")
		}
		page, err := j.Engineer.Pages().GetPage(t.Context(), &notificationv1.GetPageRequest{Page: j.notice.GetPage()})
		require.NoError(t, err)
		require.Nil(t, page.GetAcknowledgedBy(), "looking does not acknowledge")
	}
	require.Equal(t, http.StatusOK, j.link(t, http.MethodPost).Status)
	require.Contains(t, string(j.link(t, http.MethodGet).Body), "You acknowledged")
	require.Equal(t, http.StatusOK, j.link(t, http.MethodPost).Status, "a second press is no failure")
}

func (j *mainJob) acknowledgeByAPI(t *testing.T) {
	pages := notificationv1.NewPageServiceClient(j.as(j.Engineer))
	list, err := pages.ListPages(t.Context(), &notificationv1.ListPagesRequest{Open: true, Ticket: j.number})
	require.NoError(t, err)
	require.Len(t, list.GetPages(), 1)
	require.Equal(t, j.notice.GetPage(), list.GetPages()[0].GetId())
	page, err := pages.AcknowledgePage(t.Context(), &notificationv1.AcknowledgePageRequest{Page: j.notice.GetPage()})
	require.NoError(t, err)
	require.Equal(t, j.Engineer.ID, page.GetAcknowledgedBy().GetId())
}

// acknowledged checks what customer and staff see of the acknowledgement.
func (j *mainJob) acknowledged(t *testing.T) {
	testkit.EventuallyPasses(t, func(r require.TestingT) {
		for _, p := range []*harness.Person{j.Requester, j.Copied, j.Agent} {
			ticket, err := tickets(j.as(p)).GetTicket(t.Context(), &ticketv1.GetTicketRequest{Ticket: j.number})
			require.NoError(r, err)
			page := ticket.GetPage()
			require.Equal(r, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED, page.GetState())
			require.Equal(r, j.Engineer.Name, page.GetAcknowledgedBy().GetName())
			require.WithinDuration(r, time.Now(), page.GetAcknowledgeTime().AsTime(), time.Minute)
		}
	}, "the ticket says who acknowledged and when")
	list, err := j.Agent.Pages().ListPages(t.Context(), &notificationv1.ListPagesRequest{Open: true, Ticket: j.number})
	require.NoError(t, err)
	require.Empty(t, list.GetPages())
}

func (j *mainJob) agentReplies(t *testing.T) {
	agent := tickets(j.as(j.Agent))
	_, err := agent.AssignTicket(t.Context(), &ticketv1.AssignTicketRequest{Ticket: j.number, Assignee: j.Agent.ID})
	require.NoError(t, err)
	_, err = agent.AddNote(t.Context(), &ticketv1.AddNoteRequest{Ticket: j.number, Body: "internal: the gateway of rack 7 again"})
	require.NoError(t, err)
	replied, err := agent.ReplyToTicket(t.Context(), &ticketv1.ReplyToTicketRequest{Ticket: j.number, Body: agentSays})
	require.NoError(t, err)
	require.Equal(t, ticketv1.TicketStatus_TICKET_STATUS_PENDING, replied.GetTicket().GetStatus())
	require.Equal(t, ticketv1.WaitingOn_WAITING_ON_CUSTOMER, replied.GetTicket().GetWaitingOn())
	require.Equal(t, replied.GetMessage().GetTicket(), j.number)

	for _, address := range []string{j.Requester.Email, j.Copied.Email, outsider} {
		got := awaitLetters(t, j.World, address, j.number, 2)
		follows(t, got)
		require.Contains(t, got[1].Text, j.Agent.Name)
		require.Contains(t, got[1].HTML, "<strong>gateway</strong>")
	}
}

func (j *mainJob) customerReplies(t *testing.T) {
	replied, err := tickets(j.as(j.Requester)).ReplyToTicket(t.Context(), &ticketv1.ReplyToTicketRequest{Ticket: j.number, Body: customerSays})
	require.NoError(t, err)
	require.Equal(t, ticketv1.TicketStatus_TICKET_STATUS_OPEN, replied.GetTicket().GetStatus())
	for _, address := range []string{j.Copied.Email, outsider} {
		got := awaitLetters(t, j.World, address, j.number, 3)
		follows(t, got)
		require.Contains(t, got[2].Text, customerSays)
	}
	require.Len(t, letters(t, j.World, j.Requester.Email, j.number), 2)
}

func (j *mainJob) solve(t *testing.T) {
	agent := tickets(j.as(j.Agent))
	before, err := agent.GetTicket(t.Context(), &ticketv1.GetTicketRequest{Ticket: j.number})
	require.NoError(t, err)
	solved, err := agent.SolveTicket(t.Context(), &ticketv1.SolveTicketRequest{Ticket: j.number, Etag: before.GetEtag()})
	require.NoError(t, err)
	require.Equal(t, ticketv1.TicketStatus_TICKET_STATUS_SOLVED, solved.GetStatus())
	require.NotNil(t, solved.GetSolveTime())
	for address, n := range map[string]int{j.Requester.Email: 3, j.Copied.Email: 4, outsider: 4} {
		got := awaitLetters(t, j.World, address, j.number, n)
		follows(t, got)
		require.Equal(t, "auto-generated", got[n-1].Header.Get("Auto-Submitted"))
	}
	testkit.EventuallyPasses(t, func(r require.TestingT) {
		require.Equal(r, ticketv1.PageState_PAGE_STATE_RESOLVED, get(t.Context(), r, j.Requester, j.number).GetPage().GetState())
	}, "the page is over")
	for _, m := range j.SMTP.Messages() {
		require.NotContains(t, string(m.Data), "rack 7", "notes never leave by mail")
	}
	require.Len(t, distinct(webhooks(t, j.World, j.Engineer, j.number)), 1, "one page")
	require.Empty(t, webhooks(t, j.World, j.Backup, j.number), "the second step never began")
}

// distinct returns the ids of webhooks.
func distinct(requests []testkit.Request) map[string]int {
	ids := map[string]int{}
	for _, r := range requests {
		ids[r.Header.Get("webhook-id")]++
	}
	return ids
}

// follows checks that mails are one thread: each answers the one before it and
// names the first.
func follows(t *testing.T, letters []letter) {
	t.Helper()
	ids := map[string]bool{}
	for i, l := range letters {
		require.False(t, ids[l.id], "Message-ID %s comes twice", l.id)
		ids[l.id] = true
		require.Equal(t, letters[0].subject, l.subject)
		if i == 0 {
			require.Empty(t, l.parent)
			continue
		}
		require.Equal(t, []string{letters[i-1].id}, l.parent)
		require.Equal(t, letters[0].id, l.thread[0])
		require.Equal(t, letters[i-1].id, l.thread[len(l.thread)-1])
	}
}

func (j *mainJob) find(t *testing.T) {
	tests := []struct {
		name   string
		person *harness.Person
		view   ticketv1.ListTicketsRequest_View
		filter string
		found  bool
	}{
		{name: "previous tickets", person: j.Requester, view: ticketv1.ListTicketsRequest_VIEW_MINE, found: true},
		{name: "previous tickets in CC", person: j.Copied, view: ticketv1.ListTicketsRequest_VIEW_CC, found: true},
		{name: "by word", person: j.Requester, filter: j.word, found: true},
		{name: "by phrase of a reply", person: j.Requester, filter: j.word + ` "gateway" is:solved`, found: true},
		{name: "by type, application and state", person: j.Requester, filter: "is:solved type:incident priority:urgent app:shop " + j.word, found: true},
		{name: "not among the open", person: j.Requester, filter: "is:open " + j.word},
		{name: "by staff", person: j.Agent, filter: j.word, found: true},
		{name: "by its word in a note", person: j.Requester, filter: j.word + ` "rack 7"`},
		{name: "by a stranger", person: j.Stranger, filter: j.word},
		{name: "by a colleague who is not in CC", person: j.Colleague, filter: j.word},
		{name: "by a freelancer of another application", person: j.Freelancer, filter: j.word},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res, err := tickets(j.as(tt.person)).ListTickets(t.Context(), &ticketv1.ListTicketsRequest{View: tt.view, Filter: tt.filter})
			require.NoError(t, err)
			require.Empty(t, res.GetFilterIssues())
			found := false
			for _, ticket := range res.GetTickets() {
				found = found || ticket.GetNumber() == j.number
			}
			require.Equal(t, tt.found, found)
		})
	}
}

// history checks conversation and audit history, and that members see their part.
func (j *mainJob) history(t *testing.T) {
	bodies := func(p *harness.Person) []string {
		res, err := tickets(j.as(p)).ListMessages(t.Context(), &ticketv1.ListMessagesRequest{Ticket: j.number})
		require.NoError(t, err)
		var all []string
		for _, m := range res.GetMessages() {
			all = append(all, m.GetBody())
		}
		return all
	}
	description := j.Urgent("").GetDescription()
	require.Equal(t, []string{description, agentSays, customerSays}, bodies(j.Requester))
	require.Equal(t, []string{description, "internal: the gateway of rack 7 again", agentSays, customerSays}, bodies(j.Agent))

	res, err := tickets(j.as(j.Requester)).ListEvents(t.Context(), &ticketv1.ListEventsRequest{Ticket: j.number})
	require.NoError(t, err)
	kinds := map[ticketv1.Event_Kind]int{}
	acknowledged := false
	for _, e := range res.GetEvents() {
		kinds[e.GetKind()]++
		acknowledged = acknowledged || strings.Contains(e.GetSummary(), j.Engineer.Name) && strings.Contains(e.GetSummary(), "acknowledged")
	}
	require.Equal(t, 1, kinds[ticketv1.Event_KIND_CREATED])
	require.Equal(t, 2, kinds[ticketv1.Event_KIND_REPLIED])
	require.Zero(t, kinds[ticketv1.Event_KIND_NOTE_ADDED])
	require.NotZero(t, kinds[ticketv1.Event_KIND_PAGE_CHANGED])
	require.NotZero(t, kinds[ticketv1.Event_KIND_STATUS_CHANGED])
	require.True(t, acknowledged, "the history says who acknowledged")
}

// ledger checks that every mail has its row.
func (j *mainJob) ledger(t *testing.T) {
	testkit.EventuallyPasses(t, func(r require.TestingT) {
		res, err := notificationv1.NewMailServiceClient(j.as(j.Agent)).ListDeliveries(t.Context(), &notificationv1.ListDeliveriesRequest{Ticket: j.number})
		require.NoError(r, err)
		require.Len(r, res.GetDeliveries(), 12) // one of them tells the assignee that the customer has answered
		for _, d := range res.GetDeliveries() {
			require.Equal(r, "accepted", d.GetState())
			require.NotEmpty(r, d.GetLastAnswer())
		}
	}, "every mail is in the ledger and accepted")
	page, err := notificationv1.NewPageServiceClient(j.as(j.Agent)).GetPage(t.Context(), &notificationv1.GetPageRequest{Page: j.notice.GetPage()})
	require.NoError(t, err)
	require.Equal(t, ticketv1.PageState_PAGE_STATE_RESOLVED, page.GetState())
	require.Len(t, page.GetDeliveries(), 1)
	require.Equal(t, "accepted", page.GetDeliveries()[0].GetState())
	require.Equal(t, j.notice.GetDelivery(), page.GetDeliveries()[0].GetId())
	require.NotEmpty(t, page.GetLog())
	text, err := json.Marshal(page.GetLog())
	require.NoError(t, err)
	require.NotContains(t, string(text), j.Signing[j.Engineer.ID])
}
