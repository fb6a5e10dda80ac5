package mailin

import "strings"

// Field is one field of a mail's header.
type Field struct {
	Name, Value string
}

// shown are the fields by which a person judges whose mail it is. What other servers say that they have verified is not among
// them: anybody can write that.
var shown = map[string]bool{
	"auto-submitted": true, "cc": true, "date": true, "from": true, "in-reply-to": true, "list-id": true, "message-id": true,
	"precedence": true, "received": true, "references": true, "reply-to": true, "return-path": true, "sender": true, "subject": true,
	"to": true, "x-altis-loop": true,
}

const (
	maxShown      = 50
	maxShownValue = 1000 // characters
)

// Header returns what a person is shown of a mail's header, in its order.
func Header(mail []byte) []Field {
	s := NewScanner()
	_, _ = s.Write(mail) // never fails
	if s.header == 0 {
		s.endHeader()
	}
	var list []Field
	for _, f := range readFields(s.start.Bytes()[:min(s.header, s.start.Len())]) {
		if shown[strings.ToLower(f.Name)] && len(list) < maxShown {
			list = append(list, Field{Name: f.Name, Value: clean(decodeWords(f.Value), maxShownValue)})
		}
	}
	return list
}
