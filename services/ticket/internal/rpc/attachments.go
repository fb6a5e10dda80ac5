package rpc

import (
	"context"
	"errors"
	"io"

	"altis-dxp.com/support/pkg/fault"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/store"
	"altis-dxp.com/support/services/ticket/internal/wire"
)

// chunkSize is how much of a download is held in memory.
const chunkSize = 64 << 10

// AttachmentServer implements ticketv1.AttachmentServiceServer.
type AttachmentServer struct {
	ticketv1.UnimplementedAttachmentServiceServer
	Library *domain.Library
	Store   *store.Store
}

// Upload implements ticketv1.AttachmentServiceServer.
func (s *AttachmentServer) Upload(stream ticketv1.AttachmentService_UploadServer) error {
	ctx := stream.Context()
	c, _, err := caller(ctx)
	if err != nil {
		return err
	}
	first, err := stream.Recv()
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	header := first.GetHeader()
	if header == nil {
		return fault.InvalidField("header", "REQUIRED", "the first part must be the header")
	}
	a, err := s.Library.Upload(ctx, c, domain.Upload{
		Filename: header.GetFilename(), Size: header.GetSize(), Content: &chunks{next: func() ([]byte, error) {
			part, err := stream.Recv()
			if part.GetHeader() != nil {
				return nil, fault.InvalidField("header", "REPEATED", "there can be only one header")
			}
			return part.GetChunk(), err
		}},
	})
	if err != nil {
		return err
	}
	return stream.SendAndClose(wire.Attachment(a))
}

// chunks reads a content that comes in parts. It ends only where the caller says so:
// one that breaks off is an error.
type chunks struct {
	next func() ([]byte, error)
	rest []byte
}

func (c *chunks) Read(p []byte) (int, error) {
	if len(c.rest) == 0 {
		var err error
		if c.rest, err = c.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// GetAttachment implements ticketv1.AttachmentServiceServer.
func (s *AttachmentServer) GetAttachment(ctx context.Context, req *ticketv1.GetAttachmentRequest) (*ticketv1.Attachment, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	a, _, err := s.Store.Attachment(ctx, c.ID, req.GetAttachment())
	if err != nil {
		return nil, err
	}
	return wire.Attachment(a), nil
}

// Download implements ticketv1.AttachmentServiceServer.
func (s *AttachmentServer) Download(req *ticketv1.DownloadRequest, stream ticketv1.AttachmentService_DownloadServer) error {
	ctx := stream.Context()
	c, _, err := caller(ctx)
	if err != nil {
		return err
	}
	a, content, err := s.Library.Download(ctx, c, domain.Download{ID: req.GetAttachment(), Offset: req.GetOffset(), Limit: req.GetLimit()})
	if err != nil {
		return err
	}
	defer content.Close()
	err = stream.Send(&ticketv1.DownloadResponse{Part: &ticketv1.DownloadResponse_Attachment{Attachment: wire.Attachment(a)}})
	for err == nil {
		buffer := make([]byte, chunkSize) // a new one each time: over TCP a message may be read after Send
		var n int
		n, err = io.ReadFull(content, buffer)
		if n > 0 {
			if failed := stream.Send(&ticketv1.DownloadResponse{Part: &ticketv1.DownloadResponse_Chunk{Chunk: buffer[:n]}}); failed != nil {
				return failed
			}
		}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}
