package harness

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// diskSize is enough for the databases of a mailbox.
const diskSize = 32 << 20

// onSmallDisk runs a command with a small file system of its own at $0.
const onSmallDisk = `mount -t tmpfs -o size="$1" tmpfs "$0" && shift && exec "$@"`

// SmallDisk is what a mailbox keeps its mails on. It goes with the process.
type SmallDisk struct {
	*Mailbox
	t    testing.TB
	dir  string
	real bool // a file system; else this machine allows none, and the limit of the spool stands in for it
}

// OnSmallDisk starts an emergency mailbox, alone in the world, whose disk can be filled.
func OnSmallDisk(t testing.TB) *SmallDisk {
	t.Helper()
	d := &SmallDisk{t: t, dir: t.TempDir()}
	d.real = exec.Command("unshare", "-Urm", "sh", "-c", onSmallDisk, d.dir, strconv.Itoa(diskSize), "true").Run() == nil
	t.Logf("a file system of its own: %t", d.real)
	args := []string{"--data=" + filepath.Join(d.dir, "emergency")}
	if d.real {
		d.Mailbox = (*Suite)(nil).mailboxBy(t, []string{"unshare", "-Urm", "sh", "-c", onSmallDisk, d.dir, strconv.Itoa(diskSize)}, args...)
	} else {
		d.Mailbox = (*Suite)(nil).Mailbox(t, args...)
	}
	return d
}

// Fill leaves room for some bytes only.
func (d *SmallDisk) Fill(room int64) {
	d.t.Helper()
	if !d.real {
		d.restart("--spool-limit=1")
		return
	}
	file, err := os.Create(d.filler())
	must(d.t, err)
	filled := int64(0)
	for _, size := range []int{1 << 20, 1 << 12, 1} { // to the last byte
		for err = nil; err == nil; {
			var n int
			n, err = file.Write(make([]byte, size))
			filled += int64(n)
		}
		if !errors.Is(err, syscall.ENOSPC) {
			must(d.t, err)
		}
	}
	must(d.t, file.Truncate(filled-room))
	must(d.t, file.Close())
}

// MakeRoom undoes Fill.
func (d *SmallDisk) MakeRoom() {
	d.t.Helper()
	if !d.real {
		d.restart("--spool-limit=1000000000")
		return
	}
	must(d.t, os.Remove(d.filler()))
}

// Mails returns the files of the mails that are kept.
func (d *SmallDisk) Mails() (files []string) {
	d.t.Helper()
	names, err := filepath.Glob(filepath.Join(d.seen(), "emergency", "mails", "*.eml"))
	must(d.t, err)
	for _, name := range names {
		text, err := os.ReadFile(name)
		must(d.t, err)
		files = append(files, string(text))
	}
	return files
}

// seen is the folder as this process sees it.
func (d *SmallDisk) seen() string {
	if !d.real {
		return d.dir
	}
	return filepath.Join("/proc", strconv.Itoa(d.PID()), "root", d.dir)
}

func (d *SmallDisk) filler() string { return filepath.Join(d.seen(), "filler") }

func (d *SmallDisk) restart(flag string) {
	d.t.Helper()
	must(d.t, d.stop())
	d.argv = append(d.argv, flag)
	d.Start()
	await := func() error { // with no room it is not ready
		c, err := d.dial()
		if err == nil {
			err = c.Close()
		}
		return err
	}
	must(d.t, Poll(startTimeout, await))
}
