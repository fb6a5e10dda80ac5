package query

import (
	"slices"
	"strconv"
	"strings"

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
	slaValues      = []string{"<1h", ">30m", domain.IsBreached} // of which all times are like the first two
	sortValues     = []string{
		string(domain.SortUpdatedDesc), string(domain.SortUpdatedAsc), string(domain.SortCreatedDesc), string(domain.SortCreatedAsc),
		string(domain.SortPriorityDesc), string(domain.SortDue),
	}
	keys = []string{
		"is", "type", "priority", "app", "env", "assignee", "team", "requester", "cc", "org", "tag", "sla", "created", "updated", "number", "in", "sort",
	}
)

// reader reads one value, or reports why it cannot.
type reader func(word) (domain.Value, bool)

func (p *parser) readers() map[string]reader {
	r := map[string]reader{
		"is": p.oneOf(isValues), "type": p.oneOf(typeValues), "in": p.oneOf(inValues), "sort": p.oneOf(sortValues),
		"priority": p.priority, "sla": p.sla, "created": p.dates, "updated": p.dates, "number": p.numbers,
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
