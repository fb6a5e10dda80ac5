package standalone

import (
	"bufio"
	"context"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/deploy/standalone/demo"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

const (
	outboxSubject = "Basket is empty after login"
	priya         = "priya.raman@brickyard.example"
	sam           = "sam@whitlock.example"
	stranger      = "someone@elsewhere.example"
)

// testOutbox is a visitor with a browser, to whom a page and mails come.
func testOutbox(t *testing.T, suite *Suite) {
	site := "http://" + suite.HTTPAddr()
	for path, want := range map[string]int{
		"/dev/assets/dev.js": http.StatusOK, "/dev/assets/dev.css": http.StatusOK, "/dev/": http.StatusOK,
		"/dev/assets/list.html": http.StatusNotFound, "/dev/assets/": http.StatusNotFound, "/dev/outbox/mail/none.eml": http.StatusNotFound,
	} {
		require.Equal(t, want, status(t, site+path), path)
	}
	changes := watch(t, site+"/dev/outbox/changes")
	<-changes // how things are
	ticket := createUrgent(t, suite)
	<-changes // something has come
	var list string
	testkit.EventuallyPasses(t, func(t require.TestingT) {
		_, list = browse(t, http.MethodGet, site+"/dev/outbox/list", nil, nil)
		for _, address := range []string{priya, sam, stranger} {
			require.NotEmpty(t, mailTo(list, address), address)
		}
		require.NotEmpty(t, acknowledgeAction(list))
	}, "the page and the mails are shown")

	mail := site + "/dev/outbox/mail/" + mailTo(list, sam)
	t.Run("mail is rendered without rights", func(t *testing.T) {
		res, body := browse(t, http.MethodGet, mail, nil, nil)
		require.Equal(t, http.StatusOK, res.StatusCode)
		require.Contains(t, res.Header.Get("Content-Type"), "text/html")
		require.Contains(t, res.Header.Get("Content-Security-Policy"), "sandbox")
		require.Contains(t, body, outboxSubject)
		res, body = browse(t, http.MethodGet, mail+"/raw", nil, nil)
		require.Equal(t, http.StatusOK, res.StatusCode)
		require.Contains(t, res.Header.Get("Content-Type"), "text/plain")
		require.Contains(t, body, "To: ")
		require.Contains(t, body, sam)
	})
	t.Run("reply", func(t *testing.T) {
		form := func(text string) url.Values { return url.Values{"body": {text}} }
		fromElsewhere := http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://elsewhere.example"}}
		res, _ := browse(t, http.MethodPost, mail+"/reply", form("A forged reply."), fromElsewhere)
		require.Equal(t, http.StatusForbidden, res.StatusCode)
		res, _ = browse(t, http.MethodPost, mail+"/reply", form(" "), nil)
		require.Equal(t, http.StatusUnprocessableEntity, res.StatusCode, "nothing was written")
		res, body := browse(t, http.MethodPost, site+"/dev/outbox/mail/"+mailTo(list, stranger)+"/reply", form("Hello?"), nil)
		require.Equal(t, http.StatusUnprocessableEntity, res.StatusCode)
		require.Contains(t, body, "no account in this demo")
		res, _ = browse(t, http.MethodPost, mail+"/reply", form("It is the same on my machine."), nil)
		require.Equal(t, http.StatusSeeOther, res.StatusCode)
		require.Equal(t, "/dev/outbox", res.Header.Get("Location"))

		messages, err := ticketv1.NewTicketServiceClient(suite.Tooling()).ListMessages(as(t, suite, demo.AdminEmail), &ticketv1.ListMessagesRequest{Ticket: ticket})
		require.NoError(t, err)
		var said []string
		for _, m := range messages.GetMessages() {
			if m.GetAuthor().GetEmail() == sam {
				said = append(said, m.GetBody())
			}
		}
		require.Equal(t, []string{"It is the same on my machine."}, said)
	})
	t.Run("acknowledge", func(t *testing.T) {
		link := acknowledgeAction(list)
		require.True(t, strings.HasPrefix(link, "http://"+suite.AckAddr()+"/"), link)
		res, _ := browse(t, http.MethodGet, site+"/dev/outbox", nil, nil)
		require.Contains(t, res.Header.Get("Content-Security-Policy"), "form-action 'self' http://"+suite.AckAddr(), "the browser lets the form through")
		page := pageOf(t, suite, ticket)
		require.Nil(t, page.GetAcknowledgeTime())
		res, body := browse(t, http.MethodPost, link, nil, nil)
		require.Equal(t, http.StatusOK, res.StatusCode)
		require.Contains(t, body, "You acknowledged")
		page = pageOf(t, suite, ticket)
		require.Equal(t, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED, page.GetState())
		require.Equal(t, "Ada Park", page.GetAcknowledgedBy().GetName(), "who is on call this week")
	})
	t.Run("a mail to the emergency address pages", func(t *testing.T) {
		sendOutage(t, suite.SMTPAddr(), demoEmergencyAddress)
		var list string
		testkit.EventuallyPasses(t, func(t require.TestingT) {
			_, list = browse(t, http.MethodGet, site+"/dev/outbox/list", nil, nil)
			require.Contains(t, list, "[Urgent] everything is down")
		}, "it is not shown")
		link := acknowledgeAction(list)
		require.True(t, strings.HasPrefix(link, "http://"+suite.emergencyAck.Addr().String()+"/"), link)
		_, body := browse(t, http.MethodPost, link, nil, nil)
		require.Contains(t, body, "You acknowledged")
	})
}

func createUrgent(t *testing.T, suite *Suite) int64 {
	t.Helper()
	created, err := ticketv1.NewTicketServiceClient(suite.Tooling()).CreateTicket(as(t, suite, priya), &ticketv1.CreateTicketRequest{Ticket: &ticketv1.Ticket{
		Type: ticketv1.TicketType_TICKET_TYPE_INCIDENT, Priority: ticketv1.Priority_PRIORITY_URGENT,
		Subject: outboxSubject, Description: "Whoever logs in loses the basket.", Scope: &ticketv1.Scope{All: true},
		Ccs: []*ticketv1.Person{{Email: sam}, {Email: stranger}},
		Details: &ticketv1.Ticket_Incident{Incident: &ticketv1.IncidentDetails{
			Impact: "Few orders.", SinceTime: timestamppb.New(suite.clock.Now()),
		}},
	}})
	require.NoError(t, err)
	return created.GetNumber()
}

func pageOf(t *testing.T, suite *Suite, ticket int64) *notificationv1.Page {
	t.Helper()
	pages, err := notificationv1.NewPageServiceClient(suite.Tooling()).ListPages(as(t, suite, demo.AdminEmail), &notificationv1.ListPagesRequest{Ticket: ticket})
	require.NoError(t, err)
	require.Len(t, pages.GetPages(), 1)
	return pages.GetPages()[0]
}

// browse sends a form, or gets a page, and does not follow redirects.
func browse(t require.TestingT, method, address string, form url.Values, header http.Header) (*http.Response, string) {
	req, err := http.NewRequestWithContext(context.Background(), method, address, strings.NewReader(form.Encode()))
	require.NoError(t, err)
	if header != nil {
		req.Header = header.Clone()
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return res, string(body)
}

// watch returns the events of a stream until the test ends.
func watch(t *testing.T, address string) <-chan string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.Equal(t, "text/event-stream", res.Header.Get("Content-Type"))
	events, ended := make(chan string), make(chan struct{})
	go func() {
		defer close(ended)
		defer close(events)
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				select {
				case events <- data:
				case <-t.Context().Done():
				}
			}
		}
	}()
	t.Cleanup(func() { // the test's context has ended, and so the stream
		<-ended
		require.NoError(t, res.Body.Close())
	})
	return events
}

var (
	mailForm        = regexp.MustCompile(`action="/dev/outbox/mail/([^"/]+)/reply">\s*<label>Answer as ([^<]+)<`)
	acknowledgeForm = regexp.MustCompile(`<form method="post" action="([^"]+)" target="_blank"><button class="primary">Acknowledge<`)
)

// mailTo returns the name of the newest mail of the list to an address.
func mailTo(list, address string) string {
	for _, found := range mailForm.FindAllStringSubmatch(list, -1) {
		if html.UnescapeString(found[2]) == address {
			return found[1]
		}
	}
	return ""
}

// acknowledgeAction returns where the newest Acknowledge button of the list posts to.
func acknowledgeAction(list string) string {
	found := acknowledgeForm.FindStringSubmatch(list)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}
