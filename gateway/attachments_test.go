package gateway

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// fakeFiles keeps one file.
type fakeFiles struct {
	ticketv1.UnimplementedAttachmentServiceServer
	refusal atomic.Pointer[fault.Error]
	onChunk atomic.Pointer[func(received int64)]
	broken  atomic.Bool // downloads end in the middle
	ended   atomic.Int64

	mu      sync.Mutex
	header  *ticketv1.UploadHeader
	content []byte
}

func (f *fakeFiles) Upload(stream ticketv1.AttachmentService_UploadServer) error {
	defer f.ended.Add(1)
	if refusal := f.refusal.Load(); refusal != nil {
		return refusal
	}
	var header *ticketv1.UploadHeader
	var content []byte
	received := int64(0)
	for {
		part, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if part.GetHeader() != nil {
			header = part.GetHeader()
			continue
		}
		received += int64(len(part.GetChunk()))
		if watch := f.onChunk.Load(); watch != nil {
			(*watch)(received)
			continue
		}
		content = append(content, part.GetChunk()...)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.header, f.content = header, content
	return stream.SendAndClose(f.attachment())
}

func (f *fakeFiles) attachment() *ticketv1.Attachment {
	sum := sha256.Sum256(f.content)
	return &ticketv1.Attachment{
		Id: "a1", Filename: f.header.GetFilename(), ContentType: "text/html; charset=utf-8", Size: int64(len(f.content)), Sha256: hex.EncodeToString(sum[:]),
	}
}

func (f *fakeFiles) find(id string) (*ticketv1.Attachment, []byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if id != "a1" || f.content == nil {
		return nil, nil, fault.New(fault.NotFound, "ATTACHMENT_NOT_FOUND", "there is no such attachment")
	}
	return f.attachment(), f.content, nil
}

func (f *fakeFiles) Download(req *ticketv1.DownloadRequest, stream ticketv1.AttachmentService_DownloadServer) error {
	a, content, err := f.find(req.GetAttachment())
	if err != nil {
		return err
	}
	content = content[req.GetOffset():]
	if req.GetLimit() > 0 {
		content = content[:min(req.GetLimit(), int64(len(content)))]
	}
	if err := stream.Send(&ticketv1.DownloadResponse{Part: &ticketv1.DownloadResponse_Attachment{Attachment: a}}); err != nil {
		return err
	}
	for len(content) > 0 {
		n := min(len(content), 1000)
		if err := stream.Send(&ticketv1.DownloadResponse{Part: &ticketv1.DownloadResponse_Chunk{Chunk: content[:n]}}); err != nil {
			return err
		}
		if f.broken.Load() {
			return fault.New(fault.Unavailable, "GONE", "gone")
		}
		content = content[n:]
	}
	return nil
}

func (f *fakeFiles) GetAttachment(_ context.Context, req *ticketv1.GetAttachmentRequest) (*ticketv1.Attachment, error) {
	a, _, err := f.find(req.GetAttachment())
	return a, err
}

func upload(w *world, name string, body io.Reader, edits ...edit) answer {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.url+"/v1/attachments"+name, body)
	require.NoError(w.t, err)
	return w.do(r, edits...)
}

func TestUpload(t *testing.T) {
	w := setup(t)
	content := bytes.Repeat([]byte("0123456789"), 20_000) // several chunks, and part of one
	tests := []struct {
		name, query string
		edits       []edit
		body        io.Reader
		status      int
		reason      string
		filename    string
	}{
		{name: "by parameter", query: "?filename=caf%C3%A9.txt", body: bytes.NewReader(content), status: 200, filename: "café.txt"},
		{name: "by header", edits: []edit{header("Content-Disposition", `attachment; filename*=UTF-8''caf%C3%A9.txt`)}, body: bytes.NewReader(content), status: 200, filename: "café.txt"},
		{name: "of unknown length", query: "?filename=x", body: io.MultiReader(bytes.NewReader(content)), status: 200, filename: "x"},
		{name: "whatever type it says", query: "?filename=x", edits: []edit{header("Content-Type", "application/json")}, body: bytes.NewReader(content), status: 200, filename: "x"},
		{name: "without a name", body: bytes.NewReader(content), status: 400, reason: "INVALID_FIELD"},
		{name: "with another parameter", query: "?filename=x&size=1", body: bytes.NewReader(content), status: 400, reason: "INVALID_FIELD"},
		{name: "with a broken header", edits: []edit{header("Content-Disposition", `attachment; filename*=x`)}, body: bytes.NewReader(content), status: 400, reason: "INVALID_FIELD"},
		{name: "from another site", query: "?filename=x", edits: []edit{header("Sec-Fetch-Site", "cross-site")}, body: bytes.NewReader(content), status: 403, reason: "CROSS_ORIGIN"},
		{name: "by nobody", query: "?filename=x", edits: []edit{anonymous}, body: bytes.NewReader(content), status: 401, reason: "TOKEN_REQUIRED"},
		{name: "too large", query: "?filename=x", body: bytes.NewReader(make([]byte, maxUpload+1)), status: 413, reason: "ATTACHMENT_TOO_LARGE"},
		{name: "too large, of unknown length", query: "?filename=x", body: io.LimitReader(zeros{}, maxUpload+1), status: 413, reason: "ATTACHMENT_TOO_LARGE"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := upload(w, tt.query, tt.body, tt.edits...)
			require.Equal(t, tt.status, a.StatusCode, a.body)
			if tt.reason != "" {
				require.Equal(t, tt.reason, a.problem.Reason)
				return
			}
			w.files.mu.Lock()
			defer w.files.mu.Unlock()
			require.Equal(t, tt.filename, w.files.header.GetFilename())
			require.True(t, bytes.Equal(content, w.files.content))
			require.Contains(t, a.body, `"id":"a1"`)
		})
	}
	w.files.refusal.Store(fault.New(fault.Exhausted, "UNCLAIMED_LIMIT", "enough"))
	a := upload(w, "?filename=x", bytes.NewReader(content))
	require.Equal(t, http.StatusTooManyRequests, a.StatusCode)
	require.Equal(t, "UNCLAIMED_LIMIT", a.problem.Reason)
	a = w.call(http.MethodGet, "/v1/attachments", "")
	require.Equal(t, http.StatusMethodNotAllowed, a.StatusCode)
}

// TestUploadRenewsARevokedToken shows that a file that was on its way when its person's role changed gets there as a whole.
func TestUploadRenewsARevokedToken(t *testing.T) {
	w := setup(t)
	require.Equal(t, http.StatusOK, w.call("GET", "/v1/me", "").StatusCode)
	w.clock.Advance(time.Second)
	at := w.clock.Now()
	w.identity.revoked.Store(&at)
	content := bytes.Repeat([]byte("0123456789"), 20_000)
	testkit.Eventually(t, func() bool {
		a := upload(w, "?filename=x", bytes.NewReader(content))
		require.Equal(t, http.StatusOK, a.StatusCode, a.body)
		w.files.mu.Lock()
		defer w.files.mu.Unlock()
		require.True(t, bytes.Equal(content, w.files.content))
		return w.identity.exchanges.Load() == 2
	}, "the token is renewed")
}

// TestUploadIsReadAgain shows how far a body can be read from its beginning again.
func TestUploadIsReadAgain(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789"), uploadKept/10+1)
	for _, read := range []int{0, 7, uploadKept, uploadKept + 1, len(content)} {
		body := &moving{Reader: bytes.NewReader(content), control: http.NewResponseController(httptest.NewRecorder())}
		_, err := io.ReadFull(body, make([]byte, read))
		require.NoError(t, err)
		require.Equal(t, read <= uploadKept, body.rewind())
		if read > uploadKept {
			continue
		}
		all, err := io.ReadAll(body)
		require.NoError(t, err)
		require.True(t, bytes.Equal(content, all), "read %d before", read)
		require.True(t, body.ended)
		require.False(t, body.rewind(), "once")
	}
}

// TestUploadEndsEarly shows that what breaks off never looks complete to the service.
func TestUploadEndsEarly(t *testing.T) {
	w := setup(t)
	body, writer := io.Pipe()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+"/v1/attachments?filename=x", body)
	require.NoError(t, err)
	bearer("altis_good")(r)
	failed := make(chan error, 1)
	go func() {
		resp, err := w.client.Do(r)
		if err == nil {
			err = resp.Body.Close()
		}
		failed <- err
	}()
	_, err = writer.Write(make([]byte, 300_000))
	require.NoError(t, err)
	require.NoError(t, writer.CloseWithError(errors.New("unplugged")))
	require.Error(t, <-failed)
	testkit.Eventually(t, func() bool { return w.files.ended.Load() == 1 }, "the service hears of the end")
	w.files.mu.Lock()
	defer w.files.mu.Unlock()
	require.Nil(t, w.files.header, "not taken")
}

// counted counts what is read.
type counted struct {
	io.Reader
	n atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestUploadInPieces shows how much of a file the gateway holds at any time: less than
// a megabyte of 25.
func TestUploadInPieces(t *testing.T) {
	w := setup(t)
	body := &counted{Reader: io.LimitReader(zeros{}, maxUpload)}
	var most atomic.Int64
	watch := func(received int64) { most.Store(max(most.Load(), body.n.Load()-received)) }
	w.files.onChunk.Store(&watch)
	r := httptest.NewRequest(http.MethodPost, "/v1/attachments?filename=x", body)
	bearer("altis_good")(r)
	rec := httptest.NewRecorder()
	w.gateway.Handler().ServeHTTP(rec, r)
	require.Equal(t, http.StatusOK, rec.Code, rec.Body)
	require.EqualValues(t, maxUpload, body.n.Load())
	require.Less(t, most.Load(), int64(1<<20))
}

func TestDownload(t *testing.T) {
	w := setup(t)
	content := strings.Repeat("<script>alert(1)</script>", 500)
	require.Equal(t, 200, upload(w, "?filename=%22naïve%22+50%25.html", strings.NewReader(content)).StatusCode)
	sum := sha256.Sum256([]byte(content))
	etag := `"` + hex.EncodeToString(sum[:]) + `"`

	a := w.call(http.MethodGet, "/v1/attachments/a1", "")
	require.Equal(t, 200, a.StatusCode)
	require.Equal(t, content, a.body)
	for name, want := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "X-Content-Type-Options": "nosniff", "ETag": etag,
		"Content-Security-Policy": "sandbox; default-src 'none'", "Cross-Origin-Resource-Policy": "same-origin",
		"Cache-Control":       "private, no-cache",
		"Content-Disposition": `attachment; filename="_na_ve_ 50_.html"; filename*=UTF-8''%22na%C3%AFve%22%2050%25.html`,
	} {
		require.Equal(t, want, a.Header.Get(name), name)
	}
	tests := []struct {
		name   string
		method string
		edits  []edit
		status int
		body   string
		rang   string
	}{
		{name: "unchanged", edits: []edit{header("If-None-Match", `"x", W/`+etag)}, status: 304},
		{name: "changed", edits: []edit{header("If-None-Match", `"x"`)}, status: 200, body: content},
		{name: "beginning", edits: []edit{header("Range", "bytes=0-7")}, status: 206, body: "<script>", rang: "bytes 0-7/12500"},
		{name: "rest", edits: []edit{header("Range", "bytes=12491-")}, status: 206, body: "</script>", rang: "bytes 12491-12499/12500"},
		{name: "beyond the end", edits: []edit{header("Range", "bytes=12491-99999")}, status: 206, body: "</script>", rang: "bytes 12491-12499/12500"},
		{name: "end", edits: []edit{header("Range", "bytes=-9")}, status: 206, body: "</script>", rang: "bytes 12491-12499/12500"},
		{name: "range of another content", edits: []edit{header("Range", "bytes=0-7"), header("If-Range", `"x"`)}, status: 200, body: content},
		{name: "several ranges", edits: []edit{header("Range", "bytes=0-1,3-4")}, status: 200, body: content},
		{name: "nonsense", edits: []edit{header("Range", "bytes=7-0")}, status: 200, body: content},
		{name: "behind the end", edits: []edit{header("Range", "bytes=12500-")}, status: 416, rang: "bytes */12500"},
		{name: "nothing of the end", edits: []edit{header("Range", "bytes=-0")}, status: 416, rang: "bytes */12500"},
		{name: "head", method: http.MethodHead, status: 200},
		{name: "by nobody", edits: []edit{anonymous}, status: 401},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			method := tt.method
			if method == "" {
				method = http.MethodGet
			}
			a := w.call(method, "/v1/attachments/a1", "", tt.edits...)
			require.Equal(t, tt.status, a.StatusCode, a.body)
			require.Equal(t, tt.rang, a.Header.Get("Content-Range"))
			if tt.status < 400 {
				require.Equal(t, tt.body, a.body)
			}
		})
	}
	a = w.call(http.MethodGet, "/v1/attachments/a2", "")
	require.Equal(t, 404, a.StatusCode)
	require.Equal(t, "ATTACHMENT_NOT_FOUND", a.problem.Reason)

	w.files.broken.Store(true)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"/v1/attachments/a1", nil)
	require.NoError(t, err)
	bearer("altis_good")(r)
	resp, err := w.client.Do(r)
	if err == nil {
		_, err = io.ReadAll(resp.Body)
		err = errors.Join(err, resp.Body.Close())
	}
	require.Error(t, err, "part of a file does not look like all of it")
}

// FuzzRange shows that a range never lies outside of the file.
func FuzzRange(f *testing.F) {
	for _, text := range []string{"bytes=0-", "bytes=-5", "bytes=3-4", "bytes=99999999999999999999-", "bytes=--1", "items=0-1"} {
		f.Add(text, int64(10))
	}
	f.Fuzz(func(t *testing.T, text string, size int64) {
		if size < 1 {
			return
		}
		part, err := rangeOf(&http.Request{Header: http.Header{"Range": {text}}}, "", size)
		if err == nil && part != nil {
			require.True(t, part.offset >= 0 && part.length > 0 && part.offset+part.length <= size, "%+v", part)
		}
	})
}
