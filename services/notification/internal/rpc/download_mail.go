package rpc

import (
	"errors"
	"io"

	"altis-dxp.com/support/pkg/fault"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// chunkSize is how much of a download is held in memory.
const chunkSize = 64 << 10

// DownloadInboundMail implements notificationv1.MailServiceServer.
func (s *mailServer) DownloadInboundMail(req *notificationv1.DownloadInboundMailRequest, stream notificationv1.MailService_DownloadInboundMailServer) error {
	ctx := stream.Context()
	m, err := s.Store.Inbound(ctx, req.GetInboundMail())
	if err != nil {
		return err
	}
	if m.Object == "" || s.Inbox == nil {
		return fault.New(fault.NotFound, "MAIL_FORGOTTEN", "the mail itself is not there any more")
	}
	list, err := s.inboundMails(ctx, []domain.InboundMail{m})
	if err != nil {
		return err
	}
	raw, err := s.Inbox.Range(ctx, m.Object, 0, -1)
	if err != nil {
		return err
	}
	defer raw.Close()
	err = stream.Send(&notificationv1.DownloadInboundMailResponse{Part: &notificationv1.DownloadInboundMailResponse_InboundMail{InboundMail: list[0]}})
	for err == nil {
		buffer := make([]byte, chunkSize) // a new one each time: over TCP a message may be read after Send
		var n int
		n, err = io.ReadFull(raw, buffer)
		if n > 0 {
			part := &notificationv1.DownloadInboundMailResponse_Chunk{Chunk: buffer[:n]}
			if failed := stream.Send(&notificationv1.DownloadInboundMailResponse{Part: part}); failed != nil {
				return failed
			}
		}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}
