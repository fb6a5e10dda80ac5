package notification_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
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
