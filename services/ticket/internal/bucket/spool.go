package bucket

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/http"
	"os"

	"altis-dxp.com/support/services/ticket/internal/domain"
)

// sniffed is how much of a content tells its type.
const sniffed = 512

// spooled is content in a file that has no name any more: it goes with the process, however that ends.
type spooled struct {
	*os.File
	size int64
	hash hash.Hash
	head []byte
}

// Spool implements domain.Contents. What it holds of the content in memory is one buffer of io.Copy.
func (b *Bucket) Spool(content io.Reader, limit int64) (domain.Spooled, error) {
	f, err := os.CreateTemp("", "altis-upload-")
	if err != nil {
		return nil, unavailable(err)
	}
	s := &spooled{File: f, hash: sha256.New()}
	if err := errors.Join(os.Remove(f.Name()), s.fill(content, limit)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return s, nil
}

func (s *spooled) fill(content io.Reader, limit int64) error {
	size, err := io.Copy(s, io.LimitReader(content, limit+1))
	if err != nil {
		return err
	}
	if size > limit {
		return domain.ErrTooLarge()
	}
	s.size = size
	return nil
}

// Write takes the next part.
func (s *spooled) Write(p []byte) (int, error) {
	if missing := sniffed - len(s.head); missing > 0 {
		s.head = append(s.head, p[:min(missing, len(p))]...)
	}
	s.hash.Write(p) // never fails
	n, err := s.File.Write(p)
	return n, unavailable(err)
}

// unavailable says that a file could not be written.
func unavailable(err error) error {
	if err == nil {
		return nil
	}
	f := errUnavailable
	f.Err = err
	return &f
}

// ReadFrom would pass by Write.
func (s *spooled) ReadFrom(r io.Reader) (int64, error) {
	return io.Copy(struct{ io.Writer }{s}, r)
}

// Size implements domain.Spooled.
func (s *spooled) Size() int64 { return s.size }

// SHA256 implements domain.Spooled.
func (s *spooled) SHA256() string { return hex.EncodeToString(s.hash.Sum(nil)) }

// ContentType implements domain.Spooled.
func (s *spooled) ContentType() string { return http.DetectContentType(s.head) }
