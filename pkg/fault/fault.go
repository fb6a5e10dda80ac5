// Package fault is the one error type that crosses package and service borders.
//
// A fault says what kind of failure it is (closed set), why (a stable reason that clients may test), and what may
// be told to the caller. Its cause is for the log only. Anything that is not a fault is Internal: the caller
// learns nothing but "internal error".
package fault

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"
)

// Kind is the closed set of failures. A Kind is itself an error, so that errors.Is(err, fault.NotFound) works, on
// faults restored from another service too.
type Kind uint8

// The kinds.
const (
	Internal        Kind = iota // a bug or an unknown error; nothing the caller can do
	Invalid                     // the request itself is wrong, whatever the state
	NotFound                    // no such thing, or not visible to the caller
	Exists                      // it is there already
	Conflict                    // changed by someone else in between; read again and retry
	Precondition                // not allowed in the present state
	Denied                      // known caller, not allowed
	Unauthenticated             // unknown caller
	Exhausted                   // a limit is reached; see RetryAfter
	Unavailable                 // temporarily impossible; retry
)

// Error returns the sentence a caller sees when a fault of this kind has no message of its own.
func (k Kind) Error() string {
	switch k {
	case Invalid:
		return "invalid request"
	case NotFound:
		return "not found"
	case Exists:
		return "already exists"
	case Conflict:
		return "changed in the meantime"
	case Precondition:
		return "not possible in the present state"
	case Denied:
		return "not allowed"
	case Unauthenticated:
		return "not authenticated"
	case Exhausted:
		return "limit reached"
	case Unavailable:
		return "temporarily unavailable"
	default:
		return "internal error"
	}
}

// ReasonInvalidField is the reason of every fault made of fields.
const ReasonInvalidField = "INVALID_FIELD"

// Field is one offending field of a request.
type Field struct {
	Path        string // as in proto: "ticket.subject", "ccs[3]"; "" = the request as a whole
	Reason      string // UPPER_SNAKE or the rule's id, for programs
	Description string // for people
}

// Error is a fault. Kind, Reason, Msg, Meta, Fields and RetryAfter are shown to the caller, Err only to the log.
type Error struct {
	Kind       Kind
	Reason     string // UPPER_SNAKE; part of the API, never changes
	Msg        string // one sentence for people; "" = the kind's own
	Meta       map[string]string
	Fields     []Field
	RetryAfter time.Duration // 0 = says nothing
	Err        error         // the cause, may be nil
}

// New returns a fault with a message for the caller.
func New(k Kind, reason, msg string) *Error {
	return &Error{Kind: k, Reason: reason, Msg: msg}
}

// Newf is New with a formatted message. It takes no %w: what a message says is told to the caller.
func Newf(k Kind, reason, format string, a ...any) *Error {
	return &Error{Kind: k, Reason: reason, Msg: fmt.Sprintf(format, a...)}
}

// Wrap returns a fault that tells the caller its kind's generic sentence and keeps err for the log.
func Wrap(k Kind, reason string, err error) *Error {
	return &Error{Kind: k, Reason: reason, Msg: k.Error(), Err: err}
}

// InvalidField returns an Invalid fault about one field.
func InvalidField(path, reason, description string) *Error {
	return invalid([]Field{{Path: path, Reason: reason, Description: description}})
}

// InvalidFields returns an Invalid fault about all fields, nil when there are none.
func InvalidFields(fields []Field) error {
	if len(fields) == 0 {
		return nil
	}
	return invalid(fields)
}

func invalid(fields []Field) *Error {
	parts := make([]string, len(fields))
	for i, f := range fields {
		parts[i] = f.Description
		if f.Path != "" {
			parts[i] = f.Path + ": " + f.Description
		}
	}
	return &Error{Kind: Invalid, Reason: ReasonInvalidField, Msg: strings.Join(parts, "; "), Fields: fields}
}

// With returns a copy with one more metadata pair.
func (e *Error) With(key, value string) *Error {
	c := *e
	c.Meta = maps.Clone(e.Meta)
	if c.Meta == nil {
		c.Meta = make(map[string]string, 1)
	}
	c.Meta[key] = value
	return &c
}

// Public returns the sentence for the caller: without the cause.
func (e *Error) Public() string {
	if e.Msg == "" {
		return e.Kind.Error()
	}
	return e.Msg
}

// Error returns the text for the log: with the cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Public()
	}
	return e.Public() + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is this fault's kind.
func (e *Error) Is(target error) bool {
	k, ok := target.(Kind)
	return ok && k == e.Kind
}

// KindOf returns the kind of the outermost fault in err, Internal when there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	k, _ := errors.AsType[Kind](err)
	return k
}

// ReasonOf returns the reason of the outermost fault in err, "" when there is none.
func ReasonOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	return ""
}
