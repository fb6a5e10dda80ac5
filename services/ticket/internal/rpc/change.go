package rpc

import (
	"context"

	"google.golang.org/protobuf/types/known/emptypb"

	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/wire"
)

// changed answers a change of a ticket.
func changed(ctx context.Context, do func(domain.Caller) (domain.Ticket, error)) (*ticketv1.Ticket, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	t, err := do(c)
	if err != nil {
		return nil, err
	}
	return wire.Ticket(t), nil
}

// ReplyToTicket implements ticketv1.TicketServiceServer.
func (s *Server) ReplyToTicket(ctx context.Context, req *ticketv1.ReplyToTicketRequest) (*ticketv1.ReplyToTicketResponse, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	remembered, err := request(c, "ReplyToTicket", req)
	if err != nil {
		return nil, err
	}
	t, m, err := s.Desk.Reply(ctx, c, domain.Reply{
		Number: req.GetTicket(), Body: req.GetBody(), Status: domain.Status(req.GetStatus()), ETag: req.GetEtag(),
		Attachments: req.GetAttachments(), OnlyHere: req.GetOnlyHere(),
	}, remembered)
	if err != nil {
		return nil, err
	}
	return &ticketv1.ReplyToTicketResponse{Message: wire.Message(m), Ticket: wire.Ticket(t)}, nil
}

// AddNote implements ticketv1.TicketServiceServer.
func (s *Server) AddNote(ctx context.Context, req *ticketv1.AddNoteRequest) (*ticketv1.Message, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	remembered, err := request(c, "AddNote", req)
	if err != nil {
		return nil, err
	}
	m, err := s.Desk.Note(ctx, c, req.GetTicket(), req.GetBody(), remembered, req.GetAttachments()...)
	if err != nil {
		return nil, err
	}
	return wire.Message(m), nil
}

// SolveTicket implements ticketv1.TicketServiceServer.
func (s *Server) SolveTicket(ctx context.Context, req *ticketv1.SolveTicketRequest) (*ticketv1.Ticket, error) {
	return changed(ctx, func(c domain.Caller) (domain.Ticket, error) {
		return s.Desk.Solve(ctx, c, req.GetTicket(), req.GetEtag())
	})
}

// ReopenTicket implements ticketv1.TicketServiceServer.
func (s *Server) ReopenTicket(ctx context.Context, req *ticketv1.ReopenTicketRequest) (*ticketv1.Ticket, error) {
	return changed(ctx, func(c domain.Caller) (domain.Ticket, error) {
		return s.Desk.Reopen(ctx, c, req.GetTicket(), req.GetEtag())
	})
}

// AssignTicket implements ticketv1.TicketServiceServer.
func (s *Server) AssignTicket(ctx context.Context, req *ticketv1.AssignTicketRequest) (*ticketv1.Ticket, error) {
	return changed(ctx, func(c domain.Caller) (domain.Ticket, error) {
		return s.Desk.Assign(ctx, c, domain.Assignment{
			Number: req.GetTicket(), Assignee: req.GetAssignee(), Team: req.GetTeam(), ETag: req.GetEtag(),
		})
	})
}

// AddCcs implements ticketv1.TicketServiceServer.
func (s *Server) AddCcs(ctx context.Context, req *ticketv1.AddCcsRequest) (*ticketv1.Ticket, error) {
	return changed(ctx, func(c domain.Caller) (domain.Ticket, error) {
		return s.Desk.AddCCs(ctx, c, req.GetTicket(), req.GetEmails())
	})
}

// RemoveCc implements ticketv1.TicketServiceServer.
func (s *Server) RemoveCc(ctx context.Context, req *ticketv1.RemoveCcRequest) (*ticketv1.Ticket, error) {
	return changed(ctx, func(c domain.Caller) (domain.Ticket, error) {
		return s.Desk.RemoveCC(ctx, c, req.GetTicket(), req.GetEmail())
	})
}

// MarkRead implements ticketv1.TicketServiceServer.
func (s *Server) MarkRead(ctx context.Context, req *ticketv1.MarkReadRequest) (*emptypb.Empty, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.Store.MarkRead(ctx, c.ID, req.GetTicket(), req.GetSequence()); err != nil {
		return nil, err
	}
	return &emptypb.Empty{}, nil
}

// MarkUnread implements ticketv1.TicketServiceServer.
func (s *Server) MarkUnread(ctx context.Context, req *ticketv1.MarkUnreadRequest) (*emptypb.Empty, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.Store.MarkUnread(ctx, c.ID, req.GetTicket()); err != nil {
		return nil, err
	}
	return &emptypb.Empty{}, nil
}

// ChangeRequester implements ticketv1.TicketServiceServer.
func (s *Server) ChangeRequester(ctx context.Context, req *ticketv1.ChangeRequesterRequest) (*ticketv1.Ticket, error) {
	return changed(ctx, func(c domain.Caller) (domain.Ticket, error) {
		return s.Desk.ChangeRequester(ctx, c, domain.NewRequester{
			Number: req.GetTicket(), Requester: req.GetRequester(), DropFormer: req.GetDropFormer(), ETag: req.GetEtag(),
		})
	})
}

// ChangeType implements ticketv1.TicketServiceServer.
func (s *Server) ChangeType(ctx context.Context, req *ticketv1.ChangeTypeRequest) (*ticketv1.Ticket, error) {
	return changed(ctx, func(c domain.Caller) (domain.Ticket, error) {
		return s.Desk.ChangeType(ctx, c, domain.NewType{
			Number: req.GetTicket(), Type: domain.Type(req.GetType()), Priority: domain.Priority(req.GetPriority()), ETag: req.GetEtag(),
		})
	})
}

// MergeTicket implements ticketv1.TicketServiceServer.
func (s *Server) MergeTicket(ctx context.Context, req *ticketv1.MergeTicketRequest) (*ticketv1.Ticket, error) {
	return changed(ctx, func(c domain.Caller) (domain.Ticket, error) {
		remembered, err := request(c, "MergeTicket", req)
		if err != nil {
			return domain.Ticket{}, err
		}
		return s.Desk.Merge(ctx, c, domain.Merge{Number: req.GetTicket(), Into: req.GetInto(), ETag: req.GetEtag()}, remembered)
	})
}

// MarkSpam implements ticketv1.TicketServiceServer.
func (s *Server) MarkSpam(ctx context.Context, req *ticketv1.MarkSpamRequest) (*ticketv1.Ticket, error) {
	return changed(ctx, func(c domain.Caller) (domain.Ticket, error) {
		return s.Desk.MarkSpam(ctx, c, req.GetTicket(), req.GetEtag())
	})
}

// DeleteTicket implements ticketv1.TicketServiceServer.
func (s *Server) DeleteTicket(ctx context.Context, req *ticketv1.DeleteTicketRequest) (*ticketv1.Ticket, error) {
	return changed(ctx, func(c domain.Caller) (domain.Ticket, error) {
		return s.Desk.Delete(ctx, c, req.GetTicket(), req.GetEtag())
	})
}

// RestoreTicket implements ticketv1.TicketServiceServer.
func (s *Server) RestoreTicket(ctx context.Context, req *ticketv1.RestoreTicketRequest) (*ticketv1.Ticket, error) {
	return changed(ctx, func(c domain.Caller) (domain.Ticket, error) {
		return s.Desk.Restore(ctx, c, req.GetTicket(), req.GetEtag())
	})
}
