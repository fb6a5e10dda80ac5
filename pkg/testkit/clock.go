package testkit

import (
	"sync"
	"testing"
	"time"

	"altis-dxp.com/support/pkg/sqldb"
)

// Clock is a clock that stands still until it is moved. It is safe for
// concurrent use.
type Clock struct {
	mu     sync.Mutex
	now    time.Time
	offset time.Duration // by which it was moved in all
}

// NewClock returns a clock that shows start.
func NewClock(start time.Time) *Clock { return &Clock{now: start} }

// Now returns what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock by d, back if d is negative.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.offset += d
}

// AdvanceDatabase moves the clock and with it altis_now() of the migrated db. A
// SQLite database must have been opened with this clock's Now as its Clock. A
// PostgreSQL database keeps its server's clock, which runs, and adds to it all
// that this clock was moved by; a clock that starts at the present then agrees
// with it up to the time that the test takes.
func (c *Clock) AdvanceDatabase(t testing.TB, db *sqldb.DB, d time.Duration) {
	t.Helper()
	c.Advance(d)
	if db.Engine() != sqldb.Postgres {
		return
	}
	c.mu.Lock()
	offset := c.offset
	c.mu.Unlock()
	must(t, sqldb.EnableTestClock(t.Context(), db))
	must(t, sqldb.SetClockOffset(t.Context(), db, offset))
}
