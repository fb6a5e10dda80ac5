package main

import (
	"context"
	"fmt"
	"log"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// push sends the images to a registry and what refers to them after them. Credentials are those of docker login.
func push(ctx context.Context, registry string, p program, r release, idx v1.ImageIndex, images []image) error {
	tag, err := name.NewTag(registry + "/" + p.name + ":" + r.Version)
	if err != nil {
		return err
	}
	options := []remote.Option{remote.WithContext(ctx), remote.WithAuthFromKeychain(authn.DefaultKeychain)}
	if err := remote.WriteIndex(tag, idx, options...); err != nil {
		return fmt.Errorf("push %s: %w", tag, err)
	}
	for _, i := range images {
		digest, err := i.sbom.Digest()
		if err != nil {
			return err
		}
		if err := remote.Write(tag.Digest(digest.String()), i.sbom, options...); err != nil {
			return fmt.Errorf("push what is in %s: %w", tag, err)
		}
	}
	log.Printf("pushed %s", tag)
	return nil
}
