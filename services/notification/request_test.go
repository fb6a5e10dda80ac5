package notification_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// supportAddress is the desk's in all tests.
const supportAddress = "help@desk.test"

// signing returns a function that signs mails as domains do whose keys are in the DNS, with a strict policy.
func (w *world) signing(domains ...string) func(domain, mail string) string {
	w.t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(w.t, err)
	for _, d := range domains {
		w.dns.set("s._domainkey."+d, "v=DKIM1; k=ed25519; p="+base64.StdEncoding.EncodeToString(public))
		w.dns.set("_dmarc."+d, "v=DMARC1; p=reject")
	}
	return func(domain, mail string) string {
		var out bytes.Buffer
		require.NoError(w.t, dkim.Sign(&out, strings.NewReader(strings.ReplaceAll(mail, "\n", "\r\n")), &dkim.SignOptions{Domain: domain, Selector: "s", Signer: private}))
		return strings.ReplaceAll(out.String(), "\r\n", "\n")
	}
}

// askOf is a mail to the desk.
func askOf(from, id, subject, text string) string {
	return fmt.Sprintf("From: %s\nTo: %s\nSubject: %s\nMessage-ID: <%s@shop.test>\n\n%s\n", from, supportAddress, subject, id, text)
}

func TestAMailToTheDeskBecomesATicket(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		sign := w.signing("shop.test")
		mail := sign("shop.test", strings.Replace(askOf("Mia Sol <Mia@shop.test>", "q1", "[#7] =?utf-8?q?Gr=C3=B6=C3=9Fe?=", ""), "Subject:",
			"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\nSubject:", 1)+
			"--b\nContent-Type: text/plain\n\nHow do I purge?\n\n> quoted\n--b\nContent-Type: text/x-log\nContent-Disposition: attachment; filename=a.log\n\nGET /\n--b--\n")
		require.NoError(t, w.mail("mia@shop.test", "HELP@desk.test", mail))
		m := w.examined(1)[0]
		require.Equal(t, "created", m.GetVerdict(), m.GetReason())
		require.True(t, m.GetVerified())
		require.Equal(t, mia.GetId(), m.GetHolder().GetId())
		require.EqualValues(t, 101, m.GetReplyTicket())
		require.NotEmpty(t, m.GetMessage())
		got := w.replies.opened()
		require.Len(t, got, 1)
		require.Equal(t, []string{mia.GetId(), "[#7] Größe", "How do I purge?\n\n> quoted"}, []string{got[0].GetPerson(), got[0].GetSubject(), got[0].GetBody()})
		require.Equal(t, map[string]string{"a.log": "GET /"}, got[0].files)
		require.EqualValues(t, 7, got[0].GetAbout(), "the number of its subject is a hint")
		require.Empty(t, w.replies.taken(), "and no more")

		require.NoError(t, w.mail("mia@shop.test", supportAddress, mail), "again")
		require.EqualValues(t, 2, w.examined(1)[0].GetCopies())
		require.Len(t, w.replies.opened(), 1)

		answer := strings.Replace(askOf("mia@shop.test", "q2", "Re: cache", "And now?"), "Subject:", "References: "+header(t, sent["mia@shop.test"], "Message-Id")+"\nSubject:", 1)
		require.NoError(t, w.mail("mia@shop.test", supportAddress, sign("shop.test", answer)))
		m = w.examined(2)[0]
		require.Equal(t, []string{"appended", ""}, []string{m.GetVerdict(), m.GetReason()}, "it answers the mail that its author got")
		require.EqualValues(t, 7, m.GetTicket())
		require.Equal(t, mia.GetId(), m.GetHolder().GetId())
		require.Len(t, w.replies.opened(), 1)
		require.Len(t, w.replies.taken(), 1)

		others := strings.Replace(askOf("mia@shop.test", "q3", "Re: cache", "And mine?"), "Subject:", "References: "+header(t, sent["noa@shop.test"], "Message-Id")+"\nSubject:", 1)
		require.NoError(t, w.mail("mia@shop.test", supportAddress, sign("shop.test", others)))
		require.Equal(t, "created", w.examined(3)[0].GetVerdict())
		require.EqualValues(t, 7, w.replies.opened()[1].GetAbout(), "that it answers somebody else's is a hint")
	})
}

func TestAnAnswerThatTicketDoesNotTakeIsARequest(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		sign := w.signing("shop.test")
		w.replies.refuse(fault.New(fault.Denied, "NOT_PARTICIPANT", "no"))
		answer := strings.Replace(askOf("mia@shop.test", "v1", "Re: cache", "And now?"), "Subject:", "References: "+header(t, sent["mia@shop.test"], "Message-Id")+"\nSubject:", 1)
		require.NoError(t, w.mail("mia@shop.test", supportAddress, sign("shop.test", answer)))
		m := w.examined(1)[0]
		require.Equal(t, []string{"created", ""}, []string{m.GetVerdict(), m.GetReason()})
		require.EqualValues(t, 7, w.replies.opened()[0].GetAbout())
	})
}

func TestAMailToTheDeskAndToATicketIsOneMessage(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, sent map[string]testkit.Mail) {
		sign := w.signing("shop.test")
		ticket := address(t, sent["mia@shop.test"], "Reply-To")
		both := func(id string) string {
			return sign("shop.test", strings.Replace(askOf("mia@shop.test", id, "Re: cache", "And now, "+id+"?"), "To: "+supportAddress, "To: "+supportAddress+", "+ticket, 1))
		}
		for i, order := range [][]string{{ticket, supportAddress}, {supportAddress, ticket}} {
			mail := both(fmt.Sprint("w", i))
			for _, to := range order {
				require.NoError(t, w.mail("mia@shop.test", to, mail))
			}
			verdicts := map[string]*notificationv1.InboundMail{}
			for _, m := range w.examined(2 * (i + 1))[:2] {
				verdicts[m.GetVerdict()] = m
			}
			require.Equal(t, []string{"COPY", verdicts["appended"].GetId()}, []string{verdicts["ignored"].GetReason(), verdicts["ignored"].GetDetail()}, order)
			require.Len(t, w.replies.taken(), i+1)
			require.Empty(t, w.replies.opened())
		}

		// Where a person is to judge the one, there is no second to be judged.
		unsigned := strings.Replace(askOf("eve@evil.test", "w9", "Hello", "Hello?"), "To: "+supportAddress, "Bcc: "+ticket+"\nTo: "+supportAddress, 1)
		require.NoError(t, w.mail("eve@evil.test", ticket, unsigned))
		w.examined(5)
		require.NoError(t, w.mail("eve@evil.test", supportAddress, unsigned))
		require.Equal(t, "COPY", w.examined(6)[0].GetReason())
	})
}

func TestWhatIsNoMailOfACustomerToTheDeskIsHeldOrIgnored(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, _ map[string]testkit.Mail) {
		sign := w.signing("shop.test", "evil.test", "altis.test", "desk.test")
		for i, tt := range []struct {
			name, mail, envelope, verdict, reason string
		}{
			{"of a stranger", sign("evil.test", askOf("eve@evil.test", "r0", "Hello", "Hello?")), "eve@evil.test", "quarantined", "UNKNOWN_SENDER"},
			{"of the staff", sign("altis.test", askOf("ada@altis.test", "r1", "Hello", "Hello?")), "ada@altis.test", "quarantined", "UNKNOWN_SENDER"},
			{"in a customer's name", askOf("mia@shop.test", "r2", "Hello", "Hello?"), "mia@shop.test", "quarantined", "NOT_VERIFIED"},
			{"in a customer's name, signed by another", sign("evil.test", askOf("mia@shop.test", "r3", "Hello", "Hello?")), "eve@evil.test", "quarantined", "NOT_VERIFIED"},
			{"of two authors", sign("shop.test", askOf("mia@shop.test, eve@evil.test", "r4", "Hello", "Hello?")), "mia@shop.test", "quarantined", "UNKNOWN_SENDER"},
			{"an absence", sign("shop.test", "Auto-Submitted: auto-replied\n"+askOf("mia@shop.test", "r5", "Away", "I am away.")), "mia@shop.test", "ignored", "AUTOMATIC"},
			{"of nobody", askOf("mia@shop.test", "r6", "Returned", "Returned."), "", "ignored", "AUTOMATIC"},
			{"our own", sign("shop.test", "X-Altis-Loop: desk.test\n"+askOf("mia@shop.test", "r7", "Hello", "Hello?")), "mia@shop.test", "ignored", "OWN_MAIL"},
			{"of our address", sign("desk.test", askOf("support@desk.test", "r8", "Hello", "Hello?")), "support@desk.test", "ignored", "OWN_MAIL"},
			{"of the desk", sign("desk.test", askOf("HELP@desk.test", "r9", "Hello", "Hello?")), "help@desk.test", "ignored", "OWN_MAIL"},
			{"without a word", sign("shop.test", askOf("mia@shop.test", "r10", "", "")), "mia@shop.test", "rejected", "EMPTY"},
		} {
			require.NoError(t, w.mail(tt.envelope, supportAddress, tt.mail), tt.name)
			m := w.examined(i + 1)[0]
			require.Equal(t, []string{tt.verdict, tt.reason}, []string{m.GetVerdict(), m.GetReason()}, tt.name)
			require.Zero(t, m.GetReplyTicket(), tt.name)
		}
		require.Empty(t, w.replies.opened())
	})
}

func TestAMailToTheDeskIsReleased(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, _ map[string]testkit.Mail) {
		require.NoError(t, w.mail("mia@shop.test", supportAddress, askOf("Mia <mia@shop.test>", "s1", "Hello", "Hello?")))
		held := w.examined(1)[0]
		require.Equal(t, "NOT_VERIFIED", held.GetReason())
		require.True(t, held.GetRequest())
		_, err := w.mails.ReleaseInboundMail(w.as(cem), &notificationv1.ReleaseInboundMailRequest{InboundMail: held.GetId()})
		require.NoError(t, err)
		m := w.examined(1)[0]
		require.Equal(t, "created", m.GetVerdict())
		got := w.replies.opened()
		require.Len(t, got, 1)
		require.Equal(t, []string{"", "Mia", "mia@shop.test"}, []string{got[0].GetPerson(), got[0].GetSenderName(), got[0].GetSenderEmail()}, "nothing proves whose it is")
	})
}

func TestManyMailsToTheDeskAreHeld(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, _ map[string]testkit.Mail) {
		sign := w.signing("shop.test")
		for i := range 11 {
			require.NoError(t, w.mail("mia@shop.test", supportAddress, sign("shop.test", askOf("mia@shop.test", fmt.Sprint("t", i), "Disk is full", "Disk is full."))))
			m := w.examined(i + 1)[0]
			if i < 10 {
				require.Equal(t, "created", m.GetVerdict(), i)
				continue
			}
			require.Equal(t, []string{"quarantined", "TOO_MANY"}, []string{m.GetVerdict(), m.GetReason()})
			_, err := w.mails.ReleaseInboundMail(w.as(cem), &notificationv1.ReleaseInboundMailRequest{InboundMail: m.GetId()})
			require.NoError(t, err)
			require.Equal(t, "created", w.examined(i + 1)[0].GetVerdict())
			require.Equal(t, mia.GetId(), w.replies.opened()[i].GetPerson(), "it was proven to be hers before")
		}
	})
}

func TestAMailToTheDeskWaitsForTicket(t *testing.T) {
	onBothWithAnswers(t, func(t *testing.T, w *world, _ map[string]testkit.Mail) {
		sign := w.signing("shop.test")
		w.replies.fail(fault.New(fault.Unavailable, "AWAY", "away"))
		require.NoError(t, w.mail("mia@shop.test", supportAddress, sign("shop.test", askOf("mia@shop.test", "u1", "Hello", "Hello?"))))
		testkit.Eventually(t, func() bool {
			return strings.Contains(w.logs.String(), "AWAY") || strings.Contains(w.logs.String(), "away")
		}, "ticket was not asked")
		w.replies.fail(fault.New(fault.Denied, "PERSON_REMOVED", "no"))
		m := w.examined(1)[0]
		require.Equal(t, []string{"quarantined", "NOT_ALLOWED", "PERSON_REMOVED"}, []string{m.GetVerdict(), m.GetReason(), m.GetDetail()})
	})
}
