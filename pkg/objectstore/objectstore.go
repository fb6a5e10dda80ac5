// Package objectstore keeps objects that are too large for a database, in a folder or in S3, so that every replica can read
// what any has written. Objects are named by their content and never written twice.
package objectstore

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
)

// Config says what a bucket is and holds.
type Config struct {
	// URL is "file:///folder", which is made, or "s3://bucket", with what the AWS SDK finds in the environment and
	// gocloud.dev/blob/s3blob takes as parameters.
	URL         string
	Setting     string      // how errors call the URL
	ContentType string      // of the objects; "" = application/octet-stream
	Missing     fault.Error // what Read and Range say of an object that is not there
	Unavailable fault.Error // what is said when the bucket fails
}

// Bucket keeps objects. Its methods may be called concurrently.
type Bucket struct {
	cfg    Config
	bucket *blob.Bucket
	folder string // "" in S3
}

// Open opens a bucket. What it needs of S3 is looked up at its first use.
func Open(ctx context.Context, cfg Config) (*Bucket, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil || u.Scheme != "file" && u.Scheme != "s3" {
		return nil, errors.New(cfg.Setting + ": must begin with file:// or s3://") // it may hold a secret
	}
	if cfg.ContentType == "" {
		cfg.ContentType = "application/octet-stream" // without one the bucket would look into each content
	}
	b := &Bucket{cfg: cfg}
	if u.Scheme == "file" {
		if u.Host != "" || !filepath.IsAbs(u.Path) || u.RawQuery != "" {
			return nil, errors.New(cfg.Setting + ": file:// must be followed by an absolute path alone")
		}
		b.folder = filepath.Clean(u.Path)
		// What is being written stands beside its place, so that it can be moved there; who sweeps takes what was left.
		u.RawQuery = "create_dir=true&no_tmp_dir=true&metadata=skip&dir_file_mode=0700"
	}
	if b.bucket, err = blob.OpenBucket(ctx, u.String()); err != nil {
		return nil, fmt.Errorf("%s: %w", cfg.Setting, err)
	}
	return b, nil
}

// Close lets the bucket go.
func (b *Bucket) Close() error { return b.bucket.Close() }

// Name names an object: by its content, so that what is read can be told to be what was written, and by an id, so that no
// other one has it.
func Name(sha256, id string) string { return sha256[:2] + "/" + sha256 + "-" + id }

// partSize is how much of an object S3 is sent at a time, and so what one has in memory. S3 allows no less.
const partSize = 5 << 20

// Put writes an object, which lasts from then on, over a power cut too.
func (b *Bucket) Put(ctx context.Context, object string, content io.Reader) error {
	err := b.bucket.Upload(ctx, object, content, &blob.WriterOptions{ContentType: b.cfg.ContentType, BufferSize: partSize, MaxConcurrency: 1})
	if err != nil {
		return b.classify(err)
	}
	if b.folder == "" {
		return nil
	}
	file := filepath.Join(b.folder, filepath.FromSlash(object))
	for _, path := range []string{file, filepath.Dir(file), b.folder} {
		f, err := os.Open(path)
		if err != nil {
			return b.classify(err)
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return b.classify(err)
		}
	}
	return nil
}

// Read returns an object.
func (b *Bucket) Read(ctx context.Context, object string) ([]byte, error) {
	content, err := b.bucket.ReadAll(ctx, object)
	return content, b.classify(err)
}

// Range returns part of an object; a negative length is all from the offset on.
func (b *Bucket) Range(ctx context.Context, object string, offset, length int64) (io.ReadCloser, error) {
	r, err := b.bucket.NewRangeReader(ctx, object, offset, length, nil)
	if err != nil {
		return nil, b.classify(err)
	}
	return r, nil
}

// Delete deletes an object; one that is not there is no error.
func (b *Bucket) Delete(ctx context.Context, object string) error {
	err := b.bucket.Delete(ctx, object)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil
	}
	return b.classify(err)
}

const (
	// page is how many objects are listed at a time.
	page = 500
	// maxVanished is how many times a page is listed again because a file of it was gone.
	maxVanished = 100
)

// ours are the names of objects, with what a folder adds to those that are being written. Whatever else is in a bucket
// is not looked at.
var ours = regexp.MustCompile(`^[0-9a-f]{2}/[0-9a-f]{64}-[^/]+$`)

// Before calls visit with the objects written before an instant, some at a time.
func (b *Bucket) Before(ctx context.Context, at time.Time, visit func(objects []string) error) error {
	token, vanished := blob.FirstPageToken, 0
	for token != nil {
		list, next, err := b.bucket.ListPage(ctx, token, page, nil)
		// Files of a folder come and go while it is read.
		if gcerrors.Code(err) == gcerrors.NotFound && vanished < maxVanished {
			vanished++
			continue
		}
		if err != nil {
			return b.classify(err)
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

// classify makes a fault of what a bucket fails with.
func (b *Bucket) classify(err error) error {
	switch {
	case err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return err
	case gcerrors.Code(err) == gcerrors.NotFound:
		return because(b.cfg.Missing, err)
	}
	return because(b.cfg.Unavailable, err)
}

func because(f fault.Error, err error) error {
	f.Err = err
	return &f
}
