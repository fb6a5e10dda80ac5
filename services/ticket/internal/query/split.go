package query

import "unicode"

// word is a part of a query with its place.
type word struct {
	offset int
	runes  []rune
}

func (w word) from(i int) word { return word{w.offset + i, w.runes[i:]} }
func (w word) to(i int) word   { return word{w.offset, w.runes[:i]} }

// split cuts a query at blanks that are not quoted. A quote that is never closed
// lasts to the end.
func split(runes []rune) []word {
	var words []word
	start, quoted := -1, false
	for i, r := range runes {
		switch {
		case r == '"':
			quoted = !quoted
			if start < 0 {
				start = i
			}
		case unicode.IsSpace(r) && !quoted:
			if start >= 0 {
				words = append(words, word{start, runes[start:i]})
			}
			start = -1
		case start < 0:
			start = i
		}
	}
	if start >= 0 {
		words = append(words, word{start, runes[start:]})
	}
	return words
}

// cutKey cuts `key:value`. A key has letters only: "12:30" is text, and so is an
// address of the web.
func cutKey(w word) (key, value word, ok bool) {
	for i, r := range w.runes {
		switch {
		case r == ':' && i > 0:
			value = w.from(i + 1)
			web := len(value.runes) > 1 && value.runes[0] == '/' && value.runes[1] == '/'
			return w.to(i), value, !web
		case r < 'A' || r > 'z' || r > 'Z' && r < 'a':
			return word{}, word{}, false
		}
	}
	return word{}, word{}, false
}

// splitValues cuts at commas that are not quoted.
func splitValues(w word) []word {
	var values []word
	start, quoted := 0, false
	for i, r := range w.runes {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ',' && !quoted:
			values = append(values, w.from(start).to(i-start))
			start = i + 1
		}
	}
	return append(values, w.from(start))
}

// unquote takes the quotes away.
func unquote(runes []rune) []rune {
	out := make([]rune, 0, len(runes))
	for _, r := range runes {
		if r != '"' {
			out = append(out, r)
		}
	}
	return out
}
