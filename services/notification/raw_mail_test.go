package notification_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// download returns a mail as it came.
func (w *world) download(person *eventv1.DirectoryPerson, id string) (string, error) {
	stream, err := w.mails.DownloadInboundMail(w.as(person), &notificationv1.DownloadInboundMailRequest{InboundMail: id})
	var first, part *notificationv1.DownloadInboundMailResponse
	if err == nil {
		first, err = stream.Recv()
	}
	var raw strings.Builder
	for err == nil {
		if part, err = stream.Recv(); err == nil {
			raw.Write(part.GetChunk())
		}
	}
	if !errors.Is(err, io.EOF) {
		return "", err
	}
	require.EqualValues(w.t, raw.Len(), first.GetInboundMail().GetSize())
	return raw.String(), nil
}

func TestAMailIsDownloadedAsItCame(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		mia := sent["mia@shop.test"]
		text := answerTo(t, mia, "mia@shop.test", "a1", strings.Repeat("Yes, <b>twice</b>.\n", 10_000))
		require.NoError(t, w.mail("mia@shop.test", address(t, mia, "Reply-To"), text))
		m := w.examined(1)[0]
		kept := func() bool {
			m, err := w.mails.GetInboundMail(w.as(cem), &notificationv1.GetInboundMailRequest{InboundMail: m.GetId()})
			require.NoError(t, err)
			return m.GetKept()
		}
		require.True(t, kept())
		raw, err := w.download(cem, m.GetId())
		require.NoError(t, err)
		require.Equal(t, strings.ReplaceAll(text, "\n", "\r\n"), raw)
		_, err = w.download(customer, m.GetId())
		require.Equal(t, "NOT_ALLOWED", fault.ReasonOf(err), "only staff")
		_, err = w.download(cem, "none")
		require.Equal(t, "INBOUND_MAIL_UNKNOWN", fault.ReasonOf(err))

		require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(2, redacted(question(7), m.GetMessage(), "[redacted]")))
		require.False(t, kept())
		_, err = w.download(cem, m.GetId())
		require.Equal(t, "MAIL_FORGOTTEN", fault.ReasonOf(err))
	})
}
