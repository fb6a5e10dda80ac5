package notification_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification"
)

// Five hundred incidents become urgent as quickly as they are taken: the first pages of everybody go alone, as any page does, and
// the others together. Every incident is told to everybody exactly once, by a page of its own or among those that a message
// counts, and whoever acknowledges a message has acknowledged what it names.
func TestAStormOfFiveHundred(t *testing.T) {
	inStorm(t, notification.Config{}, func(t *testing.T, w *world) {
		const incidents = 500
		people := []*eventv1.DirectoryPerson{ada, ben}
		hooks := map[string]*testkit.Hook{}
		var targets []string
		for _, p := range people {
			hooks[p.GetId()] = testkit.Receiver(t)
			w.contact(p, hooks[p.GetId()].URL)
			targets = append(targets, person(p))
		}
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, targets...)}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		w.storm(1, incidents)
		for _, p := range people {
			hook := hooks[p.GetId()]
			testkit.EventuallyPasses(t, func(t require.TestingT) {
				require.Len(t, named(calls(t, hook.Requests())), incidents)
			}, "every incident is told")
			requests := hook.Requests()
			alone, together := calls(t, requests)
			first, _ := calls(t, requests[:1])
			require.Len(t, first, 1, "the first page waits for no other")
			require.GreaterOrEqual(t, len(alone), 10)
			require.Less(t, len(requests), incidents/5, "not a call each")
			count := len(alone)
			for _, b := range together {
				require.EqualValues(t, len(b.GetPages()), b.GetCount())
				count += int(b.GetCount())
			}
			require.Equal(t, incidents, count, "told once, alone or among those that are counted")
			for ticket, times := range named(alone, together) {
				require.Equal(t, 1, times, "ticket %d", ticket)
			}
		}
		w.idle()
		require.Equal(t, 2*incidents, w.count(`SELECT COUNT(*) FROM page_deliveries WHERE state = 'accepted'`))

		// Ada takes what she was told together, and nothing else.
		alone, together := calls(t, hooks[ada.GetId()].Requests())
		for _, b := range together {
			status, _ := w.request(http.MethodPost, b.GetAcknowledgeUrl())
			require.Equal(t, http.StatusOK, status)
		}
		require.Equal(t, incidents-len(alone), w.count(`SELECT COUNT(*) FROM pages WHERE state = 'acknowledged'`))
		for _, b := range together {
			for _, p := range []*notificationv1.BundledPage{b.GetPages()[0], b.GetPages()[len(b.GetPages())-1]} {
				page := w.page(p.GetPage())
				require.Equal(t, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED, page.GetState())
				require.Equal(t, ada.GetName(), page.GetAcknowledgedBy().GetName())
			}
		}
		for _, n := range alone {
			require.Equal(t, ticketv1.PageState_PAGE_STATE_DELIVERED, w.page(n.GetPage()).GetState())
		}
	})
}
