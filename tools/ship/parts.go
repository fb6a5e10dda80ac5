package main

import (
	"bytes"
	"cmp"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	classifier "github.com/google/licenseclassifier/v2"
	"golang.org/x/mod/module"
)

// ours is the path that all modules of the project begin with.
const ours = "altis-dxp.com/support/"

// part is something of others that is in a program: a Go module or a package of the dashboard.
type part struct {
	name, version string
	purl          string
	licenses      []string // by SPDX, sorted
	texts         []notice
	folder        string // of a package of the dashboard, below it
}

// notice is a file that must go along with a part: its licence, or what the licence asks to be kept.
type notice struct {
	name string
	text []byte
}

// catalogue finds what is known about parts. Their sources are where the build has put them.
type catalogue struct {
	root       string // of the project
	modcache   string
	goroot     string
	classifier *classifier.Classifier
	read       map[string]part // by purl: programs share most
}

// modules returns what is linked into a binary.
func (c *catalogue) modules(binary string) ([]part, error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	version := strings.TrimPrefix(info.GoVersion, "go")
	std, err := c.part("std", version, "pkg:golang/std@"+version, c.goroot)
	if err != nil {
		return nil, err
	}
	parts := []part{std}
	for _, m := range info.Deps {
		if strings.HasPrefix(m.Path, ours) {
			continue
		}
		p, err := c.module(m)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	return parts, nil
}

func (c *catalogue) module(m *debug.Module) (part, error) {
	if m.Replace != nil {
		m = m.Replace
	}
	folder, err := module.EscapePath(m.Path)
	if err != nil {
		return part{}, err
	}
	version, err := module.EscapeVersion(m.Version)
	if err != nil {
		return part{}, err
	}
	return c.part(m.Path, m.Version, "pkg:golang/"+m.Path+"@"+url.PathEscape(m.Version), filepath.Join(c.modcache, folder+"@"+version))
}

// lockedPackages returns what the dashboard may consist of: what it depends on, that on which this depends, and so on.
// Their authors say in it under which licence they are.
func (c *catalogue) lockedPackages() ([]part, error) {
	text, err := os.ReadFile(filepath.Join(c.root, "gateway/web/package-lock.json"))
	if err != nil {
		return nil, err
	}
	var lock struct {
		Packages map[string]struct {
			Version       string
			License       string
			Dev, Optional bool
		}
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		return nil, err
	}
	var parts []part
	for folder, p := range lock.Packages {
		if folder == "" || p.Dev || p.Optional {
			continue
		}
		_, name, _ := cutLast(folder, "node_modules/")
		purl := "pkg:npm/" + strings.Replace(name, "@", "%40", 1) + "@" + p.Version
		found := part{name: name, version: p.Version, purl: purl, folder: folder}
		if p.License != "" {
			found.licenses = []string{p.License}
		}
		parts = append(parts, found)
	}
	slices.SortFunc(parts, func(a, b part) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.version, b.version), cmp.Compare(a.folder, b.folder))
	})
	return slices.CompactFunc(parts, func(a, b part) bool { return a.purl == b.purl }), nil
}

// packages are those with their texts, which are where they were installed.
func (c *catalogue) packages() ([]part, error) {
	parts, err := c.lockedPackages()
	if err != nil {
		return nil, err
	}
	for i, p := range parts {
		found, err := c.part(p.name, p.version, p.purl, filepath.Join(c.root, "gateway/web", p.folder))
		if err != nil {
			return nil, err
		}
		parts[i].texts = found.texts
	}
	return parts, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return "", s, false
}

// part reads the licence files of a folder.
func (c *catalogue) part(name, version, purl, folder string) (part, error) {
	if known, ok := c.read[purl]; ok {
		return known, nil
	}
	p := part{name: name, version: version, purl: purl}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return part{}, fmt.Errorf("the sources of %s are not there: %w", name, err)
	}
	for _, entry := range entries {
		if !isNotice(entry) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return part{}, err
		}
		p.texts = append(p.texts, notice{name: entry.Name(), text: text})
		for _, match := range c.classifier.Match(c.classifier.Normalize(text)).Matches {
			if match.MatchType == "License" {
				p.licenses = append(p.licenses, match.Name)
			}
		}
	}
	slices.Sort(p.licenses)
	p.licenses = slices.Compact(p.licenses)
	c.read[purl] = p
	return p, nil
}

func isNotice(entry fs.DirEntry) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(entry.Name()), ".")
	stem, _, _ = strings.Cut(stem, "-")
	return entry.Type().IsRegular() && slices.Contains([]string{"LICENSE", "LICENCE", "COPYING", "NOTICE", "PATENTS", "UNLICENSE"}, stem)
}

// notices is one text of all licences.
func notices(parts []part) []byte {
	var b bytes.Buffer
	for _, p := range parts {
		for _, t := range p.texts {
			fmt.Fprintf(&b, "==== %s %s: %s\n\n%s\n\n", p.name, p.version, t.name, bytes.TrimSpace(t.text))
		}
	}
	return b.Bytes()
}
