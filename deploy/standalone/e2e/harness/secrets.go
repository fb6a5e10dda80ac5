package harness

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
)

// secrets is what no log may contain: passwords, tokens, e-mail addresses.
type secrets struct {
	mu     sync.Mutex
	values map[string]string // what it is, by value
}

func newSecrets() *secrets { return &secrets{values: map[string]string{}} }

func (s *secrets) add(what, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values[value] = what
}

// KeepFromLogs has the test fail when a log holds the value.
func (s *Suite) KeepFromLogs(what, value string) { s.secrets.add(what, value) }

// traces are signs of a defect in any log.
var traces = []string{"WARNING: DATA RACE", "panic:", "goroutine 1 ["}

// check fails the test for a log that holds a secret or the sign of a defect.
func (s *secrets) check(t testing.TB, name, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Errorf("log of %s: %v", name, err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for value, what := range s.values {
		if at := bytes.Index(text, []byte(value)); at >= 0 {
			t.Errorf("the log of %s holds %s:\n%s", name, what, lineAt(text, at))
		}
	}
	for _, trace := range traces {
		if at := bytes.Index(text, []byte(trace)); at >= 0 {
			t.Errorf("the log of %s holds %q:\n%s", name, trace, text[at:min(len(text), at+4000)])
		}
	}
}

func lineAt(text []byte, at int) string {
	start := bytes.LastIndexByte(text[:at], '\n') + 1
	line, _, _ := strings.Cut(string(text[start:]), "\n")
	return fmt.Sprintf("%.2000s", line)
}
