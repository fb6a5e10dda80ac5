package testkit

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// S3 is a store of objects that speaks as much of S3 as a bucket of
// pkg/objectstore needs.
type S3 struct {
	URL string // of its bucket; no credentials are needed

	t       testing.TB
	mu      sync.Mutex
	objects map[string]object
}

type object struct {
	content []byte
	made    time.Time
}

// ObjectStore starts an S3 that ends with the test.
func ObjectStore(t testing.TB) *S3 {
	t.Helper()
	s := &S3{t: t, objects: map[string]object{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	s.URL = "s3://files?region=eu-central-1&use_path_style=true&anonymous=true&prefix=altis/&endpoint=" + server.URL
	return s
}

// Age makes all objects as much older.
func (s *S3) Age(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, o := range s.objects {
		o.made = o.made.Add(-d)
		s.objects[key] = o
	}
}

// Keys returns the names of all objects.
func (s *S3) Keys() (keys []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.objects {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

type listing struct {
	XMLName  xml.Name `xml:"ListBucketResult"`
	Name     string
	KeyCount int
	Contents []listed
}

type listed struct {
	Key, LastModified, ETag string
	Size                    int
}

// ServeHTTP implements http.Handler.
func (s *S3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := strings.TrimPrefix(r.URL.Path, "/files/")
	found, ok := s.objects[key]
	switch {
	case r.Method == http.MethodPut:
		body, err := io.ReadAll(r.Body)
		if err != nil {
			s.t.Error(err)
		}
		s.objects[key] = object{body, time.Now()}
		w.Header().Set("ETag", `"x"`)
	case r.Method == http.MethodDelete:
		delete(s.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case r.URL.Query().Get("list-type") == "2":
		list := listing{Name: "files"}
		for key, o := range s.objects {
			if strings.HasPrefix(key, r.URL.Query().Get("prefix")) {
				list.Contents = append(list.Contents, listed{key, o.made.UTC().Format(time.RFC3339), `"x"`, len(o.content)})
			}
		}
		slices.SortFunc(list.Contents, func(a, b listed) int { return cmp.Compare(a.Key, b.Key) })
		list.KeyCount = len(list.Contents)
		_ = xml.NewEncoder(w).Encode(list) // the client says what it lacks
	case !ok:
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<Error><Code>NoSuchKey</Code></Error>") // as above
	default:
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(found.content))
	}
}
