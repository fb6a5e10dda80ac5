package notification_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/durationpb"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification"
)

// notice reads what a receiver got.
func notice(t require.TestingT, r testkit.Request) *notificationv1.PageNotice {
	var opened notificationv1.PageOpened
	require.NoError(t, protojson.Unmarshal(r.Body, &opened))
	require.Equal(t, "page.opened.v1", opened.GetType())
	return opened.GetData()
}

func TestAnUrgentTicketEventCallsASignedWebhook(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		contact := w.contact(ada, hook.URL+"/ada")
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
		})

		w.urgent(1042, 7)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "no webhook")

		got := hook.Requests()[0]
		require.Equal(t, http.MethodPost, got.Method)
		require.Equal(t, "/ada", got.Path)
		verifier, err := standardwebhooks.NewWebhook(contact.GetSecret())
		require.NoError(t, err)
		require.NoError(t, verifier.Verify(got.Body, got.Header))

		p := w.onlyPage(1042)
		n := notice(t, got)
		require.Equal(t, p.GetId(), n.GetPage())
		require.Equal(t, got.Header.Get("Webhook-Id"), n.GetDelivery())
		require.Equal(t, "[Urgent] shop/production: checkout returns 502", n.GetTitle())
		require.Equal(t, "Shop GmbH", n.GetOrganizationName())
		require.Equal(t, []string{"shop/production"}, n.GetScope())
		require.True(t, n.GetVerified())
		require.Equal(t, "+49 30 1234", n.GetCallbackNumber())
		require.Equal(t, "mia@shop.test", n.GetRequester().GetEmail())
		require.Equal(t, "nobody can pay", n.GetImpact())
		require.Equal(t, "Every checkout ends with 502.", n.GetExcerpt())
		require.Equal(t, "named by the escalation policy", n.GetWhy())
		require.EqualValues(t, 1, n.GetStep())
		require.EqualValues(t, 1, n.GetLoop())
		require.WithinDuration(t, n.GetOpenTime().AsTime().Add(time.Hour), n.GetNextStepTime().AsTime(), time.Millisecond)
		require.Equal(t, "https://desk.test/tickets/1042", n.GetTicketUrl())
		require.Contains(t, n.GetAcknowledgeUrl(), w.ackURL+"/a/")
		require.Less(t, len(n.GetAcknowledgeUrl())-len(w.ackURL+"/a/"), 105)

		w.told(p.GetId(), "OPENED Ada Park", "DELIVERED Ada Park")
		require.Equal(t, "accepted", w.page(p.GetId()).GetDeliveries()[0].GetState())
	})
}

// told waits for exactly these events about a page.
func (w *world) told(page string, want ...string) {
	w.t.Helper()
	testkit.EventuallyPasses(w.t, func(t require.TestingT) { require.Equal(t, want, w.ticket.told(page)) }, "events")
}

func TestStepsLoopsFallbackAndExhaustion(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		for _, p := range []*eventv1.DirectoryPerson{ada, ben, cem, eve} {
			w.contact(p, hook.URL+"/"+p.GetName())
		}
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Second, person(ada)), step(time.Second, person(ben), person(ada))},
			Loops: 2, Fallback: []string{cem.GetId()},
		})
		w.urgent(1, 1)
		id := w.onlyPage(1).GetId()
		testkit.EventuallyPasses(t, func(t require.TestingT) {
			var got []string
			for _, e := range w.ticket.told(id) {
				if e != "DELIVERED Ada Park" {
					got = append(got, e)
				}
			}
			require.Equal(t, []string{
				"OPENED Ada Park", "ESCALATED Ben Ito Ada Park", "ESCALATED Ada Park", "ESCALATED Ben Ito Ada Park",
				"ESCALATED Cem Aksoy", "EXHAUSTED Eve Lund",
			}, got)
		}, "events")
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 8 }, "webhooks")
		p := w.page(id)
		require.Equal(t, ticketv1.PageState_PAGE_STATE_EXHAUSTED, p.GetState())
		require.Nil(t, p.GetNextStepTime())
		ids := map[string]bool{}
		for _, r := range hook.Requests() {
			ids[r.Header.Get("Webhook-Id")] = true
			if n := notice(t, r); n.GetPerson().GetName() == "Ben Ito" {
				require.Equal(t, "Ada Park", n.GetAlsoPaged()[0].GetName())
			}
		}
		require.Len(t, ids, 8, "every position has its own deliveries")

		// It can still be acknowledged.
		acked, err := w.pages.AcknowledgePage(w.as(cem), &notificationv1.AcknowledgePageRequest{Page: id})
		require.NoError(t, err)
		require.Equal(t, "Cem Aksoy", acked.GetAcknowledgedBy().GetName())
	})
}

func TestAStepWithoutAnybodyIsSkippedAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		w.contact(ada, hook.URL)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ben)), step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		gone := &eventv1.DirectoryPerson{Id: ben.GetId(), Name: ben.GetName(), Email: ben.GetEmail(), Staff: true, Role: "engineer", Disabled: true}
		w.change(gone)

		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "no page")
		p := w.onlyPage(1)
		require.EqualValues(t, 2, p.GetStep())
		require.Equal(t, "Step 1 of round 1: skipped, nobody is on call or within reach", p.GetLog()[0].GetText())
	})
}

func TestAllReceiversGoneBeginsTheNextStepAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		gone, hook := testkit.Receiver(t), testkit.Receiver(t)
		always(gone, testkit.Response{Status: 404})
		w.contact(ada, gone.URL)
		w.contact(ben, hook.URL)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada)), step(time.Hour, person(ben))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "no page")
	})
}

func TestEventsInAnyOrder(t *testing.T) {
	ended := func(number int64) *eventv1.TicketEvent {
		e := urgentEvent(number)
		e.BecameUrgent, e.EndedUrgency, e.Ticket.Status = false, true, ticketv1.TicketStatus_TICKET_STATUS_SOLVED
		e.Change = &eventv1.TicketEvent_StatusChanged{StatusChanged: &eventv1.TicketStatusChanged{OldStatus: ticketv1.TicketStatus_TICKET_STATUS_OPEN}}
		return e
	}
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		w.contact(ada, hook.URL)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
		})

		// Over before it arrives: nobody is paged, and a row says why.
		w.deliver(9, ended(1))
		w.urgent(1, 7)
		p := w.onlyPage(1)
		require.Equal(t, ticketv1.PageState_PAGE_STATE_RESOLVED, p.GetState())
		require.Contains(t, p.GetLog()[0].GetText(), "its event 9 had ended that already")
		require.Empty(t, p.GetDeliveries())
		w.told(p.GetId(), "RESOLVED")

		// Delivered twice: one page.
		w.urgent(2, 1)
		require.Equal(t, eventv1.Outcome_VERDICT_DUPLICATE, w.deliver(1, urgentEvent(2)))
		w.onlyPage(2)

		// Urgent again, and the end in between comes last.
		first := w.onlyPage(2).GetId()
		w.urgent(2, 5)
		w.deliver(3, ended(2))
		list, err := w.pages.ListPages(w.as(cem), &notificationv1.ListPagesRequest{Ticket: 2})
		require.NoError(t, err)
		require.Len(t, list.GetPages(), 2)
		require.Equal(t, first, list.GetPages()[1].GetId())
		require.Equal(t, ticketv1.PageState_PAGE_STATE_RESOLVED, list.GetPages()[1].GetState())
		open, err := w.pages.ListPages(w.as(cem), &notificationv1.ListPagesRequest{Ticket: 2, Open: true})
		require.NoError(t, err)
		require.Len(t, open.GetPages(), 1)

		// Solved: over, and nothing is sent any more.
		w.deliver(6, ended(2))
		second := w.page(open.GetPages()[0].GetId())
		require.Equal(t, ticketv1.PageState_PAGE_STATE_RESOLVED, second.GetState())
		_, err = w.pages.AcknowledgePage(w.as(ada), &notificationv1.AcknowledgePageRequest{Page: second.GetId()})
		require.ErrorContains(t, err, "the incident is over")
	})
}

func TestAnEndCancelsWhatWasStillToBeSent(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		always(hook, testkit.Response{Status: 500})
		w.contact(ada, hook.URL)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) >= 1 }, "no attempt")
		_, err := w.pages.AcknowledgePage(w.as(eve), &notificationv1.AcknowledgePageRequest{Page: w.onlyPage(1).GetId()})
		require.NoError(t, err)
		require.Equal(t, "cancelled", w.onlyPage(1).GetDeliveries()[0].GetState())
		require.Zero(t, w.count(`SELECT COUNT(*) FROM tasks WHERE kind IN ('page.deliver', 'page.step')`))
	})
}

func (w *world) count(query string) (n int) {
	w.t.Helper()
	require.NoError(w.t, w.db.Reader().QueryRowContext(w.t.Context(), query).Scan(&n))
	return n
}

func TestAForgottenAcknowledgementPagesAgainUnlessTheCustomerWasAnswered(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		w.contact(ada, hook.URL)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
			AcknowledgeTimeout: durationpb.New(time.Second),
		})
		acknowledge := func(ticket int64) string {
			id := w.onlyPage(ticket).GetId()
			_, err := w.pages.AcknowledgePage(w.as(ada), &notificationv1.AcknowledgePageRequest{Page: id})
			require.NoError(t, err)
			return id
		}
		w.urgent(1, 1)
		w.urgent(2, 1)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 2 }, "pages")
		first := notice(t, hook.Requests()[slices.IndexFunc(hook.Requests(), func(r testkit.Request) bool { return notice(t, r).GetTicket() == 1 })])
		forgotten, answered := acknowledge(1), acknowledge(2)
		reply := &eventv1.TicketEvent{Ticket: snapshot(2), Change: &eventv1.TicketEvent_Replied{Replied: &eventv1.TicketReplied{
			Message: &eventv1.PublicMessage{Id: "m2", Body: "We are on it.", Author: &ticketv1.Person{Id: ada.GetId(), Name: ada.GetName(), Staff: true}},
		}}}
		w.deliver(2, reply)

		testkit.Eventually(t, func() bool { return w.page(forgotten).GetCycle() == 2 }, "not paged again")
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 3 }, "not paged again")
		again := notice(t, hook.Requests()[2])
		require.EqualValues(t, 2, again.GetCycle())
		require.NotEqual(t, first.GetDelivery(), again.GetDelivery())
		testkit.Eventually(t, func() bool { return slices.Contains(w.ticket.told(forgotten), "REOPENED Ada Park") }, "not told")
		require.Equal(t, ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED, w.page(answered).GetState())
		require.EqualValues(t, 1, w.page(answered).GetCycle())

		// The link of the first cycle does not acknowledge the second.
		status, body := w.request(http.MethodPost, first.GetAcknowledgeUrl())
		require.Equal(t, http.StatusConflict, status)
		require.Contains(t, body, "earlier round")
	})
}

func TestWithoutAPolicyAllEngineersAndSupervisorsArePaged(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp := testkit.SMTPSink(t)
		w := setup(t, db, notification.Config{SMTPAddr: smtp.Addr, NoReceipts: true})

		// Nobody has entered a contact: by mail to their addresses of the directory.
		w.urgent(1, 1)
		pagesOf := func(ticket int64) (to []string) {
			for _, m := range smtp.Messages() {
				parts := m.Parse(t)
				subject, err := parts.Header.Subject()
				require.NoError(t, err)
				if subject == "[Urgent] shop/production: checkout returns 502" && ticket > 0 {
					to = append(to, m.To...)
				}
			}
			slices.Sort(to)
			return to
		}
		testkit.EventuallyPasses(t, func(t require.TestingT) {
			require.Equal(t, []string{"ada@altis.test", "ben@altis.test", "eve@altis.test"}, pagesOf(1))
		}, "mails")

		// One has: only that one.
		hook := testkit.Receiver(t)
		w.contact(ben, hook.URL)
		w.urgent(2, 1)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "no page")
		require.Len(t, w.onlyPage(2).GetDeliveries(), 1)
	}, notification.Migrations()...)
}

func TestPagesAreListedNewestFirst(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		for ticket := int64(1); ticket <= 5; ticket++ {
			w.urgent(ticket, 1)
		}
		var tickets []int64
		req := &notificationv1.ListPagesRequest{PageSize: 2}
		for {
			res, err := w.pages.ListPages(w.as(cem), req)
			require.NoError(t, err)
			for _, p := range res.GetPages() {
				tickets = append(tickets, p.GetTicket())
			}
			if req.PageToken = res.GetNextPageToken(); req.PageToken == "" {
				break
			}
		}
		require.Equal(t, []int64{5, 4, 3, 2, 1}, tickets)
	})
}
