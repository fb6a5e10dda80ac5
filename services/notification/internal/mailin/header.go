package mailin

import (
	"bytes"
	"io"
	"mime"
	"net/mail"
	"regexp"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

// fields are the values of a header by name in lower case, in their order, unfolded.
type fields map[string][]string

func parseFields(header []byte) fields {
	f := fields{}
	for _, one := range readFields(header) {
		name := strings.ToLower(one.Name)
		f[name] = append(f[name], one.Value)
	}
	return f
}

// readFields returns the fields of a header in their order, unfolded. It passes over lines that are none.
func readFields(header []byte) []Field {
	var list []Field
	within := false
	for line := range bytes.Lines(header) {
		text := strings.TrimRight(string(line), "\r\n")
		if text != "" && (text[0] == ' ' || text[0] == '\t') {
			if within {
				list[len(list)-1].Value += " " + strings.TrimSpace(text)
			}
			continue
		}
		name, value, ok := strings.Cut(text, ":")
		name = strings.TrimSpace(name)
		if within = ok && name != ""; within {
			list = append(list, Field{Name: name, Value: strings.TrimSpace(value)})
		}
	}
	return list
}

// get returns the first value of a name, "" = none.
func (f fields) get(name string) string {
	if values := f[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

var words = mime.WordDecoder{CharsetReader: decodeCharset}

func decodeCharset(charset string, input io.Reader) (io.Reader, error) {
	encoding, err := htmlindex.Get(charset)
	if err != nil {
		return nil, err
	}
	return encoding.NewDecoder().Reader(input), nil
}

// decodeWords decodes encoded words; what cannot be decoded stays as it is.
func decodeWords(text string) string {
	if decoded, err := words.DecodeHeader(text); err == nil {
		return decoded
	}
	return text
}

var (
	addressLike = regexp.MustCompile(`[^\s<>,;:"()]+@[^\s<>,;:"()]+`)
	idLike      = regexp.MustCompile(`<([^<>\s]+)>`)
)

// author returns the name and the address of the first author. What is no valid list of addresses is searched for one.
func author(from string) (name, address string) {
	parser := mail.AddressParser{WordDecoder: &words}
	if list, err := parser.ParseList(from); err == nil && len(list) > 0 {
		name, address = list[0].Name, list[0].Address
	} else {
		address = addressLike.FindString(from)
	}
	return clean(name, maxName), strings.ToLower(clean(address, maxAddress))
}

// oneAuthor reports whether the fields name exactly one address, so that there is no doubt whom a signature speaks for.
func oneAuthor(from []string) bool {
	if len(from) != 1 {
		return false
	}
	parser := mail.AddressParser{WordDecoder: &words}
	list, err := parser.ParseList(from[0])
	return err == nil && len(list) == 1
}

// bracketed returns what stands in the first brackets, else the text itself.
func bracketed(text string) string {
	if m := idLike.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return strings.Trim(text, "<> ")
}

// maxReferences is how many Message-IDs are looked at.
const maxReferences = 50

func references(text string) (ids []string) {
	for _, m := range idLike.FindAllStringSubmatch(text, maxReferences) {
		ids = append(ids, m[1])
	}
	return ids
}
