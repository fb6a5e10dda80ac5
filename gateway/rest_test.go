package gateway

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/proto"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

const incident = `{"type":"TICKET_TYPE_INCIDENT","subject":"checkout","description":"502","scope":{"all":true},"incident":{}}`

func TestBadRequests(t *testing.T) {
	w := setup(t)
	for _, c := range []struct {
		name         string
		method, path string
		body         string
		edit         edit
		status       int
		reason       string
		field        string // path of the one field
		fieldReason  string
	}{
		{name: "malformed JSON", method: "POST", path: "/v1/tickets", body: `{"subject":`, status: 400, reason: "JSON_MALFORMED"},
		{name: "two values", method: "POST", path: "/v1/tickets", body: incident + incident, status: 400, reason: "JSON_MALFORMED"},
		{name: "unknown field", method: "POST", path: "/v1/tickets", body: `{"subject":"x","sbject":"y"}`, status: 400, reason: "INVALID_FIELD", field: "ticket.sbject", fieldReason: "FIELD_UNKNOWN"},
		{name: "unknown field inside", method: "POST", path: "/v1/tickets", body: "{\n  \"subject\": \"ä\", \"scope\":\n {\"all\": true, \"nope\": 1}}", status: 400, reason: "INVALID_FIELD", field: "ticket.scope.nope", fieldReason: "FIELD_UNKNOWN"},
		{name: "field twice", method: "POST", path: "/v1/tickets", body: `{"subject":"x","subject":"y"}`, status: 400, reason: "INVALID_FIELD", field: "ticket.subject", fieldReason: "FIELD_DUPLICATE"},
		{name: "unknown enum name", method: "POST", path: "/v1/tickets", body: `{"subject":"x","priority":"PRIORITY_HUGE"}`, status: 400, reason: "INVALID_FIELD", field: "ticket.priority", fieldReason: "UNKNOWN_ENUM"},
		{name: "wrong type", method: "POST", path: "/v1/tickets", body: `{"tags":["a",{"b":1}]}`, status: 400, reason: "INVALID_FIELD", field: "ticket.tags[1]", fieldReason: "VALUE_INVALID"},
		{name: "type of a field with two words", method: "PATCH", path: "/v1/tickets/7", body: `{"followUpOf":"x"}`, status: 400, reason: "INVALID_FIELD", field: "ticket.follow_up_of", fieldReason: "VALUE_INVALID"},
		{name: "unknown field of a whole message", method: "POST", path: "/v1/tickets/7:reply", body: `{"body":"x","nope":1}`, status: 400, reason: "INVALID_FIELD", field: "nope", fieldReason: "FIELD_UNKNOWN"},
		{name: "enum number that does not exist", method: "POST", path: "/v1/tickets/7:reply", body: `{"body":"x","status":99}`, status: 400, reason: "INVALID_FIELD", field: "status"},
		{name: "unknown field of taking an acknowledgement back", method: "POST", path: "/v1/pages/p:unacknowledge", body: `{"reason":"x","nope":1}`, status: 400, reason: "INVALID_FIELD", field: "nope", fieldReason: "FIELD_UNKNOWN"},
		{name: "unknown channel of a notice", method: "PATCH", path: "/v1/me/noticePreferences", body: `{"newTicket":"CHANNEL_PIGEON"}`, status: 400, reason: "INVALID_FIELD", field: "notice_preferences.new_ticket", fieldReason: "UNKNOWN_ENUM"},
		{name: "malformed target of a drill", method: "POST", path: "/v1/drills", body: `{"acceptWithin":"soon"}`, status: 400, reason: "INVALID_FIELD", field: "accept_within", fieldReason: "VALUE_INVALID"},
		{name: "unknown field of a calendar feed", method: "POST", path: "/v1/calendarFeeds", body: `{"url":"x"}`, status: 400, reason: "INVALID_FIELD", field: "url", fieldReason: "FIELD_UNKNOWN"},
		{name: "malformed duration of a snooze", method: "POST", path: "/v1/pages/p:snooze", body: `{"duration":"soon"}`, status: 400, reason: "INVALID_FIELD", field: "duration", fieldReason: "VALUE_INVALID"},
		{name: "rule of a field", method: "POST", path: "/v1/tickets/7:reply", body: `{"body":""}`, status: 400, reason: "INVALID_FIELD", field: "body"},
		{name: "no body where one is required", method: "POST", path: "/v1/tickets/7:reply", status: 400, reason: "INVALID_FIELD", field: "body"},
		{name: "oversized body", method: "POST", path: "/v1/tickets", body: `{"subject":"` + strings.Repeat("x", maxBody) + `"}`, status: 413, reason: "MESSAGE_TOO_LARGE"},
		{name: "invalid UTF-8 in the body", method: "POST", path: "/v1/tickets", body: "{\"subject\":\"\xff\"}", status: 400, reason: "INVALID_UTF8"},
		{name: "invalid UTF-8 in the query", method: "GET", path: "/v1/tickets?filter=%ff", status: 400, reason: "INVALID_UTF8"},
		{name: "invalid UTF-8 in the path", method: "GET", path: "/v1/organizations/%ff", status: 400, reason: "INVALID_UTF8"},
		{name: "form", method: "POST", path: "/v1/tickets", body: "subject=x", edit: header("Content-Type", "application/x-www-form-urlencoded"), status: 415, reason: "MEDIA_TYPE_UNSUPPORTED"},
		{name: "text", method: "POST", path: "/v1/tickets", body: incident, edit: header("Content-Type", "text/plain"), status: 415, reason: "MEDIA_TYPE_UNSUPPORTED"},
		{name: "number in the path", method: "GET", path: "/v1/tickets/seven", status: 400, reason: "INVALID_FIELD", field: "ticket", fieldReason: "VALUE_INVALID"},
		{name: "enum in the query", method: "GET", path: "/v1/tickets?view=VIEW_NOPE", status: 400, reason: "INVALID_FIELD", field: "view", fieldReason: "VALUE_INVALID"},
		{name: "unknown kind of notices", method: "GET", path: "/v1/me/notices?kinds=KIND_PIGEON", status: 400, reason: "INVALID_FIELD", field: "kinds", fieldReason: "VALUE_INVALID"},
		{name: "number in the query", method: "GET", path: "/v1/tickets?pageSize=x", status: 400, reason: "INVALID_FIELD", field: "page_size", fieldReason: "VALUE_INVALID"},
		{name: "unknown parameter", method: "GET", path: "/v1/tickets?fliter=status:open", status: 400, reason: "INVALID_FIELD", field: "fliter", fieldReason: "FIELD_UNKNOWN"},
		{name: "unknown parameter inside", method: "POST", path: "/v1/tickets?ticket.sbject=x", body: incident, status: 400, reason: "INVALID_FIELD", field: "ticket.sbject", fieldReason: "FIELD_UNKNOWN"},
		{name: "parameter beside a body that is the whole message", method: "POST", path: "/v1/tickets/7:reply?status=TICKET_STATUS_OPEN", body: `{"body":"x"}`, status: 400, reason: "INVALID_FIELD", field: "status", fieldReason: "FIELD_UNKNOWN"},
		{name: "parameter beside no body", method: "POST", path: "/v1/tickets/7:solve?nope=1&etag=6", status: 400, reason: "INVALID_FIELD", field: "etag", fieldReason: "FIELD_UNKNOWN"},
		{name: "unknown parameter of what takes none", method: "GET", path: "/v1/tickets/7?nope=1", status: 400, reason: "INVALID_FIELD", field: "nope", fieldReason: "FIELD_UNKNOWN"},
		{name: "parameter that the path gives", method: "GET", path: "/v1/tickets/7?ticket=8", status: 400, reason: "INVALID_FIELD", field: "ticket", fieldReason: "FIELD_UNKNOWN"},
		{name: "parameter that the body gives", method: "POST", path: "/v1/tickets?ticket.subject=x", body: incident, status: 400, reason: "INVALID_FIELD", field: "ticket.subject", fieldReason: "FIELD_UNKNOWN"},
		{name: "unknown parameter of updates", method: "GET", path: "/v1/tickets:watch?resume=x", status: 400, reason: "INVALID_FIELD", field: "resume", fieldReason: "FIELD_UNKNOWN"},
		{name: "bad page token", method: "GET", path: "/v1/tickets?pageToken=x", status: 400, reason: "PAGE_TOKEN_INVALID"},
		{name: "not found", method: "GET", path: "/v1/tickets/404", status: 404, reason: "TICKET_NOT_FOUND"},
		{name: "unknown path", method: "GET", path: "/v1/nothing", status: 404, reason: "ROUTE_NOT_FOUND"},
		{name: "outside of the API", method: "GET", path: "/dev/outbox", status: 404, reason: "ROUTE_NOT_FOUND"},
		{name: "page of programs", method: "GET", path: "/v1", edit: header("Accept", "text/html"), status: 404, reason: "ROUTE_NOT_FOUND"},
		{name: "page below the API", method: "GET", path: "/v1/nothing", edit: header("Accept", "text/html"), status: 404, reason: "ROUTE_NOT_FOUND"},
		{name: "page of the demo", method: "GET", path: "/dev/outbox", edit: header("Accept", "text/html"), status: 404, reason: "ROUTE_NOT_FOUND"},
		{name: "acknowledge link at the wrong address", method: "GET", path: "/a/token", edit: header("Accept", "text/html"), status: 404, reason: "ROUTE_NOT_FOUND"},
		{name: "asset of an older release", method: "GET", path: "/assets/gone-0.js", edit: header("Accept", "text/html"), status: 404, reason: "ROUTE_NOT_FOUND"},
		{name: "post to a page", method: "POST", path: "/tickets", status: 404, reason: "ROUTE_NOT_FOUND"},
		{name: "doubled slash", method: "GET", path: "//v1/tickets", status: 404, reason: "ROUTE_NOT_FOUND"},
		{name: "wrong method", method: "DELETE", path: "/v1/tickets", status: 405, reason: "METHOD_NOT_ALLOWED"},
		{name: "wrong method of login", method: "GET", path: "/v1/auth/login", status: 405, reason: "METHOD_NOT_ALLOWED"},
		{name: "method in a header", method: "POST", path: "/v1/me", edit: header("X-HTTP-Method-Override", "GET"), status: 405, reason: "METHOD_NOT_ALLOWED"},
		{name: "conflict", method: "POST", path: "/v1/tickets/7:solve", body: `{"etag":"6"}`, status: 409, reason: "ETAG_MISMATCH"},
		{name: "merge by a customer", method: "POST", path: "/v1/tickets/7:merge", body: `{"into":"8"}`, status: 403, reason: "NOT_ALLOWED"},
		{name: "redact a field by a customer", method: "POST", path: "/v1/tickets/7:redact", body: `{"field":"subject","reason":"x"}`, status: 403, reason: "NOT_ALLOWED"},
		{name: "internal error", method: "POST", path: "/v1/tickets/7:solve", body: `{"etag":"bug"}`, status: 500, reason: "INTERNAL"},
		{name: "panic of a service", method: "POST", path: "/v1/tickets/7:solve", body: `{"etag":"panic"}`, status: 500, reason: "PANIC"},
		{name: "idempotency key too long", method: "POST", path: "/v1/tickets", body: incident, edit: header("Idempotency-Key", strings.Repeat("k", 129)), status: 400, reason: "INVALID_FIELD", field: "request_id", fieldReason: "IDEMPOTENCY_KEY_INVALID"},
		{name: "no credential", method: "GET", path: "/v1/me", edit: anonymous, status: 401, reason: "TOKEN_REQUIRED"},
		{name: "unknown API token", method: "GET", path: "/v1/me", edit: bearer("altis_bad"), status: 401, reason: "CREDENTIAL_INVALID"},
		{name: "forged access token", method: "GET", path: "/v1/me", edit: bearer("a.b.c"), status: 401, reason: "TOKEN_INVALID"},
		{name: "other scheme", method: "GET", path: "/v1/me", edit: header("Authorization", "Basic YTpi"), status: 401, reason: "TOKEN_INVALID"},
		{name: "not allowed", method: "POST", path: "/v1/tickets/7:note", body: `{"body":"x"}`, status: 403, reason: "NOT_ALLOWED"},
		{name: "page of another site", method: "POST", path: "/v1/tickets", body: incident, edit: header("Sec-Fetch-Site", "cross-site"), status: 403, reason: "CROSS_ORIGIN"},
	} {
		t.Run(c.name, func(t *testing.T) {
			edits := []edit{}
			if c.edit != nil {
				edits = append(edits, c.edit)
			}
			a := w.call(c.method, c.path, c.body, edits...)
			require.Equal(t, c.status, a.StatusCode, a.body)
			require.Equal(t, c.reason, a.problem.Reason, a.body)
			require.NotContains(t, a.body, "hunter2", "causes stay inside")
			if c.field == "" {
				require.Empty(t, a.problem.Fields)
				return
			}
			require.Len(t, a.problem.Fields, 1, a.body)
			require.Equal(t, c.field, a.problem.Fields[0].Path)
			require.NotEmpty(t, a.problem.Fields[0].Description)
			if c.fieldReason != "" {
				require.Equal(t, c.fieldReason, a.problem.Fields[0].Reason)
			}
		})
	}
}

func TestMethodNotAllowedNamesThoseThatAre(t *testing.T) {
	w := setup(t)
	for _, c := range []struct{ method, path, allow string }{
		{method: "DELETE", path: "/v1/tickets", allow: "GET, POST"},
		{method: "POST", path: "/v1/tickets/7", allow: "GET, PATCH, DELETE"},
		{method: "POST", path: "/v1/tickets:batchGet", allow: "GET"},
		{method: "GET", path: "/v1/me/apiTokens/x", allow: "DELETE"},
		{method: "OPTIONS", path: "/v1/me", allow: "GET, PATCH"},
		{method: "GET", path: "/v1/auth/login", allow: "POST"},
		{method: "GET", path: "/v1/schedules/primary", allow: "PATCH, DELETE"},
		{method: "GET", path: "/v1/contacts/x:test", allow: "POST, DELETE"},
		{method: "GET", path: "/v1/contacts/x:verify", allow: "POST, DELETE"},
		{method: "GET", path: "/v1/contacts/x:sendCode", allow: "POST, DELETE"},
		{method: "POST", path: "/v1/notificationRules/x", allow: "GET, PATCH"},
		{method: "PUT", path: "/v1/tickets:watch", allow: "GET"},
		{method: "DELETE", path: "/v1/drills", allow: "GET, POST"},
		{method: "POST", path: "/v1/drillSchedule", allow: "GET, PUT"},
		{method: "GET", path: "/v1/calendarFeeds/x", allow: "DELETE"},
		{method: "POST", path: "/v1/inboundMails", allow: "GET"},
		{method: "DELETE", path: "/v1/inboundMails/x", allow: "GET"},
		{method: "DELETE", path: "/v1/inboundMails/x:discard", allow: "GET, POST"},
		{method: "POST", path: "/v1/suppressions", allow: "GET"},
		{method: "GET", path: "/v1/suppressions/x", allow: "DELETE"},
		{method: "PUT", path: "/v1/me/noticePreferences", allow: "GET, PATCH"},
		{method: "DELETE", path: "/v1/me/notices", allow: "GET"},
	} {
		a := w.call(c.method, c.path, "")
		require.Equal(t, http.StatusMethodNotAllowed, a.StatusCode, "%s %s", c.method, c.path)
		require.Equal(t, c.allow, a.Header.Get("Allow"), "%s %s", c.method, c.path)
	}
}

func TestRetryAfterIsRoundedUp(t *testing.T) {
	w := setup(t)
	a := w.call("POST", "/v1/tickets/7:solve", `{"etag":"limit"}`)
	require.Equal(t, http.StatusTooManyRequests, a.StatusCode)
	require.Equal(t, "2", a.Header.Get("Retry-After"))
}

func TestConflictCarriesMetadata(t *testing.T) {
	w := setup(t)
	require.Equal(t, map[string]string{"etag": "7"}, w.call("POST", "/v1/tickets/7:solve", `{}`).problem.Metadata)
}

func TestExpiredAccessToken(t *testing.T) {
	w := setup(t)
	token := w.identity.token(time.Minute)
	require.Equal(t, http.StatusOK, w.call("GET", "/v1/me", "", bearer(token)).StatusCode)
	w.clock.Advance(time.Minute)
	a := w.call("GET", "/v1/me", "", bearer(token))
	require.Equal(t, http.StatusUnauthorized, a.StatusCode)
	require.Equal(t, "TOKEN_EXPIRED", a.problem.Reason)
	require.Equal(t, "Bearer", a.Header.Get("WWW-Authenticate"))
}

func TestAnswersShowDefaults(t *testing.T) {
	w := setup(t)
	a := w.call("GET", "/v1/tickets/7", "")
	require.Equal(t, "application/json", a.Header.Get("Content-Type"))
	require.Equal(t, "no-store", a.Header.Get("Cache-Control"))
	var ticket map[string]any
	require.NoError(t, json.Unmarshal([]byte(a.body), &ticket))
	require.Equal(t, "7", ticket["number"], "int64 is text in JSON")
	require.Equal(t, "PRIORITY_UNSPECIFIED", ticket["priority"])
	require.Equal(t, []any{}, ticket["tags"])
	for name := range a.Header {
		require.False(t, strings.HasPrefix(name, "Grpc-"), name)
	}
	require.JSONEq(t, `{"tickets":[],"nextPageToken":"","filterIssues":[]}`, w.call("GET", "/v1/tickets", "").body)
}

func TestPatchMakesItsMaskOfTheBody(t *testing.T) {
	w := setup(t)
	require.Equal(t, http.StatusOK, w.call("PATCH", "/v1/tickets/7", `{"subject":"new","followUpOf":"3"}`).StatusCode)
	got := w.ticket.update.Load()
	require.EqualValues(t, 7, got.GetTicket().GetNumber())
	require.ElementsMatch(t, []string{"subject", "follow_up_of"}, got.GetUpdateMask().GetPaths())

	require.Equal(t, http.StatusOK, w.call("PATCH", "/v1/tickets/7", `{}`).StatusCode)
	got = w.ticket.update.Load()
	require.EqualValues(t, 7, got.GetTicket().GetNumber())
	require.Empty(t, got.GetUpdateMask().GetPaths(), "nothing is to be changed")
}

func TestIdempotencyKey(t *testing.T) {
	w := setup(t)
	var got string
	create := func(req *ticketv1.CreateTicketRequest) (*ticketv1.Ticket, error) {
		got = req.GetRequestId()
		return req.GetTicket(), nil
	}
	w.ticket.create.Store(&create)
	w.call("POST", "/v1/tickets", incident, header("Idempotency-Key", "k1"))
	require.Equal(t, "k1", got)
	w.call("POST", "/v1/tickets?requestId=mine", incident, header("Idempotency-Key", "k1"))
	require.Equal(t, "mine", got, "what the request says itself counts")
	w.call("POST", "/v1/tickets", incident)
	require.Empty(t, got)
	require.Contains(t, w.call("POST", "/v1/tickets/7:reply", `{"body":"x"}`, header("Idempotency-Key", "k2")).body, `"k2"`)
}

func TestMerge(t *testing.T) {
	w := setup(t)
	now := w.clock.Now()
	token, err := w.identity.signer.Sign(auth.User{
		ID: "sam", Staff: true, Role: auth.RoleAgent, SessionID: "s", TokenID: "t", IssuedAt: now, ExpiresAt: now.Add(5 * time.Minute),
	})
	require.NoError(t, err)
	merged := w.call("POST", "/v1/tickets/7:merge", `{"into":"8","etag":"3"}`, bearer(token), header("Idempotency-Key", "k3"))
	require.Equal(t, http.StatusOK, merged.StatusCode, merged.body)
	require.Regexp(t, `"mergedInto": *"8"`, merged.body)
	require.Regexp(t, `"subject": *"k3"`, merged.body)
	require.Regexp(t, `"etag": *"3"`, merged.body)
	refused := w.call("POST", "/v1/tickets/7:merge", `{"into":"9"}`, bearer(token))
	require.Equal(t, http.StatusBadRequest, refused.StatusCode)
	require.Equal(t, "INTO_MERGED", refused.problem.Reason)
	require.Equal(t, map[string]string{"ticket": "8"}, refused.problem.Metadata)
	require.Equal(t, "INVALID_FIELD", w.call("POST", "/v1/tickets/7:merge", `{}`, bearer(token)).problem.Reason)
}

func TestPublicPages(t *testing.T) {
	w := setup(t, func(c *Config) { c.PlainHTTP = true })
	a := w.call("GET", "/openapi.json", "", anonymous)
	require.Equal(t, string(proto.OpenAPI), a.body)
	require.True(t, json.Valid([]byte(a.body)))
	require.Equal(t, http.StatusNotModified, w.call("GET", "/openapi.json", "", anonymous, header("If-None-Match", a.Header.Get("ETag"))).StatusCode)

	a = w.call("GET", "/", "", anonymous)
	require.Equal(t, "text/html; charset=utf-8", a.Header.Get("Content-Type"))
	require.Contains(t, a.Header.Get("Content-Security-Policy"), "default-src 'none'")
	require.Empty(t, a.Header.Get("Strict-Transport-Security"), "not over plain HTTP")

	a = w.call("GET", "/.well-known/jwks.json", "", bearer("altis_bad"))
	require.Equal(t, http.StatusOK, a.StatusCode, "keys are for everybody, whatever they send along")
	require.Contains(t, a.body, `"kid":`)
}

func TestSite(t *testing.T) {
	w := setup(t, func(c *Config) { c.EmergencyAddress = "sysops@example.com" })
	a := w.call("GET", "/v1/site", "", anonymous)
	require.JSONEq(t, `{"emergencyAddress":"sysops@example.com","hasSession":false,"demoLogins":[]}`, a.body)
	require.Equal(t, "no-store", a.Header.Get("Cache-Control"))
	cookie := w.call("POST", "/v1/auth/login", login, anonymous).Cookies()[0]
	a = w.call("GET", "/v1/site", "", anonymous, func(r *http.Request) { r.AddCookie(cookie) })
	require.Contains(t, a.body, `"hasSession":true`)

	w.gateway.demo = func() ([]DemoLogin, error) {
		return []DemoLogin{{Name: "Ada", Role: "customer", Email: email, Password: password}}, nil
	}
	require.Contains(t, w.call("GET", "/v1/site", "", anonymous).body, `"demoLogins":[{"name":"Ada","role":"customer","email":"ada@example.com"`)
	w.gateway.demo = func() ([]DemoLogin, error) { return nil, os.ErrNotExist }
	require.Contains(t, w.call("GET", "/v1/site", "", anonymous).body, `"demoLogins":[]`, "the page comes without them")
}

func TestPagesAreServedToBrowsers(t *testing.T) {
	w := setup(t)
	a := w.call("GET", "/tickets/7", "", anonymous, header("Accept", "text/html"))
	require.Equal(t, http.StatusOK, a.StatusCode)
	require.Contains(t, a.body, "<title>")
	require.NotEmpty(t, a.Header.Get("Strict-Transport-Security"))
}

func TestTraceIsNamed(t *testing.T) {
	w := setup(t)
	const id = "0af7651916cd43dd8448eb211c80319c"
	a := w.call("GET", "/v1/tickets/404", "", header("Traceparent", "00-"+id+"-b7ad6b7169203331-01"))
	require.Equal(t, id, a.problem.TraceID)
}

func TestRateLimits(t *testing.T) {
	w := setup(t, func(c *Config) { c.RequestsPerMinute, c.AnonymousPerMinute = 3, 5 })
	for range 3 {
		require.Equal(t, http.StatusOK, w.call("GET", "/v1/me", "").StatusCode)
	}
	a := w.call("GET", "/v1/me", "")
	require.Equal(t, http.StatusTooManyRequests, a.StatusCode)
	require.Equal(t, "RATE_LIMIT", a.problem.Reason)
	require.NotEmpty(t, a.Header.Get("Retry-After"))

	// One of the address's five went into the exchange above; guessing goes on until they are used up.
	statuses := map[int]int{}
	for n := range 6 {
		statuses[w.call("GET", "/v1/me", "", bearer("altis_guess_"+string(rune('a'+n)))).StatusCode]++
	}
	require.Equal(t, map[int]int{http.StatusUnauthorized: 4, http.StatusTooManyRequests: 2}, statuses)
}

func TestForgedAccessTokensCountForTheirAddress(t *testing.T) {
	w := setup(t, func(c *Config) { c.RequestsPerMinute, c.AnonymousPerMinute = 4, 5 })
	good := bearer(w.identity.token(auth.MaxLifetime))
	me := func(e edit) int { return w.call("GET", "/v1/me", "", e).StatusCode }
	require.Equal(t, http.StatusOK, me(good), "the first of the address's five")
	statuses := map[int]int{}
	for n := range 6 {
		statuses[me(bearer(fmt.Sprintf("a.b.%d", n)))]++
	}
	require.Equal(t, map[int]int{http.StatusUnauthorized: 4, http.StatusTooManyRequests: 2}, statuses)

	require.Equal(t, http.StatusTooManyRequests, me(bearer(w.identity.token(time.Minute))), "not proven")
	for range 4 {
		require.Equal(t, http.StatusOK, me(good), "proven: it has a limit of its own")
	}
	require.Equal(t, http.StatusTooManyRequests, me(good))
}

func TestProvenAccessTokens(t *testing.T) {
	clock := testkit.NewClock(time.Now())
	p := &proven{now: clock.Now, until: map[string]time.Time{}}
	token := func(key string) credential { return credential{key: key, accessToken: key} }
	p.note(token("a"), fault.New(fault.NotFound, "TICKET_NOT_FOUND", ""))
	require.False(t, p.has("a"), "no proof")
	p.note(token("a"), nil)
	require.True(t, p.has("a"))
	p.note(token("a"), fault.New(fault.Unavailable, "DOWN", ""))
	require.True(t, p.has("a"), "no disproof")
	p.note(token("a"), fault.New(fault.Unauthenticated, "TOKEN_REVOKED", ""))
	require.False(t, p.has("a"))

	for n := range maxCached {
		p.note(token(fmt.Sprint(n)), nil)
	}
	clock.Advance(auth.MaxLifetime)
	require.False(t, p.has("1"), "it has expired")
	p.note(token("new"), nil)
	require.Len(t, p.until, 1, "what has expired goes first")
}

func TestClientIP(t *testing.T) {
	for _, c := range []struct {
		name, remote, forwarded string
		hops                    int
		want                    string
	}{
		{name: "direct", remote: "192.0.2.1:5", want: "192.0.2.1"},
		{name: "header of a client", remote: "192.0.2.1:5", forwarded: "6.6.6.6", want: "192.0.2.1"},
		{name: "one proxy", remote: "10.0.0.1:5", forwarded: "6.6.6.6, 192.0.2.1", hops: 1, want: "192.0.2.1"},
		{name: "two proxies", remote: "10.0.0.1:5", forwarded: "6.6.6.6, 192.0.2.1, 10.0.0.2", hops: 2, want: "192.0.2.1"},
		{name: "proxy without header", remote: "10.0.0.1:5", hops: 2, want: "10.0.0.1"},
		{name: "IPv6 network", remote: "[2001:db8:1:2:3:4:5:6]:5", want: "2001:db8:1:2::"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := &Gateway{config: Config{ProxyHops: c.hops}}
			r := &http.Request{RemoteAddr: c.remote, Header: http.Header{}}
			if c.forwarded != "" {
				r.Header.Set("X-Forwarded-For", c.forwarded)
			}
			require.Equal(t, c.want, g.clientIP(r))
		})
	}
}
