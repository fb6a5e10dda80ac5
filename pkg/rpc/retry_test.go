package rpc_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/rpc"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

func TestParityOfRetries(t *testing.T) {
	overTransports(t, func(t *testing.T, f *fixture, conn grpc.ClientConnInterface, _ string) {
		client := ticketv1.NewTicketServiceClient(conn)
		get := func(ctx context.Context) error {
			_, err := client.GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: 7})
			return err
		}
		create := func(id string) func(context.Context) error {
			return func(ctx context.Context) error {
				_, err := client.CreateTicket(ctx, &ticketv1.CreateTicketRequest{
					Ticket: &ticketv1.Ticket{Type: ticketv1.TicketType_TICKET_TYPE_QUESTION, Subject: "x", Description: "x", Scope: &ticketv1.Scope{All: true}}, RequestId: id,
				})
				return err
			}
		}
		note := func(id string) func(context.Context) error {
			return func(ctx context.Context) error {
				_, err := client.AddNote(ctx, &ticketv1.AddNoteRequest{Ticket: 7, Body: "x", RequestId: id})
				return err
			}
		}
		solve := func(ctx context.Context) error {
			_, err := client.SolveTicket(ctx, &ticketv1.SolveTicketRequest{Ticket: 7})
			return err
		}
		for _, c := range []struct {
			name  string
			call  func(context.Context) error
			fails int32 // so many times,
			with  error // in this way
			calls int32
			want  error
		}{
			{name: "a read", call: get, fails: 2, with: fault.Unavailable, calls: 3},
			{name: "a read in vain", call: get, fails: 9, with: fault.Unavailable, calls: 4, want: fault.Unavailable},
			{name: "a read that is refused", call: get, fails: 9, with: fault.NotFound, calls: 1, want: fault.NotFound},
			{name: "a creation that the server knows again", call: create("r1"), fails: 2, with: fault.Unavailable, calls: 3},
			{name: "a creation that it does not", call: create(""), fails: 2, with: fault.Unavailable, calls: 1, want: fault.Unavailable},
			{name: "a conflict of ids", call: create("r1"), fails: 9, with: fault.Exists, calls: 1, want: fault.Exists},
			{name: "a note with an id", call: note("r1"), fails: 3, with: fault.Unavailable, calls: 4},
			{name: "a note without", call: note(""), fails: 1, with: fault.Unavailable, calls: 1, want: fault.Unavailable},
			{name: "a change that has no id", call: solve, fails: 1, with: fault.Unavailable, calls: 1, want: fault.Unavailable},
		} {
			t.Run(c.name, func(t *testing.T) {
				var calls atomic.Int32
				f.probe.set(handlers{any: func() error {
					if calls.Add(1) <= c.fails {
						return c.with
					}
					return nil
				}})
				err := c.call(f.staff(t, t.Context()))
				if c.want == nil {
					require.NoError(t, err)
				} else {
					require.ErrorIs(t, err, c.want)
				}
				require.Equal(t, c.calls, calls.Load())
			})
		}
	})
}

func TestRetriesEndWithTheirContext(t *testing.T) {
	f := setup(t, rpc.ServerOptions{})
	client := ticketv1.NewTicketServiceClient(f.server.InProcess("gateway"))
	ctx, cancel := context.WithCancel(f.staff(t, t.Context()))
	var calls atomic.Int32
	f.probe.set(handlers{any: func() error { calls.Add(1); cancel(); return fault.Unavailable }})
	_, err := client.GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: 7})
	require.ErrorIs(t, err, fault.Unavailable)
	require.EqualValues(t, 1, calls.Load())
}

// A server in trouble must not get four times the load.
func TestRetriesHaveABudget(t *testing.T) {
	f := setup(t, rpc.ServerOptions{})
	client := ticketv1.NewTicketServiceClient(f.server.InProcess("gateway"))
	ctx := f.staff(t, t.Context())
	var calls atomic.Int32
	f.probe.set(handlers{any: func() error { calls.Add(1); return fault.Unavailable }})
	const requests = 60
	for range requests {
		_, err := client.GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: 7})
		require.ErrorIs(t, err, fault.Unavailable)
	}
	require.Less(t, calls.Load(), int32(2*requests))

	// It comes back with the server.
	f.probe.set(handlers{any: func() error { return nil }})
	for range 500 {
		_, err := client.GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: 7})
		require.NoError(t, err)
	}
	calls.Store(0)
	f.probe.set(handlers{any: func() error { calls.Add(1); return fault.Unavailable }})
	_, err := client.GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: 7})
	require.ErrorIs(t, err, fault.Unavailable)
	require.EqualValues(t, 4, calls.Load())
}
