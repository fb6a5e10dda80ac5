// Package wire turns tickets into messages of the API and of events, and back.
// It decides nothing: what a viewer may see was left out before.
package wire

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// Ticket returns the API's ticket.
func Ticket(t domain.Ticket) *ticketv1.Ticket {
	p := &ticketv1.Ticket{
		Number: t.Number, Organization: t.Organization, OrganizationName: t.OrganizationName, Requester: Person(t.Requester),
		Type: ticketv1.TicketType(t.Type), Priority: ticketv1.Priority(t.Priority), PriorityReason: t.PriorityReason,
		Status: ticketv1.TicketStatus(t.Status), WaitingOn: ticketv1.WaitingOn(t.Status.WaitingOn()),
		Subject: t.Subject, Description: t.Description, Scope: Scope(t.Scope), ScopeUnverified: t.ScopeUnverified,
		Ccs: People(t.CCs), Assignee: Person(t.Assignee), Team: t.Team, Tags: t.Tags,
		FirstResponseDueTime: Time(t.FirstResponseDue), ResolutionDueTime: Time(t.ResolutionDue), FirstResponseTime: Time(t.FirstResponse),
		Page: &ticketv1.PageSummary{
			State: ticketv1.PageState(t.Page.State), AcknowledgedBy: Person(t.Page.By), AcknowledgeTime: Time(t.Page.Time), Page: t.Page.ID,
		},
		FollowUpOf: t.FollowUpOf, MergedInto: t.MergedInto, CreateTime: Time(t.CreateTime), UpdateTime: Time(t.UpdateTime),
		SolveTime: Time(t.SolveTime), CloseTime: Time(t.CloseTime),
		Unread: t.Unread, Etag: t.ETag(), Sequence: t.Sequence, PurgeTime: Time(t.PurgeTime()),
	}
	switch t.Hidden {
	case domain.Spam:
		p.SpamTime = Time(t.HiddenTime)
	case domain.Deleted:
		p.DeleteTime = Time(t.HiddenTime)
	case domain.Shown:
	}
	switch d := t.Details; {
	case d.Incident != nil:
		p.Details = &ticketv1.Ticket_Incident{Incident: Incident(d.Incident)}
	case d.Problem != nil:
		p.Details = &ticketv1.Ticket_Problem{Problem: problem(d.Problem)}
	case d.Task != nil:
		p.Details = &ticketv1.Ticket_Task{Task: task(d.Task)}
	}
	return p
}

// Tickets returns the API's tickets.
func Tickets(list []domain.Ticket) []*ticketv1.Ticket {
	out := make([]*ticketv1.Ticket, len(list))
	for i, t := range list {
		out[i] = Ticket(t)
	}
	return out
}

// Message returns the API's message.
func Message(m domain.Message) *ticketv1.Message {
	kind := ticketv1.Message_KIND_PUBLIC
	if m.Note {
		kind = ticketv1.Message_KIND_NOTE
	}
	return &ticketv1.Message{
		Id: m.ID, Ticket: m.Number, Kind: kind, Author: Person(m.Author), Body: m.Body, CreateTime: Time(m.Time), Sequence: m.Sequence,
		RedactTime:  Time(m.RedactTime),
		Attachments: Attachments(m.Attachments), Quoted: m.Quoted,
	}
}

// Attachments returns the API's attachments.
func Attachments(list []domain.Attachment) []*ticketv1.Attachment {
	out := make([]*ticketv1.Attachment, len(list))
	for i, a := range list {
		out[i] = Attachment(a)
	}
	return out
}

// Attachment returns the API's attachment.
func Attachment(a domain.Attachment) *ticketv1.Attachment {
	return &ticketv1.Attachment{
		Id: a.ID, Filename: a.Filename, ContentType: a.ContentType, Size: a.Size, Sha256: a.SHA256, CreateTime: Time(a.Time),
	}
}

// Event returns the API's history entry.
func Event(e domain.Event) *ticketv1.Event {
	changes := make([]*ticketv1.FieldChange, len(e.Changes))
	for i, c := range e.Changes {
		changes[i] = &ticketv1.FieldChange{Field: c.Field, OldValue: c.Old, NewValue: c.New}
	}
	return &ticketv1.Event{
		Id: e.ID(), Ticket: e.Number, Sequence: e.Sequence, Kind: ticketv1.Event_Kind(e.Kind), Actor: Person(e.Actor),
		ActorService: e.Service, CreateTime: Time(e.Time), Changes: changes, Summary: e.Summary, Message: e.Message,
		Graced: e.Graced, OtherTicket: e.Other,
	}
}

// Person returns nil for nobody.
func Person(p domain.Person) *ticketv1.Person {
	if p == (domain.Person{}) {
		return nil
	}
	return &ticketv1.Person{Id: p.ID, Name: p.Name, Email: p.Email, Staff: p.Staff}
}

// People returns the API's people.
func People(list []domain.Person) []*ticketv1.Person {
	out := make([]*ticketv1.Person, len(list))
	for i, p := range list {
		out[i] = Person(p)
	}
	return out
}

// FromPerson reads a person; nil is nobody.
func FromPerson(p *ticketv1.Person) domain.Person {
	return domain.Person{ID: p.GetId(), Name: p.GetName(), Email: p.GetEmail(), Staff: p.GetStaff()}
}

// Scope returns the API's scope.
func Scope(s domain.Scope) *ticketv1.Scope {
	targets := make([]*ticketv1.ScopeTarget, len(s.Targets))
	for i, t := range s.Targets {
		targets[i] = &ticketv1.ScopeTarget{
			Application: t.Application, Environment: t.Environment,
			ApplicationName: t.ApplicationName, EnvironmentName: t.EnvironmentName,
		}
	}
	return &ticketv1.Scope{All: s.All, Targets: targets}
}

// FromScope reads a scope, without the names.
func FromScope(s *ticketv1.Scope) domain.Scope {
	var targets []domain.Target
	for _, t := range s.GetTargets() {
		targets = append(targets, domain.Target{Application: t.GetApplication(), Environment: t.GetEnvironment()})
	}
	return domain.Scope{All: s.GetAll(), Targets: targets}
}

// Time returns nil for the zero time.
func Time(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}

// FromTime returns the zero time for nil and for what is no instant.
func FromTime(t *timestamppb.Timestamp) time.Time {
	if !t.IsValid() {
		return time.Time{}
	}
	return t.AsTime().Truncate(time.Microsecond)
}
