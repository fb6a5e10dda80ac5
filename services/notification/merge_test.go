package notification_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// mergedInto is the event of a duplicate.
func mergedInto(source, into int64) *eventv1.TicketEvent {
	e := solved(source)
	e.Ticket.Status = ticketv1.TicketStatus_TICKET_STATUS_CLOSED
	e.Actor = &ticketv1.Person{Id: cem.GetId(), Name: cem.GetName(), Staff: true}
	e.Change = &eventv1.TicketEvent_MergedInto{MergedInto: &eventv1.TicketMergedInto{Into: into, Told: []*ticketv1.Person{e.GetTicket().GetRequester()}}}
	return e
}

// mergedFrom is the event of the other ticket.
func mergedFrom(source, into int64, becameUrgent bool) *eventv1.TicketEvent {
	e := urgentEvent(into)
	e.BecameUrgent = becameUrgent
	e.Ticket.Status = ticketv1.TicketStatus_TICKET_STATUS_OPEN
	e.Actor = &ticketv1.Person{Id: cem.GetId(), Name: cem.GetName(), Staff: true}
	closed := mergedInto(source, into).GetTicket()
	closed.Sequence, closed.Excerpt = mergeSequence, ""
	e.Change = &eventv1.TicketEvent_MergedFrom{MergedFrom: &eventv1.TicketMergedFrom{
		Source: closed, Occurrence: 1, OldStatus: ticketv1.TicketStatus_TICKET_STATUS_OPEN,
	}}
	return e
}

// mergeSequence is that of both events.
const mergeSequence = 3

// merge tells of a merge, either ticket first.
func (w *world) merge(sourceFirst bool, source, into int64, becameUrgent bool) {
	w.t.Helper()
	all := []*eventv1.TicketEvent{mergedInto(source, into), mergedFrom(source, into, becameUrgent)}
	if !sourceFirst {
		all[0], all[1] = all[1], all[0]
	}
	for _, e := range all {
		require.Equal(w.t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(mergeSequence, e))
	}
}

// inEitherOrder runs the test on each engine, with the events of a merge in either order.
func inEitherOrder(t *testing.T, test func(t *testing.T, w *world, merge func(source, into int64, becameUrgent bool))) {
	for _, sourceFirst := range []bool{true, false} {
		t.Run(fmt.Sprint("source first ", sourceFirst), func(t *testing.T) {
			onBoth(t, func(t *testing.T, w *world) {
				test(t, w, func(source, into int64, becameUrgent bool) { w.merge(sourceFirst, source, into, becameUrgent) })
			})
		})
	}
}

// openPages returns the pages of a ticket that are not over.
func (w *world) openPages(ticket int64) (open []*notificationv1.Page) {
	w.t.Helper()
	res, err := w.pages.ListPages(w.as(cem), &notificationv1.ListPagesRequest{Ticket: ticket})
	require.NoError(w.t, err)
	for _, p := range res.GetPages() {
		if p.GetState() != ticketv1.PageState_PAGE_STATE_RESOLVED {
			open = append(open, p)
		}
	}
	return open
}

func (w *world) idle() {
	w.t.Helper()
	testkit.Eventually(w.t, func() bool {
		idle, err := w.service.Queue().Idle(w.t.Context())
		require.NoError(w.t, err)
		return idle
	}, "something is still to do")
}

func TestTheDuplicatesPageGoesOnAsThatOfTheOther(t *testing.T) {
	inEitherOrder(t, func(t *testing.T, w *world, merge func(int64, int64, bool)) {
		hook := withLinks(t, w)
		adas, _ := paged(t, w, hook, 7)
		id := w.opened(7, delivered).GetId()
		merge(7, 8, true)
		require.Empty(t, w.openPages(7))
		p := w.opened(8, delivered)
		require.Equal(t, id, p.GetId())
		require.Len(t, hook.Requests(), 2, "nobody is called again")
		entry := entryOf(t, p, notificationv1.PageLogEntry_KIND_MERGED_INTO)
		require.EqualValues(t, 8, entry.GetTicket())
		require.Equal(t, "The ticket was merged into #8, by Cem Aksoy", entry.GetText())
		testkit.Eventually(t, func() bool {
			told := w.ticket.told(id)
			return len(told) == 3 && told[2] == "MERGED"
		}, "the other ticket does not hear of it")

		status, _ := w.request(http.MethodPost, adas)
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, acknowledged, w.page(id).GetState())
		require.Equal(t, eventv1.Outcome_VERDICT_DUPLICATE, w.deliver(mergeSequence, mergedFrom(7, 8, true)))
		w.deliver(4, solved(8))
		require.Empty(t, w.openPages(8), "it is over with the other")
	})
}

func TestAnAcknowledgementOfTheDuplicateCountsForTheOther(t *testing.T) {
	inEitherOrder(t, func(t *testing.T, w *world, merge func(int64, int64, bool)) {
		hook := withLinks(t, w)
		paged(t, w, hook, 7)
		id := w.opened(7, delivered).GetId()
		w.acknowledge(id, ada)
		_, bens := paged(t, w, hook, 8)
		weaker := w.opened(8, delivered).GetId()
		merge(7, 8, false)
		w.idle()
		open := w.openPages(8)
		require.Len(t, open, 1)
		require.Equal(t, id, open[0].GetId())
		require.Equal(t, acknowledged, open[0].GetState())
		require.Equal(t, "Ada Park", open[0].GetAcknowledgedBy().GetName())
		require.Equal(t, ticketv1.PageState_PAGE_STATE_RESOLVED, w.page(weaker).GetState())
		require.EqualValues(t, 7, entryOf(t, w.page(weaker), notificationv1.PageLogEntry_KIND_MERGED_FROM).GetTicket())
		testkit.Eventually(t, func() bool {
			told := w.ticket.told(id)
			return len(told) > 0 && told[len(told)-1] == "MERGED Ada Park"
		}, "the other ticket does not hear who has it")

		status, body := w.request(http.MethodGet, bens)
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, body, "Ada Park", "the link of the weaker page leads to the stronger")
	})
}

func TestOnlyTheDuplicatesChainStopsWhenTheOthersIsAsStrong(t *testing.T) {
	inEitherOrder(t, func(t *testing.T, w *world, merge func(int64, int64, bool)) {
		hook := withLinks(t, w)
		adas, _ := paged(t, w, hook, 7)
		paged(t, w, hook, 8)
		weaker, id := w.opened(7, delivered).GetId(), w.opened(8, delivered).GetId()
		merge(7, 8, false)
		w.idle()
		require.Empty(t, w.openPages(7))
		require.Equal(t, ticketv1.PageState_PAGE_STATE_RESOLVED, w.page(weaker).GetState())
		require.EqualValues(t, 8, entryOf(t, w.page(weaker), notificationv1.PageLogEntry_KIND_MERGED_INTO).GetTicket())
		require.Equal(t, delivered, w.page(id).GetState())
		require.Len(t, hook.Requests(), 4, "nobody is called again")

		// Whoever was called about the duplicate takes the other.
		status, _ := w.request(http.MethodPost, adas)
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, acknowledged, w.page(id).GetState())
		require.Equal(t, "Ada Park", w.page(id).GetAcknowledgedBy().GetName())
	})
}

// However the events of both tickets come, one page is open in the end, and somebody is called.
func TestAMergeInAnyOrderOfEvents(t *testing.T) {
	orders := func(n int) (all [][]int) {
		var permute func(done, rest []int)
		permute = func(done, rest []int) {
			if len(rest) == 0 {
				all = append(all, done)
			}
			for i := range rest {
				others := append(append([]int{}, rest[:i]...), rest[i+1:]...)
				permute(append(append([]int{}, done...), rest[i]), others)
			}
		}
		permute(nil, []int{0, 1, 2, 3}[:n])
		return all
	}
	onBoth(t, func(t *testing.T, w *world) {
		hook := withLinks(t, w)
		number := int64(100)
		for _, both := range []bool{false, true} {
			n := 3
			if both {
				n = 4
			}
			for _, order := range orders(n) {
				source, into := number, number+1
				number += 2
				before := len(hook.Requests())
				for _, i := range order {
					switch i {
					case 0:
						w.urgent(source, 1)
					case 1:
						w.deliver(mergeSequence, mergedInto(source, into))
					case 2:
						w.deliver(mergeSequence, mergedFrom(source, into, !both))
					case 3:
						w.urgent(into, 1)
					}
				}
				testkit.Eventually(t, func() bool { return len(hook.Requests()) >= before+2 }, "nobody is called in the order %v", order)
				w.idle()
				require.Empty(t, w.openPages(source), order)
				require.Len(t, w.openPages(into), 1, order)
				w.deliver(mergeSequence+1, solved(into))
				require.Empty(t, w.openPages(into), order)
			}
		}
	})
}

// The other ticket was urgent before, and that it was over is told late: what is left of that is in nobody's way.
func TestAMergeThatRaisesAnIncidentAnewDoesNotGoByItsOldPage(t *testing.T) {
	inEitherOrder(t, func(t *testing.T, w *world, merge func(int64, int64, bool)) {
		hook := withLinks(t, w)
		_, bens := paged(t, w, hook, 8)
		old := w.opened(8, delivered).GetId()
		w.acknowledge(old, ada)
		paged(t, w, hook, 7)
		id := w.opened(7, delivered).GetId()
		merge(7, 8, true)
		w.deliver(2, solved(8)) // late
		w.idle()
		require.Equal(t, ticketv1.PageState_PAGE_STATE_RESOLVED, w.page(old).GetState())
		open := w.openPages(8)
		require.Len(t, open, 1)
		require.Equal(t, id, open[0].GetId())
		require.Equal(t, delivered, open[0].GetState())
		status, _ := w.request(http.MethodPost, bens)
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, acknowledged, w.page(id).GetState(), "the old page leads to the one that goes on")

		// What the duplicate's page was is not known yet.
		paged(t, w, hook, 18)
		old = w.opened(18, delivered).GetId()
		merge(17, 18, true)
		id = w.newest(18)
		require.NotEqual(t, old, id)
		w.deliver(2, solved(18))
		w.urgent(17, 1)
		w.idle()
		require.Equal(t, ticketv1.PageState_PAGE_STATE_RESOLVED, w.page(old).GetState())
		open = w.openPages(18)
		require.Len(t, open, 1)
		require.Equal(t, id, open[0].GetId(), "people are called when it lasts")
		require.Empty(t, w.openPages(17))
	})
}

// A duplicate that was over a moment ago calls nobody yet, and its second path waits as long for the other ticket.
func TestTheFoldedPageOfADuplicateStaysFolded(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		w := setup(t, db, notification.Config{FlapHold: time.Minute})
		hook := withLinks(t, w)
		paged(t, w, hook, 7)
		w.opened(7, delivered)
		w.lower(7, 2)
		w.raise(7, 3)
		id := w.newest(7)
		w.deliver(5, func() *eventv1.TicketEvent {
			e := mergedFrom(7, 8, true)
			e.GetMergedFrom().Occurrence, e.GetMergedFrom().GetSource().Sequence = 3, 4
			return e
		}())
		w.told(id, "FOLDED", "MERGED")
		require.InDelta(t, time.Minute, w.ticket.nth(id, 2).GetHold().AsDuration(), float64(10*time.Second))
		require.Len(t, hook.Requests(), 2, "nobody is called again")
	}, notification.Migrations()...)
}

// The mailbox has called while notification was away: what it did counts, and it is silent then.
func TestAMergeWhileTheMailboxPages(t *testing.T) {
	withMailbox(t, time.Minute, func(t *testing.T, w *world, m *mailboxFake, hook *testkit.Hook) {
		id := domain.PageID(7, 1)
		m.hold(id, ada, ada, ben)
		all := []*eventv1.TicketEvent{mergedInto(7, 8), mergedFrom(7, 8, true)}
		for _, e := range all {
			require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliverAged(mergeSequence, time.Hour, e))
		}
		p := w.opened(8, acknowledged)
		require.Equal(t, id, p.GetId())
		require.Equal(t, "Ada Park", p.GetAcknowledgedBy().GetName())
		require.True(t, m.taken())
		w.urgent(7, 1) // late
		w.idle()
		require.Empty(t, w.openPages(7))
		require.Equal(t, acknowledged, w.page(id).GetState())
		require.Empty(t, hook.Requests(), "nobody is called again")
	})
}

// Notification comes back to a merge of which it knew neither ticket: whoever the mailbox has called is not called again, and
// somebody is called whatever the mailbox says.
func TestALateMergeAsksTheMailboxBeforeItCalls(t *testing.T) {
	for _, c := range []struct {
		name  string
		set   func(m *mailboxFake, id string)
		paths []string // who is called by notification
	}{
		{"it has called both", func(m *mailboxFake, id string) { m.hold(id, nil, ada, ben) }, nil},
		{"it has called one", func(m *mailboxFake, id string) { m.hold(id, nil, ada) }, []string{"/Ben"}},
		{"it has reached nobody", func(m *mailboxFake, id string) { m.hold(id, nil) }, []string{"/Ada", "/Ben"}},
		{"it has no page", func(*mailboxFake, string) {}, []string{"/Ada", "/Ben"}},
		{"it is down", func(m *mailboxFake, _ string) { m.set(func(f *mailboxFake) { f.down = true }) }, []string{"/Ada", "/Ben"}},
		{"it hangs", func(m *mailboxFake, _ string) { m.set(func(f *mailboxFake) { f.silent = true }) }, []string{"/Ada", "/Ben"}},
	} {
		for _, sourceFirst := range []bool{true, false} {
			t.Run(fmt.Sprint(c.name, ", source first ", sourceFirst), func(t *testing.T) {
				withMailbox(t, time.Minute, func(t *testing.T, w *world, m *mailboxFake, hook *testkit.Hook) {
					id := domain.PageID(7, 1)
					c.set(m, id)
					all := []*eventv1.TicketEvent{mergedInto(7, 8), mergedFrom(7, 8, true)}
					if !sourceFirst {
						all[0], all[1] = all[1], all[0]
					}
					for _, e := range all {
						require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliverAged(mergeSequence, time.Hour, e))
					}
					w.tell(7, 1, time.Hour, "") // late
					p := w.opened(8, delivered)
					require.Equal(t, id, p.GetId())
					w.idle()
					require.Empty(t, w.openPages(7))
					require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM pages`))
					var paths []string
					for _, r := range hook.Requests() {
						paths = append(paths, r.Path)
					}
					require.ElementsMatch(t, c.paths, paths)
				})
			})
		}
	}
}

func TestTheMoveOfATicketLeavesItsPageAsItIs(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := withLinks(t, w)
		paged(t, w, hook, 7)
		id := w.opened(7, delivered).GetId()
		w.acknowledge(id, ada)
		moved := urgentEvent(7)
		moved.BecameUrgent, moved.Ticket.Organization, moved.Ticket.OrganizationName, moved.Ticket.Team = false, "globex", "Globex", "tier2"
		moved.Change = &eventv1.TicketEvent_RequesterChanged{RequesterChanged: &eventv1.TicketRequesterChanged{OldRequester: moved.GetTicket().GetRequester()}}
		require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(2, moved))
		w.idle()
		p := w.onlyPage(7)
		require.Equal(t, id, p.GetId())
		require.Equal(t, acknowledged, p.GetState())
		require.Len(t, hook.Requests(), 2, "who has acknowledged is not called again")
	})
}
