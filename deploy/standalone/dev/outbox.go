package dev

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-message/mail"

	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// ticketNumber finds the ticket in a subject such as "[#1042] Shop is down".
var ticketNumber = regexp.MustCompile(`\[#(\d+)\]`)

// outboxMail is one file of the outbox.
type outboxMail struct {
	Name    string // of the file
	To      string
	Subject string
	Sent    time.Time
	Text    string
	HTML    string
	Ticket  int64
}

// readOutbox returns the newest mails, newest first.
func readOutbox(dir string, limit int) ([]outboxMail, error) {
	names, err := outboxFiles(dir)
	if err != nil {
		return nil, err
	}
	var mails []outboxMail
	for _, name := range names[:min(limit, len(names))] {
		m, err := readMail(dir, name)
		if err != nil {
			return nil, err
		}
		mails = append(mails, m)
	}
	return mails, nil
}

// outboxFiles returns the names of the mails, newest first.
func outboxFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	type file struct {
		name    string
		changed time.Time
	}
	var found []file
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".eml" {
			continue
		}
		info, err := e.Info()
		if err != nil {
			continue // taken away meanwhile
		}
		found = append(found, file{e.Name(), info.ModTime()})
	}
	slices.SortFunc(found, func(a, b file) int {
		if c := b.changed.Compare(a.changed); c != 0 {
			return c
		}
		return strings.Compare(b.name, a.name)
	})
	names := make([]string, len(found))
	for i, f := range found {
		names[i] = f.name
	}
	return names, nil
}

func newestMail(dir string) string {
	names, err := outboxFiles(dir)
	if err != nil || len(names) == 0 {
		return ""
	}
	return names[0] + strconv.Itoa(len(names))
}

func readMail(dir, name string) (outboxMail, error) {
	raw, err := os.ReadFile(filepath.Join(dir, filepath.Base(name)))
	if err != nil {
		return outboxMail{}, err
	}
	reader, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		return outboxMail{}, err
	}
	m := outboxMail{Name: name}
	m.Subject, _ = reader.Header.Subject()
	m.Sent, _ = reader.Header.Date()
	if to, err := reader.Header.AddressList("To"); err == nil && len(to) > 0 {
		m.To = to[0].Address
	}
	if found := ticketNumber.FindStringSubmatch(m.Subject); found != nil {
		m.Ticket, _ = strconv.ParseInt(found[1], 10, 64)
	}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return m, nil
		}
		if err != nil {
			return outboxMail{}, err
		}
		header, ok := part.Header.(*mail.InlineHeader)
		if !ok {
			continue
		}
		body, err := io.ReadAll(part.Body)
		if err != nil {
			return outboxMail{}, err
		}
		switch kind, _, _ := header.ContentType(); kind {
		case "text/html":
			m.HTML = string(body)
		case "text/plain":
			m.Text = string(body)
		}
	}
}

// mail shows a mail as a reader would see it, without any rights in this origin.
func (p *Pages) mail(w http.ResponseWriter, r *http.Request) {
	m, ok := p.find(w, r)
	if !ok {
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox")
	body := m.HTML
	if body == "" {
		h.Set("Content-Type", "text/plain; charset=utf-8")
		body = m.Text
	} else {
		h.Set("Content-Type", "text/html; charset=utf-8")
	}
	_, _ = io.WriteString(w, body)
}

func (p *Pages) raw(w http.ResponseWriter, r *http.Request) {
	m, ok := p.find(w, r)
	if !ok {
		return
	}
	raw, err := os.ReadFile(filepath.Join(p.cfg.OutboxDir, m.Name))
	if err != nil {
		p.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(raw)
}

// reply answers a mail as its recipient would from a mail program.
func (p *Pages) reply(w http.ResponseWriter, r *http.Request) {
	m, ok := p.find(w, r)
	if !ok {
		return
	}
	ctx, known, err := p.cfg.Act(r.Context(), m.To)
	switch {
	case err != nil:
		p.fail(w, r, err)
		return
	case !known || m.Ticket == 0:
		http.Error(w, m.To+" has no account in this demo, or the mail belongs to no ticket", http.StatusUnprocessableEntity)
		return
	}
	_, err = p.cfg.Tickets.ReplyToTicket(ctx, &ticketv1.ReplyToTicketRequest{Ticket: m.Ticket, Body: r.PostFormValue("body")})
	if err != nil {
		p.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/dev/outbox", http.StatusSeeOther)
}

// find reads the mail that the path names, or answers 404.
func (p *Pages) find(w http.ResponseWriter, r *http.Request) (outboxMail, bool) {
	names, err := outboxFiles(p.cfg.OutboxDir)
	if err != nil || !slices.Contains(names, r.PathValue("mail")) {
		http.NotFound(w, r)
		return outboxMail{}, false
	}
	m, err := readMail(p.cfg.OutboxDir, r.PathValue("mail"))
	if err != nil {
		p.fail(w, r, err)
		return outboxMail{}, false
	}
	return m, true
}
