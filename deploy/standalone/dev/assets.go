package dev

import (
	"embed"
	"io/fs"
	"strings"
)

// assets are the embedded files without the templates.
type assets struct{ embed.FS }

// Open implements fs.FS.
func (a assets) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, ".html") || name == "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return a.FS.Open(name)
}
