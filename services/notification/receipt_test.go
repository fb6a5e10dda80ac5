package notification_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/notification"
)

func TestWhoOpensATicketGetsAReceipt(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp := testkit.SMTPSink(t)
		w := setup(t, db, notification.Config{SMTPAddr: smtp.Addr})
		s := question(7)
		w.deliver(1, created(s))
		mails := received(t, smtp, 2)
		require.Equal(t, []string{"mia@shop.test"}, mails[0].To)
		receipt := mails[0].Parse(t)
		require.Contains(t, receipt.Text, "We have your ticket #7")
		require.NotContains(t, receipt.Text, "How *big* is it?", "the author knows what the author wrote")
		require.NotContains(t, receipt.Text, "are being paged")
		require.Equal(t, "auto-replied", receipt.Header.Get("Auto-Submitted"))
		require.Equal(t, []string{"noa@shop.test"}, mails[1].To)

		w.deliver(2, replied(s, "m2", adaOnTicket, "Hello."))
		answer := received(t, smtp, 4)[1].Parse(t)
		require.Equal(t, receipt.Header.Get("Message-Id"), answer.Header.Get("In-Reply-To"), "the receipt begins the thread")
	}, notification.Migrations()...)
}
