package mailout

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"time"
)

// Message is a mail to one person, as text and HTML.
type Message struct {
	ID        string   // Message-ID without brackets
	Root      string   // first mail of the thread; "" = this one
	Between   []string // newest mails of the thread between Root and Parent, oldest first
	Parent    string   // the mail that it follows; "" = none
	From, To  mail.Address
	ReplyTo   string // address that answers go to; "" = From
	List      List   // that it is of; the zero value = none
	StopLink  string // by which the recipient gets no more copies, "" = by none
	StopMail  string // address for the same
	Subject   string
	Date      time.Time
	Submitted Submitted
	Text      string
	HTML      string
}

// Submitted is what a mail says of who wrote it (RFC 3834).
type Submitted string

// Who wrote a mail. No auto-responder is to answer to what nobody wrote.
const (
	ByPerson  Submitted = ""
	Generated Submitted = "auto-generated"
	Replied   Submitted = "auto-replied" // because of a mail or request of the recipient
)

// List is what the recipients of a ticket's mails are to their programs (RFC 2919): by it these are sorted.
type List struct {
	Name string
	ID   string // without brackets
}

// loopHeader names the desk that has sent a mail, by which it knows its own mail that comes back.
const loopHeader = "X-Altis-Loop"

// maxReferences bounds the mails that a References field names: some servers refuse long fields.
const maxReferences = 20

// Bytes returns the message in the Internet Message Format, lines ending in CRLF. An address or id with control
// characters is an error; a subject or name loses them.
func (m Message) Bytes() ([]byte, error) {
	var b bytes.Buffer
	for _, s := range append([]string{m.ID, m.Root, m.Parent, m.From.Address, m.To.Address, m.ReplyTo, m.List.ID, m.StopLink, m.StopMail}, m.Between...) {
		if hasControl(s) {
			return nil, errors.New("mailout: control character in an address or id")
		}
	}
	header := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	header("Date", m.Date.UTC().Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	header("Message-ID", "<"+m.ID+">")
	header("From", formatAddress(m.From))
	header("To", formatAddress(m.To))
	if m.ReplyTo != "" {
		header("Reply-To", "<"+m.ReplyTo+">")
	}
	header("Subject", encodeWords(m.Subject, len("Subject: ")))
	if m.Parent != "" {
		header("In-Reply-To", "<"+m.Parent+">")
		header("References", m.references())
	}
	if m.Submitted != ByPerson {
		header("Auto-Submitted", string(m.Submitted))
		header("X-Auto-Response-Suppress", "All")
	}
	if m.List != (List{}) {
		header("List-Id", encodeWords(m.List.Name, len("List-Id: "))+"\r\n <"+m.List.ID+">")
	}
	if m.StopLink != "" {
		ways := "<" + m.StopLink + ">"
		if m.StopMail != "" {
			ways += ",\r\n <mailto:" + m.StopMail + "?subject=unsubscribe>"
		}
		header("List-Unsubscribe", ways)
		if strings.HasPrefix(m.StopLink, "https://") { // RFC 8058 knows no other
			header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
		}
	}
	header(loopHeader, domainOf(m.From.Address))
	header("MIME-Version", "1.0")

	parts := multipart.NewWriter(&b)
	// From the id, so that the same delivery is the same message however often it is made.
	sum := fnv.New128a()
	_, _ = sum.Write([]byte(m.ID)) // a hash never fails
	if err := parts.SetBoundary("altis-" + hex.EncodeToString(sum.Sum(nil))); err != nil {
		return nil, fmt.Errorf("mailout: boundary: %w", err)
	}
	header("Content-Type", `multipart/alternative; boundary="`+parts.Boundary()+`"`)
	b.WriteString("\r\n")
	for _, part := range []struct{ kind, body string }{{"text/plain", m.Text}, {"text/html", m.HTML}} {
		w, err := parts.CreatePart(textproto.MIMEHeader{
			"Content-Type":              {part.kind + "; charset=utf-8"},
			"Content-Transfer-Encoding": {"quoted-printable"},
		})
		if err != nil {
			return nil, fmt.Errorf("mailout: part: %w", err)
		}
		q := quotedprintable.NewWriter(w)
		if _, err := q.Write([]byte(part.body)); err != nil {
			return nil, fmt.Errorf("mailout: body: %w", err)
		}
		if err := q.Close(); err != nil {
			return nil, fmt.Errorf("mailout: body: %w", err)
		}
	}
	if err := parts.Close(); err != nil {
		return nil, fmt.Errorf("mailout: end: %w", err)
	}
	return b.Bytes(), nil
}

func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// references names the thread from its first mail to the parent; of a long one the first and the last.
func (m Message) references() string {
	ids := []string{m.Root}
	if m.Parent != m.Root {
		ids = append(ids, m.Between[max(len(m.Between)-(maxReferences-2), 0):]...)
		ids = append(ids, m.Parent)
	}
	return "<" + strings.Join(ids, ">\r\n <") + ">"
}

// maxQuoted is the length of names that are written in quotes. Those cannot be folded everywhere, encoded words can.
const maxQuoted = 200

// formatAddress writes `"Name" <address>`, a name that is long or outside of ASCII in encoded words.
func formatAddress(a mail.Address) string {
	name := oneLine(a.Name)
	switch {
	case name == "":
		return "<" + a.Address + ">"
	case isASCII(name) && len(name) <= maxQuoted:
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `" <` + a.Address + ">"
	}
	return encodedWords(name) + "\r\n <" + a.Address + ">"
}

// encodeWords writes text for a header, in lines of at most 76 characters: as it is, or as encoded words (RFC 2047).
func encodeWords(text string, indent int) string {
	text = oneLine(text)
	if isASCII(text) && !strings.Contains(text, "=?") {
		return fold(text, indent)
	}
	return encodedWords(text)
}

// encodedWords writes one line of text in encoded words, as many as it takes.
func encodedWords(text string) string {
	// By hand, as mime.WordEncoder neither breaks lines nor encodes text that only looks encoded.
	const perWord = 42 // bytes: 56 characters of base64, 68 with the rest of the word
	var words []string
	for text != "" {
		n := min(perWord, len(text))
		for n < len(text) && n > 0 && text[n]&0xc0 == 0x80 { // not within a character
			n--
		}
		words = append(words, "=?utf-8?b?"+base64.StdEncoding.EncodeToString([]byte(text[:n]))+"?=")
		text = text[n:]
	}
	return strings.Join(words, "\r\n ")
}

// fold breaks ASCII text at spaces. A word longer than a line stays whole: the limit that must hold is 998.
func fold(text string, indent int) string {
	const limit = 76
	var b strings.Builder
	column := indent
	for i, word := range strings.Split(text, " ") {
		if i > 0 {
			if column+1+len(word) > limit && word != "" {
				b.WriteString("\r\n")
				column = 0
			}
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}

// oneLine replaces control characters by spaces and repairs what is not UTF-8.
func oneLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd")))
}
