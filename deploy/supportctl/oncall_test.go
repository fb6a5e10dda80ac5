package supportctl

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

var at = time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)

// onCallFake answers as notification does, as far as the commands look, and keeps what it was asked.
type onCallFake struct {
	notificationv1.UnimplementedPageServiceServer
	notificationv1.UnimplementedOnCallServiceServer
	notificationv1.UnimplementedDrillServiceServer
	notificationv1.UnimplementedCalendarServiceServer
	asked  proto.Message
	roster rosterFake
}

func (f *onCallFake) EscalatePage(_ context.Context, req *notificationv1.EscalatePageRequest) (*notificationv1.Page, error) {
	f.asked = req
	return &notificationv1.Page{Id: req.GetPage(), State: ticketv1.PageState_PAGE_STATE_PAGING}, nil
}

func (f *onCallFake) UnacknowledgePage(_ context.Context, req *notificationv1.UnacknowledgePageRequest) (*notificationv1.Page, error) {
	f.asked = req
	return &notificationv1.Page{Id: req.GetPage(), State: ticketv1.PageState_PAGE_STATE_PAGING}, nil
}

func (f *onCallFake) SnoozePage(_ context.Context, req *notificationv1.SnoozePageRequest) (*notificationv1.Page, error) {
	f.asked = req
	return &notificationv1.Page{
		Id: req.GetPage(), State: ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED,
		SnoozeEndTime: timestamppb.New(at.Add(req.GetDuration().AsDuration())),
	}, nil
}

func (f *onCallFake) DeleteSchedule(_ context.Context, req *notificationv1.DeleteScheduleRequest) (*emptypb.Empty, error) {
	f.asked = req
	return &emptypb.Empty{}, nil
}

func (f *onCallFake) ListContacts(_ context.Context, req *notificationv1.ListContactsRequest) (*notificationv1.ListContactsResponse, error) {
	f.asked = req
	return &notificationv1.ListContactsResponse{Contacts: []*notificationv1.Contact{
		{Id: "c1", Person: "p1", Position: 1, Channel: notificationv1.Contact_CHANNEL_PAGERDUTY, Address: "https://events.eu.pagerduty.com/v2/enqueue"},
	}}, nil
}

func (f *onCallFake) TestContact(_ context.Context, req *notificationv1.TestContactRequest) (*notificationv1.TestContactResponse, error) {
	f.asked = req
	return &notificationv1.TestContactResponse{Accepted: true, Answer: &notificationv1.DeliveryAnswer{Text: "202 Accepted"}}, nil
}

func (f *onCallFake) VerifyContact(_ context.Context, req *notificationv1.VerifyContactRequest) (*notificationv1.Contact, error) {
	f.asked = req
	return &notificationv1.Contact{Id: req.GetContact(), Address: "ada@home.test"}, nil
}

func (f *onCallFake) SendContactCode(_ context.Context, req *notificationv1.SendContactCodeRequest) (*notificationv1.Contact, error) {
	f.asked = req
	return &notificationv1.Contact{Id: req.GetContact(), Address: "ada@home.test"}, nil
}

func (f *onCallFake) StartDrill(_ context.Context, req *notificationv1.StartDrillRequest) (*notificationv1.Drill, error) {
	f.asked = req
	return &notificationv1.Drill{Id: "d1", State: notificationv1.Drill_STATE_RUNNING}, nil
}

func (f *onCallFake) ListDrills(_ context.Context, req *notificationv1.ListDrillsRequest) (*notificationv1.ListDrillsResponse, error) {
	f.asked = req
	return &notificationv1.ListDrillsResponse{Drills: []*notificationv1.Drill{{Id: "d1", State: notificationv1.Drill_STATE_NOT_ACKNOWLEDGED}}}, nil
}

func (f *onCallFake) GetDrillSchedule(context.Context, *notificationv1.GetDrillScheduleRequest) (*notificationv1.DrillSchedule, error) {
	return &notificationv1.DrillSchedule{Weekday: 2, Time: "11:00", TimeZone: "UTC", AcceptWithin: durationpb.New(time.Second)}, nil
}

func (f *onCallFake) SetDrillSchedule(_ context.Context, req *notificationv1.SetDrillScheduleRequest) (*notificationv1.DrillSchedule, error) {
	f.asked = req
	return &notificationv1.DrillSchedule{Enabled: req.GetEnabled(), Weekday: req.GetWeekday(), Time: req.GetTime(), TimeZone: req.GetTimeZone()}, nil
}

func (f *onCallFake) CreateCalendarFeed(_ context.Context, req *notificationv1.CreateCalendarFeedRequest) (*notificationv1.CalendarFeed, error) {
	f.asked = req
	return &notificationv1.CalendarFeed{Id: "f1", Url: "https://desk.test/calendars/X.ics"}, nil
}

func (f *onCallFake) ListCalendarFeeds(_ context.Context, req *notificationv1.ListCalendarFeedsRequest) (*notificationv1.ListCalendarFeedsResponse, error) {
	f.asked = req
	return &notificationv1.ListCalendarFeedsResponse{CalendarFeeds: []*notificationv1.CalendarFeed{{Id: "f1"}}}, nil
}

func (f *onCallFake) DeleteCalendarFeed(_ context.Context, req *notificationv1.DeleteCalendarFeedRequest) (*notificationv1.DeleteCalendarFeedResponse, error) {
	f.asked = req
	return &notificationv1.DeleteCalendarFeedResponse{}, nil
}

func (f *onCallFake) GetNotificationRules(_ context.Context, req *notificationv1.GetNotificationRulesRequest) (*notificationv1.NotificationRules, error) {
	f.asked = req
	return &notificationv1.NotificationRules{
		Person: req.GetPerson(), Urgent: []*notificationv1.NotificationStep{{Contact: "c1"}, {Contact: "c2", Delay: durationpb.New(time.Minute)}},
		QuietHours: &notificationv1.QuietHours{TimeZone: "Europe/Berlin", Hours: []*notificationv1.Restriction{{Weekdays: []int32{6, 7}, From: "22:00", Until: "07:00"}}},
	}, nil
}

func (f *onCallFake) UpdateNotificationRules(_ context.Context, req *notificationv1.UpdateNotificationRulesRequest) (*notificationv1.NotificationRules, error) {
	f.asked = req
	return req.GetNotificationRules(), nil
}

func TestOnCallCommands(t *testing.T) {
	fake := &onCallFake{}
	run := start(t, &suite{onCall: fake})
	for _, c := range []struct {
		args []string
		want proto.Message
		says string
	}{
		{
			args: []string{"page", "unack", "p1", "not my system"},
			want: &notificationv1.UnacknowledgePageRequest{Page: "p1", Reason: "not my system"}, says: "paging",
		},
		{
			args: []string{"page", "escalate", "p1", "they call again"},
			want: &notificationv1.EscalatePageRequest{Page: "p1", Reason: "they call again"}, says: "paging",
		},
		{args: []string{"page", "escalate", "p1"}, want: &notificationv1.EscalatePageRequest{Page: "p1"}, says: "paging"},
		{
			args: []string{"page", "snooze", "p1"},
			want: &notificationv1.SnoozePageRequest{Page: "p1", Duration: durationpb.New(4 * time.Hour)}, says: instant(timestamppb.New(at.Add(4 * time.Hour))),
		},
		{
			args: []string{"page", "snooze", "p1", "--for", "30m"},
			want: &notificationv1.SnoozePageRequest{Page: "p1", Duration: durationpb.New(30 * time.Minute)}, says: instant(timestamppb.New(at.Add(30 * time.Minute))),
		},
		{
			args: []string{"oncall", "schedule", "delete", "primary"},
			want: &notificationv1.DeleteScheduleRequest{Schedule: "primary"}, says: "primary",
		},
		{
			args: []string{"oncall", "schedule", "delete", "primary", "--etag", "e1"},
			want: &notificationv1.DeleteScheduleRequest{Schedule: "primary", Etag: "e1"}, says: "primary",
		},
		{
			args: []string{"oncall", "contact", "list", "--person", "p1"},
			want: &notificationv1.ListContactsRequest{Person: "p1", PageSize: 100}, says: "pagerduty",
		},
		{
			args: []string{"oncall", "drill", "start", "--acknowledge-within", "3m"},
			want: &notificationv1.StartDrillRequest{AcknowledgeWithin: durationpb.New(3 * time.Minute)}, says: "Drill d1 began",
		},
		{args: []string{"oncall", "drill", "list"}, want: &notificationv1.ListDrillsRequest{}, says: "not acknowledged"},
		{
			args: []string{"oncall", "drill", "schedule", "--weekday", "3", "--at", "10:30", "--time-zone", "Europe/Berlin"},
			want: &notificationv1.SetDrillScheduleRequest{
				Enabled: true, Weekday: 3, Time: "10:30", TimeZone: "Europe/Berlin", AcceptWithin: durationpb.New(time.Second),
			},
			says: "Wednesday",
		},
		{
			args: []string{"oncall", "drill", "schedule", "--off"},
			want: &notificationv1.SetDrillScheduleRequest{Weekday: 2, Time: "11:00", TimeZone: "UTC", AcceptWithin: durationpb.New(time.Second)},
			says: "no drills",
		},
		{
			args: []string{"oncall", "calendar", "create", "--schedule", "primary"},
			want: &notificationv1.CreateCalendarFeedRequest{Schedule: "primary"}, says: "https://desk.test/calendars/X.ics",
		},
		{args: []string{"oncall", "calendar", "list"}, want: &notificationv1.ListCalendarFeedsRequest{PageSize: 100}, says: "(your duties)"},
		{args: []string{"oncall", "calendar", "revoke", "f1"}, want: &notificationv1.DeleteCalendarFeedRequest{CalendarFeed: "f1"}, says: "revoked"},
		{args: []string{"oncall", "contact", "test", "c1"}, want: &notificationv1.TestContactRequest{Contact: "c1"}, says: "202 Accepted"},
		{
			args: []string{"oncall", "contact", "verify", "c1", "012345"},
			want: &notificationv1.VerifyContactRequest{Contact: "c1", Code: "012345"}, says: "ada@home.test",
		},
		{args: []string{"oncall", "rules", "show", "p1"}, want: &notificationv1.GetNotificationRulesRequest{Person: "p1"}, says: "22:00-07:00 Sat Sun"},
		{
			args: []string{"oncall", "rules", "set", "p1", "--urgent=c1,c2=90s", "--quiet=22:00-07:00", "--time-zone=Europe/Berlin"},
			want: &notificationv1.UpdateNotificationRulesRequest{
				NotificationRules: &notificationv1.NotificationRules{
					Person: "p1", Urgent: []*notificationv1.NotificationStep{{Contact: "c1"}, {Contact: "c2", Delay: durationpb.New(90 * time.Second)}},
					QuietHours: &notificationv1.QuietHours{TimeZone: "Europe/Berlin", Hours: []*notificationv1.Restriction{{From: "22:00", Until: "07:00"}}},
				},
				UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"urgent", "quiet_hours"}},
			},
			says: "1m30s",
		},
		{
			args: []string{"oncall", "rules", "set", "p1", "--normal=none"},
			want: &notificationv1.UpdateNotificationRulesRequest{
				NotificationRules: &notificationv1.NotificationRules{Person: "p1"}, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"normal"}},
			},
			says: "(as urgent)",
		},
		{args: []string{"oncall", "contact", "code", "c1"}, want: &notificationv1.SendContactCodeRequest{Contact: "c1"}, says: "ada@home.test"},
	} {
		out, err := run("", append([]string{"--token", "altis_x"}, c.args...)...)
		require.NoError(t, err, c.args)
		require.True(t, proto.Equal(c.want, fake.asked), "%v: %v", c.args, fake.asked)
		require.Contains(t, out, c.says, c.args)
	}
}
