package demo

import (
	"context"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/durationpb"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// onCall sets up two weekly rotations, the second a week behind the first, a
// layer below the first for when its people cannot be reached, and a webhook for
// each engineer.
func (f *filler) onCall(ctx context.Context) error {
	client := notificationv1.NewOnCallServiceClient(f.Conn)
	as, err := f.as(ctx, elif)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(rotationZone)
	if err != nil {
		return err
	}
	start := rotationStart(f.now, zone).Format("2006-01-02T15:04")
	layer := func(name string, people ...who) *notificationv1.Layer {
		l := &notificationv1.Layer{Name: name, Unit: notificationv1.Layer_UNIT_WEEK, Length: 1, Start: start}
		for _, p := range people {
			l.People = append(l.People, f.people[p])
		}
		return l
	}
	schedules := []*notificationv1.Schedule{
		{Id: "primary", Name: "Primary", TimeZone: rotationZone, Layers: []*notificationv1.Layer{layer("Stand-in", elif), layer("Weeks", diego, ada)}},
		{Id: "secondary", Name: "Secondary", TimeZone: rotationZone, Layers: []*notificationv1.Layer{layer("Weeks", ada, diego)}},
	}
	for _, s := range schedules {
		if _, err := client.UpdateSchedule(as, &notificationv1.UpdateScheduleRequest{Schedule: s, AllowMissing: true}); err != nil {
			return err
		}
	}
	for _, engineer := range []who{ada, diego} {
		if err := reach(ctx, f.AddContact, f.people[engineer], string(engineer), f.WebhookURL); err != nil {
			return err
		}
	}
	// The fallback list is reached by mail: that of the directory counts as nobody's.
	_, err = f.AddContact(ctx, &notificationv1.Contact{Person: f.people[elif], Channel: notificationv1.Contact_CHANNEL_EMAIL, Address: string(elif)})
	if err != nil {
		return err
	}
	_, err = client.UpdateEscalationPolicy(as, &notificationv1.UpdateEscalationPolicyRequest{AllowMissing: true, EscalationPolicy: &notificationv1.EscalationPolicy{
		Id: "default",
		Steps: []*notificationv1.EscalationStep{
			{Targets: []string{"schedule:primary"}, Timeout: durationpb.New(escalation)},
			{Targets: []string{"schedule:secondary"}, Timeout: durationpb.New(escalation)},
		},
		Loops:    2,
		Fallback: []string{f.people[elif]},
	}})
	if err != nil {
		return err
	}
	return f.Settle(ctx)
}

// AddContact adds a contact that is verified: nobody reads codes at the demo's receivers.
type AddContact func(ctx context.Context, c *notificationv1.Contact) (*notificationv1.Contact, error)

// reach gives a person a webhook and, after it, mail.
func reach(ctx context.Context, add AddContact, person, address string, webhookURL func(string) string) error {
	for _, c := range []*notificationv1.Contact{
		{Person: person, Channel: notificationv1.Contact_CHANNEL_WEBHOOK, Address: webhookURL(person)},
		{Person: person, Channel: notificationv1.Contact_CHANNEL_EMAIL, Address: address},
	} {
		if _, err := add(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// Reconnect replaces the contacts of the engineers whose webhook is somewhere
// else. ctx is the admin's.
func Reconnect(ctx context.Context, conn grpc.ClientConnInterface, add AddContact, webhookURL func(person string) string) error {
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
		if err := reach(ctx, add, person, mail[person], webhookURL); err != nil {
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

// escalation is how long a page waits for an acknowledgement before it goes on.
const escalation = 5 * time.Minute

// rotationZone is where the engineers' working day begins at 09:00.
const rotationZone = "Europe/Berlin"
