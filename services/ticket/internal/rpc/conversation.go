package rpc

import (
	"context"
	"fmt"

	"google.golang.org/protobuf/proto"

	"altis-dxp.com/support/pkg/cursor"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
	"altis-dxp.com/support/services/ticket/internal/wire"
)

// paged is a request for a page of what belongs to one ticket.
type paged interface {
	GetTicket() int64
	GetPageSize() int32
	GetPageToken() string
	GetAfter() int64
}

// part reads a page of what belongs to one ticket and is ordered by sequence.
// read asks for one more than the page holds; sequence returns the i-th's.
func part(req paged, what string, read func(after int64, limit int) (found int, err error), sequence func(i int) int64) (n int, next string, err error) {
	size, err := cursor.PageSize(req.GetPageSize(), defaultPage, maxPage)
	if err != nil {
		return 0, "", err
	}
	binding, after := bindingOf(req, what), req.GetAfter()
	if req.GetPageToken() != "" {
		if err := cursor.Decode(binding, req.GetPageToken(), &after); err != nil {
			return 0, "", err
		}
	}
	found, err := read(after, size+1)
	if err != nil || found <= size {
		return found, "", err
	}
	return size, cursor.Encode(binding, sequence(size-1)), nil
}

// bindingOf is what a page token is good for.
func bindingOf(req paged, what string) string {
	binding := fmt.Sprintf("%s %d", what, req.GetTicket())
	if after := req.GetAfter(); after > 0 {
		binding += fmt.Sprintf(" after %d", after)
	}
	return binding
}

// maxMessages bounds a page of messages: one may have 256 KiB, an answer 4 MiB.
const maxMessages = 3 << 20

// ListMessages implements ticketv1.TicketServiceServer.
func (s *Server) ListMessages(ctx context.Context, req *ticketv1.ListMessagesRequest) (*ticketv1.ListMessagesResponse, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	res := &ticketv1.ListMessagesResponse{}
	n, next, err := part(req, "messages", func(after int64, limit int) (int, error) {
		found, err := s.Store.Messages(ctx, c.ID, req.GetTicket(), after, limit)
		for _, m := range found {
			res.Messages = append(res.Messages, wire.Message(m))
		}
		return len(found), err
	}, func(i int) int64 { return res.Messages[i].GetSequence() })
	if err != nil {
		return nil, err
	}
	res.Messages, res.NextPageToken = res.Messages[:n], next
	size := 0
	for i, m := range res.Messages {
		if size += proto.Size(m); size > maxMessages {
			res.NextPageToken = cursor.Encode(bindingOf(req, "messages"), res.Messages[i-1].GetSequence())
			res.Messages = res.Messages[:i]
			break
		}
	}
	return res, nil
}

// ListEvents implements ticketv1.TicketServiceServer.
func (s *Server) ListEvents(ctx context.Context, req *ticketv1.ListEventsRequest) (*ticketv1.ListEventsResponse, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	res := &ticketv1.ListEventsResponse{}
	n, next, err := part(req, "events", func(after int64, limit int) (int, error) {
		found, err := s.Store.Events(ctx, c.ID, req.GetTicket(), after, limit)
		for _, e := range found {
			res.Events = append(res.Events, wire.Event(e))
		}
		return len(found), err
	}, func(i int) int64 { return res.Events[i].GetSequence() })
	if err != nil {
		return nil, err
	}
	res.Events, res.NextPageToken = res.Events[:n], next
	return res, nil
}

// RedactMessage implements ticketv1.TicketServiceServer.
func (s *Server) RedactMessage(ctx context.Context, req *ticketv1.RedactMessageRequest) (*ticketv1.Message, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	m, err := s.Desk.Redact(ctx, c, domain.Redaction{
		Number: req.GetTicket(), Message: req.GetMessage(), Reason: req.GetReason(), Texts: req.GetTexts(), Attachments: req.GetAttachments(),
	})
	if err != nil {
		return nil, err
	}
	return wire.Message(m), nil
}

// RedactField implements ticketv1.TicketServiceServer.
func (s *Server) RedactField(ctx context.Context, req *ticketv1.RedactFieldRequest) (*ticketv1.Ticket, error) {
	c, _, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	t, err := s.Desk.RedactField(ctx, c, domain.FieldRedaction{
		Number: req.GetTicket(), Field: req.GetField(), Reason: req.GetReason(), Texts: req.GetTexts(),
	})
	if err != nil {
		return nil, err
	}
	return wire.Ticket(t), nil
}
