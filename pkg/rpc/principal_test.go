package rpc_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/rpc"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

func TestParityOfPrincipals(t *testing.T) {
	overTransports(t, func(t *testing.T, f *fixture, conn grpc.ClientConnInterface, service string) {
		seen := make(chan auth.Principal, 1)
		f.probe.set(handlers{get: func(ctx context.Context, _ *ticketv1.GetTicketRequest) (*ticketv1.Ticket, error) {
			seen <- auth.FromContext(ctx)
			return &ticketv1.Ticket{}, nil
		}})
		tickets := ticketv1.NewTicketServiceClient(conn)
		get := func(ctx context.Context) error {
			_, err := tickets.GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: 7})
			return err
		}
		require.NoError(t, get(f.member(t, t.Context())))
		p := <-seen
		require.Equal(t, service, p.Service)
		require.Equal(t, "p1", p.User.ID)
		require.Equal(t, "o1", p.User.Organization)

		member := auth.User{ID: "p1", Organization: "o1", Role: auth.RoleUser, SessionID: "s1", TokenID: "t1"}
		note := func(ctx context.Context) error {
			_, err := tickets.AddNote(ctx, &ticketv1.AddNoteRequest{Ticket: 7, Body: "x"})
			return err
		}
		deliver := func(ctx context.Context) error {
			_, err := eventv1.NewEventSinkServiceClient(conn).Deliver(ctx, &eventv1.DeliverRequest{Events: []*eventv1.Event{{}}})
			return err
		}
		for _, c := range []struct {
			name   string
			call   func(context.Context) error
			ctx    context.Context
			kind   fault.Kind
			reason string
		}{
			{name: "no token", call: get, ctx: t.Context(), kind: fault.Unauthenticated, reason: "TOKEN_REQUIRED"},
			{name: "bad token", call: get, ctx: rpc.WithToken(t.Context(), "a.b.c"), kind: fault.Unauthenticated, reason: "TOKEN_INVALID"},
			{name: "another scheme", call: get, ctx: metadata.AppendToOutgoingContext(t.Context(), "authorization", "Basic YTpi"), kind: fault.Unauthenticated, reason: "TOKEN_INVALID"},
			{name: "two tokens", call: get, ctx: metadata.AppendToOutgoingContext(f.member(t, t.Context()), "authorization", "Bearer x"), kind: fault.Unauthenticated, reason: "TOKEN_INVALID"},
			{name: "expired", call: get, ctx: f.as(t, t.Context(), member, time.Hour), kind: fault.Unauthenticated, reason: "TOKEN_EXPIRED"},
			{name: "not for members", call: note, ctx: f.member(t, t.Context()), kind: fault.Denied, reason: "NOT_ALLOWED"},
			{name: "only for other services", call: deliver, ctx: t.Context(), kind: fault.Denied, reason: "SERVICE_NOT_ALLOWED"},
			{name: "only for services", call: deliver, ctx: f.staff(t, t.Context()), kind: fault.Denied, reason: "NOT_ALLOWED"},
		} {
			t.Run(c.name, func(t *testing.T) {
				err := c.call(c.ctx)
				require.ErrorIs(t, err, c.kind)
				require.Equal(t, c.reason, fault.ReasonOf(err))
			})
		}

		for person, ctx := range map[string]context.Context{
			"p1":     f.member(t, t.Context()),
			"nobody": f.as(t, t.Context(), member, time.Hour), // else nobody whose token is stale could log in
		} {
			resp, err := identityv1.NewAuthServiceClient(conn).Login(ctx, &identityv1.LoginRequest{Email: "a@b.example", Password: "x"})
			require.NoError(t, err)
			require.Equal(t, person, resp.GetPerson())
		}

		f.log.take()
		f.source.unreachable()
		require.NoError(t, get(f.as(t, t.Context(), member, time.Hour)))
		require.True(t, (<-seen).User.Graced)
		lines := f.log.take()
		require.Len(t, lines, 1, "audited")
		for _, id := range []string{`"p1"`, `"s1"`, `"t1"`, "GetTicket"} {
			require.Contains(t, lines[0], id)
		}
	})
}

func TestServicesCallOnTheirOwnBehalf(t *testing.T) {
	deliver := func(conn grpc.ClientConnInterface) {
		resp, err := eventv1.NewEventSinkServiceClient(conn).Deliver(t.Context(), &eventv1.DeliverRequest{Events: []*eventv1.Event{
			{Id: "e1", Source: "triage", Aggregate: "7", Sequence: 1},
		}})
		require.NoError(t, err)
		require.Equal(t, "triage", resp.GetOutcomes()[0].GetEvent())
	}
	ca := newAuthority(t)
	serverTLS, err := ca.issue(t, "ticket").Server()
	require.NoError(t, err)
	clientTLS, err := ca.issue(t, "triage").Client()
	require.NoError(t, err)
	f := setup(t, rpc.ServerOptions{TLS: serverTLS})
	deliver(dial(t, f.serve(t), rpc.DialOptions{TLS: clientTLS}))
	deliver(f.server.InProcess("triage"))
}
