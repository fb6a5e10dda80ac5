package rpc

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
)

const recheckEvery = time.Second

// stream answers one streaming call of either transport.
func (s *Server) stream(impl any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) (err error) {
	ctx := ss.Context()
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
		if err != nil {
			err = s.answer(ctx, info.FullMethod, err)
		}
	}()
	r := s.rules.Load()
	if r == nil {
		return errNotStarted()
	}
	callCtx, err := s.admit(ctx, r, info.FullMethod)
	if err != nil {
		return err
	}
	callCtx, end := context.WithCancelCause(callCtx)
	defer end(nil)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		s.watch(callCtx, r, info, end)
	}()
	err = handler(impl, &stream{ServerStream: ss, ctx: callCtx, rules: r, limit: s.options.MaxMessageBytes})
	if cause, ok := errors.AsType[*ended](context.Cause(callCtx)); ok {
		err = cause.fault
	}
	end(nil)
	<-watched
	return err
}

// ended is the cause of a stream's context that the server ended before its time.
type ended struct{ fault error }

func (e *ended) Error() string { return e.fault.Error() }

// watch ends a stream when its user's token no longer holds, and one that only sends when the server stops: its
// client comes back to another replica.
func (s *Server) watch(ctx context.Context, r *rules, info *grpc.StreamServerInfo, end context.CancelCauseFunc) {
	draining := s.draining
	if info.IsClientStream {
		draining = nil // an upload may finish
	}
	user := auth.FromContext(ctx).User
	var check <-chan time.Time
	if user != nil {
		tick := time.NewTicker(recheckEvery)
		defer tick.Stop()
		check = tick.C
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-draining:
			end(&ended{fault.New(fault.Unavailable, "SHUTTING_DOWN", "the server is stopping")})
			return
		case <-check:
			if err := s.options.Verifier.Recheck(user, r.policies.OutageGrace(info.FullMethod)); err != nil {
				end(&ended{err})
				return
			}
		}
	}
}

// stream is what handlers get: the call's context, and messages that are checked.
type stream struct {
	grpc.ServerStream
	ctx   context.Context
	rules *rules
	limit int
}

func (s *stream) Context() context.Context { return s.ctx }

// RecvMsg returns when the server has ended the stream too, which the transport knows nothing of.
func (s *stream) RecvMsg(m any) error {
	got := make(chan error, 1)
	go func() { got <- s.ServerStream.RecvMsg(m) }()
	select {
	case err := <-got:
		if err != nil {
			return received(err)
		}
	case <-s.ctx.Done():
		return context.Cause(s.ctx)
	}
	if err := fits(m, s.limit); err != nil {
		return err
	}
	return validate(s.rules.validator, m)
}

// SendMsg fails with the reason why a stream has ended, where the in-process transport says io.EOF.
func (s *stream) SendMsg(m any) error {
	if err := fits(m, maxResponse); err != nil {
		return err
	}
	if s.ctx.Err() != nil {
		return context.Cause(s.ctx)
	}
	err := s.ServerStream.SendMsg(m)
	if err != nil && s.ctx.Err() != nil {
		return context.Cause(s.ctx)
	}
	return err
}
