package rpc_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/rpc"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// Calls and their failures look the same to both sides over every transport.
func TestParityOfErrors(t *testing.T) {
	secret := errors.New("dial tcp 10.1.2.3: refused")
	rich := &fault.Error{
		Kind: fault.Exhausted, Reason: "TOO_MANY_LOGINS", Msg: "wait a little", RetryAfter: 1500 * time.Millisecond,
		Meta: map[string]string{"limit": "5"}, Fields: []fault.Field{{Path: "email", Reason: "RATE", Description: "too often"}},
		Err: secret,
	}
	cases := []struct {
		name   string
		err    error
		code   codes.Code
		kind   fault.Kind
		reason string
		msg    string
		logged int // lines
	}{
		{
			name: "fault", err: fault.New(fault.NotFound, "TICKET_NOT_FOUND", "no ticket 7"),
			code: codes.NotFound, kind: fault.NotFound, reason: "TICKET_NOT_FOUND", msg: "no ticket 7",
		},
		{
			name: "wrapped fault", err: fmt.Errorf("store: %w", fault.New(fault.Conflict, "ETAG", "read it again")),
			code: codes.Aborted, kind: fault.Conflict, reason: "ETAG", msg: "read it again",
		},
		{name: "cause stays", err: fault.Wrap(fault.Unavailable, "DATABASE_UNAVAILABLE", secret), code: codes.Unavailable, kind: fault.Unavailable, reason: "DATABASE_UNAVAILABLE", msg: "temporarily unavailable"},
		{name: "all parts", err: rich, code: codes.ResourceExhausted, kind: fault.Exhausted, reason: "TOO_MANY_LOGINS", msg: "wait a little"},
		{name: "bare kind", err: fault.Precondition, code: codes.FailedPrecondition, kind: fault.Precondition, reason: "FAILED_PRECONDITION", msg: "not possible in the present state"},
		{name: "exists", err: fault.Exists, code: codes.AlreadyExists, kind: fault.Exists, reason: "ALREADY_EXISTS", msg: "already exists"},
		{name: "invalid", err: fault.InvalidField("ccs[3]", "EMAIL", "must be an address"), code: codes.InvalidArgument, kind: fault.Invalid, reason: "INVALID_FIELD", msg: "ccs[3]: must be an address"},
		{name: "denied", err: fault.Denied, code: codes.PermissionDenied, kind: fault.Denied, reason: "PERMISSION_DENIED", msg: "not allowed"},
		{name: "unknown error", err: secret, code: codes.Internal, kind: fault.Internal, reason: "INTERNAL", msg: "internal error", logged: 1},
		{name: "internal fault", err: fault.New(fault.Internal, "BROKEN", "table x is broken"), code: codes.Internal, kind: fault.Internal, reason: "BROKEN", msg: "internal error", logged: 1},
		{name: "status of unknown code", err: status.Error(codes.Unknown, secret.Error()), code: codes.Internal, kind: fault.Internal, reason: "INTERNAL", msg: "internal error", logged: 1},
		{name: "a time limit of the handler's own", err: fmt.Errorf("peer: %w", context.DeadlineExceeded), code: codes.Unavailable, kind: fault.Unavailable, reason: "TIMED_OUT", msg: "temporarily unavailable", logged: 1},
		{name: "a cancellation of the handler's own", err: context.Canceled, code: codes.Unavailable, kind: fault.Unavailable, reason: "TIMED_OUT", msg: "temporarily unavailable", logged: 1},
		{
			name: "what a peer of the suite has logged", err: rpc.FromStatus(rpc.ToStatus(secret)),
			code: codes.Internal, kind: fault.Internal, reason: "INTERNAL", msg: "internal error",
		},
	}
	overTransports(t, func(t *testing.T, f *fixture, conn grpc.ClientConnInterface, _ string) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				// Both kinds of call, so that one table serves both.
				f.probe.set(handlers{
					get:   func(context.Context, *ticketv1.GetTicketRequest) (*ticketv1.Ticket, error) { return nil, c.err },
					watch: func(*ticketv1.WatchTicketsRequest, watchStream) error { return c.err },
				})
				client := ticketv1.NewTicketServiceClient(conn)
				ctx := f.member(t, t.Context())
				check := func(err error) {
					t.Helper()
					require.Equal(t, c.code, status.Code(err))
					require.Equal(t, c.kind, fault.KindOf(err))
					require.ErrorIs(t, err, c.kind)
					require.Equal(t, c.reason, fault.ReasonOf(err))
					got, ok := errors.AsType[*fault.Error](err)
					require.True(t, ok)
					require.Equal(t, c.msg, got.Public())
					require.NotContains(t, err.Error(), "10.1.2.3")
					if want, ok := errors.AsType[*fault.Error](c.err); ok && c.kind != fault.Internal {
						require.Equal(t, want.Meta, got.Meta)
						require.Equal(t, want.Fields, got.Fields)
						require.Equal(t, want.RetryAfter, got.RetryAfter)
					}
				}
				f.log.take()
				stream, err := client.WatchTickets(ctx, &ticketv1.WatchTicketsRequest{})
				require.NoError(t, err)
				_, err = stream.Recv()
				check(err)
				require.Len(t, f.log.take(), c.logged)
				_, err = client.GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: 7})
				check(err)
			})
		}
	})
}

func TestParityOfUnknownErrorsAndPanics(t *testing.T) {
	overTransports(t, func(t *testing.T, f *fixture, conn grpc.ClientConnInterface, _ string) {
		client := ticketv1.NewTicketServiceClient(conn)
		ctx := f.member(t, t.Context())
		f.probe.set(handlers{
			get: func(context.Context, *ticketv1.GetTicketRequest) (*ticketv1.Ticket, error) { panic("lost my way") },
			watch: func(_ *ticketv1.WatchTicketsRequest, s watchStream) error {
				if err := s.Send(&ticketv1.WatchTicketsResponse{ResumeToken: "1"}); err != nil {
					return err
				}
				panic("lost my way")
			},
		})
		check := func(err error) {
			t.Helper()
			require.ErrorIs(t, err, fault.Internal)
			require.Equal(t, "PANIC", fault.ReasonOf(err))
			require.NotContains(t, err.Error(), "lost")
			lines := f.log.take()
			require.Len(t, lines, 1)
			require.Contains(t, lines[0], "lost my way")
			require.Contains(t, lines[0], "parity_test.go", "where it happened")
		}
		f.log.take()
		_, err := client.GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: 7})
		check(err)

		stream, err := client.WatchTickets(ctx, &ticketv1.WatchTicketsRequest{})
		require.NoError(t, err)
		_, err = stream.Recv()
		require.NoError(t, err)
		_, err = stream.Recv()
		check(err)

		// A method that the server does not have yet.
		_, err = client.AddNote(f.staff(t, t.Context()), &ticketv1.AddNoteRequest{Ticket: 7, Body: "x"})
		require.Equal(t, codes.Unimplemented, status.Code(err))
		require.Equal(t, "UNIMPLEMENTED", fault.ReasonOf(err))
	})
}

func TestParityOfDeadlinesAndCancellation(t *testing.T) {
	overTransports(t, func(t *testing.T, f *fixture, conn grpc.ClientConnInterface, _ string) {
		client := ticketv1.NewTicketServiceClient(conn)
		entered, left := make(chan time.Time, 1), make(chan error, 1)
		wait := func(ctx context.Context) error {
			deadline, _ := ctx.Deadline()
			entered <- deadline
			<-ctx.Done()
			left <- ctx.Err()
			return fmt.Errorf("waiting: %w", ctx.Err())
		}
		f.probe.set(handlers{
			get: func(ctx context.Context, _ *ticketv1.GetTicketRequest) (*ticketv1.Ticket, error) {
				return nil, wait(ctx)
			},
			watch: func(_ *ticketv1.WatchTicketsRequest, s watchStream) error { return wait(s.Context()) },
		})
		calls := map[string]func(context.Context) error{
			"unary": func(ctx context.Context) error {
				_, err := client.GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: 7})
				return err
			},
			"stream": func(ctx context.Context) error {
				stream, err := client.WatchTickets(ctx, &ticketv1.WatchTicketsRequest{})
				if err != nil {
					return err
				}
				_, err = stream.Recv()
				return err
			},
		}
		for name, call := range calls {
			t.Run(name, func(t *testing.T) {
				f.log.take()
				reached := false
				for timeout := 100 * time.Millisecond; !reached; timeout *= 2 { // a busy machine may take longer to get there
					require.Less(t, timeout, time.Minute)
					ctx, cancel := context.WithTimeout(f.member(t, t.Context()), timeout)
					err := call(ctx)
					cancel()
					require.Equal(t, codes.DeadlineExceeded, status.Code(err))
					require.ErrorIs(t, err, context.DeadlineExceeded)
					require.ErrorIs(t, err, fault.Unavailable)
					select {
					case deadline := <-entered:
						reached = true
						require.WithinDuration(t, time.Now(), deadline, time.Minute, "the handler knows the deadline")
						require.Error(t, <-left)
					case <-time.After(timeout):
					}
				}

				ctx, cancel := context.WithCancel(f.member(t, t.Context()))
				failed := make(chan error, 1)
				go func() { failed <- call(ctx) }()
				require.Zero(t, <-entered, "no deadline")
				cancel()
				err := <-failed
				require.Equal(t, codes.Canceled, status.Code(err))
				require.ErrorIs(t, err, context.Canceled)
				require.ErrorIs(t, err, fault.Unavailable)
				require.Error(t, <-left, "the handler is told")

				err = call(ctx)
				require.Equal(t, codes.Canceled, status.Code(err), "before it began")
				require.Empty(t, f.log.take(), "a caller that left is no news")
			})
		}
	})
}

func TestParityOfValidation(t *testing.T) {
	overTransports(t, func(t *testing.T, f *fixture, conn grpc.ClientConnInterface, _ string) {
		client := ticketv1.NewTicketServiceClient(conn)
		for _, c := range []struct {
			name  string
			call  func(context.Context) error
			field fault.Field
		}{
			{
				name: "rule",
				call: func(ctx context.Context) error {
					_, err := client.GetTicket(ctx, &ticketv1.GetTicketRequest{})
					return err
				},
				field: fault.Field{Path: "ticket", Reason: "OUT_OF_RANGE", Description: "must be greater than 0"},
			},
			{
				name: "nested rule",
				call: func(ctx context.Context) error {
					_, err := client.CreateTicket(ctx, &ticketv1.CreateTicketRequest{Ticket: &ticketv1.Ticket{
						Organization: strings.Repeat("x", 65),
					}})
					return err
				},
				field: fault.Field{Path: "ticket.organization", Reason: "TOO_LONG", Description: "must be at most 64 characters"},
			},
			{
				name: "text that is not UTF-8",
				call: func(ctx context.Context) error {
					_, err := client.ListTickets(ctx, &ticketv1.ListTicketsRequest{Filter: "a\xffb"})
					return err
				},
				field: fault.Field{Path: "filter", Reason: "INVALID_UTF8", Description: "must be valid UTF-8"},
			},
			{
				name: "text with a NUL",
				call: func(ctx context.Context) error {
					_, err := client.CreateTicket(ctx, &ticketv1.CreateTicketRequest{Ticket: &ticketv1.Ticket{Ccs: []*ticketv1.Person{{Id: "a"}, {Id: "b\x00c"}}}})
					return err
				},
				field: fault.Field{Path: "ticket.ccs[1].id", Reason: "NUL_CHARACTER", Description: "must not contain the character NUL"},
			},
			{
				name: "unknown enum",
				call: func(ctx context.Context) error {
					_, err := client.ListTickets(ctx, &ticketv1.ListTicketsRequest{View: 77})
					return err
				},
				field: fault.Field{Path: "view", Reason: "UNKNOWN_ENUM", Description: "77 is no value of View"},
			},
			{
				name: "streamed message",
				call: func(ctx context.Context) error {
					stream, err := client.WatchTickets(ctx, &ticketv1.WatchTicketsRequest{ResumeToken: strings.Repeat("x", 513)})
					if err != nil {
						return err
					}
					_, err = stream.Recv()
					return err
				},
				field: fault.Field{Path: "resume_token", Reason: "TOO_LONG", Description: "must be at most 512 characters"},
			},
		} {
			t.Run(c.name, func(t *testing.T) {
				err := c.call(f.member(t, t.Context()))
				require.ErrorIs(t, err, fault.Invalid)
				require.Equal(t, "INVALID_FIELD", fault.ReasonOf(err))
				got, _ := errors.AsType[*fault.Error](err)
				require.Contains(t, got.Fields, c.field)
			})
		}
	})
}

func TestParityOfSizes(t *testing.T) {
	const limit = 1<<20 + 64<<10
	overTransports(t, func(t *testing.T, f *fixture, conn grpc.ClientConnInterface, _ string) {
		client := ticketv1.NewTicketServiceClient(conn)
		ctx := f.member(t, t.Context())
		_, err := client.CreateTicket(ctx, &ticketv1.CreateTicketRequest{RequestId: strings.Repeat("x", limit-100)})
		require.ErrorIs(t, err, fault.Invalid, "as large as may be: looked at")
		_, err = client.CreateTicket(ctx, &ticketv1.CreateTicketRequest{RequestId: strings.Repeat("x", limit)})
		require.ErrorIs(t, err, fault.Exhausted)
		require.Equal(t, "MESSAGE_TOO_LARGE", fault.ReasonOf(err))
		_, err = client.CreateTicket(ctx, &ticketv1.CreateTicketRequest{RequestId: strings.Repeat("x", 3*limit)})
		require.ErrorIs(t, err, fault.Exhausted)

		large := &ticketv1.Ticket{Description: strings.Repeat("x", 4<<20)}
		f.probe.set(handlers{
			get: func(context.Context, *ticketv1.GetTicketRequest) (*ticketv1.Ticket, error) { return large, nil },
			watch: func(_ *ticketv1.WatchTicketsRequest, s watchStream) error {
				return s.Send(&ticketv1.WatchTicketsResponse{Update: &ticketv1.WatchTicketsResponse_Ticket{Ticket: large}})
			},
		})
		_, err = client.GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: 7})
		require.ErrorIs(t, err, fault.Exhausted)
		require.Equal(t, "MESSAGE_TOO_LARGE", fault.ReasonOf(err))
		stream, err := client.WatchTickets(ctx, &ticketv1.WatchTicketsRequest{})
		require.NoError(t, err)
		_, err = stream.Recv()
		require.Equal(t, "MESSAGE_TOO_LARGE", fault.ReasonOf(err))
	})
}

func TestParityOfMetadata(t *testing.T) {
	overTransports(t, func(t *testing.T, f *fixture, conn grpc.ClientConnInterface, _ string) {
		type private struct{}
		f.probe.set(handlers{get: func(ctx context.Context, _ *ticketv1.GetTicketRequest) (*ticketv1.Ticket, error) {
			require.Nil(t, ctx.Value(private{}), "values of the client's context do not cross")
			in := metadata.ValueFromIncomingContext(ctx, "x-request-id")
			if err := grpc.SetHeader(ctx, metadata.Pairs("x-header", strings.Join(in, ","))); err != nil {
				return nil, err
			}
			return &ticketv1.Ticket{Number: 7}, grpc.SetTrailer(ctx, metadata.Pairs("x-trailer", "end"))
		}})
		ctx := metadata.AppendToOutgoingContext(f.member(t, t.Context()), "X-Request-Id", "r1")
		ctx = f.member(t, ctx) // a second token replaces the first
		ctx = context.WithValue(ctx, private{}, "x")
		var header, trailer metadata.MD
		got, err := ticketv1.NewTicketServiceClient(conn).GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: 7},
			grpc.Header(&header), grpc.Trailer(&trailer))
		require.NoError(t, err)
		require.EqualValues(t, 7, got.GetNumber())
		require.Equal(t, []string{"r1"}, header.Get("x-header"))
		require.Equal(t, []string{"end"}, trailer.Get("x-trailer"))
	})
}
