package ticket_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket"
)

// TestUrgentIncident follows one from its creation to its end, with what other
// services hear and say of it.
func TestUrgentIncident(t *testing.T) {
	everyEngine(t, func(f *fixture) {
		n := urgent()
		n.Ccs = []*ticketv1.Person{{Email: "Fred@studio.example"}, {Email: "boss@elsewhere.example"}}
		n.Details = &ticketv1.Ticket_Incident{Incident: &ticketv1.IncidentDetails{Impact: "no sales", CallbackNumber: "+49 30 1"}}
		created := f.create("uma", n)
		require.Equal(f.t, ticketv1.PageState_PAGE_STATE_PAGING, created.GetPage().GetState())
		require.Equal(f.t, "1", created.GetEtag())
		number := created.GetNumber()

		testkit.Eventually(f.t, func() bool { return len(f.notification.of(number)) == 1 && len(f.triage.of(number)) == 1 }, "told")
		told := f.notification.of(number)[1]
		require.True(f.t, told.GetBecameUrgent())
		require.Empty(f.t, cmp.Diff(&eventv1.TicketEvent{
			BecameUrgent: true,
			Actor:        &ticketv1.Person{Id: "uma", Name: "Uma User", Email: "uma@acme.example"},
			Ticket: &eventv1.TicketSnapshot{
				Number: number, Id: strconv.FormatInt(number, 10), Sequence: 1,
				Organization: "acme", OrganizationName: "Acme", Plan: "premium",
				Type: ticketv1.TicketType_TICKET_TYPE_INCIDENT, Priority: ticketv1.Priority_PRIORITY_URGENT, Status: ticketv1.TicketStatus_TICKET_STATUS_NEW,
				Subject:  "Checkout returns 502",
				Scope:    &ticketv1.Scope{Targets: []*ticketv1.ScopeTarget{{Application: "shop", ApplicationName: "Acme Shop"}}},
				Verified: true, PrioritySet: true,
				Requester: &ticketv1.Person{Id: "uma", Name: "Uma User", Email: "uma@acme.example"},
				Ccs: []*ticketv1.Person{
					{Id: "fred", Name: "Fred Freelance", Email: "fred@studio.example"}, {Email: "boss@elsewhere.example"},
				},
				Incident: n.GetIncident(), Excerpt: "The docs do not say.", CreateTime: created.GetCreateTime(),
			},
			Change: &eventv1.TicketEvent_Created{Created: &eventv1.TicketCreated{Message: &eventv1.PublicMessage{
				Id: told.GetCreated().GetMessage().GetId(), Author: &ticketv1.Person{Id: "uma", Name: "Uma User", Email: "uma@acme.example"},
				Body: "The docs do not say.", CreateTime: created.GetCreateTime(),
			}}},
		}, told, protocmp.Transform()))

		acknowledged := timestamppb.New(time.Date(2026, 3, 2, 2, 14, 0, 0, time.UTC))
		page := func(id string, sequence int64, kind eventv1.PageEvent_Kind, state ticketv1.PageState) *eventv1.Event {
			return &eventv1.Event{Id: id, Aggregate: "p1", Sequence: sequence, Payload: &eventv1.Event_Page{Page: &eventv1.PageEvent{
				Page: "p1", Ticket: number, Occurrence: 1, Kind: kind, State: state, ChangeTime: acknowledged,
				People: []*ticketv1.Person{{Id: "eve", Name: "Eve Engineer", Email: "eve@altis.example", Staff: true}},
			}}}
		}
		f.deliver("notification", page("e2", 2, eventv1.PageEvent_KIND_ACKNOWLEDGED, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED), eventv1.Outcome_VERDICT_APPLIED)
		f.deliver("notification", page("e2", 2, eventv1.PageEvent_KIND_ACKNOWLEDGED, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED), eventv1.Outcome_VERDICT_DUPLICATE)
		f.deliver("notification", page("e1", 1, eventv1.PageEvent_KIND_OPENED, ticketv1.PageState_PAGE_STATE_PAGING), eventv1.Outcome_VERDICT_APPLIED)
		got, err := f.client.GetTicket(f.as("uma"), &ticketv1.GetTicketRequest{Ticket: number})
		require.NoError(f.t, err)
		require.Empty(f.t, cmp.Diff(&ticketv1.PageSummary{
			State:          ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED,
			AcknowledgedBy: &ticketv1.Person{Id: "eve", Name: "Eve Engineer", Staff: true}, AcknowledgeTime: acknowledged,
		}, got.GetPage(), protocmp.Transform()))

		due := timestamppb.New(time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC))
		f.deliver("triage", &eventv1.Event{Id: "t1", Aggregate: told.GetTicket().GetId(), Sequence: 1, Payload: &eventv1.Event_Triage{Triage: &eventv1.TriageEvent{
			Ticket: number, TicketSequence: 1, FirstResponseDueTime: due, ResolutionDueTime: due, SlaPolicy: "premium", Team: "engineering",
		}}}, eventv1.Outcome_VERDICT_APPLIED)
		f.deliver("triage", &eventv1.Event{Id: "t2", Aggregate: "99999", Sequence: 1, Payload: &eventv1.Event_Triage{Triage: &eventv1.TriageEvent{
			Ticket: 99999,
		}}}, eventv1.Outcome_VERDICT_REFUSED)
		f.deliver("triage", &eventv1.Event{Id: "t3", Aggregate: "1", Sequence: 1}, eventv1.Outcome_VERDICT_RETRY)

		testkit.Eventually(f.t, func() bool { return len(f.notification.of(number)) == 2 }, "notification tells the team")
		for sequence, e := range f.notification.of(number) {
			if sequence != 1 {
				require.Equal(f.t, "engineering", e.GetTicket().GetTeam())
				require.Equal(f.t, "triage", e.GetActorService())
				require.Empty(f.t, e.GetAssigneeChanged().GetOldTeam())
				require.False(f.t, e.GetBecameUrgent())
			}
		}

		note, err := f.client.AddNote(f.as("sam"), &ticketv1.AddNoteRequest{Ticket: number, Body: "It is the load balancer."})
		require.NoError(f.t, err)
		require.Equal(f.t, ticketv1.Message_KIND_NOTE, note.GetKind())
		reply, err := f.client.ReplyToTicket(f.as("sam"), &ticketv1.ReplyToTicketRequest{Ticket: number, Body: "Fixed.", Status: ticketv1.TicketStatus_TICKET_STATUS_SOLVED})
		require.NoError(f.t, err)
		solved := reply.GetTicket()
		require.Equal(f.t, due.AsTime(), solved.GetFirstResponseDueTime().AsTime())
		require.Equal(f.t, ticketv1.WaitingOn_WAITING_ON_NOBODY, solved.GetWaitingOn())
		testkit.Eventually(f.t, func() bool { return f.notification.of(number)[solved.GetSequence()] != nil }, "told the end")
		ended := f.notification.of(number)[solved.GetSequence()]
		require.True(f.t, ended.GetEndedUrgency())
		require.Equal(f.t, ticketv1.TicketStatus_TICKET_STATUS_NEW, ended.GetReplied().GetOldStatus())
		for _, e := range f.notification.of(number) {
			require.NotContains(f.t, e.String(), "load balancer", "notes stay here")
		}

		events, err := f.client.ListEvents(f.as("uma"), &ticketv1.ListEventsRequest{Ticket: number})
		require.NoError(f.t, err)
		var summaries []string
		for _, e := range events.GetEvents() {
			require.NotEqual(f.t, ticketv1.Event_KIND_NOTE_ADDED, e.GetKind())
			if e.GetSummary() != "" {
				summaries = append(summaries, e.GetSummary())
			}
		}
		require.Equal(f.t, []string{"Eve Engineer acknowledged the page"}, summaries)

		found, err := f.client.ListTickets(f.as("uma"), &ticketv1.ListTicketsRequest{Filter: "is:closed checkout colour:red"})
		require.NoError(f.t, err)
		require.Len(f.t, found.GetTickets(), 1)
		require.Equal(f.t, "UNKNOWN_KEY", found.GetFilterIssues()[0].GetReason())
	})
}

// TestEventsWaitForTheirReceivers shows that nothing is lost while a peer is away.
func TestEventsWaitForTheirReceivers(t *testing.T) {
	everyEngine(t, func(f *fixture) {
		f.notification.setRefuse(true)
		created := f.create("uma", urgent())
		_, err := f.client.AddCcs(f.as("uma"), &ticketv1.AddCcsRequest{Ticket: created.GetNumber(), Emails: []string{"x@y.example"}})
		require.NoError(f.t, err)
		testkit.Eventually(f.t, func() bool { return len(f.triage.of(created.GetNumber())) == 1 }, "triage is told")
		f.notification.setRefuse(false)
		testkit.Eventually(f.t, func() bool { return len(f.notification.of(created.GetNumber())) == 2 }, "notification is told")
		changed := f.notification.of(created.GetNumber())[2].GetCcsChanged()
		require.Equal(f.t, "x@y.example", changed.GetAdded()[0].GetEmail())
		require.Equal(f.t, "The docs do not say.", changed.GetConversation()[0].GetBody())
	})
}

func TestRequestIds(t *testing.T) {
	everyEngine(t, func(f *fixture) {
		req := &ticketv1.CreateTicketRequest{Ticket: question(), RequestId: "r1"}
		first, err := f.client.CreateTicket(f.as("uma"), req)
		require.NoError(f.t, err)
		again, err := f.client.CreateTicket(f.as("uma"), req)
		require.NoError(f.t, err)
		require.Equal(f.t, first.GetNumber(), again.GetNumber())
		require.Equal(f.t, first.GetDescription(), again.GetDescription())
		require.NotEmpty(f.t, again.GetDescription())
		req.Ticket.Subject = "Another"
		_, err = f.client.CreateTicket(f.as("uma"), req)
		require.ErrorIs(f.t, err, fault.Exists)
		require.Equal(f.t, "REQUEST_ID_REUSED", fault.ReasonOf(err))
		other, err := f.client.CreateTicket(f.as("ann"), req)
		require.NoError(f.t, err)
		require.NotEqual(f.t, first.GetNumber(), other.GetNumber())
	})
}

// A reply whose answer was lost, and which is asked for anew where it may go elsewhere, has been taken before.
func TestARepeatedReplyMayGoElsewhere(t *testing.T) {
	everyEngine(t, func(f *fixture) {
		number := f.create("uma", question()).GetNumber()
		req := &ticketv1.ReplyToTicketRequest{Ticket: number, Body: "It works.", RequestId: "r1", OnlyHere: true}
		first, err := f.client.ReplyToTicket(f.as("uma"), req)
		require.NoError(f.t, err)
		f.merge(number, f.create("uma", question()).GetNumber())
		for _, req.OnlyHere = range []bool{true, false} {
			again, err := f.client.ReplyToTicket(f.as("uma"), req)
			require.NoError(f.t, err)
			require.Equal(f.t, first.GetMessage().GetId(), again.GetMessage().GetId())
		}
		req.RequestId, req.OnlyHere = "r2", true
		_, err = f.client.ReplyToTicket(f.as("uma"), req)
		require.Equal(f.t, "TICKET_CLOSED", fault.ReasonOf(err))
	})
}

// TestReadOn reads what came after what was read, by pages of one.
func TestReadOn(t *testing.T) {
	everyEngine(t, func(f *fixture) {
		number := f.create("uma", question()).GetNumber()
		for _, body := range []string{"one", "two", "three"} {
			_, err := f.client.ReplyToTicket(f.as("uma"), &ticketv1.ReplyToTicketRequest{Ticket: number, Body: body})
			require.NoError(f.t, err)
		}
		var bodies, kinds []string
		messages := &ticketv1.ListMessagesRequest{Ticket: number, After: 2, PageSize: 1}
		for {
			page, err := f.client.ListMessages(f.as("uma"), messages)
			require.NoError(f.t, err)
			for _, m := range page.GetMessages() {
				bodies = append(bodies, m.GetBody())
			}
			if messages.PageToken = page.GetNextPageToken(); messages.PageToken == "" {
				break
			}
			_, err = f.client.ListMessages(f.as("uma"), &ticketv1.ListMessagesRequest{Ticket: number, PageToken: messages.PageToken})
			require.ErrorIs(f.t, err, fault.Invalid, "the token is of another list")
		}
		require.Equal(f.t, []string{"two", "three"}, bodies)
		page, err := f.client.ListEvents(f.as("uma"), &ticketv1.ListEventsRequest{Ticket: number, After: 3})
		require.NoError(f.t, err)
		for _, e := range page.GetEvents() {
			kinds = append(kinds, e.GetKind().String())
		}
		require.Equal(f.t, []string{"KIND_REPLIED"}, kinds)
		rest, err := f.client.ListEvents(f.as("uma"), &ticketv1.ListEventsRequest{Ticket: number, After: 4})
		require.NoError(f.t, err)
		require.Empty(f.t, rest.GetEvents())
	})
}

func TestUpdateMask(t *testing.T) {
	f := start(t, sqlite(t))
	n := urgent()
	n.Priority = ticketv1.Priority_PRIORITY_NORMAL
	n.Details = &ticketv1.Ticket_Incident{Incident: &ticketv1.IncidentDetails{Impact: "some", CallbackNumber: "1"}}
	created := f.create("uma", n)
	tests := []struct {
		name   string
		who    string
		paths  []string
		ticket *ticketv1.Ticket
		kind   fault.Kind // 0 = fine
		field  func(*ticketv1.Ticket) any
		want   any
	}{
		{"output only", "sam", []string{"create_time"}, &ticketv1.Ticket{}, fault.Invalid, nil, nil},
		{"unknown", "sam", []string{"colour"}, &ticketv1.Ticket{}, fault.Invalid, nil, nil},
		{"below a scalar", "sam", []string{"subject.x"}, &ticketv1.Ticket{}, fault.Invalid, nil, nil},
		{"nothing", "sam", nil, &ticketv1.Ticket{}, fault.Invalid, nil, nil},
		{"stale", "sam", []string{"subject"}, &ticketv1.Ticket{Subject: "x", Etag: "77"}, fault.Conflict, nil, nil},
		{"member's subject", "uma", []string{"subject"}, &ticketv1.Ticket{Subject: "x"}, fault.Denied, nil, nil},
		{"line break", "sam", []string{"subject"}, &ticketv1.Ticket{Subject: "x\ny"}, fault.Invalid, nil, nil},
		{"no such ticket for gus", "gus", []string{"priority"}, &ticketv1.Ticket{Priority: ticketv1.Priority_PRIORITY_LOW}, fault.NotFound, nil, nil},
		{
			"one field of the details, in the names of JSON", "sam",
			[]string{"incident.callbackNumber"},
			incidentDetails("", "2"), 0,
			func(t *ticketv1.Ticket) any { return t.GetIncident().GetImpact() + t.GetIncident().GetCallbackNumber() }, "some2",
		},
		{
			"whole details", "sam",
			[]string{"incident"},
			incidentDetails("", "3"), 0,
			func(t *ticketv1.Ticket) any { return t.GetIncident().GetImpact() + t.GetIncident().GetCallbackNumber() }, "3",
		},
		{
			"without a mask", "sam", nil, &ticketv1.Ticket{Subject: "Set", Tags: []string{"b", "a"}}, 0,
			func(t *ticketv1.Ticket) any {
				return t.GetSubject() + t.GetTags()[0] + t.GetIncident().GetCallbackNumber()
			}, "Seta3",
		},
		{
			"scope by one of its fields", "sam",
			[]string{"scope.all"},
			&ticketv1.Ticket{Scope: &ticketv1.Scope{All: true}}, 0,
			func(t *ticketv1.Ticket) any { return t.GetScope().GetAll() && len(t.GetScope().GetTargets()) == 0 }, true,
		},
		{
			"member raises the priority", "uma",
			[]string{"priority"},
			&ticketv1.Ticket{Priority: ticketv1.Priority_PRIORITY_URGENT}, 0,
			func(t *ticketv1.Ticket) any { return t.GetPage().GetState() }, ticketv1.PageState_PAGE_STATE_PAGING,
		},
		{
			"member says how to call back", "uma",
			[]string{"incident.impact", "incident.callback_number"},
			incidentDetails("all", "4"), 0,
			func(t *ticketv1.Ticket) any { return t.GetIncident().GetImpact() + t.GetIncident().GetCallbackNumber() }, "all4",
		},
		{"member's problem", "uma", []string{"problem.steps"}, &ticketv1.Ticket{}, fault.Denied, nil, nil},
		{
			"status by staff", "sam",
			[]string{"status", "etag"},
			&ticketv1.Ticket{Status: ticketv1.TicketStatus_TICKET_STATUS_ON_HOLD}, 0,
			func(t *ticketv1.Ticket) any { return t.GetWaitingOn() }, ticketv1.WaitingOn_WAITING_ON_THIRD_PARTY,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			req := &ticketv1.UpdateTicketRequest{Ticket: test.ticket}
			req.Ticket.Number = created.GetNumber()
			if test.paths != nil {
				req.UpdateMask = &fieldmaskpb.FieldMask{Paths: test.paths}
			}
			got, err := f.client.UpdateTicket(f.as(test.who), req)
			if test.kind != 0 {
				require.ErrorIs(t, err, test.kind)
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.want, test.field(got))
		})
	}
}

func incidentDetails(impact, callback string) *ticketv1.Ticket {
	return &ticketv1.Ticket{Details: &ticketv1.Ticket_Incident{Incident: &ticketv1.IncidentDetails{Impact: impact, CallbackNumber: callback}}}
}

func TestSolvedTicketsClose(t *testing.T) {
	everyEngine(t, func(f *fixture) {
		n := f.create("uma", question()).GetNumber()
		_, err := f.client.SolveTicket(f.as("uma"), &ticketv1.SolveTicketRequest{Ticket: n})
		require.NoError(f.t, err)
		require.Equal(f.t, 1, f.tasks("close"))
		_, err = f.client.ReopenTicket(f.as("uma"), &ticketv1.ReopenTicketRequest{Ticket: n})
		require.NoError(f.t, err)
		require.Zero(f.t, f.tasks("close"))
	})
}

func TestConfig(t *testing.T) {
	for _, test := range []struct {
		after time.Duration
		ok    bool
	}{{7 * 24 * time.Hour, true}, {0, false}, {time.Minute, false}, {29 * 24 * time.Hour, false}} {
		require.Equal(t, test.ok, ticket.Config{CloseAfter: test.after}.Validate() == nil, test.after)
	}
}
