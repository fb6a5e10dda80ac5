package rpc

import (
	"context"

	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/fault"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/wire"
)

// CreateTicket implements ticketv1.TicketServiceServer.
func (s *Server) CreateTicket(ctx context.Context, req *ticketv1.CreateTicketRequest) (*ticketv1.Ticket, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	remembered, err := request(c, "CreateTicket", req)
	if err != nil {
		return nil, err
	}
	p := req.GetTicket()
	if err := checkTimes(p); err != nil {
		return nil, err
	}
	n := domain.NewTicket{
		Organization: p.GetOrganization(), Requester: p.GetRequester().GetId(),
		Type: domain.Type(p.GetType()), Priority: domain.Priority(p.GetPriority()),
		Subject: p.GetSubject(), Description: p.GetDescription(), Scope: wire.FromScope(p.GetScope()),
		Tags: p.GetTags(), Details: wire.FromDetails(p), Attachments: req.GetAttachments(),
	}
	for _, cc := range p.GetCcs() {
		n.CCs = append(n.CCs, cc.GetEmail())
	}
	t, err := s.Desk.Create(ctx, c, n, remembered)
	if err != nil {
		return nil, err
	}
	return wire.Ticket(t), nil
}

// checkTimes refuses timestamps outside of the years 1 to 9999, which are no instants.
func checkTimes(t *ticketv1.Ticket) error {
	var fields []fault.Field
	for _, at := range []struct {
		path string
		time *timestamppb.Timestamp
	}{
		{"ticket.incident.since_time", t.GetIncident().GetSinceTime()},
		{"ticket.task.earliest_time", t.GetTask().GetEarliestTime()},
		{"ticket.task.latest_time", t.GetTask().GetLatestTime()},
	} {
		if at.time != nil && !at.time.IsValid() {
			fields = append(fields, fault.Field{Path: at.path, Reason: "INVALID_TIME", Description: "must be an instant of the years 1 to 9999"})
		}
	}
	return fault.InvalidFields(fields)
}
