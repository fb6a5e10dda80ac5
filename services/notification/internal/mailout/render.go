package mailout

import (
	"bytes"
	"embed"
	"fmt"
	htmltemplate "html/template"
	"net/mail"
	"strings"
	texttemplate "text/template"
	"time"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
	"golang.org/x/text/language"

	"altis-dxp.com/support/services/notification/internal/domain"
)

//go:embed templates
var templates embed.FS

// Renderer writes the mails of the product. It is safe for concurrent use.
type Renderer struct {
	From mail.Address
	// Emergency is the mailbox of last resort that the footer names with its warning; "" leaves it out.
	Emergency string
	// Answers says that mails have an address that takes answers: then they begin with the line above which these are written.
	Answers bool
	// Stop returns by which link and by which address the recipient of a delivery gets no more copies, "" = by none.
	Stop func(domain.MailDelivery) (link, address string)
	// TicketURL returns the link of a ticket in the dashboard.
	TicketURL func(number int64) string
	// QuarantineURL is the link of the mails that wait for a person's word.
	QuarantineURL string

	markdown goldmark.Markdown
	policy   *bluemonday.Policy
	text     *texttemplate.Template
	html     *htmltemplate.Template
	made     recent[htmltemplate.HTML]
	above    recent[above]
}

// NewRenderer returns a renderer.
func NewRenderer(from mail.Address, emergency string, ticketURL func(int64) string) *Renderer {
	functions := map[string]any{
		"instant":   func(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") },
		"zeitpunkt": func(t time.Time) string { return t.UTC().Format("02.01.2006, 15:04 UTC") },
	}
	return &Renderer{
		From: from, Emergency: emergency, TicketURL: ticketURL,
		Stop: func(domain.MailDelivery) (string, string) { return "", "" },
		// Raw HTML of the author is left out by goldmark; the policy is the second wall.
		markdown: goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithHardWraps())),
		policy:   mailPolicy(),
		text:     texttemplate.Must(texttemplate.New("").Funcs(functions).ParseFS(templates, "templates/*.txt")),
		html:     htmltemplate.Must(htmltemplate.New("").Funcs(functions).ParseFS(templates, "templates/*.html")),
	}
}

// mailPolicy allows what Markdown makes, without images: one on another server tells its owner who reads, when and where.
func mailPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li",
		"h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return p
}

// entry is a message as the templates see it.
type entry struct {
	Author string
	Staff  bool
	At     time.Time
	Text   string
	HTML   htmltemplate.HTML
	Files  []string
}

// The languages of correspondence, and the names of their templates.
var (
	spoken       = language.NewMatcher([]language.Tag{language.English, language.German})
	letters      = []string{"letter", "letter.de"}
	lettersAbove = []string{"letter_above", "letter_above.de"}
	// What the staff is told of tickets.
	staffLetters = []string{"staff", "staff.de"}
)

func submitted(k domain.MailKind) Submitted {
	switch {
	case k == domain.MailReceipt:
		return Replied
	case k.Notice():
		return Generated
	}
	return ByPerson
}

// fileSize is a size as people read it.
func fileSize(bytes int64) string {
	switch {
	case bytes < 1<<10:
		return fmt.Sprintf("%d B", bytes)
	case bytes < 1<<20:
		return fmt.Sprintf("%d KiB", (bytes+1<<9)>>10)
	default:
		return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
	}
}

func (r *Renderer) bodies(m *Message, name string, data any) error {
	var text, html bytes.Buffer
	if err := r.text.ExecuteTemplate(&text, name+".txt", data); err != nil {
		return fmt.Errorf("mailout: text of %s: %w", name, err)
	}
	if err := r.html.ExecuteTemplate(&html, name+".html", data); err != nil {
		return fmt.Errorf("mailout: HTML of %s: %w", name, err)
	}
	m.Text, m.HTML = text.String(), html.String()
	return nil
}

// sanitized turns the Markdown of an author into HTML that is safe in a mail program.
func (r *Renderer) sanitized(body string) (htmltemplate.HTML, error) {
	text := plain(body)
	if html, ok := r.made.get(text); ok {
		return html, nil
	}
	var b bytes.Buffer
	if err := r.markdown.Convert([]byte(text), &b); err != nil {
		return "", fmt.Errorf("mailout: Markdown: %w", err)
	}
	html := htmltemplate.HTML(r.policy.SanitizeBytes(b.Bytes())) //nolint:gosec // the policy has just removed what is dangerous
	r.made.put(text, html, len(html))
	return html, nil
}

// plain drops control characters but line ends and tabs.
func plain(body string) string {
	body = strings.ReplaceAll(strings.ToValidUTF8(body, "\ufffd"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, body)
}

// participant names somebody to the others on the ticket. Customers write to staff through the ticket only, so staff have
// no address here.
func participant(p domain.Person) string {
	if p.Staff || p.Email == "" || p.Name == "" {
		return oneLine(p.Label())
	}
	return oneLine(p.Name + " <" + p.Email + ">")
}
