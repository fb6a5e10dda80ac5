package standalone

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/demo"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// leapDay is a bad moment to start the demo: the day has hardly begun.
var leapDay = time.Date(2028, 2, 29, 0, 10, 0, 0, time.UTC)

// TestDemo fills one desk, which takes its time, and looks at it from all sides.
func TestDemo(t *testing.T) {
	cfg := anyPort(t)
	cfg.Demo = true
	begun := time.Now()
	present := func() time.Time { return leapDay.Add(time.Since(begun)) }
	var logins, receiver string
	t.Run("first start", func(t *testing.T) {
		suite := serveAt(t, cfg, present)
		logins, receiver = announced(t, suite), suite.HTTPAddr()
		t.Run("logins", func(t *testing.T) { testLogins(t, suite) })
		t.Run("nobody was mailed", func(t *testing.T) {
			mails, err := filepath.Glob(filepath.Join(cfg.outbox(), "*"))
			require.NoError(t, err)
			require.Empty(t, mails)
		})
		t.Run("directory", func(t *testing.T) { testDirectory(t, suite) })
		t.Run("tickets", func(t *testing.T) { testTickets(t, suite, present()) })
		t.Run("stories", func(t *testing.T) { testStories(t, suite, present) })
		t.Run("webhooks", func(t *testing.T) { require.Equal(t, []string{receiver, receiver}, webhookHosts(t, suite)) })
		t.Run("outbox", func(t *testing.T) { testOutbox(t, suite) })
	})
	t.Run("second start", func(t *testing.T) {
		suite := serveAt(t, cfg, present)
		require.Equal(t, logins, announced(t, suite))
		require.NotEqual(t, receiver, suite.HTTPAddr(), "the suite has moved to another port")
		require.Equal(t, []string{suite.HTTPAddr(), suite.HTTPAddr()}, webhookHosts(t, suite))
		require.NotEmpty(t, ticketsOf(t, suite, `"Checkout returns 502"`), "the data is kept")
		require.NotEmpty(t, ticketsOf(t, suite, `"`+outboxSubject+`"`), "the visitor's too")
	})
}

// announced is what the suite prints about how to get in.
func announced(t *testing.T, suite *Suite) string {
	t.Helper()
	var out bytes.Buffer
	suite.announce(&out)
	const before = 1 // the line that says that the desk is being filled
	require.LessOrEqual(t, before+strings.Count(out.String(), "\n"), 12)
	var logins []string
	for line := range strings.Lines(out.String()) {
		if strings.Contains(line, "@") && !strings.Contains(line, "curl") || strings.Contains(line, "export TOKEN=") {
			logins = append(logins, line)
		}
	}
	require.Len(t, logins, 4, "a customer, an agent, an engineer and a token:\n%s", out.String())
	return strings.Join(logins, "")
}

func testLogins(t *testing.T, suite *Suite) {
	info, err := os.Stat(suite.cfg.demoFile())
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	require.NoFileExists(t, suite.cfg.fillingFile())
	desk, err := suite.cfg.readDemo()
	require.NoError(t, err)
	require.Len(t, desk.Accounts, 8)
	different := map[string]bool{}
	for _, a := range desk.Accounts {
		different[a.Password] = true
		_, err := identityv1.NewAuthServiceClient(suite.Tooling()).Login(t.Context(), &identityv1.LoginRequest{Email: a.Email, Password: a.Password})
		require.NoError(t, err, a.Email)
	}
	require.Len(t, different, 8)
}

// as returns a context whose calls are made by a person of the demo.
func as(t *testing.T, suite *Suite, address string) context.Context {
	t.Helper()
	ctx, known, err := suite.act(t.Context(), address)
	require.NoError(t, err)
	require.True(t, known, address)
	return ctx
}

func testDirectory(t *testing.T, suite *Suite) {
	ctx := as(t, suite, demo.AdminEmail)
	client := identityv1.NewDirectoryServiceClient(suite.Tooling())
	organizations, err := client.ListOrganizations(ctx, &identityv1.ListOrganizationsRequest{})
	require.NoError(t, err)
	require.Len(t, organizations.GetOrganizations(), 2)
	applications, people := 0, 0
	for _, o := range organizations.GetOrganizations() {
		owned, err := client.ListApplications(ctx, &identityv1.ListApplicationsRequest{Organization: o.GetId()})
		require.NoError(t, err)
		applications += len(owned.GetApplications())
		for _, a := range owned.GetApplications() {
			require.Len(t, a.GetEnvironments(), 3, a.GetName())
		}
		members, err := client.ListMembers(ctx, &identityv1.ListMembersRequest{Organization: o.GetId()})
		require.NoError(t, err)
		people += len(members.GetMembers())
	}
	staff, err := client.ListStaff(ctx, &identityv1.ListStaffRequest{})
	require.NoError(t, err)
	require.Equal(t, 5, applications)
	require.Equal(t, 8, people+len(staff.GetStaff()))
}

// ticketsOf returns the tickets that a query finds.
func ticketsOf(t *testing.T, suite *Suite, filter string) (all []*ticketv1.Ticket) {
	t.Helper()
	ctx := as(t, suite, demo.AdminEmail)
	for req := (&ticketv1.ListTicketsRequest{Filter: filter, PageSize: 100}); ; {
		res, err := ticketv1.NewTicketServiceClient(suite.Tooling()).ListTickets(ctx, req)
		require.NoError(t, err)
		all = append(all, res.GetTickets()...)
		if req.PageToken = res.GetNextPageToken(); req.PageToken == "" {
			return all
		}
	}
}

func testTickets(t *testing.T, suite *Suite, now time.Time) {
	all := ticketsOf(t, suite, "")
	require.Len(t, all, 59)
	types, statuses := map[ticketv1.TicketType]int{}, map[ticketv1.TicketStatus]int{}
	oldest := now
	for _, ticket := range all {
		types[ticket.GetType()]++
		statuses[ticket.GetStatus()]++
		created := ticket.GetCreateTime().AsTime()
		require.False(t, created.After(now), ticket.GetSubject())
		if created.Before(oldest) {
			oldest = created
		}
	}
	require.Len(t, types, len(ticketv1.TicketType_name)-1, "all types: %v", types)
	require.Len(t, statuses, len(ticketv1.TicketStatus_name)-1, "all states: %v", statuses)
	require.WithinRange(t, oldest, now.AddDate(0, 0, -90), now.AddDate(0, 0, -88))
}

// testStories looks at the three tickets that a visitor should find.
func testStories(t *testing.T, suite *Suite, present func() time.Time) {
	find := func(t *testing.T, subject string) *ticketv1.Ticket {
		t.Helper()
		found := ticketsOf(t, suite, `"`+subject+`"`)
		require.Len(t, found, 1)
		return found[0]
	}
	page := func(t *testing.T, ticket int64) *notificationv1.Page {
		t.Helper()
		client := notificationv1.NewPageServiceClient(suite.Tooling())
		ctx := as(t, suite, demo.AdminEmail)
		pages, err := client.ListPages(ctx, &notificationv1.ListPagesRequest{Ticket: ticket})
		require.NoError(t, err)
		require.Len(t, pages.GetPages(), 1)
		page, err := client.GetPage(ctx, &notificationv1.GetPageRequest{Page: pages.GetPages()[0].GetId()})
		require.NoError(t, err)
		return page
	}
	const minute = "15:04"
	t.Run("acknowledged at night", func(t *testing.T) {
		p := page(t, find(t, "Checkout returns 502 for all payment methods").GetNumber())
		require.Equal(t, "Ada Park", p.GetAcknowledgedBy().GetName())
		require.Equal(t, "02:14", p.GetAcknowledgeTime().AsTime().Format(minute))
		require.Equal(t, "Ada Park", p.GetDeliveries()[0].GetPerson().GetName(), "who was on call")
	})
	t.Run("escalated", func(t *testing.T) {
		p := page(t, find(t, "Wholesale portal not reachable from Germany").GetNumber())
		require.EqualValues(t, 2, p.GetStep())
		require.Equal(t, "Ada Park", p.GetAcknowledgedBy().GetName())
		require.Equal(t, "23:57", p.GetAcknowledgeTime().AsTime().Format(minute))
		paged := map[int32][2]string{}
		for _, d := range p.GetDeliveries() {
			paged[d.GetStep()] = [2]string{d.GetPerson().GetName(), d.GetCreateTime().AsTime().Format(minute)}
		}
		require.Equal(t, map[int32][2]string{1: {"Diego Marín", "23:50"}, 2: {"Ada Park", "23:55"}}, paged)
	})
	t.Run("due soon", func(t *testing.T) {
		ticket := find(t, "Gift cards are rejected at checkout")
		require.Equal(t, ticketv1.TicketStatus_TICKET_STATUS_NEW, ticket.GetStatus())
		require.WithinRange(t, ticket.GetFirstResponseDueTime().AsTime(), leapDay, present().Add(15*time.Minute))
	})
}

// webhookHosts returns where the pages of the engineers go.
func webhookHosts(t *testing.T, suite *Suite) (hosts []string) {
	t.Helper()
	contacts, err := notificationv1.NewOnCallServiceClient(suite.Tooling()).ListContacts(as(t, suite, demo.AdminEmail), &notificationv1.ListContactsRequest{})
	require.NoError(t, err)
	for _, c := range contacts.GetContacts() {
		if c.GetChannel() == notificationv1.Contact_CHANNEL_WEBHOOK {
			address, err := url.Parse(c.GetAddress())
			require.NoError(t, err)
			hosts = append(hosts, address.Host)
		}
	}
	return hosts
}
