package notification_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/durationpb"

	"altis-dxp.com/support/pkg/config"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification"
)

func TestWhateverAReceiverDoesTheNextContactStartsAndOthersAreUnaffected(t *testing.T) {
	faults := []struct {
		name    string
		respond func(h *testkit.Hook)
		url     func(t *testing.T, h *testkit.Hook) string // nil = that of the hook
		final   bool                                       // the receiver is not tried again
	}{
		{name: "500", respond: func(h *testkit.Hook) { always(h, testkit.Response{Status: 500}) }},
		{name: "429 for an hour", respond: func(h *testkit.Hook) {
			always(h, testkit.Response{Status: 429, Header: http.Header{"Retry-After": {"3600"}}})
		}},
		{name: "410", final: true, respond: func(h *testkit.Hook) { always(h, testkit.Response{Status: 410}) }},
		{name: "redirect", respond: func(h *testkit.Hook) {
			always(h, testkit.Response{Status: 302, Header: http.Header{"Location": {"http://127.0.0.1:1/"}}})
		}},
		{name: "hangs", respond: func(h *testkit.Hook) { always(h, testkit.Response{Hang: true}) }},
		{name: "refuses", respond: func(h *testkit.Hook) { h.Down() }},
		{name: "drips", respond: func(h *testkit.Hook) { always(h, testkit.Response{Drip: true}) }},
		{name: "speaks no TLS", url: func(_ *testing.T, h *testkit.Hook) string { return strings.Replace(h.URL, "http:", "https:", 1) }},
	}
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		w := setup(t, db, asByFlags(t))
		bad := make([]*testkit.Hook, len(faults))
		second, good := testkit.Receiver(t), testkit.Receiver(t)
		people := make([]*eventv1.DirectoryPerson, len(faults))
		var targets []string
		for i, f := range faults {
			bad[i] = testkit.Receiver(t)
			url := bad[i].URL
			if f.respond != nil {
				f.respond(bad[i])
			} else {
				url = f.url(t, bad[i])
			}
			people[i] = w.engineer(i)
			w.contact(people[i], url)
			w.contact(people[i], fmt.Sprintf("%s/%d", second.URL, i))
			targets = append(targets, person(people[i]))
		}
		w.contact(ben, good.URL)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, append(targets, person(ben))...)}, Loops: 1, Fallback: []string{eve.GetId()},
		})

		began := time.Now()
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return len(good.Requests()) == 1 && len(second.Requests()) == len(faults) }, "pages")
		require.Less(t, good.Requests()[0].At.Sub(began), 2*time.Second)
		ids := map[string]bool{}
		for _, r := range second.Requests() {
			ids[r.Header.Get("Webhook-Id")] = true
		}
		require.Len(t, ids, len(faults))
		page := w.onlyPage(1)
		for i, f := range faults {
			// After two seconds, on a machine where other tests run; not once the first contact has failed for good.
			require.LessOrEqual(t, nextContactAfter(t, page, people[i]), 10*time.Second, f.name)
		}

		// Those that may recover are tried again, under the same id; the one that is gone is not.
		for i, f := range faults {
			if f.name == "500" || f.name == "redirect" {
				testkit.Eventually(t, func() bool { return len(bad[i].Requests()) >= 2 }, "%s: no second attempt", f.name)
				r := bad[i].Requests()
				require.Equal(t, r[0].Header.Get("Webhook-Id"), r[1].Header.Get("Webhook-Id"))
				require.Equal(t, r[0].Body, r[1].Body)
			}
			if f.final {
				require.Len(t, bad[i].Requests(), 1)
			}
		}
		for _, d := range w.onlyPage(1).GetDeliveries() {
			if d.GetState() == "failed" {
				require.Contains(t, d.GetLastAnswer(), "410")
			}
		}
	}, notification.Migrations()...)
}

// asByFlags returns how long notification waits for receivers when no flag says otherwise.
func asByFlags(t *testing.T) notification.Config {
	t.Helper()
	var flags notification.Config
	require.NoError(t, config.Parse("notificationd", "", &flags, nil))
	return notification.Config{NextContactAfter: flags.NextContactAfter, AttemptTimeout: flags.AttemptTimeout}
}

// nextContactAfter returns how long after the opening of a page somebody's second contact was paged. The instants are the
// database's: when a busy machine gets round to see them does not matter.
func nextContactAfter(t *testing.T, page *notificationv1.Page, p *eventv1.DirectoryPerson) time.Duration {
	t.Helper()
	var made []time.Time
	for _, d := range page.GetDeliveries() {
		if d.GetPerson().GetId() == p.GetId() {
			made = append(made, d.GetCreateTime().AsTime())
		}
	}
	require.Len(t, made, 2)
	require.Equal(t, page.GetCreateTime().AsTime(), made[0])
	return made[1].Sub(made[0])
}

func always(h *testkit.Hook, r testkit.Response) {
	h.Respond(func(int, testkit.Request) testkit.Response { return r })
}

// engineer adds one more engineer to the directory.
func (w *world) engineer(i int) *eventv1.DirectoryPerson {
	w.t.Helper()
	p := &eventv1.DirectoryPerson{
		Id: fmt.Sprintf("00000000-0000-7000-8000-000000001%03d", i), Name: fmt.Sprintf("Engineer %d", i),
		Email: fmt.Sprintf("engineer%d@altis.test", i), Staff: true, Role: "engineer",
	}
	w.change(p)
	return p
}

// change makes a state of a person known, as identity would.
func (w *world) change(p *eventv1.DirectoryPerson) {
	w.t.Helper()
	w.identity.person(p)
	last := w.identity.last()
	res, err := eventv1.NewEventSinkServiceClient(w.server.InProcess("identity")).Deliver(w.t.Context(), &eventv1.DeliverRequest{Events: []*eventv1.Event{{
		Id: fmt.Sprint("directory-", last.GetVersion()), Source: "identity", Aggregate: "directory", Sequence: last.GetVersion(),
		Payload: &eventv1.Event_Directory{Directory: last},
	}}})
	require.NoError(w.t, err)
	require.Equal(w.t, eventv1.Outcome_VERDICT_APPLIED, res.GetOutcomes()[0].GetVerdict())
}

func TestARecoveringReceiverIsReachedByTheSameDelivery(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		hook.Respond(func(n int, _ testkit.Request) testkit.Response {
			if n == 1 {
				return testkit.Response{Status: 503}
			}
			return testkit.Response{}
		})
		w.contact(ada, hook.URL)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool {
			d := w.onlyPage(1).GetDeliveries()
			return len(d) == 1 && d[0].GetState() == "accepted" && d[0].GetAttempts() == 2
		}, "not accepted")
		require.Len(t, hook.Requests(), 2)
	})
}

func TestASlowMailServerIsWaitedForWhileTheNextContactStarts(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp := testkit.SMTPSink(t)
		smtp.Delay(3 * time.Second)
		w := setup(t, db, notification.Config{SMTPAddr: smtp.Addr, NoReceipts: true, AttemptTimeout: 200 * time.Millisecond})
		hook := testkit.Receiver(t)
		w.mailContact(ada)
		w.mailContact(eve)
		w.contact(ada, hook.URL)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		e := urgentEvent(1)
		e.Ticket.Ccs = nil // who would get a mail as well
		require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(1, e))
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "the next contact does not start")
		require.Empty(t, smtp.Messages(), "the mail server still thinks about it")

		testkit.Eventually(t, func() bool {
			deliveries := w.onlyPage(1).GetDeliveries()
			return len(deliveries) == 2 && deliveries[0].GetState() == "accepted" && deliveries[1].GetState() == "accepted"
		}, "not accepted")
		require.EqualValues(t, 1, w.onlyPage(1).GetDeliveries()[0].GetAttempts())
		require.Len(t, smtp.Messages(), 1, "it is not sent again")
		require.Len(t, hook.Requests(), 1)
	}, notification.Migrations()...)
}

func TestADeadReceiverDoesNotDelayOthers(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		dead, good := testkit.Receiver(t), testkit.Receiver(t)
		always(dead, testkit.Response{Hang: true})
		var targets []string
		for i := range 80 { // more than the page lane has workers
			p := w.engineer(i)
			w.contact(p, fmt.Sprintf("%s/%d", dead.URL, i))
			targets = append(targets, person(p))
		}
		steps := []*notificationv1.EscalationStep{{Timeout: durationpb.New(time.Hour)}}
		for chunk := range slices.Chunk(targets, 20) {
			steps[0].Targets = chunk
			w.policy(&notificationv1.EscalationPolicy{Steps: steps, Loops: 1, Fallback: []string{eve.GetId()}})
			w.urgent(time.Now().UnixMicro(), 1)
		}
		w.contact(ben, good.URL)
		steps[0].Targets = []string{person(ben)}
		w.policy(&notificationv1.EscalationPolicy{Steps: steps, Loops: 1, Fallback: []string{eve.GetId()}})

		began := time.Now()
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return len(good.Requests()) == 1 }, "no page")
		require.Less(t, good.Requests()[0].At.Sub(began), 2*time.Second)
	})
}

func TestPagesThatWaitForABusyReceiverGoOnToTheNextContact(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		w := setup(t, db, notification.Config{NextContactAfter: time.Second, AttemptTimeout: 30 * time.Second})
		const called = 40 // of whom the page lane calls 16 at one receiver at once
		dead, other := testkit.Receiver(t), testkit.Receiver(t)
		always(dead, testkit.Response{Hang: true})
		var targets []string
		for i := range called {
			p := w.engineer(i)
			w.contact(p, fmt.Sprintf("%s/%d", dead.URL, i))
			w.contact(p, fmt.Sprintf("%s/%d", other.URL, i))
			targets = append(targets, person(p))
		}
		ticket := int64(0)
		for some := range slices.Chunk(targets, 4) {
			w.policy(&notificationv1.EscalationPolicy{
				Steps: []*notificationv1.EscalationStep{step(time.Hour, some...)}, Loops: 1, Fallback: []string{eve.GetId()},
			})
			ticket++
			w.urgent(ticket, 1)
		}
		testkit.Eventually(t, func() bool { return len(other.Requests()) == called }, "the next contacts")
		for _, r := range other.Requests() {
			sent := notice(t, r)
			require.Less(t, r.At.Sub(sent.GetOpenTime().AsTime()), 10*time.Second, "%s: the silence of the busy one takes 30", r.Path)
		}
		seen := map[string]bool{}
		for _, r := range other.Requests() {
			seen[r.Path] = true
		}
		require.Len(t, seen, called)
		require.Less(t, len(dead.Requests()), called, "the others still wait")
		dead.Release()
		testkit.Eventually(t, func() bool { return len(dead.Requests()) == called }, "what waited is sent when there is room")
		require.Len(t, other.Requests(), called, "once")
	}, notification.Migrations()...)
}

func TestAPageLaneTaskThatCannotBeReadPagesTheFallbackList(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		w.contact(eve, hook.URL)
		w.mailContact(ada)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		w.insertTask("page.deliver", `{"page": broken, but a person can read it`)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "no page")
		n := notice(t, hook.Requests()[0])
		require.Zero(t, n.GetTicket())
		require.Contains(t, n.GetExcerpt(), "a person can read it")
		require.Contains(t, n.GetReason(), "page.deliver")
		testkit.Eventually(t, func() bool { return w.count(`SELECT COUNT(*) FROM tasks WHERE kind = 'page.deliver'`) == 0 }, "the task is still there")
	})
}

// insertTask adds a due task of the page lane as another release might have.
func (w *world) insertTask(kind, payload string) {
	w.t.Helper()
	w.exec(`
INSERT INTO tasks (id, kind, lane, key, payload, trace, run_at, attempt, fence, owner, created_at)
VALUES ($1, $2, 0, '', $3, '', altis_now(), 0, 0, '', altis_now())`, "00000000-0000-7000-8000-00000000beef", kind, payload)
}

func (w *world) exec(statement string, args ...any) {
	w.t.Helper()
	require.NoError(w.t, w.db.Do(w.t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, statement, args...)
		return err
	}))
}

func TestTheWatchdogPagesTheFallbackListOncePerStall(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		w := setup(t, db, notification.Config{WatchdogEvery: 20 * time.Millisecond, WatchdogLimit: 100 * time.Millisecond})
		hook := testkit.Receiver(t)
		w.contact(eve, hook.URL)
		w.mailContact(ada)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		w.insertTask("of.a.newer.release", `{}`) // no replica here runs it
		testkit.Eventually(t, func() bool { return len(hook.Requests()) >= 1 }, "no page")
		stalled := notice(t, hook.Requests()[0])
		require.Contains(t, stalled.GetTitle(), "pages wait and are not sent")
		list, err := w.pages.ListPages(w.as(cem), &notificationv1.ListPagesRequest{})
		require.NoError(t, err)
		require.Len(t, list.GetPages(), 1)

		w.exec(`DELETE FROM tasks WHERE kind = 'of.a.newer.release'`)
		testkit.Eventually(t, func() bool {
			return w.page(stalled.GetPage()).GetState() == ticketv1.PageState_PAGE_STATE_RESOLVED
		}, "the stall does not end")
		ids := map[string]bool{}
		for _, r := range hook.Requests() {
			ids[r.Header.Get("Webhook-Id")] = true
		}
		require.Len(t, ids, 1)
	}, notification.Migrations()...)
}
