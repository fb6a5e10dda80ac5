// Package mailin reads mails that strangers send: what their headers say, whether a person wrote them, and their text. It
// refuses nothing: of a mail that it does not understand it tells what it can.
package mailin

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"strings"
	"unicode"
)

const (
	// maxHeader and maxBody bound what is kept of a mail that passes.
	maxHeader, maxBody = 256 << 10, 256 << 10
	// maxSubject, maxName and maxAddress are in characters.
	maxSubject, maxName, maxAddress = 200, 100, 254
)

// Head is what is known of a mail without parsing its content.
type Head struct {
	MessageID  string // without brackets, "" = none
	From       string // address of the author, in lower case; "" = none that can be read
	FromName   string
	To         []string // addresses of its To and Cc, in lower case, in their order
	Subject    string
	References []string // Message-IDs that it answers, without brackets
	Automatic  string   // why nobody wrote it, "" = a person did
	OneAuthor  bool     // it names exactly one
	Desk       string   // the desk whose programs have sent it, in lower case; "" = none of ours
	// Fingerprint is the same for the same mail, whichever way it came; "" when the mail has nothing that tells it from
	// another one with the same text.
	Fingerprint string
	Start       []byte // header and beginning of the body
	Unreadable  bool   // it made the reading of it panic: nothing else is known
}

// Scanner is a writer that learns the head of the mail that is written to it.
type Scanner struct {
	start  bytes.Buffer // header, then the beginning of the body
	header int          // its length in start; 0 = not ended yet
	body   hash.Hash
	line   []byte // of the header, begun
	parse  func(header []byte) fields
}

// NewScanner returns a scanner for one mail.
func NewScanner() *Scanner { return &Scanner{body: sha256.New(), parse: parseFields} }

// Write implements io.Writer. It never fails.
func (s *Scanner) Write(p []byte) (int, error) {
	n := len(p)
	for s.header == 0 && len(p) > 0 {
		end := bytes.IndexByte(p, '\n')
		if end < 0 {
			s.line = append(s.line, p...)
			p = nil
		} else {
			s.line = append(s.line, p[:end+1]...)
			p = p[end+1:]
			s.start.Write(s.line)
			if len(bytes.TrimRight(s.line, "\r\n")) == 0 {
				s.header = s.start.Len()
			}
			s.line = s.line[:0]
		}
		if s.header == 0 && s.start.Len()+len(s.line) > maxHeader {
			s.endHeader()
		}
	}
	s.writeBody(p)
	return n, nil
}

// endHeader takes what came so far for the header.
func (s *Scanner) endHeader() {
	s.start.Write(s.line)
	s.line = nil
	s.header = max(s.start.Len(), 1)
}

func (s *Scanner) writeBody(p []byte) {
	_, _ = s.body.Write(bytes.ReplaceAll(p, []byte{'\r'}, nil)) // servers change line ends; a hash never fails
	if room := s.header + maxBody - s.start.Len(); room > 0 {
		s.start.Write(p[:min(room, len(p))])
	}
}

// Head returns what was learnt, once the mail was written. envelopeFrom is whom its errors go to, "" = nobody. A mail that nobody
// foresaw must not end what takes mails: it is Unreadable.
func (s *Scanner) Head(envelopeFrom string) (h Head) {
	defer func() {
		if recover() != nil { // its value may be of the mail
			h = Head{Start: s.start.Bytes(), Unreadable: true}
		}
	}()
	f := s.fields()
	h = Head{
		MessageID: bracketed(f.get("message-id")), Subject: clean(decodeWords(f.get("subject")), maxSubject), Start: s.start.Bytes(),
		References: references(f.get("in-reply-to") + " " + f.get("references")),
	}
	h.OneAuthor = oneAuthor(f["from"])
	h.To = addresses(f, "to", "cc")
	h.FromName, h.From = author(f.get("from"))
	h.Automatic = automatic(f, h, envelopeFrom)
	h.Desk = strings.ToLower(f.get("x-altis-loop"))
	unique := h.MessageID
	if unique == "" && f.get("date") != "" {
		unique = "date " + f.get("date")
	}
	if unique != "" {
		sum := sha256.New()
		for _, part := range []string{unique, h.From, string(s.body.Sum(nil))} {
			_, _ = sum.Write([]byte(part + "\x00")) // a hash never fails; the parts hold no such character
		}
		h.Fingerprint = hex.EncodeToString(sum.Sum(nil)[:16])
	}
	return h
}

func (s *Scanner) fields() fields {
	if s.header == 0 {
		s.endHeader()
	}
	return s.parse(s.start.Bytes()[:min(s.header, s.start.Len())])
}

// Envelope returns what a mail that lay in a mailbox tells of how it came there: whom its errors go to, "" = nobody, and the
// addresses that it may have come to, the likeliest first. An Unreadable mail tells nothing.
func (s *Scanner) Envelope() (from string, to []string) {
	defer func() {
		if recover() != nil { // as above
			from, to = "", nil
		}
	}()
	f := s.fields()
	if paths := f["return-path"]; len(paths) > 0 {
		from = addressLike.FindString(paths[0])
	} else {
		_, from = author(f.get("from"))
	}
	return strings.ToLower(clean(from, maxAddress)), addresses(f, "delivered-to", "x-original-to", "envelope-to", "to", "cc")
}

// addresses returns what looks like addresses in the fields, in lower case.
func addresses(f fields, names ...string) (all []string) {
	for _, name := range names {
		for _, value := range f[name] {
			for _, address := range addressLike.FindAllString(value, maxReferences) {
				all = append(all, strings.ToLower(address))
			}
		}
	}
	return all
}

// clean returns text in one line, without what is not seen or turns the direction of writing, of so many characters at most.
func clean(text string, limit int) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	runes := []rune(strings.Join(strings.Fields(text), " "))
	return string(runes[:min(len(runes), limit)])
}
