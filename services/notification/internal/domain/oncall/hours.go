package oncall

import (
	"fmt"
	"slices"
	"time"
)

// Hours are parts of the days by the clock on the wall of a zone.
type Hours struct {
	Zone  string // IANA
	Parts []Restriction
}

// longestHours bounds Hours: what waits for their end must not wait for ever. Whatever ends at all ends within a week.
const longestHours = 8 * day

// End returns when the hours that an instant is in are over; the instant itself outside of them, and of hours that never
// end.
func (h Hours) End(at time.Time) (time.Time, error) {
	if len(h.Parts) == 0 {
		return at, nil
	}
	zone, err := time.LoadLocation(h.Zone)
	if err != nil {
		return at, fmt.Errorf("hours of no zone: %w", err)
	}
	end := at
	for end.Sub(at) < longestHours {
		wall := reached(end, zone)
		if !slices.ContainsFunc(h.Parts, func(r Restriction) bool { return r.on(wall) }) {
			return end.UTC(), nil
		}
		var next time.Time
		for _, r := range h.Parts {
			next = earlier(next, r.next(wall))
		}
		end = wallClock(next, zone)
	}
	return at, nil
}

// Always reports whether the hours never end.
func (h Hours) Always() bool {
	h.Zone = "UTC"
	at := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	end, err := h.End(at)
	return err == nil && end.Equal(at) && slices.ContainsFunc(h.Parts, func(r Restriction) bool { return r.on(at) })
}
