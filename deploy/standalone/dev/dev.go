// Package dev shows what the demo suite would have sent: mail as .eml files and
// webhooks caught by a receiver of its own. It is served on loopback only.
package dev

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/fault"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

//go:embed page.html list.html dev.js dev.css
var files embed.FS

// contentSecurityPolicy allows the acknowledge form, which posts to notification's own listener.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' %s"

// Config is what the pages need.
type Config struct {
	// OutboxDir holds one .eml file per mail.
	OutboxDir string
	// AckOrigins are where acknowledge links point, such as "http://127.0.0.1:8081".
	AckOrigins []string
	Tickets    ticketv1.TicketServiceClient
	// Act returns a context whose calls are made by the person with this
	// address; false when nobody of the demo has it.
	Act    func(ctx context.Context, address string) (context.Context, bool, error)
	Logger *slog.Logger
	// Done ends the streams, so that the process can end.
	Done <-chan struct{}
}

// Pages is the handler of /dev/.
type Pages struct {
	cfg       Config
	receiver  *receiver
	templates *template.Template
	mux       *http.ServeMux
}

// New returns the pages.
func New(cfg Config) (*Pages, error) {
	templates, err := template.New("").Funcs(template.FuncMap{
		"clock": func(t time.Time) string { return t.Local().Format("02 Jan 15:04:05") },
	}).ParseFS(files, "*.html")
	if err != nil {
		return nil, err
	}
	p := &Pages{cfg: cfg, receiver: newReceiver(), templates: templates, mux: http.NewServeMux()}
	p.mux.Handle("GET /dev/{$}", http.RedirectHandler("/dev/outbox", http.StatusFound))
	p.mux.HandleFunc("GET /dev/outbox", p.page)
	p.mux.HandleFunc("GET /dev/outbox/list", p.list)
	p.mux.HandleFunc("GET /dev/outbox/changes", p.changes)
	p.mux.HandleFunc("GET /dev/outbox/mail/{mail}", p.mail)
	p.mux.HandleFunc("GET /dev/outbox/mail/{mail}/raw", p.raw)
	p.mux.HandleFunc("POST /dev/outbox/mail/{mail}/reply", p.reply)
	p.mux.HandleFunc("POST /dev/receiver/{person}", p.receiver.receive)
	p.mux.Handle("GET /dev/assets/", http.StripPrefix("/dev/assets/", http.FileServerFS(assets{files})))
	return p, nil
}

// ServeHTTP implements http.Handler.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", fmt.Sprintf(contentSecurityPolicy, strings.Join(p.cfg.AckOrigins, " ")))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	p.mux.ServeHTTP(w, r)
}

func (p *Pages) page(w http.ResponseWriter, r *http.Request) {
	p.render(w, r, "page.html", nil)
}

// entries is what list.html shows.
type entries struct {
	Mails []outboxMail
	Pages []hook
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) {
	mails, err := readOutbox(p.cfg.OutboxDir, listed)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	p.render(w, r, "list.html", entries{Mails: mails, Pages: p.receiver.newest(listed)})
}

// listed is how many mails and pages are shown.
const listed = 100

// changes tells the browser when to load the list again.
func (p *Pages) changes(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	stream := http.NewResponseController(w)
	if err := stream.SetReadDeadline(time.Time{}); err != nil { // the server's is for requests that end
		p.fail(w, r, err)
		return
	}
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for last := ""; ; {
		now := fmt.Sprintf("%s-%d", newestMail(p.cfg.OutboxDir), p.receiver.count())
		if now != last {
			last = now
			if _, err := fmt.Fprintf(w, "data: %s\n\n", now); err != nil {
				return
			}
			if err := stream.Flush(); err != nil {
				return
			}
		}
		select {
		case <-r.Context().Done():
			return
		case <-p.cfg.Done:
			return
		case <-tick.C:
		}
	}
}

func (p *Pages) render(w http.ResponseWriter, r *http.Request, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := p.templates.ExecuteTemplate(w, name, data); err != nil {
		p.cfg.Logger.WarnContext(r.Context(), "the page was not written whole", slog.String("page", name), slog.Any("error", err))
	}
}

// fail answers what the visitor can change as it is, and logs the rest.
func (p *Pages) fail(w http.ResponseWriter, r *http.Request, err error) {
	var f *fault.Error
	if errors.As(err, &f) && f.Kind != fault.Internal {
		http.Error(w, f.Public(), http.StatusUnprocessableEntity)
		return
	}
	p.cfg.Logger.ErrorContext(r.Context(), "dev page failed", slog.String("path", r.URL.Path), slog.Any("error", err))
	http.Error(w, "it did not work; the log says why", http.StatusInternalServerError)
}
