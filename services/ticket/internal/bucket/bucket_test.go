package bucket_test

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/bucket"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOpen(t *testing.T) {
	for _, address := range []string{
		"", "attachments", "file://attachments", "file:attachments", "file:///srv/a?create_dir=true", "https://bucket", "s3://bucket?region=x&nonsense=1", "file:///proc/none",
	} {
		_, err := bucket.Open(t.Context(), address)
		require.ErrorContains(t, err, "attachments-url", address)
	}
}

// TestBucket is what both kinds must do.
func TestBucket(t *testing.T) {
	t.Run("folder", func(t *testing.T) { testBucket(t, "file://"+t.TempDir()+"/not/yet") })
	t.Run("s3", func(t *testing.T) {
		for name, value := range map[string]string{
			"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true",
		} {
			t.Setenv(name, value)
		}
		server := httptest.NewServer(&objectStore{t: t, objects: map[string][]byte{}})
		t.Cleanup(server.Close)
		t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
		testBucket(t, "s3://files?region=eu-central-1&use_path_style=true&prefix=altis/&endpoint="+server.URL)
	})
}

func testBucket(t *testing.T, address string) {
	b, err := bucket.Open(t.Context(), address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	content := bytes.Repeat([]byte("0123456789"), 10_000)
	name := func(n int) string {
		sum := strings.Repeat(fmt.Sprintf("%02x", n), 32)
		return sum[:2] + "/" + sum + "-id-1"
	}
	for n := range 3 {
		spooled, err := b.Spool(bytes.NewReader(content), 1<<20)
		require.NoError(t, err)
		require.EqualValues(t, len(content), spooled.Size())
		require.NoError(t, b.Put(t.Context(), name(n), spooled))
		require.NoError(t, spooled.Close())
	}
	read := func(offset, length int64) string {
		r, err := b.Read(t.Context(), name(1), offset, length)
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		require.NoError(t, r.Close())
		return string(text)
	}
	require.Equal(t, string(content), read(0, -1))
	require.Equal(t, "56789", read(5, 5))
	require.Equal(t, "789", read(99_997, -1))

	before := func(at time.Time) (found []string) {
		require.NoError(t, b.Before(t.Context(), at, func(objects []string) error {
			found = append(found, objects...)
			return nil
		}))
		return found
	}
	require.Equal(t, []string{name(0), name(1), name(2)}, before(time.Now().Add(time.Hour)))
	require.Empty(t, before(time.Now().Add(-time.Hour)))
	require.NoError(t, b.Delete(t.Context(), name(1)))
	require.NoError(t, b.Delete(t.Context(), name(1)), "once more")
	require.Equal(t, []string{name(0), name(2)}, before(time.Now().Add(time.Hour)))
	_, err = b.Read(t.Context(), name(1), 0, -1)
	require.ErrorIs(t, err, fault.Unavailable)
}

func TestSpool(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	b, err := bucket.Open(t.Context(), "file://"+t.TempDir())
	require.NoError(t, err)
	for _, test := range []struct{ content, kind string }{
		{"GET / 502", "text/plain; charset=utf-8"},
		{"<html><script>alert(1)</script>", "text/html; charset=utf-8"},
		{"\x89PNG\r\n\x1a\n", "image/png"},
		{"%PDF-1.7", "application/pdf"},
		{"MZ\x90\x00\x03\x00", "application/octet-stream"},
	} {
		s, err := b.Spool(iotestOneByte{strings.NewReader(test.content)}, 100)
		require.NoError(t, err)
		require.Equal(t, test.kind, s.ContentType(), "whatever the file is called")
		require.Empty(t, names(t, folder), "it goes with the process")
		require.NoError(t, s.Close())
	}
	_, err = b.Spool(strings.NewReader(strings.Repeat("x", 101)), 100)
	require.Equal(t, "ATTACHMENT_TOO_LARGE", fault.ReasonOf(err))
	_, err = b.Spool(io.MultiReader(strings.NewReader("x"), failing{}), 100)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Empty(t, names(t, folder))
}

type iotestOneByte struct{ io.Reader }

func (o iotestOneByte) Read(p []byte) (int, error) { return o.Reader.Read(p[:min(1, len(p))]) }

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func names(t *testing.T, folder string) (list []string) {
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

// objectStore speaks as much of S3 as a bucket needs.
type objectStore struct {
	t       *testing.T
	mu      sync.Mutex
	objects map[string][]byte
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

func (s *objectStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := strings.TrimPrefix(r.URL.Path, "/files/")
	content, found := s.objects[key]
	switch {
	case r.Method == http.MethodPut:
		body, err := io.ReadAll(r.Body)
		if err != nil {
			s.t.Error(err)
		}
		s.objects[key] = body
		w.Header().Set("ETag", `"x"`)
	case r.Method == http.MethodDelete:
		delete(s.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case r.URL.Query().Get("list-type") == "2":
		list := listing{Name: "files"}
		for key, content := range s.objects {
			if strings.HasPrefix(key, r.URL.Query().Get("prefix")) {
				list.Contents = append(list.Contents, listed{key, time.Now().UTC().Format(time.RFC3339), `"x"`, len(content)})
			}
		}
		slices.SortFunc(list.Contents, func(a, b listed) int { return cmp.Compare(a.Key, b.Key) })
		list.KeyCount = len(list.Contents)
		_ = xml.NewEncoder(w).Encode(list)
	case !found:
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<Error><Code>NoSuchKey</Code></Error>")
	default:
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	}
}
