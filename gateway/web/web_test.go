package web

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

var build = fstest.MapFS{
	".gitkeep":           {},
	"index.html":         {Data: []byte("<title>index</title>")},
	"index.html.br":      {Data: []byte("index in br")},
	"favicon.svg":        {Data: []byte("<svg/>")},
	"assets/app-1.js":    {Data: []byte("app")},
	"assets/app-1.js.br": {Data: []byte("app in br")},
	"assets/app-1.js.gz": {Data: []byte("app in gzip")},
}

func get(t *testing.T, s *Site, method, path string, headers map[string]string) (*httptest.ResponseRecorder, bool) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	return w, s.Serve(w, r, false)
}

func TestServe(t *testing.T) {
	s, err := New(build)
	require.NoError(t, err)
	html := map[string]string{"Accept": "text/html,*/*;q=0.8"}
	for _, c := range []struct {
		name, method, path string
		headers            map[string]string
		refused            bool
		body, kind, cache  string
	}{
		{name: "root", path: "/", body: "<title>index</title>", kind: "text/html; charset=utf-8", cache: "no-cache"},
		{name: "page", path: "/support/4711", headers: html, body: "<title>index</title>", kind: "text/html; charset=utf-8", cache: "no-cache"},
		{name: "page that a script asks for", path: "/support/4711", refused: true},
		{name: "head of a page", method: "HEAD", path: "/support", headers: html, kind: "text/html; charset=utf-8", cache: "no-cache"},
		{name: "post to a page", method: "POST", path: "/support", headers: html, refused: true},
		{name: "asset", path: "/assets/app-1.js", body: "app", kind: "text/javascript; charset=utf-8", cache: "public, max-age=31536000, immutable"},
		{name: "asset of an older release", path: "/assets/app-0.js", headers: html, refused: true},
		{name: "directory of assets", path: "/assets", headers: html, body: "<title>index</title>", kind: "text/html; charset=utf-8", cache: "no-cache"},
		{name: "other file", path: "/favicon.svg", body: "<svg/>", kind: "image/svg+xml", cache: "no-cache"},
		{name: "missing file", path: "/robots.txt", headers: html, refused: true},
		{name: "encoded file by its name", path: "/assets/app-1.js.br", headers: html, refused: true},
		{name: "hidden file", path: "/.gitkeep", headers: html, refused: true},
		{name: "unclean path", path: "//support", headers: html, refused: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.method == "" {
				c.method = http.MethodGet
			}
			w, served := get(t, s, c.method, c.path, c.headers)
			require.Equal(t, !c.refused, served)
			if c.refused {
				require.Empty(t, w.Header())
				return
			}
			require.Equal(t, http.StatusOK, w.Code)
			require.Equal(t, c.body, w.Body.String())
			require.Equal(t, c.kind, w.Header().Get("Content-Type"))
			require.Equal(t, c.cache, w.Header().Get("Cache-Control"))
			require.Contains(t, w.Header().Get("Content-Security-Policy"), "require-trusted-types-for 'script'; trusted-types altis-worker")
			require.NotContains(t, w.Header().Get("Content-Security-Policy"), "unsafe")
		})
	}
}

func TestScriptsWithinPages(t *testing.T) {
	scripted := maps.Clone(build)
	scripted["theme.js"] = &fstest.MapFile{Data: []byte("alert('dark')")}
	scripted["early.js"] = &fstest.MapFile{Data: []byte("alert('light')")}
	s, err := New(scripted)
	require.NoError(t, err)
	w, _ := get(t, s, http.MethodGet, "/", nil)
	require.Contains(t, w.Header().Get("Content-Security-Policy"),
		"; script-src 'self' 'sha256-aQRPjLOb7gD0K0LKfFw/c3uEcSYQyS4Y5Hf7CX8xiQM=' 'sha256-g8CFho/parQyTS9dQJ49giPrTupyTlxjNvr2fEeUAPI='; ", "within the page these scripts run, and no others")
	s, err = New(build)
	require.NoError(t, err)
	w, _ = get(t, s, http.MethodGet, "/", nil)
	require.Contains(t, w.Header().Get("Content-Security-Policy"), "; script-src 'self'; ")
}

func TestEncodings(t *testing.T) {
	s, err := New(build)
	require.NoError(t, err)
	for _, c := range []struct{ name, accept, encoding, body string }{
		{name: "none", body: "app"},
		{name: "browser", accept: "gzip, deflate, br, zstd", encoding: "br", body: "app in br"},
		{name: "gzip only", accept: "gzip", encoding: "gzip", body: "app in gzip"},
		{name: "weights", accept: "br;q=0.2, gzip;q=0.8", encoding: "gzip", body: "app in gzip"},
		{name: "refused", accept: "br;q=0, gzip", encoding: "gzip", body: "app in gzip"},
		{name: "all refused", accept: "br;q=0, *;q=0", body: "app"},
		{name: "anything", accept: "*", encoding: "br", body: "app in br"},
		{name: "anything but one", accept: "*, br;q=0", encoding: "gzip", body: "app in gzip"},
		{name: "no number", accept: "br;q=NaN", body: "app"},
		{name: "case and blanks", accept: " GZIP ; Q = 1 ", encoding: "gzip", body: "app in gzip"},
		{name: "unknown", accept: "compress, identity", body: "app"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, served := get(t, s, http.MethodGet, "/assets/app-1.js", map[string]string{"Accept-Encoding": c.accept})
			require.True(t, served)
			require.Equal(t, c.encoding, w.Header().Get("Content-Encoding"))
			require.Equal(t, c.body, w.Body.String())
			require.Equal(t, "Accept-Encoding", w.Header().Get("Vary"))
		})
	}
	w, _ := get(t, s, http.MethodGet, "/favicon.svg", map[string]string{"Accept-Encoding": "br"})
	require.Empty(t, w.Header().Get("Vary"), "there is one encoding only")
}

func TestRevalidation(t *testing.T) {
	s, err := New(build)
	require.NoError(t, err)
	first, _ := get(t, s, http.MethodGet, "/", map[string]string{"Accept-Encoding": "br"})
	etag := first.Header().Get("ETag")
	require.NotEmpty(t, etag)
	again, _ := get(t, s, http.MethodGet, "/", map[string]string{"Accept-Encoding": "br", "If-None-Match": etag})
	require.Equal(t, http.StatusNotModified, again.Code)
	require.Empty(t, again.Body.String())
	other, _ := get(t, s, http.MethodGet, "/", map[string]string{"If-None-Match": etag})
	require.Equal(t, http.StatusOK, other.Code, "another encoding is another answer")
}

func TestWithoutBuild(t *testing.T) {
	s, err := New(fstest.MapFS{".gitkeep": {}})
	require.NoError(t, err)
	w, served := get(t, s, http.MethodGet, "/support", map[string]string{"Accept": "text/html"})
	require.True(t, served)
	require.Contains(t, w.Body.String(), "make web")
	require.Equal(t, "no-cache", w.Header().Get("Cache-Control"))
	_, served = get(t, s, http.MethodGet, "/assets/app-1.js", nil)
	require.False(t, served)
}

func TestUnknownMediaType(t *testing.T) {
	_, err := New(fstest.MapFS{"assets/app.wasm": {}})
	require.ErrorContains(t, err, "app.wasm")
}

func TestEmbedded(t *testing.T) {
	s, err := New(Built())
	require.NoError(t, err, "every file of the build has a media type")
	w, served := get(t, s, http.MethodGet, "/", nil)
	require.True(t, served)
	require.Contains(t, w.Body.String(), "<title>")
}

// A build with the documents of places: a ticket's and the login's.
func withPlaces() fstest.MapFS {
	places := maps.Clone(build)
	maps.Copy(places, fstest.MapFS{
		".pages/ticket.html":    {Data: []byte("<title>ticket</title>")},
		".pages/ticket.html.br": {Data: []byte("ticket in br")},
		".pages/new.html":       {Data: []byte("<title>new</title>")},
		".pages/login.html":     {Data: []byte("<title>login</title>")},
		".pages/places.json": {Data: []byte(`{"first": ["/assets/app-1.js", "/assets/app-1.css"], "places": [
			{"path": "/login", "page": "login"},
			{"path": "/tickets/new", "page": "new"},
			{"path": "/tickets/{number}", "page": "ticket", "asks": ["/v1/tickets/{number}", "/v1/tickets/{number}/messages?pageSize=100"]}
		]}`)},
	})
	return places
}

func TestPlaces(t *testing.T) {
	s, err := New(withPlaces())
	require.NoError(t, err)
	const app, style = "</assets/app-1.js>; rel=modulepreload; crossorigin", "</assets/app-1.css>; rel=preload; as=style; crossorigin"
	const how = "; rel=preload; as=fetch; crossorigin"
	me, ticket, messages := "</v1/me>"+how, "</v1/tickets/4711>"+how, "</v1/tickets/4711/messages?pageSize=100>"+how
	for _, c := range []struct {
		path, encoding string
		session        bool
		body           string
		links          []string
	}{
		{path: "/", session: true, body: "<title>index</title>", links: []string{app, style, me}},
		{path: "/tickets/4711", session: true, body: "<title>ticket</title>", links: []string{app, style, me, ticket, messages}},
		{path: "/tickets/4711", session: true, encoding: "br", body: "ticket in br", links: []string{app, style, me, ticket, messages}},
		{path: "/tickets/4711", body: "<title>ticket</title>", links: []string{app, style}},
		{path: "/tickets/4711?tab=mails", session: true, body: "<title>ticket</title>", links: []string{app, style, me}},
		{path: "/tickets/new", session: true, body: "<title>new</title>", links: []string{app, style, me}},
		{path: "/tickets/4711/more", session: true, body: "<title>index</title>", links: []string{app, style, me}},
		{path: "/tickets/%3E%0D%0AX", session: true, body: "<title>index</title>", links: []string{app, style, me}},
		{path: "/login", session: true, body: "<title>login</title>", links: []string{app, style}},
		{path: "/assets/app-1.js", session: true, body: "app"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, c.path, nil)
		r.Header.Set("Accept", "text/html")
		r.Header.Set("Accept-Encoding", c.encoding)
		w := httptest.NewRecorder()
		require.True(t, s.Serve(w, r, c.session), "%+v", c)
		require.Equal(t, c.body, w.Body.String(), "%+v", c)
		require.Equal(t, c.links, w.Header()["Link"], "%+v", c)
	}
	w, served := get(t, s, http.MethodGet, "/.pages/ticket.html", map[string]string{"Accept": "text/html"})
	require.False(t, served, "a document of a place is no file: %s", w.Body)
}

func TestBrokenPlaces(t *testing.T) {
	for name, change := range map[string]func(fstest.MapFS){
		"no document": func(b fstest.MapFS) { delete(b, ".pages/ticket.html") },
		"no list":     func(b fstest.MapFS) { b[".pages/places.json"] = &fstest.MapFile{Data: []byte("{")} },
	} {
		t.Run(name, func(t *testing.T) {
			places := withPlaces()
			change(places)
			_, err := New(places)
			require.Error(t, err)
		})
	}
}
