package domain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// ErrContentGone says that a content was deleted between two looks at it.
var ErrContentGone = errors.New("domain: the content is gone")

// keepTimeout bounds the time from a content's writing to its row: what is older
// than unclaimedLife and has none will never have one.
const keepTimeout = 10 * time.Minute

// Library is where the files of messages are. Its methods may be called concurrently.
//
// A content is kept once, under its SHA-256, by a row that names the object that
// holds it. The object is written before the row, so that a row never promises what
// is not there. What dies between the two leaves an object without a row, and what
// dies in a deletion, where the row goes first, does too: the sweep finds them.
//
// An upload may bring the very content that is being deleted. It meets the deletion
// at the row alone, where the database puts one after the other: either the upload
// comes first, and there is an attachment to be seen when the deletion looks again
// with the row locked; or the deletion does, and the upload finds no row any more and
// writes the content anew. Its object then has another name, since names have a part
// that is never used again: the deletion of the old object, which happens outside of
// any transaction and however late, cannot hit the new one.
type Library struct {
	Desk     *Desk
	Store    Attachments
	Contents Contents
	Logger   *slog.Logger

	mu      sync.Mutex
	uploads map[string]int // under way, by person
}

// Upload is a file that a caller sends.
type Upload struct {
	Filename string
	Size     int64 // 0 = not known
	Content  io.Reader
}

// Upload takes a file in. Faults: Invalid with the field, Exhausted
// ATTACHMENT_TOO_LARGE, UNCLAIMED_LIMIT or TOO_MANY_UPLOADS, and what reading the
// content fails with: then nothing stays behind.
func (l *Library) Upload(ctx context.Context, caller Caller, u Upload) (Attachment, error) {
	actor, err := l.Desk.Viewer(ctx, caller)
	if err != nil {
		return Attachment{}, err
	}
	// Here and not for mails: they come as they are.
	if name, err := Filename(u.Filename); err != nil {
		return Attachment{}, err
	} else if err := checkKind(name); err != nil {
		return Attachment{}, err
	}
	return l.upload(ctx, actor.ID, u)
}

// upload takes a file in as one of uploader, who need not be a person.
func (l *Library) upload(ctx context.Context, uploader string, u Upload) (Attachment, error) {
	name, err := Filename(u.Filename)
	if err != nil {
		return Attachment{}, err
	}
	if u.Size > MaxAttachment {
		return Attachment{}, ErrTooLarge()
	}
	leave, err := l.enter(uploader)
	if err != nil {
		return Attachment{}, err
	}
	defer leave()
	// Not for certain, as others may upload at the same time, but before all of it was sent.
	if have, err := l.Store.Unclaimed(ctx, uploader); err != nil {
		return Attachment{}, err
	} else if have+max(u.Size, 1) > MaxUnclaimed {
		return Attachment{}, ErrUnclaimedLimit()
	}
	content, err := l.Contents.Spool(u.Content, MaxAttachment)
	if err != nil {
		return Attachment{}, err
	}
	defer content.Close()
	switch {
	case content.Size() == 0:
		return Attachment{}, fault.InvalidField("chunk", "REQUIRED", "the file is empty")
	case u.Size > 0 && content.Size() != u.Size:
		return Attachment{}, fault.InvalidField("header.size", "SIZE_MISMATCH",
			fmt.Sprintf("%d bytes were announced and %d came", u.Size, content.Size()))
	}
	a := Attachment{
		ID: l.Desk.NewID(), Filename: name, ContentType: content.ContentType(), Size: content.Size(), SHA256: content.SHA256(),
	}
	var added Attachment
	err = l.keep(ctx, content, func(ctx context.Context, written string) (holds string, err error) {
		added, holds, err = l.Store.AddAttachment(ctx, uploader, a, written)
		return holds, err
	})
	return added, err
}

// maxKeepAttempts bounds how often a content may go away while it is being kept.
const maxKeepAttempts = 5

// keep writes the content unless it is there, and has commit commit the attachment:
// as Attachments.AddAttachment does, it is told the object that was written and returns
// the one that holds the content.
func (l *Library) keep(ctx context.Context, content Spooled, commit func(ctx context.Context, written string) (holds string, err error)) error {
	ctx, cancel := context.WithTimeout(ctx, keepTimeout)
	defer cancel()
	for range maxKeepAttempts {
		object, err := l.Store.Object(ctx, content.SHA256())
		if err != nil {
			return err
		}
		written := ""
		if object == "" {
			written = content.SHA256()[:2] + "/" + content.SHA256() + "-" + l.Desk.NewID()
			if err := l.Contents.Put(ctx, written, content); err != nil {
				return err
			}
		}
		holds, err := commit(ctx, written)
		if errors.Is(err, ErrContentGone) {
			continue
		}
		// When it failed the row may be there all the same, as after a lost connection: the sweep can tell.
		if written != "" && (err == nil && holds != written || fault.KindOf(err) == fault.Exhausted) {
			l.delete(ctx, written)
		}
		return err
	}
	return fault.New(fault.Unavailable, "CONTENT_CHANGING", "the file could not be kept: try again")
}

// delete is done once more by the sweep when it fails.
func (l *Library) delete(ctx context.Context, object string) {
	if err := l.Contents.Delete(context.WithoutCancel(ctx), object); err != nil {
		l.Logger.WarnContext(ctx, "an object without use was not deleted", slog.String("object", object), slog.Any("error", err))
	}
}

func (l *Library) enter(person string) (leave func(), err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.uploads[person] >= maxUploads {
		f := fault.Newf(fault.Exhausted, "TOO_MANY_UPLOADS", "%d files are being uploaded already", maxUploads)
		f.RetryAfter = time.Second
		return nil, f
	}
	if l.uploads == nil {
		l.uploads = map[string]int{}
	}
	l.uploads[person]++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.uploads[person]--; l.uploads[person] == 0 {
			delete(l.uploads, person)
		}
	}, nil
}

const tooLarge = "ATTACHMENT_TOO_LARGE"

// ErrTooLarge refuses a file.
func ErrTooLarge() error {
	return fault.Newf(fault.Exhausted, tooLarge, "a file can have at most %d MiB", MaxAttachment>>20)
}

// ErrUnclaimedLimit refuses one more file.
func ErrUnclaimedLimit() error {
	return fault.Newf(fault.Exhausted, "UNCLAIMED_LIMIT", "your files that no message has would be more than %d MiB: send or wait a day", MaxUnclaimed>>20)
}
