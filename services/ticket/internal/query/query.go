// Package query reads the query language of lists:
//
//	is:open type:incident,problem priority:>=high -app:shop "payment error" #42
//
// "number:42,43" are several tickets by their numbers. "sort:created-asc" says how the list is sorted, and "sla:<1h" which
// tickets support owes something within an hour, or owes it already.
//
//	query = { term }, all of which a ticket must match
//	term  = ["-"] ( key ":" value { "," value } | "#" number | text )
//	value = word | '"' words '"', any of which will do
//	text  = word | '"' phrase '"'
//
// Whatever is not understood is reported with its place and left out; the rest
// runs. The web application reads the same language: testdata/vectors.json holds
// what both must do.
package query

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// Limits of a query.
const (
	MaxLength = 500 // code points
	MaxTerms  = 20
)

// Options say who asks and when.
type Options struct {
	Now   time.Time      // what relative dates count from
	Zone  *time.Location // whose days dates are; nil is UTC
	Staff bool           // members have no tags and teams, and see nothing hidden
}

// Issue is a part of a query that was left out. Offset and Length count code points.
type Issue struct {
	Offset, Length int
	Reason         string
	Suggestions    []string // the nearest valid words, or all
}

// The reasons of issues.
const (
	UnknownKey    = "UNKNOWN_KEY"
	UnknownValue  = "UNKNOWN_VALUE"
	EmptyValue    = "EMPTY_VALUE"
	InvalidDate   = "INVALID_DATE"
	InvalidWithin = "INVALID_TIME_LEFT"
	InvalidIDs    = "INVALID_NUMBER"
	NoWords       = "NO_WORDS"
	NotNegatable  = "NOT_NEGATABLE"
	SecondSort    = "SECOND_SORT"
)

// Parse reads a query. Faults: Invalid QUERY_TOO_LONG, QUERY_TOO_COMPLEX.
func Parse(text string, o Options) (domain.Filter, []Issue, error) {
	runes := []rune(text)
	if len(runes) > MaxLength {
		return domain.Filter{}, nil, fault.Newf(fault.Invalid, "QUERY_TOO_LONG", "a query has at most %d characters", MaxLength)
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	p := &parser{Options: o, in: domain.KeyText}
	tokens := split(runes)
	if len(tokens) > MaxTerms {
		return domain.Filter{}, nil, fault.Newf(fault.Invalid, "QUERY_TOO_COMPLEX", "a query has at most %d terms", MaxTerms)
	}
	for _, t := range tokens {
		p.token(t)
	}
	for i, t := range p.terms {
		if t.Key == domain.KeyText {
			p.terms[i].Key = p.in
		}
	}
	return domain.Filter{Terms: p.terms, Sort: p.sort}, p.issues, nil
}

type parser struct {
	Options
	terms  []domain.Term
	issues []Issue
	in     domain.Key // where text is looked for
	sort   domain.Sort
}

func (p *parser) issue(at word, reason string, suggestions []string) {
	p.issues = append(p.issues, Issue{Offset: at.offset, Length: len(at.runes), Reason: reason, Suggestions: suggestions})
}

// token reads one term.
func (p *parser) token(t word) {
	whole := t
	negated := len(t.runes) > 1 && t.runes[0] == '-'
	if negated {
		t = t.from(1)
	}
	if key, value, ok := cutKey(t); ok {
		p.keyed(whole, negated, key, value)
		return
	}
	if t.runes[0] == '#' {
		p.number(whole, negated, t.from(1))
		return
	}
	words := plain(unquote(t.runes))
	if words == "" {
		p.issue(whole, NoWords, nil)
		return
	}
	p.terms = append(p.terms, domain.Term{Key: domain.KeyText, Negated: negated, Values: []domain.Value{{Text: words}}})
}

// number reads "#42".
func (p *parser) number(whole word, negated bool, digits word) {
	v, ok := readNumber(string(digits.runes))
	if !ok {
		p.issue(whole, InvalidIDs, nil)
		return
	}
	p.terms = append(p.terms, domain.Term{Key: domain.KeyNumber, Negated: negated, Values: []domain.Value{v}})
}

func (p *parser) keyed(whole word, negated bool, key word, value word) {
	name := strings.ToLower(string(key.runes))
	read, known := p.readers()[name]
	if !known {
		p.issue(key, UnknownKey, nearest(name, p.keys()))
		return
	}
	var values []domain.Value
	var parts []word
	for _, part := range splitValues(value) {
		if len(unquote(part.runes)) == 0 {
			at := part
			if len(at.runes) == 0 {
				at = whole
			}
			p.issue(at, EmptyValue, nil)
			continue
		}
		if v, ok := read(part); ok {
			values, parts = append(values, v), append(parts, part)
		}
	}
	switch {
	case len(values) == 0:
	case negated && (name == "in" || name == "sort"):
		p.issue(whole, NotNegatable, nil)
	case name == "in":
		p.in = place(values)
	case name == "sort":
		p.sortBy(values, parts)
	default:
		p.terms = append(p.terms, domain.Term{Key: domain.Key(name), Negated: negated, Values: values})
	}
}

// sortBy takes an order, unless there is one: a list has one.
func (p *parser) sortBy(values []domain.Value, parts []word) {
	for i, v := range values {
		if p.sort == "" {
			p.sort = domain.Sort(v.Text)
		} else {
			p.issue(parts[i], SecondSort, nil)
		}
	}
}

// place turns the values of "in" into the key of text terms.
func place(values []domain.Value) domain.Key {
	subject := slices.ContainsFunc(values, func(v domain.Value) bool { return v.Text == "subject" })
	body := slices.ContainsFunc(values, func(v domain.Value) bool { return v.Text == "body" })
	switch {
	case subject && !body:
		return domain.KeySubject
	case body && !subject:
		return domain.KeyBody
	default:
		return domain.KeyText
	}
}

// plain returns the words of a text, without punctuation, by single blanks.
func plain(runes []rune) string {
	return strings.Join(strings.FieldsFunc(string(runes), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	}), " ")
}
