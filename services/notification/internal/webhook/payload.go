package webhook

import (
	"fmt"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/timestamppb"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// Type is the type of the payload.
const Type = "page.opened.v1"

// Render encodes a notice as JSON of PageOpened.
func Render(n domain.Notice) (string, error) {
	i := n.Page.Incident
	notice := &notificationv1.PageNotice{
		Page: n.Page.ID, Delivery: n.Delivery, Ticket: n.Page.Ticket, Title: i.Title(),
		Organization: i.Organization, OrganizationName: i.OrganizationName, Scope: i.Scope, Verified: i.Verified,
		Requester: person(i.Requester), CallbackNumber: i.Callback, Excerpt: i.Excerpt, SinceTime: stamp(i.Since), Impact: i.Impact,
		Reason: i.Reason, Person: person(n.Person), Why: n.Why.Text(),
		Step: int32(n.Position.Step), Loop: int32(n.Position.Loop), Cycle: int32(n.Position.Cycle),
		NextStepTime: stamp(n.NextStepAt), AcknowledgeUrl: n.AckURL, TicketUrl: n.TicketURL, OpenTime: stamp(n.Page.OpenedAt),
	}
	for _, p := range n.Others {
		notice.AlsoPaged = append(notice.AlsoPaged, person(p))
	}
	body, err := protojson.Marshal(&notificationv1.PageOpened{Type: Type, Timestamp: stamp(n.SentAt), Data: notice})
	return string(body), err
}

// Parse is the reverse of Render, for channels that show the notice in another form.
func Parse(body string) (*notificationv1.PageNotice, error) {
	var opened notificationv1.PageOpened
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal([]byte(body), &opened); err != nil {
		return nil, fmt.Errorf("webhook: payload: %w", err)
	}
	return opened.GetData(), nil
}

func person(p domain.Person) *ticketv1.Person {
	if p == (domain.Person{}) {
		return nil
	}
	return &ticketv1.Person{Id: p.ID, Name: p.Name, Email: p.Email, Staff: p.Staff}
}

func stamp(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}
