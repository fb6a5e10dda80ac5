package rpc

import (
	"context"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// Copies are what CCs get of tickets.
type Copies interface {
	// Copies returns the ticket that the token of a link is about. Fault NotFound.
	Copies(ctx context.Context, token string) (ticket int64, err error)
	// StopCopies takes the CC that the token was given to off the ticket. Fault NotFound.
	StopCopies(ctx context.Context, token string) (ticket int64, err error)
}

// GetCopies implements notificationv1.MailServiceServer.
func (s *mailServer) GetCopies(ctx context.Context, req *notificationv1.GetCopiesRequest) (*notificationv1.Copies, error) {
	ticket, err := s.Copies.Copies(ctx, req.GetToken())
	if err != nil {
		return nil, err
	}
	return &notificationv1.Copies{Ticket: ticket}, nil
}

// StopCopies implements notificationv1.MailServiceServer.
func (s *mailServer) StopCopies(ctx context.Context, req *notificationv1.StopCopiesRequest) (*notificationv1.Copies, error) {
	ticket, err := s.Copies.StopCopies(ctx, req.GetToken())
	if err != nil {
		return nil, err
	}
	return &notificationv1.Copies{Ticket: ticket}, nil
}
