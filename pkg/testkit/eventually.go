package testkit

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience is how long Eventually waits. It is long because a passing test never
// waits for it, and a busy machine must not fail one.
const patience = 20 * time.Second

// Eventually returns once cond holds and fails the test when it does not in 20
// seconds. cond runs on the test's own goroutine.
func Eventually(t testing.TB, cond func() bool, msg string, args ...any) {
	t.Helper()
	err := poll(patience, func() error {
		if cond() {
			return nil
		}
		return errors.New("the condition does not hold")
	})
	if err != nil {
		t.Fatalf("%s: %v after %s", fmt.Sprintf(msg, args...), err, patience)
	}
}

// EventuallyPasses returns once fn passes and fails the test with the last
// failure of fn when it does not in 20 seconds. fn runs on the test's own
// goroutine and may be run many times.
func EventuallyPasses(t testing.TB, fn func(t require.TestingT), msg string, args ...any) {
	t.Helper()
	err := poll(patience, func() error { return attempt(fn) })
	if err != nil {
		t.Fatalf("%s: still fails after %s:\n%v", fmt.Sprintf(msg, args...), patience, err)
	}
}

// attempt runs fn once and returns its failures as an error.
func attempt(fn func(t require.TestingT)) (err error) {
	r := &recorder{}
	defer func() {
		if p := recover(); p != nil && p != (failNow{}) {
			panic(p)
		}
		if r.failed {
			err = errors.New(strings.Join(r.texts, "\n"))
		}
	}()
	fn(r)
	return nil
}

// failNow is the panic by which a failed attempt ends.
type failNow struct{}

// recorder is a require.TestingT that does not fail the test.
type recorder struct {
	failed bool
	texts  []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.failed = true
	r.texts = append(r.texts, fmt.Sprintf(format, args...))
}

func (r *recorder) FailNow() {
	r.failed = true
	panic(failNow{})
}
