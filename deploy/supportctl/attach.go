package supportctl

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// attach uploads files and returns their ids.
func attach(e *env, paths []string) ([]string, error) {
	var ids []string
	for _, path := range paths {
		a, err := uploadFile(e, path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		ids = append(ids, a.GetId())
	}
	return ids, nil
}

const uploadChunk = 64 << 10

func uploadFile(e *env, path string) (*ticketv1.Attachment, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	stream, err := ticketv1.NewAttachmentServiceClient(e.conn).Upload(e.ctx)
	if err != nil {
		return nil, err
	}
	err = stream.Send(&ticketv1.UploadRequest{Part: &ticketv1.UploadRequest_Header{Header: &ticketv1.UploadHeader{Filename: filepath.Base(path)}}})
	for err == nil {
		chunk := make([]byte, uploadChunk)
		n, readErr := f.Read(chunk)
		if n > 0 {
			err = stream.Send(&ticketv1.UploadRequest{Part: &ticketv1.UploadRequest_Chunk{Chunk: chunk[:n]}})
		}
		if errors.Is(readErr, io.EOF) {
			break
		}
		if readErr != nil {
			return nil, readErr // the end of the command ends the upload
		}
	}
	if err != nil && !errors.Is(err, io.EOF) { // io.EOF: the answer tells why
		return nil, err
	}
	return stream.CloseAndRecv()
}

type downloadFile struct {
	Attachment string `arg:"" help:"Id of the file, as ticket show tells it."`
}

func (c downloadFile) Run(e *env) error {
	stream, err := ticketv1.NewAttachmentServiceClient(e.conn).Download(e.ctx, &ticketv1.DownloadRequest{Attachment: c.Attachment})
	if err != nil {
		return err
	}
	return writeChunks(e.out.w, stream.Recv)
}

// writeChunks writes what the parts of a download hold.
func writeChunks[P interface{ GetChunk() []byte }](w io.Writer, next func() (P, error)) error {
	for {
		part, err := next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := w.Write(part.GetChunk()); err != nil {
			return err
		}
	}
}
