package rpc

import (
	"errors"
	"io"

	"altis-dxp.com/support/pkg/fault"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/wire"
)

// MailServer implements ticketv1.MailTicketServiceServer.
type MailServer struct {
	ticketv1.UnimplementedMailTicketServiceServer
	Library *domain.Library
}

// OpenMailTicket implements ticketv1.MailTicketServiceServer.
func (s *MailServer) OpenMailTicket(stream ticketv1.MailTicketService_OpenMailTicketServer) error {
	first, err := stream.Recv()
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	mail := first.GetMail()
	if mail == nil {
		return fault.InvalidField("mail", "REQUIRED", "the first part must be what was read of the mail")
	}
	if !mail.GetReceiveTime().IsValid() {
		return fault.InvalidField("mail.receive_time", "INVALID_TIME", "must be an instant of the years 1 to 9999")
	}
	number, err := s.Library.OpenMail(stream.Context(), domain.Mail{
		ID: mail.GetId(), EmergencyPage: mail.GetEmergencyPage(), Outage: mail.GetOutage(), Received: wire.FromTime(mail.GetReceiveTime()),
		Subject: mail.GetSubject(), Body: mail.GetBody(), Sender: domain.Person{Name: mail.GetSenderName(), Email: mail.GetSenderEmail()},
		Person: mail.GetPerson(), Organization: mail.GetOrganization(),
		Content: &chunks{next: func() ([]byte, error) {
			part, err := stream.Recv()
			if part.GetMail() != nil {
				return nil, fault.InvalidField("mail", "REPEATED", "there can be only one mail")
			}
			return part.GetChunk(), err
		}},
	})
	if err != nil {
		return err
	}
	return stream.SendAndClose(&ticketv1.OpenMailTicketResponse{Ticket: number})
}
