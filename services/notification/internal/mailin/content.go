package mailin

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-message"
)

// Content is what a mail says and brings.
type Content struct {
	Text   string
	Files  []File
	Broken bool // not all of it could be read
}

// File is a part of a mail that is not its text.
type File struct {
	Name    string // without folders, and what is not seen
	Content []byte
}

const (
	maxFileName = 200       // characters
	maxFiles    = 40 << 20  // bytes of all
	maxWhole    = 100 << 10 // bytes of text of what cannot be parsed
)

// Read returns the content of a mail: all of its texts in their order, of alternatives the plain one, HTML as Markdown, and
// everything else as files. Of a broken mail it is what can be read.
func Read(mail []byte) (c Content) {
	r := reading{pictures: map[string]string{}}
	defer func() {
		if p := recover(); p != nil {
			r.broken = true
		}
		c.Text, c.Files, c.Broken = tidy(c.Text), r.files, r.broken
	}()
	entity, err := message.ReadWithOptions(bytes.NewReader(mail), &message.ReadOptions{MaxHeaderBytes: maxHeader})
	if entity == nil {
		_, body, _ := bytes.Cut(bytes.ReplaceAll(mail, []byte("\r\n"), []byte("\n")), []byte("\n\n"))
		r.broken = true
		return Content{Text: decodeText(body[:min(len(body), maxWhole)], "")}
	}
	r.broken = err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err)
	text := ""
	if p := r.entity(entity, 1); p.text != nil {
		text = p.text()
	}
	return Content{Text: r.pictured(text)}
}

// picture is what stands for a picture in a text: of HTML our own mark, of plain text what programs write.
var picture = regexp.MustCompile(cidMark + `([^` + cidMark + `]*)` + cidMark + `|\[cid:([^\]\s` + cidMark + `]+)\]`)

// pictured names the files that are pictures of a text where they stand in it. Of one that did not come nothing is left.
func (r *reading) pictured(text string) string {
	return picture.ReplaceAllStringFunc(text, func(found string) string {
		id := strings.TrimSuffix(strings.TrimPrefix(strings.Trim(found, cidMark), "[cid:"), "]")
		switch name, ok := r.pictures[id]; {
		case ok:
			return "(" + name + ")"
		case strings.HasPrefix(found, cidMark):
			return ""
		}
		return found
	})
}

// reading collects the files of a mail.
type reading struct {
	files []File
	// pictures are the names of files by their Content-IDs.
	pictures map[string]string
	bytes    int
	parts    int
	broken   bool
}

// piece is the text of a part. It is made once it is chosen.
type piece struct {
	plain bool          // it has plain text
	text  func() string // nil = none
}

func (r *reading) entity(e *message.Entity, depth int) piece {
	if r.parts++; r.parts > maxParts || depth > maxDepth {
		r.broken = true
		return piece{}
	}
	kind, parameters, _ := e.Header.ContentType() // what is malformed is plain text
	if parts := e.MultipartReader(); parts != nil {
		return r.multipart(parts, kind == "multipart/alternative", depth)
	}
	disposition, named, _ := e.Header.ContentDisposition()
	name := named["filename"]
	if name == "" {
		name = parameters["name"]
	}
	isText := kind == "text/plain" || kind == "text/html" || kind == ""
	if isText && disposition != "attachment" && name == "" {
		content, err := io.ReadAll(io.LimitReader(e.Body, maxText))
		r.broken = r.broken || err != nil
		text := decodeText(content, parameters["charset"])
		switch {
		case kind == "text/html":
			return piece{text: func() string { return markdown(text) }}
		case strings.TrimSpace(text) == "":
			return piece{}
		}
		return piece{plain: true, text: func() string { return text }}
	}
	content, err := io.ReadAll(io.LimitReader(e.Body, maxFiles))
	r.broken = r.broken || err != nil
	if r.bytes += len(content); r.bytes > maxFiles {
		r.broken = true
		return piece{}
	}
	if len(content) > 0 {
		f := File{Name: r.fileName(name, kind), Content: content}
		if id := bracketed(e.Header.Get("Content-Id")); id != "" {
			r.pictures[id] = f.Name
		}
		r.files = append(r.files, f)
	}
	return piece{}
}

// multipart joins the texts of parts, or chooses one of alternatives: the first plain one, else the first.
func (r *reading) multipart(parts message.MultipartReader, alternative bool, depth int) piece {
	var pieces []piece
	for r.parts <= maxParts {
		part, err := parts.NextPart()
		if part == nil {
			r.broken = r.broken || !errors.Is(err, io.EOF)
			break
		}
		if p := r.entity(part, depth+1); p.text != nil {
			pieces = append(pieces, p)
		}
	}
	plain := slices.IndexFunc(pieces, func(p piece) bool { return p.plain })
	if alternative && plain >= 0 {
		return pieces[plain]
	}
	return piece{plain: plain >= 0, text: func() string {
		var texts []string
		for _, p := range pieces {
			text := strings.TrimRight(p.text(), " \t\r\n")
			switch {
			case strings.TrimSpace(text) == "":
			case alternative:
				return text
			default:
				texts = append(texts, text)
			}
		}
		return strings.Join(texts, "\n\n")
	}}
}

// fileName returns a name that a file can have, whatever the mail says.
func (r *reading) fileName(name, kind string) string {
	if decoded, err := words.DecodeHeader(name); err == nil {
		name = decoded
	}
	name = strings.ReplaceAll(strings.ReplaceAll(name, `\`, "/"), "\ufffd", "")
	name = clean(path.Base("/"+name), maxFileName)
	if strings.Trim(name, "./ ") != "" {
		return name
	}
	extension := ""
	switch kind {
	case "message/rfc822":
		extension = ".eml"
	case "text/calendar":
		extension = ".ics"
	default:
		if known, err := mime.ExtensionsByType(kind); err == nil && len(known) > 0 {
			extension = known[0]
		}
	}
	return fmt.Sprintf("file-%s%s", strconv.Itoa(len(r.files)+1), extension)
}
