package notification_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification"
)

func TestWhoOpensATicketGetsAReceipt(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp := testkit.SMTPSink(t)
		w := setup(t, db, notification.Config{SMTPAddr: smtp.Addr})
		s := question(7)
		w.deliver(1, created(s))
		mails := received(t, smtp, 2)
		require.Equal(t, []string{"mia@shop.test"}, mails[0].To)
		receipt := mails[0].Parse(t)
		require.Contains(t, receipt.Text, "We have your ticket #7")
		require.NotContains(t, receipt.Text, "How *big* is it?", "the author knows what the author wrote")
		require.NotContains(t, receipt.Text, "are being paged")
		require.Equal(t, "auto-replied", receipt.Header.Get("Auto-Submitted"))
		require.Equal(t, []string{"noa@shop.test"}, mails[1].To)

		w.deliver(2, replied(s, "m2", adaOnTicket, "Hello."))
		answer := received(t, smtp, 4)[1].Parse(t)
		require.Equal(t, receipt.Header.Get("Message-Id"), answer.Header.Get("In-Reply-To"), "the receipt begins the thread")
	}, notification.Migrations()...)
}

// TestNothingOfAStrangersMailIsMailed: the address that a mail names may be anybody's.
func TestNothingOfAStrangersMailIsMailed(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp := testkit.SMTPSink(t)
		w := setup(t, db, notification.Config{SMTPAddr: smtp.Addr})
		s := question(7)
		s.Organization, s.OrganizationName, s.Ccs = "unassigned", "Unassigned", nil
		s.Requester = &ticketv1.Person{Name: "Cheap watches", Email: "victim@elsewhere.test"}
		w.deliver(1, created(s))
		w.deliver(2, replied(s, "m2", adaOnTicket, "Which shop is it?"))
		solved := proto.CloneOf(s)
		solved.Status = ticketv1.TicketStatus_TICKET_STATUS_SOLVED
		w.deliver(3, &eventv1.TicketEvent{Ticket: solved, Actor: adaOnTicket, EndedUrgency: true, Change: &eventv1.TicketEvent_StatusChanged{
			StatusChanged: &eventv1.TicketStatusChanged{OldStatus: s.GetStatus()},
		}})
		moved := proto.CloneOf(s)
		moved.Organization, moved.OrganizationName, moved.Requester = "shop", "Shop", &ticketv1.Person{Id: "mia", Name: "Mia Sol", Email: "mia@shop.test"}
		w.deliver(4, &eventv1.TicketEvent{Ticket: moved, Actor: adaOnTicket, Change: &eventv1.TicketEvent_RequesterChanged{
			RequesterChanged: &eventv1.TicketRequesterChanged{OldRequester: s.GetRequester(), Conversation: []*eventv1.PublicMessage{
				created(s).GetCreated().GetMessage(), public("m2", adaOnTicket, "Which shop is it?"),
			}},
		}})
		mails := received(t, smtp, 2)
		require.Equal(t, []string{"mia@shop.test"}, mails[0].To)
		require.Contains(t, mails[0].Parse(t).Text, "How *big* is it?", "staff know that it is hers")
		require.Equal(t, []string{"victim@elsewhere.test"}, mails[1].To)
		answer := mails[1].Parse(t)
		require.Contains(t, answer.Text, "Which shop is it?")
		for _, theirs := range []string{"How *big*", s.GetSubject(), "Cheap watches"} {
			require.NotContains(t, answer.Text+answer.HTML+header(t, mails[1], "Subject")+header(t, mails[1], "To"), theirs)
		}
		require.Len(t, w.ledger(7), 2)
	}, notification.Migrations()...)
}

func TestTheMailboxSendsItsReceiptsItself(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp := testkit.SMTPSink(t)
		w := setup(t, db, notification.Config{SMTPAddr: smtp.Addr})
		opened := created(question(7))
		opened.ActorService = "emergency"
		w.deliver(1, opened)
		require.Equal(t, []string{"noa@shop.test"}, received(t, smtp, 1)[0].To)
		require.Len(t, w.ledger(7), 1)
	}, notification.Migrations()...)
}
