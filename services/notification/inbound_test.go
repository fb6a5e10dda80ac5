package notification_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification"
)

// onBothWithAnswers runs the test with a world whose mails can be answered, and a ticket 7 of Mia with Noa and Ada as CCs, to
// each of whom a message was mailed.
func onBothWithAnswers(t *testing.T, test func(t *testing.T, w *world, sent map[string]testkit.Mail)) {
	t.Helper()
	t.Parallel()
	key := "1:" + base64.StdEncoding.EncodeToString(make([]byte, 32))
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		sink := testkit.SMTPSink(t)
		w := setup(t, db, notification.Config{
			SMTPAddr: sink.Addr, NoReceipts: true, ReplyDomain: "reply.desk.test", ReplyKeys: []string{key},
			MailListen: "127.0.0.1:0", MailSupportAddress: supportAddress, MailBlob: "file://" + t.TempDir(), MailRetry: 50 * time.Millisecond, MailSPF: true,
		})
		w.outbox = sink
		s := question(7)
		s.Ccs = append(s.Ccs, adaOnTicket)
		w.deliver(1, replied(s, "m1", &ticketv1.Person{Id: cem.GetId(), Name: "Cem Aksoy", Email: cem.GetEmail(), Staff: true}, "Did you purge the cache?"))
		sent := map[string]testkit.Mail{}
		for _, m := range received(t, sink, 3) {
			sent[m.To[0]] = m
		}
		test(t, w, sent)
	}, notification.Migrations()...)
}

// mail hands a mail to the listener, as a mail server does.
func (w *world) mail(from, to, mail string) error {
	w.t.Helper()
	c, err := smtp.Dial(w.mailAddr)
	require.NoError(w.t, err)
	defer c.Close()
	return c.SendMail(from, []string{to}, strings.NewReader(strings.ReplaceAll(mail, "\n", "\r\n")))
}

// address returns the address in a field of a mail.
func address(t *testing.T, m testkit.Mail, field string) string {
	t.Helper()
	return strings.Trim(header(t, m, field), "<>")
}

// answerTo returns a mail that answers one.
func answerTo(t *testing.T, m testkit.Mail, from, id, text string) string {
	t.Helper()
	return fmt.Sprintf("From: %s\nTo: %s\nSubject: Re: cache\nMessage-ID: <%s@shop.test>\nIn-Reply-To: %s\n\n%s\n",
		from, address(t, m, "Reply-To"), id, header(t, m, "Message-Id"), text)
}

// examined waits until all mails that came in were, and returns them, newest first.
func (w *world) examined(n int) []*notificationv1.InboundMail {
	w.t.Helper()
	var mails []*notificationv1.InboundMail
	testkit.EventuallyPasses(w.t, func(t require.TestingT) {
		res, err := w.mails.ListInboundMails(w.as(cem), &notificationv1.ListInboundMailsRequest{})
		require.NoError(t, err)
		require.Len(t, res.GetInboundMails(), n)
		for _, m := range res.GetInboundMails() {
			require.NotEqual(t, "waiting", m.GetVerdict())
		}
		mails = res.GetInboundMails()
	}, "mails are not examined")
	return mails
}

func TestAnAnswerBecomesAMessage(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		mia := sent["mia@shop.test"]
		require.Contains(t, mia.Parse(t).Text, "##- Please write your answer above this line -##")
		quoted := "> " + strings.ReplaceAll(strings.TrimSpace(mia.Parse(t).Text), "\n", "\n> ")
		text := answerTo(t, mia, "Mia Sol <Mia@shop.test>", "a1", "Yes, twice.\n\nOn Mon, 2 Mar 2026 at 10:00, Altis Support wrote:\n"+quoted)
		require.NoError(t, w.mail("mia@shop.test", address(t, mia, "Reply-To"), text))
		m := w.examined(1)[0]
		require.Equal(t, "appended", m.GetVerdict(), m.GetReason())
		require.EqualValues(t, 7, m.GetTicket())
		require.EqualValues(t, 7, m.GetReplyTicket())
		require.Equal(t, "message of "+m.GetId(), m.GetMessage())
		got := w.replies.taken()
		require.Len(t, got, 1)
		require.Equal(t, "Yes, twice.", got[0].GetBody())
		require.Equal(t, "On Mon, 2 Mar 2026 at 10:00, Altis Support wrote:\n"+strings.ReplaceAll(quoted, "\r", ""), got[0].GetQuoted())
		require.Equal(t, "mia@shop.test", got[0].GetAddress())
		require.NotEmpty(t, got[0].GetPerson())
		full, err := w.mails.GetInboundMail(w.as(cem), &notificationv1.GetInboundMailRequest{InboundMail: m.GetId()})
		require.NoError(t, err)
		require.Contains(t, full.GetText(), "Did you purge the cache?", "the whole of it is kept")
		require.Equal(t, "127.0.0.1", full.GetRemote())
		header := map[string]string{}
		for _, f := range full.GetHeaders() {
			header[f.GetName()] = f.GetValue()
		}
		require.Equal(t, address(t, mia, "Reply-To"), header["To"])
		require.Empty(t, m.GetHeaders(), "only of one mail")

		require.NoError(t, w.mail("mia@shop.test", address(t, mia, "Reply-To"), text), "again, as after a lost answer")
		require.EqualValues(t, 2, w.examined(1)[0].GetCopies())
		require.Len(t, w.replies.taken(), 1)

		noa := sent["noa@shop.test"]
		withFile := strings.Replace(answerTo(t, noa, "noa@shop.test", "a2", ""), "Subject:", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\nSubject:", 1) +
			"--b\nContent-Type: text/plain\n\nSee the log.\n--b\nContent-Type: text/x-log\nContent-Disposition: attachment; filename*=utf-8''gr%C3%B6%C3%9Fe.log\n\nGET /\n--b--\n"
		require.NoError(t, w.mail("noa@shop.test", address(t, noa, "Reply-To"), withFile))
		require.Equal(t, "appended", w.examined(2)[0].GetVerdict())
		got = w.replies.taken()
		require.Empty(t, got[1].GetPerson(), "a CC without an account")
		require.Equal(t, "noa@shop.test", got[1].GetAddress())
		require.Equal(t, map[string]string{"größe.log": "GET /"}, got[1].files)

		w.replies.mu.Lock()
		w.replies.follow = 9
		w.replies.mu.Unlock()
		require.NoError(t, w.mail("mia@shop.test", address(t, mia, "Reply-To"), answerTo(t, mia, "mia@shop.test", "a3", "It is back.")))
		m = w.examined(3)[0]
		require.Equal(t, "created", m.GetVerdict())
		require.EqualValues(t, 9, m.GetReplyTicket())
	})
}

func TestWhatIsNoAnswerOfItsHolderIsHeldOrIgnored(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		mia := sent["mia@shop.test"]
		to := address(t, mia, "Reply-To")
		w.dns.set("_dmarc.evil.test", "away") // nothing hangs on what it would say
		for i, tt := range []struct {
			name, mail, envelope, verdict, reason string
		}{
			{"of another sender", answerTo(t, mia, "eve@evil.test", "b1", "Close it."), "eve@evil.test", "quarantined", "OTHER_SENDER"},
			{"of two authors", answerTo(t, mia, "mia@shop.test, eve@evil.test", "b2", "Close it."), "mia@shop.test", "quarantined", "OTHER_SENDER"},
			{"our own", "X-Altis-Loop: desk.test\n" + answerTo(t, mia, "mia@shop.test", "b3", "Hello."), "mia@shop.test", "ignored", "OWN_MAIL"},
			{"an absence", "Auto-Submitted: auto-replied\n" + answerTo(t, mia, "mia@shop.test", "b4", "I am away."), "mia@shop.test", "ignored", "AUTOMATIC"},
			{"without a word", answerTo(t, mia, "mia@shop.test", "b5", ""), "mia@shop.test", "rejected", "EMPTY"},
		} {
			require.NoError(t, w.mail(tt.envelope, to, tt.mail), tt.name)
			m := w.examined(i + 1)[0]
			require.Equal(t, tt.verdict, m.GetVerdict(), tt.name)
			require.Equal(t, tt.reason, m.GetReason(), tt.name)
		}
		require.Empty(t, w.replies.taken())

		for _, other := range []string{"mia@shop.test", "support@desk.test", "ticket@reply.desk.test", "x" + to, strings.Replace(to, "ticket+", "bounce+", 1), to[:20] + "b" + to[21:]} {
			var refused *smtp.SMTPError
			require.ErrorAs(t, w.mail("mia@shop.test", other, "Subject: x\n\nx\n"), &refused, other)
			require.Equal(t, 550, refused.Code, other)
		}

		w.replies.fail(fault.New(fault.Precondition, "NOT_ON_TICKET", "no"))
		require.NoError(t, w.mail("mia@shop.test", to, answerTo(t, mia, "mia@shop.test", "b6", "Hello?")))
		m := w.examined(6)[0]
		require.Equal(t, "quarantined", m.GetVerdict())
		require.Equal(t, "NOT_ALLOWED", m.GetReason())
		require.Equal(t, "NOT_ON_TICKET", m.GetDetail())
	})
}

func TestAnAnswerWaitsForTicket(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		w.replies.fail(fault.New(fault.Unavailable, "AWAY", "away"))
		mia := sent["mia@shop.test"]
		require.NoError(t, w.mail("mia@shop.test", address(t, mia, "Reply-To"), answerTo(t, mia, "mia@shop.test", "c1", "Hello?")))
		testkit.Eventually(t, func() bool {
			return strings.Contains(w.logs.String(), "AWAY") || strings.Contains(w.logs.String(), "away")
		}, "ticket was not asked")
		w.replies.fail(nil)
		require.Equal(t, "appended", w.examined(1)[0].GetVerdict())
		require.Len(t, w.replies.taken(), 1)
	})
}

func TestAnswersOfStaffAreVerified(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		mail := sent["ada@altis.test"]
		to, text := address(t, mail, "Reply-To"), answerTo(t, mail, "Ada Park <ada@altis.test>", "d1", "Do this.")
		require.NoError(t, w.mail("ada@altis.test", to, text))
		m := w.examined(1)[0]
		require.Equal(t, "quarantined", m.GetVerdict())
		require.Equal(t, "NOT_VERIFIED", m.GetReason())
		require.False(t, m.GetVerified())
		require.Equal(t, "none", m.GetSpf())

		var signed bytes.Buffer
		text = answerTo(t, mail, "Ada Park <ada@altis.test>", "d2", "Do that.")
		require.NoError(t, dkim.Sign(&signed, strings.NewReader(strings.ReplaceAll(text, "\n", "\r\n")), &dkim.SignOptions{Domain: "altis.test", Selector: "s", Signer: private}))
		w.dns.set("s._domainkey.altis.test", "v=DKIM1; k=ed25519; p="+base64.StdEncoding.EncodeToString(public))
		w.dns.set("_dmarc.altis.test", "v=DMARC1; p=reject")
		require.NoError(t, w.mail("ada@altis.test", to, strings.ReplaceAll(signed.String(), "\r\n", "\n")))
		m = w.examined(2)[0]
		require.Equal(t, "appended", m.GetVerdict(), m.GetReason())
		require.True(t, m.GetVerified())
		require.Equal(t, ada.GetId(), w.replies.taken()[0].GetPerson())

		w.dns.set("altis.test", "v=spf1 ip4:127.0.0.1 -all")
		require.NoError(t, w.mail("ada@altis.test", to, answerTo(t, mail, "Ada Park <ada@altis.test>", "d3", "Do it.")))
		m = w.examined(3)[0]
		require.Equal(t, []string{"quarantined", "NOT_VERIFIED", "pass"}, []string{m.GetVerdict(), m.GetReason(), m.GetSpf()}, "others may send by the same server")
		require.False(t, m.GetVerified())
	})
}

func TestAnswersOfStrictDomainsAreVerified(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		mail := sent["mia@shop.test"]
		to := address(t, mail, "Reply-To")
		w.dns.set("s._domainkey.shop.test", "v=DKIM1; k=ed25519; p="+base64.StdEncoding.EncodeToString(public))
		for i, tt := range []struct {
			name, policy, signer, verdict, reason string
		}{
			{"not strict", "v=DMARC1; p=none", "", "appended", ""},
			{"strict, not signed", "v=DMARC1; p=reject", "", "quarantined", "NOT_VERIFIED"},
			{"strict, signed by another domain", "v=DMARC1; p=quarantine", "other.test", "quarantined", "NOT_VERIFIED"},
			{"strict, signed", "v=DMARC1; p=reject", "shop.test", "appended", ""},
		} {
			w.dns.set("_dmarc.shop.test", tt.policy)
			text := strings.ReplaceAll(answerTo(t, mail, "mia@shop.test", fmt.Sprint("g", i), "Hello."), "\n", "\r\n")
			if tt.signer != "" {
				var signed bytes.Buffer
				require.NoError(t, dkim.Sign(&signed, strings.NewReader(text), &dkim.SignOptions{Domain: tt.signer, Selector: "s", Signer: private}))
				text = signed.String()
			}
			require.NoError(t, w.mail("mia@shop.test", to, strings.ReplaceAll(text, "\r\n", "\n")), tt.name)
			m := w.examined(i + 1)[0]
			require.Equal(t, []string{tt.verdict, tt.reason}, []string{m.GetVerdict(), m.GetReason()}, tt.name)
			require.Equal(t, tt.signer == "shop.test", m.GetVerified(), tt.name)
		}
		require.Len(t, w.replies.taken(), 2)

		w.dns.set("shop.test", "v=spf1 ip4:127.0.0.1 -all")
		require.NoError(t, w.mail("mia@shop.test", to, answerTo(t, mail, "mia@shop.test", "by its server", "Hello.")))
		m := w.examined(5)[0]
		require.Equal(t, []string{"appended", "pass"}, []string{m.GetVerdict(), m.GetSpf()})
		require.True(t, m.GetVerified())
		w.dns.set("shop.test", "v=spf1 ip4:192.0.2.1 -all")
		require.NoError(t, w.mail("mia@shop.test", to, answerTo(t, mail, "mia@shop.test", "by another", "Hello.")))
		m = w.examined(6)[0]
		require.Equal(t, []string{"quarantined", "NOT_VERIFIED", "fail"}, []string{m.GetVerdict(), m.GetReason(), m.GetSpf()})

		w.dns.set("_dmarc.shop.test", "away")
		require.NoError(t, w.mail("mia@shop.test", to, answerTo(t, mail, "mia@shop.test", "h", "Hello?")))
		testkit.Eventually(t, func() bool { return strings.Contains(w.logs.String(), "TXT record unavailable") }, "DNS is not asked")
		w.dns.set("_dmarc.shop.test", "v=DMARC1; p=none")
		require.Equal(t, "appended", w.examined(7)[0].GetVerdict(), "it waited for DNS")
	})
}

// bounceOf is the report of a mail server about a mail.
func bounceOf(t *testing.T, m testkit.Mail, id, action, status, said string) string {
	t.Helper()
	return fmt.Sprintf("From: MAILER-DAEMON@mx.shop.test\nTo: %s\nSubject: Undelivered Mail Returned to Sender\nMessage-ID: <%s@mx.shop.test>\n"+
		"Auto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"+
		"--b\nContent-Type: text/plain\n\nI am sorry.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.shop.test\n\n"+
		"Final-Recipient: rfc822; %s\nAction: %s\nStatus: %s\nDiagnostic-Code: smtp; %s\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: %s\n--b--\n",
		m.From, id, m.To[0], action, status, said, header(t, m, "Message-Id"))
}

func TestMailsThatComeBackAreRecordedAndTheirAddressSuppressed(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		noa, mia := sent["noa@shop.test"], sent["mia@shop.test"]
		state := func(address string) (last *notificationv1.MailDelivery) {
			for _, d := range w.ledger(7) {
				if d.GetRecipient().GetEmail() == address {
					last = d
				}
			}
			return last
		}
		require.NoError(t, w.mail("", noa.From, bounceOf(t, noa, "f1", "delayed", "4.4.1", "no answer")))
		m := w.examined(1)[0]
		require.Equal(t, "ignored", m.GetVerdict())
		require.Equal(t, "DELAYED", m.GetReason())
		require.NoError(t, w.mail("", mia.From, bounceOf(t, mia, "f2", "failed", "5.2.2", "552 5.2.2 mailbox full")))
		m = w.examined(2)[0]
		require.Equal(t, "recorded", m.GetVerdict())
		require.Equal(t, "BOUNCE", m.GetReason())
		require.Equal(t, "bounced", state("mia@shop.test").GetState())
		require.Equal(t, m.GetDelivery(), state("mia@shop.test").GetId())
		require.NoError(t, w.mail("", noa.From, bounceOf(t, noa, "f3", "failed", "5.1.1", "550 5.1.1 unknown user")))
		require.Equal(t, "recorded", w.examined(3)[0].GetVerdict())
		require.Equal(t, "came back: 550 5.1.1 unknown user", state("noa@shop.test").GetLastAnswer())
		require.Equal(t, notificationv1.DeliveryAnswer_KIND_BOUNCED, state("noa@shop.test").GetAnswer().GetKind())

		list, err := w.mails.ListSuppressions(w.as(cem), &notificationv1.ListSuppressionsRequest{})
		require.NoError(t, err)
		require.Len(t, list.GetSuppressions(), 1, "a full mailbox may be emptied")
		noaHeld := list.GetSuppressions()[0]
		require.Equal(t, "noa@shop.test", noaHeld.GetAddress())
		require.Equal(t, "bounce", noaHeld.GetReason())
		for address, held := range map[string]int{" Noa@Shop.test": 1, "mia@shop.test": 0} {
			of, err := w.mails.ListSuppressions(w.as(cem), &notificationv1.ListSuppressionsRequest{Addresses: []string{address}})
			require.NoError(t, err)
			require.Len(t, of.GetSuppressions(), held, address)
		}
		require.WithinDuration(t, time.Now().AddDate(0, 0, 30), noaHeld.GetEndTime().AsTime(), time.Hour)

		s := question(7)
		w.deliver(2, replied(s, "m2", adaOnTicket, "Any news?"))
		testkit.Eventually(t, func() bool {
			return state("noa@shop.test").GetState() == "suppressed" && state("mia@shop.test").GetState() == "accepted"
		}, "the next mail")
		require.Equal(t, "not sent: mails to the address came back: 550 5.1.1 unknown user", state("noa@shop.test").GetLastAnswer())

		require.Equal(t, noaHeld.GetId(), state("noa@shop.test").GetSuppression().GetId(), "what keeps it is named")
		require.Nil(t, state("mia@shop.test").GetSuppression())

		_, err = w.mails.DeleteSuppression(w.as(cem), &notificationv1.DeleteSuppressionRequest{Suppression: noaHeld.GetId()})
		require.NoError(t, err)
		require.Nil(t, state("noa@shop.test").GetSuppression())
		_, err = w.mails.DeleteSuppression(w.as(cem), &notificationv1.DeleteSuppressionRequest{Suppression: noaHeld.GetId()})
		require.Equal(t, "SUPPRESSION_UNKNOWN", fault.ReasonOf(err))
		_, err = w.mails.ResendDelivery(w.as(cem), &notificationv1.ResendDeliveryRequest{Delivery: state("noa@shop.test").GetId()})
		require.NoError(t, err)
		testkit.Eventually(t, func() bool { return state("noa@shop.test").GetState() == "accepted" }, "it is sent again")

		// Where answers go: the report names the mail by its Message-ID.
		require.NoError(t, w.mail("", address(t, mia, "Reply-To"), bounceOf(t, mia, "f4", "failed", "5.1.1", "550 5.1.1 gone")))
		m = w.examined(4)[0]
		require.Equal(t, "recorded", m.GetVerdict())
		require.NoError(t, w.mail("", address(t, mia, "Reply-To"), bounceOf(t, noa, "f5", "failed", "5.1.1", "550 5.1.1 gone")))
		require.Equal(t, "UNKNOWN", w.examined(5)[0].GetReason(), "of somebody else's copy it says nothing")
		require.Empty(t, w.replies.taken())
	})
}

func TestMailsToPagedEngineersAreSentThoughTheyCameBack(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		mail := sent["ada@altis.test"]
		require.NoError(t, w.mail("", mail.From, bounceOf(t, mail, "g1", "failed", "5.1.1", "550 5.1.1 gone")))
		require.Equal(t, "recorded", w.examined(1)[0].GetVerdict())
		w.mailContact(ada)
		w.policy(&notificationv1.EscalationPolicy{
			Loops: 1, Fallback: []string{ada.GetId()}, Steps: []*notificationv1.EscalationStep{step(time.Minute, person(ada))},
		})
		w.urgent(8, 1)
		testkit.Eventually(t, func() bool {
			for _, d := range w.onlyPage(8).GetDeliveries() {
				if d.GetState() == "accepted" {
					return true
				}
			}
			return false
		}, "the page is not sent")
	})
}

func TestListenersThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		cfg  notification.Config
		says string
	}{
		{notification.Config{MailListen: ":2526"}, "--mail-listen: needs --reply-domain or --mail-support-address"},
		{notification.Config{MailListen: ":2526", MailSupportAddress: "help@desk.test"}, "needs --mail-blob"},
		{notification.Config{MailSupportAddress: "help"}, "--mail-support-address: "},
		{notification.Config{IMAPAddr: "imap.desk.test:993"}, "--imap-addr: needs --mail-support-address"},
		{notification.Config{IMAPAddr: "imap.desk.test:993", MailSupportAddress: "help@desk.test"}, "--imap-addr: needs --mail-blob"},
		{notification.Config{IMAPAddr: "imap.desk.test:993", MailSupportAddress: "help@desk.test", MailBlob: "file:///m"}, "needs --imap-user and --imap-password"},
		{notification.Config{IMAPAddr: "imap.desk.test", MailSupportAddress: "help@desk.test", MailBlob: "file:///m", IMAPUser: "u", IMAPPassword: "p"}, "--imap-addr: "},
		{notification.Config{MailSupportAddress: "Help@desk.test", EmergencyAddress: "help@desk.test"}, "must not be --emergency-address"},
		{notification.Config{
			MailSupportAddress: "help@Reply.desk.test", ReplyDomain: "reply.desk.test", ReplyKeys: []string{"1:" + base64.StdEncoding.EncodeToString(make([]byte, 32))},
		}, "must not be an address of --reply-domain"},
		{notification.Config{MailListen: ":2526", ReplyDomain: "reply.desk.test", ReplyKeys: []string{"1:" + base64.StdEncoding.EncodeToString(make([]byte, 32))}}, "needs --mail-blob"},
	} {
		require.ErrorContains(t, tt.cfg.Validate(), tt.says)
	}
}
