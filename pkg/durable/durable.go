package durable

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"altis-dxp.com/support/pkg/sqldb"
)

// Lane separates kinds of work that must not wait for each other. Each has its own slots and claims.
type Lane int

// The lanes, most urgent first. The numbers are stored.
const (
	LanePage   Lane = iota // pages to people on call: own connections, never parked
	LaneReply              // what somebody is waiting for: correspondence, events between services
	LaneNotice             // notices
	LaneDigest             // whatever may take its time
)

const lanes = 4

// String returns the lane's name in logs and metrics.
func (l Lane) String() string {
	switch l {
	case LanePage:
		return "page"
	case LaneReply:
		return "reply"
	case LaneNotice:
		return "notice"
	case LaneDigest:
		return "digest"
	}
	return fmt.Sprintf("lane(%d)", int(l))
}

// Spec describes a task to be made.
type Spec struct {
	Kind    string        // which Handler runs it
	Lane    Lane          // which slots it takes
	Key     string        // names it, together with Kind, for Cancel; may be ""
	Payload []byte        // text, normally JSON
	Delay   time.Duration // 0 = at once; stored in microseconds
	Trace   string        // W3C traceparent that the first attempt continues; "" takes the one of Enqueue's context
}

// Task is a task as its handler sees it.
type Task struct {
	ID string // UUIDv7; the same in every attempt, so receivers deduplicate by it
	Spec
	Attempt   int       // 1 in the first attempt
	CreatedAt time.Time // UTC, by the database's clock; in the first attempt it may be by this process's
}

// Handler runs the tasks of one kind. A task runs at least once: a handler's effects are idempotent by Task.ID.
type Handler struct {
	// Run does the work. nil ends the task; an error has it run again after Backoff, unless it says otherwise
	// (RetryAfter, Permanent, ErrUndecodable). Its context ends at Timeout, when the lease is lost and when the process stops.
	Run func(ctx context.Context, task Task) error
	// Backoff is the pause after the attempt-th failure (1 = the first); nil means DefaultBackoff.
	Backoff func(attempt int) time.Duration
	// MaxAttempts after which the task is parked; 0 = it is tried for ever.
	MaxAttempts int
	// DurableComplete: the end of the task survives a power cut at once. For effects that the receiver cannot deduplicate.
	DurableComplete bool
	// Timeout of one run; 0 = 30 s. The lease is renewed meanwhile.
	Timeout time.Duration
	// Destination names whom the task talks to; nil or "" = nobody in particular. One destination takes at most a quarter
	// of its lane, so that a slow one leaves the rest to others. It may see a payload that Run would refuse.
	Destination func(task Task) string
	// Broken takes, in the page lane, what would be parked in others: a task that cannot be decoded, panicked, failed for
	// good or has used up MaxAttempts. nil from Broken ends the task, an error has the task tried again after Backoff.
	Broken func(ctx context.Context, task Task, cause error) error
}

// ErrUndecodable is returned (wrapped) by a handler that cannot read its task's payload: trying again is of no use.
var ErrUndecodable = errors.New("durable: the payload cannot be decoded")

// RetryAfter returns an error for a handler to return: try again after d, without Backoff. nil stays nil.
func RetryAfter(d time.Duration, err error) error {
	if err == nil {
		return nil
	}
	return &retryAfterError{after: max(d, 0), err: err}
}

type retryAfterError struct {
	after time.Duration
	err   error
}

func (e *retryAfterError) Error() string { return e.err.Error() }
func (e *retryAfterError) Unwrap() error { return e.err }

// Permanent returns an error for a handler to return: park the task at once (page lane: Broken). nil stays nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &permanentError{err}
}

type permanentError struct{ err error }

func (e *permanentError) Error() string { return e.err.Error() }
func (e *permanentError) Unwrap() error { return e.err }

// Bell wakes the other replicas of a service. It is a hint: without it they find work by their poll, a second later.
type Bell interface {
	Ring(topic string)
	Listen(ctx context.Context, topic string) <-chan struct{}
}

// Options are a Queue's parts. DB, Handlers and Service are required.
type Options struct {
	DB       *sqldb.DB
	Handlers map[string]Handler // by kind; tasks of other kinds are left to other replicas
	Workers  map[Lane]int       // how many tasks of a lane run at once; missing or 0 = 64 page, 32 reply, 32 notice, 8 digest
	Bell     Bell               // may be nil
	Logger   *slog.Logger       // nil discards
	Service  string             // names the queue in metrics and on the bell
	Drain    time.Duration      // how long running tasks may go on once Run's context has ended; 0 = 10 s
	Now      func() time.Time   // this process's clock, with a monotonic reading, by which it keeps to its own leases only; nil = time.Now
}

//go:embed migrations/*.sql
var files embed.FS

// Migrations returns the tables tasks and task_owners.
func Migrations() sqldb.Set {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sqldb.Set{Name: "durable", FS: sub}
}
