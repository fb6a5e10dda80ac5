package ticket_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket"
)

// mailbox keeps what it is handed.
type mailbox struct {
	notificationv1.UnimplementedEmergencyPageServiceServer
	mu     sync.Mutex
	down   bool
	handed []*eventv1.Event
	ended  []*eventv1.Event // of incidents that are over
}

func (m *mailbox) PageTicket(_ context.Context, req *notificationv1.PageTicketRequest) (*notificationv1.PageTicketResponse, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down {
		return nil, errors.New("its disk is full")
	}
	if !req.GetEvent().GetTicket().GetBecameUrgent() {
		m.ended = append(m.ended, req.GetEvent())
		return &notificationv1.PageTicketResponse{}, nil
	}
	m.handed = append(m.handed, req.GetEvent())
	return &notificationv1.PageTicketResponse{Page: "p1"}, nil
}

func (m *mailbox) setDown(down bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down = down
}

func (m *mailbox) got() []*eventv1.Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.handed
}

// stopped are the tickets whose pages it was told to stop.
func (m *mailbox) stopped() (numbers []int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.ended {
		numbers = append(numbers, e.GetTicket().GetTicket().GetNumber())
	}
	return numbers
}

// onBothWithMailbox runs a test on both engines with an emergency mailbox.
func onBothWithMailbox(t *testing.T, watch time.Duration, test func(f *fixture)) {
	testkit.Databases(t, "ticket", func(t *testing.T, cfg sqldb.Config) {
		f := &fixture{mailbox: &mailbox{}}
		f.start(t, cfg, ticket.Config{PageWatch: watch})
		test(f)
	}, ticket.Migrations()...)
}

func (f *fixture) watches() (n int) {
	f.t.Helper()
	require.NoError(f.t, f.db.Reader().QueryRowContext(f.t.Context(), `SELECT COUNT(*) FROM tasks WHERE kind = 'page-watch'`).Scan(&n))
	return n
}

// pageEvent is news of the page of an occurrence.
func pageEvent(number, occurrence, sequence int64, kind eventv1.PageEvent_Kind, state ticketv1.PageState) *eventv1.Event {
	return &eventv1.Event{
		Id: "page-" + kind.String(), Aggregate: "p1", Sequence: sequence, Payload: &eventv1.Event_Page{Page: &eventv1.PageEvent{
			Page: "p1", Ticket: number, Occurrence: occurrence, Kind: kind, State: state, ChangeTime: timestamppb.Now(),
		}},
	}
}

func (f *fixture) summaries(number int64) (all []string) {
	f.t.Helper()
	events, err := f.client.ListEvents(f.as("sam"), &ticketv1.ListEventsRequest{Ticket: number})
	require.NoError(f.t, err)
	for _, e := range events.GetEvents() {
		if e.GetSummary() != "" {
			all = append(all, e.GetSummary())
		}
	}
	return all
}

func TestWhatNobodyIsPagedAboutInTimeIsHandedToTheMailbox(t *testing.T) {
	onBothWithMailbox(t, 100*time.Millisecond, func(f *fixture) {
		f.notification.setRefuse(true)
		f.mailbox.setDown(true)
		created := f.create("uma", urgent())
		number := created.GetNumber()
		f.deliver("notification", pageEvent(number, 1, 1, eventv1.PageEvent_KIND_OPENED, ticketv1.PageState_PAGE_STATE_PAGING), eventv1.Outcome_VERDICT_APPLIED)
		f.mailbox.setDown(false)
		testkit.Eventually(f.t, func() bool { return len(f.summaries(number)) == 2 && f.watches() == 0 }, "the mailbox is not handed the event")
		require.Equal(f.t, []string{"The on-call engineers are being paged", "The on-call engineers are being paged on the second path"}, f.summaries(number))
		event := f.mailbox.got()[0]
		require.EqualValues(f.t, 1, event.GetSequence())
		require.True(f.t, event.GetTicket().GetBecameUrgent())
		require.Equal(f.t, "Checkout returns 502", event.GetTicket().GetTicket().GetSubject())

		f.notification.setRefuse(false)
		testkit.Eventually(f.t, func() bool { return f.notification.handed(number) != nil }, "notification does not hear of it")
		told := f.notification.handed(number)
		require.EqualValues(f.t, 1, told.GetSequence(), "the occurrence")
		require.Equal(f.t, "p1", told.GetTicket().GetEmergencyPage())
		require.True(f.t, told.GetTicket().GetBecameUrgent())
		require.False(f.t, told.GetTicket().GetEndedUrgency())
		require.Len(f.t, f.mailbox.got(), 1)
	})
}

func TestTheWatchEndsWithTheNewsOfThePageOrTheUrgency(t *testing.T) {
	onBothWithMailbox(t, time.Hour, func(f *fixture) {
		create := func() int64 {
			number := f.create("uma", urgent()).GetNumber()
			require.Equal(f.t, 1, f.watches(), "one task for an urgent event")
			return number
		}
		f.create("uma", question())
		require.Zero(f.t, f.watches(), "none for others")

		number := create()
		opened := pageEvent(number, 1, 1, eventv1.PageEvent_KIND_OPENED, ticketv1.PageState_PAGE_STATE_PAGING)
		f.deliver("notification", opened, eventv1.Outcome_VERDICT_APPLIED)
		require.Equal(f.t, 1, f.watches(), "nobody has the page yet")
		f.deliver("notification", pageEvent(number, 1, 2, eventv1.PageEvent_KIND_DELIVERED, ticketv1.PageState_PAGE_STATE_DELIVERED), eventv1.Outcome_VERDICT_APPLIED)
		require.Zero(f.t, f.watches(), "a provider took it")

		for kind, state := range map[eventv1.PageEvent_Kind]ticketv1.PageState{
			eventv1.PageEvent_KIND_ACKNOWLEDGED: ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED,
			eventv1.PageEvent_KIND_EXHAUSTED:    ticketv1.PageState_PAGE_STATE_EXHAUSTED,
			eventv1.PageEvent_KIND_RESOLVED:     ticketv1.PageState_PAGE_STATE_RESOLVED,
		} {
			f.deliver("notification", pageEvent(create(), 1, 3, kind, state), eventv1.Outcome_VERDICT_APPLIED)
			require.Zero(f.t, f.watches(), kind)
		}

		_, err := f.client.SolveTicket(f.as("sam"), &ticketv1.SolveTicketRequest{Ticket: create()})
		require.NoError(f.t, err)
		require.Zero(f.t, f.watches(), "it is urgent no more")
	})
}

// watchIn returns how long it is until the only watch looks.
func (f *fixture) watchIn() time.Duration {
	f.t.Helper()
	require.Equal(f.t, 1, f.watches())
	var left int64
	require.NoError(f.t, f.db.Reader().QueryRowContext(f.t.Context(), `SELECT run_at - altis_now() FROM tasks WHERE kind = 'page-watch'`).Scan(&left))
	return time.Duration(left) * time.Microsecond
}

// folded is the news that people are called about an occurrence when it lasts for a while.
func folded(number int64, hold time.Duration) *eventv1.Event {
	e := pageEvent(number, 1, 1, eventv1.PageEvent_KIND_FOLDED, ticketv1.PageState_PAGE_STATE_PAGING)
	e.Id = fmt.Sprint("folded-", number)
	e.GetPage().Hold = durationpb.New(hold)
	return e
}

func TestTheWatchOverAFoldedPageWaitsUntilPeopleAreCalled(t *testing.T) {
	onBothWithMailbox(t, time.Hour, func(f *fixture) {
		near := func(want time.Duration) { require.InDelta(f.t, want, f.watchIn(), float64(10*time.Minute)) }
		number := f.create("uma", urgent()).GetNumber()
		near(time.Hour)
		f.deliver("notification", folded(number, 3*time.Hour), eventv1.Outcome_VERDICT_APPLIED)
		near(4 * time.Hour)
		f.deliver("notification", pageEvent(number, 1, 2, eventv1.PageEvent_KIND_OPENED, ticketv1.PageState_PAGE_STATE_PAGING), eventv1.Outcome_VERDICT_APPLIED)
		near(time.Hour) // somebody wanted it sooner
		f.deliver("notification", pageEvent(number, 1, 3, eventv1.PageEvent_KIND_DELIVERED, ticketv1.PageState_PAGE_STATE_DELIVERED), eventv1.Outcome_VERDICT_APPLIED)
		require.Zero(f.t, f.watches())

		// Over by then.
		number = f.create("uma", urgent()).GetNumber()
		_, err := f.client.SolveTicket(f.as("sam"), &ticketv1.SolveTicketRequest{Ticket: number})
		require.NoError(f.t, err)
		f.deliver("notification", folded(number, time.Minute), eventv1.Outcome_VERDICT_APPLIED)
		require.Zero(f.t, f.watches())
	})
}

func TestWhatWasFoldedAndNobodyIsCalledAboutIsHandedToTheMailbox(t *testing.T) {
	onBothWithMailbox(t, time.Second, func(f *fixture) {
		number := f.create("uma", urgent()).GetNumber()
		f.deliver("notification", folded(number, time.Second), eventv1.Outcome_VERDICT_APPLIED)
		testkit.Eventually(f.t, func() bool { return len(f.mailbox.got()) == 1 && f.watches() == 0 }, "the mailbox is not handed the event")
		event := f.mailbox.got()[0]
		require.EqualValues(f.t, 1, event.GetSequence(), "the occurrence")
		require.True(f.t, event.GetTicket().GetBecameUrgent())
		require.Equal(f.t, "Checkout returns 502", event.GetTicket().GetTicket().GetSubject())
	})
}

// What a provider had taken did not arrive: nobody was reached yet, and the second path watches again.
func TestTheWatchBeginsAgainWhenWhatWasDeliveredDidNotArrive(t *testing.T) {
	news := func(number, sequence int64, kind eventv1.PageEvent_Kind, state ticketv1.PageState) *eventv1.Event {
		e := pageEvent(number, 1, sequence, kind, state)
		e.Id += fmt.Sprint("-", sequence)
		return e
	}
	lost := func(number int64) *eventv1.Event {
		return news(number, 3, eventv1.PageEvent_KIND_UNDELIVERED, ticketv1.PageState_PAGE_STATE_PAGING)
	}
	onBothWithMailbox(t, time.Hour, func(f *fixture) {
		number := f.create("uma", urgent()).GetNumber()
		f.page(news(number, 2, eventv1.PageEvent_KIND_DELIVERED, ticketv1.PageState_PAGE_STATE_DELIVERED))
		require.Zero(f.t, f.watches())
		f.page(lost(number))
		require.InDelta(f.t, time.Hour, f.watchIn(), float64(10*time.Minute))
		require.Contains(f.t, f.summaries(number), "The page did not arrive: paging goes on")
		f.page(news(number, 4, eventv1.PageEvent_KIND_DELIVERED, ticketv1.PageState_PAGE_STATE_DELIVERED))
		require.Zero(f.t, f.watches(), "the next contact was reached")

		late := lost(number)
		late.Id += "-late"
		f.page(late)
		require.Zero(f.t, f.watches(), "news of before")
	})
	onBothWithMailbox(t, time.Second, func(f *fixture) {
		f.mailbox.setDown(true)
		number := f.create("uma", urgent()).GetNumber()
		f.page(news(number, 2, eventv1.PageEvent_KIND_DELIVERED, ticketv1.PageState_PAGE_STATE_DELIVERED))
		f.page(lost(number))
		f.mailbox.setDown(false)
		testkit.Eventually(f.t, func() bool { return len(f.mailbox.got()) == 1 && f.watches() == 0 }, "the mailbox is not handed the event")
		require.Equal(f.t, "p1", f.mailbox.got()[0].GetTicket().GetEmergencyPage(), "under the id that notification knows")
	})
}

// The mailbox pages about a ticket that a duplicate was merged into under the id of the page that notification has.
func TestTheMailboxIsHandedTheIDOfADuplicatesPage(t *testing.T) {
	onBothWithMailbox(t, time.Second, func(f *fixture) {
		f.mailbox.setDown(true)
		source, into := f.create("uma", urgent()).GetNumber(), f.create("uma", urgent()).GetNumber()
		f.merge(source, into)
		f.page(pageEvent(into, 2, 3, eventv1.PageEvent_KIND_MERGED, ticketv1.PageState_PAGE_STATE_PAGING))
		f.mailbox.setDown(false)
		testkit.Eventually(f.t, func() bool { return len(f.mailbox.got()) == 1 }, "the mailbox is not handed the event")
		event := f.mailbox.got()[0]
		require.EqualValues(f.t, 2, event.GetSequence(), "the occurrence")
		require.Equal(f.t, "p1", event.GetTicket().GetEmergencyPage())
	})
}

func TestWithoutAMailboxNothingIsWatched(t *testing.T) {
	everyEngine(t, func(f *fixture) {
		number := f.create("uma", urgent()).GetNumber()
		f.deliver("notification", folded(number, time.Minute), eventv1.Outcome_VERDICT_APPLIED)
		require.Zero(f.t, f.watches())
	})
}

func TestWhatIsRedactedIsNotHandedToTheMailbox(t *testing.T) {
	onBothWithMailbox(t, 2*time.Second, func(f *fixture) {
		created := f.create("uma", urgent())
		messages, err := f.client.ListMessages(f.as("sam"), &ticketv1.ListMessagesRequest{Ticket: created.GetNumber()})
		require.NoError(f.t, err)
		_, err = f.client.RedactMessage(f.as("sam"), &ticketv1.RedactMessageRequest{
			Ticket: created.GetNumber(), Message: messages.GetMessages()[0].GetId(), Texts: []string{"docs"}, Reason: "a secret",
		})
		require.NoError(f.t, err)
		_, err = f.client.RedactField(f.as("sam"), &ticketv1.RedactFieldRequest{Ticket: created.GetNumber(), Field: "subject", Reason: "a secret"})
		require.NoError(f.t, err)
		testkit.Eventually(f.t, func() bool { return len(f.mailbox.got()) == 1 }, "the mailbox is not handed the event")
		require.NotContains(f.t, f.mailbox.got()[0].String(), "docs")
		require.NotContains(f.t, f.mailbox.got()[0].String(), created.GetSubject())
		require.Contains(f.t, f.mailbox.got()[0].String(), "[redacted]")
	})
}
