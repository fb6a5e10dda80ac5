package ratelimit

import "time"

// SetPatience sets how long a call waits for Redis, so that a busy machine does
// not look like an outage.
func (l *Limiter) SetPatience(d time.Duration) { l.patience = d }
