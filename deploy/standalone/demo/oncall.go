package demo

import (
	"context"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// onCall sets up two weekly rotations, the second a week behind the first, and
// a webhook for each engineer.
func (f *filler) onCall(ctx context.Context) error {
	client := notificationv1.NewOnCallServiceClient(f.Conn)
	as, err := f.as(ctx, elif)
	if err != nil {
		return err
	}
	// A Monday, 09:00 in Berlin.
	start := timestamppb.New(monday(f.now.Add(-past - 7*day)))
	rotations := []*notificationv1.Schedule{
		{Id: "primary", Name: "Primary", People: []string{f.people[diego], f.people[ada]}},
		{Id: "secondary", Name: "Secondary", People: []string{f.people[ada], f.people[diego]}},
	}
	for _, s := range rotations {
		s.TimeZone, s.StartTime, s.ShiftDays = "Europe/Berlin", start, 7
		if _, err := client.PutSchedule(as, &notificationv1.PutScheduleRequest{Schedule: s}); err != nil {
			return err
		}
	}
	_, err = client.PutEscalationPolicy(as, &notificationv1.PutEscalationPolicyRequest{EscalationPolicy: &notificationv1.EscalationPolicy{
		Steps: []*notificationv1.EscalationStep{
			{Targets: []string{"schedule:primary"}, Timeout: durationpb.New(5 * time.Minute)},
			{Targets: []string{"schedule:secondary"}, Timeout: durationpb.New(5 * time.Minute)},
		},
		Loops:    2,
		Fallback: []string{f.people[elif]},
	}})
	if err != nil {
		return err
	}
	for _, engineer := range []who{ada, diego} {
		contacts := []*notificationv1.Contact{
			{Person: f.people[engineer], Channel: notificationv1.Contact_CHANNEL_WEBHOOK, Address: f.WebhookURL(f.people[engineer])},
			{Person: f.people[engineer], Channel: notificationv1.Contact_CHANNEL_EMAIL, Address: string(engineer)},
		}
		for _, c := range contacts {
			if _, err := client.CreateContact(as, &notificationv1.CreateContactRequest{Contact: c}); err != nil {
				return err
			}
		}
	}
	return f.Settle(ctx)
}

// monday is 08:00 UTC of the last Monday before t.
func monday(t time.Time) time.Time {
	t = t.UTC()
	y, m, d := t.AddDate(0, 0, -(int(t.Weekday())+6)%7).Date()
	return time.Date(y, m, d, 8, 0, 0, 0, time.UTC)
}
