package rpc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"time"

	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
)

// unary answers one unary call of either transport.
func (s *Server) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (resp any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
		if err != nil {
			resp, err = nil, s.answer(ctx, info.FullMethod, err)
		}
	}()
	r := s.rules.Load()
	if r == nil {
		return nil, errNotStarted()
	}
	if err := fits(req, s.options.MaxMessageBytes); err != nil {
		return nil, err
	}
	callCtx, err := s.admit(ctx, r, info.FullMethod)
	if err != nil {
		return nil, err
	}
	if err := validate(r.validator, req); err != nil {
		return nil, err
	}
	resp, err = handler(callCtx, req)
	if err != nil {
		return nil, err
	}
	return resp, fits(resp, maxResponse)
}

// admit finds out who calls and returns the context of an allowed call.
func (s *Server) admit(ctx context.Context, r *rules, method string) (context.Context, error) {
	p := auth.Principal{Service: callerOf(ctx)}
	user, err := s.user(ctx, r.policies.OutageGrace(method))
	// On a public method a stale token is as good as none: nobody could log in any more.
	if err != nil && r.policies.Allow(method, auth.Principal{}) != nil {
		return nil, err
	}
	p.User = user
	if err := r.policies.Allow(method, p); err != nil {
		return nil, err
	}
	if user != nil && user.Graced {
		s.options.Logger.InfoContext(ctx, "expired token accepted while identity is away",
			slog.String("method", method), slog.String("user", user.ID), slog.String("session", user.SessionID),
			slog.String("token", user.TokenID), slog.Time("expired", user.ExpiresAt))
	}
	return auth.WithPrincipal(ctx, p), nil
}

// user returns the user of the call's token, nil without a token.
func (s *Server) user(ctx context.Context, grace bool) (*auth.User, error) {
	token, err := tokenOf(ctx)
	if err != nil || token == "" {
		return nil, err
	}
	if s.options.Verifier == nil {
		return nil, fault.New(fault.Unauthenticated, "TOKEN_INVALID", "this server takes no access tokens")
	}
	return s.options.Verifier.Verify(ctx, token, grace)
}

// answer turns the failure of a call into the status that crosses, and logs what the caller does not get to see.
func (s *Server) answer(ctx context.Context, method string, err error) error {
	if isContext(err) {
		if ctx.Err() != nil { // the caller's own deadline or cancellation
			return status.FromContextError(ctx.Err()).Err()
		}
		if _, ok := errors.AsType[*fault.Error](err); !ok {
			s.options.Logger.WarnContext(ctx, "a call ran into a time limit of its own",
				slog.String("method", method), slog.Any("error", err))
			return ToStatus(fault.Wrap(fault.Unavailable, "TIMED_OUT", err)).Err()
		}
	}
	st := ToStatus(err)
	if st.Code() != codes.Internal {
		return st.Err()
	}
	if remote, ok := errors.AsType[*remoteError](err); !ok || !remote.ours {
		s.options.Logger.ErrorContext(ctx, "rpc failed", slog.String("method", method), slog.Any("error", err))
	}
	internal := &fault.Error{Kind: fault.Internal, Reason: fault.ReasonOf(err)}
	if sc := trace.SpanContextFromContext(ctx); sc.HasTraceID() {
		internal = internal.With("trace_id", sc.TraceID().String())
	}
	return ToStatus(internal).Err()
}

func panicked(p any) error {
	return fault.Wrap(fault.Internal, "PANIC", fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
}

func errNotStarted() error {
	return &fault.Error{Kind: fault.Unavailable, Reason: "NOT_STARTED", Msg: "the server is starting", RetryAfter: time.Second}
}

// fits refuses a message of more than limit bytes. The in-process transport has no limits of its own.
func fits(message any, limit int) error {
	m, ok := message.(proto.Message)
	if !ok {
		return nil
	}
	if size := proto.Size(m); size > limit {
		return fault.Newf(fault.Exhausted, "MESSAGE_TOO_LARGE", "a message of %d bytes, at most %d", size, limit)
	}
	return nil
}

// received translates what a stream's RecvMsg returns on the server, for the handler: gRPC has already told the caller,
// and what the caller did wrong is no error of ours.
func received(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	switch status.Code(err) {
	case codes.Internal:
		return &fault.Error{Kind: fault.Invalid, Reason: "REQUEST_UNREADABLE", Msg: "a message cannot be decoded", Err: err}
	case codes.ResourceExhausted:
		return &fault.Error{Kind: fault.Exhausted, Reason: "MESSAGE_TOO_LARGE", Msg: "a message is too large", Err: err}
	default:
		return err
	}
}
