package intake

import (
	"cmp"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// Incident returns what a page tells of a ticket.
func Incident(t *eventv1.TicketSnapshot) domain.Incident {
	i := domain.Incident{
		Organization: t.GetOrganization(), OrganizationName: t.GetOrganizationName(), Subject: t.GetSubject(),
		Verified: t.GetVerified(), Requester: person(t.GetRequester()), Callback: t.GetIncident().GetCallbackNumber(),
		Since: instant(t.GetIncident().GetSinceTime()), Impact: t.GetIncident().GetImpact(), Excerpt: t.GetExcerpt(),
		Urgent: t.GetPriority() == ticketv1.Priority_PRIORITY_URGENT,
	}
	for _, target := range t.GetScope().GetTargets() {
		name := cmp.Or(target.GetApplicationName(), target.GetApplication())
		if target.GetEnvironment() != "" {
			name += "/" + cmp.Or(target.GetEnvironmentName(), target.GetEnvironment())
		}
		i.Scope = append(i.Scope, name)
	}
	return i
}

// change returns what correspondence makes mails of. Only public messages exist in events.
func change(sequence int64, e *eventv1.TicketEvent) domain.TicketChange {
	t := e.GetTicket()
	c := domain.TicketChange{
		Number: t.GetNumber(), Sequence: sequence, Subject: t.GetSubject(), Requester: person(t.GetRequester()),
		CCs: people(t.GetCcs()), Actor: person(e.GetActor()), Urgent: e.GetBecameUrgent(),
		Team: t.GetTeam(), Assignee: person(t.GetAssignee()), Organization: t.GetOrganizationName(), Excerpt: t.GetExcerpt(),
		CreatedAt: instant(t.GetCreateTime()), UrgentNow: t.GetPriority() == ticketv1.Priority_PRIORITY_URGENT, Over: over(t.GetStatus()),
	}
	switch {
	case e.GetCreated() != nil:
		c.Message, c.FollowUpOf, c.NewTicket = message(e.GetCreated().GetMessage()), t.GetFollowUpOf(), true
	case e.GetReplied() != nil:
		c.Message = message(e.GetReplied().GetMessage())
	case e.GetStatusChanged() != nil:
		was, is := e.GetStatusChanged().GetOldStatus(), t.GetStatus()
		c.Solved = is == ticketv1.TicketStatus_TICKET_STATUS_SOLVED && was != is
		c.Reopened = was == ticketv1.TicketStatus_TICKET_STATUS_SOLVED && !over(is)
	case e.GetMergedInto() != nil:
		c.MergedInto, c.Told = e.GetMergedInto().GetInto(), people(e.GetMergedInto().GetTold())
	case e.GetMergedFrom() != nil:
		c.Reopened = e.GetMergedFrom().GetOldStatus() == ticketv1.TicketStatus_TICKET_STATUS_SOLVED && !over(t.GetStatus())
	case e.GetCcsChanged() != nil:
		c.CCsAdded = people(e.GetCcsChanged().GetAdded())
		c.Conversation = messages(e.GetCcsChanged().GetConversation())
	case e.GetAssigneeChanged() != nil:
		c.TeamChanged = t.GetTeam() != e.GetAssigneeChanged().GetOldTeam()
	case e.GetRequesterChanged() != nil:
		c.RequesterChanged, c.Conversation = true, messages(e.GetRequesterChanged().GetConversation())
	}
	return c
}

func messages(list []*eventv1.PublicMessage) []domain.PublicMessage {
	out := make([]domain.PublicMessage, len(list))
	for i, m := range list {
		out[i] = *message(m)
	}
	return out
}

func message(m *eventv1.PublicMessage) *domain.PublicMessage {
	if m == nil {
		return nil
	}
	p := &domain.PublicMessage{ID: m.GetId(), Author: person(m.GetAuthor()), Body: m.GetBody(), At: instant(m.GetCreateTime())}
	for _, a := range m.GetAttachments() {
		p.Attachments = append(p.Attachments, domain.Attachment{Filename: a.GetFilename(), Size: a.GetSize()})
	}
	return p
}

func people(list []*ticketv1.Person) []domain.Person {
	out := make([]domain.Person, len(list))
	for i, p := range list {
		out[i] = person(p)
	}
	return out
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
