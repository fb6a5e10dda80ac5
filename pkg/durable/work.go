package durable

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

var (
	errStopping  = errors.New("durable: the process is stopping")
	errLeaseLost = errors.New("durable: the lease is lost")
	errExhausted = errors.New("durable: the process ended during the last of the task's attempts")
)

// panicError is a panic of a handler.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// execute runs a task and hands its outcome on.
func (q *Queue) execute(ctx context.Context, h *held) {
	handler := q.handlers[h.task.Kind]
	q.probe("running")
	started := q.now()
	err := q.attempt(ctx, handler, h.task)
	q.probe("handled")
	o := q.judge(ctx, handler, h.task, err)
	q.meter.ran(ctx, h, o, q.now().Sub(started), q.now().Sub(h.since))

	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case o.done:
	case o.park:
		q.stats.Parked++
	case !o.back:
		q.stats.Failed++
	}
	h.lane.finished(h.destination)
	q.end(h, o)
	q.pump(h.lane)
}

// attempt runs the handler once, under its span and timeout.
func (q *Queue) attempt(ctx context.Context, handler Handler, task Task) error {
	if handler.MaxAttempts > 0 && task.Attempt > handler.MaxAttempts {
		return Permanent(errExhausted)
	}
	ctx, end := q.meter.span(ctx, task)
	err := protect(ctx, handler, func(ctx context.Context) error { return handler.Run(ctx, task) })
	end(err)
	return err
}

// protect calls fn under the handler's timeout and turns a panic into an error.
func protect(ctx context.Context, handler Handler, fn func(context.Context) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(handler.Timeout, runTimeout))
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = &panicError{p, debug.Stack()}
		}
	}()
	return fn(ctx)
}

// judge decides what becomes of a task whose run returned err.
func (q *Queue) judge(ctx context.Context, handler Handler, task Task, err error) outcome {
	done := outcome{done: true, urgent: handler.DurableComplete}
	if err == nil {
		return done
	}
	log := q.logger.With(slog.String("task", task.ID), slog.String("kind", task.Kind), slog.String("lane", task.Lane.String()), slog.Int("attempt", task.Attempt), slog.Any("error", err))
	if ctx.Err() != nil { // stopped from outside: not the task's fault
		log.InfoContext(ctx, "durable: task interrupted", slog.Any("cause", context.Cause(ctx)))
		return outcome{back: true}
	}
	if p, ok := errors.AsType[*panicError](err); ok {
		log = log.With(slog.String("stack", string(p.stack)))
	}
	if broken(handler, task, err) {
		if task.Lane != LanePage {
			log.ErrorContext(ctx, "durable: task parked")
			return outcome{park: true, reason: shorten(err)}
		}
		if handler.Broken != nil {
			failure := protect(ctx, handler, func(ctx context.Context) error { return handler.Broken(ctx, task, err) })
			if failure == nil {
				log.ErrorContext(ctx, "durable: broken page task handed over")
				return done
			}
			err = errors.Join(err, failure)
			log = log.With(slog.Any("broken", failure))
		}
		log.ErrorContext(ctx, "durable: broken page task is tried again")
	} else {
		log.WarnContext(ctx, "durable: task failed")
	}
	return outcome{delay: handler.Pause(task, err), reason: shorten(err)}
}

// broken reports that running the task again is of no use.
func broken(handler Handler, task Task, err error) bool {
	if _, ok := errors.AsType[*permanentError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*panicError](err); ok {
		return true
	}
	return errors.Is(err, ErrUndecodable) || handler.MaxAttempts > 0 && task.Attempt >= handler.MaxAttempts
}

// Pause returns how long after a run of the task that failed with err it is due again.
func (h Handler) Pause(task Task, err error) time.Duration {
	if r, ok := errors.AsType[*retryAfterError](err); ok {
		return r.after
	}
	if h.Backoff != nil {
		return max(0, h.Backoff(task.Attempt))
	}
	return DefaultBackoff(task.Attempt)
}

// shorten keeps an error's text presentable, and free of what PostgreSQL cannot store.
func shorten(err error) string {
	const limit = 1000
	text := make([]rune, 0, limit)
	for _, r := range err.Error() {
		if r == 0 {
			continue
		}
		if len(text) == limit {
			break
		}
		text = append(text, r)
	}
	return string(text)
}
