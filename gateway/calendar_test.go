package gateway

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// calendarFake has one feed, and notes who reads it.
type calendarFake struct {
	notificationv1.UnimplementedCalendarServiceServer
	reader auth.Principal
}

func (f *calendarFake) ReadCalendar(ctx context.Context, req *notificationv1.ReadCalendarRequest) (*notificationv1.ReadCalendarResponse, error) {
	f.reader = auth.FromContext(ctx)
	if req.GetToken() != "GOOD" {
		return nil, fault.New(fault.NotFound, "CALENDAR_FEED_UNKNOWN", "no such feed")
	}
	return &notificationv1.ReadCalendarResponse{Text: "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"}, nil
}

func TestCalendarsAreReadByTheirLinkAlone(t *testing.T) {
	w := setup(t)
	for _, e := range [][]edit{{anonymous}, {bearer("altis_nobodys")}} { // what else the request carries does not count
		a := w.call(http.MethodGet, "/calendars/GOOD.ics", "", e...)
		require.Equal(t, http.StatusOK, a.StatusCode)
		require.Equal(t, "text/calendar; charset=utf-8", a.Header.Get("Content-Type"))
		require.Equal(t, "private, max-age=300", a.Header.Get("Cache-Control"))
		require.Equal(t, "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", a.body)
		require.Equal(t, "gateway", w.calendars.reader.Service)
		require.Nil(t, w.calendars.reader.User)
	}
	a := w.call(http.MethodHead, "/calendars/GOOD.ics", "", anonymous)
	require.Equal(t, http.StatusOK, a.StatusCode)
	require.Empty(t, a.body)
	for path, reason := range map[string]string{
		"/calendars/BAD.ics": "CALENDAR_FEED_UNKNOWN", "/calendars/GOOD": "ROUTE_NOT_FOUND", "/calendars/.ics": "ROUTE_NOT_FOUND",
		"/calendars/GOOD/x.ics": "ROUTE_NOT_FOUND", "/calendars/": "ROUTE_NOT_FOUND", "/calendars": "ROUTE_NOT_FOUND",
		"/calendars/" + strings.Repeat("x", 129) + ".ics": "CALENDAR_FEED_UNKNOWN",
	} {
		a := w.call(http.MethodGet, path, "", anonymous)
		require.Equal(t, http.StatusNotFound, a.StatusCode, path)
		require.Equal(t, reason, a.problem.Reason, path)
	}
	require.Equal(t, http.StatusMethodNotAllowed, w.call(http.MethodPost, "/calendars/GOOD.ics", "", anonymous).StatusCode)
}
