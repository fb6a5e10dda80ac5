package mailin

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// sanitized is what is left of the HTML of a mail before anything is made of it: no scripts, styles, forms or frames, and of
// pictures only those that the mail brings.
var sanitized = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "div", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "b", "strong", "i", "em", "code", "tt", "kbd", "samp", "pre",
		"blockquote", "ul", "ol", "li", "table", "tbody", "thead", "tfoot", "tr", "td", "th", "section", "article", "header", "footer", "address")
	p.RequireParseableURLs(true)
	p.AllowURLSchemes("http", "https", "mailto", "cid")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.SkipElementsContent("title", "select", "textarea", "button")
	return p
}()

// markdown makes of HTML what our messages are: Markdown, in which what was plain text still says the same. A picture that the
// mail brings becomes a mark (cidMark), one that would be fetched only the words that stand for it. How long it takes grows with
// the length of the source only, however its elements are nested.
func markdown(source string) string {
	clean := sanitized.Sanitize(strings.ReplaceAll(source, "\x00", ""))
	if strings.Count(clean, "<") > maxTags {
		return withoutMarkup(source)
	}
	root, err := html.Parse(strings.NewReader(clean))
	if err != nil { // nested beyond measure
		return withoutMarkup(source)
	}
	w := &writer{several: map[*html.Node]bool{}}
	w.findSeveral(root)
	w.children(root)
	return strings.TrimSpace(w.out.String())
}

// maxTags is how many tags HTML may have to be made into more than its words. Emphasis that is not ended is repeated in each
// paragraph that follows, eighteen elements in all, so that four bytes would take two thousand.
const maxTags = 20_000

// cidMark stands for a picture until all parts of the mail are known. No text holds a NUL.
const cidMark = "\x00"

// writer writes Markdown. Line ends and spaces are written once something follows.
type writer struct {
	out    strings.Builder
	prefix string // of each line: marks of quotations, and room for those of lists
	marker string // the end of the prefix of the next line only: marks of items that begin
	lines  int    // line ends that are due
	outer  string // the prefix of an empty line, if one is due
	space  bool   // a space is due
	inLine bool   // the line has text

	several map[*html.Node]bool // elements of emphasis that go over several lines

	strong, em, link, heading bool // what is written stands in it
}

// maxPrefix is how long the prefix of a line is before what stands deeper gets no marks.
const maxPrefix = 40

// end makes line ends due: 1 ends the line, 2 the paragraph.
func (w *writer) end(n int) {
	if w.out.Len() == 0 {
		return
	}
	if w.lines == 0 || len(w.prefix) < len(w.outer) {
		w.outer = w.prefix
	}
	w.lines, w.space = max(w.lines, n), false
	w.inLine = false
}

// put writes text that has no line end, as it is.
func (w *writer) put(text string) {
	if w.lines > 0 {
		w.out.WriteByte('\n')
		for range w.lines - 1 {
			w.out.WriteString(strings.TrimRight(w.outer, " ") + "\n")
		}
		w.lines = 0
	}
	if !w.inLine {
		w.out.WriteString(w.prefix[:len(w.prefix)-len(w.marker)] + w.marker)
		w.marker, w.inLine = "", true
	} else if w.space {
		w.out.WriteByte(' ')
	}
	w.space = false
	w.out.WriteString(text)
}

// words writes text of HTML, in which all white space is the same.
func (w *writer) words(text string) {
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	fields := strings.FieldsFunc(text, htmlSpace)
	if text != "" && htmlSpace(first) && w.inLine {
		w.space = true
	}
	if len(fields) == 0 {
		return
	}
	line := escaped(strings.Join(fields, " "))
	if !w.inLine {
		line = itemStart.ReplaceAllString(lineStart.ReplaceAllString(line, `\$1`), `$1\$2`)
	}
	w.put(line)
	w.space = htmlSpace(last)
}

func htmlSpace(r rune) bool { return r != '\u00a0' && unicode.IsSpace(r) }

func (w *writer) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
}

func (w *writer) node(n *html.Node) {
	if n.Type == html.TextNode {
		w.words(n.Data)
		return
	}
	switch n.DataAtom {
	case atom.Br:
		w.br()
	case atom.Hr:
		w.end(2)
		w.put("---")
		w.end(2)
	case atom.P, atom.Table:
		w.block(n, 2, "", "")
	case atom.Div, atom.Tr, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Address:
		w.block(n, 1, "", "")
	case atom.Td, atom.Th:
		w.space = w.space || w.inLine
		w.children(n)
		w.space = w.space || w.inLine
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.headline(n)
	case atom.Blockquote:
		w.block(n, 2, "> ", "")
	case atom.Ul, atom.Ol:
		w.list(n)
	case atom.Pre:
		w.pre(n)
	case atom.Code, atom.Tt, atom.Kbd, atom.Samp:
		w.code(oneLine(textOf(n)))
	case atom.Strong, atom.B:
		w.emphasis(n, "**", &w.strong)
	case atom.Em, atom.I:
		w.emphasis(n, "*", &w.em)
	case atom.A:
		w.anchor(n)
	case atom.Img:
		w.image(n)
	default:
		w.children(n)
	}
}

// br ends a line, or leaves one empty.
func (w *writer) br() {
	if w.lines > 0 {
		w.end(2)
		return
	}
	w.end(1)
}

// headline writes a heading. One within another is no more than a line of it.
func (w *writer) headline(n *html.Node) {
	if w.heading {
		w.block(n, 1, "", "")
		return
	}
	w.end(2)
	w.heading = true
	text := oneLine(w.inline(n))
	if w.heading = false; text != "" {
		w.put(strings.Repeat("#", int(n.Data[1]-'0')) + " " + headingEnd.ReplaceAllString(text, `$1\$2`))
	}
	w.end(2)
}

// block writes what begins on a line of its own, and ends there. more is added to the prefix, marker to that of the first line.
func (w *writer) block(n *html.Node, ends int, more, marker string) {
	if len(w.prefix) >= maxPrefix {
		more, marker = "", ""
	}
	w.end(ends)
	prefix := w.prefix
	w.prefix += more
	w.marker += marker
	w.children(n)
	if marker != "" && w.marker != "" { // nothing was written
		w.marker = strings.TrimSuffix(w.marker, marker)
	}
	w.end(ends)
	if w.prefix = prefix; len(prefix) < len(w.outer) {
		w.outer = prefix
	}
}

func (w *writer) list(n *html.Node) {
	ends := 2
	if n.Parent != nil && n.Parent.DataAtom == atom.Li {
		ends = 1
	}
	w.end(ends)
	number, err := strconv.Atoi(attribute(n, "start"))
	if err != nil || number < 0 || number > 99_999 {
		number = 1
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Li {
			w.node(c)
			continue
		}
		marker := "- "
		if n.DataAtom == atom.Ol {
			marker = strconv.Itoa(number) + ". "
			number++
		}
		w.block(c, 1, strings.Repeat(" ", len(marker)), marker)
	}
	w.end(ends)
}

// pre writes lines as they are, between fences that they do not hold.
func (w *writer) pre(n *html.Node) {
	text := strings.Trim(strings.ReplaceAll(textOf(n), "\r\n", "\n"), "\n")
	lines, fence := strings.Split(text, "\n"), fenceOf(text, 3)
	w.end(2)
	w.put(fence)
	for _, line := range append(lines, fence) {
		w.end(1)
		w.put(line)
	}
	w.end(2)
}

func (w *writer) code(text string) {
	if text == "" {
		return
	}
	fence := fenceOf(text, 1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	w.put(fence + text + fence)
}

// fenceOf returns so many backticks as a text does not hold in a row, and least at least.
func fenceOf(text string, least int) string {
	longest, row := 0, 0
	for i := range len(text) {
		if row++; text[i] != '`' {
			row = 0
		}
		longest = max(longest, row)
	}
	return strings.Repeat("`", max(longest+1, least))
}

// inline returns the Markdown of what an element holds, beginning as on a line of its own.
func (w *writer) inline(n *html.Node) string {
	inner := &writer{several: w.several, strong: w.strong, em: w.em, link: w.link, heading: w.heading}
	inner.children(n)
	return inner.out.String()
}

// anchor writes a link to a page or an address with its words; where those say where it leads, they are enough.
func (w *writer) anchor(n *html.Node) {
	href := attribute(n, "href")
	leads := strings.HasPrefix(href, "http://") || strings.HasPrefix(href, "https://") || strings.HasPrefix(href, "mailto:")
	if !leads || w.link || strings.ContainsAny(href, "<> \n") {
		w.children(n)
		return
	}
	plain := oneLine(textOf(n))
	if plain == "" { // nor has a link within it words
		w.link = true
		w.children(n)
		w.link = false
		return
	}
	if plain == strings.TrimPrefix(href, "mailto:") || plain+"/" == href {
		w.put(plain)
		return
	}
	w.link = true
	text := oneLine(w.inline(n))
	w.link = false
	if strings.ContainsAny(href, "()") {
		href = "<" + href + ">"
	}
	w.put("[" + strings.NewReplacer("[", `\[`, "]", `\]`).Replace(text) + "](" + href + ")")
}

func (w *writer) image(n *html.Node) {
	if id, ok := strings.CutPrefix(attribute(n, "src"), "cid:"); ok && id != "" {
		w.put(cidMark + id + cidMark)
		return
	}
	w.words(attribute(n, "alt"))
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// textOf returns the text in an element, with its line ends.
func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		} else if d.DataAtom == atom.Br {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func oneLine(text string) string { return strings.Join(strings.FieldsFunc(text, htmlSpace), " ") }

var (
	// lineStart is what at the beginning of a line would make it a heading, a quotation, an item, a rule or a fence.
	lineStart = regexp.MustCompile("^(#{1,6}(?: |$)|>|[-+*] |[-+*]$|-{2,}$|={1,}$|~{3})")
	// itemStart would begin a list with numbers.
	itemStart = regexp.MustCompile(`^(\d{1,9})([.)](?: |$))`)
	// headingEnd would belong to the mark of a heading.
	headingEnd = regexp.MustCompile(`(^|\s)(#+)$`)
	entity     = regexp.MustCompile(`&(#?[0-9A-Za-z]+;)`)
)

// escaped returns text whose marks of Markdown are text again. Those that mean nothing where they stand stay as they are, so
// that the text is good to read as it is too.
func escaped(text string) string {
	var b strings.Builder
	runes := []rune(text)
	at := func(i int) rune {
		if i < 0 || i >= len(runes) {
			return 0 // what follows there is not known
		}
		return runes[i]
	}
	for i, r := range runes {
		before, after := at(i-1), at(i+1)
		escape := false
		switch r {
		case '\\':
			escape = i == len(runes)-1 || after < utf8.RuneSelf && (unicode.IsPunct(after) || unicode.IsSymbol(after))
		case '*':
			escape = before != ' ' || after != ' '
		case '_':
			escape = (before != ' ' || after != ' ') && (!isWord(before) || !isWord(after))
		case '`':
			escape = true
		case ']':
			escape = after == '(' || after == '[' || after == ':'
		case '<':
			escape = unicode.IsLetter(after) || after == '/' || after == '!' || after == '?'
		case '~':
			escape = after == '~'
		}
		if escape {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return entity.ReplaceAllString(b.String(), `\&$1`)
}
