package mailin

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"

	"github.com/emersion/go-message"
)

// ReportKind is what a mail server or a mail provider reports.
type ReportKind int

// The kinds of reports.
const (
	ReportOther     ReportKind = iota // it was delivered, passed on or read
	ReportFailed                      // it came back
	ReportDelayed                     // it is tried on
	ReportComplaint                   // its recipient called it unwanted
)

// Report is what came back about a mail.
type Report struct {
	Kind      ReportKind
	Status    string // enhanced status code (RFC 3463), "" = none that can be found
	Said      string // by the mail server
	MessageID string // of the mail that it is about, without brackets; "" = not known
}

const maxSaid = 500 // characters

// ParseReport reads a report about a mail: a delivery report (RFC 3464) or complaint (RFC 5965), else what programs write in
// their own words. ok is false for a mail that is neither.
func ParseReport(mail []byte, h Head, envelopeFrom string) (r Report, ok bool) {
	defer func() {
		if recover() != nil {
			r, ok = Report{}, false
		}
	}()
	entity, _ := message.ReadWithOptions(bytes.NewReader(mail), &message.ReadOptions{MaxHeaderBytes: maxHeader})
	if entity == nil {
		return Report{}, false
	}
	kind, parameters, _ := entity.Header.ContentType()
	if kind == "multipart/report" {
		return structured(entity, strings.ToLower(parameters["report-type"]))
	}
	local, _, _ := strings.Cut(h.From, "@")
	failed := entity.Header.Get("X-Failed-Recipients") != ""
	if !failed && local != "mailer-daemon" && local != "postmaster" || !failed && envelopeFrom != "" {
		return Report{}, false
	}
	return inWords(Read(mail).Text, failed)
}

// structured reads the parts of a multipart/report.
func structured(e *message.Entity, reportType string) (Report, bool) {
	r := Report{}
	parts := e.MultipartReader()
	text := ""
	for n := 0; parts != nil && n < maxParts; n++ {
		part, err := parts.NextPart()
		if part == nil {
			if !errors.Is(err, io.EOF) && n == 0 {
				return r, false
			}
			break
		}
		kind, _, _ := part.Header.ContentType()
		content, _ := io.ReadAll(io.LimitReader(part.Body, maxText)) // what there is
		switch kind {
		case "message/delivery-status", "message/global-delivery-status":
			r.status(content)
		case "message/feedback-report":
			r.feedback(content)
		case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
			r.MessageID = bracketed(parseFields(headerOf(content)).get("message-id"))
		case "text/plain", "":
			text += string(content)
		}
	}
	if r.Kind == ReportFailed && r.Said == "" {
		r.Said = clean(text, maxSaid)
	}
	return r, reportType != "" || r.Kind != ReportOther
}

func headerOf(content []byte) []byte {
	header, _, _ := bytes.Cut(bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	return header
}

// status reads the groups of fields of a delivery report, one for each recipient after that of the mail. We mail one
// recipient at a time: the worst counts.
func (r *Report) status(content []byte) {
	for _, group := range bytes.Split(bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n")), []byte("\n\n")) {
		f := parseFields(group)
		switch strings.ToLower(f.get("action")) {
		case "failed":
			r.Kind = ReportFailed
		case "delayed":
			if r.Kind == ReportFailed {
				continue
			}
			r.Kind = ReportDelayed
		default:
			continue
		}
		r.Status = statusCode.FindString(f.get("status"))
		diagnostic := f.get("diagnostic-code")
		if _, said, ok := strings.Cut(diagnostic, ";"); ok {
			diagnostic = said
		}
		r.Said = clean(diagnostic, maxSaid)
		// Some say only "5.0.0" where the server that refused said more.
		if finer := statusCode.FindString(r.Said); finer != "" && strings.HasSuffix(r.Status, ".0.0") && finer[0] == r.Status[0] {
			r.Status = finer
		}
	}
}

func (r *Report) feedback(content []byte) {
	f := parseFields(content)
	if kind := strings.ToLower(f.get("feedback-type")); kind == "abuse" || kind == "fraud" || kind == "opt-out" {
		r.Kind, r.Said = ReportComplaint, clean("feedback: "+kind, maxSaid)
	}
}

var (
	statusCode = regexp.MustCompile(`\b[245]\.\d{1,3}\.\d{1,3}\b`)
	// smtpReply is an answer of a mail server: its code at the beginning of a line, or after what says so.
	smtpReply = regexp.MustCompile(`(?im)(?:^[>\s]*|said:\s*|error[^\n]{0,80}:\s*|rejected[^\n]{0,80}:\s*|response[^\n]{0,80}:\s*)([45]\d\d[ :-][^\n]{2,})`)
	stillTry  = regexp.MustCompile(`(?i)(will (be retried|retry|keep trying|continue)|delayed|warning message only|not yet been delivered)`)
)

// inWords reads what a program of old says of a mail that came back.
func inWords(text string, failed bool) (Report, bool) {
	r := Report{Kind: ReportFailed, Status: statusCode.FindString(text)}
	reply := smtpReply.FindStringSubmatch(text)
	if reply != nil {
		r.Said = clean(reply[1], maxSaid)
		if r.Status == "" {
			r.Status = reply[1][:1] + ".0.0"
		}
	}
	if r.Said == "" {
		r.Said = clean(text, maxSaid)
	}
	switch {
	case strings.HasPrefix(r.Status, "2."):
		return Report{}, true
	case stillTry.MatchString(text) && !strings.HasPrefix(r.Status, "5."):
		r.Kind = ReportDelayed
	}
	return r, failed || r.Status != ""
}
