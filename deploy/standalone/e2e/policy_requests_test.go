package e2e

import (
	"cmp"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	triagev1 "altis-dxp.com/support/proto/gen/go/altis/support/triage/v1"
)

// kind says whose thing a request is about.
type kind int

const (
	ofNobody       kind = iota
	ofTicket            // outsiders of the ticket must not find it
	ofOrganization      // members of another must not find it
)

// request is how the matrix calls a method.
type request struct {
	kind     kind
	succeeds bool // for every caller whom the policy lets pass and who may see it
	message  func(c caller) proto.Message
}

const nothing = "no-such-thing"

// requests holds a request for every method, by "Service/Method". What would
// change something names what does not exist, or is refused by a rule, so that
// the matrix leaves the world as it was.
func requests(w *harness.World, number int64) map[string]request {
	one := func(k kind, succeeds bool, m proto.Message) request {
		return request{k, succeeds, func(caller) proto.Message { return m }}
	}
	quill, soon := w.Quill.ID, timestamppb.New(time.Now().Add(time.Hour))
	unknown := &ticketv1.Scope{Targets: []*ticketv1.ScopeTarget{{Application: nothing}}}
	secret := "altis_" + nothing
	return map[string]request{
		"AuthService/Login":         one(ofNobody, false, &identityv1.LoginRequest{Email: "nobody@example.com", Password: "nothing"}),
		"AuthService/Logout":        one(ofNobody, false, &identityv1.LogoutRequest{SessionToken: nothing}),
		"AuthService/ExchangeToken": one(ofNobody, false, &identityv1.ExchangeTokenRequest{Token: secret}),
		"AuthService/Jwks":          one(ofNobody, true, &identityv1.JwksRequest{}),

		"AccountService/GetSelf":            one(ofNobody, true, &identityv1.GetSelfRequest{}),
		"AccountService/UpdateSelf":         one(ofNobody, false, &identityv1.UpdateSelfRequest{TimeZone: proto.String("Nowhere/Nothing")}),
		"AccountService/CreateApiToken":     one(ofNobody, false, &identityv1.CreateApiTokenRequest{Name: "x", Lifetime: durationpb.New(999 * 24 * time.Hour)}),
		"AccountService/ListApiTokens":      one(ofNobody, true, &identityv1.ListApiTokensRequest{}),
		"AccountService/DeleteApiToken":     one(ofNobody, false, &identityv1.DeleteApiTokenRequest{ApiToken: nothing}),
		"AccountService/ListLoginSessions":  one(ofNobody, true, &identityv1.ListLoginSessionsRequest{}),
		"AccountService/DeleteLoginSession": one(ofNobody, false, &identityv1.DeleteLoginSessionRequest{LoginSession: nothing}),

		"DirectoryService/GetOrganization":    one(ofOrganization, true, &identityv1.GetOrganizationRequest{Organization: quill}),
		"DirectoryService/ListOrganizations":  one(ofNobody, true, &identityv1.ListOrganizationsRequest{}),
		"DirectoryService/CreateOrganization": one(ofNobody, false, &identityv1.CreateOrganizationRequest{Organization: &identityv1.Organization{}}),
		"DirectoryService/UpdateOrganization": one(ofNobody, false, &identityv1.UpdateOrganizationRequest{Organization: &identityv1.Organization{Id: nothing, Name: "x"}, UpdateMask: mask("name")}),
		"DirectoryService/ListApplications":   one(ofOrganization, true, &identityv1.ListApplicationsRequest{Organization: quill}),
		"DirectoryService/CreateApplication":  one(ofNobody, false, &identityv1.CreateApplicationRequest{Application: &identityv1.Application{Organization: nothing, Name: "x"}}),
		"DirectoryService/DeleteApplication":  one(ofNobody, false, &identityv1.DeleteApplicationRequest{Organization: quill, Application: nothing}),
		"DirectoryService/ListMembers":        one(ofOrganization, false, &identityv1.ListMembersRequest{Organization: quill}),
		"DirectoryService/CreateMember":       one(ofNobody, false, &identityv1.CreateMemberRequest{Member: &identityv1.Member{Organization: quill}, Password: "correct horse battery"}),
		"DirectoryService/UpdateMember":       one(ofNobody, false, &identityv1.UpdateMemberRequest{Member: &identityv1.Member{Organization: quill, Id: nothing, Name: "x"}, UpdateMask: mask("name")}),
		"DirectoryService/DeleteMember":       one(ofNobody, false, &identityv1.DeleteMemberRequest{Organization: quill, Member: nothing}),
		"DirectoryService/ListStaff":          one(ofNobody, true, &identityv1.ListStaffRequest{}),
		"DirectoryService/CreateStaff":        one(ofNobody, false, &identityv1.CreateStaffRequest{Staff: &identityv1.Staff{}, Password: "correct horse battery"}),
		"DirectoryService/UpdateStaff":        one(ofNobody, false, &identityv1.UpdateStaffRequest{Staff: &identityv1.Staff{Id: nothing, Name: "x"}, UpdateMask: mask("name")}),
		"DirectoryService/ListChanges":        one(ofNobody, true, &identityv1.ListChangesRequest{}),

		"TicketService/CreateTicket": one(ofNobody, false, &ticketv1.CreateTicketRequest{Ticket: &ticketv1.Ticket{
			Type: ticketv1.TicketType_TICKET_TYPE_QUESTION, Subject: "x", Description: "x", Scope: unknown,
		}}),
		"TicketService/GetTicket":       one(ofTicket, true, &ticketv1.GetTicketRequest{Ticket: number}),
		"TicketService/BatchGetTickets": one(ofNobody, true, &ticketv1.BatchGetTicketsRequest{Tickets: []int64{number}}),
		"TicketService/ListTickets":     one(ofNobody, true, &ticketv1.ListTicketsRequest{}),
		"TicketService/CountTickets":    one(ofNobody, true, &ticketv1.CountTicketsRequest{}),
		"TicketService/UpdateTicket":    one(ofTicket, false, &ticketv1.UpdateTicketRequest{Ticket: &ticketv1.Ticket{Number: number, Priority: ticketv1.Priority_PRIORITY_HIGH}, UpdateMask: mask("priority")}),
		"TicketService/BatchUpdateTickets": one(ofNobody, true, &ticketv1.BatchUpdateTicketsRequest{Updates: []*ticketv1.TicketUpdate{
			{Ticket: number, Assignee: proto.String(nothing)},
		}}),
		"TicketService/ReplyToTicket":   one(ofTicket, true, &ticketv1.ReplyToTicketRequest{Ticket: number, Body: "matrix"}),
		"TicketService/AddNote":         one(ofTicket, true, &ticketv1.AddNoteRequest{Ticket: number, Body: "matrix"}),
		"TicketService/SolveTicket":     one(ofTicket, false, &ticketv1.SolveTicketRequest{Ticket: number, Etag: nothing}),
		"TicketService/ReopenTicket":    one(ofTicket, false, &ticketv1.ReopenTicketRequest{Ticket: number, Etag: nothing}),
		"TicketService/MergeTicket":     one(ofTicket, false, &ticketv1.MergeTicketRequest{Ticket: number, Into: number}),
		"TicketService/MarkSpam":        one(ofTicket, false, &ticketv1.MarkSpamRequest{Ticket: number, Etag: nothing}),
		"TicketService/DeleteTicket":    one(ofTicket, false, &ticketv1.DeleteTicketRequest{Ticket: number, Etag: nothing}),
		"TicketService/RestoreTicket":   one(ofTicket, false, &ticketv1.RestoreTicketRequest{Ticket: number, Etag: nothing}),
		"TicketService/AssignTicket":    one(ofTicket, false, &ticketv1.AssignTicketRequest{Ticket: number, Assignee: nothing}),
		"TicketService/ChangeRequester": one(ofTicket, false, &ticketv1.ChangeRequesterRequest{Ticket: number, Requester: nothing}),
		"TicketService/ChangeType":      one(ofTicket, false, &ticketv1.ChangeTypeRequest{Ticket: number, Type: ticketv1.TicketType_TICKET_TYPE_TASK, Etag: nothing}),
		"TicketService/AddCcs":          one(ofTicket, false, &ticketv1.AddCcsRequest{Ticket: number, Emails: []string{w.Copied.Email}}),
		"TicketService/RemoveCc":        one(ofTicket, false, &ticketv1.RemoveCcRequest{Ticket: number, Email: nothing}),
		"TicketService/MarkRead":        one(ofTicket, true, &ticketv1.MarkReadRequest{Ticket: number}),
		"TicketService/MarkUnread":      one(ofTicket, true, &ticketv1.MarkUnreadRequest{Ticket: number}),
		"TicketService/ListMessages":    one(ofTicket, true, &ticketv1.ListMessagesRequest{Ticket: number}),
		"TicketService/RedactMessage":   one(ofTicket, false, &ticketv1.RedactMessageRequest{Ticket: number, Message: nothing, Reason: "matrix"}),
		"TicketService/RedactField":     one(ofTicket, false, &ticketv1.RedactFieldRequest{Ticket: number, Field: "problem.traces", Reason: "matrix"}),
		"TicketService/ListEvents":      one(ofTicket, true, &ticketv1.ListEventsRequest{Ticket: number}),
		"TicketService/WatchTickets":    one(ofNobody, true, &ticketv1.WatchTicketsRequest{}),

		"PresenceService/ReportPresence": one(ofTicket, true, &ticketv1.ReportPresenceRequest{Ticket: number, Activity: ticketv1.Activity_ACTIVITY_LEFT}),
		"PresenceService/GetPresence":    one(ofTicket, true, &ticketv1.GetPresenceRequest{Ticket: number}),

		"ViewService/ListViews":           one(ofNobody, true, &ticketv1.ListViewsRequest{}),
		"ViewService/CreateView":          one(ofNobody, false, &ticketv1.CreateViewRequest{View: &ticketv1.View{Name: "x", Filter: "nothing:x"}}),
		"ViewService/UpdateView":          one(ofNobody, false, &ticketv1.UpdateViewRequest{View: &ticketv1.View{Id: nothing, Name: "x"}, UpdateMask: mask("name")}),
		"ViewService/DeleteView":          one(ofNobody, false, &ticketv1.DeleteViewRequest{View: nothing}),
		"AttachmentService/Upload":        one(ofNobody, false, &ticketv1.UploadRequest{Part: &ticketv1.UploadRequest_Chunk{Chunk: []byte("matrix")}}),
		"AttachmentService/GetAttachment": one(ofNobody, false, &ticketv1.GetAttachmentRequest{Attachment: nothing}),
		"AttachmentService/Download":      one(ofNobody, false, &ticketv1.DownloadRequest{Attachment: nothing}),

		"MailTicketService/OpenMailTicket": one(ofNobody, false, &ticketv1.OpenMailTicketRequest{Part: &ticketv1.OpenMailTicketRequest_Chunk{Chunk: []byte("matrix")}}),
		"MailReplyService/LeaveTicket":     one(ofNobody, false, &ticketv1.LeaveTicketRequest{Ticket: 1 << 40, Address: "nobody@example.com"}),
		"MailReplyService/AppendMailReply": one(ofNobody, false, &ticketv1.AppendMailReplyRequest{Part: &ticketv1.AppendMailReplyRequest_Chunk{Chunk: []byte("matrix")}}),
		"MailReplyService/OpenMailRequest": one(ofNobody, false, &ticketv1.OpenMailRequestRequest{Part: &ticketv1.OpenMailRequestRequest_Chunk{Chunk: []byte("matrix")}}),

		"TriageService/EvaluateTicket":  one(ofNobody, false, &triagev1.EvaluateTicketRequest{Type: ticketv1.TicketType_TICKET_TYPE_QUESTION, Subject: "x"}),
		"TriageService/ListSlaPolicies": one(ofNobody, true, &triagev1.ListSlaPoliciesRequest{}),
		"TriageService/ExplainSla":      one(ofNobody, false, &triagev1.ExplainSlaRequest{Ticket: number}),

		"PageService/ListPages":         one(ofNobody, true, &notificationv1.ListPagesRequest{}),
		"PageService/GetPage":           one(ofNobody, false, &notificationv1.GetPageRequest{Page: nothing}),
		"PageService/AcknowledgePage":   one(ofNobody, false, &notificationv1.AcknowledgePageRequest{Page: nothing}),
		"PageService/UnacknowledgePage": one(ofNobody, false, &notificationv1.UnacknowledgePageRequest{Page: nothing, Reason: "matrix"}),
		"PageService/SnoozePage":        one(ofNobody, false, &notificationv1.SnoozePageRequest{Page: nothing}),
		"PageService/EscalatePage":      one(ofNobody, false, &notificationv1.EscalatePageRequest{Page: nothing}),
		"PageService/OpenPage":          one(ofNobody, false, &notificationv1.OpenPageRequest{Ticket: 1 << 40, Reason: "matrix"}),

		"OnCallService/WhoIsOnCall":     one(ofNobody, true, &notificationv1.WhoIsOnCallRequest{}),
		"OnCallService/GetOnCallNotice": one(ofNobody, true, &notificationv1.GetOnCallNoticeRequest{}),
		"OnCallService/ListSchedules":   one(ofNobody, true, &notificationv1.ListSchedulesRequest{}),
		"OnCallService/UpdateSchedule": one(ofNobody, false, &notificationv1.UpdateScheduleRequest{AllowMissing: true, Schedule: &notificationv1.Schedule{
			Id: "matrix", Name: "x", TimeZone: "Nowhere/Nothing", Layers: []*notificationv1.Layer{{Unit: notificationv1.Layer_UNIT_DAY, Length: 1, Start: "2026-03-02T09:00", People: []string{nothing}}},
		}}),
		"OnCallService/DeleteSchedule": one(ofNobody, false, &notificationv1.DeleteScheduleRequest{Schedule: nothing}),
		"OnCallService/CreateOverride": one(ofNobody, false, &notificationv1.CreateOverrideRequest{Override: &notificationv1.Override{
			Schedule: nothing, Person: nothing, StartTime: soon, EndTime: soon,
		}}),
		"OnCallService/ListOverrides": one(ofNobody, false, &notificationv1.ListOverridesRequest{Schedule: nothing}),
		"OnCallService/ListShifts":    one(ofNobody, false, &notificationv1.ListShiftsRequest{Schedule: nothing, StartTime: soon, EndTime: soon}),
		"OnCallService/CreateSwap": one(ofNobody, false, &notificationv1.CreateSwapRequest{
			Schedule: nothing,
			First:    &notificationv1.SwapPart{Person: nothing, StartTime: soon, EndTime: soon},
			Second:   &notificationv1.SwapPart{Person: nothing, StartTime: soon, EndTime: soon},
		}),
		"OnCallService/DeleteOverride":         one(ofNobody, false, &notificationv1.DeleteOverrideRequest{Schedule: nothing, Override: nothing}),
		"OnCallService/GetEscalationPolicy":    one(ofNobody, true, &notificationv1.GetEscalationPolicyRequest{EscalationPolicy: "default"}),
		"OnCallService/ListEscalationPolicies": one(ofNobody, true, &notificationv1.ListEscalationPoliciesRequest{}),
		"OnCallService/UpdateEscalationPolicy": one(ofNobody, false, &notificationv1.UpdateEscalationPolicyRequest{EscalationPolicy: &notificationv1.EscalationPolicy{
			Id: "default", Steps: []*notificationv1.EscalationStep{{Targets: []string{"person:" + nothing}, Timeout: durationpb.New(time.Minute)}}, Loops: 1, Fallback: []string{nothing},
		}}),
		"OnCallService/ListContacts": {ofNobody, true, func(c caller) proto.Message {
			return &notificationv1.ListContactsRequest{Person: c.person.ID}
		}},
		"OnCallService/CreateContact": one(ofNobody, false, &notificationv1.CreateContactRequest{Contact: &notificationv1.Contact{
			Person: nothing, Channel: notificationv1.Contact_CHANNEL_EMAIL, Address: "x@example.com",
		}}),
		"OnCallService/VerifyContact":   one(ofNobody, false, &notificationv1.VerifyContactRequest{Contact: nothing, Code: "000000"}),
		"OnCallService/SendContactCode": one(ofNobody, false, &notificationv1.SendContactCodeRequest{Contact: nothing}),
		"OnCallService/TestContact":     one(ofNobody, false, &notificationv1.TestContactRequest{Contact: nothing}),
		"OnCallService/DeleteContact":   one(ofNobody, false, &notificationv1.DeleteContactRequest{Contact: nothing}),

		"DrillService/StartDrill": one(ofNobody, false, &notificationv1.StartDrillRequest{
			AcceptWithin: durationpb.New(time.Minute), AcknowledgeWithin: durationpb.New(time.Second), // the later target first: refused
		}),
		"DrillService/ListDrills":       one(ofNobody, true, &notificationv1.ListDrillsRequest{}),
		"DrillService/GetDrill":         one(ofNobody, false, &notificationv1.GetDrillRequest{Drill: nothing}),
		"DrillService/GetDrillSchedule": one(ofNobody, true, &notificationv1.GetDrillScheduleRequest{}),
		"DrillService/SetDrillSchedule": one(ofNobody, false, &notificationv1.SetDrillScheduleRequest{Weekday: 1, Time: "10:00", TimeZone: "Nowhere/Nothing"}),

		"CalendarService/CreateCalendarFeed": one(ofNobody, false, &notificationv1.CreateCalendarFeedRequest{Schedule: nothing}),
		"CalendarService/ListCalendarFeeds":  one(ofNobody, true, &notificationv1.ListCalendarFeedsRequest{}),
		"CalendarService/DeleteCalendarFeed": one(ofNobody, false, &notificationv1.DeleteCalendarFeedRequest{CalendarFeed: nothing}),
		"CalendarService/ReadCalendar":       one(ofNobody, false, &notificationv1.ReadCalendarRequest{Token: nothing}),

		"OnCallService/GetNotificationRules": one(ofNobody, false, &notificationv1.GetNotificationRulesRequest{Person: nothing}),
		"OnCallService/UpdateNotificationRules": one(ofNobody, false, &notificationv1.UpdateNotificationRulesRequest{
			NotificationRules: &notificationv1.NotificationRules{Person: nothing},
		}),

		"MailService/ListDeliveries":      one(ofNobody, true, &notificationv1.ListDeliveriesRequest{Ticket: number}),
		"MailService/ResendDelivery":      one(ofNobody, false, &notificationv1.ResendDeliveryRequest{Delivery: nothing}),
		"MailService/ListInboundMails":    one(ofNobody, true, &notificationv1.ListInboundMailsRequest{}),
		"MailService/GetInboundMail":      one(ofNobody, false, &notificationv1.GetInboundMailRequest{InboundMail: nothing}),
		"MailService/DownloadInboundMail": one(ofNobody, false, &notificationv1.DownloadInboundMailRequest{InboundMail: nothing}),
		"MailService/ReleaseInboundMail":  one(ofNobody, false, &notificationv1.ReleaseInboundMailRequest{InboundMail: nothing}),
		"MailService/DiscardInboundMail":  one(ofNobody, false, &notificationv1.DiscardInboundMailRequest{InboundMail: nothing}),
		"MailService/ListSuppressions":    one(ofNobody, true, &notificationv1.ListSuppressionsRequest{}),
		"MailService/DeleteSuppression":   one(ofNobody, false, &notificationv1.DeleteSuppressionRequest{Suppression: nothing}),
		"MailService/GetCopies":           one(ofNobody, false, &notificationv1.GetCopiesRequest{Token: nothing}),
		"MailService/StopCopies":          one(ofNobody, false, &notificationv1.StopCopiesRequest{Token: nothing}),

		"NoticeService/GetNoticePreferences": one(ofNobody, true, &notificationv1.GetNoticePreferencesRequest{}),
		"NoticeService/ListNotices":          one(ofNobody, true, &notificationv1.ListNoticesRequest{}),
		"NoticeService/UpdateNoticePreferences": one(ofNobody, false, &notificationv1.UpdateNoticePreferencesRequest{
			NoticePreferences: &notificationv1.NoticePreferences{}, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"new_ticket"}},
		}),

		"EmergencyService/ForwardAcknowledgement": one(ofNobody, false, &notificationv1.ForwardAcknowledgementRequest{
			Page: nothing, Person: &ticketv1.Person{Id: nothing}, AcknowledgeTime: timestamppb.Now(),
		}),
		"EmergencyService/GetRoster": one(ofNobody, true, &notificationv1.GetRosterRequest{}),

		sink + "/Deliver": {ofNobody, true, func(c caller) proto.Message {
			// Of a kind that nobody knows yet: answered, not applied.
			return &eventv1.DeliverRequest{Events: []*eventv1.Event{{Id: "matrix", Source: cmp.Or(c.service, nothing), Aggregate: "1", Sequence: 1}}}
		}},
	}
}

func mask(paths ...string) *fieldmaskpb.FieldMask { return &fieldmaskpb.FieldMask{Paths: paths} }
