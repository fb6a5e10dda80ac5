package notification_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/objectstore"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification"
)

// TestOldMailsAreForgottenInS3: the mails that came in are kept and read in S3 as in a folder, and each day those that are
// old go, and objects that no mail has. What was just written stays: its row may be on its way.
func TestOldMailsAreForgottenInS3(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, cfg sqldb.Config) {
		s3 := testkit.ObjectStore(t)
		config := notification.Config{
			ReplyDomain: "reply.desk.test", ReplyKeys: []string{"1:" + base64.StdEncoding.EncodeToString(make([]byte, 32))},
			MailListen: "127.0.0.1:0", MailSupportAddress: supportAddress, MailBlob: s3.URL, KeepMails: 45 * 24 * time.Hour,
			RetentionSpread: 10 * 365 * 24 * time.Hour,
		}
		w := setup(t, cfg, config)
		for i := range 2 {
			require.NoError(t, w.mail("mia@shop.test", supportAddress, askOf("mia@shop.test", fmt.Sprint("s", i), "Hello", fmt.Sprint("text of mail ", i))))
		}
		for _, m := range w.examined(2) {
			got, err := w.mails.GetInboundMail(w.as(cem), &notificationv1.GetInboundMailRequest{InboundMail: m.GetId()})
			require.NoError(t, err)
			require.Contains(t, got.GetText(), "text of mail")
		}
		require.Len(t, s3.Keys(), 2)
		kept := w.examined(2)[0].GetId()
		require.NoError(t, w.db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			for _, statement := range []string{
				`UPDATE inbound_mails SET verdict = 'rejected'`,                                                 // else they wait for a person's word, for as long as that takes
				`UPDATE inbound_mails SET received_at = received_at - 4320000000000 WHERE id <> '` + kept + `'`, // 50 days
				`DELETE FROM directory_keys`, `DELETE FROM directory_cursor`,                                    // the next world has a key of its own
			} {
				if _, err := tx.ExecContext(ctx, statement); err != nil {
					return err
				}
			}
			return nil
		}))
		w.stop()
		put := func(name string) {
			b, err := objectstore.Open(t.Context(), objectstore.Config{URL: s3.URL, Setting: "--mail-blob"})
			require.NoError(t, err)
			require.NoError(t, b.Put(t.Context(), name, strings.NewReader("of no mail")))
			require.NoError(t, b.Close())
		}
		old, fresh := objectstore.Name(strings.Repeat("ab", 32), "old"), objectstore.Name(strings.Repeat("cd", 32), "fresh")
		put(old)
		s3.Age(25 * time.Hour)
		put(fresh)

		config.RetentionSpread = 1
		w = setup(t, cfg, config)
		testkit.Eventually(t, func() bool { return len(s3.Keys()) == 2 }, "what is old is not forgotten")
		require.Equal(t, kept, w.examined(1)[0].GetId())
		_, err := w.mails.GetInboundMail(w.as(cem), &notificationv1.GetInboundMailRequest{InboundMail: kept})
		require.NoError(t, err)
		require.Contains(t, strings.Join(s3.Keys(), " "), fresh)
	}, notification.Migrations()...)
}

// TestManyAnswersAreHeld: two programs that answer each other unrecognized end soon.
func TestManyAnswersAreHeld(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		const brake = 20
		for i := range brake + 1 {
			require.NoError(t, w.mail("mia@shop.test", address(t, sent["mia@shop.test"], "Reply-To"), answerTo(t, sent["mia@shop.test"], "mia@shop.test", fmt.Sprint("many", i), "Thanks!")))
			m := w.examined(i + 1)[0]
			if i < brake {
				require.Equal(t, "appended", m.GetVerdict(), i)
				continue
			}
			require.Equal(t, []string{"quarantined", "TOO_MANY"}, []string{m.GetVerdict(), m.GetReason()})
		}
		// Others are not held back by it.
		require.NoError(t, w.mail("noa@shop.test", address(t, sent["noa@shop.test"], "Reply-To"), answerTo(t, sent["noa@shop.test"], "noa@shop.test", "one", "Thanks!")))
		require.Equal(t, "appended", w.examined(brake + 2)[0].GetVerdict())
	})
}

// TestManyMailsOfOneSenderOrDomainAreHeld: programs that answer each other unrecognized may do so on many tickets, and under many
// names.
func TestManyMailsOfOneSenderOrDomainAreHeld(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		answers := 0
		// answer returns the newest of so many mails about the ticket once it was examined.
		answer := func(sender string, of int) (newest *notificationv1.InboundMail) {
			t.Helper()
			answers++
			m := sent[sender]
			require.NoError(t, w.mail(sender, address(t, m, "Reply-To"), answerTo(t, m, sender, fmt.Sprint("brake", answers), "Thanks!")))
			testkit.EventuallyPasses(t, func(t require.TestingT) {
				res, err := w.mails.ListInboundMails(w.as(cem), &notificationv1.ListInboundMailsRequest{Ticket: 7})
				require.NoError(t, err)
				require.Len(t, res.GetInboundMails(), of)
				newest = res.GetInboundMails()[0]
				require.NotEqual(t, "waiting", newest.GetVerdict())
			}, "the mail is not examined")
			return newest
		}
		// elsewhere has one mail stand for others that became messages of other tickets, and forgets it.
		elsewhere := func(m *notificationv1.InboundMail, count int, sender string) {
			t.Helper()
			for i := range count {
				w.exec(`
INSERT INTO inbound_mails (id, dedupe, object, size, envelope_from, recipient, remote, tls, message_id, sender, sender_name, subject, received_at,
  copies, verdict, reason, detail, verified, decided_at, ticket, holder, holder_name, holder_address, delivery, released_by, released_at, reply_ticket, message)
SELECT $1, $1, object, size, envelope_from, recipient, remote, tls, message_id, $2, '', '', altis_now(),
  copies, verdict, '', '', 0, decided_at, 8, '', '', '', '', '', 0, 0, '' FROM inbound_mails WHERE id = $3`, fmt.Sprint(sender, i), sender, m.GetId())
			}
			w.exec(`DELETE FROM inbound_mails WHERE id = $1`, m.GetId())
		}
		verdict := func(m *notificationv1.InboundMail) []string { return []string{m.GetVerdict(), m.GetReason()} }
		first := answer("mia@shop.test", 1)
		require.Equal(t, "appended", first.GetVerdict())
		elsewhere(first, 60, "mia@shop.test")
		require.Equal(t, []string{"quarantined", "TOO_MANY"}, verdict(answer("mia@shop.test", 1)))
		other := answer("noa@shop.test", 2)
		require.Equal(t, "appended", other.GetVerdict(), "others are not held back by it")
		elsewhere(other, 140, "eli@shop.test")
		require.Equal(t, []string{"quarantined", "TOO_MANY_OF_DOMAIN"}, verdict(answer("noa@shop.test", 2)))
	})
}
