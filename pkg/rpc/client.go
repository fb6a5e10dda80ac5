package rpc

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"altis-dxp.com/support/pkg/fault"
)

const (
	keepaliveTime    = 30 * time.Second
	keepaliveTimeout = 10 * time.Second
	connectTimeout   = 2 * time.Second
	backoffBase      = 20 * time.Millisecond
	backoffMax       = 200 * time.Millisecond
)

// DialOptions says how to reach a server.
type DialOptions struct {
	TLS    *tls.Config  // nil = plaintext; the server is verified by its ServerName, else by the host of the target
	Logger *slog.Logger // failed calls, at level debug; nil = none
}

// serviceConfig spreads calls over all addresses of a name.
const serviceConfig = `{"loadBalancingConfig":[{"round_robin":{}}]}`

// Dial returns a connection to target ("host:port", or any target of gRPC). It does not wait for the server: calls
// made while it cannot be reached fail Unavailable, after their retries. Errors of calls are faults.
func Dial(target string, o DialOptions) (*grpc.ClientConn, error) {
	creds := insecure.NewCredentials()
	if o.TLS != nil {
		creds = newHostCredentials(o.TLS)
	}
	c := newClient(o.Logger)
	conn, err := grpc.NewClient(target,
		grpc.WithTransportCredentials(creds),
		grpc.WithStatsHandler(otelgrpc.NewClientHandler()),
		grpc.WithUnaryInterceptor(c.unary),
		grpc.WithStreamInterceptor(c.stream),
		grpc.WithDefaultServiceConfig(serviceConfig),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxResponse)),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: backoffBase, Multiplier: 1.6, Jitter: 0.2, MaxDelay: backoffMax},
			MinConnectTimeout: connectTimeout,
		}),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{
			Time: keepaliveTime, Timeout: keepaliveTimeout, PermitWithoutStream: true,
		}),
	)
	if err != nil {
		return nil, fmt.Errorf("rpc: dial %s: %w", target, err)
	}
	return conn, nil
}

// client repeats calls and restores faults on the caller's side of either transport.
type client struct {
	logger  *slog.Logger
	retries *retries
}

func newClient(logger *slog.Logger) client {
	return client{logger: logger, retries: newRetries(idempotentByName())}
}

func (c client) unary(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	for attempt := 1; ; attempt++ {
		err := invoke(ctx, method, req, reply, cc, opts...)
		if err == nil {
			c.retries.budget.succeeded()
			return nil
		}
		if !c.retries.again(ctx, method, req, err, attempt) {
			return c.restore(ctx, method, req, err)
		}
	}
}

func (c client) stream(ctx context.Context, desc *grpc.StreamDesc, cc *grpc.ClientConn, method string, open grpc.Streamer, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	cs, err := open(ctx, desc, cc, method, opts...)
	if err != nil {
		return nil, c.restore(ctx, method, nil, err)
	}
	return &clientStream{ClientStream: cs, client: c, method: method}, nil
}

// restore returns the fault of a failed call.
func (c client) restore(ctx context.Context, method string, sent any, err error) error {
	if err == nil {
		return nil
	}
	var st *status.Status
	// Not status.FromError: the message of a call that was retried in vain tells of that instead.
	if s, ok := errors.AsType[interface {
		error
		GRPCStatus() *status.Status
	}](err); ok {
		st = s.GRPCStatus()
	} else {
		// The in-process channel passes ends of contexts as they are, and io.EOF when one cut off the answer.
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		st = status.FromContextError(err)
	}
	restored := FromStatus(st)
	if m, ok := sent.(proto.Message); ok && st.Code() == codes.Internal {
		// gRPC cannot marshal such a message and says no more than that.
		if fields := malformed(m); len(fields) > 0 {
			restored = fault.InvalidFields(fields)
		}
	}
	if c.logger != nil {
		c.logger.DebugContext(ctx, "call failed",
			slog.String("method", method), slog.String("code", codeName(st.Code())), slog.Any("error", restored))
	}
	return restored
}

type clientStream struct {
	grpc.ClientStream
	client client
	method string
}

func (s *clientStream) SendMsg(m any) error {
	return s.restore(m, s.ClientStream.SendMsg(m))
}

func (s *clientStream) RecvMsg(m any) error {
	return s.restore(nil, s.ClientStream.RecvMsg(m))
}

// restore leaves io.EOF alone: on sending it means that the answer is to be had by RecvMsg, on receiving the end.
func (s *clientStream) restore(sent any, err error) error {
	if errors.Is(err, io.EOF) {
		return err
	}
	return s.client.restore(s.Context(), s.method, sent, err)
}
