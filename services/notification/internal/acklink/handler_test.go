package acklink

import (
	"cmp"
	"context"
	"errors"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// fake is one page in memory.
type fake struct {
	page  domain.Page
	down  bool
	acked int
	zone  *time.Location
	now   time.Time // of the database

	bundle domain.Bundle
}

var testKey = domain.AckKey{ID: 1, Secret: make([]byte, 32)}

func (f *fake) AckKey(_ context.Context, id int) (domain.AckKey, error) {
	if f.down {
		return domain.AckKey{}, errors.New("the database is away")
	}
	if id != testKey.ID {
		return domain.AckKey{}, fault.New(fault.NotFound, "KEY_UNKNOWN", "")
	}
	return testKey, nil
}

func (f *fake) Now(context.Context) (time.Time, error) { return f.now, nil }

func (f *fake) Page(context.Context, string) (*domain.Page, error) { p := f.page; return &p, nil }

func (f *fake) PersonOf(_ context.Context, _, person string) (domain.Person, error) {
	if person == "out" {
		return domain.Person{}, fault.New(fault.NotFound, "PERSON_UNKNOWN", "")
	}
	return domain.Person{ID: person, Name: "<Ada>"}, nil
}

func (f *fake) ZoneOf(context.Context, string, string) (*time.Location, error) {
	return cmp.Or(f.zone, time.UTC), nil
}

func (f *fake) Acknowledge(_ context.Context, _ string, by domain.Person) (*domain.Page, error) {
	f.acked++
	f.page.State, f.page.AcknowledgedBy, f.page.AcknowledgedAt = domain.StateAcknowledged, by, time.Unix(0, 0)
	p := f.page
	return &p, nil
}

func (f *fake) Bundle(context.Context, string) (domain.Bundle, error) { return f.bundle, nil }

func (f *fake) AcknowledgeBundle(_ context.Context, _ string, _ domain.Person) error {
	f.acked++
	for i := range f.bundle.Members {
		f.bundle.Members[i].PageState = domain.StateAcknowledged
	}
	return nil
}

func TestTheLinkOfABundleNamesItsPagesAndAcknowledgesThoseThatWait(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	member := func(ticket int64, s domain.State, cycle int) domain.BundleMember {
		m := domain.BundleMember{Title: "[Urgent] <down>", Ticket: ticket, PageState: s, PageCycle: cycle}
		m.Page, m.Cycle = domain.PageID(ticket, 1), 1
		return m
	}
	f := &fake{now: now, bundle: domain.Bundle{Named: 3, Members: []domain.BundleMember{
		member(1, domain.StateDelivered, 1), member(2, domain.StateResolved, 1), member(3, domain.StatePaging, 2),
	}}}
	h := NewHandler(f, func(int64) string { return "" }, "https://desk.test/on-call", slog.New(slog.DiscardHandler))
	url := Path + Sign(testKey, domain.AckClaim{Page: domain.PageID(9, 9), Person: "ada", Cycle: domain.BundleCycle, Expires: now.Add(time.Hour)})
	ask := func(method string) string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, url, nil))
		require.Equal(t, http.StatusOK, w.Code)
		return w.Body.String()
	}
	shown := ask(http.MethodGet)
	for _, text := range []string{"3 pages", "• #1 [Urgent] &lt;down&gt;", "✓ #2", "✓ #3", "https://desk.test/on-call", "Acknowledge as"} {
		require.Contains(t, shown, text)
	}
	require.Zero(t, f.acked, "a mail scanner only looks")
	require.Contains(t, ask(http.MethodPost), "None of these pages waits")
	require.Contains(t, ask(http.MethodPost), "None of these pages waits")
	require.Equal(t, 1, f.acked)
}

func TestWhoMayAcknowledge(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	waiting := domain.Page{ID: domain.PageID(1, 1), Ticket: 1, State: domain.StateDelivered, Position: domain.Position{Cycle: 2}}
	tests := []struct {
		name   string
		change func(p *domain.Page, c *domain.AckClaim, f *fake)
		status int
		acked  bool
		text   string
	}{
		{"the one who was paged", func(*domain.Page, *domain.AckClaim, *fake) {}, http.StatusOK, true, "You acknowledged"},
		{"an exhausted page", func(p *domain.Page, _ *domain.AckClaim, _ *fake) { p.State = domain.StateExhausted }, http.StatusOK, true, "You acknowledged"},
		{"somebody else was first", func(p *domain.Page, _ *domain.AckClaim, _ *fake) {
			p.State, p.AcknowledgedBy = domain.StateAcknowledged, domain.Person{ID: "ben", Name: "Ben"}
		}, http.StatusOK, false, "<strong>Ben</strong> acknowledged"},
		{"over", func(p *domain.Page, _ *domain.AckClaim, _ *fake) { p.State = domain.StateResolved }, http.StatusConflict, false, "is over"},
		{"earlier cycle", func(_ *domain.Page, c *domain.AckClaim, _ *fake) { c.Cycle = 1 }, http.StatusConflict, false, "earlier round"},
		{"expired", func(_ *domain.Page, c *domain.AckClaim, _ *fake) { c.Expires = now }, http.StatusConflict, false, "has expired"},
		{"may not act any more", func(_ *domain.Page, c *domain.AckClaim, _ *fake) { c.Person = "out" }, http.StatusNotFound, false, "not valid"},
		{"the database is away", func(_ *domain.Page, _ *domain.AckClaim, f *fake) { f.down = true }, http.StatusServiceUnavailable, false, "try again"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := &fake{now: now, page: waiting}
			claim := domain.AckClaim{Page: waiting.ID, Person: "ada", Cycle: 2, Expires: now.Add(time.Hour)}
			tt.change(&f.page, &claim, f)
			h := NewHandler(f, func(n int64) string { return "https://desk.test/tickets/" + strconv.FormatInt(n, 10) }, "https://desk.test/on-call",
				slog.New(slog.NewTextHandler(t.Output(), nil)))
			url := Path + Sign(testKey, claim)
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete, http.MethodOptions} {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, url, nil))
				require.Zero(t, f.acked, method)
				require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, url, nil))
			require.Equal(t, tt.status, w.Code)
			require.Equal(t, tt.acked, f.acked == 1)
			require.Contains(t, w.Body.String(), tt.text)
			require.NotContains(t, w.Body.String(), "<Ada>")
		})
	}
}

func TestThePageSpeaksTheLanguageOfTheBrowser(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	h := NewHandler(&fake{now: now, page: domain.Page{
		ID: domain.PageID(1, 1), Ticket: 7, State: domain.StateDelivered, Position: domain.Position{Cycle: 1}, OpenedAt: now,
	}},
		func(int64) string { return "https://desk.test/tickets/7" }, "", slog.New(slog.DiscardHandler))
	link := Path + Sign(testKey, domain.AckClaim{Page: domain.PageID(1, 1), Person: "ada", Cycle: 1, Expires: now.Add(time.Hour)})
	for _, c := range []struct {
		likes, path string
		want        []string
	}{
		{"", link, []string{`<html lang="en">`, "Acknowledge as &lt;Ada&gt;", "Ticket #7 in the dashboard"}},
		{"de-AT,en;q=0.8", link, []string{`<html lang="de">`, "Als &lt;Ada&gt; bestätigen", "Ticket #7 im Dashboard"}},
		{"fr, de;q=0.5, en;q=0.3", link, []string{`<html lang="de">`}},
		{"fr", link, []string{`<html lang="en">`}},
		{"*;;q=x", link, []string{`<html lang="en">`}},
		{"de", Path + "nonsense", []string{`<html lang="de">`, "Dieser Link ist ungültig."}},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, c.path, nil)
		r.Header.Set("Accept-Language", c.likes)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		for _, want := range c.want {
			require.Contains(t, w.Body.String(), want, c.likes)
		}
	}
}

func TestInstantsAreThoseOfTheClockOfWhoWasPaged(t *testing.T) {
	zone := func(name string) *time.Location {
		z, err := time.LoadLocation(name)
		require.NoError(t, err)
		return z
	}
	noon := time.Date(2026, 11, 24, 12, 0, 5, 0, time.UTC)
	for _, c := range []struct {
		likes string
		zone  *time.Location
		at    time.Time
		want  string
	}{
		{"en", time.UTC, noon, "24 November 2026, 12:00:05 UTC"},
		{"en", zone("Europe/Berlin"), noon, "24 November 2026, 13:00:05 CET (12:00 UTC)"},
		{"de", zone("Europe/Berlin"), noon.AddDate(0, -5, 0), "24.06.2026, 14:00:05 CEST (12:00 UTC)"},
		{"en", zone("Europe/London"), noon, "24 November 2026, 12:00:05 GMT (12:00 UTC)"},
		{"en", zone("Asia/Kathmandu"), noon, "24 November 2026, 17:45:05 UTC+05:45 (12:00 UTC)"},
		{"en", zone("Pacific/Kiritimati"), noon, "25 November 2026, 02:00:05 UTC+14:00 (24 November 2026, 12:00:05 UTC)"},
		{"de", zone("America/New_York"), noon.Add(-8 * time.Hour), "23.11.2026, 23:00:05 EST (24.11.2026, 04:00:05 UTC)"},
	} {
		page := domain.Page{ID: domain.PageID(1, 1), State: domain.StateDelivered, OpenedAt: c.at, Incident: domain.Incident{OrganizationName: "Shop"}}
		h := NewHandler(&fake{page: page, zone: c.zone, now: c.at}, func(int64) string { return "" }, "", slog.New(slog.DiscardHandler))
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, Path+Sign(testKey, domain.AckClaim{Page: page.ID, Person: "ada", Cycle: 1, Expires: c.at.Add(time.Hour)}), nil)
		r.Header.Set("Accept-Language", c.likes)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		require.Contains(t, html.UnescapeString(w.Body.String()), "<dd>"+c.want+"</dd>")
	}
}
