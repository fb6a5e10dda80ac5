package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"testing"
)

// runner is what the test kit and the harness need of a test, for a program: the first failure ends the run, and what was
// started is ended in reverse order.
type runner struct {
	testing.TB // its private method only; what is used of it is below

	ctx      context.Context
	log      io.Writer
	mu       sync.Mutex
	cleanups []func()
	failed   bool
}

// failure ends a run.
type failure struct{ text string }

func newRunner(ctx context.Context, log io.Writer) *runner { return &runner{ctx: ctx, log: log} }

// run calls fn, then the cleanups, and returns the failure of either.
func (r *runner) run(fn func()) error {
	err := guard(fn)
	for cleanup := r.last(); cleanup != nil; cleanup = r.last() {
		if failed := guard(cleanup); err == nil {
			err = failed
		}
	}
	if err == nil && r.Failed() {
		err = errors.New("the run failed: see above")
	}
	return err
}

// last takes the cleanup that was added last, nil when none is left.
func (r *runner) last() func() {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.cleanups) - 1
	if n < 0 {
		return nil
	}
	cleanup := r.cleanups[n]
	r.cleanups = r.cleanups[:n]
	return cleanup
}

// guard returns the failure that ended fn.
func guard(fn func()) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case failure:
			err = errors.New(p.text)
		default:
			panic(p)
		}
	}()
	fn()
	return nil
}

// Helper implements testing.TB.
func (r *runner) Helper() {}

// Context implements testing.TB.
func (r *runner) Context() context.Context { return r.ctx }

// Cleanup implements testing.TB.
func (r *runner) Cleanup(fn func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cleanups = append(r.cleanups, fn)
}

// TempDir implements testing.TB.
func (r *runner) TempDir() string {
	dir, err := os.MkdirTemp("", "altis-bench-")
	r.must(err)
	r.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// Log implements testing.TB.
func (r *runner) Log(args ...any) { fmt.Fprintln(r.log, args...) }

// Logf implements testing.TB.
func (r *runner) Logf(format string, args ...any) { fmt.Fprintf(r.log, format+"\n", args...) }

// Error implements testing.TB.
func (r *runner) Error(args ...any) { r.fail(); r.Log(args...) }

// Errorf implements testing.TB.
func (r *runner) Errorf(format string, args ...any) { r.fail(); r.Logf(format, args...) }

// Fatal implements testing.TB.
func (r *runner) Fatal(args ...any) { r.fail(); panic(failure{fmt.Sprint(args...)}) }

// Fatalf implements testing.TB.
func (r *runner) Fatalf(format string, args ...any) {
	r.fail()
	panic(failure{fmt.Sprintf(format, args...)})
}

// FailNow implements testing.TB.
func (r *runner) FailNow() { r.Fatal("see above") }

// Failed implements testing.TB.
func (r *runner) Failed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed
}

func (r *runner) fail() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = true
}

// must ends the run unless err is nil.
func (r *runner) must(err error) {
	if err != nil {
		r.Fatal(err)
	}
}
