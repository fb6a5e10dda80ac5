package mailin

import (
	"regexp"
	"strings"
)

// prefixes are what mail programs put before the subject of what is answered or passed on, in many languages.
var prefixes = regexp.MustCompile(`^(?:\s*(?:re|r|ref|aw|antw|antwort|sv|vs|odp|ynt|rif|res|rv|fwd?|wg|tr|i|vb|pd|enc|doorst|vl)\s*(?:\[\d+\]|\(\d+\))?\s*[:：])+`)

// BareSubject is a subject without what mail programs add, in lower case: the same for all mails of a conversation.
func BareSubject(subject string) string {
	subject = strings.ToLower(subject)
	return strings.Join(strings.Fields(strings.TrimPrefix(subject, prefixes.FindString(subject))), " ")
}
