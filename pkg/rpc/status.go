package rpc

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"altis-dxp.com/support/pkg/fault"
)

// errorDomain scopes the reasons of ErrorInfo.
const errorDomain = "support.altis-dxp.com"

// maxFields bounds the offending fields of one answer: details travel in the trailer, which proxies limit.
const maxFields = 32

// ToStatus returns what a caller may see of err: of a fault everything but its cause, of a status that a handler or
// gRPC made the status, of a context's end its code, of all else "internal error". nil gives nil.
func ToStatus(err error) *status.Status {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return faultStatus(f)
	}
	if k, ok := errors.AsType[fault.Kind](err); ok {
		return faultStatus(&fault.Error{Kind: k})
	}
	if st, ok := status.FromError(err); ok && st.Code() != codes.Unknown && st.Code() != codes.Internal {
		return st
	}
	if isContext(err) {
		return status.FromContextError(contextError(err))
	}
	return faultStatus(&fault.Error{Kind: fault.Internal})
}

func faultStatus(f *fault.Error) *status.Status {
	c, msg := codeOf(f.Kind), f.Public()
	if c == codes.Internal {
		msg = fault.Internal.Error()
	}
	reason := f.Reason
	if reason == "" {
		reason = codeName(c)
	}
	details := []protoadapt.MessageV1{&errdetails.ErrorInfo{Reason: reason, Domain: errorDomain, Metadata: f.Meta}}
	if len(f.Fields) > 0 {
		bad := &errdetails.BadRequest{}
		for _, field := range f.Fields[:min(len(f.Fields), maxFields)] {
			bad.FieldViolations = append(bad.FieldViolations, &errdetails.BadRequest_FieldViolation{
				Field: field.Path, Reason: field.Reason, Description: field.Description,
			})
		}
		details = append(details, bad)
	}
	if f.RetryAfter > 0 {
		details = append(details, &errdetails.RetryInfo{RetryDelay: durationpb.New(f.RetryAfter)})
	}
	st := status.New(c, msg)
	full, err := st.WithDetails(details...)
	if err != nil { // a string in it is not UTF-8
		return st
	}
	return full
}

// FromStatus returns the fault that a status carries, nil for OK. Its message is the sender's only if the sender is
// of the suite; else it may hold addresses and such, and stays in the cause, for the log. The fault also matches
// context.DeadlineExceeded and context.Canceled where the status says so, and status.Code tells the code.
func FromStatus(st *status.Status) error {
	if st.Code() == codes.OK {
		return nil
	}
	f := &fault.Error{Kind: kindOf(st.Code()), Reason: codeName(st.Code())}
	cause := &remoteError{status: st}
	for _, d := range st.Details() {
		switch d := d.(type) {
		case *errdetails.ErrorInfo:
			if d.GetDomain() == errorDomain {
				cause.ours = true
				f.Reason, f.Meta, f.Msg = d.GetReason(), d.GetMetadata(), st.Message()
			}
		case *errdetails.BadRequest:
			for _, v := range d.GetFieldViolations() {
				f.Fields = append(f.Fields, fault.Field{
					Path: v.GetField(), Reason: v.GetReason(), Description: v.GetDescription(),
				})
			}
		case *errdetails.RetryInfo:
			f.RetryAfter = max(d.GetRetryDelay().AsDuration(), 0)
		}
	}
	f.Err = cause
	return f
}

// remoteError is the cause of a restored fault.
type remoteError struct {
	status *status.Status
	ours   bool // made by a server of the suite, which has logged what is internal
}

func (e *remoteError) Error() string {
	if e.ours {
		return "remote " + codeName(e.status.Code())
	}
	return fmt.Sprintf("remote %s: %s", codeName(e.status.Code()), e.status.Message())
}

// GRPCStatus makes status.Code work on restored faults.
func (e *remoteError) GRPCStatus() *status.Status { return e.status }

func (e *remoteError) Is(target error) bool {
	switch e.status.Code() {
	case codes.DeadlineExceeded:
		return target == context.DeadlineExceeded
	case codes.Canceled:
		return target == context.Canceled
	default:
		return false
	}
}

func isContext(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// contextError returns the bare error of a context's end: status.FromContextError knows no other.
func contextError(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return context.DeadlineExceeded
	}
	return context.Canceled
}

func codeOf(k fault.Kind) codes.Code {
	switch k {
	case fault.Invalid:
		return codes.InvalidArgument
	case fault.NotFound:
		return codes.NotFound
	case fault.Exists:
		return codes.AlreadyExists
	case fault.Conflict:
		return codes.Aborted
	case fault.Precondition:
		return codes.FailedPrecondition
	case fault.Denied:
		return codes.PermissionDenied
	case fault.Unauthenticated:
		return codes.Unauthenticated
	case fault.Exhausted:
		return codes.ResourceExhausted
	case fault.Unavailable:
		return codes.Unavailable
	default:
		return codes.Internal
	}
}

func kindOf(c codes.Code) fault.Kind {
	switch c {
	case codes.InvalidArgument, codes.OutOfRange:
		return fault.Invalid
	case codes.NotFound:
		return fault.NotFound
	case codes.AlreadyExists:
		return fault.Exists
	case codes.Aborted:
		return fault.Conflict
	case codes.FailedPrecondition:
		return fault.Precondition
	case codes.PermissionDenied:
		return fault.Denied
	case codes.Unauthenticated:
		return fault.Unauthenticated
	case codes.ResourceExhausted:
		return fault.Exhausted
	case codes.Unavailable, codes.DeadlineExceeded, codes.Canceled:
		return fault.Unavailable
	default:
		return fault.Internal
	}
}

// codeName returns a code as the API spells it, "DEADLINE_EXCEEDED".
func codeName(c codes.Code) string { return code.Code(c).String() }
