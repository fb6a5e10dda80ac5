package rpc

import (
	"context"

	"google.golang.org/protobuf/types/known/emptypb"

	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// LeaveTicket implements ticketv1.MailReplyServiceServer.
func (s *MailReplyServer) LeaveTicket(ctx context.Context, req *ticketv1.LeaveTicketRequest) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, s.Mails.Desk.Leave(ctx, req.GetTicket(), req.GetAddress())
}
