package demo

import (
	"sync/atomic"
	"time"
)

// Clock is the suite's clock: the present, moved while the desk is being filled.
type Clock struct {
	present func() time.Time
	offset  atomic.Int64
}

// NewClock returns a clock that shows what present returns, such as [time.Now].
func NewClock(present func() time.Time) *Clock { return &Clock{present: present} }

// Now is what every service of the suite takes for the present.
func (c *Clock) Now() time.Time { return c.present().Add(time.Duration(c.offset.Load())) }

// Set moves the clock to t.
func (c *Clock) Set(t time.Time) { c.offset.Store(int64(t.Sub(c.present()))) }

// Reset returns to the present, for good.
func (c *Clock) Reset() { c.offset.Store(0) }
