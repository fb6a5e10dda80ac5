package main

import (
	"archive/tar"
	"bytes"
	"encoding/pem"
	"io"
	"os"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// nobody owns nothing but the data folder, and runs the program.
const nobody = 65532

// base is what all images have below their program: who runs it, whom it trusts, and where it may write. There is no
// shell, no package manager and no library to keep up to date. Zones are in the programs that need them.
func base(r release) (v1.Layer, error) {
	var roots bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint != nil {
			continue // trusted for old certificates only, which a file cannot say; those have expired
		}
		if err := pem.Encode(&roots, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}); err != nil {
			return nil, err
		}
	}
	w := newLayer(r)
	w.folder("etc/", 0o755, 0)
	w.file("etc/group", 0o644, []byte("root:x:0:\nnonroot:x:65532:\n"))
	w.file("etc/passwd", 0o644, []byte("root:x:0:0:root:/:/none\nnonroot:x:65532:65532:nonroot:/data:/none\n"))
	w.folder("etc/ssl/", 0o755, 0)
	w.folder("etc/ssl/certs/", 0o755, 0)
	w.file("etc/ssl/certs/ca-certificates.crt", 0o644, roots.Bytes())
	w.folder("data/", 0o750, nobody)
	w.folder("tmp/", 0o1777, 0)
	return w.layer()
}

// own is the layer of the program itself, with the licences of what is linked into it.
func own(path, name string, notices []byte, r release) (v1.Layer, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	w := newLayer(r)
	w.folder("usr/", 0o755, 0)
	w.folder("usr/bin/", 0o755, 0)
	w.file("usr/bin/"+name, 0o555, text)
	w.folder("usr/share/", 0o755, 0)
	w.folder("usr/share/doc/", 0o755, 0)
	w.file("usr/share/doc/licenses.txt", 0o444, notices)
	return w.layer()
}

// layerWriter gathers the files of a layer; its first fault is kept.
type layerWriter struct {
	buf  bytes.Buffer
	tar  *tar.Writer
	time time.Time
	err  error
}

func newLayer(r release) *layerWriter {
	w := &layerWriter{time: time.Unix(r.Epoch, 0).UTC()}
	w.tar = tar.NewWriter(&w.buf)
	return w
}

func (w *layerWriter) folder(name string, mode int64, owner int) {
	w.entry(tar.Header{Typeflag: tar.TypeDir, Name: name, Mode: mode, Uid: owner, Gid: owner}, nil)
}

func (w *layerWriter) file(name string, mode int64, text []byte) {
	w.entry(tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode, Size: int64(len(text))}, text)
}

func (w *layerWriter) entry(h tar.Header, text []byte) {
	if w.err != nil {
		return
	}
	h.ModTime, h.Format = w.time, tar.FormatUSTAR
	if w.err = w.tar.WriteHeader(&h); w.err == nil {
		_, w.err = w.tar.Write(text)
	}
}

func (w *layerWriter) layer() (v1.Layer, error) {
	if w.err == nil {
		w.err = w.tar.Close()
	}
	if w.err != nil {
		return nil, w.err
	}
	open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(w.buf.Bytes())), nil }
	return tarball.LayerFromOpener(open, tarball.WithCompressionLevel(9), tarball.WithMediaType(types.OCILayer))
}
