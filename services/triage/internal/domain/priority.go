package domain

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Facts are what the priority of a ticket depends on when nobody chose it.
type Facts struct {
	Type       Type
	Subject    string
	Text       string // the first message; only its first TextLength characters count
	Production bool   // it may concern a production environment
	Created    time.Time
	LatestTime time.Time // end of a task's window; zero: none
}

// TextLength is how many characters of a first message are read: as many as the ticket's events carry.
const TextLength = 1000

const deadlineWithin = 48 * time.Hour

// priorityRule is one line of the table below.
type priorityRule struct {
	applies  func(Facts) bool
	priority Priority
	reason   string // completes "<Priority>: ..."
}

// priorityRules are tried from the top; the first that applies decides. None gives Urgent: only people do, and only to
// incidents.
func priorityRules() []priorityRule {
	return []priorityRule{
		{mentions("security", "vulnerability", "vulnerable", "exploit", "malware", "hacked", "data breach", "leaked credentials"), High, "the text mentions security"},
		{mentions("data loss", "lost data", "losing data", "data corruption", "corrupted data", "corrupted database"), High, "the text mentions loss of data"},
		{dueSoon, High, "the change must be done within two days"},
		{func(f Facts) bool { return !f.Production }, Low, "no production environment is concerned"},
		{func(Facts) bool { return true }, Normal, "no rule raises or lowers it"},
	}
}

// Prioritize returns the priority, Low to High, and a sentence that says why, such as "High: the text mentions security."
func Prioritize(f Facts) (Priority, string) {
	for _, rule := range priorityRules() {
		if rule.applies(f) {
			return rule.priority, title(rule.priority.String()) + ": " + rule.reason + "."
		}
	}
	return Normal, "" // not reached: the last rule always applies
}

func dueSoon(f Facts) bool {
	return f.Type == Task && !f.LatestTime.IsZero() && f.LatestTime.Sub(f.Created) <= deadlineWithin
}

// mentions is true when subject or text has one of the phrases, as whole words, in any case.
func mentions(phrases ...string) func(Facts) bool {
	return func(f Facts) bool {
		text := words(f.Subject) + "." + words(firstCharacters(f.Text, TextLength))
		for _, phrase := range phrases {
			if strings.Contains(text, " "+phrase+" ") {
				return true
			}
		}
		return false
	}
}

// words returns the words of s in lower case, each between spaces.
func words(s string) string {
	fields := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return " " + strings.Join(fields, " ") + " "
}

func firstCharacters(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// title raises the first letter.
func title(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
