package testkit

import (
	"strings"
	"sync"
)

// Logs keeps what is logged. Its methods may be called concurrently.
type Logs struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write adds to it.
func (l *Logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String returns all of it.
func (l *Logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
