package emergency_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
)

// signer gives a domain a key and a policy, and returns what signs mails for it.
func (w *world) signer(domain string) func(mail string) string {
	w.t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(w.t, err)
	if w.dns == nil {
		w.dns = map[string]string{}
	}
	w.dns["s._domainkey."+domain] = "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
	w.dns["_dmarc."+domain] = "v=DMARC1; p=reject"
	return func(mail string) string {
		var out bytes.Buffer
		err := dkim.Sign(&out, strings.NewReader(strings.ReplaceAll(mail, "\n", "\r\n")), &dkim.SignOptions{Domain: domain, Selector: "s", Signer: private})
		require.NoError(w.t, err)
		return strings.ReplaceAll(out.String(), "\r\n", "\n")
	}
}

func TestACustomerWhoIsVerifiedPagesInAFlood(t *testing.T) {
	w := setup(t)
	sign, other := w.signer("shop.test"), w.signer("other.test")
	w.upstream = &rosterFake{}
	w.upstream.roster = w.rotation()
	w.upstream.roster.People = append(w.upstream.roster.People, &eventv1.DirectoryPerson{Id: "mia", Name: "Mia", Email: "Mia@shop.test", Organization: "shop", Role: "user"})
	w.start()
	w.fetched()
	for i := range 5 {
		require.NoError(t, w.send("x@flood.test", letter("x@flood.test", i)))
	}
	w.paged(3)
	require.NoError(t, w.send("mia@shop.test", sign(letter("mia@shop.test", 10))))
	n := w.paged(4)[3]
	require.Equal(t, "[Urgent] shop is down 10", n.GetTitle())
	require.Contains(t, n.GetReason(), "vouches for the sender")
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 11)), "not signed")
	require.NoError(t, w.send("mia@shop.test", other(letter("mia@shop.test", 12))), "signed by another domain")
	require.NoError(t, w.send("x@other.test", other(letter("x@other.test", 13))), "signed, but of nobody we know")
	require.NoError(t, w.send("mia@shop.test", sign("From: x@flood.test\n"+letter("mia@shop.test", 14))), "two authors")
	w.idle()
	require.Len(t, w.notices(), 4)
	require.Equal(t, []string{"paged", "paged", "paged", "held", "held", "paged", "held", "held", "held", "held"}, w.verdicts())
	for _, n := range w.notices() {
		w.press(n.GetAcknowledgeUrl())
	}
	w.clock.Advance(10*time.Minute + time.Second)
	require.Equal(t, "[Urgent] 6 more mails to the emergency address", w.paged(5)[4].GetTitle())
}

func TestMailsOfVerifiedCustomersDoNotUseUpThePagesOfOthers(t *testing.T) {
	w := setup(t)
	sign := w.signer("shop.test")
	w.upstream = &rosterFake{}
	w.upstream.roster = w.rotation()
	w.upstream.roster.People = append(w.upstream.roster.People, &eventv1.DirectoryPerson{Id: "mia", Name: "Mia", Email: "mia@shop.test", Organization: "shop", Role: "user"})
	w.start()
	w.fetched()
	for i := range 5 {
		require.NoError(t, w.send("mia@shop.test", sign(letter("mia@shop.test", i))))
		testkit.Eventually(t, func() bool {
			var n int
			require.NoError(t, w.db.Reader().QueryRowContext(t.Context(), `SELECT COUNT(*) FROM emergency_mails WHERE verified = 1`).Scan(&n))
			return n == i+1
		}, "not verified")
	}
	require.NoError(t, w.send("x@flood.test", letter("x@flood.test", 100)))
	w.paged(6)
}
