package emergency_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/notification/emergency"
)

// smtpCode returns the code of a mail server's answer, 0 = it took the mail.
func smtpCode(t *testing.T, err error) int {
	t.Helper()
	if err == nil {
		return 0
	}
	refusal, ok := errors.AsType[*smtp.SMTPError](err)
	require.True(t, ok, "%v", err)
	return refusal.Code
}

func TestAMailPagesWithEverythingElseDown(t *testing.T) {
	w := setup(t)
	w.start()
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	n := w.paged(1)[0]
	require.Equal(t, "[Urgent] shop is down 1", n.GetTitle())
	require.Equal(t, "Mia Sol", n.GetRequester().GetName())
	require.Equal(t, "mia@shop.test", n.GetRequester().GetEmail())
	require.Equal(t, "Nobody can pay.", n.GetExcerpt())
	require.False(t, n.GetVerified())
	require.Contains(t, n.GetReason(), "not verified")
	require.Zero(t, n.GetTicket())
	got := w.hook.Requests()[0]
	require.Equal(t, "/fallback", got.Path)
	verifier, err := standardwebhooks.NewWebhook(secret)
	require.NoError(t, err)
	require.NoError(t, verifier.Verify(got.Body, got.Header))
	require.Equal(t, []string{"paged"}, w.verdicts())
}

func TestALinkAcknowledgesAndEndsTheRepetition(t *testing.T) {
	w := setup(t)
	w.start()
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	first := w.paged(1)[0]
	w.clock.Advance(5*time.Minute - time.Second)
	w.idle()
	require.Len(t, w.notices(), 1, "not before its time")
	w.clock.Advance(time.Second)
	again := w.paged(2)[1]
	require.Equal(t, first.GetPage(), again.GetPage())
	require.NotEqual(t, first.GetDelivery(), again.GetDelivery())
	for n := 3; n < 8; n++ {
		w.clock.Advance(5 * time.Minute)
		w.paged(n)
	}
	w.press(first.GetAcknowledgeUrl()) // the oldest link is as good as any
	require.Equal(t, "acknowledged", w.pageState(first.GetPage()))
	w.clock.Advance(24 * time.Hour)
	w.idle()
	require.Len(t, w.notices(), 7)
}

func TestTheSameMailPagesOnce(t *testing.T) {
	w := setup(t)
	w.cfg.Address = append(w.cfg.Address, "help@altis.test")
	w.start()
	mail := letter("mia@shop.test", 1)
	require.NoError(t, w.send("mia@shop.test", "Received: by one\n"+mail))
	require.NoError(t, w.send("bounces+7@shop.test", "Received: by two\n"+mail))
	require.NoError(t, deliver(w.smtp, "mia@shop.test", "HELP@altis.test", mail))
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 2)))
	w.paged(2)
	require.Equal(t, []string{"paged", "paged"}, w.verdicts())
	var copies int
	require.NoError(t, w.db.Reader().QueryRowContext(t.Context(), `SELECT MAX(copies) FROM emergency_mails`).Scan(&copies))
	require.Equal(t, 3, copies)
	files, err := os.ReadDir(filepath.Join(w.cfg.Data, "mails"))
	require.NoError(t, err)
	require.Len(t, files, 2, "a copy takes no room")
}

func TestAutomaticMailIsKeptAndPagesNobody(t *testing.T) {
	w := setup(t)
	w.start()
	require.NoError(t, w.send("", letter("mia@shop.test", 1)))
	require.NoError(t, w.send("mia@shop.test", "Auto-Submitted: auto-replied\n"+letter("mia@shop.test", 2)))
	require.NoError(t, w.send("mia@shop.test", "Precedence: bulk\n"+letter("mia@shop.test", 3)))
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 4)))
	require.Equal(t, "[Urgent] shop is down 4", w.paged(1)[0].GetTitle())
	w.clock.Advance(time.Hour)
	w.idle()
	for _, n := range w.notices() {
		require.Equal(t, "[Urgent] shop is down 4", n.GetTitle())
	}
	require.Equal(t, []string{"automatic", "automatic", "automatic", "paged"}, w.verdicts())
}

func TestAnAnswerToThePageMailPagesNobody(t *testing.T) {
	w := setup(t)
	sink := testkit.SMTPSink(t)
	w.cfg.OutboxDir, w.cfg.SMTPAddr, w.cfg.SMTPTLS = "", sink.Addr, "none"
	w.cfg.FallbackContact = []string{"mailto:ada@altis.test"}
	w.start()
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	pages := func() []testkit.Mail {
		return slices.DeleteFunc(sink.Messages(), func(m testkit.Mail) bool { return m.To[0] != "ada@altis.test" || m.From == "" })
	}
	testkit.Eventually(t, func() bool { return len(pages()) == 1 }, "no mail pages")
	page := pages()[0]
	require.Equal(t, []string{"ada@altis.test"}, page.To)
	parts := page.Parse(t)
	link := ackLink.FindString(parts.Text)
	require.NotEmpty(t, link)
	id, err := parts.Header.MessageID()
	require.NoError(t, err)
	require.NoError(t, w.send("ada@altis.test", "In-Reply-To: <"+id+">\n"+letter("ada@altis.test", 2)))
	require.NoError(t, w.send("ada@altis.test", "In-Reply-To: <"+strings.Repeat("0", 32)+"@desk.test>\n"+letter("ada@altis.test", 3)))
	testkit.Eventually(t, func() bool { return len(pages()) == 2 }, "an answer to something else does page")
	require.Equal(t, []string{"paged", "reply", "paged"}, w.verdicts())
	w.press(link)
}

func TestAwkwardMailsPage(t *testing.T) {
	w := setup(t)
	w.cfg.PagesPerWindow = 100
	w.start()
	for i, mail := range []string{
		"", "\n", "no header at all", "From: nobody\n\n", "Subject: =?x-none?q?abc?=\n\nhelp", "Content-Type: multipart/mixed; boundary=b\n\n--b\nbroken",
		"From: a@x, b@x\nFrom: c@x\nSubject: a\nSubject: b\n\n\x00\xff", "Subject: " + strings.Repeat("long ", 10000) + "\n\nhelp",
		"List-Id: <x.test>\nPrecedence: list\nSubject: by a group\n\nhelp", "Subject: large\n\n" + strings.Repeat(strings.Repeat("x", 70)+"\n", 100_000),
	} {
		require.NoError(t, w.send("mia@shop.test", mail))
		w.paged(i + 1)
	}
}

func TestManyMailsBecomeFewPages(t *testing.T) {
	w := setup(t)
	w.start()
	for i := range 20 {
		from := "x@" + string(rune('a'+i)) + ".test"
		require.NoError(t, w.send(from, letter(from, i)))
	}
	first := w.paged(3)
	for _, n := range first {
		w.press(n.GetAcknowledgeUrl())
	}
	w.clock.Advance(10*time.Minute - time.Second)
	w.idle()
	require.Len(t, w.notices(), 3)
	w.clock.Advance(2 * time.Second)
	last := w.paged(4)[3]
	require.Equal(t, "[Urgent] 17 more mails to the emergency address", last.GetTitle())
	require.Contains(t, last.GetExcerpt(), "x@d.test: shop is down 3")
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 100)))
	require.Equal(t, "[Urgent] shop is down 100", w.paged(5)[4].GetTitle(), "the next one pages at once again")
	w.press(last.GetAcknowledgeUrl())
}

func TestWhatCannotBeKeptIsPutOff(t *testing.T) {
	t.Run("no room", func(t *testing.T) {
		w := setup(t)
		w.cfg.SpoolLimit = 2000
		w.start()
		require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
		require.Equal(t, 452, smtpCode(t, w.send("mia@shop.test", letter("mia@shop.test", 2)+strings.Repeat("x", 2000))))
		require.Len(t, w.paged(1), 1)
		require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 3)), "a smaller one has room")
		w.paged(2)
	})
	t.Run("no folder", func(t *testing.T) {
		w := setup(t)
		w.start()
		folder := filepath.Join(w.cfg.Data, "mails")
		require.NoError(t, os.Rename(folder, folder+"-away"))
		require.Equal(t, 451, smtpCode(t, w.send("mia@shop.test", letter("mia@shop.test", 1))))
		require.Error(t, w.service.Checks()[1].Do(t.Context()))
		require.NoError(t, os.Rename(folder+"-away", folder))
		require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
		w.paged(1)
	})
	t.Run("no database", func(t *testing.T) {
		w := setup(t)
		w.start()
		require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
		w.paged(1)
		repair := w.breakDatabase()
		require.Equal(t, 451, smtpCode(t, w.send("mia@shop.test", letter("mia@shop.test", 2))))
		repair()
		require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 2)))
		w.paged(2)
	})
}

func TestAMailThatWasKeptButNotRecordedPagesAtTheNextStart(t *testing.T) {
	w := setup(t)
	w.start()
	repair := w.breakDatabase()
	require.Equal(t, 451, smtpCode(t, w.send("mia@shop.test", letter("mia@shop.test", 1))))
	repair()
	w.stop()
	require.Empty(t, w.notices())
	w.start()
	require.Equal(t, "[Urgent] shop is down 1", w.paged(1)[0].GetTitle())
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)), "the sender's server tries again")
	w.idle()
	require.Len(t, w.notices(), 1)
}

func TestARestartGoesOn(t *testing.T) {
	w := setup(t)
	w.hook.Respond(func(int, testkit.Request) testkit.Response { return testkit.Response{Status: 503} })
	w.start()
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	w.paged(1)
	w.stop()
	w.hook.Respond(nil)
	before := len(w.hook.Requests())
	w.start()
	w.clock.Advance(time.Minute)
	testkit.Eventually(t, func() bool { return len(w.hook.Requests()) > before }, "not tried again")
	require.Len(t, w.notices(), 1, "under the same id")
	w.clock.Advance(5 * time.Minute)
	w.paged(2)
}

func TestOldMailsAreForgotten(t *testing.T) {
	w := setup(t)
	w.cfg.KeepMails = 24 * time.Hour
	w.start()
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	w.press(w.paged(1)[0].GetAcknowledgeUrl())
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 2)))
	w.paged(2)
	require.NoError(t, w.send("", letter("mia@shop.test", 3)))
	w.stop()
	w.clock.Advance(25 * time.Hour)
	w.start()
	testkit.Eventually(t, func() bool { return len(w.verdicts()) == 1 }, "they stay")
	require.Equal(t, []string{"paged"}, w.verdicts(), "nobody has acknowledged it")
	var pages int
	require.NoError(t, w.db.Reader().QueryRowContext(t.Context(), `SELECT COUNT(*) FROM pages`).Scan(&pages))
	require.Equal(t, 1, pages)
	files, err := os.ReadDir(filepath.Join(w.cfg.Data, "mails"))
	require.NoError(t, err)
	require.Len(t, files, 1)
}

func TestValidateListsEveryFault(t *testing.T) {
	require.NoError(t, emergency.Config{}.Validate())
	err := emergency.Config{
		SMTP: "x", AckBaseURL: "ftp://x", Address: []string{"x"}, FallbackContact: []string{"mailto:x", "https://pager.test/#whsec_short", "pager"},
		TLSCert: "x", MaxConns: -1,
	}.Validate()
	require.Error(t, err)
	for _, flag := range []string{"--smtp:", "--ack-base-url:", "--address:", "--fallback-contact:", "--smtp-cert:", "--max-conns:"} {
		require.Contains(t, err.Error(), flag)
	}
	require.Equal(t, 3, strings.Count(err.Error(), "--fallback-contact:"))
	require.NotContains(t, err.Error(), "whsec_short")
}
