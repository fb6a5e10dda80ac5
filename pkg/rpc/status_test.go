package rpc_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"pgregory.net/rapid"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/rpc"
)

// What a fault shows crosses as it is, whatever it is.
func TestFaultsSurviveTheWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("aZ_ é☎")))
		want := &fault.Error{
			Kind:       fault.Kind(rapid.Uint8Range(uint8(fault.Invalid), uint8(fault.Unavailable)).Draw(t, "kind")),
			Reason:     rapid.StringMatching(`[A-Z][A-Z_]{0,20}`).Draw(t, "reason"),
			Msg:        text.Draw(t, "msg"),
			Meta:       rapid.MapOfN(rapid.StringMatching(`[a-z_]{1,5}`), text, 0, 3).Draw(t, "meta"),
			RetryAfter: time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "retry")),
		}
		for range rapid.IntRange(0, 3).Draw(t, "fields") {
			want.Fields = append(want.Fields, fault.Field{Path: text.Draw(t, "path"), Reason: "R", Description: text.Draw(t, "description")})
		}
		err := rpc.FromStatus(rpc.ToStatus(fmt.Errorf("more: %w", want)))
		got, ok := errors.AsType[*fault.Error](err)
		require.True(t, ok)
		require.Equal(t, want.Public(), got.Public())
		require.Len(t, got.Meta, len(want.Meta))
		for k, v := range want.Meta {
			require.Equal(t, v, got.Meta[k])
		}
		require.Equal(t, want.Kind, got.Kind)
		require.Equal(t, want.Reason, got.Reason)
		require.Equal(t, want.Fields, got.Fields)
		require.Equal(t, want.RetryAfter, got.RetryAfter)
		require.ErrorIs(t, err, want.Kind)
	})
}

func TestToStatusOfOthers(t *testing.T) {
	require.Nil(t, rpc.ToStatus(nil))
	for _, c := range []struct {
		name string
		err  error
		code codes.Code
		msg  string
	}{
		{name: "unknown", err: errors.New("secret"), code: codes.Internal, msg: "internal error"},
		{name: "deadline", err: fmt.Errorf("secret: %w", context.DeadlineExceeded), code: codes.DeadlineExceeded, msg: "context deadline exceeded"},
		{name: "cancelled", err: context.Canceled, code: codes.Canceled, msg: "context canceled"},
		{name: "made by gRPC", err: status.Error(codes.Unimplemented, "no such method"), code: codes.Unimplemented, msg: "no such method"},
		{name: "internal of gRPC", err: status.Error(codes.Internal, "secret"), code: codes.Internal, msg: "internal error"},
		{name: "text that cannot cross", err: fault.InvalidField("\xff", "R", "d"), code: codes.InvalidArgument, msg: "\xff: d"},
	} {
		t.Run(c.name, func(t *testing.T) {
			st := rpc.ToStatus(c.err)
			require.Equal(t, c.code, st.Code())
			require.Equal(t, c.msg, st.Message())
		})
	}
}

func TestToStatusBoundsItsDetails(t *testing.T) {
	st := rpc.ToStatus(fault.InvalidFields(make([]fault.Field, 10_000)))
	got, _ := errors.AsType[*fault.Error](rpc.FromStatus(st))
	require.Len(t, got.Fields, 32)
}

func TestFromStatusOfOthers(t *testing.T) {
	require.NoError(t, rpc.FromStatus(status.New(codes.OK, "")))
	for _, c := range []struct {
		code   codes.Code
		kind   fault.Kind
		reason string
		is     error
	}{
		{code: codes.DeadlineExceeded, kind: fault.Unavailable, reason: "DEADLINE_EXCEEDED", is: context.DeadlineExceeded},
		{code: codes.Canceled, kind: fault.Unavailable, reason: "CANCELLED", is: context.Canceled},
		{code: codes.Unavailable, kind: fault.Unavailable, reason: "UNAVAILABLE"},
		{code: codes.OutOfRange, kind: fault.Invalid, reason: "OUT_OF_RANGE"},
		{code: codes.Unimplemented, kind: fault.Internal, reason: "UNIMPLEMENTED"},
		{code: codes.Unknown, kind: fault.Internal, reason: "UNKNOWN"},
		{code: codes.DataLoss, kind: fault.Internal, reason: "DATA_LOSS"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			err := rpc.FromStatus(status.New(c.code, "dial tcp 10.1.2.3"))
			require.ErrorIs(t, err, c.kind)
			require.Equal(t, c.reason, fault.ReasonOf(err))
			require.Equal(t, c.code, status.Code(err))
			require.Equal(t, errors.Is(c.is, context.Canceled), errors.Is(err, context.Canceled))
			require.Equal(t, errors.Is(c.is, context.DeadlineExceeded), errors.Is(err, context.DeadlineExceeded))
			got, _ := errors.AsType[*fault.Error](err)
			require.NotContains(t, got.Public(), "10.1.2.3", "of a stranger's words nothing is passed on")
			require.ErrorContains(t, err, "10.1.2.3", "but logged")
			require.NotContains(t, rpc.ToStatus(err).Message(), "10.1.2.3")
		})
	}
}
