// Package backup copies what an installation keeps, while it runs, and brings a copy back into an empty one.
//
// A copy is a folder. What PostgreSQL keeps is there as pg_dump's archives, a file for each service; SQLite's files and the
// folders of files are there as they are. Databases come first and files after them: files are only added while something
// names them, so all that the copy of a database names are in the later copy of the files. Bringing back goes the other way.
package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Service is the database of a service.
type Service struct {
	Name   string
	DSN    string // "" = it is not copied
	Schema string // of PostgreSQL; "" = the role's own
}

// Config says what there is. What is empty is left out.
type Config struct {
	Folder string // of the copy
	// Services in the order in which they are copied where they do not share a database.
	Services []Service
	// Data is the directory of the one process, Emergency that of a mailbox that is a process of its own.
	Data, Emergency string
	// Attachments and Mails are URLs of where ticket and notification keep files.
	Attachments, Mails string
	// SkipNumbers is how many numbers of tickets are left out after what the copy has given.
	SkipNumbers int
	// Programs is the folder of pg_dump and pg_restore; "" = they are on the PATH.
	Programs string
	Out      io.Writer // what was done, a line each
}

// The places in a copy.
const (
	dataFolder        = "data"
	emergencyFolder   = "emergency"
	attachmentsFolder = "attachments"
	mailsFolder       = "mails"
	unfinished        = ".unfinished"
)

// folders are what is copied file by file: where it is, and its place in the copy.
func (c Config) folders() (all [][2]string, elsewhere []string) {
	for _, f := range [][2]string{{c.Data, dataFolder}, {c.Emergency, emergencyFolder}} {
		if f[0] != "" {
			all = append(all, f)
		}
	}
	for _, f := range [][2]string{{c.Attachments, attachmentsFolder}, {c.Mails, mailsFolder}} {
		path, local := strings.CutPrefix(f[0], "file://")
		switch {
		case f[0] == "":
		case local:
			path, _, _ = strings.Cut(path, "?")
			all = append(all, [2]string{path, f[1]})
		default:
			elsewhere = append(elsewhere, f[0])
		}
	}
	return all, elsewhere
}

// Save makes a copy in a new folder. One that is not whole has a file named .unfinished, and is not brought back.
func Save(ctx context.Context, c Config) error {
	if err := newFolder(c.Folder); err != nil {
		return err
	}
	mark := filepath.Join(c.Folder, unfinished)
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		return err
	}
	if err := c.dump(ctx); err != nil {
		return err
	}
	folders, elsewhere := c.folders()
	if err := c.copyDatabases(ctx, folders); err != nil {
		return err
	}
	for _, f := range folders {
		n, err := copyFiles(ctx, f[0], filepath.Join(c.Folder, f[1]))
		if err != nil {
			return err
		}
		c.say("%s: %d files of %s", f[1], n, f[0])
	}
	for _, url := range elsewhere {
		c.say("not copied, copy it now by its own means: %s", url)
	}
	return os.Remove(mark)
}

// Load brings a copy back. Everything that it writes to must be empty, or nothing is written.
func Load(ctx context.Context, c Config) error {
	if _, err := os.Stat(c.Folder); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(c.Folder, unfinished)); err == nil {
		return fmt.Errorf("%s is not whole: making it was interrupted", c.Folder)
	}
	folders, elsewhere := c.folders()
	var faults []error
	for _, f := range folders {
		faults = append(faults, empty(f[0]))
	}
	faults = append(faults, c.emptySchemas(ctx))
	if err := errors.Join(faults...); err != nil {
		return err
	}
	for _, url := range elsewhere {
		c.say("not brought back, that must have been done before: %s", url)
	}
	for _, f := range folders {
		n, err := copyFiles(ctx, filepath.Join(c.Folder, f[1]), f[0])
		if err != nil {
			return err
		}
		c.say("%s: %d files to %s", f[1], n, f[0])
	}
	if err := c.restore(ctx); err != nil {
		return err
	}
	return c.renewFile(ctx)
}

func (c Config) say(format string, args ...any) { fmt.Fprintf(c.Out, format+"\n", args...) }
