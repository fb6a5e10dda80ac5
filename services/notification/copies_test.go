package notification_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// stops returns by which link and by which address a mail says that its recipient gets no more copies.
func stops(t *testing.T, m testkit.Mail) (token, address string) {
	t.Helper()
	link, mailto, _ := strings.Cut(strings.Join(strings.Fields(header(t, m, "List-Unsubscribe")), ""), ",")
	token, ok := strings.CutPrefix(strings.Trim(link, "<>"), "https://desk.test/unsubscribe/")
	require.True(t, ok, link)
	address, ok = strings.CutPrefix(strings.TrimSuffix(strings.Trim(mailto, "<>"), "?subject=unsubscribe"), "mailto:")
	require.True(t, ok, mailto)
	require.Equal(t, "stop+"+token+"@reply.desk.test", address)
	require.LessOrEqual(t, strings.IndexByte(address, '@'), 64, "the local part")
	return token, address
}

func TestACCGetsNoMoreCopiesByALinkOrAMail(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		mia, noa, ada := sent["mia@shop.test"], sent["noa@shop.test"], sent[adaOnTicket.GetEmail()]
		require.Empty(t, header(t, mia, "List-Unsubscribe"), "who asked for help wants the answer")
		require.NotContains(t, mia.Parse(t).Text, "/unsubscribe/")
		token, _ := stops(t, noa)
		require.Equal(t, "List-Unsubscribe=One-Click", header(t, noa, "List-Unsubscribe-Post"))
		require.Contains(t, noa.Parse(t).Text, "No more copies: https://desk.test/unsubscribe/"+token)
		require.Contains(t, noa.Parse(t).HTML, `<a href="https://desk.test/unsubscribe/`+token+`">No more copies</a>`)

		// Nobody needs to log in; to look changes nothing, and once more changes no more.
		for range 2 {
			got, err := w.mails.GetCopies(t.Context(), &notificationv1.GetCopiesRequest{Token: token})
			require.NoError(t, err)
			require.EqualValues(t, 7, got.GetTicket())
		}
		require.Empty(t, w.replies.gone())
		for range 2 {
			got, err := w.mails.StopCopies(t.Context(), &notificationv1.StopCopiesRequest{Token: strings.ToUpper(token)})
			require.NoError(t, err)
			require.EqualValues(t, 7, got.GetTicket())
		}
		require.Equal(t, []string{"7 noa@shop.test", "7 noa@shop.test"}, w.replies.gone())

		_, stop := stops(t, ada)
		require.NoError(t, w.mail("someone@else.test", stop, "From: x@else.test\nAuto-Submitted: auto-generated\nMessage-ID: <u1@else.test>\n\nunsubscribe\n"))
		m := w.examined(1)[0]
		require.Equal(t, "recorded", m.GetVerdict())
		require.Equal(t, "COPIES_STOPPED", m.GetReason())
		require.EqualValues(t, 7, m.GetTicket())
		require.Equal(t, adaOnTicket.GetEmail(), m.GetHolder().GetEmail())
		require.Equal(t, "7 "+adaOnTicket.GetEmail(), w.replies.gone()[2])
		require.Empty(t, w.replies.taken(), "it is no answer")

		// Ticket is away: the mail waits, the link says so.
		w.replies.fail(fault.New(fault.Unavailable, "AWAY", "away"))
		_, err := w.mails.StopCopies(t.Context(), &notificationv1.StopCopiesRequest{Token: token})
		require.ErrorIs(t, err, fault.Unavailable)
		require.NoError(t, w.mail("noa@shop.test", "stop+"+token+"@reply.desk.test", "From: noa@shop.test\nMessage-ID: <u2@shop.test>\n\nplease\n"))
		testkit.Eventually(t, func() bool {
			return w.count(`SELECT COUNT(*) FROM tasks WHERE kind = 'mail.examine' AND attempt > 0`) == 1
		}, "it is tried")
		w.replies.fail(nil)
		require.Equal(t, "COPIES_STOPPED", w.examined(2)[0].GetReason())
		require.Len(t, w.replies.gone(), 4)
	})
}

func TestLinksToStopCopiesAreOfNoOtherUse(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		noa := sent["noa@shop.test"]
		token, stop := stops(t, noa)
		answer, _, _ := strings.Cut(strings.TrimPrefix(address(t, noa, "Reply-To"), "ticket+"), "@")
		flipped := "a" + token[1:]
		if flipped == token {
			flipped = "b" + token[1:]
		}
		for name, wrong := range map[string]string{"forged": flipped, "for answers": answer, "cut off": token[:20], "none": "x"} {
			_, err := w.mails.StopCopies(t.Context(), &notificationv1.StopCopiesRequest{Token: wrong})
			require.ErrorIs(t, err, fault.NotFound, name)
			require.Equal(t, "LINK_INVALID", fault.ReasonOf(err), name)
		}
		require.ErrorContains(t, w.mail("noa@shop.test", "ticket+"+token+"@reply.desk.test", "From: noa@shop.test\n\nx\n"), "550")
		// What a mail server sends back to it is no wish.
		require.NoError(t, w.mail("", stop, "From: mailer-daemon@shop.test\nMessage-ID: <b1@shop.test>\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"+
			"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.shop.test\n\nFinal-Recipient: rfc822; noa@shop.test\nAction: failed\nStatus: 5.1.1\n\n--b--\n"))
		require.Equal(t, "ignored", w.examined(1)[0].GetVerdict())
		require.Empty(t, w.replies.gone())
		require.Zero(t, w.count(`SELECT COUNT(*) FROM suppressions`))

		// Of a ticket that is gone there are no copies any more.
		w.exec(`DELETE FROM mail_deliveries`)
		_, err := w.mails.GetCopies(t.Context(), &notificationv1.GetCopiesRequest{Token: token})
		require.Equal(t, "LINK_INVALID", fault.ReasonOf(err))
	})
}
