package notification_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification"
	"altis-dxp.com/support/services/notification/internal/imapin/imaptest"
)

func TestMailsOfAMailboxAreTakenAsThoseThatAreDelivered(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		mailbox := imaptest.New(t)
		mailbox.Serve("127.0.0.1:0", false, true)
		put := func(mail string) { mailbox.Put("INBOX", strings.ReplaceAll(mail, "\n", "\r\n")) }
		sink := testkit.SMTPSink(t)
		w := setup(t, db, notification.Config{
			SMTPAddr: sink.Addr, NoReceipts: true, ReplyDomain: "reply.desk.test", ReplyKeys: []string{"1:" + base64.StdEncoding.EncodeToString(make([]byte, 32))},
			MailListen: "127.0.0.1:0", MailSupportAddress: supportAddress, MailBlob: "file://" + t.TempDir(), MailRetry: 50 * time.Millisecond,
			IMAPAddr: mailbox.Addr, IMAPTLS: "none", IMAPUser: imaptest.User, IMAPPassword: imaptest.Password,
		})
		w.deliver(1, replied(question(7), "m1", &ticketv1.Person{Id: cem.GetId(), Name: "Cem Aksoy", Email: cem.GetEmail(), Staff: true}, "Did you purge the cache?"))
		var asked testkit.Mail
		for _, m := range received(t, sink, 2) {
			if m.To[0] == "mia@shop.test" {
				asked = m
			}
		}
		sign := w.signing("shop.test")
		mail := sign("shop.test", askOf("Mia Sol <mia@shop.test>", "i1", "Cache", "How do I purge?"))
		put(mail)
		m := w.examined(1)[0]
		require.Equal(t, "created", m.GetVerdict(), m.GetReason())
		require.Equal(t, supportAddress, m.GetRecipient())
		require.Equal(t, "mia@shop.test", m.GetEnvelopeFrom())
		require.NoError(t, w.mail("mia@shop.test", supportAddress, mail), "the same by the other way")
		require.EqualValues(t, 2, w.examined(1)[0].GetCopies())
		require.Len(t, w.replies.opened(), 1)

		put("Return-Path: <bounces@shop.test>\nDelivered-To: " + supportAddress + "\n" + sign("shop.test", answerTo(t, asked, "mia@shop.test", "i2", "Yes, twice.")))
		require.Equal(t, "appended", w.examined(2)[0].GetVerdict(), "what answers goes to its ticket")
		require.Equal(t, "Yes, twice.", w.replies.taken()[0].GetBody())

		put("Return-Path: <>\n" + sign("shop.test", askOf("mia@shop.test", "i3", "Returned", "Returned.")))
		m = w.examined(3)[0]
		require.Equal(t, []string{"ignored", "AUTOMATIC"}, []string{m.GetVerdict(), m.GetReason()})
		require.NotContains(t, w.logs.String(), "secret")
	}, notification.Migrations()...)
}
