package emergency_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// as returns the mailbox as another service of the suite calls it.
func (w *world) as(service string) notificationv1.EmergencyPageServiceClient {
	w.t.Helper()
	s := rpc.NewServer(rpc.ServerOptions{})
	w.service.Register(s)
	require.NoError(w.t, s.Start())
	return notificationv1.NewEmergencyPageServiceClient(s.InProcess(service))
}

// urgent is an event that made a ticket urgent.
func urgent(number, sequence int64) *notificationv1.PageTicketRequest {
	return &notificationv1.PageTicketRequest{Event: &eventv1.Event{
		Id: "urgent", Source: "ticket", Aggregate: "7", Sequence: sequence, OccurTime: timestamppb.Now(),
		Payload: &eventv1.Event_Ticket{Ticket: &eventv1.TicketEvent{BecameUrgent: true, Ticket: &eventv1.TicketSnapshot{
			Number: number, Subject: "checkout returns 502", OrganizationName: "Shop GmbH", Verified: true,
			Scope:     &ticketv1.Scope{Targets: []*ticketv1.ScopeTarget{{Application: "a", ApplicationName: "shop"}}},
			Requester: &ticketv1.Person{Id: "mia", Name: "Mia Sol"}, Incident: &ticketv1.IncidentDetails{CallbackNumber: "+49 30 1234"},
		}}},
	}}
}

func TestAnIncidentOfTicketIsPagedUntilNotificationTakesItOver(t *testing.T) {
	w := setup(t)
	w.start()
	ticket, notification := w.as("ticket"), w.as("notification")
	taken, err := ticket.PageTicket(t.Context(), urgent(7, 3))
	require.NoError(t, err)
	again, err := ticket.PageTicket(t.Context(), urgent(7, 3))
	require.NoError(t, err)
	require.Equal(t, taken.GetPage(), again.GetPage(), "told twice")
	n := w.paged(1)[0]
	require.Equal(t, taken.GetPage(), n.GetPage())
	require.Equal(t, "[Urgent] shop: checkout returns 502", n.GetTitle())
	require.EqualValues(t, 7, n.GetTicket())
	require.Equal(t, "+49 30 1234", n.GetCallbackNumber())
	require.Contains(t, n.GetTicketUrl(), "/tickets/7")
	require.True(t, n.GetVerified())
	w.clock.Advance(5 * time.Minute)
	w.paged(2)
	w.idle()

	held, err := notification.TakeOverPage(t.Context(), &notificationv1.TakeOverPageRequest{Page: taken.GetPage()})
	require.NoError(t, err)
	require.Equal(t, ticketv1.PageState_PAGE_STATE_PAGING, held.GetPage().GetState())
	require.Nil(t, held.GetPage().GetAcknowledgedBy())
	require.Len(t, held.GetPage().GetDeliveries(), 2)
	require.Len(t, held.GetContacts(), 2)
	for i, d := range held.GetPage().GetDeliveries() {
		require.Equal(t, "accepted", d.GetState())
		require.EqualValues(t, 1, d.GetAttempts())
		require.Equal(t, "fallback-1", d.GetPerson().GetId())
		require.Equal(t, "fallback-1", held.GetContacts()[i].GetId())
		require.Equal(t, w.hook.URL+"/fallback", held.GetContacts()[i].GetAddress())
	}
	require.NotEmpty(t, held.GetPage().GetLog())
	w.clock.Advance(24 * time.Hour)
	w.idle()
	require.Len(t, w.notices(), 2, "it sends nothing more")

	same, err := notification.TakeOverPage(t.Context(), &notificationv1.TakeOverPageRequest{Page: taken.GetPage()})
	require.NoError(t, err)
	require.Equal(t, held.String(), same.String())
	_, err = ticket.PageTicket(t.Context(), urgent(7, 3))
	require.NoError(t, err)
	w.idle()
	require.Len(t, w.notices(), 2, "a page that was taken over is none of its own any more")
}

func TestAnIncidentThatIsOverIsPagedNoMore(t *testing.T) {
	w := setup(t)
	w.start()
	ticket := w.as("ticket")
	over := func(number, sequence int64) {
		req := urgent(number, sequence)
		req.GetEvent().GetTicket().BecameUrgent, req.GetEvent().GetTicket().EndedUrgency = false, true
		res, err := ticket.PageTicket(t.Context(), req)
		require.NoError(t, err)
		require.Empty(t, res.GetPage())
	}
	over(7, 1)
	taken, err := ticket.PageTicket(t.Context(), urgent(7, 3))
	require.NoError(t, err)
	other, err := ticket.PageTicket(t.Context(), urgent(8, 3))
	require.NoError(t, err)
	w.paged(2)
	for _, page := range []string{taken.GetPage(), other.GetPage()} {
		testkit.Eventually(t, func() bool { return w.pageState(page) == "delivered" }, "the receiver's answer is not noted")
	}
	over(7, 2)
	require.Equal(t, "delivered", w.pageState(taken.GetPage()), "another occurrence was over")
	over(7, 5)
	over(7, 5)
	require.Equal(t, "resolved", w.pageState(taken.GetPage()))
	require.Equal(t, "delivered", w.pageState(other.GetPage()))
	_, err = ticket.PageTicket(t.Context(), urgent(7, 3))
	require.NoError(t, err, "told late")
	held, err := w.as("notification").TakeOverPage(t.Context(), &notificationv1.TakeOverPageRequest{Page: taken.GetPage()})
	require.NoError(t, err)
	require.Equal(t, ticketv1.PageState_PAGE_STATE_RESOLVED, held.GetPage().GetState())
	w.clock.Advance(5 * time.Minute)
	require.Equal(t, other.GetPage(), w.paged(3)[2].GetPage(), "only that one repeats")

	again, err := ticket.PageTicket(t.Context(), urgent(7, 6))
	require.NoError(t, err)
	require.Equal(t, again.GetPage(), w.paged(4)[3].GetPage())
	w.idle()
}

func TestWhatIsAcknowledgedBeforeIsTakenOverAcknowledged(t *testing.T) {
	w := setup(t)
	w.upstream = &rosterFake{roster: &notificationv1.Roster{Version: "1"}}
	w.start()
	taken, err := w.as("ticket").PageTicket(t.Context(), urgent(7, 3))
	require.NoError(t, err)
	w.press(w.paged(1)[0].GetAcknowledgeUrl())
	w.idle()
	require.Len(t, w.upstream.acknowledged(), 1, "notification may have the page already: it is told")
	held, err := w.as("notification").TakeOverPage(t.Context(), &notificationv1.TakeOverPageRequest{Page: taken.GetPage()})
	require.NoError(t, err)
	require.Equal(t, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED, held.GetPage().GetState())
	require.Equal(t, "fallback-1", held.GetPage().GetAcknowledgedBy().GetId())
	require.WithinDuration(t, w.clock.Now(), held.GetPage().GetAcknowledgeTime().AsTime(), time.Millisecond)
}

func TestWhatIsAcknowledgedAfterwardsIsForwarded(t *testing.T) {
	w := setup(t)
	w.upstream = &rosterFake{roster: &notificationv1.Roster{Version: "1"}}
	w.start()
	require.NoError(t, w.send("mia@shop.test", letter("mia@shop.test", 1)))
	n := w.paged(1)[0]
	w.idle()
	_, err := w.as("notification").TakeOverPage(t.Context(), &notificationv1.TakeOverPageRequest{Page: n.GetPage()})
	require.NoError(t, err, "the page of a mail is taken over as well")
	w.upstream.set(func(f *rosterFake) { f.down = true })
	w.press(n.GetAcknowledgeUrl())
	w.stop()
	w.upstream.set(func(f *rosterFake) { f.down, f.unknown = false, 1 })
	w.start()
	testkit.Eventually(t, func() bool { w.clock.Advance(time.Second); return len(w.upstream.acknowledged()) == 1 }, "it is not forwarded")
	told := w.upstream.acknowledged()[0]
	require.Equal(t, n.GetPage(), told.GetPage())
	require.Equal(t, "fallback-1", told.GetPerson().GetId())
	w.idle()
	require.Len(t, w.upstream.acknowledged(), 1)
}

func TestAPageThatReachesNobodyStays(t *testing.T) {
	w := setup(t)
	w.hook.Respond(func(int, testkit.Request) testkit.Response { return testkit.Response{Status: 503} })
	w.start()
	taken, err := w.as("ticket").PageTicket(t.Context(), urgent(7, 3))
	require.NoError(t, err)
	w.paged(1)
	_, err = w.as("notification").TakeOverPage(t.Context(), &notificationv1.TakeOverPageRequest{Page: taken.GetPage()})
	require.Equal(t, "PAGE_UNSENT", fault.ReasonOf(err), "it goes on")
	require.Equal(t, "paging", w.pageState(taken.GetPage()))
	_, err = w.as("notification").TakeOverPage(t.Context(), &notificationv1.TakeOverPageRequest{Page: taken.GetPage(), Reached: true})
	require.NoError(t, err, "unless notification has reached somebody")
	require.Equal(t, "handed_over", w.pageState(taken.GetPage()))
	w.idle()
}

func TestOnlyTheirServicesHandPagesOver(t *testing.T) {
	w := setup(t)
	w.start()
	_, err := w.as("notification").TakeOverPage(t.Context(), &notificationv1.TakeOverPageRequest{Page: "none"})
	require.ErrorIs(t, err, fault.NotFound)
	for name, change := range map[string]func(*eventv1.Event){
		"not urgent":       func(e *eventv1.Event) { e.GetTicket().BecameUrgent = false },
		"no ticket":        func(e *eventv1.Event) { e.GetTicket().Ticket = nil },
		"of the directory": func(e *eventv1.Event) { e.Payload = &eventv1.Event_Directory{} },
		"no event":         func(e *eventv1.Event) { e.Payload = nil },
	} {
		req := urgent(7, 3)
		change(req.GetEvent())
		_, err := w.as("ticket").PageTicket(t.Context(), req)
		require.ErrorIs(t, err, fault.Invalid, name)
	}
	for _, service := range []string{"", "gateway", "notification"} {
		_, err := w.as(service).PageTicket(t.Context(), urgent(7, 3))
		require.Equal(t, "SERVICE_NOT_ALLOWED", fault.ReasonOf(err), service)
	}
	_, err = w.as("ticket").TakeOverPage(t.Context(), &notificationv1.TakeOverPageRequest{Page: "none"})
	require.Equal(t, "SERVICE_NOT_ALLOWED", fault.ReasonOf(err))
	w.idle()
	require.Empty(t, w.notices())
}

// ForwardAcknowledgement implements notificationv1.EmergencyServiceServer.
func (f *rosterFake) ForwardAcknowledgement(_ context.Context, req *notificationv1.ForwardAcknowledgementRequest) (*notificationv1.ForwardAcknowledgementResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.down:
		return nil, fault.New(fault.Unavailable, "DOWN", "down")
	case f.unknown > 0: // the page that it takes over is not in its database yet
		f.unknown--
		return nil, fault.New(fault.NotFound, "PAGE_UNKNOWN", "no such thing")
	}
	f.acks = append(f.acks, req)
	return &notificationv1.ForwardAcknowledgementResponse{}, nil
}

func (f *rosterFake) acknowledged() []*notificationv1.ForwardAcknowledgementRequest {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.acks
}
