package e2e

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// testMailIn answers a mail of a ticket by mail, as its customer and as somebody who has only got hold of it.
func testMailIn(t *testing.T, w *harness.World) {
	ctx := t.Context()
	ticket := create(t, w.Requester, w.Question("mail in", w.Copied.Email))
	_, err := w.Agent.Tickets().ReplyToTicket(ctx, &ticketv1.ReplyToTicketRequest{Ticket: ticket.GetNumber(), Body: "Did you purge the cache?"})
	require.NoError(t, err)
	got := awaitLetters(t, w, w.Requester.Email, ticket.GetNumber(), 2)
	asked := got[len(got)-1]
	to, err := asked.Header.Text("Reply-To")
	require.NoError(t, err)
	to = strings.Trim(to, "<>")
	answer := func(from, id, text string) string {
		return fmt.Sprintf("From: %s\nTo: %s\nSubject: Re: %s\nMessage-ID: <%s@customer.example>\nIn-Reply-To: <%s>\n\n%s\n\nOn Monday, Altis Support wrote:\n> %s\n",
			from, to, asked.subject, id, asked.id, text, strings.ReplaceAll(strings.TrimSpace(asked.Text), "\n", "\n> "))
	}
	messages := func(t require.TestingT) []*ticketv1.Message {
		res, err := w.Agent.Tickets().ListMessages(ctx, &ticketv1.ListMessagesRequest{Ticket: ticket.GetNumber()})
		require.NoError(t, err)
		return res.GetMessages()
	}

	require.NoError(t, w.Mail(w.Requester.Email, to, answer(w.Requester.Email, "in-1", "Twice, and it is **still** slow.")))
	testkit.EventuallyPasses(t, func(t require.TestingT) {
		all := messages(t)
		require.Len(t, all, 3)
		require.Equal(t, "Twice, and it is **still** slow.", all[2].GetBody())
		require.Equal(t, w.Requester.ID, all[2].GetAuthor().GetId())
	}, "the answer is not on the ticket")
	require.Equal(t, ticketv1.TicketStatus_TICKET_STATUS_OPEN, get(ctx, t, w.Agent, ticket.GetNumber()).GetStatus())
	copied := awaitLetters(t, w, w.Copied.Email, ticket.GetNumber(), 3)
	require.Contains(t, copied[2].Text, "Twice", "the others are mailed what came by mail")

	require.NoError(t, w.Mail("eve@elsewhere.example", to, answer("eve@elsewhere.example", "in-2", "Please close it.")))
	mails := notificationv1.NewMailServiceClient(w.Agent.REST())
	var held *notificationv1.InboundMail
	testkit.EventuallyPasses(t, func(t require.TestingT) {
		list, err := mails.ListInboundMails(ctx, &notificationv1.ListInboundMailsRequest{Ticket: ticket.GetNumber(), Verdict: "quarantined"})
		require.NoError(t, err)
		require.Len(t, list.GetInboundMails(), 1)
		held = list.GetInboundMails()[0]
	}, "it is not in the quarantine")
	require.Equal(t, "OTHER_SENDER", held.GetReason())
	require.Equal(t, w.Requester.ID, held.GetHolder().GetId())
	require.Len(t, messages(t), 3)
	_, err = mails.ReleaseInboundMail(ctx, &notificationv1.ReleaseInboundMailRequest{InboundMail: held.GetId()})
	require.NoError(t, err)
	testkit.EventuallyPasses(t, func(t require.TestingT) {
		all := messages(t)
		require.Len(t, all, 4)
		require.Equal(t, "Please close it.", all[3].GetBody())
	}, "it is released and not on the ticket")

	var refused *smtp.SMTPError
	require.ErrorAs(t, w.Mail(w.Requester.Email, "support@desk.example", answer(w.Requester.Email, "in-3", "Hello?")), &refused)
	require.Equal(t, 550, refused.Code)

	// By the link of their mail, without a login, a CC gets no more copies.
	stop := copied[2].Header.Get("List-Unsubscribe")
	_, token, ok := strings.Cut(stop[:strings.IndexByte(stop, '>')], "/unsubscribe/")
	require.True(t, ok, stop)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		require.Len(t, get(ctx, t, w.Agent, ticket.GetNumber()).GetCcs(), 1, "not by looking at the page")
		request, err := http.NewRequestWithContext(ctx, method, w.URL+"/unsubscribe/"+token, strings.NewReader("List-Unsubscribe=One-Click"))
		require.NoError(t, err)
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusOK, response.StatusCode)
	}
	require.Empty(t, get(ctx, t, w.Agent, ticket.GetNumber()).GetCcs())
	history, err := w.Requester.Tickets().ListEvents(ctx, &ticketv1.ListEventsRequest{Ticket: ticket.GetNumber()})
	require.NoError(t, err)
	last := history.GetEvents()[len(history.GetEvents())-1]
	require.Equal(t, w.Copied.Email, last.GetActor().GetEmail(), "it stands in the history as their own doing")

	testMailToTheDesk(t, w, ticket.GetNumber())
}

// testMailToTheDesk writes to the desk's own address, as a customer whose domain vouches for the mail and without that.
func testMailToTheDesk(t *testing.T, w *harness.World, other int64) {
	t.Helper()
	ctx := t.Context()
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	_, domain, _ := strings.Cut(w.Requester.Email, "@")
	w.DNS.Set("s._domainkey."+domain, "v=DKIM1; k=ed25519; p="+base64.StdEncoding.EncodeToString(public))
	w.DNS.Set("_dmarc."+domain, "v=DMARC1; p=none")
	mail := func(id string) string {
		return fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: [#%d] %s\r\nMessage-ID: <%s@%s>\r\n\r\nHow do I purge?\r\n", w.Requester.Email, harness.SupportAddress, other, id, id, domain)
	}
	var signed bytes.Buffer
	require.NoError(t, dkim.Sign(&signed, strings.NewReader(mail("desk-1")), &dkim.SignOptions{Domain: domain, Selector: "s", Signer: private}))
	require.NoError(t, w.Mail(w.Requester.Email, harness.SupportAddress, strings.ReplaceAll(signed.String(), "\r\n", "\n")))
	mails := notificationv1.NewMailServiceClient(w.Agent.REST())
	last := func(verdict string) *notificationv1.InboundMail {
		var m *notificationv1.InboundMail
		testkit.EventuallyPasses(t, func(t require.TestingT) {
			list, err := mails.ListInboundMails(ctx, &notificationv1.ListInboundMailsRequest{PageSize: 1})
			require.NoError(t, err)
			m = list.GetInboundMails()[0]
			require.Equal(t, verdict, m.GetVerdict(), m.GetReason())
			require.Equal(t, harness.SupportAddress, m.GetRecipient())
		}, "the mail is not %s", verdict)
		return m
	}
	number := last("created").GetReplyTicket()
	made := get(ctx, t, w.Requester, number)
	require.Equal(t, ticketv1.TicketType_TICKET_TYPE_QUESTION, made.GetType())
	require.Equal(t, w.Requester.ID, made.GetRequester().GetId())
	require.Equal(t, "How do I purge?", made.GetDescription())
	require.Equal(t, "auto-replied", awaitLetters(t, w, w.Requester.Email, number, 1)[0].Header.Get("Auto-Submitted"), "one receipt")
	all, err := w.Agent.Tickets().ListMessages(ctx, &ticketv1.ListMessagesRequest{Ticket: number})
	require.NoError(t, err)
	require.Contains(t, all.GetMessages()[1].GetBody(), fmt.Sprintf("about #%d", other), "the number in its subject is a hint")

	require.NoError(t, w.Mail(w.Requester.Email, harness.SupportAddress, strings.ReplaceAll(mail("desk-2"), "\r\n", "\n")))
	held := last("quarantined")
	require.Equal(t, "NOT_VERIFIED", held.GetReason())
	_, err = mails.ReleaseInboundMail(ctx, &notificationv1.ReleaseInboundMailRequest{InboundMail: held.GetId()})
	require.NoError(t, err)
	released := get(ctx, t, w.Agent, last("created").GetReplyTicket())
	require.NotEqual(t, number, released.GetNumber())
	require.Equal(t, "unassigned", released.GetOrganization())
	require.Empty(t, released.GetRequester().GetId())
}
