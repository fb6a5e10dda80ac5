package main

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
)

type treesCmd struct {
	release `embed:""`
	Arch    string   `required:"" enum:"amd64,arm64" help:"Architecture."`
	Out     string   `required:"" help:"Folder of the trees, one for each program."`
	Names   []string `arg:"" optional:"" help:"Programs; all when none is named."`
}

// Run lays out the trees of the programs that are named.
func (c *treesCmd) Run(ctx context.Context, all *cli) error {
	chosen, err := choose(c.Names)
	if err != nil {
		return err
	}
	if err := checkDashboard(all.Root, chosen); err != nil {
		return err
	}
	b, remove, err := newBuilder(ctx, all.Root, c.release)
	if err != nil {
		return err
	}
	defer remove()
	for _, p := range chosen {
		i, err := b.image(ctx, p, c.Arch)
		if err != nil {
			return err
		}
		if err := unpack(i.image, filepath.Join(c.Out, p.name)); err != nil {
			return err
		}
	}
	return nil
}

// unpack lays out the files of an image in a folder. Only root can give them to their owners; for others all are theirs.
func unpack(img v1.Image, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	files := mutate.Extract(img)
	err = unpackTar(tar.NewReader(files), root)
	return errors.Join(err, files.Close(), root.Close())
}

func unpackTar(files *tar.Reader, root *os.Root) error {
	for {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch h.Typeflag {
		case tar.TypeDir:
			err = root.MkdirAll(h.Name, 0o755)
		case tar.TypeReg:
			err = writeFile(root, h.Name, files)
		default:
			err = fmt.Errorf("%s is neither a file nor a folder", h.Name)
		}
		if err == nil && os.Geteuid() == 0 {
			err = root.Chown(h.Name, h.Uid, h.Gid)
		}
		if err == nil {
			err = root.Chmod(h.Name, h.FileInfo().Mode()&(fs.ModePerm|fs.ModeSticky))
		}
		if err != nil {
			return err
		}
	}
}

func writeFile(root *os.Root, name string, text io.Reader) error {
	f, err := root.Create(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, text)
	return errors.Join(err, f.Close())
}
