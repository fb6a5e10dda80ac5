package standalone

import (
	"context"

	"google.golang.org/grpc"
)

// link is one service's connection to another. Services are built with links,
// since the server of each exists only after the service itself. Nobody calls
// before the suite runs, and by then join has set conn.
type link struct {
	caller, callee string
	conn           grpc.ClientConnInterface
}

// link returns the connection that caller uses to call callee.
func (s *Suite) link(caller, callee string) *link {
	l := &link{caller: caller, callee: callee}
	s.links = append(s.links, l)
	return l
}

// linkToMailbox is link to the emergency mailbox, nil when there is none.
func (s *Suite) linkToMailbox(caller string) grpc.ClientConnInterface {
	if s.smtp == nil {
		return nil
	}
	return s.link(caller, emergencyName)
}

// Invoke implements grpc.ClientConnInterface.
func (l *link) Invoke(ctx context.Context, method string, req, reply any, opts ...grpc.CallOption) error {
	return l.conn.Invoke(ctx, method, req, reply, opts...)
}

// NewStream implements grpc.ClientConnInterface.
func (l *link) NewStream(ctx context.Context, desc *grpc.StreamDesc, method string, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	return l.conn.NewStream(ctx, desc, method, opts...)
}
