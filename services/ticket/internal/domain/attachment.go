package domain

import (
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"altis-dxp.com/support/pkg/fault"
)

// Limits of attachments.
const (
	MaxAttachment  = 25 << 20  // bytes of one
	MaxUnclaimed   = 100 << 20 // bytes of all of a person that no message has
	MaxAttachments = 20        // of a message
	maxFilename    = 255       // characters
	maxUploads     = 8         // of one person at a time
)

// Attachment is a file of a message, or one that waits for it.
type Attachment struct {
	ID          string    `json:"id"`
	Filename    string    `json:"filename"`
	ContentType string    `json:"content_type"`
	Size        int64     `json:"size"`
	SHA256      string    `json:"sha256"` // in hexadecimal
	Time        time.Time `json:"time"`
}

// Contents keeps the contents of attachments, outside of the database. Objects are
// never written twice.
type Contents interface {
	// Spool reads content to its end. More than limit bytes are a fault, and nothing stays behind then.
	Spool(content io.Reader, limit int64) (Spooled, error)
	// Put writes an object, which lasts from then on.
	Put(ctx context.Context, object string, content Spooled) error
	// Read returns part of an object; a negative length is all from the offset on.
	Read(ctx context.Context, object string, offset, length int64) (io.ReadCloser, error)
	// Delete deletes an object; one that is not there is no error.
	Delete(ctx context.Context, object string) error
	// Before calls visit with the objects written before an instant, some at a time.
	Before(ctx context.Context, at time.Time, visit func(objects []string) error) error
}

// Spooled is content that was received as a whole. Close lets it go.
type Spooled interface {
	io.ReadSeekCloser
	Size() int64
	SHA256() string
	ContentType() string
}

// Attachments keeps what is known of attachments.
type Attachments interface {
	// Unclaimed returns the bytes of a person's attachments that no message has.
	Unclaimed(ctx context.Context, person string) (int64, error)
	// Object returns the object that holds a content, "" when none does.
	Object(ctx context.Context, sha256 string) (string, error)
	// AddAttachment commits an attachment of a person. written is the object that was
	// written for it, "" if Object named one. It returns the object that holds the
	// content from now on, which is another one when somebody else was faster.
	// ErrContentGone: the one that Object named is deleted. Fault Exhausted UNCLAIMED_LIMIT.
	AddAttachment(ctx context.Context, person string, a Attachment, written string) (Attachment, string, error)
	// Attachment returns a visible attachment and the object that holds it. Visible
	// are those of messages that the viewer may read, and to their uploader those that
	// no message has. Fault NotFound.
	Attachment(ctx context.Context, viewer, id string) (Attachment, string, error)
	// SweepDue reports whether it is time to sweep, to one caller of all replicas.
	SweepDue(ctx context.Context, every time.Duration) (bool, error)
	// DropUnclaimed deletes attachments that no message has claimed in time.
	DropUnclaimed(ctx context.Context, after time.Duration) error
	// DropContents forgets contents that no attachment has, some at a time, and
	// returns their objects; none when there are no more.
	DropContents(ctx context.Context) ([]string, error)
	// Unknown returns those of the objects that hold no content.
	Unknown(ctx context.Context, objects []string) ([]string, error)
}

// attached returns the attachments that a message is to have.
func (d *Desk) attached(ctx context.Context, actor Actor, ids []string) ([]Attachment, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	f := &faults{}
	if len(ids) > MaxAttachments {
		f.add("attachments", "TOO_MANY", fmt.Sprintf("a message can have at most %d", MaxAttachments))
		return nil, f.err()
	}
	found, err := d.Store.Claimable(ctx, actor.ID, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]Attachment, len(found))
	for _, a := range found {
		byID[a.ID] = a
	}
	list := make([]Attachment, 0, len(ids))
	for i, id := range ids {
		a, ok := byID[id]
		if !ok {
			f.add(fmt.Sprintf("attachments[%d]", i), "UNKNOWN_ATTACHMENT", "is no file of yours that waits for a message: upload it again")
		}
		delete(byID, id) // named twice, it is one file too many
		list = append(list, a)
	}
	return list, f.err()
}

// ErrAttachmentClaimed refuses a message whose attachments another one took, or the
// sweep, since they were looked up.
func ErrAttachmentClaimed() error {
	return fault.InvalidField("attachments", "UNKNOWN_ATTACHMENT", "a file was used by another message, or went away: upload it again")
}

// programs are the endings of what Windows runs when somebody opens it, and nobody needs to have help.
var programs = []string{
	"appx", "bat", "cmd", "com", "cpl", "exe", "hta", "jse", "lnk", "msi", "msix", "msp", "pif", "scf", "scr", "vbe", "vbs", "wsf", "wsh",
}

// checkKind refuses what would run on the machine of whoever opens it. Its name decides, as it does there.
func checkKind(filename string) error {
	// Windows does not see what stands behind: "a.exe. " is a program.
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(strings.TrimRight(filename, ". ")), "."))
	if slices.Contains(programs, ending) {
		return fault.InvalidField("header.filename", "PROGRAM", fmt.Sprintf("a program is not taken (.%s): put it into an archive if it is needed", ending))
	}
	return nil
}

// Filename cleans the name that a file was given: the last part of a path, in
// composed form, without what is not seen or turns the direction of writing, by
// which "exe.png" can be shown for what ends in .exe.
func Filename(name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", fault.InvalidField("header.filename", "INVALID_UTF8", "must be valid UTF-8")
	}
	name = norm.NFC.String(path.Base("/" + strings.ReplaceAll(name, `\`, "/")))
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.In(r, unicode.Zl, unicode.Zp, unicode.Co), r == utf8.RuneError:
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, name)
	name = strings.TrimSpace(name)
	switch n := utf8.RuneCountInString(name); {
	case strings.Trim(name, "./ ") == "":
		return "", fault.InvalidField("header.filename", "REQUIRED", "must have a character that is seen")
	case n > maxFilename:
		return "", fault.InvalidField("header.filename", "TOO_LONG", fmt.Sprintf("must have at most %d characters", maxFilename))
	}
	return name, nil
}
