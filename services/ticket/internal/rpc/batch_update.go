package rpc

import (
	"context"

	pkgrpc "altis-dxp.com/support/pkg/rpc"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/wire"
)

// BatchUpdateTickets implements ticketv1.TicketServiceServer.
func (s *Server) BatchUpdateTickets(ctx context.Context, req *ticketv1.BatchUpdateTicketsRequest) (*ticketv1.BatchUpdateTicketsResponse, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	remembered, err := request(c, "BatchUpdateTickets", req)
	if err != nil {
		return nil, err
	}
	items := make([]domain.BatchItem, len(req.GetUpdates()))
	for i, u := range req.GetUpdates() {
		items[i] = domain.BatchItem{
			Number: u.GetTicket(), ETag: u.GetEtag(), Status: domain.Status(u.GetStatus()), Priority: domain.Priority(u.GetPriority()),
			Assignee: u.Assignee, Team: u.GetTeam(), AddTags: u.GetAddTags(), RemoveTags: u.GetRemoveTags(),
		}
	}
	results, err := s.Desk.BatchUpdate(ctx, c, items, remembered)
	if err != nil {
		return nil, err
	}
	res := &ticketv1.BatchUpdateTicketsResponse{}
	for i, r := range results {
		result := &ticketv1.TicketUpdateResult{Number: items[i].Number}
		if r.Err != nil {
			result.Result = &ticketv1.TicketUpdateResult_Error{Error: pkgrpc.ToStatus(r.Err).Proto()}
		} else {
			result.Result = &ticketv1.TicketUpdateResult_Ticket{Ticket: wire.Ticket(r.Ticket)}
		}
		res.Results = append(res.Results, result)
	}
	return res, nil
}
