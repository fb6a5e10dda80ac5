package pagetext

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

func TestWhatAPageTells(t *testing.T) {
	c := Content{Notice: &notificationv1.PageNotice{
		Title: "[Urgent] x", Ticket: 7, Impact: "no orders", Why: "on call (Primary)", Step: 1, Loop: 2, Verified: true,
		Requester: &ticketv1.Person{Name: "Rita"}, AlsoPaged: []*ticketv1.Person{{Name: "Ben"}, {Name: "Cem"}},
		AcknowledgeUrl: "https://ack.test/a/x", TicketUrl: "https://desk.test/tickets/7",
	}}
	require.Equal(t, "[Urgent] x", c.Title())
	require.Equal(t, []Detail{
		{"impact", "no orders"},
		{"requester", "Rita"},
		{"why", "on call (Primary)"},
		{"step", "1, round 2"},
		{"also paged", "Ben, Cem"},
	}, c.Details(), "nothing that is empty")
	require.Equal(t, []Link{{"Acknowledge", "https://ack.test/a/x"}, {"Ticket #7", "https://desk.test/tickets/7"}}, c.Links())

	c.Notice.TicketUrl, c.Notice.Verified = "", false
	require.Len(t, c.Links(), 1, "a page about the help desk itself has no ticket")
	require.Contains(t, c.Details(), Detail{"not verified", "the applications were not checked against the organization's"})
}

func TestWhatManyPagesTell(t *testing.T) {
	c := Content{Bundle: &notificationv1.PageBundleNotice{Title: "52 pages", AcknowledgeUrl: "https://ack.test/a/x", PagesUrl: "https://desk.test/on-call"}}
	for i := range 52 {
		c.Bundle.Pages = append(c.Bundle.Pages, &notificationv1.BundledPage{Ticket: int64(i), Title: fmt.Sprint("page ", i)})
	}
	require.Equal(t, "52 pages", c.Title())
	require.Contains(t, c.Details()[0].Text, "#49 page 49\nand 2 more")
	require.Equal(t, []Link{{"Acknowledge", "https://ack.test/a/x"}, {"All open pages", "https://desk.test/on-call"}}, c.Links())
}

func TestATestHasNothingToPress(t *testing.T) {
	c := Content{Test: "[Test] x"}
	require.Equal(t, "[Test] x", c.Title())
	require.Empty(t, c.Details())
	require.Empty(t, c.Links())
	require.Equal(t, "äö", Cut("äöü", 2))
	require.Equal(t, "ä", Cut("ä", 2))
}
