package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/licenseclassifier/v2/assets"
)

// builder makes images out of a tree.
type builder struct {
	catalogue
	release
	work string // for binaries
}

// newBuilder returns a builder and what removes its files.
func newBuilder(ctx context.Context, root string, r release) (*builder, func(), error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, nil, err
	}
	where, err := exec.CommandContext(ctx, "go", "env", "GOMODCACHE", "GOROOT").Output()
	if err != nil {
		return nil, nil, fmt.Errorf("go env: %w", err)
	}
	modcache, goroot, _ := strings.Cut(strings.TrimSpace(string(where)), "\n")
	known, err := assets.DefaultClassifier()
	if err != nil {
		return nil, nil, err
	}
	work, err := os.MkdirTemp("", "ship-")
	if err != nil {
		return nil, nil, err
	}
	return &builder{
		catalogue: catalogue{root: root, modcache: modcache, goroot: goroot, classifier: known, read: map[string]part{}},
		release:   r,
		work:      work,
	}, func() { _ = os.RemoveAll(work) }, nil
}

// parts returns all that others have written of a program.
func (b *builder) parts(p program, binary string) ([]part, error) {
	parts, err := b.modules(binary)
	if err != nil || !p.dashboard {
		return parts, err
	}
	packages, err := b.packages()
	return append(parts, packages...), err
}

// all returns the images of a program for the architectures.
func (b *builder) all(ctx context.Context, p program, archs []string) ([]image, error) {
	var images []image
	for _, arch := range archs {
		i, err := b.image(ctx, p, arch)
		if err != nil {
			return nil, err
		}
		images = append(images, i)
	}
	return images, nil
}

type imagesCmd struct {
	release `embed:""`
	Arch    []string `default:"amd64,arm64" enum:"amd64,arm64" help:"Architectures."`
	Out     string   `default:"bin/images" help:"Folder of the layouts, one for each program."`
	Push    string   `placeholder:"REGISTRY" help:"Also push them there, as REGISTRY/NAME:VERSION."`
	Names   []string `arg:"" optional:"" help:"Programs; all when none is named."`
}

// Run builds the images of the programs that are named.
func (c *imagesCmd) Run(ctx context.Context, all *cli) error {
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
		images, err := b.all(ctx, p, c.Arch)
		if err != nil {
			return err
		}
		idx := index(p, c.release, images)
		if err := writeLayout(filepath.Join(c.Out, p.name), p, c.release, idx, images); err != nil {
			return err
		}
		digest, err := idx.Digest()
		if err != nil {
			return err
		}
		log.Printf("%s:%s %s", p.name, c.Version, digest)
		if c.Push != "" {
			if err := push(ctx, c.Push, p, c.release, idx, images); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeLayout replaces the folder by an OCI layout of the index. The documents stand beside it, where tools that copy
// from layouts look for what refers to an image.
func writeLayout(folder string, p program, r release, idx v1.ImageIndex, images []image) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	l, err := layout.Write(folder, empty.Index)
	if err != nil {
		return err
	}
	names := map[string]string{
		"org.opencontainers.image.ref.name": r.Version,
		"io.containerd.image.name":          "altis-support/" + p.name + ":" + r.Version,
	}
	if err := l.AppendIndex(idx, layout.WithAnnotations(names)); err != nil {
		return err
	}
	for _, i := range images {
		if err := l.AppendImage(i.sbom); err != nil {
			return err
		}
	}
	return nil
}
