// Package bucket keeps the contents of attachments in a folder or in S3.
package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // file://
	_ "gocloud.dev/blob/s3blob"   // s3://
	"gocloud.dev/gcerrors"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// Bucket implements domain.Contents. Its methods may be called concurrently.
type Bucket struct {
	bucket *blob.Bucket
	folder string // "" in S3
}

var _ domain.Contents = (*Bucket)(nil)

// Open opens what a URL names: "file:///folder", which is made, or "s3://bucket",
// with what the AWS SDK finds in the environment and gocloud.dev/blob/s3blob takes as
// parameters.
func Open(ctx context.Context, address string) (*Bucket, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "file" && u.Scheme != "s3" {
		return nil, errors.New("attachments-url: must begin with file:// or s3://") // it may hold a secret
	}
	b := &Bucket{}
	if u.Scheme == "file" {
		if u.Host != "" || !filepath.IsAbs(u.Path) || u.RawQuery != "" {
			return nil, errors.New("attachments-url: file:// must be followed by an absolute path alone")
		}
		b.folder = filepath.Clean(u.Path)
		// What is being written stands beside its place, so that it can be moved there; the sweep takes what was left.
		u.RawQuery = "create_dir=true&no_tmp_dir=true&metadata=skip&dir_file_mode=0700"
	}
	if b.bucket, err = blob.OpenBucket(ctx, u.String()); err != nil {
		return nil, fmt.Errorf("attachments-url: %w", err)
	}
	return b, nil
}

// Close lets the bucket go.
func (b *Bucket) Close() error { return b.bucket.Close() }

// partSize is how much of a content S3 is sent at a time, and so what one upload has in memory. S3 allows no less.
const partSize = 5 << 20

// Put implements domain.Contents.
func (b *Bucket) Put(ctx context.Context, object string, content domain.Spooled) error {
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return err
	}
	err := b.bucket.Upload(ctx, object, content, &blob.WriterOptions{
		ContentType: "application/octet-stream", // without one the bucket would look into it once more
		BufferSize:  partSize, MaxConcurrency: 1,
	})
	if err != nil {
		return classify(err)
	}
	return b.sync(object)
}

// sync has a folder keep what was written over a power cut, as the row will be kept that names it.
func (b *Bucket) sync(object string) error {
	if b.folder == "" {
		return nil
	}
	file := filepath.Join(b.folder, filepath.FromSlash(object))
	for _, path := range []string{file, filepath.Dir(file), b.folder} {
		f, err := os.Open(path)
		if err != nil {
			return classify(err)
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return classify(err)
		}
	}
	return nil
}

// Read implements domain.Contents.
func (b *Bucket) Read(ctx context.Context, object string, offset, length int64) (io.ReadCloser, error) {
	r, err := b.bucket.NewRangeReader(ctx, object, offset, length, nil)
	if err != nil {
		return nil, classify(err)
	}
	return r, nil
}

// Delete implements domain.Contents.
func (b *Bucket) Delete(ctx context.Context, object string) error {
	err := b.bucket.Delete(ctx, object)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil
	}
	return classify(err)
}

// page is how many objects are listed at a time.
const page = 500

// ours are the names of objects, with what a folder adds to those that are being written. Whatever else is in a bucket
// is not looked at.
var ours = regexp.MustCompile(`^[0-9a-f]{2}/[0-9a-f]{64}-[^/]+$`)

// Before implements domain.Contents.
func (b *Bucket) Before(ctx context.Context, at time.Time, visit func(objects []string) error) error {
	token, vanished := blob.FirstPageToken, 0
	for token != nil {
		list, next, err := b.bucket.ListPage(ctx, token, page, nil)
		// Files of a folder come and go while it is read.
		if gcerrors.Code(err) == gcerrors.NotFound && vanished < 100 {
			vanished++
			continue
		}
		if err != nil {
			return classify(err)
		}
		token = next
		var objects []string
		for _, o := range list {
			if o.ModTime.Before(at) && ours.MatchString(o.Key) {
				objects = append(objects, o.Key)
			}
		}
		if len(objects) == 0 {
			continue
		}
		if err := visit(objects); err != nil {
			return err
		}
	}
	return nil
}

// classify makes a fault of what a bucket fails with: all of it may pass, even a missing object, which a row has promised.
func classify(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &fault.Error{Kind: fault.Unavailable, Reason: "ATTACHMENTS_UNAVAILABLE", Msg: "files cannot be kept or read at the moment", Err: err}
}
