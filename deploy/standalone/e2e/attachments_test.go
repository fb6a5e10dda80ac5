package e2e

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// files are the two ways to send and get files.
var files = []struct {
	name     string
	upload   func(t *testing.T, p *harness.Person, name string, content []byte) (*ticketv1.Attachment, error)
	download func(t *testing.T, p *harness.Person, id string) ([]byte, error)
}{
	{"REST", uploadREST, downloadREST},
	{"gRPC", uploadGRPC, downloadGRPC},
}

func uploadREST(t *testing.T, p *harness.Person, name string, content []byte) (*ticketv1.Attachment, error) {
	a := p.Do(t, http.MethodPost, "/v1/attachments?filename="+url.QueryEscape(name), content, nil)
	if a.Status != http.StatusOK {
		return nil, refusalOf(t, a)
	}
	got := &ticketv1.Attachment{}
	return got, protojson.Unmarshal(a.Body, got)
}

func downloadREST(t *testing.T, p *harness.Person, id string) ([]byte, error) {
	a := p.Do(t, http.MethodGet, "/v1/attachments/"+id, nil, nil)
	if a.Status != http.StatusOK {
		return nil, refusalOf(t, a)
	}
	require.True(t, strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment;"), a.Header)
	require.Equal(t, "sandbox; default-src 'none'", a.Header.Get("Content-Security-Policy"))
	require.Equal(t, "nosniff", a.Header.Get("X-Content-Type-Options"))
	return a.Body, nil
}

// refusalOf makes a fault of a problem, by which both ways can be compared.
func refusalOf(t *testing.T, a harness.Answer) error {
	problem, err := a.Problem()
	require.NoError(t, err, "%s", a.Body)
	kind := map[int]fault.Kind{400: fault.Invalid, 404: fault.NotFound, 413: fault.Exhausted, 503: fault.Unavailable}[a.Status]
	return fault.New(kind, problem.Reason, problem.Detail)
}

func uploadGRPC(t *testing.T, p *harness.Person, name string, content []byte) (*ticketv1.Attachment, error) {
	return send(t.Context(), p.GRPC(), &ticketv1.UploadHeader{Filename: name, Size: int64(len(content))}, content)
}

func send(ctx context.Context, conn grpc.ClientConnInterface, header *ticketv1.UploadHeader, content []byte) (*ticketv1.Attachment, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := ticketv1.NewAttachmentServiceClient(conn).Upload(ctx)
	if err != nil {
		return nil, err
	}
	err = stream.Send(&ticketv1.UploadRequest{Part: &ticketv1.UploadRequest_Header{Header: header}})
	for len(content) > 0 && err == nil {
		n := min(len(content), 100_000)
		err = stream.Send(&ticketv1.UploadRequest{Part: &ticketv1.UploadRequest_Chunk{Chunk: content[:n]}})
		content = content[n:]
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return stream.CloseAndRecv()
}

func downloadGRPC(t *testing.T, p *harness.Person, id string) ([]byte, error) {
	stream, err := ticketv1.NewAttachmentServiceClient(p.GRPC()).Download(t.Context(), &ticketv1.DownloadRequest{Attachment: id})
	if err != nil {
		return nil, err
	}
	var content []byte
	for {
		part, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return content, nil
		}
		if err != nil {
			return nil, err
		}
		content = append(content, part.GetChunk()...)
	}
}

// testAttachments sends and gets files as everybody, in both ways.
func testAttachments(t *testing.T, w *harness.World) {
	for i, by := range files {
		as := transports[i].as
		t.Run("over "+by.name, func(t *testing.T) {
			content := bytes.Repeat([]byte("GET / 502 "+by.name+"\n"), 20_000)
			file, err := by.upload(t, w.Requester, `C:\logs\accès.log`, content)
			require.NoError(t, err)
			require.Equal(t, "accès.log", file.GetFilename())
			require.Equal(t, "text/plain; charset=utf-8", file.GetContentType())
			require.EqualValues(t, len(content), file.GetSize())
			readable(t, w, by.download, file.GetId(), content, w.Requester)

			refuse(t, w, as, file.GetId())
			ticket, err := tickets(as(w.Requester)).CreateTicket(t.Context(), &ticketv1.CreateTicketRequest{
				Ticket: w.Question("with a file", w.Copied.Email), Attachments: []string{file.GetId()}, RequestId: "file over " + by.name,
			})
			require.NoError(t, err)
			again, err := tickets(as(w.Requester)).CreateTicket(t.Context(), &ticketv1.CreateTicketRequest{
				Ticket: w.Question("with a file", w.Copied.Email), Attachments: []string{file.GetId()}, RequestId: "file over " + by.name,
			})
			require.NoError(t, err)
			require.Equal(t, ticket.GetNumber(), again.GetNumber())
			readable(t, w, by.download, file.GetId(), content, w.Requester, w.Copied, w.Owner, w.Agent, w.Engineer)

			secret := []byte("their plan is too small")
			inside, err := by.upload(t, w.Agent, "internal.txt", secret)
			require.NoError(t, err)
			note, err := tickets(as(w.Agent)).AddNote(t.Context(), &ticketv1.AddNoteRequest{Ticket: ticket.GetNumber(), Body: "x", Attachments: []string{inside.GetId()}})
			require.NoError(t, err)
			require.Equal(t, inside.GetId(), note.GetAttachments()[0].GetId())
			readable(t, w, by.download, inside.GetId(), secret, w.Agent, w.Engineer)
			messages, err := tickets(as(w.Copied)).ListMessages(t.Context(), &ticketv1.ListMessagesRequest{Ticket: ticket.GetNumber()})
			require.NoError(t, err)
			require.Len(t, messages.GetMessages(), 1)
			require.Equal(t, "accès.log", messages.GetMessages()[0].GetAttachments()[0].GetFilename())

			_, err = w.Requester.Tickets().RemoveCc(t.Context(), &ticketv1.RemoveCcRequest{Ticket: ticket.GetNumber(), Email: w.Copied.Email})
			require.NoError(t, err)
			readable(t, w, by.download, file.GetId(), content, w.Requester, w.Owner, w.Agent, w.Engineer)
		})
		t.Run("refused over "+by.name, func(t *testing.T) {
			for name, bad := range map[string]struct {
				filename, reason string
				content          []byte
			}{
				"too large":       {"x", "ATTACHMENT_TOO_LARGE", make([]byte, 25<<20+1)},
				"empty":           {"x", "INVALID_FIELD", nil},
				"without a name":  {"\u202e", "INVALID_FIELD", []byte("x")},
				"a program":       {"x.exe", "INVALID_FIELD", []byte("x")},
				"a name too long": {strings.Repeat("x", 256), "INVALID_FIELD", []byte("x")},
			} {
				_, err := by.upload(t, w.Requester, bad.filename, bad.content)
				require.Error(t, err, name)
				require.Equal(t, bad.reason, fault.ReasonOf(err), "%s: %v", name, err)
			}
		})
	}
	_, err := send(t.Context(), w.Requester.GRPC(), &ticketv1.UploadHeader{Filename: "x", Size: 7}, []byte("short"))
	require.ErrorIs(t, err, fault.Invalid, "less than announced")
	answer := w.Requester.Do(t, http.MethodPost, "/v1/attachments?filename=x", make([]byte, 25<<20+1), nil)
	require.Equal(t, http.StatusRequestEntityTooLarge, answer.Status)
	if w.Processes != nil {
		t.Run("killed between a file and its row", func(t *testing.T) { testKilledUpload(t, w) })
	}
}

// readable checks who can get a file: nobody else finds it.
func readable(t *testing.T, w *harness.World, download func(*testing.T, *harness.Person, string) ([]byte, error), id string, content []byte, who ...*harness.Person) {
	t.Helper()
	may := map[*harness.Person]bool{}
	for _, p := range who {
		may[p] = true
	}
	for _, p := range []*harness.Person{w.Requester, w.Copied, w.Colleague, w.Freelancer, w.Owner, w.Stranger, w.Agent, w.Engineer} {
		got, err := download(t, p, id)
		if may[p] {
			require.NoError(t, err, p.Name)
			require.True(t, bytes.Equal(content, got), p.Name)
			continue
		}
		require.ErrorIs(t, err, fault.NotFound, p.Name)
		require.Equal(t, "ATTACHMENT_NOT_FOUND", fault.ReasonOf(err), p.Name)
	}
}

// refuse checks that nobody but the uploader can use a file.
func refuse(t *testing.T, w *harness.World, as func(*harness.Person) grpc.ClientConnInterface, id string) {
	t.Helper()
	_, err := tickets(as(w.Owner)).CreateTicket(t.Context(), &ticketv1.CreateTicketRequest{Ticket: w.Question("not mine"), Attachments: []string{id}})
	require.ErrorIs(t, err, fault.Invalid)
	_, err = tickets(as(w.Requester)).CreateTicket(t.Context(), &ticketv1.CreateTicketRequest{Ticket: w.Question("too many"), Attachments: make([]string, 21)})
	require.ErrorIs(t, err, fault.Invalid)
}

// testKilledUpload kills ticket when it has written a file and not yet its row.
func testKilledUpload(t *testing.T, w *harness.World) {
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, w.DSN)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.WithoutCancel(ctx))) }()
	tx, err := conn.Begin(ctx)
	require.NoError(t, err)
	_, err = tx.Exec(ctx, "LOCK TABLE ticket.attachment_contents IN SHARE MODE")
	require.NoError(t, err)

	ticket := w.Processes[harness.Ticket]
	before := stored(t, ticket)
	content := []byte("written before the process died")
	ended := make(chan error, 1)
	go func() {
		_, err := send(ctx, w.Requester.GRPC(), &ticketv1.UploadHeader{Filename: "x"}, content)
		ended <- err
	}()
	testkit.Eventually(t, func() bool { return len(stored(t, ticket)) == len(before)+1 }, "the file is written")
	ticket.Kill()
	require.Error(t, <-ended)
	require.NoError(t, tx.Rollback(ctx))
	ticket.Start()
	ticket.Ready()

	var file *ticketv1.Attachment
	testkit.Eventually(t, func() bool {
		file, err = send(ctx, w.Requester.GRPC(), &ticketv1.UploadHeader{Filename: "x"}, content)
		return err == nil
	}, "the same file is taken")
	got, err := downloadGRPC(t, w.Requester, file.GetId())
	require.NoError(t, err)
	require.Equal(t, content, got)
	require.Len(t, stored(t, ticket), len(before)+2, "what was left stays until it is a day old")
}

// stored returns the files that ticket keeps, as far as they are written.
func stored(t *testing.T, ticket *harness.Process) (paths []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(ticket.Attachments(), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) != ".tmp" {
			paths = append(paths, path)
		}
		return err
	}))
	return paths
}
