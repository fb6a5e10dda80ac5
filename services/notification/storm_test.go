package notification_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification"
)

// calls tells the pages that came alone from those that came together.
func calls(t require.TestingT, requests []testkit.Request) (alone []*notificationv1.PageNotice, together []*notificationv1.PageBundleNotice) {
	for _, r := range requests {
		var kind struct{ Type string }
		require.NoError(t, json.Unmarshal(r.Body, &kind))
		if kind.Type == "page.opened.v1" {
			alone = append(alone, notice(t, r))
			continue
		}
		require.Equal(t, "pages.bundled.v1", kind.Type)
		var bundled notificationv1.PagesBundled
		require.NoError(t, protojson.Unmarshal(r.Body, &bundled))
		require.Equal(t, r.Header.Get("Webhook-Id"), bundled.GetData().GetBundle())
		together = append(together, bundled.GetData())
	}
	return alone, together
}

// named counts how often each ticket was paged.
func named(alone []*notificationv1.PageNotice, together []*notificationv1.PageBundleNotice) map[int64]int {
	tickets := map[int64]int{}
	for _, n := range alone {
		tickets[n.GetTicket()]++
	}
	for _, b := range together {
		for _, p := range b.GetPages() {
			tickets[p.GetTicket()]++
		}
	}
	return tickets
}

// storm makes incidents urgent side by side.
func (w *world) storm(from, n int64) {
	var wg sync.WaitGroup
	next := make(chan int64)
	for range 8 {
		wg.Go(func() {
			for number := range next {
				w.urgent(number, 1)
			}
		})
	}
	for i := range n {
		next <- from + i
	}
	close(next)
	wg.Wait()
}

func inStorm(t *testing.T, cfg notification.Config, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	cfg.BundleHold = time.Second // here: the two engines run side by side
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		test(t, setup(t, db, cfg))
	}, notification.Migrations()...)
}

func (w *world) onlyAda() {
	w.policy(&notificationv1.EscalationPolicy{
		Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
	})
}

func TestInAStormTheFirstPagesGoAtOnceAndTheOthersTogether(t *testing.T) {
	inStorm(t, notification.Config{BundleAfter: 5}, func(t *testing.T, w *world) {
		const incidents = 60
		hook, other := testkit.Receiver(t), testkit.Receiver(t)
		w.contact(ada, hook.URL)
		w.contact(ben, other.URL)
		w.onlyAda()
		w.storm(1, incidents)
		// Somebody else's first page is not held up by the storm over Ada.
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ben))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		w.urgent(1000, 1)
		testkit.Eventually(t, func() bool { return len(other.Requests()) == 1 }, "the first page of Ben")

		testkit.EventuallyPasses(t, func(t require.TestingT) {
			require.Len(t, named(calls(t, hook.Requests())), incidents)
		}, "every incident is named")
		alone, together := calls(t, hook.Requests())
		require.GreaterOrEqual(t, len(alone), 5)
		require.Less(t, len(hook.Requests()), incidents/3, "not a call each")
		for ticket, times := range named(alone, together) {
			require.Equal(t, 1, times, "ticket %d", ticket)
		}
		b := together[0]
		require.EqualValues(t, len(b.GetPages()), b.GetCount())
		require.Equal(t, fmt.Sprintf("%d pages: [Urgent] shop/production: checkout returns 502 and %d more", b.GetCount(), b.GetCount()-1), b.GetTitle())
		require.Equal(t, "https://desk.test/on-call", b.GetPagesUrl())
		require.Equal(t, "Ada Park", b.GetPerson().GetName())

		// Each of its pages is delivered, and its history says how.
		for _, p := range b.GetPages() {
			testkit.Eventually(t, func() bool { return w.page(p.GetPage()).GetState() == ticketv1.PageState_PAGE_STATE_DELIVERED }, "not delivered")
		}
		page := w.page(b.GetPages()[0].GetPage())
		require.Equal(t, b.GetBundle(), page.GetDeliveries()[0].GetBundle())
		last := page.GetLog()[len(page.GetLog())-1]
		require.Equal(t, notificationv1.PageLogEntry_KIND_ACCEPTED_TOGETHER, last.GetKind())
		require.Equal(t, b.GetCount(), last.GetCount())

		// Its link acknowledges what it names, and nothing else.
		require.NotContains(t, b.GetAcknowledgeUrl(), "@")
		status, _ := w.request(http.MethodPost, b.GetAcknowledgeUrl())
		require.Equal(t, http.StatusOK, status)
		for _, p := range b.GetPages() {
			page := w.page(p.GetPage())
			require.Equal(t, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED, page.GetState())
			require.Equal(t, "Ada Park", page.GetAcknowledgedBy().GetName())
		}
		for _, n := range alone {
			require.NotEqual(t, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED, w.page(n.GetPage()).GetState())
		}
	})
}

func TestPagesThatWouldGoTogetherAreTriedAgainByTheNextContactToo(t *testing.T) {
	inStorm(t, notification.Config{BundleAfter: 2}, func(t *testing.T, w *world) {
		const incidents = 20
		hook, next := testkit.Receiver(t), testkit.Receiver(t)
		var mu sync.Mutex
		tries := map[string][]string{} // bodies by webhook-id
		hook.Respond(func(_ int, r testkit.Request) testkit.Response {
			mu.Lock()
			defer mu.Unlock()
			id := r.Header.Get("Webhook-Id")
			if tries[id] = append(tries[id], string(r.Body)); len(tries[id]) == 1 {
				return testkit.Response{Status: 503}
			}
			return testkit.Response{}
		})
		w.contact(ada, hook.URL)
		w.contact(ada, next.URL)
		w.onlyAda()
		w.storm(1, incidents)
		testkit.EventuallyPasses(t, func(t require.TestingT) {
			require.Len(t, named(calls(t, next.Requests())), incidents)
		}, "the next contact hears of every incident")
		require.Less(t, len(next.Requests()), incidents, "together, there too")
		testkit.EventuallyPasses(t, func(t require.TestingT) {
			mu.Lock()
			defer mu.Unlock()
			for _, bodies := range tries {
				require.Len(t, bodies, 2)
				require.Equal(t, bodies[0], bodies[1], "what is sent again is the same")
			}
		}, "sent again")
		require.Zero(t, w.count(`SELECT COUNT(*) FROM tasks WHERE kind = 'page.bundle' AND parked_at > 0`))
	})
}

func TestOneThatWaitedForOthersGoesAlone(t *testing.T) {
	inStorm(t, notification.Config{BundleAfter: 1}, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		hook.Respond(func(n int, _ testkit.Request) testkit.Response {
			if n == 2 { // it is tried again as any page is
				return testkit.Response{Status: 503}
			}
			return testkit.Response{}
		})
		w.contact(ada, hook.URL)
		w.onlyAda()
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "the first")
		w.urgent(2, 1)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 3 }, "the second, twice")
		alone, together := calls(t, hook.Requests())
		require.Empty(t, together)
		require.EqualValues(t, 2, alone[1].GetTicket())
		require.Equal(t, alone[1].GetDelivery(), alone[2].GetDelivery())

		// What is acknowledged while it waits is not sent.
		w.urgent(3, 1)
		w.urgent(4, 1)
		_, err := w.pages.AcknowledgePage(w.as(eve), &notificationv1.AcknowledgePageRequest{Page: w.onlyPage(3).GetId()})
		require.NoError(t, err)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 4 }, "the fourth")
		alone, together = calls(t, hook.Requests())
		require.Empty(t, together)
		require.EqualValues(t, 4, alone[3].GetTicket())
		testkit.Eventually(t, func() bool {
			return w.count(`SELECT COUNT(*) FROM tasks WHERE kind IN ('page.bundle', 'page.deliver')`) == 0
		}, "nothing is left to send")
		require.Len(t, hook.Requests(), 4)
	})
}

func TestAStormByMailAndAtPagerDuty(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp, hook := testkit.SMTPSink(t), testkit.Receiver(t)
		w := setup(t, db, notification.Config{SMTPAddr: smtp.Addr, NoReceipts: true, BundleAfter: 1, BundleHold: time.Second})
		require.NoError(t, w.pagerDuty(hook.URL, integrationKey))
		w.mailContact(ben)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada), person(ben))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		w.storm(1, 5)
		testkit.Eventually(t, func() bool { return len(alerts(t, hook)) >= 2 }, "alerts")
		testkit.EventuallyPasses(t, func(t require.TestingT) {
			var text string
			for _, m := range smtp.Messages() {
				text += string(m.Data)
			}
			require.Contains(t, text, "pages: [Urgent] shop/production")
		}, "the mail about many")
		var bundle string
		for i := range int64(5) {
			page := w.onlyPage(i + 1)
			for _, d := range page.GetDeliveries() {
				if d.GetChannel() == "pagerduty" && d.GetBundle() != "" {
					bundle = d.GetBundle()
				}
			}
		}
		require.NotEmpty(t, bundle)
		closed := func() (actions []string) {
			for _, a := range alerts(t, hook) {
				if a[1] == bundle && a[0] != "trigger" {
					actions = append(actions, a[0])
				}
			}
			return actions
		}
		for i := range int64(5) {
			require.Empty(t, closed(), "the alert stays until the last of its pages is acknowledged")
			_, err := w.pages.AcknowledgePage(w.as(eve), &notificationv1.AcknowledgePageRequest{Page: w.onlyPage(i + 1).GetId()})
			require.NoError(t, err)
		}
		testkit.Eventually(t, func() bool { return len(closed()) > 0 }, "the alert is acknowledged")
		require.Equal(t, "acknowledge", closed()[0])
	}, notification.Migrations()...)
}

// raise and lower are what a flapping incident sends.
func (w *world) raise(number, sequence int64) {
	e := urgentEvent(number)
	e.Change = &eventv1.TicketEvent_StatusChanged{StatusChanged: &eventv1.TicketStatusChanged{OldStatus: ticketv1.TicketStatus_TICKET_STATUS_SOLVED}}
	w.deliver(sequence, e)
}

func (w *world) lower(number, sequence int64) {
	e := urgentEvent(number)
	e.BecameUrgent, e.EndedUrgency, e.Ticket.Status = false, true, ticketv1.TicketStatus_TICKET_STATUS_SOLVED
	e.Change = &eventv1.TicketEvent_StatusChanged{StatusChanged: &eventv1.TicketStatusChanged{OldStatus: ticketv1.TicketStatus_TICKET_STATUS_OPEN}}
	w.deliver(sequence, e)
}

func TestAFlappingIncidentIsCalledOnceAndAgainWithItsCountIfItLasts(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		w := setup(t, db, notification.Config{FlapHold: 10 * time.Second})
		hook := testkit.Receiver(t)
		w.contact(ada, hook.URL)
		w.onlyAda()
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return w.onlyPage(1).GetState() == ticketv1.PageState_PAGE_STATE_DELIVERED }, "the first always calls")
		const flaps = 10
		for i := range int64(flaps) {
			w.lower(1, 2+2*i)
			w.raise(1, 3+2*i)
		}
		list, err := w.pages.ListPages(w.as(cem), &notificationv1.ListPagesRequest{Ticket: 1})
		require.NoError(t, err)
		require.Len(t, list.GetPages(), flaps+1)
		last := w.page(list.GetPages()[0].GetId())
		require.EqualValues(t, flaps+1, last.GetRaised())
		require.Zero(t, last.GetStep(), "nobody is called yet")
		require.Empty(t, last.GetDeliveries())
		folded := last.GetLog()[0]
		require.Equal(t, notificationv1.PageLogEntry_KIND_FOLDED, folded.GetKind())
		require.EqualValues(t, flaps+1, folded.GetCount())
		require.WithinDuration(t, last.GetCreateTime().AsTime().Add(5*time.Minute), folded.GetHoldEndTime().AsTime(), time.Millisecond, "at most")
		require.Equal(t, ticketv1.PageState_PAGE_STATE_PAGING, last.GetState(), "no provider has a page about this time")
		w.told(last.GetId(), "FOLDED")
		require.Equal(t, 5*time.Minute, w.ticket.first(last.GetId()).GetHold().AsDuration(), "the second path waits for it")
		require.Len(t, hook.Requests(), 1)
		for _, p := range list.GetPages()[1:] {
			require.Equal(t, ticketv1.PageState_PAGE_STATE_RESOLVED, p.GetState())
		}

		// It lasts.
		w.exec(`UPDATE tasks SET run_at = altis_now() WHERE kind = 'page.step' AND key = '` + last.GetId() + `'`)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 2 }, "people are called again")
		n := notice(t, hook.Requests()[1])
		require.Equal(t, "[Urgent] shop/production: checkout returns 502 (urgent 11 times within 10 minutes)", n.GetTitle())
		require.EqualValues(t, flaps+1, n.GetRaised())
		w.told(last.GetId(), "FOLDED", "OPENED Ada Park", "DELIVERED Ada Park")
	}, notification.Migrations()...)
}

func TestAnIncidentAboutWhichNobodyWasReachedIsNotFolded(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		w := setup(t, db, notification.Config{FlapHold: time.Hour})
		hook := testkit.Receiver(t)
		always(hook, testkit.Response{Status: 503})
		w.contact(ada, hook.URL)
		w.onlyAda()
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) > 0 }, "a call")
		w.lower(1, 2)
		always(hook, testkit.Response{})
		before := len(hook.Requests())
		w.raise(1, 3)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) > before }, "called at once: nobody knows of it")

		// Who takes over a page that nobody was called about is its owner, and one that is asked for calls at once.
		testkit.Eventually(t, func() bool { return len(w.ticket.told(w.newest(1))) == 2 }, "delivered")
		w.lower(1, 4)
		w.raise(1, 5)
		page := w.newest(1)
		require.Zero(t, w.page(page).GetStep())
		before = len(hook.Requests())
		_, err := w.pages.EscalatePage(w.as(cem), &notificationv1.EscalatePageRequest{Page: page})
		require.NoError(t, err)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) > before }, "called")
		require.EqualValues(t, 1, w.page(page).GetStep())
		w.lower(1, 6)
		w.raise(1, 7)
		acked, err := w.pages.AcknowledgePage(w.as(cem), &notificationv1.AcknowledgePageRequest{Page: w.newest(1)})
		require.NoError(t, err)
		require.Equal(t, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED, acked.GetState())
		before = len(hook.Requests())
		_, err = w.pages.UnacknowledgePage(w.as(cem), &notificationv1.UnacknowledgePageRequest{Page: acked.GetId(), Reason: "not mine"})
		require.NoError(t, err)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) > before }, "called again")
	}, notification.Migrations()...)
}

// newest returns the last page of a ticket.
func (w *world) newest(ticket int64) string {
	w.t.Helper()
	res, err := w.pages.ListPages(w.as(cem), &notificationv1.ListPagesRequest{Ticket: ticket})
	require.NoError(w.t, err)
	return res.GetPages()[0].GetId()
}

// first returns the first event of a page, which has been told.
func (f *ticketFake) first(page string) *eventv1.PageEvent { return f.nth(page, 1) }

// nth is first for another one.
func (f *ticketFake) nth(page string, sequence int64) *eventv1.PageEvent {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.events, func(e *eventv1.Event) bool { return e.GetAggregate() == page && e.GetSequence() == sequence })
	return f.events[i].GetPage()
}
