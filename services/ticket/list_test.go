package ticket_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

func TestPagesAndTokens(t *testing.T) {
	f := start(t, sqlite(t))
	n := f.create("uma", question()).GetNumber()
	for range 2 {
		f.create("uma", question())
		_, err := f.client.ReplyToTicket(f.as("uma"), &ticketv1.ReplyToTicketRequest{Ticket: n, Body: "?"})
		require.NoError(t, err)
	}
	ctx := f.as("uma")
	first, err := f.client.ListTickets(ctx, &ticketv1.ListTicketsRequest{PageSize: 2, OrderBy: "create_time"})
	require.NoError(t, err)
	require.Len(t, first.GetTickets(), 2)
	second, err := f.client.ListTickets(ctx, &ticketv1.ListTicketsRequest{PageSize: 2, OrderBy: "create_time", PageToken: first.GetNextPageToken()})
	require.NoError(t, err)
	require.Len(t, second.GetTickets(), 1)
	require.Empty(t, second.GetNextPageToken())
	for _, req := range []*ticketv1.ListTicketsRequest{
		{PageToken: first.GetNextPageToken()}, {PageToken: "rubbish"}, {OrderBy: "subject"}, {PageSize: -1}, {TimeZone: "Mars/Olympus"},
	} {
		_, err = f.client.ListTickets(ctx, req)
		require.ErrorIs(t, err, fault.Invalid, req.String())
	}

	messages, err := f.client.ListMessages(ctx, &ticketv1.ListMessagesRequest{Ticket: n, PageSize: 2})
	require.NoError(t, err)
	require.Len(t, messages.GetMessages(), 2)
	messages, err = f.client.ListMessages(ctx, &ticketv1.ListMessagesRequest{Ticket: n, PageSize: 2, PageToken: messages.GetNextPageToken()})
	require.NoError(t, err)
	require.Len(t, messages.GetMessages(), 1)
	require.Empty(t, messages.GetNextPageToken())
	_, err = f.client.ListEvents(ctx, &ticketv1.ListEventsRequest{Ticket: n, PageToken: first.GetNextPageToken()})
	require.ErrorIs(t, err, fault.Invalid)
}

// TestOrderOfAQuery pages through a list in the order that its query names.
func TestOrderOfAQuery(t *testing.T) {
	f := start(t, sqlite(t))
	low := f.create("uma", question()).GetNumber()
	incident := f.create("uma", urgent()).GetNumber()
	last := f.create("uma", question()).GetNumber()
	ctx := f.as("uma")
	for filter, want := range map[string][]int64{
		"sort:created-asc": {low, incident, last}, "sort:created-desc": {last, incident, low}, "sort:priority-desc": {incident, last, low},
	} {
		var got []int64
		// What is asked for beside the query does not count.
		req := &ticketv1.ListTicketsRequest{PageSize: 1, Filter: filter, OrderBy: "update_time"}
		for {
			page, err := f.client.ListTickets(ctx, req)
			require.NoError(t, err)
			for _, ticket := range page.GetTickets() {
				got = append(got, ticket.GetNumber())
			}
			if page.GetNextPageToken() == "" {
				break
			}
			req.PageToken = page.GetNextPageToken()
		}
		require.Equal(t, want, got, filter)
		for _, other := range []*ticketv1.ListTicketsRequest{
			{Filter: "sort:due", PageToken: req.GetPageToken()},
			{PageToken: req.GetPageToken()},
			{Filter: filter, TimeZone: "Europe/Berlin", PageToken: req.GetPageToken()},
		} {
			_, err := f.client.ListTickets(ctx, other)
			require.Equal(t, "PAGE_TOKEN_INVALID", fault.ReasonOf(err), other.String())
		}
	}
}

// TestDaysOfTheViewer shows that the days of a query are those of the zone that it comes with.
func TestDaysOfTheViewer(t *testing.T) {
	f := start(t, sqlite(t))
	created := f.create("uma", question()).GetCreateTime().AsTime()
	ctx := f.as("uma")
	for _, name := range []string{"", "Pacific/Kiritimati", "Pacific/Pago_Pago"} {
		zone, err := time.LoadLocation(name)
		require.NoError(t, err)
		for days, want := range map[int]int{-1: 0, 0: 1, 1: 0} {
			filter := "created:" + created.In(zone).AddDate(0, 0, days).Format(time.DateOnly)
			list, err := f.client.ListTickets(ctx, &ticketv1.ListTicketsRequest{Filter: filter, TimeZone: name})
			require.NoError(t, err)
			require.Len(t, list.GetTickets(), want, "%s of %s", filter, name)
			count, err := f.client.CountTickets(ctx, &ticketv1.CountTicketsRequest{Filter: filter, TimeZone: name})
			require.NoError(t, err)
			require.EqualValues(t, want, count.GetCount(), "%s of %s", filter, name)
		}
	}
	for _, name := range []string{"Mars/Olympus", "Local", "../UTC"} {
		_, err := f.client.CountTickets(ctx, &ticketv1.CountTicketsRequest{TimeZone: name})
		var refused *fault.Error
		require.ErrorAs(t, err, &refused, name)
		require.Len(t, refused.Fields, 1, name)
		require.Equal(t, "time_zone INVALID_TIME_ZONE", refused.Fields[0].Path+" "+refused.Fields[0].Reason, name)
	}
}
