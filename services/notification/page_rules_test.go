package notification_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// An open page has the policy of its beginning: its steps are neither lost nor doubled by what is changed meanwhile. What it
// did before stays what it was, whatever becomes of the schedule.
func TestAnOpenPageKeepsThePolicyOfItsBeginning(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		for _, p := range []*eventv1.DirectoryPerson{ada, ben, cem, eve} {
			w.contact(p, hook.URL+"/"+p.GetName()[:3])
		}
		require.NoError(t, w.putSchedule(&notificationv1.Schedule{Id: "primary", Name: "Primary", TimeZone: "Europe/Berlin", Layers: weekly("2026-03-01T09:00", ada.GetId())}))
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, "schedule:primary"), step(2*time.Hour, person(ben))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "no page")
		id := w.onlyPage(1).GetId()
		before := w.page(id)

		w.policy(&notificationv1.EscalationPolicy{ // one step less, another one first, and each shorter
			Steps: []*notificationv1.EscalationStep{step(time.Minute, person(cem))}, Loops: 3, Fallback: []string{cem.GetId()},
		})
		require.NoError(t, w.putSchedule(&notificationv1.Schedule{Id: "primary", Name: "Renamed", TimeZone: "Asia/Tokyo", Layers: weekly("2026-03-01T09:00", ben.GetId())}))
		after := w.page(id)
		require.Equal(t, before.GetNextStepTime().AsTime(), after.GetNextStepTime().AsTime())
		called := entryOf(t, after, notificationv1.PageLogEntry_KIND_CALLED)
		require.Equal(t, "Ada Park", called.GetPerson())
		require.Equal(t, "Primary", called.GetWhy().GetSchedule())

		p, err := w.pages.EscalatePage(w.as(cem), &notificationv1.EscalatePageRequest{Page: id})
		require.NoError(t, err)
		require.EqualValues(t, 2, p.GetStep())
		require.WithinDuration(t, time.Now().Add(2*time.Hour), p.GetNextStepTime().AsTime(), time.Minute)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 2 }, "second step")
		require.Equal(t, "/Ben", hook.Requests()[1].Path)
		w.exhaust(id)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 4 }, "the fallback list and the supervisor of then")
		require.False(t, slices.ContainsFunc(hook.Requests(), func(r testkit.Request) bool { return r.Path == "/Cem" }))

		w.urgent(2, 1)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 5 }, "another page")
		require.Equal(t, "/Cem", hook.Requests()[4].Path, "the policy of now")
	})
}

// reprioritized is the event of another priority.
func reprioritized(number int64, urgent bool) *eventv1.TicketEvent {
	e := urgentEvent(number)
	e.BecameUrgent, e.EndedUrgency = urgent, !urgent
	if !urgent {
		e.Ticket.Priority = ticketv1.Priority_PRIORITY_NORMAL
	}
	e.Actor = &ticketv1.Person{Id: cem.GetId(), Name: cem.GetName(), Staff: true}
	e.Change = &eventv1.TicketEvent_PriorityChanged{PriorityChanged: &eventv1.TicketPriorityChanged{}}
	return e
}

func TestATicketThatBecomesUrgentLaterPagesThenAndOneThatIsNoMoreStopsItsSteps(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := twoSteps(t, w)
		w.deliver(1, created(question(1)))
		w.idle()
		require.Empty(t, hook.Requests(), "it is not urgent")
		w.deliver(2, reprioritized(1, true))
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "it is now")
		id := w.onlyPage(1).GetId()
		w.opened(1, delivered)
		w.deliver(3, reprioritized(1, false))
		require.Equal(t, "Cem Aksoy", entryOf(t, w.page(id), notificationv1.PageLogEntry_KIND_NOT_URGENT).GetPerson())
		require.Equal(t, ticketv1.PageState_PAGE_STATE_RESOLVED, w.page(id).GetState())
		require.Nil(t, w.page(id).GetNextStepTime())
		require.Zero(t, w.count(`SELECT COUNT(*) FROM tasks WHERE kind = 'page.step'`))
		w.idle()
		require.Len(t, hook.Requests(), 1, "the second step does not come")
	})
}

// Whichever of an acknowledgement and the next step is first, the page is acknowledged, and nothing comes after that.
func TestAnAcknowledgementMeetsTheTimerOfTheNextStep(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		twoSteps(t, w)
		const pages = 8
		for number := range int64(pages) {
			w.urgent(1+number, 1)
			w.opened(1+number, delivered)
		}
		var wg sync.WaitGroup
		wg.Go(func() { w.exec(`UPDATE tasks SET run_at = altis_now() WHERE kind = 'page.step'`) })
		for number := range int64(pages) {
			wg.Go(func() { w.acknowledge(w.onlyPage(1+number).GetId(), ben) })
		}
		wg.Wait()
		for number := range int64(pages) {
			p := w.opened(1+number, acknowledged)
			require.Nil(t, p.GetNextStepTime())
			log := p.GetLog()
			at := slices.IndexFunc(log, func(e *notificationv1.PageLogEntry) bool {
				return e.GetKind() == notificationv1.PageLogEntry_KIND_ACKNOWLEDGED
			})
			require.GreaterOrEqual(t, at, 0)
			require.False(t, slices.ContainsFunc(log[at:], func(e *notificationv1.PageLogEntry) bool {
				return e.GetKind() == notificationv1.PageLogEntry_KIND_CALLED
			}), "somebody is called afterwards: %v", log)
		}
		require.Zero(t, w.count(`SELECT COUNT(*) FROM tasks WHERE kind IN ('page.step', 'page.deliver')`))
	})
}

// An incident that is over is over, whoever acknowledges in that moment.
func TestAnAcknowledgementMeetsTheEndOfItsIncident(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		twoSteps(t, w)
		const pages = 8
		for number := range int64(pages) {
			w.urgent(1+number, 1)
			w.opened(1+number, delivered)
		}
		var wg sync.WaitGroup
		for number := range int64(pages) {
			id := w.onlyPage(1 + number).GetId()
			wg.Go(func() { w.deliver(2, solved(1+number)) })
			wg.Go(func() {
				_, err := w.pages.AcknowledgePage(w.as(ben), &notificationv1.AcknowledgePageRequest{Page: id})
				if err != nil && fault.ReasonOf(err) != "PAGE_OVER" {
					t.Errorf("acknowledge: %v", err)
				}
			})
		}
		wg.Wait()
		for number := range int64(pages) {
			p := w.opened(1+number, ticketv1.PageState_PAGE_STATE_RESOLVED)
			told := w.ticket.told(p.GetId())
			require.Equal(t, "RESOLVED", told[len(told)-1], "%v", told)
		}
		require.Zero(t, w.count(`SELECT COUNT(*) FROM tasks WHERE kind IN ('page.step', 'page.deliver', 'page.acktimeout')`))
	})
}
