package gateway

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// page50 is what a list of open tickets answers.
func page50() *ticketv1.ListTicketsResponse {
	page := &ticketv1.ListTicketsResponse{NextPageToken: "eyJpIjoxNzk1NTQwMDAwMDAwMDAwLCJuIjo0Mn0"}
	for n := range int64(50) {
		at := func(hours int64) *timestamppb.Timestamp {
			return timestamppb.New(time.Date(2026, 11, 24, 9, 0, 0, 123456e3, time.UTC).Add(time.Duration(n+hours) * time.Hour))
		}
		page.Tickets = append(page.Tickets, &ticketv1.Ticket{
			Number: 1000 + n, Organization: "org-brickyard", OrganizationName: "Brickyard Living",
			Requester: &ticketv1.Person{Id: "per-ada", Name: "Ada Park", Email: "ada@brickyard.example"},
			Type:      ticketv1.TicketType_TICKET_TYPE_PROBLEM, Priority: ticketv1.Priority_PRIORITY_NORMAL,
			Status: ticketv1.TicketStatus_TICKET_STATUS_OPEN, WaitingOn: ticketv1.WaitingOn_WAITING_ON_SUPPORT,
			Subject: fmt.Sprintf("Checkout answers \"502\" for order %d", n),
			Scope: &ticketv1.Scope{Targets: []*ticketv1.ScopeTarget{
				{Application: "app-shop", Environment: "env-production", ApplicationName: "Shop", EnvironmentName: "production"},
			}},
			Assignee: &ticketv1.Person{Id: "per-sam", Name: "Sam Engineer", Email: "sam@altis.example", Staff: true}, Team: "support",
			FirstResponseDueTime: at(4), ResolutionDueTime: at(48),
			Page:       &ticketv1.PageSummary{State: ticketv1.PageState_PAGE_STATE_NONE},
			CreateTime: at(0), UpdateTime: at(1), Unread: n%3 == 0, Etag: "7", Sequence: 7,
		})
	}
	return page
}

// BenchmarkREST is the way of a request through the gateway, with services that answer at once.
func BenchmarkREST(b *testing.B) {
	w := setup(b)
	w.ticket.page.Store(page50())
	handler := w.gateway.Handler()
	for _, c := range []struct{ name, path string }{
		{name: "empty", path: "/v1/me"},
		{name: "get", path: "/v1/tickets/7"},
		{name: "list 50", path: "/v1/tickets?pageSize=50&filter=is:open"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, c.path, nil)
				bearer("altis_good")(r)
				answer := httptest.NewRecorder()
				handler.ServeHTTP(answer, r)
				if answer.Code != http.StatusOK {
					b.Fatal(answer.Code, answer.Body)
				}
			}
		})
	}
}

// BenchmarkJSON compares with protojson.
func BenchmarkJSON(b *testing.B) {
	s := newMarshaler()
	for name, marshal := range map[string]func(proto.Message) ([]byte, error){
		"protojson": marshalOptions.Marshal,
		"own":       func(m proto.Message) ([]byte, error) { return s.Marshal(m) },
	} {
		b.Run(name, func(b *testing.B) {
			page := page50()
			b.ReportAllocs()
			for b.Loop() {
				text, err := marshal(page)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(len(text)))
			}
		})
	}
}
