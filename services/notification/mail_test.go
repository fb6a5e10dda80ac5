package notification_test

import (
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification"
)

// onBothWithMail runs the test with a world that sends to a mail server.
func onBothWithMail(t *testing.T, test func(t *testing.T, w *world, smtp *testkit.Sink)) {
	t.Helper()
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp := testkit.SMTPSink(t)
		test(t, setup(t, db, notification.Config{SMTPAddr: smtp.Addr, NoReceipts: true, MailRetry: 50 * time.Millisecond}), smtp)
	}, notification.Migrations()...)
}

// question is a ticket that pages nobody.
func question(number int64) *eventv1.TicketSnapshot {
	s := snapshot(number)
	s.Type, s.Priority = ticketv1.TicketType_TICKET_TYPE_QUESTION, ticketv1.Priority_PRIORITY_NORMAL
	s.Subject = "Größe of the cache?"
	return s
}

func public(id string, author *ticketv1.Person, body string) *eventv1.PublicMessage {
	return &eventv1.PublicMessage{Id: id, Author: author, Body: body, CreateTime: timestamppb.Now()}
}

func created(s *eventv1.TicketSnapshot) *eventv1.TicketEvent {
	return &eventv1.TicketEvent{Ticket: s, Actor: s.GetRequester(), Change: &eventv1.TicketEvent_Created{
		Created: &eventv1.TicketCreated{Message: public("m1", s.GetRequester(), "How *big* is it?")},
	}}
}

func replied(s *eventv1.TicketSnapshot, id string, author *ticketv1.Person, body string) *eventv1.TicketEvent {
	return &eventv1.TicketEvent{Ticket: s, Actor: author, Change: &eventv1.TicketEvent_Replied{
		Replied: &eventv1.TicketReplied{Message: public(id, author, body), OldStatus: s.GetStatus()},
	}}
}

var adaOnTicket = &ticketv1.Person{Id: ada.GetId(), Name: ada.GetName(), Email: ada.GetEmail(), Staff: true}

// received waits for n mails and returns them sorted by recipient and arrival.
func received(t *testing.T, smtp *testkit.Sink, n int) []testkit.Mail {
	t.Helper()
	testkit.Eventually(t, func() bool { return len(smtp.Messages()) >= n }, "%d mails", n)
	mails := smtp.Messages()
	require.Len(t, mails, n)
	slices.SortStableFunc(mails, func(a, b testkit.Mail) int { return strings.Compare(a.To[0], b.To[0]) })
	return mails
}

func header(t *testing.T, m testkit.Mail, name string) string {
	t.Helper()
	parts := m.Parse(t)
	text, err := parts.Header.Text(name)
	require.NoError(t, err)
	return text
}

func TestEveryPublicMessageIsMailedToRequesterAndCCsExceptItsAuthor(t *testing.T) {
	onBothWithMail(t, func(t *testing.T, w *world, smtp *testkit.Sink) {
		s := question(1042)
		w.deliver(1, created(s))
		first := received(t, smtp, 1)[0]
		require.Equal(t, []string{"noa@shop.test"}, first.To)
		require.Equal(t, "support@desk.test", first.From)
		parts := first.Parse(t)
		require.Equal(t, "[#1042] Größe of the cache?", header(t, first, "Subject"))
		require.Equal(t, `"Altis Support" <support@desk.test>`, parts.Header.Get("From"))
		require.Empty(t, parts.Header.Get("In-Reply-To"))
		require.Empty(t, parts.Header.Get("Auto-Submitted"), "a person wrote it")
		_, err := mail.ParseDate(parts.Header.Get("Date"))
		require.NoError(t, err)
		require.Contains(t, parts.Text, "How *big* is it?")
		require.Contains(t, parts.HTML, "How <em>big</em> is it?")
		require.Contains(t, parts.Text, "On this ticket: Mia Sol <mia@shop.test>, Noa <noa@shop.test>")
		require.Contains(t, parts.Text, "emergency@desk.test: it pages our engineers at once")
		require.Contains(t, parts.Text, "https://desk.test/tickets/1042")

		w.deliver(2, replied(s, "m2", adaOnTicket, "As big as you like."))
		all := received(t, smtp, 3)
		require.Equal(t, "mia@shop.test", all[0].To[0])
		require.Empty(t, header(t, all[0], "In-Reply-To"), "the first that the requester gets")
		require.Contains(t, all[0].Parse(t).Text, "Ada Park (Altis Support), ")
		root := header(t, first, "Message-Id")
		require.Equal(t, root, header(t, all[2], "In-Reply-To"))
		require.Equal(t, root, header(t, all[2], "References"))

		w.deliver(3, replied(s, "m3", s.GetRequester(), "Thanks."))
		all = received(t, smtp, 4)
		last := all[len(all)-1]
		require.Equal(t, "noa@shop.test", last.To[0])
		require.Equal(t, header(t, all[2], "Message-Id"), header(t, last, "In-Reply-To"))
		require.Equal(t, root+" "+header(t, all[2], "Message-Id"), strings.Join(strings.Fields(header(t, last, "References")), " "))

		ledger := w.ledger(1042)
		require.Len(t, ledger, 4)
		require.Equal(t, "accepted", ledger[0].GetState())
		require.Equal(t, "cc", ledger[0].GetReason())
		require.Equal(t, "m1", ledger[0].GetMessage())
		require.Equal(t, root, ledger[0].GetMessageId())
		require.Contains(t, ledger[0].GetLastAnswer(), "250")
	})
}

func (w *world) ledger(ticket int64) []*notificationv1.MailDelivery {
	w.t.Helper()
	res, err := w.mails.ListDeliveries(w.as(cem), &notificationv1.ListDeliveriesRequest{Ticket: ticket})
	require.NoError(w.t, err)
	return res.GetDeliveries()
}

func TestNoticesAndTheConversationSoFar(t *testing.T) {
	onBothWithMail(t, func(t *testing.T, w *world, smtp *testkit.Sink) {
		s := question(7)
		s.Ccs = nil
		status := func(sequence int64, old, now ticketv1.TicketStatus) {
			s.Status = now
			w.deliver(sequence, &eventv1.TicketEvent{Ticket: s, Actor: adaOnTicket, Change: &eventv1.TicketEvent_StatusChanged{
				StatusChanged: &eventv1.TicketStatusChanged{OldStatus: old},
			}})
		}
		status(2, ticketv1.TicketStatus_TICKET_STATUS_NEW, ticketv1.TicketStatus_TICKET_STATUS_OPEN)
		status(3, ticketv1.TicketStatus_TICKET_STATUS_OPEN, ticketv1.TicketStatus_TICKET_STATUS_SOLVED)
		solved := received(t, smtp, 1)[0]
		require.Equal(t, "auto-generated", header(t, solved, "Auto-Submitted"))
		require.Contains(t, solved.Parse(t).Text, "Ada Park solved this ticket")
		status(4, ticketv1.TicketStatus_TICKET_STATUS_SOLVED, ticketv1.TicketStatus_TICKET_STATUS_CLOSED)
		status(5, ticketv1.TicketStatus_TICKET_STATUS_SOLVED, ticketv1.TicketStatus_TICKET_STATUS_OPEN)
		require.Contains(t, received(t, smtp, 2)[1].Parse(t).Text, "Ada Park reopened this ticket")

		late := &ticketv1.Person{Email: "Late@Shop.test"}
		s.Ccs = []*ticketv1.Person{late}
		w.deliver(6, &eventv1.TicketEvent{Ticket: s, Actor: s.GetRequester(), Change: &eventv1.TicketEvent_CcsChanged{CcsChanged: &eventv1.TicketCcsChanged{
			Added: []*ticketv1.Person{late}, Conversation: []*eventv1.PublicMessage{public("m1", s.GetRequester(), "First."), public("m2", adaOnTicket, "Second.")},
		}}})
		conversation := received(t, smtp, 3)[0]
		require.Equal(t, []string{"Late@shop.test"}, conversation.To)
		text := conversation.Parse(t).Text
		require.Less(t, strings.Index(text, "First."), strings.Index(text, "Second."))
		require.Contains(t, text, "You were added to this ticket")
	})
}

func TestARefusedRecipientIsInTheLedgerAndTheOthersGetTheirs(t *testing.T) {
	onBothWithMail(t, func(t *testing.T, w *world, smtp *testkit.Sink) {
		s := question(7)
		s.Ccs = append(s.Ccs, &ticketv1.Person{Email: "gone@shop.test"}, &ticketv1.Person{Email: "full@shop.test"}, &ticketv1.Person{Email: "no address\r\nBcc: all@x.test"})
		smtp.Refuse("gone@shop.test", 550)
		smtp.Refuse("full@shop.test", 452)
		w.deliver(1, created(s))
		received(t, smtp, 1)
		byAddress := func() map[string]*notificationv1.MailDelivery {
			m := map[string]*notificationv1.MailDelivery{}
			for _, d := range w.ledger(7) {
				m[d.GetRecipient().GetEmail()] = d
			}
			return m
		}
		testkit.Eventually(t, func() bool { return byAddress()["full@shop.test"].GetAttempts() >= 2 }, "no second attempt")
		got := byAddress()
		require.Len(t, got, 4)
		require.Equal(t, "accepted", got["noa@shop.test"].GetState())
		require.Equal(t, "refused", got["gone@shop.test"].GetState())
		require.Equal(t, "550 5.1.1 <gone@shop.test>: recipient refused", got["gone@shop.test"].GetLastAnswer())
		require.Equal(t, "refused", got["no address\r\nBcc: all@x.test"].GetState())
		require.Equal(t, "queued", got["full@shop.test"].GetState())
		require.Equal(t, "452 4.1.1 <full@shop.test>: recipient refused", got["full@shop.test"].GetLastAnswer())
		require.NotNil(t, got["full@shop.test"].GetNextAttemptTime())
		require.Contains(t, w.logs.String(), "status=550", "what the log may say of an answer")
		testkit.Eventually(t, func() bool { return w.count(`SELECT COUNT(*) FROM tasks WHERE last_error LIKE '%status 452%'`) == 1 }, "the task says why")
		require.Zero(t, w.count(`SELECT COUNT(*) FROM tasks WHERE last_error LIKE '%@%'`))

		smtp.Refuse("full@shop.test", 0)
		testkit.Eventually(t, func() bool { return byAddress()["full@shop.test"].GetState() == "accepted" }, "not accepted")

		// The address is gone, so it gets no more mail.
		list, err := w.mails.ListSuppressions(w.as(cem), &notificationv1.ListSuppressionsRequest{})
		require.NoError(t, err)
		require.Len(t, list.GetSuppressions(), 1)
		gone := list.GetSuppressions()[0]
		require.Equal(t, "gone@shop.test", gone.GetAddress())
		require.Equal(t, "bounce", gone.GetReason())
		require.Equal(t, "550 5.1.1 <gone@shop.test>: recipient refused", gone.GetDetail())
		require.Equal(t, got["gone@shop.test"].GetId(), gone.GetDelivery())
		_, err = w.mails.DeleteSuppression(w.as(cem), &notificationv1.DeleteSuppressionRequest{Suppression: gone.GetId()})
		require.NoError(t, err)

		// By hand and much later: the same mail, tried until the address works.
		smtp.Refuse("gone@shop.test", 452)
		w.exec(`UPDATE mail_deliveries SET created_at = created_at - 864000000000, queued_at = queued_at - 864000000000`)
		attempts := got["gone@shop.test"].GetAttempts()
		again, err := w.mails.ResendDelivery(w.as(cem), &notificationv1.ResendDeliveryRequest{Delivery: got["gone@shop.test"].GetId()})
		require.NoError(t, err)
		require.Equal(t, "queued", again.GetState())
		testkit.Eventually(t, func() bool { return byAddress()["gone@shop.test"].GetAttempts() >= attempts+2 }, "not tried again")
		smtp.Refuse("gone@shop.test", 0)
		testkit.Eventually(t, func() bool { return byAddress()["gone@shop.test"].GetState() == "accepted" }, "not resent")
		require.Equal(t, got["gone@shop.test"].GetMessageId(), byAddress()["gone@shop.test"].GetMessageId())
	})
}

func TestAChangeOfANewerReleaseWaitsForIt(t *testing.T) {
	onBothWithMail(t, func(t *testing.T, w *world, smtp *testkit.Sink) {
		unknown := &eventv1.TicketEvent{Ticket: question(7)} // how a change that this release does not know decodes
		require.Equal(t, eventv1.Outcome_VERDICT_RETRY, w.deliver(1, unknown))
		require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(1, created(question(7))), "once it is understood")
		received(t, smtp, 1)

		unknown = urgentEvent(8)
		unknown.Change = nil
		require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(1, unknown), "paging does not wait")
		w.onlyPage(8)
		unknown = &eventv1.TicketEvent{Ticket: snapshot(8), EndedUrgency: true}
		require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(2, unknown))
		require.Equal(t, ticketv1.PageState_PAGE_STATE_RESOLVED, w.onlyPage(8).GetState())

		res, err := eventv1.NewEventSinkServiceClient(w.server.InProcess("identity")).Deliver(t.Context(), &eventv1.DeliverRequest{
			Events: []*eventv1.Event{{
				Id: "d", Source: "identity", Aggregate: "directory", Sequence: 1,
				Payload: &eventv1.Event_Directory{Directory: &eventv1.DirectoryEvent{}},
			}},
		})
		require.NoError(t, err)
		require.Equal(t, "UNKNOWN_EVENT", res.GetOutcomes()[0].GetReason())
	})
}

func TestMailWaitsForAServerThatIsDown(t *testing.T) {
	onBothWithMail(t, func(t *testing.T, w *world, smtp *testkit.Sink) {
		s := question(7)
		w.deliver(1, created(s))
		received(t, smtp, 1) // a connection is kept, which then breaks
		smtp.Down()
		w.deliver(2, replied(s, "m2", adaOnTicket, "Hello."))
		testkit.Eventually(t, func() bool {
			n := 0
			for _, d := range w.ledger(7) {
				if d.GetState() == "queued" && d.GetAttempts() >= 2 && d.GetLastAnswer() != "" {
					n++
				}
			}
			return n == 2
		}, "not tried")
		smtp.Up()
		received(t, smtp, 3)
		testkit.Eventually(t, func() bool {
			return !slices.ContainsFunc(w.ledger(7), func(d *notificationv1.MailDelivery) bool { return d.GetState() != "accepted" })
		}, "the ledger")
	})
}

func TestMailIsWellFormedWhateverIsInTheTicket(t *testing.T) {
	onBothWithMail(t, func(t *testing.T, w *world, smtp *testkit.Sink) {
		s := question(7)
		s.Subject = "injected\r\nBcc: victim@x.test " + strings.Repeat("ü", 150)
		s.Requester.Name = "Mia \"The\r\nBoss\" Sol"
		s.Ccs = nil
		w.deliver(1, replied(s, "m1", adaOnTicket, strings.Join([]string{
			"<script>alert(1)</script> <img src=https://track.test/p.gif> ![pixel](https://track.test/q.gif)",
			"[click](javascript:alert(1)) [fine](https://altis-dxp.com/docs)",
			"<b onclick=\"x()\">bold</b> **strong** 漢字", ".", "From here " + strings.Repeat("long ", 400),
		}, "\n\n")))
		got := received(t, smtp, 1)[0]
		require.Equal(t, []string{"mia@shop.test"}, got.To)
		for _, line := range strings.Split(string(got.Data), "\r\n") {
			require.LessOrEqual(t, len(line), 998)
			require.NotContains(t, line, "\n")
		}
		require.Empty(t, header(t, got, "Bcc"))
		require.Contains(t, header(t, got, "Subject"), "injected  Bcc: victim@x.test ü")
		parts := got.Parse(t)
		for _, bad := range []string{"<script", "javascript:", "onclick", "<img", "track.test"} {
			require.NotContains(t, parts.HTML, bad)
		}
		require.Contains(t, parts.HTML, "<strong>strong</strong> 漢字")
		require.Contains(t, parts.HTML, `href="https://altis-dxp.com/docs"`)
		require.Contains(t, parts.Text, "漢字")
	})
}

func TestInternationalAddressesAreMailed(t *testing.T) {
	onBothWithMail(t, func(t *testing.T, w *world, smtp *testkit.Sink) {
		s := question(7)
		s.Ccs = []*ticketv1.Person{{Name: "Jürgen", Email: "jürgen@bücher.test"}}
		w.deliver(1, created(s))
		require.Equal(t, []string{"jürgen@xn--bcher-kva.test"}, received(t, smtp, 1)[0].To)
	})
}

func TestTheLedgerIsReadInPages(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s := question(7)
		s.Ccs = nil
		for i := range 20 {
			s.Ccs = append(s.Ccs, &ticketv1.Person{Email: fmt.Sprintf("cc%d@shop.test", i)})
		}
		w.deliver(1, created(s))
		w.deliver(2, created(question(8)))
		seen := map[string]bool{}
		req := &notificationv1.ListDeliveriesRequest{Ticket: 7, PageSize: 6}
		for pages := 1; ; pages++ {
			res, err := w.mails.ListDeliveries(w.as(cem), req)
			require.NoError(t, err)
			for _, d := range res.GetDeliveries() {
				require.False(t, seen[d.GetId()])
				seen[d.GetId()] = true
			}
			if req.PageToken = res.GetNextPageToken(); req.PageToken == "" {
				require.Equal(t, 4, pages)
				break
			}
		}
		require.Len(t, seen, 21, "one for each CC, and the receipt")
		req.PageToken = "nonsense"
		_, err := w.mails.ListDeliveries(w.as(cem), req)
		require.ErrorContains(t, err, "page token")
	})
}

func TestTheOutboxWritesFiles(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		dir := filepath.Join(t.TempDir(), "outbox")
		w := setup(t, db, notification.Config{OutboxDir: dir, NoReceipts: true})
		w.deliver(1, created(question(7)))
		var files []string
		testkit.Eventually(t, func() bool {
			files, _ = filepath.Glob(filepath.Join(dir, "*.eml"))
			return len(files) == 1
		}, "no file")
		file, err := os.Open(files[0])
		require.NoError(t, err)
		defer file.Close()
		m, err := mail.ReadMessage(file)
		require.NoError(t, err)
		require.Contains(t, m.Header.Get("To"), "noa@shop.test")
		require.Regexp(t, `^<.+@.+>$`, m.Header.Get("Return-Path"), "whom errors go to")
	}, notification.Migrations()...)
}
