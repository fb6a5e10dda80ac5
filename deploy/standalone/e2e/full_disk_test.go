package e2e

import (
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
)

// TestTheMailboxOnAFullDisk: what cannot be kept is put off, and its sender's server comes again; what was accepted stays
// as it came, and goes on to page.
func TestTheMailboxOnAFullDisk(t *testing.T) {
	t.Parallel()
	m := harness.OnSmallDisk(t)
	paged := func(word string) {
		t.Helper()
		testkit.EventuallyPasses(t, func(t require.TestingT) { require.Len(t, pagesOf(t, m.Pager)["[Urgent] "+word+" is down"], 1) }, "%s is not paged", word)
	}
	kept := func(words ...string) {
		t.Helper()
		mails := strings.Join(m.Mails(), "")
		for _, word := range words {
			require.Contains(t, mails, strings.ReplaceAll(outageMail(word), "\n", "\r\n"))
		}
		require.Len(t, m.Mails(), len(words), "half a mail is none")
	}
	require.NoError(t, m.Mail("mia@shop.example", outageMail("heron")))
	paged("heron")
	const ofOneMail = 8 << 10 // not of what the database writes about it
	for _, room := range []int64{0, ofOneMail} {
		m.Fill(room)
		for _, mail := range []string{outageMail("ibis"), outageMail("jackdaw") + strings.Repeat("x", 100_000), outageMail("ibis")} {
			var refused *smtp.SMTPError
			require.ErrorAs(t, m.Mail("mia@shop.example", mail), &refused)
			require.Equal(t, 452, refused.Code, refused.Message)
			require.Equal(t, smtp.EnhancedCode{4, 3, 1}, refused.EnhancedCode)
		}
		kept("heron")
		m.MakeRoom()
		m.Ready()
	}
	require.NoError(t, m.Mail("mia@shop.example", outageMail("ibis")), "its server tries again")
	paged("ibis")
	kept("heron", "ibis")
}
