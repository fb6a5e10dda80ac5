package notification_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// calls makes one call of every method, as anybody.
func (w *world) calls(as *eventv1.DirectoryPerson) map[string]error {
	ctx := w.t.Context()
	if as != nil {
		ctx = w.as(as)
	}
	start := timestamppb.New(time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC))
	end := timestamppb.New(time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC))
	out := map[string]error{}
	call := func(method string, do func() error) { out[method] = do() }
	call("ListPages", func() error { _, err := w.pages.ListPages(ctx, &notificationv1.ListPagesRequest{}); return err })
	call("GetPage", func() error { _, err := w.pages.GetPage(ctx, &notificationv1.GetPageRequest{Page: "x"}); return err })
	call("AcknowledgePage", func() error {
		_, err := w.pages.AcknowledgePage(ctx, &notificationv1.AcknowledgePageRequest{Page: "x"})
		return err
	})
	call("UnacknowledgePage", func() error {
		_, err := w.pages.UnacknowledgePage(ctx, &notificationv1.UnacknowledgePageRequest{Page: "x", Reason: "r"})
		return err
	})
	call("SnoozePage", func() error {
		_, err := w.pages.SnoozePage(ctx, &notificationv1.SnoozePageRequest{Page: "x"})
		return err
	})
	call("EscalatePage", func() error {
		_, err := w.pages.EscalatePage(ctx, &notificationv1.EscalatePageRequest{Page: "x"})
		return err
	})
	call("OpenPage", func() error {
		_, err := w.pages.OpenPage(ctx, &notificationv1.OpenPageRequest{Ticket: 99, Reason: "r"})
		return err
	})
	call("WhoIsOnCall", func() error { _, err := w.onCall.WhoIsOnCall(ctx, &notificationv1.WhoIsOnCallRequest{}); return err })
	call("GetOnCallNotice", func() error {
		_, err := w.onCall.GetOnCallNotice(ctx, &notificationv1.GetOnCallNoticeRequest{})
		return err
	})
	call("ListSchedules", func() error {
		_, err := w.onCall.ListSchedules(ctx, &notificationv1.ListSchedulesRequest{})
		return err
	})
	call("UpdateSchedule", func() error {
		_, err := w.onCall.UpdateSchedule(ctx, &notificationv1.UpdateScheduleRequest{AllowMissing: true, Schedule: &notificationv1.Schedule{
			Id: "primary", Name: "Primary", TimeZone: "Europe/Berlin", Layers: weekly("2026-03-01T09:00", ada.GetId()),
		}})
		return err
	})
	call("DeleteSchedule", func() error {
		_, err := w.onCall.DeleteSchedule(ctx, &notificationv1.DeleteScheduleRequest{Schedule: "none"})
		return err
	})
	call("CreateOverride", func() error {
		_, err := w.onCall.CreateOverride(ctx, &notificationv1.CreateOverrideRequest{Override: &notificationv1.Override{
			Schedule: "none", Person: ada.GetId(), StartTime: start, EndTime: end,
		}})
		return err
	})
	call("ListOverrides", func() error {
		_, err := w.onCall.ListOverrides(ctx, &notificationv1.ListOverridesRequest{Schedule: "none"})
		return err
	})
	call("ListShifts", func() error {
		_, err := w.onCall.ListShifts(ctx, &notificationv1.ListShiftsRequest{Schedule: "none", StartTime: start, EndTime: end})
		return err
	})
	call("CreateSwap", func() error {
		_, err := w.onCall.CreateSwap(ctx, &notificationv1.CreateSwapRequest{
			Schedule: "none",
			First:    &notificationv1.SwapPart{Person: ada.GetId(), StartTime: start, EndTime: end},
			Second:   &notificationv1.SwapPart{Person: ben.GetId(), StartTime: end, EndTime: timestamppb.New(end.AsTime().Add(time.Hour))},
		})
		return err
	})
	call("DeleteOverride", func() error {
		_, err := w.onCall.DeleteOverride(ctx, &notificationv1.DeleteOverrideRequest{Schedule: "none", Override: "x"})
		return err
	})
	call("GetEscalationPolicy", func() error {
		_, err := w.onCall.GetEscalationPolicy(ctx, &notificationv1.GetEscalationPolicyRequest{EscalationPolicy: "default"})
		return err
	})
	call("ListEscalationPolicies", func() error {
		_, err := w.onCall.ListEscalationPolicies(ctx, &notificationv1.ListEscalationPoliciesRequest{})
		return err
	})
	call("UpdateEscalationPolicy", func() error {
		_, err := w.onCall.UpdateEscalationPolicy(ctx, &notificationv1.UpdateEscalationPolicyRequest{AllowMissing: true, EscalationPolicy: &notificationv1.EscalationPolicy{
			Id: "default", Steps: []*notificationv1.EscalationStep{step(time.Minute, person(ada))}, Loops: 1, Fallback: []string{eve.GetId()},
		}})
		return err
	})
	call("ListContacts", func() error { _, err := w.onCall.ListContacts(ctx, &notificationv1.ListContactsRequest{}); return err })
	call("CreateContact", func() error {
		_, err := w.onCall.CreateContact(ctx, &notificationv1.CreateContactRequest{Contact: &notificationv1.Contact{
			Person: ada.GetId(), Channel: notificationv1.Contact_CHANNEL_EMAIL, Address: "a@altis.test",
		}})
		return err
	})
	call("VerifyContact", func() error {
		_, err := w.onCall.VerifyContact(ctx, &notificationv1.VerifyContactRequest{Contact: "x", Code: "000000"})
		return err
	})
	call("SendContactCode", func() error {
		_, err := w.onCall.SendContactCode(ctx, &notificationv1.SendContactCodeRequest{Contact: "x"})
		return err
	})
	call("GetNotificationRules", func() error {
		_, err := w.onCall.GetNotificationRules(ctx, &notificationv1.GetNotificationRulesRequest{Person: "x"})
		return err
	})
	call("UpdateNotificationRules", func() error {
		_, err := w.onCall.UpdateNotificationRules(ctx, &notificationv1.UpdateNotificationRulesRequest{
			NotificationRules: &notificationv1.NotificationRules{Person: "x"},
		})
		return err
	})
	call("TestContact", func() error {
		_, err := w.onCall.TestContact(ctx, &notificationv1.TestContactRequest{Contact: "x"})
		return err
	})
	call("DeleteContact", func() error {
		_, err := w.onCall.DeleteContact(ctx, &notificationv1.DeleteContactRequest{Contact: "x"})
		return err
	})
	call("ListDeliveries", func() error {
		_, err := w.mails.ListDeliveries(ctx, &notificationv1.ListDeliveriesRequest{Ticket: 1})
		return err
	})
	call("ResendDelivery", func() error {
		_, err := w.mails.ResendDelivery(ctx, &notificationv1.ResendDeliveryRequest{Delivery: "x"})
		return err
	})
	return out
}

func TestEveryMethodButTheNoticeRefusesMembersAndStrangers(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.mailContact(ada)
		w.mailContact(eve)
		members := w.calls(mia)
		require.NoError(t, members["GetOnCallNotice"])
		delete(members, "GetOnCallNotice")
		for method, err := range members {
			require.ErrorIs(t, err, fault.Denied, method)
		}
		for method, err := range w.calls(nil) {
			require.ErrorIs(t, err, fault.Unauthenticated, method)
		}
		supervisorOnly := map[string]bool{"UpdateSchedule": true, "DeleteSchedule": true, "UpdateEscalationPolicy": true}
		engineers := map[string]bool{"CreateOverride": true, "CreateSwap": true, "DeleteOverride": true}
		for method, err := range w.calls(ada) {
			require.Equal(t, supervisorOnly[method], fault.KindOf(err) == fault.Denied && fault.ReasonOf(err) == "NOT_ALLOWED", "%s: %v", method, err)
		}
		for method, err := range w.calls(cem) {
			denied := fault.KindOf(err) == fault.Denied && fault.ReasonOf(err) == "NOT_ALLOWED"
			require.Equal(t, supervisorOnly[method] || engineers[method], denied, "%s: %v", method, err)
		}
		notFound := []string{"GetPage", "AcknowledgePage", "UnacknowledgePage", "SnoozePage", "EscalatePage", "OpenPage", "DeleteSchedule", "CreateOverride", "CreateSwap", "ListOverrides", "ListShifts", "DeleteOverride", "VerifyContact", "SendContactCode", "GetNotificationRules", "UpdateNotificationRules", "TestContact", "DeleteContact", "ResendDelivery"}
		calls := w.calls(eve)
		for _, method := range notFound {
			require.ErrorIs(t, calls[method], fault.NotFound, method)
			delete(calls, method)
		}
		delete(calls, "GetEscalationPolicy") // found or not, by the order of the calls
		for method, err := range calls {
			require.NoError(t, err, method)
		}
	})
}

func TestSchedulesOverridesAndWhoIsOnCall(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.mailContact(ada)
		w.mailContact(ben)
		zone, err := time.LoadLocation("America/New_York")
		require.NoError(t, err)
		start := time.Date(2026, 3, 1, 9, 0, 0, 0, zone)
		put, err := w.onCall.UpdateSchedule(w.as(eve), &notificationv1.UpdateScheduleRequest{AllowMissing: true, Schedule: &notificationv1.Schedule{
			Id: "primary", Name: "Primary", TimeZone: "America/New_York", Layers: weekly("2026-03-01T09:00", ada.GetId(), ben.GetId()),
		}})
		require.NoError(t, err)
		require.Equal(t, "2026-03-01T09:00", put.GetLayers()[0].GetStart())

		who := func(at time.Time) *notificationv1.OnCallShift {
			res, err := w.onCall.WhoIsOnCall(w.as(cem), &notificationv1.WhoIsOnCallRequest{Instant: timestamppb.New(at)})
			require.NoError(t, err)
			require.Len(t, res.GetShifts(), 1)
			return res.GetShifts()[0]
		}
		// Clocks went forward on 8 March: the hand-over stays at nine.
		handover := time.Date(2026, 3, 8, 9, 0, 0, 0, zone)
		require.Equal(t, "Ada Park", who(handover.Add(-time.Second)).GetPerson().GetName())
		require.Equal(t, "Ben Ito", who(handover).GetPerson().GetName())
		require.Equal(t, "Ada Park", who(handover).GetNext().GetName())
		require.True(t, who(start).GetEndTime().AsTime().Equal(handover))
		require.Nil(t, who(start.Add(-time.Second)).GetPerson())

		future := time.Now().Add(time.Hour).Truncate(time.Second)
		override, err := w.onCall.CreateOverride(w.as(ada), &notificationv1.CreateOverrideRequest{Override: &notificationv1.Override{
			Schedule: "primary", Person: eve.GetId(), StartTime: timestamppb.New(future), EndTime: timestamppb.New(future.Add(time.Hour)),
		}})
		require.NoError(t, err)
		require.Equal(t, "Eve Lund", who(future).GetPerson().GetName())
		require.Equal(t, override.GetId(), who(future).GetOverride())
		require.NotEqual(t, "Eve Lund", who(future.Add(time.Hour)).GetPerson().GetName())
		list, err := w.onCall.ListSchedules(w.as(cem), &notificationv1.ListSchedulesRequest{})
		require.NoError(t, err)
		require.Len(t, list.GetSchedules()[0].GetOverrides(), 1)
		_, err = w.onCall.DeleteOverride(w.as(ada), &notificationv1.DeleteOverrideRequest{Schedule: "primary", Override: override.GetId()})
		require.NoError(t, err)
		require.NotEqual(t, "Eve Lund", who(future).GetPerson().GetName())

		// A page goes to whom the schedule says at that instant.
		hook := testkit.Receiver(t)
		w.contact(eve, hook.URL)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, "schedule:primary")}, Loops: 1, Fallback: []string{cem.GetId()},
		})
		_, err = w.onCall.CreateOverride(w.as(ada), &notificationv1.CreateOverrideRequest{Override: &notificationv1.Override{
			Schedule: "primary", Person: eve.GetId(), StartTime: timestamppb.New(time.Now().Add(-time.Hour)), EndTime: timestamppb.New(future),
		}})
		require.NoError(t, err)
		w.urgent(1, 1)
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "no page")
		require.Equal(t, "on call by schedule Primary (override)", notice(t, hook.Requests()[0]).GetWhy())
	})
}

func TestConfigurationThatReachesNobodyIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		schedule := func(zone string, people ...string) *notificationv1.UpdateScheduleRequest {
			return &notificationv1.UpdateScheduleRequest{AllowMissing: true, Schedule: &notificationv1.Schedule{
				Id: "primary", Name: "Primary", TimeZone: zone, Layers: weekly("2026-03-01T09:00", people...),
			}}
		}
		policy := func(fallback string, targets ...string) *notificationv1.UpdateEscalationPolicyRequest {
			return &notificationv1.UpdateEscalationPolicyRequest{AllowMissing: true, EscalationPolicy: &notificationv1.EscalationPolicy{
				Id: "default", Steps: []*notificationv1.EscalationStep{step(time.Minute, targets...)}, Loops: 1, Fallback: []string{fallback},
			}}
		}
		contact := func(channel notificationv1.Contact_Channel, address, secret string) *notificationv1.CreateContactRequest {
			return &notificationv1.CreateContactRequest{Contact: &notificationv1.Contact{Person: eve.GetId(), Channel: channel, Address: address, Secret: secret}}
		}
		put := func(req *notificationv1.UpdateScheduleRequest) error {
			_, err := w.onCall.UpdateSchedule(w.as(eve), req)
			return err
		}
		putPolicy := func(req *notificationv1.UpdateEscalationPolicyRequest) error {
			_, err := w.onCall.UpdateEscalationPolicy(w.as(eve), req)
			return err
		}
		create := func(req *notificationv1.CreateContactRequest) error {
			_, err := w.onCall.CreateContact(w.as(eve), req)
			return err
		}
		webhook, email := notificationv1.Contact_CHANNEL_WEBHOOK, notificationv1.Contact_CHANNEL_EMAIL
		tests := []struct {
			name, reason string
			err          error
		}{
			{"unknown zone", "ZONE_UNKNOWN", put(schedule("Mars/Olympus", ada.GetId()))},
			{"the server's zone", "ZONE_UNKNOWN", put(schedule("Local", ada.GetId()))},
			{"a customer on call", "PERSON_UNREACHABLE", put(schedule("UTC", mia.GetId()))},
			{"unknown schedule", "SCHEDULE_UNKNOWN", putPolicy(policy(eve.GetId(), "schedule:none"))},
			{"unknown person", "TARGET_UNREACHABLE", putPolicy(policy(eve.GetId(), "person:none"))},
			{"unknown fallback", "PERSON_UNREACHABLE", putPolicy(policy("none", person(ada)))},
			{"not a URL", "URL_INVALID", create(contact(webhook, "ftp://pager.test/", ""))},
			{"a password in the URL", "URL_INVALID", create(contact(webhook, "https://a:b@pager.test/", ""))},
			{"the metadata service", "URL_FORBIDDEN", create(contact(webhook, "http://169.254.169.254/latest", ""))},
			{"a short secret", "SECRET_INVALID", create(contact(webhook, "https://pager.test/", "whsec_c2hvcnQ="))},
			{"not an address", "ADDRESS_INVALID", create(contact(email, "eve at altis", ""))},
			{"two headers", "ADDRESS_INVALID", create(contact(email, "eve@altis.test\r\nBcc: x@y.test", ""))},
		}
		for _, tt := range tests {
			require.ErrorIs(t, tt.err, fault.Invalid, tt.name)
			f, ok := errors.AsType[*fault.Error](tt.err)
			require.True(t, ok, tt.name)
			require.Len(t, f.Fields, 1, tt.name)
			require.Equal(t, tt.reason, f.Fields[0].Reason, tt.name)
		}
	})
}

func TestContactsOfOthersAreForSupervisors(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		made := w.contact(ada, "https://pager.test/ada")
		require.NotEmpty(t, made.GetSecret())
		w.mailContact(ada)
		w.contact(eve, "https://pager.test/eve")

		own, err := w.onCall.ListContacts(w.as(ada), &notificationv1.ListContactsRequest{})
		require.NoError(t, err)
		require.Len(t, own.GetContacts(), 2)
		require.Empty(t, own.GetContacts()[0].GetSecret(), "shown once, at its making")
		require.EqualValues(t, 2, own.GetContacts()[1].GetPosition())
		_, err = w.onCall.ListContacts(w.as(ben), &notificationv1.ListContactsRequest{Person: ada.GetId()})
		require.ErrorIs(t, err, fault.Denied)
		_, err = w.onCall.DeleteContact(w.as(ben), &notificationv1.DeleteContactRequest{Contact: made.GetId()})
		require.ErrorIs(t, err, fault.Denied)
		_, err = w.onCall.CreateContact(w.as(ben), &notificationv1.CreateContactRequest{Contact: &notificationv1.Contact{
			Person: ada.GetId(), Channel: notificationv1.Contact_CHANNEL_EMAIL, Address: "ben@altis.test",
		}})
		require.ErrorIs(t, err, fault.Denied)
		everybody, err := w.onCall.ListContacts(w.as(eve), &notificationv1.ListContactsRequest{})
		require.NoError(t, err)
		require.Len(t, everybody.GetContacts(), 3)
		_, err = w.onCall.DeleteContact(w.as(eve), &notificationv1.DeleteContactRequest{Contact: made.GetId()})
		require.NoError(t, err)
	})
}

func TestAPersonHasTenContactsAtMost(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		create := func(n int) error {
			_, err := w.onCall.CreateContact(w.as(eve), &notificationv1.CreateContactRequest{Contact: &notificationv1.Contact{
				Person: ada.GetId(), Channel: notificationv1.Contact_CHANNEL_WEBHOOK, Address: fmt.Sprint("https://pager.test/", n),
			}})
			return err
		}
		for n := range 9 {
			require.NoError(t, create(n))
		}
		failed := make(chan string, 8)
		for n := range cap(failed) { // at once
			go func() { failed <- fault.ReasonOf(create(10 + n)) }()
		}
		reasons := map[string]int{}
		for range cap(failed) {
			reasons[<-failed]++
		}
		require.Equal(t, 1, reasons[""], "%v", reasons)
		require.Equal(t, cap(failed)-1, reasons["TOO_MANY_CONTACTS"]+reasons["CONTACT_CHANGED"], "%v", reasons)
		require.Equal(t, 10, w.count(`SELECT COUNT(*) FROM contacts`))
		require.Equal(t, "TOO_MANY_CONTACTS", fault.ReasonOf(create(99)))
		w.contact(ben, "https://pager.test/ben")
	})
}

func TestPagesByHand(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		w.contact(ada, hook.URL)
		w.contact(ben, hook.URL)
		w.policy(&notificationv1.EscalationPolicy{
			Steps: []*notificationv1.EscalationStep{step(time.Hour, person(ada)), step(time.Hour, person(ben))}, Loops: 1, Fallback: []string{eve.GetId()},
		})
		s := question(5)
		w.deliver(3, created(s))
		opened, err := w.pages.OpenPage(w.as(cem), &notificationv1.OpenPageRequest{Ticket: 5, Reason: "the customer calls"})
		require.NoError(t, err)
		require.Equal(t, "[Page] shop/production: Größe of the cache?", opened.GetTitle())
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 1 }, "no page")
		require.Equal(t, "the customer calls (Cem Aksoy)", notice(t, hook.Requests()[0]).GetReason())

		// While it is open, triage gets the same.
		again, err := notificationv1.NewPageServiceClient(w.server.InProcess("triage")).OpenPage(t.Context(), &notificationv1.OpenPageRequest{Ticket: 5, Reason: "SLA"})
		require.NoError(t, err)
		require.Equal(t, opened.GetId(), again.GetId())
		_, err = notificationv1.NewPageServiceClient(w.server.InProcess("gateway")).OpenPage(t.Context(), &notificationv1.OpenPageRequest{Ticket: 5, Reason: "SLA"})
		require.ErrorIs(t, err, fault.Unauthenticated)

		escalated, err := w.pages.EscalatePage(w.as(cem), &notificationv1.EscalatePageRequest{Page: opened.GetId()})
		require.NoError(t, err)
		require.EqualValues(t, 2, escalated.GetStep())
		testkit.Eventually(t, func() bool { return len(hook.Requests()) == 2 }, "no second page")

		// Solved: over, and the next one may be opened.
		s.Status = ticketv1.TicketStatus_TICKET_STATUS_SOLVED
		w.deliver(4, &eventv1.TicketEvent{Ticket: s, Change: &eventv1.TicketEvent_StatusChanged{StatusChanged: &eventv1.TicketStatusChanged{}}})
		require.Equal(t, ticketv1.PageState_PAGE_STATE_RESOLVED, w.page(opened.GetId()).GetState())
		_, err = w.pages.EscalatePage(w.as(cem), &notificationv1.EscalatePageRequest{Page: opened.GetId()})
		require.ErrorIs(t, err, fault.Precondition)
	})
}
