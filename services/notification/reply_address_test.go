package notification_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/notification"
	"altis-dxp.com/support/services/notification/internal/replytoken"
)

func TestEachMailHasAddressesOfItsOwn(t *testing.T) {
	t.Parallel()
	key := "1:" + base64.StdEncoding.EncodeToString(make([]byte, 32))
	keys, err := replytoken.ParseKeys([]string{key})
	require.NoError(t, err)
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp := testkit.SMTPSink(t)
		w := setup(t, db, notification.Config{SMTPAddr: smtp.Addr, ReplyDomain: "antwort.bücher.test", ReplyKeys: []string{key}})
		s := question(7)
		w.deliver(1, created(s))
		token := func(address, local string) string {
			rest, ok := strings.CutSuffix(strings.Trim(address, "<>"), "@antwort.xn--bcher-kva.test")
			require.True(t, ok, address)
			require.LessOrEqual(t, len(rest), 64)
			rest, ok = strings.CutPrefix(rest, local+"+")
			require.True(t, ok, address)
			return rest
		}
		mails := received(t, smtp, 2)
		require.Empty(t, mails[0].From, "nothing answers to a receipt")
		for i, to := range []string{"mia@shop.test", "noa@shop.test"} {
			require.Equal(t, []string{to}, mails[i].To)
			claim, err := keys.Verify(token(header(t, mails[i], "Reply-To"), "ticket"), replytoken.FromCustomer, time.Now().AddDate(1, 0, 0))
			require.NoError(t, err)
			require.EqualValues(t, 7, claim.Subject.Ticket())
			require.True(t, claim.Subject.IsFor(to))
		}
		back, err := keys.Verify(token(mails[1].From, "bounce"), replytoken.Bounce, time.Now())
		require.NoError(t, err)
		for _, d := range w.ledger(7) {
			require.Equal(t, d.GetRecipient().GetEmail() == "noa@shop.test", d.GetId() == back.Subject.Delivery())
		}
	}, notification.Migrations()...)
}

func TestReplyAddressesThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	key := "1:" + base64.StdEncoding.EncodeToString(make([]byte, 32))
	require.NoError(t, notification.Config{}.Validate())
	require.NoError(t, notification.Config{ReplyDomain: "reply.desk.test", ReplyKeys: []string{key}}.Validate())
	for _, tt := range []struct {
		cfg  notification.Config
		says string
	}{
		{notification.Config{ReplyDomain: "reply.desk.test"}, "--reply-domain: needs --reply-keys"},
		{notification.Config{ReplyDomain: "reply desk", ReplyKeys: []string{key}}, "--reply-domain"},
		{notification.Config{ReplyDomain: "reply.desk.test", ReplyKeys: []string{key, key}}, "key 1: is there twice"},
	} {
		require.ErrorContains(t, tt.cfg.Validate(), tt.says)
	}
}
