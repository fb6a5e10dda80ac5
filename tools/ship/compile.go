package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// release is what a build is labelled with. Everything that changes the bytes of an image is in it or in the tree.
type release struct {
	Version  string `required:"" help:"Version of the images; their tag."`
	Revision string `required:"" help:"Commit that they are built from."`
	Epoch    int64  `required:"" env:"SOURCE_DATE_EPOCH" help:"Time of the commit (seconds since 1970), which all times in the images are."`
}

// compile builds a program into the folder and returns its path. The same tree gives the same bytes anywhere: no paths,
// no time, no build id, no C library, and none of the builder's own settings.
func compile(ctx context.Context, root string, p program, arch string, r release, into string) (string, error) {
	out := filepath.Join(into, p.name+"-"+arch)
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false",
		"-ldflags=-s -w -buildid= -X altis-dxp.com/support/pkg/telemetry.release="+r.Version,
		"-o", out, "./cmd/"+p.name)
	cmd.Dir = filepath.Join(root, p.module)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+arch, "GOAMD64=v1", "GOARM64=v8.0",
		"GOWORK=off", "GOFLAGS=-mod=readonly", "GOEXPERIMENT=")
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s for %s: %w\n%s", p.name, arch, err, text)
	}
	return out, nil
}
