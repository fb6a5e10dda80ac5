package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Stack holds the cleanups of a process, each pushed when the thing it cleans up
// was made. The zero value is empty and ready. It is safe for concurrent use.
type Stack struct {
	mu       sync.Mutex
	cleanups []cleanup
}

type cleanup struct {
	name string
	run  func(ctx context.Context) error
}

// Push adds a cleanup that Close runs before those pushed earlier.
func (s *Stack) Push(name string, fn func(ctx context.Context) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cleanups = append(s.cleanups, cleanup{name, fn})
}

// Close runs every cleanup, the last pushed first, and returns all their errors,
// each with the name of its cleanup. The deadline of ctx is for all of them
// together; once it is over the remaining ones still run, to release what they
// can without waiting. A second Close runs nothing.
func (s *Stack) Close(ctx context.Context) error {
	s.mu.Lock()
	cleanups := s.cleanups
	s.cleanups = nil
	s.mu.Unlock()

	var errs []error
	for i := len(cleanups) - 1; i >= 0; i-- {
		if err := cleanups[i].run(ctx); err != nil {
			errs = append(errs, fmt.Errorf("close %s: %w", cleanups[i].name, err))
		}
	}
	return errors.Join(errs...)
}
