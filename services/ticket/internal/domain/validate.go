package domain

import (
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"altis-dxp.com/support/pkg/fault"
)

// Limits of a ticket, in characters or entries.
const (
	MaxSubject = 200
	MaxBody    = 65536
	MaxQuoted  = 65536
	MaxCCs     = 48
	MaxTags    = 32
	maxTargets = 100
	maxEmail   = 254
	maxID      = 64
)

var (
	tagPattern      = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,49}$`)
	callbackPattern = regexp.MustCompile(`^[0-9+() ./-]*$`)
)

// faults gathers the offending fields of a request.
type faults struct{ fields []fault.Field }

func (f *faults) add(path, reason, description string) {
	f.fields = append(f.fields, fault.Field{Path: path, Reason: reason, Description: description})
}

func (f *faults) err() error { return fault.InvalidFields(f.fields) }

// text checks one text. The databases hold no NUL and only valid UTF-8.
func (f *faults) text(path, s string, least, most int, oneLine bool) {
	switch n := utf8.RuneCountInString(s); {
	case !utf8.ValidString(s):
		f.add(path, "INVALID_UTF8", "must be valid UTF-8")
	case n > most:
		f.add(path, "TOO_LONG", fmt.Sprintf("must have at most %d characters", most))
	case n < least || least > 0 && strings.TrimSpace(s) == "":
		f.add(path, "REQUIRED", "must not be empty")
	case oneLine && strings.ContainsFunc(s, unicode.IsControl):
		f.add(path, "CONTROL_CHARACTER", "must be one line without control characters")
	case strings.ContainsRune(s, 0):
		f.add(path, "CONTROL_CHARACTER", "must not contain the character NUL")
	}
}

// content checks what a ticket says, whoever wrote it. Paths begin with "ticket.".
func (f *faults) content(t Ticket) {
	if t.Type < Incident || t.Type > Question {
		f.add("ticket.type", "REQUIRED", "must be incident, problem, task or question")
	}
	if t.Priority < Low || t.Priority > Urgent {
		f.add("ticket.priority", "INVALID_PRIORITY", "must be low, normal, high or urgent")
	} else if t.Priority == Urgent && t.Type != Incident {
		f.add("ticket.priority", "INCIDENTS_ONLY", "only incidents can be urgent")
	}
	f.text("ticket.subject", t.Subject, 1, MaxSubject, true)
	f.details(t)
	f.tags(t.Tags)
}

func (f *faults) details(t Ticket) {
	if !t.Details.matches(t.Type) {
		f.add("ticket.details", "WRONG_TYPE", "the details are those of another type")
		return
	}
	for _, field := range t.Details.fields() {
		if field.limit > 0 {
			f.text("ticket."+field.name, field.value, 0, field.limit, field.oneLine)
		}
	}
	f.choices(t.Details)
	if i := t.Details.Incident; i != nil && i.Callback != Redacted && !callbackPattern.MatchString(i.Callback) {
		f.add("ticket.incident.callback_number", "INVALID_NUMBER", "may have digits, blanks and + ( ) . / -")
	}
	if p := t.Details.Task; p != nil && !p.Earliest.IsZero() && !p.Latest.IsZero() && p.Latest.Before(p.Earliest) {
		f.add("ticket.task.latest_time", "WINDOW_REVERSED", "must not be before earliest_time")
	}
}

// choices checks what is one of a list. 0 and "" say nothing.
func (f *faults) choices(d Details) {
	choice := func(path string, n, last int64) {
		if n < 0 || n > last {
			f.add("ticket."+path, "UNKNOWN_VALUE", "is not one of the choices")
		}
	}
	if p := d.Problem; p != nil {
		choice("problem.kind", p.Kind, lastProblemKind)
		choice("problem.reproduced_on_fresh_installation", p.ReproducedOnFreshInstall, lastReproduced)
		choice("problem.reproduced_locally", p.ReproducedLocally, lastReproduced)
	}
	if p := d.Task; p != nil {
		choice("task.kind", p.Kind, lastTaskKind)
		if _, err := time.LoadLocation(p.Zone); err != nil || p.Zone == "Local" { // "Local" is this machine's
			f.add("ticket.task.time_zone", "INVALID_TIME_ZONE", "must be a name of the IANA database, such as Europe/Berlin")
		}
	}
}

func (f *faults) tags(tags []string) {
	if len(tags) > MaxTags {
		f.add("ticket.tags", "TOO_MANY", fmt.Sprintf("at most %d", MaxTags))
	}
	for i, tag := range tags {
		if !tagPattern.MatchString(tag) {
			f.add(fmt.Sprintf("ticket.tags[%d]", i), "INVALID_TAG", "1 to 50 of a-z, 0-9, dot, dash and underscore")
		}
	}
}

// sortedTags returns the distinct tags in order.
func sortedTags(tags []string) []string {
	tags = slices.Clone(tags)
	slices.Sort(tags)
	return slices.Compact(tags)
}

// addresses checks and reduces addresses to the distinct ones, in order. path(i)
// names the i-th. Case does not make addresses different.
func (f *faults) addresses(list []string, path func(i int) string) []string {
	var distinct []string
	for i, s := range list {
		email, ok := parseAddress(s)
		if !ok {
			f.add(path(i), "INVALID_ADDRESS", "must be an e-mail address such as ada@example.com")
			continue
		}
		if !slices.ContainsFunc(distinct, func(d string) bool { return strings.EqualFold(d, email) }) {
			distinct = append(distinct, email)
		}
	}
	return distinct
}

// parseAddress takes a bare address. Names, groups and line breaks have no place in it.
func parseAddress(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if len(s) > maxEmail || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return "", false
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s {
		return "", false
	}
	return s, true
}
