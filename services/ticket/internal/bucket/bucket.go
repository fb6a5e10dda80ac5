// Package bucket keeps the contents of attachments in a folder or in S3.
package bucket

import (
	"context"
	"io"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/objectstore"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// Bucket implements domain.Contents. Its methods may be called concurrently.
type Bucket struct {
	*objectstore.Bucket
}

var _ domain.Contents = (*Bucket)(nil)

// Open opens what a URL names: "file:///folder", which is made, or "s3://bucket".
func Open(ctx context.Context, address string) (*Bucket, error) {
	b, err := objectstore.Open(ctx, objectstore.Config{
		URL: address, Setting: "attachments-url",
		Missing:     errUnavailable, // a row has promised it, so that it may come back
		Unavailable: errUnavailable,
	})
	if err != nil {
		return nil, err
	}
	return &Bucket{b}, nil
}

var errUnavailable = fault.Error{Kind: fault.Unavailable, Reason: "ATTACHMENTS_UNAVAILABLE", Msg: "files cannot be kept or read at the moment"}

// Put implements domain.Contents.
func (b *Bucket) Put(ctx context.Context, object string, content domain.Spooled) error {
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return b.Bucket.Put(ctx, object, content)
}

// Read implements domain.Contents.
func (b *Bucket) Read(ctx context.Context, object string, offset, length int64) (io.ReadCloser, error) {
	return b.Range(ctx, object, offset, length)
}
