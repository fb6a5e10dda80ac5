package query

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"altis-dxp.com/support/services/ticket/internal/domain"
)

var (
	isValues = []string{
		domain.IsOpen, domain.IsClosed, domain.IsNew, domain.IsPending, domain.IsOnHold, domain.IsSolved,
		domain.IsUnassigned, domain.IsBreached, domain.IsUnread, domain.IsUrgentPage,
	}
	staffIsValues  = append(slices.Clip(isValues), domain.IsSpam, domain.IsDeleted)
	typeValues     = []string{"incident", "problem", "task", "question"}
	priorityValues = []string{"low", "normal", "high", "urgent"}
	inValues       = []string{"subject", "body"}
	keys           = []string{
		"is", "type", "priority", "app", "env", "assignee", "team", "requester", "cc", "org", "tag", "created", "updated", "number", "in",
	}
)

// reader reads one value, or reports why it cannot.
type reader func(word) (domain.Value, bool)

func (p *parser) readers() map[string]reader {
	r := map[string]reader{
		"is": p.oneOf(isValues), "type": p.oneOf(typeValues), "in": p.oneOf(inValues),
		"priority": p.priority, "created": p.dates, "updated": p.dates, "number": p.numbers,
		"app": free, "env": free, "assignee": p.assignee, "requester": free, "cc": free, "org": free,
	}
	if p.Staff {
		r["tag"], r["team"], r["is"] = free, free, p.oneOf(staffIsValues)
	}
	return r
}

func (p *parser) keys() []string {
	if p.Staff {
		return keys
	}
	return slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return k == "tag" || k == "team" })
}

func lowered(w word) string { return strings.ToLower(string(unquote(w.runes))) }

// free takes any value: a name, an id or an address.
func free(w word) (domain.Value, bool) { return domain.Value{Text: lowered(w)}, true }

// assignee takes a person. Members name staff by id only: that an address finds
// something would tell whose it is.
func (p *parser) assignee(w word) (domain.Value, bool) {
	s := lowered(w)
	if !p.Staff && s != domain.Me && strings.Contains(s, "@") {
		p.issue(w, UnknownValue, []string{domain.Me, domain.None})
		return domain.Value{}, false
	}
	return domain.Value{Text: s}, true
}

func (p *parser) oneOf(valid []string) reader {
	return func(w word) (domain.Value, bool) {
		s := lowered(w)
		if slices.Contains(valid, s) {
			return domain.Value{Text: s}, true
		}
		p.issue(w, UnknownValue, nearestOrAll(s, valid))
		return domain.Value{}, false
	}
}

// numbers reads one of the tickets' numbers.
func (p *parser) numbers(w word) (domain.Value, bool) {
	v, ok := readNumber(string(unquote(w.runes)))
	if !ok {
		p.issue(w, InvalidIDs, nil)
	}
	return v, ok
}

// readNumber reads digits only: no sign and no blanks.
func readNumber(s string) (domain.Value, bool) {
	n, err := strconv.ParseUint(s, 10, 63)
	return domain.Value{Min: int64(n), Max: int64(n)}, err == nil && n > 0
}

// cutOperator cuts a leading comparison.
func cutOperator(s string) (operator, rest string) {
	for _, op := range []string{">=", "<=", ">", "<"} {
		if rest, ok := strings.CutPrefix(s, op); ok {
			return op, rest
		}
	}
	return "", s
}

func (p *parser) priority(w word) (domain.Value, bool) {
	operator, s := cutOperator(lowered(w))
	n := int64(domain.ParsePriority(s))
	if n == 0 {
		p.issue(w, UnknownValue, nearestOrAll(s, priorityValues))
		return domain.Value{}, false
	}
	v := domain.Value{Min: n, Max: n}
	switch operator {
	case ">=":
		v.Max = int64(domain.Urgent)
	case ">":
		v.Min, v.Max = n+1, int64(domain.Urgent)
	case "<=":
		v.Min = int64(domain.Low)
	case "<":
		v.Min, v.Max = int64(domain.Low), n-1
	}
	return v, true
}

// dates reads a day, a time ago (-7d), either with a comparison, or a range a..b
// with both ends included. Days are those of UTC.
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
	if d.start.Equal(d.end) { // a time ago means since then
		return domain.Value{From: d.start}, true
	}
	return domain.Value{From: d.start, To: d.end}, true
}

// span is a day, or an instant if both are equal.
type span struct{ start, end time.Time }

// units of times ago.
var units = map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}

// maxAgo keeps times ago within what instants can hold.
const maxAgo = 100 * 365 * 24 * time.Hour

func (p *parser) date(s string) (span, bool) {
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return span{day, day.AddDate(0, 0, 1)}, true
	}
	if len(s) < 3 || s[0] != '-' {
		return span{}, false
	}
	unit, ok := units[s[len(s)-1]]
	n, err := strconv.ParseUint(s[1:len(s)-1], 10, 32)
	if !ok || err != nil || time.Duration(n) > maxAgo/unit {
		return span{}, false
	}
	at := p.Now.Add(-time.Duration(n) * unit).UTC()
	return span{at, at}, true
}

// nearestOrAll returns the nearest words, or all when none is near.
func nearestOrAll(s string, valid []string) []string {
	if near := nearest(s, valid); len(near) > 0 {
		return near
	}
	return valid
}

// maxDistance is how many letters a suggestion may differ by, at most half of its
// own; maxSuggestions how many there are.
const (
	maxDistance    = 2
	maxSuggestions = 3
)

// nearest returns words that differ by few letters, the nearest first.
func nearest(s string, valid []string) []string {
	type candidate struct {
		word     string
		distance int
	}
	var near []candidate
	for _, v := range valid {
		if d := distance([]rune(s), []rune(v)); d <= maxDistance && 2*d <= len(v) {
			near = append(near, candidate{v, d})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return a.distance - b.distance })
	var words []string
	for _, c := range near[:min(len(near), maxSuggestions)] {
		words = append(words, c.word)
	}
	return words
}

// distance is the number of letters to insert, delete or replace.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			replaced := diagonal
			if x != y {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
