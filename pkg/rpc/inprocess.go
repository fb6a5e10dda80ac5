package rpc

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// started is an in-process channel that its owner may use before the server has started, and whose requests remain
// the caller's.
type started struct {
	conn   grpc.ClientConnInterface
	server *Server
}

// Invoke hands on a copy of the request: the channel still reads it after a cancelled call has returned.
func (c *started) Invoke(ctx context.Context, method string, req, reply any, opts ...grpc.CallOption) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	if m, ok := req.(proto.Message); ok {
		req = proto.Clone(m)
	}
	return c.conn.Invoke(ctx, method, req, reply, opts...)
}

// NewStream opens a stream; the channel copies streamed messages itself before it returns.
func (c *started) NewStream(ctx context.Context, desc *grpc.StreamDesc, method string, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	stream, err := c.conn.NewStream(ctx, desc, method, opts...)
	if err != nil || desc.ClientStreams {
		return stream, err
	}
	return &oneRequest{ClientStream: stream}, nil
}

// oneRequest is a stream whose client sends one message.
type oneRequest struct{ grpc.ClientStream }

// SendMsg succeeds where the server has ended the stream already, as over TCP: generated code takes io.EOF, by which
// the channel says so, for the answer, and RecvMsg has the right one.
func (s *oneRequest) SendMsg(m any) error {
	if err := s.ClientStream.SendMsg(m); !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// ready refuses calls while services may still be added to the channel, and calls that have ended before they began:
// the channel would let the handler find out.
func (c *started) ready(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if c.server.rules.Load() == nil {
		return ToStatus(errNotStarted()).Err()
	}
	return nil
}
