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
		Drill: i.Drill, Raised: int32(i.Raised),
	}
	for _, p := range n.Others {
		notice.AlsoPaged = append(notice.AlsoPaged, person(p))
	}
	body, err := protojson.Marshal(&notificationv1.PageOpened{Type: Type, Timestamp: stamp(n.SentAt), Data: notice})
	return string(body), err
}

// TestType is the type of a test.
const TestType = "contact.test.v1"

// TestText is what a test says in one line.
func TestText(t domain.ContactTest) string {
	if t.Code != "" {
		return "[Code " + t.Code + "] With it " + t.To.Label() + " is paged here. Nobody else has to do anything."
	}
	return "[Test] " + t.Tester.Label() + " tries how " + t.To.Label() + " is paged. Nobody has to do anything."
}

// VerificationType is the type of a code.
const VerificationType = "contact.verification.v1"

// RenderTest encodes a test as JSON of ContactTest, a code as JSON of ContactVerification.
func RenderTest(t domain.ContactTest) (string, error) {
	if t.Code != "" {
		body, err := protojson.Marshal(&notificationv1.ContactVerification{
			Type: VerificationType, Timestamp: stamp(t.At), Data: &notificationv1.ContactVerificationNotice{
				Contact: t.Contact.ID, Person: person(t.To), Code: t.Code, ExpireTime: stamp(t.Expires), Text: TestText(t),
			},
		})
		return string(body), err
	}
	body, err := protojson.Marshal(&notificationv1.ContactTest{Type: TestType, Timestamp: stamp(t.At), Data: &notificationv1.ContactTestNotice{
		Contact: t.Contact.ID, Person: person(t.To), Tester: person(t.Tester), Text: TestText(t),
	}})
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
