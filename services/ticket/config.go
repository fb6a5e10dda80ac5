package ticket

import (
	"errors"
	"time"
)

// Config is ticket's part of a process's configuration.
type Config struct {
	CloseAfter time.Duration `help:"How long after it was solved a ticket is closed." default:"168h"`
}

// Validate lists every fault.
func (c Config) Validate() error {
	// Tasks that are older than 30 days need an operator, so closing must not wait that long.
	if c.CloseAfter < time.Hour || c.CloseAfter > 28*24*time.Hour {
		return errors.New("close-after: from 1h to 672h (28 days)")
	}
	return nil
}
