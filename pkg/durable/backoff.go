package durable

import (
	"math/rand/v2"
	"time"
)

const (
	backoffBase = 200 * time.Millisecond
	backoffMax  = 5 * time.Minute
)

// DefaultBackoff doubles from 0.2 s to 5 min and takes between half of that and all of it at random, so that tasks that
// failed together do not come back together. attempt counts from 1.
func DefaultBackoff(attempt int) time.Duration {
	ceiling := backoffMax
	if shift := max(attempt, 1) - 1; shift < 11 { // 0.2 s << 11 is beyond the maximum
		ceiling = min(backoffMax, backoffBase<<shift)
	}
	return ceiling/2 + rand.N(ceiling/2+1) //nolint:gosec // spreads load, keeps no secret
}
