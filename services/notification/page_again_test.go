package notification_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/durationpb"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification"
)

const exhausted = ticketv1.PageState_PAGE_STATE_EXHAUSTED

// exhaust begins the next step until none is left.
func (w *world) exhaust(page string) {
	w.t.Helper()
	for w.page(page).GetState() != exhausted {
		_, err := w.pages.EscalatePage(w.as(cem), &notificationv1.EscalatePageRequest{Page: page})
		require.NoError(w.t, err)
	}
}

func TestAnExhaustedPageBeginsAgainWhenSomebodyAsksForIt(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := twoSteps(t, w)
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "first step")
		id := w.onlyPage(1).GetId()
		adas := func(n int64) (calls []testkit.Request) {
			testkit.EventuallyPasses(t, func(t require.TestingT) {
				calls = slices.DeleteFunc(hook.Requests(), func(r testkit.Request) bool { return r.Path != "/ada" })
				require.Len(t, calls, int(n))
			}, "calls of Ada")
			return calls
		}
		triage := notificationv1.NewPageServiceClient(w.server.InProcess("triage"))
		begin := []struct {
			by, reason string
			do         func(reason string) (*notificationv1.Page, error)
		}{
			{"Eve Lund", "they call again", func(reason string) (*notificationv1.Page, error) {
				return w.pages.OpenPage(w.as(eve), &notificationv1.OpenPageRequest{Ticket: 1, Reason: reason})
			}},
			{"triage", "SLA", func(reason string) (*notificationv1.Page, error) {
				return triage.OpenPage(t.Context(), &notificationv1.OpenPageRequest{Ticket: 1, Reason: reason})
			}},
			{"Cem Aksoy", "Ada is back", func(reason string) (*notificationv1.Page, error) {
				return w.pages.EscalatePage(w.as(cem), &notificationv1.EscalatePageRequest{Page: id, Reason: reason})
			}},
			{"Cem Aksoy", "", func(string) (*notificationv1.Page, error) {
				return w.pages.EscalatePage(w.as(cem), &notificationv1.EscalatePageRequest{Page: id})
			}},
		}
		for i, b := range begin {
			cycle := int64(i) + 2
			w.exhaust(id)
			p, err := b.do(b.reason)
			require.NoError(t, err)
			require.Equal(t, id, p.GetId())
			require.Equal(t, ticketv1.PageState_PAGE_STATE_PAGING, p.GetState())
			require.EqualValues(t, cycle, p.GetCycle())
			require.EqualValues(t, 1, p.GetStep())
			require.EqualValues(t, 1, p.GetLoop())
			adas(cycle)
			log := w.page(id).GetLog()
			last := slices.IndexFunc(log, func(e *notificationv1.PageLogEntry) bool {
				return e.GetKind() == notificationv1.PageLogEntry_KIND_BEGUN_AGAIN && e.GetPerson() == b.by && e.GetReason() == b.reason
			})
			require.GreaterOrEqual(t, last, 0, "%v", log)
		}
		calls := adas(5)
		require.NotEqual(t, calls[0].Header.Get("Webhook-Id"), calls[4].Header.Get("Webhook-Id"))
		testkit.Eventually(t, func() bool { return slices.Contains(w.ticket.told(id), "REOPENED Ada Park") }, "the ticket is not told")

		// While it pages it stays as it is, whoever asks.
		p, err := begin[0].do("once more")
		require.NoError(t, err)
		require.EqualValues(t, 5, p.GetCycle())
		status, _ := w.request(http.MethodPost, notice(t, calls[0]).GetAcknowledgeUrl())
		require.Equal(t, http.StatusConflict, status, "a link of before")
		status, _ = w.request(http.MethodPost, notice(t, calls[4]).GetAcknowledgeUrl())
		require.Equal(t, http.StatusOK, status)
	})
}

func TestALinkOfADuplicateEndsWithTheCycleOfTheMerge(t *testing.T) {
	inEitherOrder(t, func(t *testing.T, w *world, merge func(int64, int64, bool)) {
		hook := withLinks(t, w)
		adas, _ := paged(t, w, hook, 7)
		paged(t, w, hook, 8)
		id := w.opened(8, delivered).GetId()
		w.opened(7, delivered)
		merge(7, 8, false)
		w.idle()
		w.acknowledge(id, ben)
		_, err := w.unacknowledge(id)
		require.NoError(t, err)
		status, body := w.request(http.MethodGet, adas)
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, body, "earlier round")
		status, _ = w.request(http.MethodPost, adas)
		require.Equal(t, http.StatusConflict, status)
		require.Nil(t, w.page(id).GetAcknowledgedBy())
		require.EqualValues(t, 2, w.page(id).GetCycle())
	})
}

// Whoever was told of many at once takes a duplicate's other ticket, until that pages again.
func TestTheLinkOfABundleFollowsADuplicateUntilItPagesAgain(t *testing.T) {
	for _, again := range []bool{false, true} {
		inStorm := notification.Config{BundleAfter: 1, BundleHold: time.Second}
		t.Run(map[bool]string{false: "it waits", true: "it pages again"}[again], func(t *testing.T) {
			t.Parallel()
			testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
				w := setup(t, db, inStorm)
				hook := testkit.Receiver(t)
				w.contact(ada, hook.URL)
				w.onlyAda()
				for number := range int64(4) {
					w.urgent(5+number, 1)
				}
				var together []*notificationv1.PageBundleNotice
				testkit.Eventually(t, func() bool {
					_, together = calls(t, hook.Requests())
					return len(together) == 1
				}, "no bundle")
				id := w.opened(8, delivered).GetId()
				w.merge(true, 7, 8, false)
				w.idle()
				if again {
					w.acknowledge(id, ben)
					_, err := w.unacknowledge(id)
					require.NoError(t, err)
				}
				status, _ := w.request(http.MethodPost, together[0].GetAcknowledgeUrl())
				require.Equal(t, http.StatusOK, status)
				require.Equal(t, acknowledged, w.opened(6, acknowledged).GetState(), "another one of the bundle")
				require.Equal(t, !again, w.page(id).GetState() == acknowledged)
			}, notification.Migrations()...)
		})
	}
}

func TestLastCallsThatAreRefusedAreFollowedByWhateverIsLeft(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		gone, left := testkit.Receiver(t), testkit.Receiver(t)
		always(gone, testkit.Response{Status: 410})
		w.contact(ada, gone.URL+"/ada")
		w.contact(ben, left.URL+"/ben")
		w.contact(eve, gone.URL+"/eve")
		_, err := w.onCall.CreateContact(w.as(eve), &notificationv1.CreateContactRequest{
			Contact: &notificationv1.Contact{Person: eve.GetId(), Channel: notificationv1.Contact_CHANNEL_WEBHOOK, Address: left.URL + "/eve"},
		})
		require.NoError(t, err)
		codes := len(left.Requests())
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{ben.GetId()},
		})
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return len(left.Requests()) == codes+1 }, "the fallback list")
		id := w.onlyPage(1).GetId()
		w.exhaust(id)
		testkit.Eventually(t, func() bool { return len(left.Requests()) == codes+3 }, "nobody is called any more")
		var called []string
		for _, r := range left.Requests()[codes+1:] {
			called = append(called, r.Path)
		}
		slices.Sort(called)
		require.Equal(t, []string{"/ben", "/eve"}, called, "the fallback list, and a contact that is not verified")
		w.idle()
		p := w.page(id)
		require.Equal(t, exhausted, p.GetState())
		entryOf(t, p, notificationv1.PageLogEntry_KIND_EXHAUSTED)
		entryOf(t, p, notificationv1.PageLogEntry_KIND_UNHEARD)
		require.Equal(t, 1, strings.Count(w.logs.String(), "nobody is left to call about a page"))

		// It begins again all the same.
		_, err = w.pages.EscalatePage(w.as(cem), &notificationv1.EscalatePageRequest{Page: id})
		require.NoError(t, err)
	})
}

func TestWhenEverybodyRefusesPagingEnds(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		gone := testkit.Receiver(t)
		always(gone, testkit.Response{Status: 410})
		w.contact(ada, gone.URL+"/ada")
		w.contact(ben, gone.URL+"/ben")
		w.contact(eve, gone.URL+"/eve")
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{ben.GetId()},
		})
		w.urgent(1, 1)
		p := w.opened(1, exhausted)
		entries := 0
		for _, e := range p.GetLog() {
			if e.GetKind() == notificationv1.PageLogEntry_KIND_UNHEARD {
				entries++
			}
		}
		require.Equal(t, 1, entries)
		require.Len(t, gone.Requests(), 4, "Ada, Ben, Eve, and Ben at the last")
	})
}

// A snooze brings the page back though the customer was answered before. Whoever takes it then may forget it as anybody may.
func TestAfterASnoozeAForgottenAcknowledgementPagesAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		w.contact(ada, hook.URL)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
			AcknowledgeTimeout: durationpb.New(time.Hour),
		})
		due := func() { w.exec(`UPDATE tasks SET run_at = altis_now() WHERE kind = 'page.acktimeout'`) }
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "no page")
		id := w.onlyPage(1).GetId()
		w.acknowledge(id, ada)
		w.deliver(2, answeredByStaff(1))
		_, err := w.snooze(id, nil)
		require.NoError(t, err)
		w.exec(`UPDATE pages SET snoozed_until = altis_now()`)
		due()
		testkit.Eventually(t, func() bool { return w.page(id).GetCycle() == 2 }, "the snooze does not end")
		w.acknowledge(id, ada)
		due()
		testkit.Eventually(t, func() bool { return w.page(id).GetCycle() == 3 }, "it is forgotten")
		entryOf(t, w.page(id), notificationv1.PageLogEntry_KIND_REOPENED)
	})
}
