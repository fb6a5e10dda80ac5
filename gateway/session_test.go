package gateway

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

const login = `{"email":"` + email + `","password":"` + password + `"}`

func TestLoginSetsTheCookieAndNoMore(t *testing.T) {
	for _, c := range []struct {
		name   string
		secure bool
		cookie string
	}{
		{name: "https", secure: true, cookie: "__Host-altis"},
		{name: "plain", cookie: "altis"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := setup(t, func(cfg *Config) { cfg.PlainHTTP = !c.secure })
			a := w.call("POST", "/v1/auth/login", login, anonymous)
			require.Equal(t, http.StatusOK, a.StatusCode, a.body)
			require.NotContains(t, a.body, "session_1")
			require.Contains(t, a.body, `"person":"ada"`)
			require.Equal(t, c.secure, a.Header.Get("Strict-Transport-Security") != "")

			require.Len(t, a.Cookies(), 1)
			cookie := a.Cookies()[0]
			require.Equal(t, c.cookie, cookie.Name)
			require.Equal(t, "session_1", cookie.Value)
			require.Equal(t, "/", cookie.Path)
			require.Empty(t, cookie.Domain)
			require.True(t, cookie.HttpOnly)
			require.Equal(t, c.secure, cookie.Secure)
			require.Equal(t, http.SameSiteLaxMode, cookie.SameSite)
			require.WithinDuration(t, w.clock.Now().Add(3600e9), cookie.Expires, 1e9)

			with := func(r *http.Request) { anonymous(r); r.AddCookie(cookie) }
			self := w.call("GET", "/v1/me", "", with)
			require.Equal(t, http.StatusOK, self.StatusCode, self.body)
			require.Contains(t, self.body, `"ada"`)

			out := w.call("POST", "/v1/auth/logout", "", with)
			require.Equal(t, http.StatusNoContent, out.StatusCode)
			require.Len(t, out.Cookies(), 1)
			require.Equal(t, c.cookie, out.Cookies()[0].Name)
			require.True(t, out.Cookies()[0].Expires.Before(w.clock.Now()))
			gone := w.call("GET", "/v1/me", "", with)
			require.Equal(t, http.StatusUnauthorized, gone.StatusCode, "the access token is not kept beyond the logout")
			require.Equal(t, "CREDENTIAL_INVALID", gone.problem.Reason)
		})
	}
}

func TestBadLogins(t *testing.T) {
	w := setup(t)
	for _, c := range []struct {
		name, query, body string
		edit              edit
		status            int
		reason            string
		field             string
	}{
		{name: "wrong password", body: `{"email":"ada@example.com","password":"x"}`, status: 401, reason: "CREDENTIALS_INVALID"},
		{name: "no password", body: `{"email":"ada@example.com"}`, status: 400, reason: "INVALID_FIELD", field: "password"},
		{name: "unknown field", body: `{"email":"a","password":"b","otp":"1"}`, status: 400, reason: "INVALID_FIELD", field: "otp"},
		{name: "password in the address", query: "?password=x", body: login, status: 400, reason: "INVALID_FIELD", field: "password"},
		{name: "no body", status: 400, reason: "JSON_MALFORMED"},
		{name: "malformed", body: `{`, status: 400, reason: "JSON_MALFORMED"},
		{name: "form of another site", body: "email=a", edit: header("Content-Type", "text/plain"), status: 415, reason: "MEDIA_TYPE_UNSUPPORTED"},
		{name: "script of another site", body: login, edit: header("Sec-Fetch-Site", "cross-site"), status: 403, reason: "CROSS_ORIGIN"},
		{name: "origin of another site", body: login, edit: header("Origin", "https://evil.example"), status: 403, reason: "CROSS_ORIGIN"},
	} {
		t.Run(c.name, func(t *testing.T) {
			edits := []edit{anonymous}
			if c.edit != nil {
				edits = append(edits, c.edit)
			}
			a := w.call("POST", "/v1/auth/login"+c.query, c.body, edits...)
			require.Equal(t, c.status, a.StatusCode, a.body)
			require.Equal(t, c.reason, a.problem.Reason)
			require.Empty(t, a.Cookies())
			if c.field != "" {
				require.Len(t, a.problem.Fields, 1)
				require.Equal(t, c.field, a.problem.Fields[0].Path)
			}
		})
	}
}

func TestCookieRequestsFromOtherSitesChangeNothing(t *testing.T) {
	w := setup(t)
	cookie := w.call("POST", "/v1/auth/login", login, anonymous).Cookies()[0]
	with := func(r *http.Request) { anonymous(r); r.AddCookie(cookie) }
	for _, c := range []struct {
		name   string
		edit   edit
		status int
	}{
		{name: "own page", edit: header("Sec-Fetch-Site", "same-origin"), status: 200},
		{name: "own origin", edit: header("Origin", w.url), status: 200},
		{name: "other site", edit: header("Sec-Fetch-Site", "cross-site"), status: 403},
		{name: "other host of the site", edit: header("Sec-Fetch-Site", "same-site"), status: 403},
		{name: "other origin", edit: header("Origin", "https://evil.example"), status: 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.status, w.call("POST", "/v1/tickets", incident, with, c.edit).StatusCode)
		})
	}
}

func TestLogoutWithoutCookie(t *testing.T) {
	w := setup(t)
	require.Equal(t, http.StatusNoContent, w.call("POST", "/v1/auth/logout", "", anonymous).StatusCode)
	require.Zero(t, w.identity.sessions.Load(), "identity is not asked")
}
