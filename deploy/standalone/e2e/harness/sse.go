package harness

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"altis-dxp.com/support/pkg/fault"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// sseStream is WatchTickets over REST, as server-sent events. It ends with its
// context.
type sseStream struct {
	ctx  context.Context
	conn restConn
	body *bufio.Reader // nil before the request
}

type lastEventID struct{}

// LastEventID has a stream over REST go on after the event with this id, as
// browsers ask for it when they come back by themselves.
func LastEventID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, lastEventID{}, id)
}

// event is a server-sent event, or what comes instead of one: a comment.
type event struct {
	id, name, data string
	comment        bool
}

// SendMsg implements grpc.ClientStream: it makes the request.
func (s *sseStream) SendMsg(m any) error {
	path := "/v1/tickets:watch"
	if token := m.(*ticketv1.WatchTicketsRequest).GetResumeToken(); token != "" {
		path += "?resumeToken=" + url.QueryEscape(token)
	}
	request, err := http.NewRequestWithContext(s.ctx, http.MethodGet, s.conn.base+path, nil)
	if err != nil {
		return err
	}
	if s.conn.token != "" {
		request.Header.Set("Authorization", "Bearer "+s.conn.token)
	}
	if id, ok := s.ctx.Value(lastEventID{}).(string); ok {
		request.Header.Set("Last-Event-ID", id)
	}
	res, err := s.conn.client.Do(request)
	if err != nil {
		return fault.Wrap(fault.Unavailable, "UNAVAILABLE", err)
	}
	if res.StatusCode == http.StatusOK && res.Header.Get("Content-Type") == "text/event-stream" {
		context.AfterFunc(s.ctx, func() { _ = res.Body.Close() })
		s.body = bufio.NewReader(res.Body)
		return nil
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return fault.Wrap(fault.Unavailable, "UNAVAILABLE", err)
	}
	return Answer{Status: res.StatusCode, Header: res.Header, Body: text}.fault()
}

// RecvMsg implements grpc.ClientStream.
func (s *sseStream) RecvMsg(m any) error {
	for {
		e, err := s.next()
		if err != nil {
			return fault.Wrap(fault.Unavailable, "UNAVAILABLE", err)
		}
		res := &ticketv1.WatchTicketsResponse{ResumeToken: e.id}
		switch e.name {
		case "ticket", "removed", "presence":
			var ticket ticketv1.Ticket
			if err := protojson.Unmarshal([]byte(e.data), &ticket); err != nil {
				return fmt.Errorf("harness: event %q: %w", e.data, err)
			}
			res.Update = &ticketv1.WatchTicketsResponse_Ticket{Ticket: &ticket}
			switch e.name {
			case "removed":
				res.Update = &ticketv1.WatchTicketsResponse_Removed{Removed: ticket.GetNumber()}
			case "presence":
				res.Update = &ticketv1.WatchTicketsResponse_Presence{Presence: ticket.GetNumber()}
			}
		case "resync":
			res.Update = &ticketv1.WatchTicketsResponse_Resync{Resync: true}
		case "end":
			return ended(e.data)
		case "":
			if !e.comment {
				continue // only how long to wait before coming back
			}
			res.Update = &ticketv1.WatchTicketsResponse_Heartbeat{Heartbeat: true}
		default:
			return fmt.Errorf("harness: unknown event %q", e.name)
		}
		proto.Merge(m.(proto.Message), res)
		return nil
	}
}

// next reads up to the next blank line.
func (s *sseStream) next() (e event, err error) {
	for {
		line, err := s.body.ReadString('\n')
		if err != nil {
			return event{}, err
		}
		if line = strings.TrimSuffix(line, "\n"); line == "" {
			return e, nil
		}
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "":
			e.comment = true
		case "id":
			e.id = value
		case "event":
			e.name = value
		case "data":
			e.data += value
		}
	}
}

// ended is the error of a stream whose last event gave the reason.
func ended(data string) error {
	var end struct{ Reason string }
	if err := json.Unmarshal([]byte(data), &end); err != nil {
		return fmt.Errorf("harness: end %q: %w", data, err)
	}
	kind := fault.Unavailable
	if strings.HasPrefix(end.Reason, "TOKEN_") {
		kind = fault.Unauthenticated
	}
	return &fault.Error{Kind: kind, Reason: end.Reason, Msg: "the stream has ended"}
}

// CloseSend implements grpc.ClientStream.
func (s *sseStream) CloseSend() error { return nil }

// Context implements grpc.ClientStream.
func (s *sseStream) Context() context.Context { return s.ctx }

// Header implements grpc.ClientStream: there is none.
func (s *sseStream) Header() (metadata.MD, error) { return metadata.MD{}, nil }

// Trailer implements grpc.ClientStream: there is none.
func (s *sseStream) Trailer() metadata.MD { return metadata.MD{} }
