package acklink

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// Path is where the handler is mounted; the token follows.
const Path = "/a/"

// The page has no script, loads nothing and may be framed by nobody.
const contentPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

//go:embed page.html
var pages embed.FS

// Pages is what the handler needs of the service.
type Pages interface {
	// Now is the clock of the database: a link ends at the same instant wherever it is opened.
	Now(ctx context.Context) (time.Time, error)
	// AckKey returns a key by its id. NotFound.
	AckKey(ctx context.Context, id int) (domain.AckKey, error)
	// Page returns a page. NotFound.
	Page(ctx context.Context, id string) (*domain.Page, error)
	// PersonOf returns a person as named by the deliveries of a page. NotFound.
	PersonOf(ctx context.Context, page, person string) (domain.Person, error)
	// ZoneOf returns the zone of such a person, UTC when it is not known.
	ZoneOf(ctx context.Context, page, person string) (*time.Location, error)
	// Acknowledge makes the person the page's owner and returns the page, unchanged if somebody else was first.
	Acknowledge(ctx context.Context, page string, by domain.Person) (*domain.Page, error)
	// Bundle returns a message about many pages. NotFound.
	Bundle(ctx context.Context, id string) (domain.Bundle, error)
	// AcknowledgeBundle makes the person the owner of those pages of a bundle that nobody owns.
	AcknowledgeBundle(ctx context.Context, id string, by domain.Person) error
}

// NewHandler returns the handler of /a/{token}. pagesURL is the list of open pages in the dashboard.
func NewHandler(p Pages, ticketURL func(int64) string, pagesURL string, logger *slog.Logger) http.Handler {
	h := &handler{pages: p, ticketURL: ticketURL, pagesURL: pagesURL, logger: logger, template: template.Must(template.ParseFS(pages, "page.html"))}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path+"{token}", h.show) // and HEAD
	mux.HandleFunc("POST "+Path+"{token}", h.acknowledge)
	return headers(mux)
}

type handler struct {
	pages     Pages
	ticketURL func(int64) string
	pagesURL  string
	logger    *slog.Logger
	template  *template.Template
}

// headers keeps the link, which is a key, out of caches, other sites and frames.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Content-Security-Policy", contentPolicy)
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("X-Robots-Tag", "noindex")
		next.ServeHTTP(w, r)
	})
}

// view is what the template shows.
type view struct {
	Words     words
	Title     string
	Customer  string
	Impact    string
	Excerpt   string
	Callback  string
	TicketURL string
	PagesURL  string // of the list, for a bundle
	Ticket    int64
	Opened    string
	Person    string // who holds the link
	Owner     string // who acknowledged
	OwnedAt   string
	Mine      bool // the holder of the link is the owner
	CanAck    bool
	Problem   string // why not
}

func (h *handler) show(w http.ResponseWriter, r *http.Request) {
	holder, page, err := h.read(r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	if page == nil {
		h.showBundle(w, r, holder)
		return
	}
	h.render(w, r, http.StatusOK, h.view(wordsFor(r), holder, page))
}

func (h *handler) acknowledge(w http.ResponseWriter, r *http.Request) {
	holder, page, err := h.read(r)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	if page == nil {
		h.acknowledgeBundle(w, r, holder)
		return
	}
	say := wordsFor(r)
	v := h.view(say, holder, page)
	if !v.CanAck {
		status := http.StatusConflict
		if v.Owner != "" {
			status = http.StatusOK // it is taken care of: what the caller wanted
		}
		h.render(w, r, status, v)
		return
	}
	page, err = h.pages.Acknowledge(r.Context(), holder.claim.Page, holder.person)
	if err != nil && fault.KindOf(err) != fault.Precondition {
		h.fail(w, r, err)
		return
	}
	if err != nil { // over in the meantime
		if page, err = h.goingOn(r.Context(), &holder.claim); err != nil {
			h.fail(w, r, err)
			return
		}
	}
	h.render(w, r, http.StatusOK, h.view(say, holder, page))
}

// holder is who has the link.
type holder struct {
	claim  domain.AckClaim
	person domain.Person
	zone   *time.Location
	now    time.Time
}

func (w holder) expired() bool { return !w.now.Before(w.claim.Expires) }

// read checks the token and returns what it is about; of a bundle there is no page.
func (h *handler) read(r *http.Request) (who holder, page *domain.Page, err error) {
	token := r.PathValue("token")
	id, err := keyOf(token)
	if err != nil {
		return who, nil, err
	}
	key, err := h.pages.AckKey(r.Context(), id)
	if err != nil {
		return who, nil, err
	}
	if who.claim, err = verify(key, token); err != nil {
		return who, nil, err
	}
	if who.now, err = h.pages.Now(r.Context()); err != nil {
		return who, nil, err
	}
	if who.claim.Cycle == domain.BundleCycle {
		who.person, err = h.recipient(r.Context(), who.claim)
		return who, nil, err
	}
	if page, err = h.goingOn(r.Context(), &who.claim); err != nil {
		return who, nil, err
	}
	if who.person, err = h.pages.PersonOf(r.Context(), who.claim.Page, who.claim.Person); err != nil {
		return who, nil, err
	}
	who.zone, err = h.pages.ZoneOf(r.Context(), who.claim.Page, who.claim.Person)
	return who, page, err
}

// goingOn returns the page of a claim, or the one that goes on as their tickets were merged: whoever was called about the one
// may acknowledge the other, until that pages again.
func (h *handler) goingOn(ctx context.Context, claim *domain.AckClaim) (*domain.Page, error) {
	page, err := h.pages.Page(ctx, claim.Page)
	for err == nil && page.MergedInto != "" {
		claim.Cycle = page.GoesOnAs(claim.Cycle)
		page, err = h.pages.Page(ctx, page.MergedInto)
	}
	return page, err
}

func (h *handler) view(say words, who holder, p *domain.Page) view {
	v := view{
		Words: say, Title: p.Incident.Title(), Customer: p.Incident.OrganizationName, Impact: p.Incident.Impact, Excerpt: p.Incident.Excerpt,
		Callback: p.Incident.Callback, Ticket: p.Ticket, Opened: say.instant(p.OpenedAt, who.zone), Person: who.person.Label(),
	}
	if p.Ticket != 0 {
		v.TicketURL = h.ticketURL(p.Ticket)
	}
	if p.AcknowledgedBy != (domain.Person{}) {
		v.Owner, v.OwnedAt, v.Mine = p.AcknowledgedBy.Label(), say.instant(p.AcknowledgedAt, who.zone), p.AcknowledgedBy.ID == who.claim.Person
	}
	switch {
	case p.State == domain.StateResolved:
		v.Problem = say.over
	case p.State == domain.StateAcknowledged:
	case p.Cycle != who.claim.Cycle:
		v.Problem = say.earlier
	case who.expired():
		v.Problem = say.expired
	default:
		v.CanAck = true
	}
	return v
}

func (h *handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	say := wordsFor(r)
	if errors.Is(err, fault.NotFound) {
		h.render(w, r, http.StatusNotFound, view{Words: say, Title: say.invalidTitle, Problem: say.invalid})
		return
	}
	h.logger.ErrorContext(r.Context(), "acknowledgement link failed", slog.Any("error", err))
	w.Header().Set("Retry-After", "1")
	h.render(w, r, http.StatusServiceUnavailable, view{Words: say, Title: say.failedTitle, Problem: say.failed})
}

func (h *handler) render(w http.ResponseWriter, r *http.Request, status int, v view) {
	var body bytes.Buffer
	if err := h.template.Execute(&body, v); err != nil {
		h.logger.ErrorContext(r.Context(), "acknowledgement page failed", slog.Any("error", err))
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // the client may have gone
}
