// Package mailbox asks the process of the emergency mailbox for the pages that it has.
package mailbox

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// patience is how long a page waits for an answer before notification pages by itself.
const patience = 2 * time.Second

// Client asks the mailbox.
type Client struct {
	pages notificationv1.EmergencyPageServiceClient
}

// New returns a client over a connection to the mailbox.
func New(conn grpc.ClientConnInterface) *Client {
	return &Client{pages: notificationv1.NewEmergencyPageServiceClient(conn)}
}

// TakeOver returns a page of the mailbox, which sends nothing more for it. It takes two seconds at most. Fault NotFound: it
// has no such page; Precondition: it goes on, for it has reached nobody and neither has the caller.
func (c *Client) TakeOver(ctx context.Context, page string, reached bool) (domain.Held, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	got, err := c.pages.TakeOverPage(ctx, &notificationv1.TakeOverPageRequest{Page: page, Reached: reached})
	if err != nil {
		return domain.Held{}, err
	}
	return held(got), nil
}

func held(got *notificationv1.HeldPage) domain.Held {
	p := got.GetPage()
	h := domain.Held{
		Position:       domain.Position{Cycle: int(p.GetCycle()), Loop: int(p.GetLoop()), Step: int(p.GetStep())},
		Acknowledged:   p.GetState() == ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED,
		AcknowledgedBy: person(p.GetAcknowledgedBy()), AcknowledgedAt: instant(p.GetAcknowledgeTime()),
	}
	for i, d := range p.GetDeliveries() {
		var contact domain.Contact
		if i < len(got.GetContacts()) {
			c := got.GetContacts()[i]
			contact = domain.Contact{
				ID: c.GetId(), Person: c.GetPerson(), Channel: domain.Channel(d.GetChannel()), Address: c.GetAddress(), Position: int(c.GetPosition()),
			}
		}
		h.Deliveries = append(h.Deliveries, domain.Delivery{
			ID: d.GetId(), Page: p.GetId(), Position: domain.Position{Cycle: int(d.GetCycle()), Loop: int(d.GetLoop()), Step: int(d.GetStep())},
			Person: person(d.GetPerson()), Contact: contact, Why: why(d.GetWhy()), State: domain.DeliveryState(d.GetState()),
			Attempts: int(d.GetAttempts()), LastAnswer: answer(d.GetAnswer()), CreatedAt: instant(d.GetCreateTime()), AcceptedAt: instant(d.GetAcceptTime()),
		})
	}
	for _, e := range p.GetLog() {
		h.Log = append(h.Log, domain.LogEntry{At: instant(e.GetCreateTime()), Entry: domain.Entry{
			Kind: domain.EntryKind(e.GetKind()), Person: e.GetPerson(), Channel: domain.Channel(e.GetChannel()), Answer: answer(e.GetAnswer()),
			NextContact: e.GetNextContact(), Step: int(e.GetStep()), Loop: int(e.GetLoop()), Why: why(e.GetWhy()), After: e.GetAfter().AsDuration(),
			AcknowledgedAt: instant(e.GetAcknowledgeTime()), Title: e.GetTitle(), Event: e.GetEvent(), EndedBy: e.GetEndedBy(),
		}})
	}
	return h
}

func why(w *notificationv1.PageReason) domain.Why {
	return domain.Why{Kind: domain.WhyKind(w.GetKind()), Schedule: w.GetSchedule()}
}

func answer(a *notificationv1.DeliveryAnswer) domain.Answer {
	return domain.Answer{Kind: domain.AnswerKind(a.GetKind()), Said: a.GetSaid(), After: a.GetAfter().AsDuration()}
}

func person(p *ticketv1.Person) domain.Person {
	return domain.Person{ID: p.GetId(), Name: p.GetName(), Email: p.GetEmail(), Staff: p.GetStaff()}
}

func instant(t *timestamppb.Timestamp) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.AsTime()
}
