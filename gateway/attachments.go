package gateway

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/fault"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

const (
	attachmentsPath = "/v1/attachments"
	// maxUpload is the limit of the service, which is kept here too lest a service sees what it refuses.
	maxUpload = 25 << 20
	// uploadChunk is how much of an upload is held in memory, and uploadKept how much of its beginning, to send it once more.
	uploadChunk = 64 << 10
	uploadKept  = 4 * uploadChunk
	// stallTimeout ends transfers that do not move, transferTimeout all.
	stallTimeout    = 30 * time.Second
	transferTimeout = 15 * time.Minute
	// transfersPerCredential bounds what one client has under way at this process.
	transfersPerCredential = 16
)

const (
	reasonFileTooLarge = "ATTACHMENT_TOO_LARGE"
	reasonRange        = "RANGE_NOT_SATISFIABLE"
)

func errFileTooLarge() error {
	return fault.Newf(fault.Exhausted, reasonFileTooLarge, "a file can have at most %d MiB", maxUpload>>20)
}

// transfer gives a transfer of a file its time and one of the client's places.
func (g *Gateway) transfer(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		leave, err := g.transfers.enter(credentialStreams(credentialOf(r.Context())))
		if err != nil {
			g.problem(w, r, err)
			return
		}
		defer leave()
		ctx, cancel := context.WithTimeout(r.Context(), transferTimeout)
		defer cancel()
		h(w, r.WithContext(ctx))
	}
}

// upload passes the body of a request on as it comes.
func (g *Gateway) upload(w http.ResponseWriter, r *http.Request) {
	name, err := uploadName(r)
	if err == nil && r.ContentLength > maxUpload {
		err = errFileTooLarge()
	}
	if err != nil {
		g.problem(w, r, err)
		return
	}
	header := &ticketv1.UploadHeader{Filename: name, Size: max(r.ContentLength, 0)}
	body := &moving{Reader: http.MaxBytesReader(w, r.Body, maxUpload), control: http.NewResponseController(w)}
	a, err := g.passOn(r.Context(), body, header)
	cred := credentialOf(r.Context())
	g.limits.proven.note(cred, err)
	if refused(err) && cred.secret != "" {
		// The token was kept from an earlier request: the credential may still be good for a new one.
		g.tokens.expire(cred.key, "")
		if body.rewind() {
			a, err = g.passOn(r.Context(), body, header)
		}
	}
	if refused(err) && cred.secret != "" {
		// What the client has sent is gone, so that the client has to repeat it.
		err = &fault.Error{Kind: fault.Unavailable, Reason: "LOGIN_RENEWED", Msg: "the login was renewed: send the file again", RetryAfter: time.Second, Err: err}
	}
	if err != nil {
		g.problem(w, r, err)
		return
	}
	answer, err := g.json.Marshal(a)
	if err != nil {
		g.problem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(answer) // the client has gone
}

// passOn sends a file to the service. It returns early when the service refuses it.
func (g *Gateway) passOn(ctx context.Context, body *moving, header *ticketv1.UploadHeader) (*ticketv1.Attachment, error) {
	ctx, cancel := context.WithCancel(ctx) // tells the service, too, when the body breaks off
	defer cancel()
	stream, err := g.attachments.Upload(ctx)
	if err != nil {
		return nil, err
	}
	err = stream.Send(&ticketv1.UploadRequest{Part: &ticketv1.UploadRequest_Header{Header: header}})
	buffer := make([]byte, uploadChunk)
	for err == nil {
		n, readErr := io.ReadFull(body, buffer)
		if n > 0 {
			// A copy each time: over TCP a message may be read after Send.
			err = stream.Send(&ticketv1.UploadRequest{Part: &ticketv1.UploadRequest_Chunk{Chunk: append([]byte(nil), buffer[:n]...)}})
		}
		switch {
		case err != nil:
		case errors.Is(readErr, io.EOF), n > 0 && errors.Is(readErr, io.ErrUnexpectedEOF) && body.ended:
			return stream.CloseAndRecv()
		case readErr != nil:
			if _, ok := errors.AsType[*http.MaxBytesError](readErr); ok {
				return nil, errFileTooLarge()
			}
			return nil, &fault.Error{Kind: fault.Invalid, Reason: "BODY_UNREADABLE", Msg: "the body ended early", Err: readErr}
		}
	}
	if errors.Is(err, io.EOF) { // the service has ended the call
		_, err = stream.CloseAndRecv()
		if err == nil || errors.Is(err, io.EOF) {
			err = fault.New(fault.Unavailable, "STREAM_ENDED", "the file was not taken as a whole")
		}
	}
	return nil, err
}

// moving is a body that may take long as a whole, but not from one part to the next. A service refuses a token before it has
// read much: until then the body can be read from its beginning again.
type moving struct {
	io.Reader
	control *http.ResponseController
	ended   bool   // in order
	kept    []byte // the beginning, as far as it was read
	gone    bool   // more was read than is kept
}

func (m *moving) Read(p []byte) (int, error) {
	// Where there is no connection, as in tests, there is no limit.
	if err := m.control.SetReadDeadline(time.Now().Add(stallTimeout)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	n, err := m.Reader.Read(p)
	m.ended = errors.Is(err, io.EOF)
	if m.gone = m.gone || len(m.kept)+n > uploadKept; m.gone {
		m.kept = nil
	} else {
		m.kept = append(m.kept, p[:n]...)
	}
	return n, err
}

// rewind has the body read from its beginning again, once, and reports whether that can be.
func (m *moving) rewind() bool {
	if m.gone {
		return false
	}
	m.Reader, m.kept, m.gone = io.MultiReader(bytes.NewReader(m.kept), m.Reader), nil, true
	return true
}

// uploadName returns the name that a request gives its file.
func uploadName(r *http.Request) (string, error) {
	query := r.URL.Query()
	for name := range query {
		if name != "filename" {
			return "", fault.InvalidField(name, reasonUnknown, "there is no such parameter")
		}
	}
	if !queryIsUTF8(r) {
		return "", errNotUTF8("the address")
	}
	if name := query.Get("filename"); name != "" {
		return name, nil
	}
	if disposition := r.Header.Get("Content-Disposition"); disposition != "" {
		_, parameters, err := mime.ParseMediaType(disposition)
		if err != nil {
			return "", fault.InvalidField("filename", "MALFORMED", "the header Content-Disposition cannot be read")
		}
		if name := parameters["filename"]; name != "" {
			return name, nil
		}
	}
	return "", fault.InvalidField("filename", "REQUIRED", "name the file by the parameter filename or the header Content-Disposition")
}

// download sends a file to be saved.
func (g *Gateway) download(w http.ResponseWriter, r *http.Request) {
	call, cancel := context.WithTimeout(r.Context(), callTimeout)
	a, err := g.attachments.GetAttachment(call, &ticketv1.GetAttachmentRequest{Attachment: strings.TrimPrefix(r.URL.Path, attachmentsPath+"/")})
	cancel()
	if err != nil {
		g.problem(w, r, err)
		return
	}
	etag := `"` + a.GetSha256() + `"`
	part, err := rangeOf(r, etag, a.GetSize())
	if err != nil {
		w.Header().Set("Content-Range", fmt.Sprintf("bytes */%d", a.GetSize()))
		g.problem(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.GetContentType())
	secureDownload(h, a.GetFilename())
	// Asked for again each time, so that who may not see the ticket any more gets it from no cache.
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", etag)
	h.Set("Accept-Ranges", "bytes")
	if matches(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	g.sendPart(w, r, a, part)
}

func (g *Gateway) sendPart(w http.ResponseWriter, r *http.Request, a *ticketv1.Attachment, part *byteRange) {
	h, req, status := w.Header(), &ticketv1.DownloadRequest{Attachment: a.GetId()}, http.StatusOK
	length := a.GetSize()
	if part != nil {
		length, status = part.length, http.StatusPartialContent
		req.Offset, req.Limit = part.offset, part.length
		h.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", part.offset, part.offset+part.length-1, a.GetSize()))
	}
	h.Set("Content-Length", strconv.FormatInt(length, 10))
	if r.Method == http.MethodHead {
		w.WriteHeader(status)
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	stream, err := g.attachments.Download(ctx, req)
	var first *ticketv1.DownloadResponse
	if err == nil {
		first, err = stream.Recv() // until then a refusal can still be a problem
	}
	if err == nil && first.GetAttachment() == nil {
		err = errDownloadMalformed()
	}
	if err != nil {
		for _, name := range []string{"Content-Length", "Content-Range", "Content-Disposition", "ETag", "Accept-Ranges"} {
			h.Del(name)
		}
		g.problem(w, r, err)
		return
	}
	w.WriteHeader(status)
	sendChunks(w, stream.Recv)
}

func errDownloadMalformed() error { return fault.New(fault.Internal, "DOWNLOAD_MALFORMED", "") }

// sendChunks sends the parts of a download that follow the first. The client has time for each, not for all.
func sendChunks[P interface{ GetChunk() []byte }](w http.ResponseWriter, next func() (P, error)) {
	control := http.NewResponseController(w)
	defer func() { _ = control.SetWriteDeadline(time.Time{}) }() // the connection's next answers have no limit
	for {
		part, err := next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err == nil {
			if err = control.SetWriteDeadline(time.Now().Add(stallTimeout)); errors.Is(err, http.ErrNotSupported) {
				err = nil
			}
		}
		if err == nil {
			_, err = w.Write(part.GetChunk())
		}
		if err != nil {
			panic(http.ErrAbortHandler) // the client must see that this is not all
		}
	}
}

// secureDownload has a browser save what is sent: whatever it is, it is never shown as a page of this site.
func secureDownload(h http.Header, filename string) {
	h.Set("Content-Disposition", disposition(filename))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// disposition is the header of a file to be saved, for browsers of every age (RFC 6266).
func disposition(name string) string {
	ascii := strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || strings.ContainsRune(`"\%`, r) {
			return '_'
		}
		return r
	}, name)
	encoded := strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	return `attachment; filename="` + ascii + `"; filename*=UTF-8''` + encoded
}

func matches(list, etag string) bool {
	for entry := range strings.SplitSeq(list, ",") {
		if entry = strings.TrimSpace(entry); entry == "*" || strings.TrimPrefix(entry, "W/") == etag {
			return true
		}
	}
	return false
}

// byteRange is a part of a file.
type byteRange struct{ offset, length int64 }

// rangeOf returns the range that a request asks for, nil for all: also when it asks for several, or for what only a client
// knows who has another content.
func rangeOf(r *http.Request, etag string, size int64) (*byteRange, error) {
	spec, ok := strings.CutPrefix(r.Header.Get("Range"), "bytes=")
	if condition := r.Header.Get("If-Range"); !ok || strings.Contains(spec, ",") || condition != "" && condition != etag {
		return nil, nil
	}
	from, to, ok := strings.Cut(strings.TrimSpace(spec), "-")
	if !ok {
		return nil, nil
	}
	first, err := strconv.ParseUint(from, 10, 62)
	last, err2 := strconv.ParseUint(to, 10, 62)
	switch {
	case from == "" && err2 == nil && last > 0: // the last bytes
		n := min(int64(last), size)
		return &byteRange{size - n, n}, nil
	case err == nil && int64(first) < size && to == "":
		return &byteRange{int64(first), size - int64(first)}, nil
	case err == nil && err2 == nil && first <= last && int64(first) < size:
		return &byteRange{int64(first), min(int64(last), size-1) - int64(first) + 1}, nil
	case err == nil && int64(first) >= size, from == "" && err2 == nil:
		return nil, fault.Newf(fault.Invalid, reasonRange, "the file has %d bytes", size)
	}
	return nil, nil
}
