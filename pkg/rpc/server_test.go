package rpc_test

import (
	"context"
	"errors"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/mem"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/protobuf/proto"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/rpc"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

func TestOneTraceAcrossTheCall(t *testing.T) {
	provider := sdktrace.NewTracerProvider()
	before, propagator := otel.GetTracerProvider(), otel.GetTextMapPropagator()
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.TraceContext{})
	t.Cleanup(func() {
		otel.SetTracerProvider(before)
		otel.SetTextMapPropagator(propagator)
		require.NoError(t, provider.Shutdown(context.WithoutCancel(t.Context())))
	})
	overTransports(t, func(t *testing.T, f *fixture, conn grpc.ClientConnInterface, _ string) {
		seen := make(chan trace.TraceID, 1)
		f.probe.set(handlers{get: func(ctx context.Context, _ *ticketv1.GetTicketRequest) (*ticketv1.Ticket, error) {
			seen <- trace.SpanContextFromContext(ctx).TraceID()
			return nil, errors.New("broken")
		}})
		ctx, span := provider.Tracer("test").Start(f.member(t, t.Context()), "caller")
		defer span.End()
		_, err := ticketv1.NewTicketServiceClient(conn).GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: 7})
		require.Equal(t, span.SpanContext().TraceID(), <-seen)
		got, _ := errors.AsType[*fault.Error](err)
		require.Equal(t, span.SpanContext().TraceID().String(), got.Meta["trace_id"], "to find the log line by")
	})
}

func TestStartNamesMethodsWithoutPolicy(t *testing.T) {
	s := rpc.NewServer(rpc.ServerOptions{})
	s.RegisterService(&grpc.ServiceDesc{ServiceName: "altis.support.lost.v1.LostService", Methods: []grpc.MethodDesc{{MethodName: "Get"}}}, nil)
	require.ErrorContains(t, s.Start(), "altis.support.lost.v1.LostService.Get")

	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.Error(t, s.Serve(t.Context(), l))
}

// Services of one process are wired in any order; what calls too early is told to come back.
func TestInProcessBeforeStart(t *testing.T) {
	s := rpc.NewServer(rpc.ServerOptions{})
	conn := s.InProcess("ticket")
	client := identityv1.NewAuthServiceClient(conn)
	login := func() error {
		_, err := client.Login(t.Context(), &identityv1.LoginRequest{Email: "a@b.example", Password: "x"})
		return err
	}
	identityv1.RegisterAuthServiceServer(s, &probe{})
	err := login()
	require.ErrorIs(t, err, fault.Unavailable)
	require.Equal(t, "NOT_STARTED", fault.ReasonOf(err))
	_, err = ticketv1.NewTicketServiceClient(conn).WatchTickets(t.Context(), &ticketv1.WatchTicketsRequest{})
	require.Equal(t, "NOT_STARTED", fault.ReasonOf(err))

	require.NoError(t, s.Start())
	require.NoError(t, login())
	require.PanicsWithValue(t, "rpc: altis.support.event.v1.EventSinkService is registered after Start", func() {
		eventv1.RegisterEventSinkServiceServer(s, &probe{})
	})
}

func TestRequestsRemainTheCallers(t *testing.T) {
	f := setup(t, rpc.ServerOptions{})
	f.probe.set(handlers{get: func(ctx context.Context, r *ticketv1.GetTicketRequest) (*ticketv1.Ticket, error) {
		r.Ticket = 99
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	client := ticketv1.NewTicketServiceClient(f.server.InProcess("gateway"))
	request := &ticketv1.GetTicketRequest{Ticket: 1}
	for range 90 { // the race detector sees a copy that is still going on
		ctx, cancel := context.WithCancel(f.member(t, t.Context()))
		go cancel()
		_, err := client.GetTicket(ctx, request)
		require.ErrorIs(t, err, fault.Unavailable)
		require.NotEqualValues(t, 99, request.GetTicket())
		request.Ticket++
	}
}

func TestHealthAndReflection(t *testing.T) {
	f := setup(t, rpc.ServerOptions{Reflection: true})
	conn := dial(t, f.serve(t), rpc.DialOptions{})
	for _, c := range []grpc.ClientConnInterface{conn, f.server.InProcess("gateway")} {
		for _, service := range []string{"", "altis.support.ticket.v1.TicketService"} {
			got, err := healthv1.NewHealthClient(c).Check(t.Context(), &healthv1.HealthCheckRequest{Service: service})
			require.NoError(t, err)
			require.Equal(t, healthv1.HealthCheckResponse_SERVING, got.GetStatus())
		}
	}
	_, err := healthv1.NewHealthClient(conn).Check(t.Context(), &healthv1.HealthCheckRequest{Service: "other"})
	require.ErrorIs(t, err, fault.NotFound)

	stream, err := reflectionv1.NewServerReflectionClient(conn).ServerReflectionInfo(t.Context())
	require.NoError(t, err)
	require.NoError(t, stream.Send(&reflectionv1.ServerReflectionRequest{
		MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{},
	}))
	answer, err := stream.Recv()
	require.NoError(t, err)
	require.NotEmpty(t, answer.GetListServicesResponse().GetService())
	require.NoError(t, stream.CloseSend())
}

func TestShutdown(t *testing.T) {
	f := setup(t, rpc.ServerOptions{})
	entered, release := make(chan struct{}, 2), make(chan struct{})
	f.probe.set(handlers{
		get: func(context.Context, *ticketv1.GetTicketRequest) (*ticketv1.Ticket, error) {
			entered <- struct{}{}
			<-release
			return &ticketv1.Ticket{Number: 7}, nil
		},
		watch: func(_ *ticketv1.WatchTicketsRequest, s watchStream) error {
			entered <- struct{}{}
			<-s.Context().Done()
			return s.Context().Err()
		},
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- f.server.Serve(ctx, l) }()
	client := ticketv1.NewTicketServiceClient(dial(t, l.Addr().String(), rpc.DialOptions{}))

	stream, err := client.WatchTickets(f.member(t, t.Context()), &ticketv1.WatchTicketsRequest{})
	require.NoError(t, err)
	got, member := make(chan error, 1), f.member(t, t.Context())
	go func() {
		_, err := client.GetTicket(member, &ticketv1.GetTicketRequest{Ticket: 7})
		got <- err
	}()
	<-entered
	<-entered
	stop()
	_, err = stream.Recv()
	require.ErrorIs(t, err, fault.Unavailable, "streams are sent elsewhere at once")
	require.Equal(t, "SHUTTING_DOWN", fault.ReasonOf(err))
	close(release)
	require.NoError(t, <-got, "calls are finished")
	require.NoError(t, <-stopped)
	_, err = client.GetTicket(f.member(t, t.Context()), &ticketv1.GetTicketRequest{Ticket: 7})
	require.ErrorIs(t, err, fault.Unavailable)
	require.NotContains(t, rpc.ToStatus(err).Message(), "127.0.0.1")
}

func TestServeWhenAllIsOverAlready(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	for range 20 { // whether the end overtakes the beginning is chance
		f := setup(t, rpc.ServerOptions{})
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		require.NoError(t, f.server.Serve(ended, l))
		require.ErrorIs(t, l.Close(), net.ErrClosed)
	}
}

func TestServeReportsAFailingListener(t *testing.T) {
	f := setup(t, rpc.ServerOptions{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	require.ErrorContains(t, f.server.Serve(t.Context(), l), l.Addr().String())
}

// rawCodec sends bytes as they are.
type rawCodec struct{ encoding.CodecV2 }

func (rawCodec) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(*v.(*[]byte))}, nil
}

func (rawCodec) Unmarshal(data mem.BufferSlice, v any) error {
	return proto.Unmarshal(data.Materialize(), v.(proto.Message))
}

func (rawCodec) Name() string { return "proto" }

// gRPC answers these itself; what matters is that no handler sees them and no alarm is raised.
func TestUndecodableRequests(t *testing.T) {
	f := setup(t, rpc.ServerOptions{})
	conn := dial(t, f.serve(t), rpc.DialOptions{})
	f.log.take()
	for _, c := range []struct {
		name    string
		method  string
		desc    grpc.StreamDesc
		request []byte
	}{
		{name: "no message", method: "GetTicket", request: []byte{0xff}},
		{name: "text that is no UTF-8", method: "ListTickets", request: []byte{0x1a, 1, 0xff}}, // field 3, filter
		{name: "no message in a stream", method: "WatchTickets", desc: grpc.StreamDesc{ServerStreams: true}, request: []byte{0xff}},
	} {
		t.Run(c.name, func(t *testing.T) {
			stream, err := conn.NewStream(f.member(t, t.Context()), &c.desc, "/altis.support.ticket.v1.TicketService/"+c.method,
				grpc.ForceCodecV2(rawCodec{}))
			require.NoError(t, err)
			require.NoError(t, stream.SendMsg(&c.request))
			require.NoError(t, stream.CloseSend())
			require.ErrorIs(t, stream.RecvMsg(&ticketv1.WatchTicketsResponse{}), fault.Internal)
		})
	}
	require.Empty(t, f.log.take())
}

func BenchmarkCall(b *testing.B) {
	run := func(b *testing.B, f *fixture, conn grpc.ClientConnInterface) {
		f.probe.set(handlers{get: func(context.Context, *ticketv1.GetTicketRequest) (*ticketv1.Ticket, error) {
			return &ticketv1.Ticket{Number: 7, Subject: "checkout returns 502"}, nil
		}})
		ctx, client := f.member(b, b.Context()), ticketv1.NewTicketServiceClient(conn)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := client.GetTicket(ctx, &ticketv1.GetTicketRequest{Ticket: 7}); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("in-process", func(b *testing.B) {
		f := setup(b, rpc.ServerOptions{})
		run(b, f, f.server.InProcess("gateway"))
	})
	b.Run("tcp", func(b *testing.B) {
		f := setup(b, rpc.ServerOptions{})
		run(b, f, dial(b, f.serve(b), rpc.DialOptions{}))
	})
}
