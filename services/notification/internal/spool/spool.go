// Package spool keeps mails as they were received, a file each. A mail is there as a whole, and will be after a power cut, or
// it is not there. Above it stand lines of its own that say how it came.
package spool

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
	"unicode"
)

const (
	suffix  = ".eml"
	unready = ".new"
	// A tenth of the room is kept for mails that are small, as calls for help are: large ones cannot fill it.
	small, reserve = 256 << 10, 10
	// layout is that of the Date field.
	layout = "Mon, 02 Jan 2006 15:04:05.000000 -0700"
)

// ErrFull says that there is no room for a mail.
var ErrFull = errors.New("spool: no room is left")

// Envelope is how a mail came.
type Envelope struct {
	From       string // "" = the null sender
	To         string
	Remote     netip.Addr // who sent it
	Hello      string     // how they called themselves
	TLS        bool
	ReceivedAt time.Time
}

// Spool is a folder of mails. It is safe for concurrent use.
type Spool struct {
	dir   string
	limit int64
	used  atomic.Int64
}

// Open returns the spool in dir, which it makes where it is missing. All mails together have at most limit bytes. What was
// being written when the process ended is removed: nobody was told that it was taken.
func Open(dir string, limit int64) (*Spool, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	s := &Spool{dir: dir, limit: limit}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), unready) {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return nil, fmt.Errorf("spool: %w", err)
			}
			continue
		}
		info, err := e.Info()
		if err != nil {
			return nil, fmt.Errorf("spool: %w", err)
		}
		s.used.Add(info.Size())
	}
	return s, nil
}

// Check returns why no mail could be kept now, nil if one could.
func (s *Spool) Check() error {
	if s.used.Load() >= s.limit {
		return ErrFull
	}
	probe, err := os.CreateTemp(s.dir, "probe-*"+unready)
	if err != nil {
		return classify(err)
	}
	return classify(errors.Join(probe.Close(), os.Remove(probe.Name())))
}

// File is a mail that is being received.
type File struct {
	spool *Spool
	file  *os.File
	path  string
	size  int64
}

// Create begins a mail, to be written and then committed or aborted. id names it and cannot be used again.
func (s *Spool) Create(id string, e Envelope) (*File, error) {
	path := filepath.Join(s.dir, id+suffix)
	file, err := os.OpenFile(path+unready, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, classify(err)
	}
	f := &File{spool: s, file: file, path: path}
	if _, err := io.WriteString(f, e.head()); err != nil {
		f.Abort()
		return nil, err
	}
	return f, nil
}

// Write implements io.Writer.
func (f *File) Write(p []byte) (int, error) {
	f.size += int64(len(p))
	limit := f.spool.limit
	if f.size > small {
		limit -= limit / reserve
	}
	if f.spool.used.Add(int64(len(p))) > limit {
		return 0, ErrFull
	}
	n, err := f.file.Write(p)
	return n, classify(err)
}

// Commit returns nil once the mail lasts. With an error there is no mail.
func (f *File) Commit() error {
	err := f.file.Sync()
	if err = errors.Join(err, f.file.Close()); err == nil {
		err = os.Rename(f.path+unready, f.path)
	}
	if err != nil {
		f.remove(f.path + unready)
		return classify(err)
	}
	if err := syncDir(f.spool.dir); err != nil {
		f.remove(f.path)
		return classify(err)
	}
	return nil
}

// Abort forgets the mail.
func (f *File) Abort() {
	_ = f.file.Close() // it is of no use any more
	f.remove(f.path + unready)
}

func (f *File) remove(path string) {
	_ = os.Remove(path) // the next Open does it else
	f.spool.used.Add(-f.size)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// IsFull reports whether err says, in any of the ways that there are, that a disk is full.
func IsFull(err error) bool {
	return errors.Is(err, ErrFull) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

// classify makes ErrFull of all ways to say that a disk is.
func classify(err error) error {
	switch {
	case err == nil:
		return nil
	case IsFull(err):
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return fmt.Errorf("spool: %w", err)
}

// Read returns a mail, without the lines of the spool's own, and how it came.
func (s *Spool) Read(id string) ([]byte, Envelope, error) {
	raw, err := os.ReadFile(filepath.Join(s.dir, id+suffix))
	if err != nil {
		return nil, Envelope{}, fmt.Errorf("spool: %w", err)
	}
	e, rest, err := parseHead(string(raw))
	if err != nil {
		return nil, e, fmt.Errorf("spool: mail %s: %w", id, err)
	}
	return raw[len(raw)-len(rest):], e, nil
}

// List returns the ids of all mails, in the order of the ids.
func (s *Spool) List() (ids []string, err error) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	for _, e := range entries {
		if id, ok := strings.CutSuffix(e.Name(), suffix); ok {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// Remove deletes a mail. One that is not there is no error.
func (s *Spool) Remove(id string) error {
	path := filepath.Join(s.dir, id+suffix)
	info, err := os.Stat(path)
	if err == nil {
		err = os.Remove(path)
	}
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("spool: %w", err)
	}
	s.used.Add(-info.Size())
	return nil
}

// head are the lines above a mail: fields of a header, so that the file is a mail that any program can open.
func (e Envelope) head() string {
	with := "ESMTP"
	if e.TLS {
		with = "ESMTPS"
	}
	return fmt.Sprintf("Return-Path: <%s>\r\nDelivered-To: %s\r\nX-Received-From: %s %s %s\r\nX-Received-At: %s\r\n",
		oneWord(e.From), oneWord(e.To), cmp.Or(oneWord(e.Hello), "-"), e.Remote, with, e.ReceivedAt.UTC().Format(layout))
}

// oneWord drops what would end a field of the head.
func oneWord(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

var errHead = errors.New("its first lines are not those of the spool")

func parseHead(raw string) (e Envelope, rest string, err error) {
	values := make([]string, 4)
	rest = raw
	for i, name := range []string{"Return-Path: <", "Delivered-To: ", "X-Received-From: ", "X-Received-At: "} {
		line, after, ok := strings.Cut(rest, "\r\n")
		value, ok2 := strings.CutPrefix(line, name)
		if !ok || !ok2 {
			return e, "", errHead
		}
		values[i], rest = value, after
	}
	e.From, e.To = strings.TrimSuffix(values[0], ">"), values[1]
	var with, remote string
	if n, _ := fmt.Fscan(bufio.NewReader(strings.NewReader(values[2])), &e.Hello, &remote, &with); n != 3 {
		return e, "", errHead
	}
	e.TLS = with == "ESMTPS"
	if e.Remote, err = netip.ParseAddr(remote); err != nil {
		return e, "", errHead
	}
	if e.ReceivedAt, err = time.Parse(layout, values[3]); err != nil {
		return e, "", errHead
	}
	e.ReceivedAt = e.ReceivedAt.UTC()
	return e, rest, nil
}
