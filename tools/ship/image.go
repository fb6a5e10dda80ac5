package main

import (
	"context"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/partial"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// sbomType is the type of the documents that say what is in an image.
const sbomType types.MediaType = "application/vnd.cyclonedx+json"

// image is a program for one architecture, with the document of what is in it.
type image struct {
	image v1.Image
	sbom  v1.Image // refers to image
	arch  string
}

// annotations are on the index and on each image, and are the labels of its configuration.
func annotations(p program, r release) map[string]string {
	return map[string]string{
		"org.opencontainers.image.title":       p.name,
		"org.opencontainers.image.description": "Altis Support: " + p.description,
		"org.opencontainers.image.version":     r.Version,
		"org.opencontainers.image.revision":    r.Revision,
		"org.opencontainers.image.created":     time.Unix(r.Epoch, 0).UTC().Format(time.RFC3339),
		"org.opencontainers.image.licenses":    "Apache-2.0",
	}
}

// image compiles a program and wraps it.
func (b *builder) image(ctx context.Context, p program, arch string) (image, error) {
	path, err := compile(ctx, b.root, p, arch, b.release, b.work)
	if err != nil {
		return image{}, err
	}
	parts, err := b.parts(p, path)
	if err != nil {
		return image{}, err
	}
	bottom, err := base(b.release)
	if err != nil {
		return image{}, err
	}
	top, err := own(path, p.name, notices(parts), b.release)
	if err != nil {
		return image{}, err
	}
	img, err := configured(p, arch, b.release, bottom, top)
	if err != nil {
		return image{}, err
	}
	document, err := sbom(p, b.release, path, parts)
	if err != nil {
		return image{}, err
	}
	artifact, err := referrer(img, document)
	return image{image: img, sbom: artifact, arch: arch}, err
}

// configured is the image of the layers.
func configured(p program, arch string, r release, layers ...v1.Layer) (v1.Image, error) {
	created := v1.Time{Time: time.Unix(r.Epoch, 0).UTC()}
	img := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	for _, layer := range layers {
		var err error
		history := v1.History{Created: created, CreatedBy: "ship images"}
		if img, err = mutate.Append(img, mutate.Addendum{Layer: layer, MediaType: types.OCILayer, History: history}); err != nil {
			return nil, err
		}
	}
	have, err := img.ConfigFile()
	if err != nil {
		return nil, err
	}
	config := have.DeepCopy()
	config.OS, config.Architecture, config.Created = "linux", arch, created
	if arch == "arm64" {
		config.Variant = "v8"
	}
	config.Config = v1.Config{
		User:       "65532:65532",
		Entrypoint: []string{"/usr/bin/" + p.name},
		WorkingDir: "/data",
		Env:        []string{"PATH=/usr/bin"},
		Labels:     annotations(p, r),
	}
	for _, port := range p.ports {
		if config.Config.ExposedPorts == nil {
			config.Config.ExposedPorts = map[string]struct{}{}
		}
		config.Config.ExposedPorts[port] = struct{}{}
	}
	if img, err = mutate.ConfigFile(img, config); err != nil {
		return nil, err
	}
	return mutate.Annotations(img, annotations(p, r)).(v1.Image), nil
}

// referrer is an artifact of the document that refers to the image: registries list it with the image.
func referrer(img v1.Image, document []byte) (v1.Image, error) {
	subject, err := partial.Descriptor(img)
	if err != nil {
		return nil, err
	}
	artifact := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), sbomType)
	artifact, err = mutate.Append(artifact, mutate.Addendum{Layer: static.NewLayer(document, sbomType), MediaType: sbomType})
	if err != nil {
		return nil, err
	}
	return mutate.Subject(artifact, v1.Descriptor{MediaType: subject.MediaType, Digest: subject.Digest, Size: subject.Size}).(v1.Image), nil
}

// index lists the images of one program by architecture.
func index(p program, r release, images []image) v1.ImageIndex {
	idx := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, i := range images {
		platform := &v1.Platform{OS: "linux", Architecture: i.arch}
		if i.arch == "arm64" {
			platform.Variant = "v8"
		}
		idx = mutate.AppendManifests(idx, mutate.IndexAddendum{Add: i.image, Descriptor: v1.Descriptor{Platform: platform}})
	}
	return mutate.Annotations(idx, annotations(p, r)).(v1.ImageIndex)
}
