package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"altis-dxp.com/support/pkg/sqldb"
)

// newFolder makes a folder that nobody else may read: copies hold secrets.
func newFolder(path string) error {
	if err := empty(path); err != nil {
		return err
	}
	return os.MkdirAll(path, 0o700)
}

// empty fails for a folder that holds something. One that is not there is empty.
func empty(path string) error {
	entries, err := os.ReadDir(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s is not empty", path)
	}
	return nil
}

// copyDatabases copies the SQLite files of all folders as of one instant.
func (c Config) copyDatabases(ctx context.Context, folders [][2]string) error {
	var files []sqldb.FileCopy
	for _, f := range folders {
		err := walk(f[0], func(name string, _ fs.DirEntry) error {
			if !isDatabase(name) {
				return nil
			}
			files = append(files, sqldb.FileCopy{From: filepath.Join(f[0], name), To: filepath.Join(c.Folder, f[1], name)})
			return nil
		})
		if err != nil {
			return err
		}
	}
	if err := sqldb.CopyFiles(ctx, files...); err != nil {
		return err
	}
	for _, f := range files {
		c.say("%s", strings.TrimPrefix(f.To, c.Folder+string(filepath.Separator)))
	}
	return nil
}

func isDatabase(name string) bool { return strings.HasSuffix(name, ".db") }

// ofDatabase reports that a file belongs to the process that has a database open.
func ofDatabase(name string) bool {
	for _, suffix := range []string{".db-wal", ".db-shm", ".db.lock", ".db-journal"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

// walk calls do for each file below a folder, by its name from there. What goes away meanwhile is passed over.
func walk(folder string, do func(name string, entry fs.DirEntry) error) error {
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && path != folder:
			return nil
		case err != nil:
			return err
		case !entry.Type().IsRegular():
			return nil
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		return do(name, entry)
	})
}

// copyFiles copies what is below a folder, but for databases that the other side has already and what goes away meanwhile.
func copyFiles(ctx context.Context, from, to string) (n int, err error) {
	if err := os.MkdirAll(to, 0o700); err != nil { // a folder without files is one, too
		return 0, err
	}
	err = walk(from, func(name string, entry fs.DirEntry) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if ofDatabase(name) {
			return nil
		}
		target := filepath.Join(to, name)
		if _, err := os.Stat(target); err == nil {
			return nil
		}
		copied, err := copyFile(filepath.Join(from, name), target)
		if copied {
			n++
		}
		return err
	})
	return n, err
}

func copyFile(from, to string) (copied bool, err error) {
	source, err := os.Open(from)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return false, err
	}
	target, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	if _, err := io.Copy(target, source); err != nil {
		return false, err
	}
	return true, target.Sync()
}
