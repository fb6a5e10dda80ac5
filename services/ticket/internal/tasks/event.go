package tasks

import (
	"context"
	"slices"
	"time"

	"altis-dxp.com/support/pkg/events"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/wire"
)

// ticketEvent returns what other services hear of a change: nil for notes, which
// never leave this service, and for what other services told themselves. Of what triage
// chose only the team is told, which is notified: the next event's snapshot shows the rest.
func ticketEvent(ctx context.Context, c domain.Change) *eventv1.Event {
	e := &eventv1.TicketEvent{
		Ticket: snapshot(c.After), Actor: wire.Person(c.Event.Actor), ActorService: c.Event.Service,
		BecameUrgent: c.BecameUrgent(), EndedUrgency: c.EndedUrgency(), EmergencyPage: c.EmergencyPage,
	}
	switch c.Event.Kind {
	case domain.EventCreated:
		e.Change = &eventv1.TicketEvent_Created{Created: &eventv1.TicketCreated{Message: public(*c.Message)}}
	case domain.EventReplied:
		e.Change = &eventv1.TicketEvent_Replied{Replied: &eventv1.TicketReplied{
			Message: public(*c.Message), OldStatus: ticketv1.TicketStatus(c.Before.Status),
		}}
	case domain.EventStatusChanged:
		e.Change = &eventv1.TicketEvent_StatusChanged{StatusChanged: &eventv1.TicketStatusChanged{
			OldStatus: ticketv1.TicketStatus(c.Before.Status),
		}}
	case domain.EventPriorityChanged:
		e.Change = priorityChanged(c)
	case domain.EventCCsChanged:
		e.Change = ccsChanged(c)
	case domain.EventRequesterChanged:
		e.Change = &eventv1.TicketEvent_RequesterChanged{RequesterChanged: &eventv1.TicketRequesterChanged{
			OldRequester: wire.Person(c.Before.Requester), Conversation: conversation(c),
		}}
	case domain.EventTypeChanged:
		e.Change = &eventv1.TicketEvent_TypeChanged{TypeChanged: &eventv1.TicketTypeChanged{OldType: ticketv1.TicketType(c.Before.Type)}}
	case domain.EventMessageRedacted:
		if !c.Redacted.Note {
			e.Change = &eventv1.TicketEvent_MessageRedacted{MessageRedacted: &eventv1.TicketMessageRedacted{Message: public(*c.Redacted)}}
		}
	case domain.EventFieldRedacted:
		if inSnapshots[c.Field.Name] != nil {
			e.Change = &eventv1.TicketEvent_FieldRedacted{FieldRedacted: &eventv1.TicketFieldRedacted{Field: c.Field.Name, Value: c.Field.Value}}
		}
	case domain.EventMarkedSpam, domain.EventDeleted:
		e.Change = &eventv1.TicketEvent_Hidden{Hidden: &eventv1.TicketHidden{Deleted: c.After.Hidden == domain.Deleted}}
	case domain.EventRestored:
		e.Change = &eventv1.TicketEvent_Restored{Restored: &eventv1.TicketRestored{}}
	case domain.EventMergedInto:
		e.Change = &eventv1.TicketEvent_MergedInto{MergedInto: &eventv1.TicketMergedInto{Into: c.After.MergedInto, Told: wire.People(c.Followers)}}
	case domain.EventMergedFrom:
		e.Change = mergedFrom(c)
	case domain.EventAssigneeChanged:
		e.Change = assigneeChanged(c)
	case domain.EventTriaged:
		if c.After.Team != c.Before.Team {
			e.Change = assigneeChanged(c)
		}
	case domain.EventFieldsChanged:
		changed := &eventv1.TicketFieldsChanged{}
		for _, change := range c.Event.Changes {
			changed.Fields = append(changed.Fields, change.Field)
		}
		e.Change = &eventv1.TicketEvent_FieldsChanged{FieldsChanged: changed}
	}
	if e.Change == nil {
		return nil
	}
	event := events.NewEvent(ctx, domain.ServiceTicket, c.After.ID(), c.Event.Sequence, c.Event.ID(), c.Event.Time)
	event.Payload = &eventv1.Event_Ticket{Ticket: e}
	return event
}

// purged is the last event of a ticket: nothing of it but its number is told.
func purged(ctx context.Context, t domain.Ticket, now time.Time) *eventv1.Event {
	last := domain.Event{Number: t.Number, Sequence: t.Sequence + 1}
	event := events.NewEvent(ctx, domain.ServiceTicket, t.ID(), last.Sequence, last.ID(), now)
	event.Payload = &eventv1.Event_Ticket{Ticket: &eventv1.TicketEvent{
		Ticket: &eventv1.TicketSnapshot{
			Number: t.Number, Id: t.ID(), Sequence: last.Sequence, Status: ticketv1.TicketStatus_TICKET_STATUS_CLOSED,
		},
		ActorService: domain.ServiceTicket,
		Change:       &eventv1.TicketEvent_Purged{Purged: &eventv1.TicketPurged{}},
	}}
	return event
}

// mergedFrom tells of a duplicate what paging needs: its texts are told by its own events only, where they are redacted.
func mergedFrom(c domain.Change) *eventv1.TicketEvent_MergedFrom {
	source := *c.Source
	source.Excerpt, source.Details = "", domain.Details{}
	m := &eventv1.TicketMergedFrom{Source: snapshot(source), OldStatus: ticketv1.TicketStatus(c.Before.Status)}
	if c.SourcePage.Open() {
		m.Page, m.Occurrence = c.SourcePage.ID, c.SourcePage.Occurrence
	}
	return &eventv1.TicketEvent_MergedFrom{MergedFrom: m}
}

func priorityChanged(c domain.Change) *eventv1.TicketEvent_PriorityChanged {
	return &eventv1.TicketEvent_PriorityChanged{PriorityChanged: &eventv1.TicketPriorityChanged{
		OldPriority: ticketv1.Priority(c.Before.Priority), Reason: c.After.PriorityReason,
	}}
}

func assigneeChanged(c domain.Change) *eventv1.TicketEvent_AssigneeChanged {
	return &eventv1.TicketEvent_AssigneeChanged{AssigneeChanged: &eventv1.TicketAssigneeChanged{
		OldAssignee: wire.Person(c.Before.Assignee), OldTeam: c.Before.Team,
	}}
}

func ccsChanged(c domain.Change) *eventv1.TicketEvent_CcsChanged {
	return &eventv1.TicketEvent_CcsChanged{CcsChanged: &eventv1.TicketCcsChanged{
		Added: wire.People(c.AddedCCs), Removed: wire.People(c.RemovedCCs), Conversation: conversation(c),
	}}
}

func conversation(c domain.Change) []*eventv1.PublicMessage {
	var list []*eventv1.PublicMessage
	for _, m := range c.Conversation {
		list = append(list, public(m))
	}
	return list
}

func public(m domain.Message) *eventv1.PublicMessage {
	p := &eventv1.PublicMessage{Id: m.ID, Author: wire.Person(m.Author), Body: m.Body, CreateTime: wire.Time(m.Time)}
	for _, a := range m.Attachments {
		p.Attachments = append(p.Attachments, &eventv1.PublicAttachment{Filename: a.Filename, Size: a.Size})
	}
	return p
}

// redact takes out of an event what a redaction took out of its message.
func redact(e *eventv1.TicketEvent, c domain.Change) {
	m := c.Redacted
	if m.Sequence == 1 && e.GetTicket() != nil {
		e.Ticket.Excerpt = c.After.Excerpt
	}
	told := slices.Concat(e.GetCcsChanged().GetConversation(), e.GetRequesterChanged().GetConversation(), []*eventv1.PublicMessage{
		e.GetCreated().GetMessage(), e.GetReplied().GetMessage(), e.GetMessageRedacted().GetMessage(),
	})
	for _, message := range told {
		if message.GetId() == m.ID {
			message.Body, message.Attachments = m.Body, public(*m).GetAttachments()
		}
	}
}

// inSnapshots are the fields that can be redacted and that a snapshot has, if it has them.
var inSnapshots = map[string]func(*eventv1.TicketSnapshot) *string{
	"subject": func(t *eventv1.TicketSnapshot) *string { return &t.Subject },
	"incident.impact": func(t *eventv1.TicketSnapshot) *string {
		if t.GetIncident().GetImpact() == "" {
			return nil
		}
		return &t.Incident.Impact
	},
	"incident.callback_number": func(t *eventv1.TicketSnapshot) *string {
		if t.GetIncident().GetCallbackNumber() == "" {
			return nil
		}
		return &t.Incident.CallbackNumber
	},
}

// redactField takes out of an event what a redaction took out of a field.
func redactField(e *eventv1.TicketEvent, f domain.RedactedField) {
	if e.GetTicket() == nil {
		return
	}
	if value := inSnapshots[f.Name](e.GetTicket()); value != nil {
		*value = f.Value
	}
	if told := e.GetFieldRedacted(); told.GetField() == f.Name {
		told.Value = f.Value
	}
}

func snapshot(t domain.Ticket) *eventv1.TicketSnapshot {
	return &eventv1.TicketSnapshot{
		Number: t.Number, Id: t.ID(), Sequence: t.Sequence,
		Organization: t.Organization, OrganizationName: t.OrganizationName, Plan: t.Plan,
		Type: ticketv1.TicketType(t.Type), Priority: ticketv1.Priority(t.Priority), Status: ticketv1.TicketStatus(t.Status),
		Subject: t.Subject, Scope: wire.Scope(t.Scope), Verified: !t.ScopeUnverified,
		Requester: wire.Person(t.Requester), Ccs: wire.People(t.CCs), Assignee: wire.Person(t.Assignee), Team: t.Team,
		Incident: wire.Incident(t.Details.Incident), Excerpt: t.Excerpt,
		CreateTime: wire.Time(t.CreateTime), FirstResponseTime: wire.Time(t.FirstResponse), SolveTime: wire.Time(t.SolveTime),
		FollowUpOf: t.FollowUpOf, TaskLatestTime: wire.Time(taskLatest(t)), PrioritySet: t.PrioritySet,
	}
}

func taskLatest(t domain.Ticket) time.Time {
	if t.Details.Task == nil {
		return time.Time{}
	}
	return t.Details.Task.Latest
}
