// Package web serves the dashboard, which is built by Vite into dist and embedded.
//
// Without a build a page says how to make one, so that Go code builds without Node.
package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed all:dist
var dist embed.FS

//go:embed placeholder.html
var placeholder []byte

// Built is what Vite built, or nothing but a placeholder.
func Built() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil { // the name is valid
		panic(err)
	}
	return sub
}

const (
	index     = "index.html"
	loginPage = "login" // asks for nobody
	// assets has files whose names change with their content.
	assets = "assets/"

	// The scripts within pages are ours, by their hashes. The one policy of Trusted Types can give the address of the
	// service worker, and nothing else (src/worker.ts).
	contentSecurityPolicy = "default-src 'none'; script-src 'self'%s; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
		"connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
		"require-trusted-types-for 'script'; trusted-types altis-worker"
)

// inline are the scripts that a build has within its pages.
var inline = []string{"theme.js", "early.js"}

// types are those of a build. The machine's own table may lack some.
var types = map[string]string{
	".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".json": "application/json", ".png": "image/png", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8",
	".webmanifest": "application/manifest+json", ".woff2": "font/woff2",
}

// file is a file of the build with its encodings.
type file struct {
	kind, cache string
	vary        bool // whether other encodings are there
	variants    map[string]variant
}

// variant is a file in one encoding.
type variant struct {
	content []byte
	etag    string
}

// Site is the built dashboard. Its methods may be called concurrently.
type Site struct {
	files  map[string]*file
	places []place
	first  []string // the files that every page needs first
	policy string   // of their content
}

// New reads a build: files, each with .br and .gz beside it where that is worth it. Without index.html it serves the
// placeholder.
func New(build fs.FS) (*Site, error) {
	s := &Site{files: map[string]*file{}}
	err := fs.WalkDir(build, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && name == hidden {
			return fs.SkipDir
		}
		if err != nil || entry.IsDir() || strings.HasPrefix(entry.Name(), ".") || encoded(name) {
			return err
		}
		f, err := read(build, name)
		s.files[name] = f
		return err
	})
	if err == nil {
		s.places, s.first, err = readPlaces(build)
	}
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	if s.files[index] == nil {
		s.files[index] = &file{kind: types[".html"], cache: "no-cache", variants: map[string]variant{"": newVariant(placeholder, "")}}
	}
	s.policy = s.contentPolicy()
	return s, nil
}

// contentPolicy allows the scripts within pages as they are in the build.
func (s *Site) contentPolicy() string {
	var hashes strings.Builder
	for _, name := range inline {
		if f := s.files[name]; f != nil {
			sum := sha256.Sum256(f.variants[""].content)
			hashes.WriteString(" 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'")
		}
	}
	return fmt.Sprintf(contentSecurityPolicy, hashes.String())
}

func encoded(name string) bool {
	for _, suffix := range encodings {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

func read(build fs.FS, name string) (*file, error) {
	kind, ok := types[path.Ext(name)]
	if !ok {
		return nil, fmt.Errorf("%s: add its media type", name)
	}
	f := &file{kind: kind, cache: "no-cache", variants: map[string]variant{}}
	if strings.HasPrefix(name, assets) {
		f.cache = "public, max-age=31536000, immutable"
	}
	content, err := fs.ReadFile(build, name)
	if err != nil {
		return nil, err
	}
	f.variants[""] = newVariant(content, "")
	for encoding, suffix := range encodings {
		content, err := fs.ReadFile(build, name+suffix)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		f.variants[encoding], f.vary = newVariant(content, encoding), true
	}
	return f, nil
}

func newVariant(content []byte, encoding string) variant {
	sum := sha256.Sum256(content)
	return variant{content: content, etag: `"` + hex.EncodeToString(sum[:8]) + encoding + `"`}
}

// Serve answers with a file of the dashboard, or with its page where a browser navigates. It reports whether it did: a
// missing file is the caller's to refuse, never a page. To a session the browser is told to ask whose it is, and for what
// the page shows, at once, before it has read the page's scripts.
func (s *Site) Serve(w http.ResponseWriter, r *http.Request, session bool) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if f, ok := s.files[name]; ok {
		f.serve(w, r, s.policy)
		return true
	}
	if name != "" && !navigates(r) {
		return false
	}
	document, asks := s.at(r.URL.Path)
	if document == nil {
		document = s.files[index]
	}
	need(w, s.first)
	if session && name != loginPage {
		preload(w, "/v1/me")
		if r.URL.RawQuery == "" { // a query may ask for something else
			preload(w, asks...)
		}
	}
	document.serve(w, r, s.policy)
	return true
}

// need tells the browser to fetch files of the page, before it reads the page and before anything else.
func need(w http.ResponseWriter, files []string) {
	for _, f := range files {
		how := "modulepreload"
		if path.Ext(f) == ".css" {
			how = "preload; as=style"
		}
		w.Header().Add("Link", "<"+f+">; rel="+how+"; crossorigin")
	}
}

// preload tells the browser to ask the API, as the page is going to.
func preload(w http.ResponseWriter, asks ...string) {
	for _, ask := range asks {
		w.Header().Add("Link", "<"+ask+">; rel=preload; as=fetch; crossorigin")
	}
}

// navigates reports whether a browser wants a page. Paths of files are none, nor are unclean paths, which other servers
// read as different ones.
func navigates(r *http.Request) bool {
	p := r.URL.Path
	return strings.Contains(r.Header.Get("Accept"), "text/html") &&
		path.Clean(p) == p && path.Ext(p) == "" && !strings.HasPrefix(p, "/"+assets)
}

func (f *file) serve(w http.ResponseWriter, r *http.Request, policy string) {
	h := w.Header()
	encoding := ""
	if f.vary {
		h.Set("Vary", "Accept-Encoding")
		encoding = f.choose(r.Header.Get("Accept-Encoding"))
	}
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	v := f.variants[encoding]
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", f.cache)
	h.Set("ETag", v.etag)
	h.Set("Content-Security-Policy", policy)
	r.Header.Del("Range") // ranges of an encoding are of no use, and whole files are small
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(v.content))
}
