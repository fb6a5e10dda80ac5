package notification_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// mailboxFake is the emergency mailbox.
type mailboxFake struct {
	notificationv1.UnimplementedEmergencyPageServiceServer
	mu     sync.Mutex
	pages  map[string]*notificationv1.HeldPage
	asked  []string
	down   bool
	silent bool // it never answers
	gone   bool // it has given a page away
}

func (f *mailboxFake) TakeOverPage(ctx context.Context, req *notificationv1.TakeOverPageRequest) (*notificationv1.HeldPage, error) {
	f.mu.Lock()
	held, down, silent := f.pages[req.GetPage()], f.down, f.silent
	f.asked = append(f.asked, req.GetPage())
	unsent := held != nil && len(held.GetPage().GetDeliveries()) == 0 && !req.GetReached()
	f.gone = f.gone || held != nil && !unsent && !down && !silent
	f.mu.Unlock()
	switch {
	case silent:
		<-ctx.Done()
		return nil, ctx.Err()
	case down:
		return nil, fault.New(fault.Unavailable, "DOWN", "down")
	case held == nil:
		return nil, fault.New(fault.NotFound, "PAGE_UNKNOWN", "no such thing")
	case unsent:
		return nil, fault.New(fault.Precondition, "PAGE_UNSENT", "nobody was reached yet")
	}
	return held, nil
}

// taken reports that it has given a page away.
func (f *mailboxFake) taken() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.gone
}

func (f *mailboxFake) set(change func(f *mailboxFake)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

func (f *mailboxFake) asks() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.asked)
}

// hold gives the mailbox a page that has been delivered to people.
func (f *mailboxFake) hold(id string, acknowledged *eventv1.DirectoryPerson, reached ...*eventv1.DirectoryPerson) {
	at := timestamppb.New(time.Now().Add(-time.Minute).Truncate(time.Microsecond))
	held := &notificationv1.HeldPage{Page: &notificationv1.Page{
		Id: id, State: ticketv1.PageState_PAGE_STATE_PAGING, Cycle: 1, Loop: 1, Step: 1, CreateTime: at,
		Log: []*notificationv1.PageLogEntry{{CreateTime: at, Kind: notificationv1.PageLogEntry_KIND_SKIPPED, Step: 9, Loop: 1}},
	}}
	for _, p := range reached {
		held.Page.Deliveries = append(held.Page.Deliveries, &notificationv1.PageDelivery{
			Id:     domain.DeliveryID(id, domain.Position{Cycle: 1, Loop: 1, Step: 1}, p.GetId(), "c-"+p.GetId()),
			Person: &ticketv1.Person{Id: p.GetId(), Name: p.GetName(), Staff: true}, Channel: "webhook", Cycle: 1, Loop: 1, Step: 1,
			State: "accepted", Attempts: 2, CreateTime: at, AcceptTime: at,
			Answer: &notificationv1.DeliveryAnswer{Kind: notificationv1.DeliveryAnswer_KIND_PROVIDER, Said: "204 No Content"},
		})
		held.Contacts = append(held.Contacts, &notificationv1.Contact{Id: "c-" + p.GetId(), Person: p.GetId(), Address: "https://pager.test", Position: 1})
	}
	if acknowledged != nil {
		held.Page.State, held.Page.AcknowledgeTime = ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED, at
		held.Page.AcknowledgedBy = &ticketv1.Person{Id: acknowledged.GetId(), Name: acknowledged.GetName(), Staff: true}
	}
	f.set(func(f *mailboxFake) { f.pages[id] = held })
}

// withMailbox runs the test on each engine with notification beside a mailbox, Ada and Ben on call and Eve in the second step.
func withMailbox(t *testing.T, watch time.Duration, test func(t *testing.T, w *world, m *mailboxFake, hook *testkit.Hook)) {
	t.Helper()
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, cfg sqldb.Config) {
		m := &mailboxFake{pages: map[string]*notificationv1.HeldPage{}}
		w := setupBeside(t, cfg, notification.Config{PageWatch: watch}, m)
		hook := testkit.Receiver(t)
		for _, p := range []*eventv1.DirectoryPerson{ada, ben, eve} {
			w.contact(p, hook.URL+"/"+p.GetName()[:3])
		}
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada), person(ben)), step(time.Hour, person(eve))}, Loops: 1,
			Fallback: []string{eve.GetId()},
		})
		test(t, w, m, hook)
	}, notification.Migrations()...)
}

// tell delivers an urgent event of an age. mailbox is the page that the mailbox has for certain, "" = none.
func (w *world) tell(number, sequence int64, age time.Duration, mailbox string) {
	w.t.Helper()
	e := urgentEvent(number)
	e.EmergencyPage, e.Ticket.Sequence = mailbox, sequence
	res, err := w.sink.Deliver(w.t.Context(), &eventv1.DeliverRequest{Events: []*eventv1.Event{{
		Id: fmt.Sprintf("%d-%d-%s", number, sequence, mailbox), Source: "ticket", Aggregate: fmt.Sprint(number), Sequence: sequence,
		OccurTime: timestamppb.New(time.Now().Add(-age)), Payload: &eventv1.Event_Ticket{Ticket: e},
	}}})
	require.NoError(w.t, err)
	require.Equal(w.t, eventv1.Outcome_VERDICT_APPLIED, res.GetOutcomes()[0].GetVerdict())
}

// opened waits for the page of a ticket to have a state, and until nothing is due.
func (w *world) opened(number int64, state ticketv1.PageState) *notificationv1.Page {
	w.t.Helper()
	testkit.Eventually(w.t, func() bool {
		res, err := w.pages.ListPages(w.as(cem), &notificationv1.ListPagesRequest{Ticket: number})
		require.NoError(w.t, err)
		idle, err := w.service.Queue().Idle(w.t.Context())
		require.NoError(w.t, err)
		return len(res.GetPages()) == 1 && res.GetPages()[0].GetState() == state && idle
	}, "the page of #%d is not %s", number, state)
	return w.onlyPage(number)
}

// paths returns who was called, sorted.
func paths(hook *testkit.Hook) (all []string) {
	for _, r := range hook.Requests() {
		all = append(all, r.Path)
	}
	slices.Sort(all)
	return all
}

const (
	delivered    = ticketv1.PageState_PAGE_STATE_DELIVERED
	acknowledged = ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED
)

func TestAnEventOfTheUsualAgeAsksNobody(t *testing.T) {
	withMailbox(t, time.Minute, func(t *testing.T, w *world, m *mailboxFake, hook *testkit.Hook) {
		w.tell(7, 3, 0, "")
		w.opened(7, delivered)
		require.Equal(t, []string{"/Ada", "/Ben"}, paths(hook))
		require.Empty(t, m.asks())
	})
}

func TestALateEventGoesOnWhereTheMailboxHasPaged(t *testing.T) {
	withMailbox(t, time.Minute, func(t *testing.T, w *world, m *mailboxFake, hook *testkit.Hook) {
		id := domain.PageID(7, 3)
		m.hold(id, nil, ada)
		w.tell(7, 3, time.Hour, "")
		p := w.opened(7, delivered)
		require.Equal(t, id, p.GetId())
		require.Equal(t, []string{"/Ben"}, paths(hook), "who was reached is not called again")
		require.Equal(t, []string{id}, m.asks())
		require.Len(t, p.GetDeliveries(), 2)
		require.Equal(t, "Ada Park", p.GetDeliveries()[0].GetPerson().GetName())
		require.EqualValues(t, 2, p.GetDeliveries()[0].GetAttempts())
		require.Equal(t, "204 No Content", p.GetDeliveries()[0].GetLastAnswer())
		require.EqualValues(t, 9, p.GetLog()[0].GetStep(), "its history is kept")
		require.Equal(t, notificationv1.PageLogEntry_KIND_TAKEN_OVER, p.GetLog()[1].GetKind())
		testkit.Eventually(t, func() bool { return slices.Equal(w.ticket.told(id), []string{"OPENED Ben Ito", "DELIVERED"}) }, "the ticket does not hear of it")

		_, err := w.pages.EscalatePage(w.as(eve), &notificationv1.EscalatePageRequest{Page: id})
		require.NoError(t, err)
		testkit.Eventually(t, func() bool { return slices.Equal(paths(hook), []string{"/Ben", "/Eve"}) }, "the next step does not begin")
	})
}

func TestWhoAcknowledgedAtTheMailboxHasAcknowledged(t *testing.T) {
	withMailbox(t, time.Minute, func(t *testing.T, w *world, m *mailboxFake, hook *testkit.Hook) {
		id := domain.PageID(7, 3)
		m.hold(id, ada, ada, ben)
		w.tell(7, 3, time.Hour, "")
		p := w.opened(7, acknowledged)
		require.Equal(t, "Ada Park", p.GetAcknowledgedBy().GetName())
		require.Equal(t, m.pages[id].GetPage().GetAcknowledgeTime().AsTime(), p.GetAcknowledgeTime().AsTime())
		require.Nil(t, p.GetNextStepTime())
		require.Empty(t, paths(hook))
		testkit.Eventually(t, func() bool { return slices.Equal(w.ticket.told(id), []string{"OPENED", "ACKNOWLEDGED Ada Park"}) }, "the ticket does not hear of it")
	})
}

func TestAPageOfAMailKeepsItsID(t *testing.T) {
	withMailbox(t, time.Minute, func(t *testing.T, w *world, m *mailboxFake, hook *testkit.Hook) {
		id := domain.Hash("a mail")
		m.hold(id, nil, ada, ben)
		w.tell(7, 3, 0, id)
		p := w.opened(7, delivered)
		require.Equal(t, id, p.GetId())
		require.EqualValues(t, 7, p.GetTicket())
		require.Empty(t, paths(hook))
		require.Len(t, p.GetDeliveries(), 2)
	})
}

func TestWithoutAnAnswerOfTheMailboxItPagesItself(t *testing.T) {
	for name, change := range map[string]func(*mailboxFake){
		"it has no page": func(*mailboxFake) {},
		"it is down":     func(f *mailboxFake) { f.down = true },
		"it hangs":       func(f *mailboxFake) { f.silent = true },
	} {
		t.Run(name, func(t *testing.T) {
			withMailbox(t, time.Minute, func(t *testing.T, w *world, m *mailboxFake, hook *testkit.Hook) {
				m.set(change)
				w.tell(7, 3, time.Hour, "")
				p := w.opened(7, delivered)
				require.Equal(t, domain.PageID(7, 3), p.GetId())
				require.Equal(t, []string{"/Ada", "/Ben"}, paths(hook))
			})
		})
	}
}

func TestAMailboxThatHasThePageForCertainIsAskedUntilItAnswers(t *testing.T) {
	withMailbox(t, time.Minute, func(t *testing.T, w *world, m *mailboxFake, hook *testkit.Hook) {
		id := domain.PageID(7, 3)
		m.hold(id, ben, ada, ben)
		m.set(func(f *mailboxFake) { f.down = true })
		w.tell(7, 3, time.Hour, id)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 2 }, "nobody is paged")
		m.set(func(f *mailboxFake) { f.down = false })
		p := w.opened(7, acknowledged)
		require.Equal(t, "Ben Ito", p.GetAcknowledgedBy().GetName())
		require.Equal(t, []string{"/Ada", "/Ben"}, paths(hook))
	})
}

func TestTheMailboxIsStoppedThoughTheIncidentIsOver(t *testing.T) {
	withMailbox(t, time.Minute, func(t *testing.T, w *world, m *mailboxFake, hook *testkit.Hook) {
		id := domain.PageID(7, 3)
		m.hold(id, nil)
		over := &eventv1.TicketEvent{Ticket: snapshot(7), EndedUrgency: true, Change: &eventv1.TicketEvent_PriorityChanged{}}
		require.Equal(t, eventv1.Outcome_VERDICT_APPLIED, w.deliver(9, over))
		w.tell(7, 3, time.Hour, id)
		p := w.opened(7, ticketv1.PageState_PAGE_STATE_RESOLVED)
		require.Equal(t, id, p.GetId())
		require.Equal(t, []string{id}, m.asks())
		require.Empty(t, paths(hook))
	})
}

// TestWhatSleptAsksFirst has an event of the present, whose deliveries are too old by the time they are sent.
func TestWhatSleptAsksFirst(t *testing.T) {
	withMailbox(t, time.Nanosecond, func(t *testing.T, w *world, m *mailboxFake, hook *testkit.Hook) {
		m.hold(domain.PageID(7, 3), ada, ada)
		w.tell(7, 3, -time.Hour, "")
		p := w.opened(7, acknowledged)
		require.Equal(t, "Ada Park", p.GetAcknowledgedBy().GetName())
		require.Empty(t, paths(hook))

		m.hold(domain.PageID(8, 1), nil, ada)
		w.tell(8, 1, -time.Hour, "")
		w.opened(8, delivered)
		require.Equal(t, []string{"/Ben"}, paths(hook), "each is asked about before anything is sent")
	})
}

// lateStep lets the time of the next steps have come an hour ago.
func (w *world) lateStep() {
	w.t.Helper()
	require.NoError(w.t, w.db.Update(w.t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		for _, statement := range []string{
			`UPDATE pages SET next_step_at = altis_now() - 3600000000 WHERE next_step_at > 0`,
			`UPDATE tasks SET run_at = altis_now() WHERE kind = 'page.step'`,
		} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	}))
}

// TestAFoldedPageGoesOnWhereTheMailboxHasPaged has notification away for longer than a flapping incident is waited for.
func TestAFoldedPageGoesOnWhereTheMailboxHasPaged(t *testing.T) {
	withMailbox(t, time.Minute, func(t *testing.T, w *world, m *mailboxFake, hook *testkit.Hook) {
		w.tell(7, 3, 0, "")
		w.opened(7, delivered)
		w.lower(7, 4)
		w.raise(7, 5)
		id := w.newest(7)
		require.Zero(t, w.page(id).GetStep())
		m.hold(id, nil, eve)
		m.set(func(f *mailboxFake) { f.pages[id].Page.Step, f.pages[id].Page.Deliveries[0].Step = 2, 2 })
		w.lateStep()
		testkit.Eventually(t, func() bool { return w.page(id).GetState() == delivered }, "taken over")
		p := w.page(id)
		require.EqualValues(t, 2, p.GetStep())
		require.WithinDuration(t, time.Now().Add(59*time.Minute), p.GetNextStepTime().AsTime(), time.Minute, "from when the mailbox called")
		w.told(id, "FOLDED", "OPENED", "DELIVERED")
		require.Equal(t, []string{"/Ada", "/Ben"}, paths(hook), "nobody is called about it once more")
	})
}

func TestALateStepAsksFirst(t *testing.T) {
	withMailbox(t, time.Minute, func(t *testing.T, w *world, m *mailboxFake, hook *testkit.Hook) {
		w.tell(7, 3, 0, "")
		p := w.opened(7, delivered)
		m.hold(p.GetId(), ben, ben)
		w.lateStep()
		p = w.opened(7, acknowledged)
		require.Equal(t, "Ben Ito", p.GetAcknowledgedBy().GetName())
		require.Equal(t, []string{"/Ada", "/Ben"}, paths(hook), "the next step does not begin")
	})
}

// TestTheMailboxGoesOnWhileNobodyIsReached: it may reach providers that notification does not.
func TestTheMailboxGoesOnWhileNobodyIsReached(t *testing.T) {
	withMailbox(t, time.Minute, func(t *testing.T, w *world, m *mailboxFake, hook *testkit.Hook) {
		always(hook, testkit.Response{Status: 503})
		id := domain.PageID(7, 3)
		m.hold(id, nil)
		w.tell(7, 3, time.Hour, "")
		testkit.Eventually(t, func() bool { return len(hook.Requests()) >= 2 && len(m.asks()) >= 2 }, "notification does not page as well")
		require.Equal(t, ticketv1.PageState_PAGE_STATE_PAGING, w.onlyPage(7).GetState())
		require.False(t, m.taken(), "it goes on")
		always(hook, testkit.Response{Status: 204})
		w.opened(7, delivered)
		testkit.Eventually(t, m.taken, "the mailbox pages on although notification has reached somebody")
	})
}

// TestWhatWasTriedBeforeAPauseAsksFirst has a page that no provider took before the process was away.
func TestWhatWasTriedBeforeAPauseAsksFirst(t *testing.T) {
	withMailbox(t, time.Minute, func(t *testing.T, w *world, m *mailboxFake, hook *testkit.Hook) {
		always(hook, testkit.Response{Status: 503})
		w.tell(7, 3, 0, "")
		tried := func() bool {
			return w.count(`SELECT COUNT(*) FROM page_deliveries WHERE attempts > 0`) == 2
		}
		testkit.Eventually(t, tried, "nothing is tried")
		m.hold(domain.PageID(7, 3), ben, ben)
		require.NoError(t, w.db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE page_deliveries SET created_at = created_at - 3600000000`) // before the process was started
			return err
		}))
		p := w.opened(7, acknowledged)
		require.Equal(t, "Ben Ito", p.GetAcknowledgedBy().GetName())
	})
}

// TestAMailboxThatIsAboutToReachSomebodyIsWaitedFor has the ticket of a mail made while its page is on its way.
func TestAMailboxThatIsAboutToReachSomebodyIsWaitedFor(t *testing.T) {
	withMailbox(t, time.Minute, func(t *testing.T, w *world, m *mailboxFake, hook *testkit.Hook) {
		id := domain.Hash("a mail")
		m.hold(id, nil)
		w.tell(7, 3, 0, id)
		testkit.Eventually(t, func() bool { return len(m.asks()) > 0 }, "it is not asked")
		m.hold(id, nil, ada, ben)
		w.opened(7, delivered)
		require.Empty(t, paths(hook))
	})
}

func TestAnAcknowledgementIsForwarded(t *testing.T) {
	withMailbox(t, time.Minute, func(t *testing.T, w *world, _ *mailboxFake, _ *testkit.Hook) {
		w.tell(7, 3, 0, "")
		p := w.opened(7, delivered)
		mailbox := notificationv1.NewEmergencyServiceClient(w.server.InProcess("emergency"))
		at := timestamppb.New(time.Now().Add(-time.Second).Truncate(time.Microsecond))
		forward := func(page string, by *eventv1.DirectoryPerson) error {
			_, err := mailbox.ForwardAcknowledgement(t.Context(), &notificationv1.ForwardAcknowledgementRequest{
				Page: page, Person: &ticketv1.Person{Id: by.GetId(), Name: by.GetName()}, AcknowledgeTime: at,
			})
			return err
		}
		require.NoError(t, forward(p.GetId(), ben))
		require.NoError(t, forward(p.GetId(), ada), "told twice, or second")
		got := w.onlyPage(7)
		require.Equal(t, acknowledged, got.GetState())
		require.Equal(t, "Ben Ito", got.GetAcknowledgedBy().GetName())
		require.Equal(t, at.AsTime(), got.GetAcknowledgeTime().AsTime())
		require.ErrorIs(t, forward("none", ada), fault.NotFound)
	})
}
