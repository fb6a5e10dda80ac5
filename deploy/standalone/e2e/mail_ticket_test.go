package e2e

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// TestAMailOfAnOutageBecomesOneTicket has everything down but the emergency mailbox when a customer writes to it.
func TestAMailOfAnOutageBecomesOneTicket(t *testing.T) {
	t.Parallel()
	const repeat = 10 * time.Second
	w := harness.NewWorld(t, harness.Processes(t, harness.Options{Emergency: true, OwnPostgres: true}))
	m := w.Mailbox(t, "--repeat-after="+repeat.String())
	awaitRoster(t, m)
	down := []string{harness.Gateway, harness.Ticket, harness.Identity, harness.Triage}
	for _, service := range down {
		w.Processes[service].Kill()
	}
	w.Redis.Stop()
	w.Postgres.Stop()

	colleague := strings.NewReplacer("Mia <mia@", "Noa <noa@", "noa is down", "AW: ibis is down").Replace(outageMail("noa"))
	for _, mail := range []string{outageMail("ibis"), outageMail("still"), colleague} {
		require.NoError(t, m.Mail("mia@shop.example", mail))
	}
	var page *notificationv1.PageNotice
	testkit.Eventually(t, func() bool {
		for _, n := range pagesOf(t, w.Pager)["[Urgent] ibis is down"] {
			page = n
		}
		return page != nil
	}, "who is on call is not paged")
	began := time.Now()
	pressLink(t, page.GetAcknowledgeUrl())

	w.Postgres.Start()
	w.Redis.Start()
	for _, service := range down {
		w.Processes[service].Start()
	}
	for _, service := range append(down, harness.Notification) {
		w.Processes[service].Ready()
	}
	var made []*ticketv1.Ticket
	await(t, time.Minute, func() bool {
		made = mailTickets(t, w, "ibis is down")
		return len(made) > 0 && made[0].GetPage().GetState() == ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED
	}, "the mail becomes no ticket that is acknowledged")
	number := made[0].GetNumber()
	var files []string
	await(t, time.Minute, func() bool { files = mailFiles(t, w, number); return len(files) == 3 }, "the other mails are no notes")
	first, err := downloadREST(t, w.Agent, files[0])
	require.NoError(t, err)
	require.Equal(t, strings.ReplaceAll(outageMail("ibis"), "\n", "\r\n"), string(first), "as it came")
	require.Equal(t, w.Engineer.Name, get(t.Context(), t, w.Agent, number).GetPage().GetAcknowledgedBy().GetName())
	require.Equal(t, page.GetPage(), onlyPage(t, w, number).GetId(), "notification goes on with the page that there is")

	receipt := awaitLetters(t, w, "mia@shop.example", number, 1)[0]
	require.Equal(t, "auto-replied", receipt.Header.Get("Auto-Submitted"))

	await(t, 2*repeat, func() bool { return time.Since(began) > repeat+slack }, "the second step would have been long ago")
	require.Len(t, mailTickets(t, w, "ibis is down"), 1)
	require.Len(t, pagesOf(t, w.Pager), 1, "one page about three mails")
	require.Len(t, pagesOf(t, w.Pager)["[Urgent] ibis is down"], 1, "and one call")
	require.Empty(t, pagesOf(t, m.Pager))

	testAnswerToTheReceiptOfASolvedTicket(t, w, m, number, receipt.Text)
}

// testAnswerToTheReceiptOfASolvedTicket pages again: the mailbox does at once, and notification goes on with that page when it
// hears that the ticket is urgent again.
func testAnswerToTheReceiptOfASolvedTicket(t *testing.T, w *harness.World, m *harness.Mailbox, number int64, receipt string) {
	t.Helper()
	ctx := t.Context()
	_, err := w.Agent.Tickets().SolveTicket(ctx, &ticketv1.SolveTicketRequest{Ticket: number})
	require.NoError(t, err)
	code := regexp.MustCompile(`E-[A-Z2-7]{12}`).FindString(receipt)
	require.NotEmpty(t, code)
	title := "[Urgent] AW: " + code
	require.NoError(t, m.Mail("mia@shop.example", "From: Mia <mia@shop.example>\nMessage-ID: <again@shop.example>\nSubject: AW: "+code+"\n\nIt is down again.\n"))
	var page *notificationv1.PageNotice
	testkit.Eventually(t, func() bool {
		for _, n := range pagesOf(t, w.Pager)[title] {
			page = n
		}
		return page != nil
	}, "the mailbox does not page again")
	await(t, time.Minute, func() bool {
		return get(ctx, t, w.Agent, number).GetPage().GetState() == ticketv1.PageState_PAGE_STATE_DELIVERED
	},
		"notification does not take over the page of the ticket that is urgent again")
	res, err := notificationv1.NewPageServiceClient(w.Agent.REST()).ListPages(ctx, &notificationv1.ListPagesRequest{Ticket: number})
	require.NoError(t, err)
	require.Equal(t, page.GetPage(), res.GetPages()[0].GetId())
	pressLink(t, page.GetAcknowledgeUrl())
	await(t, time.Minute, func() bool {
		return get(ctx, t, w.Agent, number).GetPage().GetState() == ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED
	}, "the link of the mailbox does not acknowledge the page")
	require.Len(t, pagesOf(t, w.Pager)[title], 1, "one call")
	require.Len(t, pagesOf(t, w.Pager), 2, "by one of both")
	require.Len(t, pagesOf(t, w.Pager)["[Urgent] ibis is down"], 1)
}

// mailTickets returns the tickets with a subject.
func mailTickets(t *testing.T, w *harness.World, subject string) []*ticketv1.Ticket {
	t.Helper()
	res, err := w.Agent.Tickets().ListTickets(t.Context(), &ticketv1.ListTicketsRequest{})
	require.NoError(t, err)
	return slices.DeleteFunc(res.GetTickets(), func(found *ticketv1.Ticket) bool { return found.GetSubject() != subject })
}

// mailFiles returns the mails that are kept with a ticket, oldest first.
func mailFiles(t *testing.T, w *harness.World, number int64) (files []string) {
	t.Helper()
	res, err := w.Agent.Tickets().ListMessages(t.Context(), &ticketv1.ListMessagesRequest{Ticket: number})
	require.NoError(t, err)
	for _, message := range res.GetMessages() {
		for _, a := range message.GetAttachments() {
			if a.GetFilename() == "mail.eml" {
				files = append(files, a.GetId())
			}
		}
	}
	return files
}
