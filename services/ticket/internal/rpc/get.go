package rpc

import (
	"context"

	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket/internal/wire"
)

// GetTicket implements ticketv1.TicketServiceServer.
func (s *Server) GetTicket(ctx context.Context, req *ticketv1.GetTicketRequest) (*ticketv1.Ticket, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	t, err := s.Store.Full(ctx, c.ID, req.GetTicket())
	if err != nil {
		return nil, err
	}
	return wire.Ticket(t), nil
}

// BatchGetTickets implements ticketv1.TicketServiceServer.
func (s *Server) BatchGetTickets(ctx context.Context, req *ticketv1.BatchGetTicketsRequest) (*ticketv1.BatchGetTicketsResponse, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	found, err := s.Store.Batch(ctx, c.ID, req.GetTickets())
	if err != nil {
		return nil, err
	}
	return &ticketv1.BatchGetTicketsResponse{Tickets: wire.Tickets(found)}, nil
}
