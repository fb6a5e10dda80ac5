package ticket

import (
	"errors"
	"time"
)

// Config is ticket's part of a process's configuration.
type Config struct {
	PageWatch      time.Duration `help:"How long after an incident became urgent a provider must have taken a page, lest the emergency mailbox pages." default:"15s"`
	Hold           bool          `help:"Have the emergency mailbox page nobody. For a copy that was made of a backup."`
	CloseAfter     time.Duration `help:"How long after it was solved a ticket is closed." default:"168h"`
	AttachmentsURL string        `name:"attachments-url" help:"Where files of messages are kept, for this installation alone: file:///folder, on a disk that all replicas share, or s3://bucket?region=..."`
}

// Validate lists every fault.
func (c Config) Validate() error {
	// Tasks that are older than 30 days need an operator, so closing must not wait that long.
	if c.CloseAfter < time.Hour || c.CloseAfter > 28*24*time.Hour {
		return errors.New("close-after: from 1h to 672h (28 days)")
	}
	if c.PageWatch < 0 {
		return errors.New("page-watch: must not be negative")
	}
	return nil
}
