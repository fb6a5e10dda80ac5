package mailin

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// findSeveral reports that an element goes over several lines or has code, and notes those of emphasis that do.
func (w *writer) findSeveral(n *html.Node) bool {
	several := n.Type == html.TextNode && strings.Contains(n.Data, "`")
	switch n.DataAtom {
	case atom.Br, atom.Hr, atom.P, atom.Table, atom.Div, atom.Tr, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Address,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Ul, atom.Ol, atom.Pre, atom.Code, atom.Tt, atom.Kbd,
		atom.Samp:
		several = true
	case atom.Img:
		several = strings.Contains(attribute(n, "alt"), "`")
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		several = w.findSeveral(c) || several
	}
	switch n.DataAtom {
	case atom.Strong, atom.B, atom.Em, atom.I:
		if several {
			w.several[n] = true
		}
	}
	return several
}

// emphasis marks what is in one line. What goes over several, as some programs write all of a mail, stays without.
func (w *writer) emphasis(n *html.Node, mark string, on *bool) {
	if *on || w.several[n] {
		w.children(n)
		return
	}
	*on = true
	text := strings.TrimSpace(w.inline(n))
	*on = false
	inside := textOf(n)
	first, _ := utf8.DecodeRuneInString(inside)
	last, _ := utf8.DecodeLastRuneInString(inside)
	w.space = w.space || w.inLine && htmlSpace(first)
	if text == "" {
		return
	}
	if begins, _ := utf8.DecodeRuneInString(text); !isWord(begins) && w.inLine && !w.space {
		mark = ""
	}
	if ends, _ := utf8.DecodeLastRuneInString(text); !isWord(ends) && !htmlSpace(last) && !spaceFollows(n) {
		mark = ""
	}
	if mark == "" { // where it stands the mark would mean nothing; nor is what is in it looked at for marks again
		strong, em := w.strong, w.em
		w.strong, w.em = true, true
		w.children(n)
		w.strong, w.em = strong, em
		return
	}
	w.put(mark + text + mark)
	w.space = htmlSpace(last)
}

// spaceFollows reports that what stands in an element is followed by a space or the end of the line.
func spaceFollows(n *html.Node) bool {
	next := n.NextSibling
	if next == nil {
		switch n.Parent.DataAtom {
		case atom.P, atom.Div, atom.Li, atom.Td, atom.Th, atom.Body:
			return true
		}
		return false
	}
	first, _ := utf8.DecodeRuneInString(next.Data)
	return next.Type == html.TextNode && htmlSpace(first) || next.DataAtom == atom.Br
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
