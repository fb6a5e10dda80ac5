package notification_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

func TestStaffHearOnceThatMailsDoNotReachSomebody(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		w.prefer(cem, &notificationv1.NoticePreferences{ReplyTeam: notificationv1.NoticePreferences_CHANNEL_MAIL}, "reply_team")
		told := func() (list []*notificationv1.MailDelivery) {
			for _, d := range w.ledger(7) {
				if d.GetReason() == "team" || d.GetReason() == "assignee" {
					list = append(list, d)
				}
			}
			return list
		}
		noa, mia := sent["noa@shop.test"], sent["mia@shop.test"]
		require.NoError(t, w.mail("", mia.From, bounceOf(t, mia, "f1", "failed", "5.2.2", "552 5.2.2 mailbox full")))
		w.examined(1)
		require.Empty(t, told(), "a full mailbox may be emptied")
		require.NoError(t, w.mail("", noa.From, bounceOf(t, noa, "f2", "failed", "5.1.1", "550 5.1.1 unknown user")))
		w.examined(2)
		require.Len(t, told(), 1)
		notice := received(t, w.outbox, 4)[1]
		require.Equal(t, cem.GetEmail(), notice.To[0])
		text := func(m testkit.Mail) string { return strings.ReplaceAll(m.Parse(t).Text, "\r", "") }
		require.Contains(t, text(notice), "Mails of a ticket that nobody has do not reach noa@shop.test.\nThe last one came back: 550 5.1.1 unknown user")
		require.Contains(t, header(t, notice, "Subject"), "[#7]")
		require.Equal(t, "auto-generated", header(t, notice, "Auto-Submitted"))
		news := w.news(cem)
		require.Len(t, news, 1)
		require.Equal(t, notificationv1.Notice_KIND_MAIL_RETURNED, news[0].GetKind())
		require.EqualValues(t, 7, news[0].GetTicket())
		require.Equal(t, "noa@shop.test", news[0].GetAddress())
		require.Empty(t, news[0].GetAuthorName(), "nobody has written anything")

		// The next one is not sent, and another one comes back: of that address everything is told.
		s := question(7)
		w.deliver(2, replied(s, "m2", adaOnTicket, "Any news?"))
		received(t, w.outbox, 5)
		require.NoError(t, w.mail("", noa.From, bounceOf(t, noa, "f3", "failed", "5.1.1", "550 5.1.1 unknown user")))
		w.examined(3)
		testkit.Eventually(t, func() bool {
			return w.count(`SELECT COUNT(*) FROM mail_deliveries WHERE address = 'noa@shop.test' AND state = 'suppressed'`) == 1
		}, "it gets no mail")
		require.Len(t, told(), 1)

		// The notice itself comes back: nobody is told.
		require.NoError(t, w.mail("", notice.From, bounceOf(t, notice, "f4", "failed", "5.1.1", "550 5.1.1 gone")))
		w.examined(4)
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM notices WHERE kind = 'mail_returned'`))

		// One that is refused at once, of a ticket that is somebody's; and of one that was hidden.
		w.prefer(eve, &notificationv1.NoticePreferences{ReplyMine: notificationv1.NoticePreferences_CHANNEL_MAIL}, "reply_mine")
		w.outbox.Refuse("mia@shop.test", 550)
		s = question(8)
		s.Ccs, s.Assignee = nil, &ticketv1.Person{Id: eve.GetId(), Name: eve.GetName(), Email: eve.GetEmail(), Staff: true}
		w.deliver(1, replied(s, "m3", adaOnTicket, "As big as you like."))
		last := received(t, w.outbox, 6)[2]
		require.Equal(t, eve.GetEmail(), last.To[0])
		require.Len(t, w.news(eve), 2, "hers, and that of the ticket that nobody has")
		require.Len(t, w.news(cem), 1, "it is hers")
		require.Contains(t, text(last), "Mails of your ticket do not reach mia@shop.test.\nThe next mail server refused the last one: 550")

		s = question(9)
		s.Ccs = nil
		w.deliver(2, &eventv1.TicketEvent{Ticket: s, Actor: adaOnTicket, Change: &eventv1.TicketEvent_Hidden{Hidden: &eventv1.TicketHidden{}}})
		require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(1, replied(s, "m4", adaOnTicket, "An event of before.")))
		testkit.Eventually(t, func() bool {
			return w.count(`SELECT COUNT(*) FROM mail_deliveries WHERE ticket = 9 AND state IN ('refused', 'suppressed')`) == 1
		}, "it is not sent")
		require.Zero(t, w.count(`SELECT COUNT(*) FROM notices WHERE ticket = 9`))
	})
}
