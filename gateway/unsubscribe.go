package gateway

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"strings"

	"golang.org/x/text/language"

	"altis-dxp.com/support/pkg/fault"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// unsubscribePath is where the links of mails lead by which a CC gets no more copies of a ticket; the token follows.
const unsubscribePath = "/unsubscribe/"

// The page has no script, loads nothing and may be framed by nobody.
const unsubscribePolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

//go:embed unsubscribe.html
var unsubscribeFiles embed.FS

var unsubscribePage = template.Must(template.ParseFS(unsubscribeFiles, "unsubscribe.html"))

// copiesWords are what the page says, in one language.
type copiesWords struct {
	Lang, Title, Stop, Asked, Stopped, Invalid, Failed string
}

var (
	copiesSpoken = []copiesWords{
		{
			Lang: "en", Title: "Copies of ticket #%d", Stop: "No more copies", Asked: "You are in CC and get a copy of every message.",
			Stopped: "You get no more copies. Whoever is on the ticket can add you again.",
			Invalid: "This link is not valid, or not any more.", Failed: "That did not work just now. Please try again in a moment.",
		},
		{
			Lang: "de", Title: "Kopien von Ticket #%d", Stop: "Keine weiteren Kopien", Asked: "Sie stehen in CC und erhalten jede Nachricht in Kopie.",
			Stopped: "Sie erhalten keine Kopien mehr. Wer an dem Ticket beteiligt ist, kann Sie wieder hinzufügen.",
			Invalid: "Dieser Link ist ungültig, oder nicht mehr gültig.", Failed: "Das ging gerade nicht. Bitte versuchen Sie es gleich noch einmal.",
		},
	}
	copiesLanguages = language.NewMatcher([]language.Tag{language.English, language.German})
)

// copiesView is what the page shows.
type copiesView struct {
	copiesWords
	Ticket  int64
	Form    bool
	Message string
}

// unsubscribe shows what a link is about, and does it when somebody presses the button, or when their mail program does (RFC
// 8058). To look at the page changes nothing: programs open links to see whether they are dangerous.
func (g *Gateway) unsubscribe(w http.ResponseWriter, r *http.Request) {
	tags, _, _ := language.ParseAcceptLanguage(r.Header.Get("Accept-Language")) // none that can be read: English
	_, index, _ := copiesLanguages.Match(tags...)
	v := copiesView{copiesWords: copiesSpoken[index]}
	ctx, cancel := context.WithTimeout(r.Context(), callTimeout)
	defer cancel()
	token := strings.TrimPrefix(r.URL.Path, unsubscribePath)
	var copies *notificationv1.Copies
	var err error
	if r.Method == http.MethodPost {
		v.Message = v.Stopped
		copies, err = g.mails.StopCopies(ctx, &notificationv1.StopCopiesRequest{Token: token})
	} else {
		v.Message, v.Form = v.Asked, true
		copies, err = g.mails.GetCopies(ctx, &notificationv1.GetCopiesRequest{Token: token})
	}
	status := http.StatusOK
	switch {
	case errors.Is(err, fault.NotFound), errors.Is(err, fault.Invalid):
		status, v.Form, v.Message = http.StatusNotFound, false, v.Invalid
	case err != nil:
		g.logger.WarnContext(ctx, "a link to get no more copies failed", slog.Any("error", err))
		status, v.Form, v.Message = http.StatusServiceUnavailable, false, v.Failed
		w.Header().Set("Retry-After", "5")
	}
	v.Ticket = copies.GetTicket()
	var body bytes.Buffer
	if err := unsubscribePage.Execute(&body, v); err != nil {
		g.problem(w, r, fault.Wrap(fault.Internal, "PAGE", err))
		return
	}
	// The link is a key: it is to stay out of caches, other sites and search engines.
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", unsubscribePolicy)
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("X-Robots-Tag", "noindex")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // the client may have gone
}
