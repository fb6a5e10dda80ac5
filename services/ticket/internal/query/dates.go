package query

import (
	"strconv"
	"strings"
	"time"

	"altis-dxp.com/support/services/ticket/internal/domain"
)

// dates reads a day, a time ago (-7d), either with a comparison, or a range a..b
// with both ends included. Days are those of the zone.
func (p *parser) dates(w word) (domain.Value, bool) {
	s := lowered(w)
	if from, to, ok := strings.Cut(s, ".."); ok {
		a, okA := p.date(from)
		b, okB := p.date(to)
		if (okA || from == "") && (okB || to == "") && s != ".." {
			return domain.Value{From: a.start, To: b.end}, true
		}
		p.issue(w, InvalidDate, nil)
		return domain.Value{}, false
	}
	operator, s := cutOperator(s)
	d, ok := p.date(s)
	if !ok {
		p.issue(w, InvalidDate, nil)
		return domain.Value{}, false
	}
	switch operator {
	case ">=":
		return domain.Value{From: d.start}, true
	case ">":
		return domain.Value{From: d.end}, true
	case "<=":
		return domain.Value{To: d.end}, true
	case "<":
		return domain.Value{To: d.start}, true
	}
	if d.instant { // a time ago means since then
		return domain.Value{From: d.start}, true
	}
	return domain.Value{From: d.start, To: d.end}, true
}

// span is a day, or an instant.
type span struct {
	start, end time.Time
	instant    bool
}

func (p *parser) date(s string) (span, bool) {
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return span{start: dayStart(day, p.Zone), end: dayStart(day.AddDate(0, 0, 1), p.Zone)}, true
	}
	ago, ok := duration(strings.TrimPrefix(s, "-"))
	if !ok || s[0] != '-' {
		return span{}, false
	}
	at := p.Now.Add(-ago).UTC()
	return span{at, at, true}, true
}

// maxOffset is more than any zone is or was away from UTC.
const maxOffset = 16 * time.Hour

// dayStart returns when a day, given by its midnight in UTC, begins in a zone: at the first instant at which it is this day
// there, or a later one. Days differ in length where clocks are changed; one that a zone skipped, by moving over the date line,
// ends as it begins.
func dayStart(day time.Time, zone *time.Location) time.Time {
	for at := day.Add(-maxOffset).In(zone); ; {
		_, offset := at.Zone()
		midnight := day.Add(-time.Duration(offset) * time.Second)
		if midnight.Before(at) { // the clock went from before it to after it
			return at.UTC()
		}
		_, change := at.ZoneBounds()
		if change.IsZero() || midnight.Before(change) {
			return midnight.UTC()
		}
		at = change
	}
}

// sla reads a comparison with how long it is until something is owed (<1h), or "breached".
func (p *parser) sla(w word) (domain.Value, bool) {
	text := lowered(w)
	if text == domain.IsBreached {
		return domain.Value{Text: text}, true
	}
	operator, s := cutOperator(text)
	left, ok := duration(s)
	if !ok || operator == "" {
		p.issue(w, InvalidWithin, slaValues)
		return domain.Value{}, false
	}
	return domain.Value{Text: operator, Min: int64(left / time.Second)}, true
}

// units of durations.
var units = map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}

// maxDuration keeps instants within what they can hold.
const maxDuration = 100 * 365 * 24 * time.Hour

// duration reads 30m, 12h, 7d or 2w.
func duration(s string) (time.Duration, bool) {
	if len(s) < 2 {
		return 0, false
	}
	unit, ok := units[s[len(s)-1]]
	n, err := strconv.ParseUint(s[:len(s)-1], 10, 32)
	if !ok || err != nil || time.Duration(n) > maxDuration/unit {
		return 0, false
	}
	return time.Duration(n) * unit, true
}
