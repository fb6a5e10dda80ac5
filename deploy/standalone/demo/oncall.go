package demo

import (
	"context"
	"strings"
	"time"

	"google.golang.org/grpc"
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
		if _, err := client.UpdateSchedule(as, &notificationv1.UpdateScheduleRequest{Schedule: s, AllowMissing: true}); err != nil {
			return err
		}
	}
	_, err = client.UpdateEscalationPolicy(as, &notificationv1.UpdateEscalationPolicyRequest{AllowMissing: true, EscalationPolicy: &notificationv1.EscalationPolicy{
		Id: "default",
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
		if err := reach(as, client, f.people[engineer], string(engineer), f.WebhookURL); err != nil {
			return err
		}
	}
	return f.Settle(ctx)
}

// reach gives a person a webhook and, after it, mail.
func reach(ctx context.Context, client notificationv1.OnCallServiceClient, person, address string, webhookURL func(string) string) error {
	for _, c := range []*notificationv1.Contact{
		{Person: person, Channel: notificationv1.Contact_CHANNEL_WEBHOOK, Address: webhookURL(person)},
		{Person: person, Channel: notificationv1.Contact_CHANNEL_EMAIL, Address: address},
	} {
		if _, err := client.CreateContact(ctx, &notificationv1.CreateContactRequest{Contact: c}); err != nil {
			return err
		}
	}
	return nil
}

// Reconnect replaces the contacts of the engineers whose webhook is somewhere
// else. ctx is the admin's.
func Reconnect(ctx context.Context, conn grpc.ClientConnInterface, webhookURL func(person string) string) error {
	client := notificationv1.NewOnCallServiceClient(conn)
	contacts, err := allContacts(ctx, client)
	if err != nil {
		return err
	}
	mail, stale := map[string]string{}, map[string]bool{}
	for _, c := range contacts {
		switch c.GetChannel() {
		case notificationv1.Contact_CHANNEL_EMAIL:
			mail[c.GetPerson()] = c.GetAddress()
		case notificationv1.Contact_CHANNEL_WEBHOOK:
			// Other targets were added by the visitor.
			if strings.Contains(c.GetAddress(), receiverPath) && c.GetAddress() != webhookURL(c.GetPerson()) {
				stale[c.GetPerson()] = true
			}
		}
	}
	for _, c := range contacts {
		if stale[c.GetPerson()] {
			if _, err := client.DeleteContact(ctx, &notificationv1.DeleteContactRequest{Contact: c.GetId()}); err != nil {
				return err
			}
		}
	}
	for person := range stale {
		if err := reach(ctx, client, person, mail[person], webhookURL); err != nil {
			return err
		}
	}
	return nil
}

func allContacts(ctx context.Context, client notificationv1.OnCallServiceClient) (all []*notificationv1.Contact, err error) {
	for req := (&notificationv1.ListContactsRequest{PageSize: 100}); ; {
		res, err := client.ListContacts(ctx, req)
		if err != nil {
			return nil, err
		}
		all = append(all, res.GetContacts()...)
		if req.PageToken = res.GetNextPageToken(); req.PageToken == "" {
			return all, nil
		}
	}
}

// receiverPath is in the address of the demo's own receiver.
const receiverPath = "/dev/receiver/"

// monday is 08:00 UTC of the last Monday before t.
func monday(t time.Time) time.Time {
	t = t.UTC()
	y, m, d := t.AddDate(0, 0, -(int(t.Weekday())+6)%7).Date()
	return time.Date(y, m, d, 8, 0, 0, 0, time.UTC)
}
