package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/fault"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// testBadInput sends what no client should, and checks each refusal.
func testBadInput(t *testing.T, w *harness.World) {
	t.Run("requests", func(t *testing.T) { testRefused(t, w) })
	t.Run("filter issues", func(t *testing.T) { testFilterIssues(t, w) })
	t.Run("duplicate CCs", func(t *testing.T) { testDuplicateCCs(t, w) })
	t.Run("request ids", func(t *testing.T) { testRequestIDs(t, w) })
	t.Run("page tokens", func(t *testing.T) { testPageTokens(t, w) })
}

var traceID = regexp.MustCompile(`^[0-9a-f]{32}$`)

// problem checks that the answer is a problem, complete, and returns it.
func problem(t *testing.T, a harness.Answer, status int, reason string) harness.Problem {
	t.Helper()
	require.Equal(t, status, a.Status, "%s", a.Body)
	require.Equal(t, "application/problem+json", a.Header.Get("Content-Type"))
	p, err := a.Problem()
	require.NoError(t, err)
	require.Equal(t, status, p.Status)
	require.Equal(t, reason, p.Reason, "%s", a.Body)
	require.Equal(t, "about:blank", p.Type)
	require.NotEmpty(t, p.Title)
	require.NotEmpty(t, p.Detail)
	require.Regexp(t, traceID, p.TraceID)
	return p
}

// edited returns a valid new ticket as JSON after a change.
func edited(w *harness.World, change func(ticket map[string]any)) []byte {
	text, err := protojson.Marshal(w.Question("bad input"))
	if err == nil {
		var fields map[string]any
		if err = json.Unmarshal(text, &fields); err == nil {
			change(fields)
			text, err = json.Marshal(fields)
		}
	}
	if err != nil {
		panic(err)
	}
	return text
}

// with returns a valid new ticket as JSON with another value of one field.
func with(w *harness.World, field string, value any) []byte {
	return edited(w, func(ticket map[string]any) { ticket[field] = value })
}

func ccs(addresses ...string) []map[string]string {
	list := make([]map[string]string, len(addresses))
	for i, address := range addresses {
		list[i] = map[string]string{"email": address}
	}
	return list
}

func testRefused(t *testing.T, w *harness.World) {
	many := make([]string, 49)
	for i := range many {
		many[i] = fmt.Sprintf("cc%d@partner.example", i)
	}
	foreign := w.Loom.Applications["store"].GetId()
	target := func(application string) map[string]any {
		return map[string]any{"targets": []map[string]string{{"application": application}}}
	}
	list := func(query string) string { return "/v1/tickets?" + query }
	tests := []struct {
		name   string
		method string // POST when empty
		path   string // /v1/tickets when empty
		body   []byte
		header http.Header
		as     *harness.Person // Requester when nil
		status int             // 400 when 0
		reason string          // INVALID_FIELD when empty
		fields []string        // paths of the offending fields
	}{
		{name: "malformed JSON", body: []byte(`{"subject": `), reason: "JSON_MALFORMED"},
		{name: "two JSON values", body: []byte(`{} {}`), reason: "JSON_MALFORMED"},
		{name: "unknown field", body: with(w, "urgency", 1), fields: []string{"ticket.urgency"}},
		{name: "unknown nested field", body: with(w, "scope", map[string]any{"everything": true}), fields: []string{"ticket.scope.everything"}},
		{name: "wrong enum name", body: with(w, "type", "TICKET_TYPE_WISH"), fields: []string{"ticket.type"}},
		{name: "wrong enum number", body: with(w, "type", 77), fields: []string{"ticket.type"}},
		{name: "wrong JSON type", body: with(w, "subject", 5), fields: []string{"ticket.subject"}},
		{name: "not JSON", body: []byte("subject=x"), header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, status: http.StatusUnsupportedMediaType, reason: "MEDIA_TYPE_UNSUPPORTED"},
		{name: "body of more than 1 MiB", body: with(w, "description", strings.Repeat("x", 1<<20)), status: http.StatusRequestEntityTooLarge, reason: "MESSAGE_TOO_LARGE"},
		{name: "invalid UTF-8", body: bytes.Replace(with(w, "subject", "HERE"), []byte("HERE"), []byte{'a', 0xff}, 1), reason: "INVALID_UTF8"},
		{name: "invalid UTF-8 in the query", method: http.MethodGet, path: list("filter=%ff"), reason: "INVALID_UTF8"},
		{name: "no subject", body: with(w, "subject", ""), fields: []string{"ticket.subject"}},
		{name: "subject of 201 characters", body: with(w, "subject", strings.Repeat("é", 201)), fields: []string{"ticket.subject"}},
		{name: "CR and LF in the subject", body: with(w, "subject", "a\r\nBcc: eve@evil.example"), fields: []string{"ticket.subject"}},
		{name: "description of 65,537 characters", body: with(w, "description", strings.Repeat("é", 65537)), fields: []string{"ticket.description"}},
		{name: "CR and LF in a CC", body: with(w, "ccs", ccs("a@partner.example\r\nBcc: eve@evil.example")), fields: []string{"ticket.ccs[0].email"}},
		{name: "a CC that is no address", body: with(w, "ccs", ccs("b@partner.example", "nobody")), fields: []string{"ticket.ccs[1].email"}},
		{name: "49 CCs", body: with(w, "ccs", ccs(many...)), fields: []string{"ticket.ccs"}},
		{name: "CR and LF in the call-back number", body: edited(w, func(ticket map[string]any) {
			ticket["type"], ticket["incident"] = "TICKET_TYPE_INCIDENT", map[string]string{"callbackNumber": "1\r\n2"}
		}), fields: []string{"ticket.incident.callback_number"}},
		{name: "a priority from a customer on a question", body: with(w, "priority", "PRIORITY_HIGH"), fields: []string{"ticket.priority"}},
		{name: "unknown application", body: with(w, "scope", target("no-such-application")), fields: []string{"ticket.scope.targets[0].application"}},
		{name: "application of another organization", body: with(w, "scope", target(foreign)), fields: []string{"ticket.scope.targets[0].application"}},
		{name: "environment of another application", body: with(w, "scope", map[string]any{"targets": []map[string]string{{
			"application": w.Quill.Applications["blog"].GetId(), "environment": w.Quill.Applications["shop"].GetEnvironments()[0].GetId(),
		}}}), fields: []string{"ticket.scope.targets[0].environment"}},
		{name: "application that a freelancer has not", as: w.Freelancer, body: with(w, "ccs", nil), fields: []string{"ticket.scope.targets[0].application"}},
		{name: "all and some applications", body: with(w, "scope", map[string]any{"all": true, "targets": target(foreign)["targets"]}), fields: []string{"ticket.scope"}},
		{name: "organization of another customer", body: with(w, "organization", w.Loom.ID), fields: []string{"ticket.organization"}},
		{name: "in the name of a colleague", body: with(w, "requester", map[string]string{"id": w.Colleague.ID}), fields: []string{"ticket.requester"}},
		{name: "a tag from a customer", body: with(w, "tags", []string{"vip"}), fields: []string{"ticket.tags"}},
		{name: "bad idempotency key", body: with(w, "subject", "x"), header: http.Header{"Idempotency-Key": {strings.Repeat("k", 129)}}, fields: []string{"request_id"}},
		{name: "query of 501 characters", method: http.MethodGet, path: list("filter=" + strings.Repeat("x", 501)), fields: []string{"filter"}},
		{name: "query of 21 terms", method: http.MethodGet, path: list("filter=" + strings.Repeat("a+", 21)), reason: "QUERY_TOO_COMPLEX"},
		{name: "bad page token", method: http.MethodGet, path: list("pageToken=abc"), reason: "PAGE_TOKEN_INVALID"},
		{name: "negative page size", method: http.MethodGet, path: list("pageSize=-1"), fields: []string{"page_size"}},
		{name: "unknown order", method: http.MethodGet, path: list("orderBy=subject"), fields: []string{"order_by"}},
		{name: "unknown time zone", method: http.MethodGet, path: list("timeZone=Mars/Olympus"), fields: []string{"time_zone"}},
		{name: "unknown time zone of a count", method: http.MethodGet, path: "/v1/tickets:count?timeZone=Local", fields: []string{"time_zone"}},
		{name: "number that is none", method: http.MethodGet, path: "/v1/tickets/abc", fields: []string{"ticket"}},
		{name: "number that does not exist", method: http.MethodGet, path: "/v1/tickets/999999999", status: http.StatusNotFound, reason: "TICKET_NOT_FOUND"},
		{name: "unknown path", method: http.MethodGet, path: "/v1/wishes", status: http.StatusNotFound, reason: "ROUTE_NOT_FOUND"},
		{name: "path outside of the API", method: http.MethodGet, path: "/admin", status: http.StatusNotFound, reason: "ROUTE_NOT_FOUND"},
		{name: "wrong method", method: http.MethodDelete, path: "/v1/tickets", status: http.StatusMethodNotAllowed, reason: "METHOD_NOT_ALLOWED"},
		{name: "no token", as: w.Anonymous(), body: with(w, "subject", "x"), status: http.StatusUnauthorized, reason: "TOKEN_REQUIRED"},
		{name: "two tokens", body: with(w, "subject", "x"), header: http.Header{"Authorization": {"Bearer a", "Bearer b"}}, status: http.StatusUnauthorized, reason: "TOKEN_INVALID"},
		{name: "a page of another site", body: with(w, "subject", "x"), header: http.Header{"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"cross-site"}}, status: http.StatusForbidden, reason: "CROSS_ORIGIN"},
		{name: "role without the right", method: http.MethodGet, path: "/v1/pages", status: http.StatusForbidden, reason: "NOT_ALLOWED"},
		{name: "webhook of a person without an address", path: "/v1/contacts", as: w.Supervisor, body: []byte(`{"person":"` + w.Engineer.ID + `","channel":"CHANNEL_WEBHOOK","address":"http://169.254.169.254/latest"}`), fields: []string{"contact.address"}},
		{name: "one bad field of a schedule", method: http.MethodPatch, path: "/v1/schedules/primary", as: w.Supervisor, body: []byte(`{"layers":[{"unit":"UNIT_DAY","length":101,"start":"2026-03-02T09:00"}]}`), fields: []string{"schedule.layers[0].length"}},
		{name: "a drill on the eighth day", method: http.MethodPut, path: "/v1/drillSchedule", as: w.Supervisor, body: []byte(`{"weekday":8,"time":"10:30","timeZone":"UTC"}`), fields: []string{"weekday"}},
		{name: "a drill that is to be acknowledged before it comes", path: "/v1/drills", as: w.Supervisor, body: []byte(`{"acceptWithin":"60s","acknowledgeWithin":"1s"}`), fields: []string{"acknowledge_within"}},
		{name: "a calendar of no schedule", path: "/v1/calendarFeeds", as: w.Supervisor, body: []byte(`{"schedule":"none"}`), status: http.StatusNotFound, reason: "SCHEDULE_UNKNOWN"},
		{name: "a policy that there cannot be yet", method: http.MethodPatch, path: "/v1/escalationPolicies/night?allowMissing=true", as: w.Supervisor, body: []byte(`{"loops":1}`), fields: []string{"escalation_policy.id"}},
		{name: "a scope that no API token has", path: "/v1/me/apiTokens", body: []byte(`{"name":"x","scopes":["SCOPE_ACCOUNT"]}`), fields: []string{"scopes[0]"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.method == "" {
				tt.method = http.MethodPost
			}
			if tt.path == "" {
				tt.path = "/v1/tickets"
			}
			if tt.status == 0 {
				tt.status = http.StatusBadRequest
			}
			if tt.reason == "" {
				tt.reason = "INVALID_FIELD"
			}
			if tt.as == nil {
				tt.as = w.Requester
			}
			p := problem(t, tt.as.Do(t, tt.method, tt.path, tt.body, tt.header), tt.status, tt.reason)
			var paths []string
			for _, field := range p.Fields {
				require.NotEmpty(t, field.Reason)
				require.NotEmpty(t, field.Description)
				paths = append(paths, field.Path)
			}
			require.Equal(t, tt.fields, paths)
		})
	}
	res, err := w.Requester.Tickets().ListTickets(t.Context(), &ticketv1.ListTicketsRequest{Filter: `"bad input"`})
	require.NoError(t, err)
	require.Empty(t, res.GetTickets(), "what was refused made no ticket")
}

// testFilterIssues checks that what is not understood of a query is named and
// the rest runs.
func testFilterIssues(t *testing.T, w *harness.World) {
	number := create(t, w.Requester, w.Question("zebra crossing")).GetNumber()
	tests := []struct {
		name   string
		filter string
		found  bool
		issues []ticketv1.FilterIssue
	}{
		{name: "unknown key", filter: "zebra colour:red", found: true, issues: []ticketv1.FilterIssue{{Offset: 6, Length: 6, Reason: "UNKNOWN_KEY"}}},
		{name: "unknown value", filter: "is:opne zebra", found: true, issues: []ticketv1.FilterIssue{{Offset: 3, Length: 4, Reason: "UNKNOWN_VALUE"}}},
		{name: "code points are counted", filter: "zebra äöü:x", found: false, issues: nil},
		{name: "a known rest that excludes", filter: "zebra type:incident colour:red", issues: []ticketv1.FilterIssue{{Offset: 20, Length: 6, Reason: "UNKNOWN_KEY"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, over := range transports {
				res, err := tickets(over.as(w.Requester)).ListTickets(t.Context(), &ticketv1.ListTicketsRequest{Filter: tt.filter})
				require.NoError(t, err)
				found := slices.ContainsFunc(res.GetTickets(), func(t *ticketv1.Ticket) bool { return t.GetNumber() == number })
				require.Equal(t, tt.found, found)
				require.Len(t, res.GetFilterIssues(), len(tt.issues))
				for i, issue := range res.GetFilterIssues() {
					require.Equal(t, tt.issues[i].GetReason(), issue.GetReason())
					require.Equal(t, tt.issues[i].GetOffset(), issue.GetOffset())
					require.Equal(t, tt.issues[i].GetLength(), issue.GetLength())
				}
			}
		})
	}
}

func testDuplicateCCs(t *testing.T, w *harness.World) {
	made := create(t, w.Requester, w.Question("duplicates", "dup@partner.example", "DUP@Partner.Example", strings.ToUpper(w.Requester.Email), w.Copied.Email))
	require.Len(t, made.GetCcs(), 2, "each address once, and never the requester")
	require.Equal(t, "dup@partner.example", made.GetCcs()[0].GetEmail())
	require.Equal(t, w.Copied.ID, made.GetCcs()[1].GetId())
	added, err := w.Requester.Tickets().AddCcs(t.Context(), &ticketv1.AddCcsRequest{Ticket: made.GetNumber(), Emails: []string{"Dup@partner.example"}})
	require.NoError(t, err)
	require.Len(t, added.GetCcs(), 2)
	awaitLetters(t, w, "dup@partner.example", made.GetNumber(), 1)
}

// testRequestIDs checks that a repetition returns what was made first, over
// either transport, and that the id cannot be used for something else.
func testRequestIDs(t *testing.T, w *harness.World) {
	const id = "request-ids"
	ticket := w.Question("request ids")
	first, err := w.Requester.Tickets().CreateTicket(t.Context(), &ticketv1.CreateTicketRequest{Ticket: ticket, RequestId: id})
	require.NoError(t, err)
	for _, over := range transports {
		again, err := tickets(over.as(w.Requester)).CreateTicket(t.Context(), &ticketv1.CreateTicketRequest{Ticket: ticket, RequestId: id})
		require.NoError(t, err)
		require.Equal(t, first.GetNumber(), again.GetNumber())

		_, err = tickets(over.as(w.Requester)).CreateTicket(t.Context(), &ticketv1.CreateTicketRequest{Ticket: w.Question("another"), RequestId: id})
		require.Equal(t, "REQUEST_ID_REUSED", fault.ReasonOf(err), "%v", err)
	}
	header := http.Header{"Idempotency-Key": {id}}
	body, err := protojson.Marshal(ticket)
	require.NoError(t, err)
	again := w.Requester.Do(t, http.MethodPost, "/v1/tickets", body, header)
	require.Equal(t, http.StatusOK, again.Status, "%s", again.Body)
	var made ticketv1.Ticket
	require.NoError(t, protojson.Unmarshal(again.Body, &made))
	require.Equal(t, first.GetNumber(), made.GetNumber())
	problem(t, w.Requester.Do(t, http.MethodPost, "/v1/tickets", with(w, "subject", "another"), header), http.StatusConflict, "REQUEST_ID_REUSED")

	own, err := w.Copied.Tickets().CreateTicket(t.Context(), &ticketv1.CreateTicketRequest{Ticket: ticket, RequestId: id})
	require.NoError(t, err, "ids of different people do not meet")
	require.NotEqual(t, first.GetNumber(), own.GetNumber())

	reply := &ticketv1.ReplyToTicketRequest{Ticket: first.GetNumber(), Body: "once", RequestId: id}
	said, err := w.Requester.Tickets().ReplyToTicket(t.Context(), reply)
	require.NoError(t, err)
	saidAgain, err := w.Requester.Tickets().ReplyToTicket(t.Context(), reply)
	require.NoError(t, err)
	require.Equal(t, said.GetMessage().GetId(), saidAgain.GetMessage().GetId())
	reply.Body = "twice"
	_, err = w.Requester.Tickets().ReplyToTicket(t.Context(), reply)
	require.Equal(t, "REQUEST_ID_REUSED", fault.ReasonOf(err))
}

// testPageTokens checks that pages fit together and that a token is good for
// its own list only.
func testPageTokens(t *testing.T, w *harness.World) {
	want := map[int64]bool{}
	for range 5 {
		want[create(t, w.Requester, w.Question("giraffe")).GetNumber()] = true
	}
	token, got := "", map[int64]bool{}
	first := ""
	for {
		res, err := tickets(w.Requester.REST()).ListTickets(t.Context(), &ticketv1.ListTicketsRequest{
			// By creation: triage changes tickets meanwhile.
			Filter: "giraffe", OrderBy: "create_time desc", PageSize: 2, PageToken: token,
		})
		require.NoError(t, err)
		for _, ticket := range res.GetTickets() {
			require.False(t, got[ticket.GetNumber()], "a ticket on two pages")
			got[ticket.GetNumber()] = true
		}
		if token = res.GetNextPageToken(); token == "" {
			break
		}
		first = token
	}
	require.Equal(t, want, got)
	other := w.Requester.Do(t, http.MethodGet, "/v1/tickets?pageToken="+url.QueryEscape(first), nil, nil)
	problem(t, other, http.StatusBadRequest, "PAGE_TOKEN_INVALID")
	tampered := "A" + first[1:]
	if first[0] == 'A' {
		tampered = "B" + first[1:]
	}
	answer := w.Requester.Do(t, http.MethodGet, "/v1/tickets?filter=giraffe&orderBy=create_time+desc&pageToken="+url.QueryEscape(tampered), nil, nil)
	problem(t, answer, http.StatusBadRequest, "PAGE_TOKEN_INVALID")
}
