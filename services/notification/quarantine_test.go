package notification_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

func TestTheQuarantineIsReleased(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		mia := sent["mia@shop.test"]
		require.NoError(t, w.mail("mia@home.test", address(t, mia, "Reply-To"), answerTo(t, mia, "mia@home.test", "e1", "From home.")))
		held := w.examined(1)[0]
		require.Equal(t, "quarantined", held.GetVerdict())
		require.False(t, held.GetRequest())
		_, err := w.mails.ReleaseInboundMail(w.as(customer), &notificationv1.ReleaseInboundMailRequest{InboundMail: held.GetId()})
		require.Equal(t, "NOT_ALLOWED", fault.ReasonOf(err), "only staff")
		released, err := w.mails.ReleaseInboundMail(w.as(cem), &notificationv1.ReleaseInboundMailRequest{InboundMail: held.GetId()})
		require.NoError(t, err)
		require.Equal(t, "Cem Aksoy", released.GetReleaser().GetName())
		m := w.examined(1)[0]
		require.Equal(t, "appended", m.GetVerdict())
		require.Equal(t, "OTHER_SENDER", m.GetReason(), "why it was held back is still to be seen")
		got := w.replies.taken()
		require.Len(t, got, 1)
		require.Equal(t, "mia@shop.test", got[0].GetAddress(), "as whom its address was given to")
		_, err = w.mails.ReleaseInboundMail(w.as(cem), &notificationv1.ReleaseInboundMailRequest{InboundMail: held.GetId()})
		require.Equal(t, "MAIL_NOT_QUARANTINED", fault.ReasonOf(err))
		_, err = w.mails.ReleaseInboundMail(w.as(cem), &notificationv1.ReleaseInboundMailRequest{InboundMail: "none"})
		require.Equal(t, "INBOUND_MAIL_UNKNOWN", fault.ReasonOf(err))
	})
}

func TestTheQuarantineIsDiscarded(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		mia := sent["mia@shop.test"]
		require.NoError(t, w.mail("eve@evil.test", address(t, mia, "Reply-To"), answerTo(t, mia, "eve@evil.test", "e1", "Close it.")))
		held := w.examined(1)[0]
		_, err := w.mails.DiscardInboundMail(w.as(customer), &notificationv1.DiscardInboundMailRequest{InboundMail: held.GetId()})
		require.Equal(t, "NOT_ALLOWED", fault.ReasonOf(err), "only staff")
		m, err := w.mails.DiscardInboundMail(w.as(cem), &notificationv1.DiscardInboundMailRequest{InboundMail: held.GetId()})
		require.NoError(t, err)
		require.Equal(t, "rejected", m.GetVerdict())
		require.Equal(t, "OTHER_SENDER", m.GetReason(), "why it was held back is still to be seen")
		require.Equal(t, "Cem Aksoy", m.GetReleaser().GetName())
		m, err = w.mails.GetInboundMail(w.as(cem), &notificationv1.GetInboundMailRequest{InboundMail: held.GetId()})
		require.NoError(t, err)
		require.Equal(t, "rejected", m.GetVerdict())
		require.Contains(t, m.GetText(), "Close it.", "it stays readable")
		_, err = w.mails.DiscardInboundMail(w.as(cem), &notificationv1.DiscardInboundMailRequest{InboundMail: held.GetId()})
		require.Equal(t, "MAIL_NOT_QUARANTINED", fault.ReasonOf(err))
		_, err = w.mails.ReleaseInboundMail(w.as(cem), &notificationv1.ReleaseInboundMailRequest{InboundMail: held.GetId()})
		require.Equal(t, "MAIL_NOT_QUARANTINED", fault.ReasonOf(err))
		_, err = w.mails.DiscardInboundMail(w.as(cem), &notificationv1.DiscardInboundMailRequest{InboundMail: "none"})
		require.Equal(t, "INBOUND_MAIL_UNKNOWN", fault.ReasonOf(err))
		require.Empty(t, w.replies.taken())
	})
}

// customer is Mia, whose name tests take for her mails.
var customer = mia

func TestTheStaffIsToldOfTheQuarantine(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		w.prefer(cem, &notificationv1.NoticePreferences{NewTicket: notificationv1.NoticePreferences_CHANNEL_MAIL}, "new_ticket")
		mia := sent["mia@shop.test"]
		hold := func(n int, id string) *notificationv1.InboundMail {
			t.Helper()
			require.NoError(t, w.mail("eve@evil.test", address(t, mia, "Reply-To"), answerTo(t, mia, "eve@evil.test", id, "Close it.")))
			return w.examined(n)[0]
		}
		pending := func() int { return w.count(`SELECT COUNT(*) FROM tasks WHERE kind = 'mail.held'`) }
		tell := func() {
			t.Helper()
			w.exec(`UPDATE tasks SET run_at = altis_now() WHERE kind = 'mail.held'`)
			testkit.Eventually(t, func() bool { return pending() == 0 }, "it is not told")
		}
		require.Zero(t, pending(), "nothing is held")
		hold(1, "q1")
		hold(2, "q2")
		require.Equal(t, 1, pending(), "several are told together")
		tell()
		m := received(t, w.outbox, 4)[1]
		require.Equal(t, cem.GetEmail(), m.To[0])
		require.Equal(t, "Mails in quarantine: 2", header(t, m, "Subject"))
		require.Contains(t, m.Parse(t).Text, "New mails are held in quarantine: 2. Of all that are, nobody has decided about 2 yet.")
		require.Contains(t, m.Parse(t).HTML, `href="https://desk.test/mail/quarantine"`)
		require.NotContains(t, string(m.Data), "evil.test", "strangers write what is held")
		w.prefer(eve, &notificationv1.NoticePreferences{NewTicket: notificationv1.NoticePreferences_CHANNEL_NONE}, "new_ticket")
		for _, p := range []*eventv1.DirectoryPerson{cem, eve} {
			news := w.news(p)
			require.Len(t, news, 1, "whatever they want by mail")
			require.Equal(t, notificationv1.Notice_KIND_MAIL_HELD, news[0].GetKind())
			require.EqualValues(t, 2, news[0].GetMails())
			require.Zero(t, news[0].GetTicket())
		}

		// Within the hour nothing, and nothing of what was decided meanwhile.
		third := hold(3, "q3")
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM tasks WHERE kind = 'mail.held' AND run_at > altis_now() + 3500000000`))
		_, err := w.mails.DiscardInboundMail(w.as(cem), &notificationv1.DiscardInboundMailRequest{InboundMail: third.GetId()})
		require.NoError(t, err)
		tell()
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM notices WHERE kind = 'mail_held'`))

		hold(4, "q4")
		tell()
		m = received(t, w.outbox, 5)[2]
		require.Equal(t, cem.GetEmail(), m.To[0])
		require.Contains(t, m.Parse(t).Text, "New mails are held in quarantine: 1. Of all that are, nobody has decided about 3 yet.")
		require.Equal(t, 3, w.count(`SELECT SUM(mails) FROM notices WHERE kind = 'mail_held' AND ticket = 0`), "digests tell them, too")
	})
}

func TestAMailThatPanicsIsHeld(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		mia := sent["mia@shop.test"]
		w.dns.set("_dmarc.shop.test", "panic")
		require.NoError(t, w.mail("mia@shop.test", address(t, mia, "Reply-To"), answerTo(t, mia, "mia@shop.test", "p1", "Boom.")))
		held := w.examined(1)[0]
		require.Equal(t, "quarantined", held.GetVerdict())
		require.Equal(t, "UNREADABLE", held.GetReason())
		raw, err := w.download(cem, held.GetId())
		require.NoError(t, err)
		require.Contains(t, raw, "Boom.", "it is kept as it came")
		require.NotContains(t, w.logs.String(), "unforeseen", "what panics may be of the mail")

		w.dns.set("_dmarc.shop.test", "v=DMARC1; p=none")
		require.NoError(t, w.mail("mia@shop.test", address(t, mia, "Reply-To"), answerTo(t, mia, "mia@shop.test", "p2", "The next.")))
		require.Equal(t, "appended", w.examined(2)[0].GetVerdict())
		_, err = w.mails.ReleaseInboundMail(w.as(cem), &notificationv1.ReleaseInboundMailRequest{InboundMail: held.GetId()})
		require.NoError(t, err)
		w.examined(2)
		require.Len(t, w.replies.taken(), 2, "somebody has looked at it")
	})
}
