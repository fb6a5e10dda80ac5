package imapin

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// fetchNew fetches what came after a position, seen by somebody in the meantime or not; of what was there when the mailbox was
// met only what nobody has seen, for it may have years of mails in it.
func (p *Poller) fetchNew(ctx context.Context, c *imapclient.Client, at Position) (Position, error) {
	if p.met.Validity == at.Validity && at.Last < p.met.Last {
		var err error
		if at, err = p.fetchAll(ctx, c, at, imap.UID(p.met.Last), imap.FlagDeleted, imap.FlagSeen); err != nil {
			return at, err
		}
	}
	if p.met.Validity == at.Validity && at.Last <= p.met.Last { // from here on all that come are new
		at.Last = p.met.Last
		if err := p.State.SaveMailbox(ctx, p.Holder, at); err != nil {
			return at, &keepError{err}
		}
		p.met = Position{}
	}
	return p.fetchAll(ctx, c, at, 0, imap.FlagDeleted)
}

// fetchAll fetches what came after a position up to a last mail, 0 = the newest, and has none of some flags.
func (p *Poller) fetchAll(ctx context.Context, c *imapclient.Client, at Position, last imap.UID, without ...imap.Flag) (Position, error) {
	found, err := c.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{Start: imap.UID(at.Last) + 1, Stop: last}}}, NotFlag: without}, nil).Wait()
	if err != nil {
		return at, err
	}
	uids := found.AllUIDs()
	slices.Sort(uids)
	for _, uid := range uids {
		if uint32(uid) <= at.Last { // a range to the newest has the last mail always
			continue
		}
		if err := p.fetchOne(ctx, c, uid); err != nil && !p.pass(ctx, uid, err) {
			return at, err
		}
		at.Last = uint32(uid)
		if err := p.State.SaveMailbox(ctx, p.Holder, at); err != nil {
			return at, &keepError{err}
		}
	}
	return at, nil
}

// maxRefused is how often the server may refuse what is done to one mail until the next are fetched.
const maxRefused = 3

// pass reports that a mail must not keep up those after it: the server refuses to give it, or to mark or move it, again and again.
func (p *Poller) pass(ctx context.Context, uid imap.UID, err error) bool {
	if _, ok := errors.AsType[*imap.Error](err); !ok {
		return false
	}
	if p.refused == nil {
		p.refused = map[imap.UID]int{}
	}
	if p.refused[uid]++; p.refused[uid] < maxRefused {
		return false
	}
	delete(p.refused, uid)
	p.Logger.ErrorContext(ctx, "the IMAP server refuses a mail, or to mark or move it: it stays in its folder, and is not fetched again",
		slog.Uint64("uid", uint64(uid)), slog.String("error", reason(err)))
	return true
}

// fetchOne has a mail kept, and then marked as seen or moved.
func (p *Poller) fetchOne(ctx context.Context, c *imapclient.Client, uid imap.UID) error {
	set := imap.UIDSetNum(uid)
	section := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Size: p.Config.MaxBytes}}
	cmd := c.Fetch(set, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
	kept, err := p.keepFetched(ctx, cmd, uid)
	if err := errors.Join(err, cmd.Close()); err != nil {
		return err
	}
	if !kept { // it was deleted in the meantime
		return nil
	}
	if p.Config.MoveTo != "" {
		_, err := c.Move(set, p.Config.MoveTo).Wait()
		return err
	}
	return c.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}, nil).Close()
}

func (p *Poller) keepFetched(ctx context.Context, cmd *imapclient.FetchCommand, uid imap.UID) (kept bool, err error) {
	for message := cmd.Next(); message != nil; message = cmd.Next() {
		for item := message.Next(); item != nil; item = message.Next() {
			body, ok := item.(imapclient.FetchItemDataBodySection)
			if !ok || body.Literal == nil {
				continue
			}
			content := &whole{reader: body.Literal, left: body.Literal.Size()}
			if err := p.Keep(ctx, content); err != nil {
				if content.left > 0 && content.failed {
					return false, io.ErrUnexpectedEOF
				}
				return false, &keepError{err}
			}
			kept = true
		}
	}
	return kept, nil
}

// whole reads a literal, and fails where that ends early: half a mail must not be taken for one.
type whole struct {
	reader io.Reader
	left   int64
	failed bool
}

func (w *whole) Read(b []byte) (int, error) {
	n, err := w.reader.Read(b)
	if w.left -= int64(n); err != nil && w.left > 0 {
		w.failed = true
		return n, io.ErrUnexpectedEOF
	}
	return n, err
}
