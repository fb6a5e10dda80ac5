package mailin

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/emersion/go-message"
	"github.com/microcosm-cc/bluemonday"
)

const (
	// maxText is how many bytes are read of one part, maxParts and maxDepth how much of the structure is looked at.
	maxText, maxParts, maxDepth = 1 << 20, 100, 20
	// excerptTime is how long a page may wait for its text.
	excerptTime  = 100 * time.Millisecond
	excerptRunes = 1000
)

// Excerpt returns the first 1,000 characters of the text, "" when they are not found in a tenth of a second: whoever waits
// for it has more important things to do.
func Excerpt(mail []byte) string {
	found := make(chan string, 1)
	go func() {
		text, _ := Text(mail) // of a broken mail what there is
		found <- text
	}()
	timer := time.NewTimer(excerptTime)
	defer timer.Stop()
	select {
	case text := <-found:
		runes := []rune(text)
		return string(runes[:min(len(runes), excerptRunes)])
	case <-timer.C:
		return ""
	}
}

var errDeep = errors.New("mailin: too many parts")

// Text returns what a mail says: its first part of plain text, else its first HTML without the markup. With an error it is
// what was found until then, and of a mail whose header is malformed all that follows.
func Text(mail []byte) (text string, err error) {
	w := walk{}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("mailin: the mail cannot be read: %v", p)
		}
		if text = w.plain; strings.TrimSpace(text) == "" {
			text = withoutMarkup(w.html)
		}
		text = tidy(text)
	}()
	entity, err := message.ReadWithOptions(bytes.NewReader(mail), &message.ReadOptions{MaxHeaderBytes: maxHeader})
	if entity == nil {
		_, body, _ := bytes.Cut(bytes.ReplaceAll(mail, []byte("\r\n"), []byte("\n")), []byte("\n\n"))
		w.plain = decodeText(body[:min(len(body), maxText)], "")
		return "", err
	}
	return "", w.entity(entity, 1)
}

// walk looks for text in the parts of a mail.
type walk struct {
	plain, html string
	parts       int
}

func (w *walk) entity(e *message.Entity, depth int) error {
	if w.parts++; w.parts > maxParts || depth > maxDepth {
		return errDeep
	}
	if parts := e.MultipartReader(); parts != nil {
		for w.plain == "" {
			part, err := parts.NextPart()
			switch {
			case part == nil && errors.Is(err, io.EOF):
				return nil
			case part == nil:
				return err
			}
			if err := w.entity(part, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if disposition, _, _ := e.Header.ContentDisposition(); disposition == "attachment" {
		return nil
	}
	kind, parameters, _ := e.Header.ContentType()
	into := &w.plain
	switch kind {
	case "text/plain", "":
	case "text/html":
		into = &w.html
	default:
		return nil
	}
	if *into != "" {
		return nil
	}
	content, err := io.ReadAll(io.LimitReader(e.Body, maxText))
	*into = decodeText(content, parameters["charset"])
	return err
}

// decodeText decodes a charset. Of one that is unknown, or text that is not what it says, the bytes are read as Latin 1.
func decodeText(content []byte, charset string) string {
	if charset == "" {
		charset = "utf-8"
	}
	if r, err := decodeCharset(charset, bytes.NewReader(content)); err == nil {
		if decoded, err := io.ReadAll(r); err == nil && (charset != "utf-8" || !bytes.Contains(decoded, []byte("\ufffd"))) {
			return string(decoded)
		}
	}
	runes := make([]rune, len(content))
	for i, c := range content {
		runes[i] = rune(c)
	}
	return string(runes)
}

var lineEnds = regexp.MustCompile(`(?i)<(br|/p|/div|/tr|/li|/h[1-6])\b[^>]*>`)

func withoutMarkup(text string) string {
	return html.UnescapeString(bluemonday.StrictPolicy().Sanitize(lineEnds.ReplaceAllString(text, "$0\n")))
}

var manyLines = regexp.MustCompile(`\n{3,}`)

// tidy drops control characters but line ends and tabs.
func tidy(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\r\n", "\n")
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(manyLines.ReplaceAllString(text, "\n\n"))
}
