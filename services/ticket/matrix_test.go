package ticket_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket"
)

func sqlite(t *testing.T) sqldb.Config {
	return testkit.Database(t, sqldb.SQLite, "ticket", ticket.Migrations()...)
}

func (f *fixture) exec(statement string) {
	f.t.Helper()
	require.NoError(f.t, f.db.Do(f.t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, statement)
		return err
	}))
}

func (f *fixture) tasks(kind string) (n int) {
	f.t.Helper()
	require.NoError(f.t, f.db.Reader().QueryRowContext(f.t.Context(), "SELECT COUNT(*) FROM tasks WHERE kind = $1", kind).Scan(&n))
	return n
}

// call is one method: what is asked of the ticket, and how its answer shows that
// the ticket was seen.
type call struct {
	request   func(number int64) proto.Message
	staffOnly bool
	reason    string // of what the rules answer to who sees the ticket; "" = it is done
	filters   bool   // does not fail for who sees nothing, but shows nothing
	seen      func(reply proto.Message, number int64) bool
}

var calls = map[string]call{
	"GetTicket": {request: func(n int64) proto.Message { return &ticketv1.GetTicketRequest{Ticket: n} }},
	"BatchGetTickets": {
		request: func(n int64) proto.Message { return &ticketv1.BatchGetTicketsRequest{Tickets: []int64{n, 424242}} },
		filters: true,
		seen: func(r proto.Message, n int64) bool {
			return has(r.(*ticketv1.BatchGetTicketsResponse).GetTickets(), n)
		},
	},
	"ListTickets": {
		request: func(int64) proto.Message { return &ticketv1.ListTicketsRequest{PageSize: 100} },
		filters: true,
		seen:    func(r proto.Message, n int64) bool { return has(r.(*ticketv1.ListTicketsResponse).GetTickets(), n) },
	},
	"CountTickets": {
		request: func(n int64) proto.Message { return &ticketv1.CountTicketsRequest{Filter: fmt.Sprintf("#%d", n)} },
		filters: true,
		seen:    func(r proto.Message, _ int64) bool { return r.(*ticketv1.CountTicketsResponse).GetCount() > 0 },
	},
	"UpdateTicket": {request: func(n int64) proto.Message {
		return &ticketv1.UpdateTicketRequest{Ticket: &ticketv1.Ticket{Number: n, Priority: ticketv1.Priority_PRIORITY_HIGH}}
	}},
	"BatchUpdateTickets": {
		request: func(n int64) proto.Message {
			return &ticketv1.BatchUpdateTicketsRequest{Updates: []*ticketv1.TicketUpdate{{Ticket: n, Team: "x"}}}
		},
		staffOnly: true,
	},
	"ReplyToTicket": {request: func(n int64) proto.Message { return &ticketv1.ReplyToTicketRequest{Ticket: n, Body: "x"} }},
	"AddNote":       {request: func(n int64) proto.Message { return &ticketv1.AddNoteRequest{Ticket: n, Body: "x"} }, staffOnly: true},
	"SolveTicket":   {request: func(n int64) proto.Message { return &ticketv1.SolveTicketRequest{Ticket: n} }},
	"ReopenTicket":  {request: func(n int64) proto.Message { return &ticketv1.ReopenTicketRequest{Ticket: n} }},
	"MarkSpam":      {request: func(n int64) proto.Message { return &ticketv1.MarkSpamRequest{Ticket: n} }, staffOnly: true},
	"DeleteTicket":  {request: func(n int64) proto.Message { return &ticketv1.DeleteTicketRequest{Ticket: n} }, staffOnly: true},
	"RestoreTicket": {request: func(n int64) proto.Message { return &ticketv1.RestoreTicketRequest{Ticket: n} }, staffOnly: true},
	"AssignTicket":  {request: func(n int64) proto.Message { return &ticketv1.AssignTicketRequest{Ticket: n, Assignee: "eve"} }, staffOnly: true},
	"ChangeRequester": {request: func(n int64) proto.Message {
		return &ticketv1.ChangeRequesterRequest{Ticket: n, Requester: "ann"}
	}, staffOnly: true},
	"ChangeType": {request: func(n int64) proto.Message {
		return &ticketv1.ChangeTypeRequest{Ticket: n, Type: ticketv1.TicketType_TICKET_TYPE_TASK}
	}, staffOnly: true},
	"MergeTicket": {request: func(n int64) proto.Message {
		return &ticketv1.MergeTicketRequest{Ticket: n, Into: n}
	}, staffOnly: true, reason: fault.ReasonInvalidField},
	"AddCcs": {request: func(n int64) proto.Message {
		return &ticketv1.AddCcsRequest{Ticket: n, Emails: []string{"new@x.example"}}
	}},
	"RemoveCc":     {request: func(n int64) proto.Message { return &ticketv1.RemoveCcRequest{Ticket: n, Email: "gone@x.example"} }},
	"MarkRead":     {request: func(n int64) proto.Message { return &ticketv1.MarkReadRequest{Ticket: n, Sequence: 1} }},
	"MarkUnread":   {request: func(n int64) proto.Message { return &ticketv1.MarkUnreadRequest{Ticket: n} }},
	"ListMessages": {request: func(n int64) proto.Message { return &ticketv1.ListMessagesRequest{Ticket: n} }},
	"RedactMessage": {request: func(n int64) proto.Message {
		return &ticketv1.RedactMessageRequest{Ticket: n, Message: "none", Reason: "x"}
	}, staffOnly: true, reason: "MESSAGE_NOT_FOUND"},
	"RedactField": {request: func(n int64) proto.Message {
		return &ticketv1.RedactFieldRequest{Ticket: n, Field: "incident.impact", Reason: "x"}
	}, staffOnly: true},
	"ListEvents": {request: func(n int64) proto.Message { return &ticketv1.ListEventsRequest{Ticket: n} }},
}

// elsewhere are methods that name no ticket: TestCreateByAnyone and TestWatch.
var elsewhere = map[string]bool{"CreateTicket": true}

func has(tickets []*ticketv1.Ticket, number int64) bool {
	for _, t := range tickets {
		if t.GetNumber() == number {
			return true
		}
	}
	return false
}

// TestWhoMayCallWhat calls every method as everybody: on a ticket about the blog
// that uma asked, with ann of the same organization as a CC.
func TestWhoMayCallWhat(t *testing.T) {
	f := start(t, sqlite(t))
	viewers := []struct {
		name  string
		sees  bool
		staff bool
	}{
		{"uma", true, false},   // requester
		{"ann", true, false},   // admin
		{"fred", false, false}, // limited to another application
		{"gus", false, false},  // another organization's admin, whose token says acme
		{"gina", false, false},
		{"sam", true, true},
	}
	desc := ticketv1.TicketService_ServiceDesc
	for _, method := range desc.Methods {
		if elsewhere[method.MethodName] {
			continue
		}
		c, known := calls[method.MethodName]
		require.True(t, known, "%s is not in the matrix", method.MethodName)
		full := "/" + desc.ServiceName + "/" + method.MethodName
		for _, v := range viewers {
			for _, cc := range []bool{false, true} {
				name := method.MethodName + " by " + v.name
				if cc {
					name += " as a CC"
				}
				t.Run(name, func(t *testing.T) {
					n := f.incidentFor(method.MethodName, v.name, cc)
					// The address of another organization's person gives mail, no right to see.
					sees := v.sees || cc && v.name == "fred"
					reply := newReply(t, method)
					err := f.server.InProcess("gateway").Invoke(f.as(v.name), full, c.request(n), reply)
					switch {
					case c.staffOnly && !v.staff:
						require.ErrorIs(t, err, fault.Denied)
					case c.filters:
						require.NoError(t, err)
						require.Equal(t, sees, c.seen(reply, n))
					case sees:
						require.Equal(t, c.reason, fault.ReasonOf(err), "%v", err)
					default:
						require.ErrorIs(t, err, fault.NotFound)
					}
				})
			}
		}
		t.Run(method.MethodName+" by nobody", func(t *testing.T) {
			err := f.server.InProcess("gateway").Invoke(t.Context(), full, c.request(1), newReply(t, method))
			require.ErrorIs(t, err, fault.Unauthenticated)
			// Services have no business here without a user.
			err = f.server.InProcess("notification").Invoke(t.Context(), full, c.request(1), newReply(t, method))
			require.Contains(t, []fault.Kind{fault.Denied, fault.Unauthenticated}, fault.KindOf(err))
		})
	}
}

// incidentFor makes a ticket that the method can be called on.
func (f *fixture) incidentFor(method, viewer string, cc bool) int64 {
	f.t.Helper()
	t := urgent()
	t.Priority = ticketv1.Priority_PRIORITY_NORMAL
	t.Scope.Targets[0].Application = "blog"
	t.Ccs = []*ticketv1.Person{{Email: "gone@x.example"}}
	if cc {
		t.Ccs = append(t.Ccs, &ticketv1.Person{Email: map[string]string{
			"uma": "uma@acme.example", "ann": "ann@acme.example", "fred": "fred@studio.example",
			"gus": "gus@globex.example", "gina": "gina@globex.example", "sam": "sam@altis.example",
		}[viewer]})
	}
	created := f.create("uma", t)
	if method == "ReopenTicket" {
		_, err := f.client.SolveTicket(f.as("sam"), &ticketv1.SolveTicketRequest{Ticket: created.GetNumber()})
		require.NoError(f.t, err)
	}
	return created.GetNumber()
}

// newReply returns an empty message of the type that the method answers.
func newReply(t *testing.T, method grpc.MethodDesc) proto.Message {
	methods := ticketv1.File_altis_support_ticket_v1_ticket_service_proto.Services().ByName("TicketService").Methods()
	mt, err := protoregistry.GlobalTypes.FindMessageByName(methods.ByName(protoreflect.Name(method.MethodName)).Output().FullName())
	require.NoError(t, err)
	return mt.New().Interface()
}

func TestCreateByAnyone(t *testing.T) {
	f := start(t, sqlite(t))
	for _, who := range []string{"uma", "fred"} {
		require.Equal(t, who, f.create(who, question()).GetRequester().GetId())
	}
	_, err := f.client.CreateTicket(f.as("gus"), &ticketv1.CreateTicketRequest{Ticket: question()})
	require.ErrorIs(t, err, fault.Invalid, "the organization of the directory counts, not that of the token")
	lab := question()
	lab.Scope.Targets[0].Application = "lab"
	require.Equal(t, "globex", f.create("gus", lab).GetOrganization())
	_, err = f.client.CreateTicket(t.Context(), &ticketv1.CreateTicketRequest{Ticket: question()})
	require.ErrorIs(t, err, fault.Unauthenticated)

	priority := question()
	priority.Priority = ticketv1.Priority_PRIORITY_HIGH
	_, err = f.client.CreateTicket(f.as("uma"), &ticketv1.CreateTicketRequest{Ticket: priority})
	require.ErrorIs(t, err, fault.Invalid)
	require.ErrorContains(t, err, "ticket.priority")
}
