package demo

import (
	"sync/atomic"
	"time"
)

// Clock is the suite's clock while the desk is being filled: the real one, moved.
type Clock struct{ offset atomic.Int64 }

// Now is what every service of the suite takes for the present.
func (c *Clock) Now() time.Time { return time.Now().Add(time.Duration(c.offset.Load())) }

// Set moves the clock to t.
func (c *Clock) Set(t time.Time) { c.offset.Store(int64(time.Until(t))) }

// Reset returns to the real time, for good.
func (c *Clock) Reset() { c.offset.Store(0) }
