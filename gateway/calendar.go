package gateway

import (
	"context"
	"io"
	"net/http"
	"strings"

	"altis-dxp.com/support/pkg/fault"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// calendarsPath is where calendar programs read who is on call. They log in by nothing but the token that follows.
const (
	calendarsPath   = "/calendars/"
	calendarsSuffix = ".ics"
)

// getCalendar serves a feed. Its token is a key: it belongs into no cache of others, and into no log.
func (g *Gateway) getCalendar(w http.ResponseWriter, r *http.Request) {
	token, ok := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, calendarsPath), calendarsSuffix)
	if !ok || token == "" || strings.Contains(token, "/") {
		g.problem(w, r, errNoRoute())
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), callTimeout)
	defer cancel()
	calendar, err := g.calendars.ReadCalendar(ctx, &notificationv1.ReadCalendarRequest{Token: token})
	if err != nil {
		if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Invalid {
			err = fault.New(fault.NotFound, "CALENDAR_FEED_UNKNOWN", "there is no such calendar: its link was made anew, or revoked")
		}
		g.problem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Cache-Control", "private, max-age=300")
	w.Header().Set("X-Robots-Tag", "noindex")
	_, _ = io.WriteString(w, calendar.GetText()) // the client may have gone
}
