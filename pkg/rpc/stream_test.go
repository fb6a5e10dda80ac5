package rpc_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

func TestParityOfServerStreams(t *testing.T) {
	overTransports(t, func(t *testing.T, f *fixture, conn grpc.ClientConnInterface, _ string) {
		client := ticketv1.NewTicketServiceClient(conn)
		for _, c := range []struct {
			name   string
			end    error
			reason string
		}{
			{name: "to its end"},
			{name: "fails on the way", end: fault.New(fault.Precondition, "RESYNC", "start again"), reason: "RESYNC"},
		} {
			t.Run(c.name, func(t *testing.T) {
				f.probe.set(handlers{watch: func(_ *ticketv1.WatchTicketsRequest, s watchStream) error {
					m := &ticketv1.WatchTicketsResponse{}
					for i := range 3 {
						m.ResumeToken = fmt.Sprint(i) // a sent message is the handler's again
						if err := s.Send(m); err != nil {
							return err
						}
					}
					return c.end
				}})
				stream, err := client.WatchTickets(f.member(t, t.Context()), &ticketv1.WatchTicketsRequest{})
				require.NoError(t, err)
				for i := range 3 {
					m, err := stream.Recv()
					require.NoError(t, err)
					require.Equal(t, fmt.Sprint(i), m.GetResumeToken())
				}
				_, err = stream.Recv()
				if c.end == nil {
					require.Equal(t, io.EOF, err)
					return
				}
				require.ErrorIs(t, err, fault.Precondition)
				require.Equal(t, c.reason, fault.ReasonOf(err))
			})
		}
		t.Run("a refused one", func(t *testing.T) {
			stream, err := client.WatchTickets(t.Context(), &ticketv1.WatchTicketsRequest{})
			require.NoError(t, err)
			_, err = stream.Recv()
			require.ErrorIs(t, err, fault.Unauthenticated)
		})
		t.Run("one refused before its request is sent", func(t *testing.T) {
			for range 20 { // the in-process channel may take the request all the same
				stream, err := conn.NewStream(t.Context(), &grpc.StreamDesc{ServerStreams: true}, ticketv1.TicketService_WatchTickets_FullMethodName)
				require.NoError(t, err)
				_, err = stream.Header() // waits for the refusal
				require.NoError(t, err)
				require.NoError(t, stream.SendMsg(&ticketv1.WatchTicketsRequest{}))
				require.NoError(t, stream.CloseSend())
				err = stream.RecvMsg(&ticketv1.WatchTicketsResponse{})
				require.ErrorIs(t, err, fault.Unauthenticated)
			}
		})
		t.Run("a client that leaves", func(t *testing.T) {
			f.log.take()
			left := make(chan error, 1)
			f.probe.set(handlers{watch: func(_ *ticketv1.WatchTicketsRequest, s watchStream) error {
				for {
					if err := s.Send(&ticketv1.WatchTicketsResponse{}); err != nil {
						left <- err
						return err
					}
				}
			}})
			ctx, cancel := context.WithCancel(f.member(t, t.Context()))
			stream, err := client.WatchTickets(ctx, &ticketv1.WatchTicketsRequest{})
			require.NoError(t, err)
			_, err = stream.Recv()
			require.NoError(t, err)
			cancel()
			require.NotErrorIs(t, <-left, io.EOF)
			require.Eventually(t, func() bool {
				_, err = stream.Recv()
				return err != nil
			}, 5*time.Second, time.Millisecond)
			require.Equal(t, codes.Canceled, status.Code(err))
			require.Empty(t, f.log.take())
		})
	})
}

func TestParityOfStreamsBothWays(t *testing.T) {
	overTransports(t, func(t *testing.T, f *fixture, conn grpc.ClientConnInterface, _ string) {
		open := func(ctx context.Context) grpc.BidiStreamingClient[ticketv1.ReplyToTicketRequest, ticketv1.ReplyToTicketResponse] {
			stream, err := conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true},
				"/altis.support.ticket.v1.TicketService/ReplyToTicket")
			require.NoError(t, err)
			return &grpc.GenericClientStream[ticketv1.ReplyToTicketRequest, ticketv1.ReplyToTicketResponse]{ClientStream: stream}
		}
		var received []string
		echo := func(s replyStream) error {
			for {
				m, err := s.Recv()
				if errors.Is(err, io.EOF) {
					return nil
				}
				if err != nil {
					return err
				}
				received = append(received, m.GetBody())
				if err := s.Send(&ticketv1.ReplyToTicketResponse{}); err != nil {
					return err
				}
			}
		}
		f.probe.set(handlers{reply: echo})

		stream := open(f.member(t, t.Context()))
		m := &ticketv1.ReplyToTicketRequest{Ticket: 7}
		for _, body := range []string{"a", "b"} {
			m.Body = body // a sent message is the client's again
			require.NoError(t, stream.Send(m))
			_, err := stream.Recv()
			require.NoError(t, err)
		}
		require.NoError(t, stream.CloseSend())
		_, err := stream.Recv()
		require.Equal(t, io.EOF, err)
		require.Equal(t, []string{"a", "b"}, received)

		for _, c := range []struct {
			name   string
			body   string
			kind   fault.Kind
			reason string
		}{
			{name: "every message is validated", kind: fault.Invalid, reason: "INVALID_FIELD"},
			{name: "text", body: "\xff", kind: fault.Invalid, reason: "INVALID_FIELD"},
			{name: "size", body: strings.Repeat("x", 1<<20+64<<10), kind: fault.Exhausted, reason: "MESSAGE_TOO_LARGE"},
		} {
			t.Run(c.name, func(t *testing.T) {
				stream := open(f.member(t, t.Context()))
				require.NoError(t, stream.Send(&ticketv1.ReplyToTicketRequest{Ticket: 7, Body: "fine"}))
				_, err := stream.Recv()
				require.NoError(t, err)
				err = stream.Send(&ticketv1.ReplyToTicketRequest{Ticket: 7, Body: c.body})
				if err == nil {
					_, err = stream.Recv()
				}
				require.ErrorIs(t, err, c.kind)
				require.Equal(t, c.reason, fault.ReasonOf(err))
			})
		}
		t.Run("far too large", func(t *testing.T) {
			stream := open(f.member(t, t.Context()))
			require.NoError(t, stream.Send(&ticketv1.ReplyToTicketRequest{Ticket: 7, Body: strings.Repeat("x", 3<<20)}))
			_, err := stream.Recv()
			require.ErrorIs(t, err, fault.Exhausted)
		})
	})
}

func TestParityOfStreamsWhoseUserIsGone(t *testing.T) {
	overTransports(t, func(t *testing.T, f *fixture, conn grpc.ClientConnInterface, _ string) {
		begun := metadata.Pairs("x-begun", "1")
		f.probe.set(handlers{
			watch: func(_ *ticketv1.WatchTicketsRequest, s watchStream) error {
				if err := s.SendHeader(begun); err != nil {
					return err
				}
				<-s.Context().Done()
				return nil
			},
			reply: func(s replyStream) error {
				if err := s.SendHeader(begun); err != nil {
					return err
				}
				_, err := s.Recv() // and never looks at the context
				return err
			},
		})
		open := map[string]func(context.Context) grpc.ClientStream{
			"waiting for its context": func(ctx context.Context) grpc.ClientStream {
				s, err := ticketv1.NewTicketServiceClient(conn).WatchTickets(ctx, &ticketv1.WatchTicketsRequest{})
				require.NoError(t, err)
				return s
			},
			"waiting for its client": func(ctx context.Context) grpc.ClientStream {
				s, err := conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true},
					"/altis.support.ticket.v1.TicketService/ReplyToTicket")
				require.NoError(t, err)
				return s
			},
		}
		for name, open := range open {
			t.Run(name, func(t *testing.T) {
				user := auth.User{ID: "p1", Organization: "o1", Role: auth.RoleUser, SessionID: "s1"}
				gone := user
				gone.SessionID = "gone " + name
				for _, c := range []struct {
					reason string
					user   auth.User
					age    time.Duration
				}{
					{reason: "TOKEN_REVOKED", user: gone},
					{reason: "TOKEN_EXPIRED", user: user, age: auth.MaxLifetime - 3*time.Second},
				} {
					stream := open(f.as(t, t.Context(), c.user, c.age))
					header, err := stream.Header()
					require.NoError(t, err)
					require.NotEmpty(t, header.Get("x-begun"))
					begin := time.Now()
					f.source.revoke(gone.SessionID)
					err = stream.RecvMsg(&ticketv1.WatchTicketsResponse{})
					require.ErrorIs(t, err, fault.Unauthenticated)
					require.Equal(t, c.reason, fault.ReasonOf(err))
					require.Less(t, time.Since(begin), 8*time.Second, "three seconds of life, a look each second, and slack for a busy machine")
				}
			})
		}
	})
}
