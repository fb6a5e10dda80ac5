package notification_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// The mail server goes away between mails, and is back after several attempts: each mail arrives once, and nobody waits
// for a page.
func TestNothingIsLostOrDoubledWhileTheMailServerIsAway(t *testing.T) {
	onBothWithMail(t, func(t *testing.T, w *world, smtp *testkit.Sink) {
		hook := testkit.Receiver(t)
		w.mailContact(ada)
		w.contact(ada, hook.URL)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		const tickets, messages = 3, 4
		say := func(sequence int64) {
			for number := int64(1); number <= tickets; number++ {
				s := question(number)
				w.deliver(sequence, replied(s, fmt.Sprintf("m%d-%d", number, sequence), adaOnTicket, "Hello."))
			}
		}
		say(1)
		say(2)
		// A mail whose acceptance is lost on the way is sent again, with the same Message-ID: none is under way here.
		testkit.Eventually(t, func() bool {
			return w.count(`SELECT COUNT(*) FROM mail_deliveries WHERE state = 'accepted'`) == tickets*2*2
		}, "the first mails")
		smtp.Down()
		say(3)
		w.urgent(90, 1)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "the next contact is not paged")
		testkit.Eventually(t, func() bool {
			return w.count(`SELECT COALESCE(MIN(attempts), 0) FROM mail_deliveries WHERE state = 'queued' AND message LIKE 'm%-3'`) >= 3
		}, "mails are not tried again")
		say(4)
		smtp.Up()
		all := w.count(`SELECT COUNT(*) FROM mail_deliveries`)
		require.Equal(t, tickets*messages*2, w.count(`SELECT COUNT(*) FROM mail_deliveries WHERE ticket < 90`))
		testkit.Eventually(t, func() bool {
			return w.count(`SELECT COUNT(*) FROM mail_deliveries WHERE state = 'accepted'`) == all
		}, "mails are lost")
		testkit.Eventually(t, func() bool {
			return w.count(`SELECT COUNT(*) FROM page_deliveries WHERE channel = 'email' AND state = 'accepted'`) == 1
		}, "the page by mail is lost")

		seen, answers := map[string]int{}, map[string]string{}
		pages := 0
		for _, m := range smtp.Messages() {
			id := header(t, m, "Message-Id")
			seen[id]++
			require.Equal(t, 1, seen[id], "%s was sent twice", id)
			switch {
			case header(t, m, "List-Id") != "": // of a ticket
				answers[id] = header(t, m, "In-Reply-To")
			case strings.HasPrefix(header(t, m, "Subject"), "[Urgent]"):
				pages++
			}
		}
		require.Len(t, answers, all)
		require.Equal(t, 1, pages)
		// They may arrive in another order; each says which it follows, so that programs show them in their own.
		roots := 0
		for id, parent := range answers {
			if parent == "" {
				roots++
				continue
			}
			require.Contains(t, answers, parent, id)
		}
		require.Equal(t, w.count(`SELECT COUNT(*) FROM mail_threads`), roots, "each thread has one beginning")
	})
}
