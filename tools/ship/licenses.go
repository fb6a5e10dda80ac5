package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
)

// licenseList is where the licences of all that is linked stand.
const licenseList = "docs/licenses.md"

// accepted are the licences that the programs may be given away under beside ours. MPL-2.0 asks for the source of the
// files that it covers, which are where the list of what is in an image says.
var accepted = []string{"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MPL-2.0", "PSF-2.0", "Unlicense", "Zlib"}

type licensesCmd struct {
	Check bool `help:"Compare docs/licenses.md instead of writing it."`
}

// Run lists the licences of what is linked into the programs, and fails for one that is unknown or not accepted.
func (c *licensesCmd) Run(ctx context.Context, all *cli) error {
	b, remove, err := newBuilder(ctx, all.Root, release{})
	if err != nil {
		return err
	}
	defer remove()
	parts, err := b.linked(ctx)
	if err != nil {
		return err
	}
	if err := judge(parts); err != nil {
		return err
	}
	path, text := filepath.Join(all.Root, licenseList), table(parts)
	if !c.Check {
		return os.WriteFile(path, text, 0o644)
	}
	have, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if !bytes.Equal(have, text) {
		return fmt.Errorf("%s is not what is linked: make licenses", licenseList)
	}
	return nil
}

// linked returns the parts of all programs, without compiling them.
func (b *builder) linked(ctx context.Context) ([]part, error) {
	modules := map[string]*debug.Module{}
	for _, p := range programs {
		cmd := exec.CommandContext(ctx, "go", "list", "-deps", "-f", "{{with .Module}}{{.Path}} {{.Version}}{{end}}", "./cmd/"+p.name)
		cmd.Dir = filepath.Join(b.root, p.module)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64", "GOWORK=off", "GOFLAGS=-mod=readonly")
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("go list of %s: %w", p.name, err)
		}
		for entry := range strings.Lines(string(out)) {
			path, version, _ := strings.Cut(strings.TrimSpace(entry), " ")
			if path != "" && !strings.HasPrefix(path, ours) {
				modules[path] = &debug.Module{Path: path, Version: version}
			}
		}
	}
	std, err := b.part("std", "", "std", b.goroot)
	if err != nil {
		return nil, err
	}
	parts := []part{std}
	for _, path := range slices.Sorted(maps.Keys(modules)) {
		p, err := b.module(modules[path])
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	packages, err := b.lockedPackages()
	return append(parts, packages...), err
}

// judge returns a fault for each part that cannot be given away.
func judge(parts []part) error {
	var faults []error
	for _, p := range parts {
		if len(p.licenses) == 0 {
			faults = append(faults, fmt.Errorf("the licence of %s %s is not known", p.name, p.version))
		}
		for _, l := range p.licenses {
			if !slices.Contains(accepted, l) {
				faults = append(faults, fmt.Errorf("%s %s is under %s, which is not accepted", p.name, p.version, l))
			}
		}
	}
	return errors.Join(faults...)
}

// table is the document. It has no versions: those are in the list of each image, and would change it with every upgrade.
func table(parts []part) []byte {
	var b bytes.Buffer
	b.WriteString("# Licences\n\nOf all that is linked into the programs, and of the packages that the dashboard is built from. `make licenses` writes this list from the sources of each, `make verify` fails when it is not current, when a licence is unknown, or when one is not among those that are accepted (`tools/ship/licenses.go`). The texts are in each image at `/usr/share/doc/licenses.txt`.\n\n| part | licence |\n|---|---|\n")
	last := ""
	for _, p := range parts {
		row := fmt.Sprintf("| `%s` | %s |\n", p.name, strings.Join(p.licenses, ", "))
		if row != last { // two versions of a package
			b.WriteString(row)
		}
		last = row
	}
	return b.Bytes()
}
